"""Logging leads, and comparing them with what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_, FieldError, Reason
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.permissions import Clearance, Permission
from app.domain.sources import SOURCES
from app.domain.workflow.facts import Facts
from app.repositories import leads, matters, repeats
from app.repositories.work import Work
from app.services import openings, profiles
from app.services.openings import Beginning, Reported

TEXT_LIMIT = 5000


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """What a lead needs: source, date, what, and the unit where; the rest may follow."""

    source: str
    received_on: date
    what: str
    unit_id: UUID
    title: str | None = None
    place: str | None = None
    happened: str | None = None
    amount: Money | None = None
    category: str | None = None
    campaign_id: UUID | None = None
    responsible_leader: str | None = None
    subjects: Sequence[Reported] = ()
    classification: Clearance = Clearance.NORMAL
    petition_id: UUID | None = None


def log_lead(tx: Work, new: NewLead) -> UUID:
    """Log a lead. The unit's lead manager registers it at once; whoever else logs it submits it.

    One that says the same of the same people in the same unit is noticed as a possible repeat,
    whether the actor may see it or not.

    Raises Invalid, Forbidden, Denied, NotFound (a petition that the actor may not see).
    """
    check(tx, new)
    lead_id, _move = openings.begin(
        tx,
        Beginning(
            kind=Kind.LEAD,
            event=openings.first_step(tx, Permission.LEADS_LOG, new.unit_id) or "submit",
            title=new.title or new.what,
            unit_id=new.unit_id,
            received_on=new.received_on,
            known=Facts(
                source=new.source,
                received_on=new.received_on,
                what=new.what,
                place=new.place or str(new.unit_id),
                person_unknown=not new.subjects,
                superior_managed=openings.on_paper(tx, new.subjects, new.unit_id),
                repeats_checked=True,
            ),
            form={},
            source=new.source,
            responsible_leader=new.responsible_leader,
            campaign_id=new.campaign_id,
            classification=new.classification,
        ),
    )
    leads.insert_lead(
        tx,
        lead_id,
        received_on=new.received_on,
        what=new.what.strip(),
        category=new.category,
        place=new.place,
        happened=new.happened,
        amount=new.amount.decimal if new.amount else None,
    )
    openings.involve(tx, lead_id, new.subjects, new.unit_id)
    repeats.notice_identical(tx, lead_id)
    if new.petition_id is not None:
        with errors.named_in("petition_id"):
            matters.matter(tx, new.petition_id)
        matters.insert_link(tx, "petition_lead", new.petition_id, lead_id)
    return lead_id


def check(tx: Work, new: NewLead) -> None:
    """What can be said of it before its place is known. Raises Invalid for all of it at once."""
    found: list[FieldError] = []

    def wrong(field: str, message: str) -> None:
        found.append(FieldError(field, Reason(message)))

    if not new.source.strip():
        wrong("source", N_("Say where it comes from."))
    elif new.source not in SOURCES:
        wrong("source", N_("Choose one of those listed."))
    if not new.what.strip():
        wrong("what", N_("Say what is alleged."))
    if new.received_on > tx.today:
        wrong("received_on", N_("This day is yet to come."))
    if new.amount is not None and new.amount.fen <= 0:
        wrong("amount", N_("An amount is more than nothing."))
    gathered = errors.Gathered(*found)
    with gathered.part():
        openings.refuse_longer(
            {
                "title": new.title, "place": new.place, "happened": new.happened,
                "category": new.category,
                "responsible_leader": new.responsible_leader,
                **openings.lines_of_all(new.subjects),
            },
            what=(new.what, TEXT_LIMIT),
        )  # fmt: skip
    with gathered.part():
        profiles.refuse_unknown_ranks(tx, openings.ranks_of_all(new.subjects))
    gathered.refuse()


def look_alikes(tx: Work, *, unit_id: UUID, names: Sequence[str], what: str) -> list[Row]:
    """Matters that may be the same, among what the writer may open; they never block."""
    return leads.look_alikes(
        tx, unit_id=unit_id, names=[name for name in names if name], what=what[:200]
    )
