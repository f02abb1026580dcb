"""Keeping off a matter: at once by one's own word, and the near relatives for whom it follows."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.deadlines import Unit, WorkingCalendar, due_date
from app.domain.errors import N_
from app.repositories import access, matters, people, person_files, reporter_ties, walls
from app.repositories.work import Work
from app.services import profiles
from app.services.matters import only_reads

REASON_LIMIT = 2000
DAYS = 2  # working days for a decision on what is linked
YEAR = timedelta(days=365)


def keep_off(tx: Work, matter_id: UUID, *, reason: str, seen_version: int | None = None) -> None:
    """Declare a conflict: the actor is walled off at once, and the matter stays as it is.

    What waits for them shows to the head as something that nobody can act on; whoever takes over
    is told in routine words. Raises NotFound, Invalid, Stale.
    """
    head = matters.matter(tx, matter_id)
    reason = _reason(reason)
    # The history says that they keep off; why is between them and whoever heads them.
    if not only_reads(tx, head):
        matters.touch(tx, matter_id, event="kept_off", seen_version=seen_version)
    # Last: after it the actor sees the matter no more.
    walls.declare(tx, matter_id, reason)


def _reason(given: str) -> str:
    reason = given.strip()
    if not reason:
        raise errors.Invalid.of("reason", N_("Say why."))
    if len(reason) > REASON_LIMIT:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=REASON_LIMIT)
    return reason


def to_decide(tx: Work) -> list[Row]:
    """What the actor decides: whether a handler keeps off a matter because a linked one names
    them or a near relative. `due_on` two working days after all of it came together."""
    calendar = WorkingCalendar(profiles.current(tx)[1].calendar)
    return [
        {**row, "due_on": due_date(row["since"], DAYS, Unit.WORKING_DAY, calendar).due_on}
        for row in walls.to_decide(tx)
    ]


def question(tx: Work, matter_id: UUID, account_id: UUID, linked_id: UUID) -> Row:
    """One of them. Raises NotFound where it isn't the actor's, or is decided."""
    asked = (matter_id, account_id, linked_id)
    for row in to_decide(tx):
        if (row["matter_id"], row["account_id"], row["linked_id"]) == asked:
            return row
    raise errors.NotFound


def decide(
    tx: Work,
    matter_id: UUID,
    *,
    account_id: UUID,
    linked_id: UUID,
    keeps_off: bool,
    reason: str,
    seen_version: int | None = None,
) -> None:
    """Decide such a question, for good unless the wall is lifted. Raises NotFound, Invalid, Stale.

    The hand-over that may follow is worded as routine: the history names nobody.
    """
    asked = [row for row in to_decide(tx) if row["matter_id"] == matter_id]
    if not asked:
        raise errors.NotFound
    _refuse_unasked(asked, account_id=account_id, linked_id=linked_id)
    reason = _reason(reason)
    matters.touch(tx, matter_id, event="link_decided", seen_version=seen_version)
    walls.decide_link(tx, matter_id, account_id, linked_id, keeps_off=keeps_off, reason=reason)


def _refuse_unasked(asked: list[Row], **said: UUID) -> None:
    """Raises Invalid of the first field by which no question is left."""
    for field_name, id_ in said.items():
        asked = [row for row in asked if row[field_name] == id_]
        if not asked:
            raise errors.Invalid.of(field_name, errors.UNKNOWN)


def namesakes(tx: Work, matter_id: UUID) -> list[Row]:
    """Whose name somebody on the matter has, for whoever says whether it is them: asked, and what
    was said. Raises NotFound where the matter is hidden."""
    matters.find(tx, matter_id)
    return walls.namesakes(tx, matter_id)


def namesakes_to_answer(tx: Work, *, limit: int) -> list[Row]:
    """Of every open matter what the actor is to say, the oldest question first."""
    return walls.namesakes_to_answer(tx, limit=limit)


def namesake(tx: Work, matter_id: UUID, involvement_id: UUID, account_id: UUID) -> Row:
    """One of them. Raises NotFound where it isn't the actor's to say."""
    for row in namesakes(tx, matter_id):
        if (row["involvement_id"], row["account_id"]) == (involvement_id, account_id):
            return row
    raise errors.NotFound


def answer_namesake(
    tx: Work,
    matter_id: UUID,
    *,
    involvement_id: UUID,
    account_id: UUID,
    them: bool,
    reason: str,
    seen_version: int | None = None,
) -> None:
    """Say whether somebody on the matter is the colleague of that name, who is then walled off like
    anybody whom it names, or isn't kept off for it. It can be answered anew.

    The history says that it was answered, and nothing of whom: they read it when it isn't them.
    Raises NotFound, Invalid, Stale.
    """
    asked = namesakes(tx, matter_id)
    if not asked:
        raise errors.NotFound
    _refuse_unasked(asked, involvement_id=involvement_id, account_id=account_id)
    reason = _reason(reason)
    matters.touch(tx, matter_id, event="namesake_answered", seen_version=seen_version)
    walls.answer_namesake(tx, matter_id, involvement_id, account_id, them=them, reason=reason)


def to_lift(tx: Work, matter_id: UUID) -> list[Row]:
    """Walls that somebody declared or decided, with the reason, for whoever heads the matter.

    Raises NotFound where it is hidden, Forbidden for everybody else.
    """
    matters.find(tx, matter_id)
    if not access.heads(tx, matter_id):
        raise errors.Forbidden(N_("Only whoever heads the matter reads why somebody keeps off."))
    return walls.to_lift(tx, matter_id)


def lift(
    tx: Work, matter_id: UUID, account_id: UUID, *, reason: str, seen_version: int | None = None
) -> None:
    """They may work on it again. What the register says of names and relatives stays a wall.

    Raises NotFound, Forbidden, Invalid, Stale.
    """
    if not any(row["account_id"] == account_id for row in to_lift(tx, matter_id)):
        raise errors.NotFound
    reason = _reason(reason)
    matters.touch(tx, matter_id, event="wall_lifted", seen_version=seen_version)
    walls.lift(tx, matter_id, account_id, reason)


def accused(tx: Work) -> list[Row]:
    """Handlers of the actor's cases whom several reports of the last year accuse, as far as the
    actor may open the reports."""
    return walls.accused(tx, since=tx.today - YEAR)


def declare_relative(tx: Work, person_id: UUID, *, relative_id: UUID, kinship: str) -> UUID:
    """Two persons of the register are near relatives: what names one walls off the other.

    Raises NotFound, FileClosed, Invalid, Conflict where it stands already.
    """
    person_files.open_file(tx, person_id, None)
    if people.person(tx, relative_id) is None:
        raise errors.Invalid.of("relative_id", errors.UNKNOWN)
    if person_id == relative_id:
        raise errors.Invalid.of("relative_id", N_("Nobody is their own relative."))
    if any(row["person_id"] == relative_id for row in walls.relatives(tx, person_id)):
        raise errors.Conflict(N_("These two are relatives already."))
    made = walls.insert_relative(tx, person_id, relative_id, kinship)
    reporter_ties.keep_tokens(tx)
    return made


def relatives(tx: Work, person_id: UUID) -> list[Row]:
    """Those that stand, by name. Raises NotFound, FileClosed."""
    person_files.open_file(tx, person_id, None)
    return walls.relatives(tx, person_id)


def end_relative(
    tx: Work, person_id: UUID, relative_id: UUID, *, seen_version: int | None = None
) -> None:
    """Declared by mistake. `seen_version` is the person's. Raises Stale, FileClosed, and NotFound
    where it doesn't stand."""
    person_files.open_file(tx, person_id, None)
    person = people.person(tx, person_id)
    if seen_version is not None and person is not None and person["version"] != seen_version:
        raise errors.Stale
    if walls.end_relative(tx, person_id, relative_id) == 0:
        raise errors.NotFound
