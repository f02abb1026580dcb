"""Lists of matters as their reader may know them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from app.core.db import Row
from app.domain.deadlines import WorkingCalendar
from app.domain.errors import N_, FieldError, Invalid, Reason
from app.domain.kinds import Kind
from app.domain.profile import Profile
from app.domain.sources import EVERY_SOURCE, UNKNOWN_SOURCE
from app.repositories import matters, outcomes, worklist
from app.repositories.work import Work
from app.repositories.worklist import COUNTED, LATE_COUNTED, SORTS, Filter, Place
from app.services import profiles
from app.services.matters import hears_its_state, reads_less

__all__ = [
    "COUNTED", "LATE_COUNTED", "SORTS", "Filter", "Place", "by_number", "count", "lateness",
    "number_of", "page", "refuse_unknown", "rows", "working_days_on",
]  # fmt: skip


def page(
    tx: Work, wanted: Filter, *, sort: str = "due", after: Place | None = None, limit: int
) -> list[Row]:
    """Up to `limit` + 1 rows, names masked for whoever reads them so."""
    rows = worklist.page(tx, wanted, sort=sort, after=after, limit=limit)
    return _masked(tx, rows) if reads_less(tx) else rows


def _masked(tx: Work, rows: list[Row]) -> list[Row]:
    ids = [each for row in rows for each in row["subject_ids"] or () if each is not None]
    names = outcomes.masked_names(tx, ids) if ids else {}
    hands: Row = {}
    if hears_its_state(tx):
        hands = {"holder_name": None, "assigned_name": None, "hands_hidden": True}
    return [
        {
            **row,
            **hands,
            "subject_names": [
                names.get(each, "×××") for each in row["subject_ids"] or () if each is not None
            ],
        }
        for row in rows
    ]


def refuse_unknown(tx: Work, kind: Kind | None, *, state: str | None, source: str | None) -> None:
    """A state that no procedure has, a source that nothing here states. Raises Invalid."""
    found = []
    if state and not profiles.has_state(tx, kind, state):
        found.append(FieldError("state", Reason(N_("No procedure here has this state."))))
    if source and source not in EVERY_SOURCE:
        stated = Filter(kind=kind, source=source)
        if not worklist.page(tx, stated, sort="due", after=None, limit=1):
            found.append(FieldError("source", Reason(UNKNOWN_SOURCE)))
    if found:
        raise Invalid(*found)


def count(tx: Work, wanted: Filter, *, exact: bool = False) -> int:
    """At most COUNTED + 1 unless an exact count is asked for."""
    return worklist.count(tx, wanted, exact=exact)


def lateness(tx: Work, wanted: Filter, profile: Profile) -> Row:
    """How many of a list are overdue, urgent, due soon, and later, as of the office's day; of each
    at most LATE_COUNTED + 1."""
    calendar = WorkingCalendar(profile.calendar)
    days = {
        "today": tx.today,
        "urgent": working_days_on(calendar, tx.today, profile.thresholds.urgent),
        "soon": working_days_on(calendar, tx.today, profile.thresholds.soon),
    }
    return worklist.lateness_counts(tx, wanted, days)


def working_days_on(calendar: WorkingCalendar, day: date, count_: int) -> date:
    """The last day that is at most so many working days away."""
    left = count_
    while True:
        following = day + timedelta(days=1)
        if calendar.is_working_day(following):
            if left == 0:
                return day
            left -= 1
        day = following


def rows(tx: Work, ids: list[UUID]) -> list[Row]:
    """These matters as lists show them, in no order; names masked as in `page`."""
    found = worklist.rows(tx, ids)
    return _masked(tx, found) if reads_less(tx) else found


def by_number(tx: Work, kind: Kind, number: str) -> UUID:
    """Raises NotFound."""
    found: UUID = matters.matter_by_number(tx, kind, number)["id"]
    return found


def number_of(tx: Work, matter_id: UUID) -> str | None:
    """A matter's number; None where the actor may not see it."""
    found: str | None = matters.number(tx, matter_id)
    return found
