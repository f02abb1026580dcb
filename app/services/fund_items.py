"""Logging money or property that a lead or case takes in: one item, one card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from app.domain import errors
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.ledger import Intake
from app.domain.permissions import Clearance
from app.domain.units import UnitPath
from app.domain.workflow.facts import Facts, Funds, LinkedMatter, TeamMember
from app.repositories import cases, funds, matters, outcomes
from app.repositories.work import Work
from app.services import openings
from app.services.matters import recorded_on, refuse_readers
from app.services.openings import Beginning

LONGEST = 500


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """`holder` is the involvement of whoever had it, where that is known."""

    intake: Intake
    description: str
    form: Literal["money", "property"] = "money"
    holder: UUID | None = None
    found_on: date | None = None


def create_fund_item(tx: Work, origin_id: UUID, new: NewItem) -> UUID:
    """A card for something taken in for a lead or case; its team handles the item as well.

    Raises Forbidden, Denied (the stage does not permit it), Invalid.
    """
    with errors.named_in("origin_id"):
        origin = refuse_readers(tx, origin_id)
    if origin["kind"] not in (Kind.LEAD, Kind.CASE):
        raise errors.Invalid.of("origin_id", N_("Money hangs on a lead or a case."))
    description = " ".join(new.description.split())
    if not description:
        raise errors.Invalid.of("description", N_("Describe it, without characterising it."))
    if len(description) > LONGEST:
        raise errors.Invalid(errors.too_long("description", LONGEST))
    if new.holder is not None and all(
        row["id"] != new.holder for row in outcomes.involved(tx, origin_id)
    ):
        raise errors.Invalid.of("holder", N_("Nobody of this matter."))
    day = recorded_on(new.found_on, tx.today, "found_on")
    team = tuple(
        TeamMember(account_id=row["account_id"], name=row["name"], part=row["part"])
        for row in matters.team(tx, origin_id)
    )
    path = origin["assigned_path"]
    item_id, _move = openings.begin(
        tx,
        Beginning(
            kind=Kind.FUND_ITEM,
            event="identify",
            title=description,
            unit_id=origin["unit_id"],
            received_on=day,
            known=Facts(
                what=description,
                origin=LinkedMatter(
                    id=origin_id,
                    kind=Kind(origin["kind"]),
                    state=origin["state"],
                    number=origin["number"],
                    closed=origin["closed_on"] is not None,
                ),
                funds=Funds(intake=new.intake.value, form=new.form),
            ),
            form={},
            campaign_id=origin["campaign_id"],
            classification=Clearance(origin["classification"]),
            assigned_unit_id=origin["assigned_unit_id"],
            assigned_path=UnitPath(path) if path else None,
            team=team,
        ),
    )
    funds.insert_item(
        tx,
        item_id,
        origin_id=origin_id,
        form=new.form,
        intake=new.intake.value,
        description=description,
        holder_involvement_id=new.holder,
        measure=None,
    )
    link = "lead_fund_item" if origin["kind"] == Kind.LEAD else "case_fund_item"
    matters.insert_link(tx, link, origin_id, item_id)
    if origin["adjudicated"] and origin["kind"] == Kind.CASE:
        cases.open_to_adjudication(tx, origin_id)
    return item_id
