"""Cases without a lead: proposed for filing with their source named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from app.domain import errors
from app.domain.errors import N_
from app.domain.guards.everywhere import PAPER_ONLY
from app.domain.kinds import Kind
from app.domain.permissions import Clearance
from app.domain.units import UnitPath
from app.repositories import cases, matters
from app.repositories import units as unit_rows
from app.repositories.work import Work
from app.services import openings, profiles, workflow
from app.services.openings import Reported
from app.services.workflow import Done


def propose_case(
    tx: Work,
    *,
    title: str,
    unit_id: UUID,
    brief: str,
    form: Mapping[str, object],
    reason: str,
    subjects: Sequence[Reported] = (),
    classification: Clearance = Clearance.NORMAL,
) -> Done:
    """A case that no lead led to. It waits for the department head's signature from the start.

    Raises Invalid, Forbidden, Denied.
    """
    unit = unit_rows.unit(tx, unit_id)
    if unit is None:
        raise errors.Invalid.of("unit_id", N_("There is no such unit."))
    path = UnitPath(unit["path"])
    profiles.refuse_unknown_ranks(tx, openings.ranks_of_all(subjects))
    if openings.on_paper(tx, subjects, unit_id):
        raise errors.Denied((PAPER_ONLY,))
    profile_id, profile = profiles.current(tx)
    mine = tx.actor.unit
    own = unit_rows.unit_at(tx, mine) if mine else None
    case_id = matters.insert_matter(
        tx,
        matters.NewMatter(
            kind=Kind.CASE,
            number=openings.draw_number(tx, profile, Kind.CASE, path),
            title=openings.titled(title),
            state="new",
            stage=profile.machine(Kind.CASE).states["new"].stage,
            unit_id=unit_id,
            unit_path=path,
            assigned_unit_id=own["id"] if own else None,
            assigned_path=mine,
            profile_id=profile_id,
            opened_on=tx.today,
            event="logged",
            classification=classification.value,
        ),
    )
    cases.insert_case(
        tx, case_id, filed_on=None, filing_organ=None, brief=brief.strip() or None,
        source_lead=False,
    )  # fmt: skip
    openings.involve(tx, case_id, subjects, unit_id)
    matters.join_team(tx, case_id, tx.actor.account_id, "lead_handler")
    return workflow.act(tx, case_id, event="propose_filing", form=form, reason=reason)
