"""Reading a matter in an emergency: declared with a reason, for some hours, and reviewed.

For whoever would see it by their role, but for its place, its classification or its team. Nothing
sealed opens, nothing can be written, and no wall gives way. Whoever heads the matter is told at
once and closes a review; where that is the reader, whoever stands above.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.deadlines import Unit, WorkingCalendar, due_date
from app.domain.errors import N_, FieldError, Reason
from app.domain.kinds import Kind
from app.domain.numbers import normal
from app.repositories import emergencies, matters
from app.repositories.work import Work
from app.services import profiles
from app.services.matters import MatterFile, open_matter, read_matter

REASON_LIMIT = 2000
HOURS, DAYS = 4, 2  # where a profile says nothing else


def may_declare(tx: Work) -> bool:
    """Whether the actor is one of those who work on matters."""
    return tx.actor.reads_content and bool(tx.actor.grants)


def declare(tx: Work, *, kind: Kind, number: str, reason: str) -> UUID | None:
    """Open a matter to the actor for some hours. None where nothing of this number opens to them,
    whether it doesn't exist or a wall keeps them off: whoever calls answers NotFound once the
    transaction is over, since the try is kept.

    Raises Forbidden, NotFresh, Invalid, Conflict.
    """
    if not may_declare(tx):
        raise errors.Forbidden(N_("Only those who work on matters declare an emergency."))
    tx.require_fresh()
    wrong = []
    if not number.strip():
        wrong.append(FieldError("number", Reason(N_("Say which matter."))))
    wrong += _reason(reason)
    if wrong:
        raise errors.Invalid(*wrong)
    limits = profiles.current(tx)[1].limits
    return emergencies.declare(
        tx,
        kind=kind.value,
        number=normal(number),
        reason=reason.strip(),
        lasts=timedelta(hours=hours(tx)),
        review_by=due_date(
            tx.today, limits.get("emergency_review", DAYS), Unit.WORKING_DAY, _calendar(tx)
        ).due_on,
    )


def hours(tx: Work) -> int:
    """How long an emergency read lasts."""
    return profiles.current(tx)[1].limits.get("emergency_hours", HOURS)


def _calendar(tx: Work) -> WorkingCalendar:
    return WorkingCalendar(profiles.current(tx)[1].calendar)


def _reason(given: str, field: str = "reason") -> list[FieldError]:
    if not given.strip():
        return [FieldError(field, Reason(N_("Say why.")))]
    if len(given) > REASON_LIMIT:
        limit = {"limit": str(REASON_LIMIT)}
        return [FieldError(field, Reason(N_("At most {limit} characters."), limit))]
    return []


def write_reading(tx: Work, emergency_id: UUID) -> UUID:
    """In a transaction of its own, before anything opens. Raises NotFresh, NotFound where it isn't
    the actor's, Conflict where it is over."""
    tx.require_fresh()
    return emergencies.write_reading(tx, emergency_id)


def read_page(tx: Work, reading_id: UUID) -> MatterFile:
    """Everything of the matter, but what is sealed. The transaction writes nothing any more."""
    return open_matter(tx, emergencies.open_matter(tx, reading_id))


def read(tx: Work, reading_id: UUID) -> MatterFile:
    """What a program is told of it."""
    return read_matter(tx, emergencies.open_matter(tx, reading_id))


def end(tx: Work, emergency_id: UUID) -> None:
    """Before its time, by who reads. Raises NotFound."""
    if not emergencies.end(tx, emergency_id):
        raise errors.NotFound


def mine(tx: Work) -> list[Row]:
    """What the actor declared, the newest first. Each says whether it `lasts`; moments are on the
    office's clock."""
    return [_local(tx, row) for row in emergencies.mine(tx)]


def to_review(tx: Work) -> list[Row]:
    """What the actor may close, the oldest first. Each says whether it is `late`."""
    return [
        {**_local(tx, row), "late": row["review_by"] < tx.today}
        for row in emergencies.to_review(tx)
    ]


def for_nobody(tx: Work) -> list[Row]:
    """Reviews that stand on nobody's desk, for who administers the reader's account and can have a
    role or a clearance given to somebody who closes them. Nothing of the matter is told."""
    return [_local(tx, row) for row in emergencies.for_nobody(tx)]


def for_desk(tx: Work) -> list[Row]:
    """Of these, what is theirs before anybody's above them, and what grew late below."""
    return [row for row in to_review(tx) if row["first"] or row["late"]]


def question(tx: Work, matter_id: UUID, emergency_id: UUID) -> Row:
    """One of them. Raises NotFound."""
    for row in to_review(tx):
        if (row["matter_id"], row["id"]) == (matter_id, emergency_id):
            return row
    raise errors.NotFound


def review(
    tx: Work, matter_id: UUID, emergency_id: UUID, *, justified: bool, words: str,
    seen_version: int | None = None,
) -> None:  # fmt: skip
    """Close it with a finding: a reading that still lasts ends with it.

    Raises NotFresh, NotFound where it isn't the actor's to close, Invalid, Stale, Conflict.
    """
    tx.require_fresh()
    _not_closed(tx, matter_id, emergency_id)
    question(tx, matter_id, emergency_id)
    if wrong := _reason(words, "review"):
        raise errors.Invalid(*wrong)
    matters.touch(tx, matter_id, event="emergency_reviewed", seen_version=seen_version)
    emergencies.review(tx, emergency_id, justified=justified, words=words.strip())


def _not_closed(tx: Work, matter_id: UUID, emergency_id: UUID) -> None:
    """To whoever works on the matter it is no secret that another one closed it."""
    for row in emergencies.on_matter(tx, matter_id):
        if row["id"] == emergency_id and row["reviewed_at"] is not None:
            raise errors.Conflict(N_("Somebody closed this review already."))


def on_matter(tx: Work, matter_id: UUID) -> list[Row]:
    """All that were declared on a matter, for whoever works on it. Raises NotFound."""
    matters.find(tx, matter_id)
    return [_local(tx, row) for row in emergencies.on_matter(tx, matter_id)]


def _local(tx: Work, row: Row) -> Row:
    zone = tx.office.clock.zone
    return {
        key: value.astimezone(zone) if isinstance(value, datetime) else value
        for key, value in row.items()
    }
