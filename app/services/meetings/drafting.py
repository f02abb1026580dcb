"""Drawing a meeting up: its day, who chairs it, who is there; and calling it off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_, FieldError, Reason
from app.domain.permissions import ROLE_PERMISSIONS, Permission
from app.repositories import accounts, meetings, units
from app.repositories.work import Work
from app.services import profiles

REASON_LIMIT = 2000
AHEAD = timedelta(days=366)
MOST_PRESENT = 60
PEOPLE = 500
LATELY = 5  # meetings


def records(tx: Work) -> bool:
    """Whether the actor may draw a meeting up and record it."""
    return tx.actor.may(Permission.MEETINGS_RECORD)


def people(tx: Work) -> list[Row]:
    """Who could be present: whoever works on matters in the actor's district."""
    return accounts.colleagues(tx, limit=PEOPLE)


def usual(tx: Work) -> set[UUID]:
    """Who was there at the last meetings that the actor recorded."""
    return meetings.lately_there(tx, meetings=LATELY)


def office(tx: Work) -> str:
    """The name of the office in which the actor records; empty where they record in none."""
    if not records(tx):
        return ""
    found = units.unit(tx, _office(tx))
    return found["name"] if found else ""


def chairs(tx: Work, there: Sequence[Row]) -> list[Row]:
    """Those who could chair: they hold a role by which the procedure lets a meeting sign."""
    profile = profiles.current(tx)[1]
    codes = {
        code
        for machine in profile.machines.values()
        for row in machine.transitions
        for code in row.meeting
    }
    roles = sorted({role.value for code in codes if (role := profile.roles[code].role)})
    able = meetings.holding(tx, roles, [row["id"] for row in there])
    return [row for row in there if row["id"] in able]


def draft(tx: Work, *, held_on: date, chair_id: UUID, present: Sequence[UUID]) -> UUID:
    """A meeting of the office in which the actor records. Raises Forbidden, Invalid."""
    if not records(tx):
        raise errors.Forbidden(N_("None of your roles records a study meeting."))
    present = _there(tx, held_on, chair_id, present)
    meeting_id = meetings.insert(tx, unit_id=_office(tx), held_on=held_on, chair_id=chair_id)
    meetings.set_attendance(tx, meeting_id, present)
    return meeting_id


def change(
    tx: Work,
    meeting_id: UUID,
    *,
    held_on: date,
    chair_id: UUID,
    present: Sequence[UUID],
    seen_version: int,
) -> int:
    """Before the minutes are signed: another day, other people. Its new version.

    Raises NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    row = drafted(tx, meeting_id)
    present = _there(tx, held_on, chair_id, present)
    version = meetings.change(tx, row, seen_version, held_on=held_on, chair_id=chair_id)
    _nobody_left(tx, meeting_id, chair_id, present)
    meetings.set_attendance(tx, meeting_id, present)
    return version


def _nobody_left(tx: Work, meeting_id: UUID, chair_id: UUID, present: Sequence[UUID]) -> None:
    """Whoever is said to leave for an item stays on the list of those present."""
    for row in meetings.recusals(tx, meeting_id):
        if row["cause"] != "declared":
            continue
        if row["account_id"] == chair_id or row["account_id"] not in present:
            raise errors.Invalid.of(
                "present", N_("{name} leaves for an item, so they were present."), name=row["name"]
            )


def _office(tx: Work) -> UUID:
    """The highest unit over which the actor holds a role that records."""
    paths = sorted(
        (
            grant.unit
            for grant in tx.actor.grants
            if Permission.MEETINGS_RECORD in ROLE_PERMISSIONS[grant.role]
        ),
        key=lambda path: (path.value.count("."), path.value),
    )
    found = units.unit_at(tx, paths[0])
    if found is None:
        raise errors.Conflict(N_("The unit of your role is gone."))
    unit_id: UUID = found["id"]
    return unit_id


def _there(tx: Work, held_on: date, chair_id: UUID, present: Sequence[UUID]) -> list[UUID]:
    """Those present beside the chair and the recorder. Raises Invalid."""
    rows = people(tx)
    known = {row["id"] for row in rows}
    wrong: list[FieldError] = []
    if abs(held_on - tx.today) > AHEAD:
        wrong.append(FieldError("held_on", Reason(N_("This day is a year away: mistyped?"))))
    if chair_id == tx.actor.account_id:
        wrong.append(FieldError("chair_id", Reason(N_("You record it: somebody else chairs."))))
    elif chair_id not in {row["id"] for row in chairs(tx, rows)}:
        wrong.append(
            FieldError("chair_id", Reason(N_("The chair holds a role that signs in a meeting.")))
        )
    others = [each for each in dict.fromkeys(present) if each != chair_id]
    if any(each not in known for each in others):
        wrong.append(FieldError("present", Reason(errors.UNKNOWN)))
    if len(others) > MOST_PRESENT:
        many = Reason(N_("At most {count} people."), {"count": str(MOST_PRESENT)})
        wrong.append(FieldError("present", many))
    if wrong:
        raise errors.Invalid(*wrong)
    return others


def said(text: str, field: str = "reason") -> str:
    """A reason, trimmed. Raises Invalid."""
    text = text.strip()
    if not text:
        raise errors.Invalid.of(field, N_("Say why."))
    if len(text) > REASON_LIMIT:
        raise errors.Invalid.of(field, N_("At most {limit} characters."), limit=REASON_LIMIT)
    return text


def open_(tx: Work, meeting_id: UUID) -> Row:
    """One whose minutes aren't signed yet. Raises NotFound, Conflict."""
    row = meetings.meeting(tx, meeting_id)
    if row["status"] == "signed":
        raise errors.Conflict(N_("The minutes are signed: nothing in them changes any more."))
    if row["status"] == "called_off":
        raise errors.Conflict(N_("This meeting was called off."))
    return row


def drafted(tx: Work, meeting_id: UUID) -> Row:
    """One that the actor records and hasn't signed yet. Raises NotFound, Forbidden, Conflict."""
    row = open_(tx, meeting_id)
    if row["recorder_id"] != tx.actor.account_id:
        raise errors.Forbidden(N_("Only its recorder writes a meeting's record."))
    if row["status"] != "drafted":
        raise errors.Conflict(N_("You have signed the minutes: take your signature back first."))
    return row


def call_off(tx: Work, meeting_id: UUID, *, reason: str, seen_version: int) -> int:
    """It decides nothing, and its matters are free again: by its recorder or its chair.

    Raises NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    row = open_(tx, meeting_id)
    if tx.actor.account_id not in (row["recorder_id"], row["chair_id"]):
        raise errors.Forbidden(N_("Only its recorder or its chair calls a meeting off."))
    return meetings.change(tx, row, seen_version, status="called_off", called_off=said(reason))
