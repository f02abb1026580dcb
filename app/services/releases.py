"""Releasing what is sealed of a petition: who reported, and the original wording.

Handlers work without either. Who needs it asks for it with a reason; a custodian, the head of
petitions or the chief, who isn't the one who asked, decides; it opens for that person alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.deadlines import Unit, WorkingCalendar, due_date
from app.domain.errors import N_, FieldError, Reason
from app.domain.kinds import Kind
from app.repositories import matters, petitions, releases
from app.repositories.work import Work
from app.services import profiles
from app.services.matters import refuse_readers
from app.services.petitions import Reporter, unsealed

# Long enough to reach somebody and come back to what they said, and to read it again on the day
# after; short enough that what was needed in spring doesn't lie open in autumn.
DAYS = 3  # working days
REASON_LIMIT = 2000
SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Released:
    """What opens. `reporter` is None where it wasn't asked for, or no name was given."""

    asked: Row
    reporter: Reporter | None
    wording: str | None


def ask(tx: Work, petition_id: UUID, *, reporter: bool, wording: bool, reason: str) -> UUID:
    """Ask for the reporter's name and contact, the original wording, or both: whoever works on the
    petition, and whoever handles a lead or case that came of it.

    Raises NotFound, Forbidden, Invalid, Conflict for whoever may read it without, or asked already.
    """
    through = releases.asked_through(tx, petition_id)
    if through is None:
        # An auditor sees petitions, and works on none; so does who was let see one.
        if matters.own_row(tx, Kind.PETITION, petition_id) is not None:
            refuse_readers(tx, petition_id)
        raise errors.NotFound
    wrong = []
    if not (reporter or wording):
        wrong.append(FieldError("what", Reason(N_("Say what should be released."))))
    elif reporter and not through["named"]:
        wrong.append(FieldError("what", Reason(N_("No name was given: there is none to release."))))
    if not reason.strip():
        wrong.append(FieldError("reason", Reason(N_("Say why."))))
    elif len(reason) > REASON_LIMIT:
        wrong.append(
            FieldError(
                "reason", Reason(N_("At most {limit} characters."), {"limit": str(REASON_LIMIT)})
            )
        )
    if wrong:
        raise errors.Invalid(*wrong)
    if any(row["requested_by"] == tx.actor.account_id and row["decided_at"] is None
           for row in releases.of_petition(tx, petition_id)):  # fmt: skip
        raise errors.Conflict(N_("You have asked for this already; it waits for a decision."))
    release_id = releases.insert(
        tx, petition_id, reporter=reporter, wording=wording, reason=reason.strip()
    )
    matters.touch(tx, through["matter_id"], event="release_asked")
    return release_id


def decide(
    tx: Work, petition_id: UUID, release_id: UUID, *, approved: bool, reason: str,
    seen_version: int | None = None,
) -> None:  # fmt: skip
    """Release it for three working days, or refuse; either with a reason that the other reads.

    Raises NotFound where it isn't the actor's to decide, NotFresh, Invalid, Stale, Conflict where
    it can't be given to this person.
    """
    tx.require_fresh()
    question(tx, petition_id, release_id)
    if not reason.strip():
        raise errors.Invalid.of("reason", N_("Say why."))
    if len(reason) > REASON_LIMIT:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=REASON_LIMIT)
    matters.touch(tx, petition_id, event="release_decided", seen_version=seen_version)
    releases.decide(
        tx, release_id, approved=approved, decision=reason.strip(),
        until=closes(tx) if approved else None,
    )  # fmt: skip


def closes(tx: Work) -> datetime:
    """When what is released now closes: at midnight after the office's third working day."""
    calendar = WorkingCalendar(profiles.current(tx)[1].calendar)
    last = due_date(tx.day_of(tx.now), DAYS, Unit.WORKING_DAY, calendar).due_on
    return tx.midnight_after(last)


def question(tx: Work, petition_id: UUID, release_id: UUID) -> Row:
    """What the actor is to decide. Raises NotFound."""
    for row in of_petition(tx, petition_id):
        if row["id"] == release_id and row["decidable"]:
            return row
    raise errors.NotFound


def read(tx: Work, release_id: UUID) -> Released:
    """What was released to the actor; each reading is an event.

    Raises NotFound where it isn't theirs, NotFresh, Conflict where it isn't open, or not any more.
    """
    tx.require_fresh()
    row = releases.read(tx, release_id)
    envelope = petitions.envelope(row) if row["sealed"] is not None else None
    reporter = None if envelope is None else unsealed(tx, row["petition_id"], envelope)
    return Released(asked=row, reporter=reporter, wording=row["content"])


def end(tx: Work, release_id: UUID) -> None:
    """Before its time: by who reads it, or a custodian. Raises NotFound."""
    if not releases.end(tx, release_id):
        raise errors.NotFound


def of_petition(tx: Work, petition_id: UUID) -> list[Row]:
    """What was asked for, for who asked, decides, or keeps the seal; oldest first. Each with its
    `last_day`, and whether it `lasts`."""
    return [_dated(tx, row) for row in releases.of_petition(tx, petition_id)]


def mine(tx: Work) -> list[Row]:
    """What waits for the actor's decision, and what they asked for and may read or wait for."""
    return [_dated(tx, row) for row in releases.waiting(tx)]


def every(tx: Work) -> list[Row]:
    """What the actor asked for or decides on, ended too; the newest first, at most two hundred."""
    return [_dated(tx, row) for row in releases.every(tx, limit=SHOWN)]


def behind(tx: Work, matter_id: UUID) -> list[Row]:
    """The petitions from which a lead or case of the actor's came, where they may ask for what is
    sealed. Raises NotFound where the matter is hidden."""
    matters.find(tx, matter_id)
    return releases.behind(tx, matter_id)


def _dated(tx: Work, row: Row) -> Row:
    until = row["opens_until"]
    last = None
    if until is not None:
        last = tx.day_of(until - timedelta(seconds=1))
    lasts = until is not None and row["ended_at"] is None and until > tx.now
    return {**row, "last_day": last, "lasts": lasts}
