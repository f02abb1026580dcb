"""Filing: an approved lead opens its case, or joins one that is investigated already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.domain.kinds import Kind
from app.domain.profile import Profile
from app.domain.units import UnitPath
from app.domain.workflow import engine
from app.domain.workflow.facts import Facts, MatterSnapshot
from app.domain.workflow.plans import Move
from app.repositories import cases, matters, outcomes
from app.repositories.work import Work
from app.services import clocks
from app.services.openings import draw_number


def open_case(
    tx: Work,
    lead: Row,
    profile: Profile,
    form: Mapping[str, Any],
    request: Row | None,
    known: Facts,
) -> UUID:
    """The case that an approved filing creates, in its filed state with the same signatures.

    It is about those on whom the filing decides, and nobody else of the lead. Where the form
    names a case of another lead, this lead joins it with its own people.
    """
    filed = _filed(tx, lead["id"], profile, form)
    if form.get("case"):
        case_id = UUID(str(form["case"]))
        _add_subjects(tx, case_id, filed, outcomes.involved(tx, case_id))
        matters.insert_link(tx, "lead_case", lead["id"], case_id)
        matters.touch(tx, case_id, event="lead_joined", form={"number": lead["number"]})
        return case_id
    path = UnitPath(lead["unit_path"])
    snapshot = MatterSnapshot(
        id=new_id(), kind=Kind.CASE, state="new", unit_path=path, made_by=tx.actor.account_id,
        opened_on=tx.today,
    )  # fmt: skip
    opened = engine.opened(profile, snapshot, tx.actor, known, dict(form), tx.today)
    case_id = _write(tx, lead, profile, form, request, opened)
    _add_subjects(tx, case_id, filed, [])
    for member in matters.team(tx, lead["id"]):
        matters.join_team(tx, case_id, member["account_id"], member["part"])
    matters.insert_link(tx, "lead_case", lead["id"], case_id)
    for clock in opened.clocks_started:
        clocks.start(tx, case_id, clock, None, runs=False)
    return case_id


def _write(
    tx: Work,
    lead: Row,
    profile: Profile,
    form: Mapping[str, Any],
    request: Row | None,
    opened: Move,
) -> UUID:
    path = UnitPath(lead["unit_path"])
    case_id = matters.insert_matter(
        tx,
        matters.NewMatter(
            kind=Kind.CASE,
            number=draw_number(tx, profile, Kind.CASE, path),
            title=lead["title"],
            state=opened.to_state,
            stage=opened.to_stage,
            unit_id=lead["unit_id"],
            unit_path=path,
            assigned_unit_id=lead["assigned_unit_id"],
            assigned_path=UnitPath(lead["assigned_path"]) if lead["assigned_path"] else None,
            profile_id=lead["profile_id"],
            opened_on=tx.today,
            event=opened.event,
            form=dict(form),
            request_id=request["id"] if request else None,
            classification=lead["classification"],
            source=lead["source"],
            campaign_id=lead["campaign_id"],
            responsible_leader=lead["responsible_leader"],
            due_on=min((clock.due.due_on for clock in opened.clocks_started), default=None),
        ),
    )
    cases.insert_case(
        tx,
        case_id,
        filed_on=tx.today,
        filing_organ=str(form["organ"]) if form.get("organ") else None,
        brief=str(form["facts_held"]) if form.get("facts_held") else None,
        source_lead=True,
    )
    return case_id


def _filed(tx: Work, lead_id: UUID, profile: Profile, form: Mapping[str, Any]) -> list[Row]:
    """The lead's people on whom a case is filed."""
    chosen = {
        str(row["subject"])
        for row in form.get("outcomes", ())
        if profile.measures[row["measure"]].kind == "filed"
    }
    subjects = [row for row in outcomes.involved(tx, lead_id) if row["part"] == "subject"]
    return [row for row in subjects if str(row["id"]) in chosen]


def _add_subjects(tx: Work, case_id: UUID, people: list[Row], there: list[Row]) -> None:
    """Each once: somebody of two leads is one person of their case."""
    known = {(row["person_id"], row["organisation_id"]) for row in there}
    number = len(there)
    for row in people:
        if (row["person_id"], row["organisation_id"]) in known:
            continue
        number += 1
        outcomes.copy_involvement(tx, case_id, row, code=f"{number:02d}" if there else row["code"])
