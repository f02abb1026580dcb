"""Reading meetings: each reader sees the matters that they may see, and nothing of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import Reason
from app.repositories import meetings, outcomes
from app.repositories.work import Work
from app.services.meetings.agenda import kept_off, standing
from app.services.meetings.minutes import too_few, unready

WAITING = 20


@dataclass(frozen=True, kw_only=True)
class Place:
    """One matter of an agenda. `missing` is what keeps the chair from signing it now; `recused`
    are the names of those who leave for it."""

    row: Row
    recused: Sequence[Row] = ()
    missing: Sequence[Reason] = ()

    @property
    def waits(self) -> bool:
        return self.row["pulled"] is None and self.row["result"] is None


@dataclass(frozen=True, kw_only=True)
class Meeting:
    head: Row
    present: Sequence[Row]
    places: Sequence[Place]
    records: bool  # the reader is its recorder
    chairs: bool  # the reader is its chair
    missing: Sequence[Reason] = ()  # what keeps the recorder from signing the minutes
    few: Reason | None = None  # too few are there for it to decide on anything


def listed(tx: Work, *, after: tuple[date, UUID] | None = None, limit: int) -> list[Row]:
    """Those that the actor may see, the newest first; `after` is the last that was shown."""
    return meetings.meetings(tx, after=after, limit=limit)


def to_sign(tx: Work) -> list[Row]:
    """Those whose minutes wait for the actor, who chairs or records them, the oldest first."""
    return meetings.to_sign(tx, limit=WAITING)


def on_agenda(tx: Work, matter_id: UUID) -> Row | None:
    """The meeting that is to decide on a matter's open request; None where there is none."""
    return meetings.on_agenda(tx, matter_id)


def named(tx: Work, it: Meeting) -> list[str]:
    """Whom the matters are about that the reader sees on it."""
    matters = {place.row["matter_id"] for place in it.places}
    return [row["name"] for each in matters for row in outcomes.involved(tx, each) if row["name"]]


def read(tx: Work, meeting_id: UUID) -> Meeting:
    """Raises NotFound."""
    head = meetings.meeting(tx, meeting_id)
    present = meetings.attendance(tx, meeting_id)
    recusals = meetings.recusals(tx, meeting_id)
    me = tx.actor.account_id
    items = meetings.items(tx, meeting_id)
    drafted = head["status"] == "drafted"
    return Meeting(
        head=head,
        present=present,
        places=[
            _place(tx, head, row, present, [r for r in recusals if r["item_id"] == row["id"]])
            for row in items
        ],
        records=me == head["recorder_id"],
        chairs=me == head["chair_id"],
        missing=unready(tx, head, items) if drafted else (),
        few=too_few(tx, present) if drafted else None,
    )


def _place(tx: Work, head: Row, row: Row, present: Sequence[Row], recused: Sequence[Row]) -> Place:
    """Until the recorder signs, walls are asked; from then on it stays as they were."""
    place = Place(row=row, recused=recused)
    if not place.waits or head["status"] not in ("drafted", "recorded"):
        return place
    if head["status"] == "drafted":
        there = {each["account_id"]: each for each in recused if each["cause"] == "declared"}
        walled = kept_off(tx, row["matter_id"], [each["account_id"] for each in present])
        more = [
            {**each, "cause": "kept_off"} for each in present
            if each["account_id"] in walled and each["account_id"] not in there
        ]  # fmt: skip
        recused = [*there.values(), *more]
    return Place(row=row, recused=recused, missing=_missing(tx, row, head["chair_id"]))


def _missing(tx: Work, row: Row, chair_id: UUID) -> tuple[Reason, ...]:
    try:
        return standing(tx, row, chair_id)
    except errors.NotFound:  # who may read the matter, and not work on it
        return ()
