"""Splitting a matter: each child takes some of the people, and goes on from where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind
from app.domain.profile import Profile
from app.domain.units import UnitPath
from app.repositories import cases, clocks, facts, matters, outcomes
from app.repositories.work import Work
from app.services.openings import draw_number, titled

# What a matter hangs on, its children hang on as well.
_INHERITED = {"petition_lead", "lead_case"}


def split(
    tx: Work, head: Row, profile: Profile, form: Mapping[str, Any], came_from: str | None
) -> None:
    """Children of a matter, one for each group of people, who leave it; they inherit its dates,
    limits, team, and what it came from."""
    involved = {str(row["id"]): row for row in outcomes.involved(tx, head["id"])}
    for child in form.get("children", ()):
        title = titled(str(child.get("title") or head["title"]))
        child_id = _write(tx, head, profile, title, came_from)
        for key in child.get("subjects", ()):
            _move(tx, head["id"], child_id, involved[str(key)])
        for member in matters.team(tx, head["id"]):
            matters.join_team(tx, child_id, member["account_id"], member["part"])
        for clock in clocks.clocks(tx, head["id"]):
            if clock["stopped_on"] is None:
                clocks.copy_clock(tx, child_id, clock)
        for link in matters.links(tx, head["id"]):
            if link["kind"] in _INHERITED and not link["outward"]:
                matters.insert_link(tx, link["kind"], link["other_id"], child_id)
        matters.insert_link(tx, "split_from", child_id, head["id"])
        if head["adjudicated"] and head["kind"] == Kind.CASE:
            cases.open_to_adjudication(tx, child_id)


def _write(tx: Work, head: Row, profile: Profile, title: str, came_from: str | None) -> UUID:
    kind, path = Kind(head["kind"]), UnitPath(head["unit_path"])
    child_id = matters.insert_matter(
        tx,
        matters.NewMatter(
            kind=kind,
            number=draw_number(tx, profile, kind, path),
            title=title,
            state=head["state"],
            stage=profile.machine(kind).states[head["state"]].stage,
            came_from=came_from,
            unit_id=head["unit_id"],
            unit_path=path,
            assigned_unit_id=head["assigned_unit_id"],
            assigned_path=UnitPath(head["assigned_path"]) if head["assigned_path"] else None,
            profile_id=head["profile_id"],
            opened_on=head["opened_on"],
            event="split_from",
            form={"number": head["number"]},
            classification=head["classification"],
            source=head["source"],
            campaign_id=head["campaign_id"],
            responsible_leader=head["responsible_leader"],
            due_on=head["due_on"],
        ),
    )
    facts.copy_own_row(tx, kind, head["id"], child_id)
    return child_id


def _move(tx: Work, matter_id: UUID, child_id: UUID, row: Row) -> None:
    """Somebody goes to the child, with what they said and the answers to it."""
    moved = outcomes.copy_involvement(tx, child_id, row, code=row["code"])
    for said in outcomes.statements(tx, matter_id):
        if said["involvement_id"] == row["id"]:
            outcomes.copy_statement(tx, child_id, moved, said)
    outcomes.end_involvement(tx, row["id"])
