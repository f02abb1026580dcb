"""Office days of the demo, by number: 0 is the first of 2015, the last is the demo's own day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cache

import holidays

FIRST = date(2015, 1, 5)
TODAY = date(2018, 9, 28)  # Friday; the weekend after it is a working one, made up for the holiday


@cache
def office_days() -> tuple[date, ...]:
    calendar = holidays.country_holidays("CN", years=range(FIRST.year, TODAY.year + 1))
    made_up: set[date] = set(calendar.weekend_workdays)
    found = []
    day = FIRST
    while day <= TODAY:
        if day in made_up or (day.weekday() < 5 and day not in calendar):
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def last() -> int:
    """The number of the demo's own day."""
    return len(office_days()) - 1


def number(day: date) -> int:
    """The number of this office day, or of the next one."""
    return min(bisect_left(office_days(), day), last())


def number_until(day: date) -> int:
    """The number of this office day, or of the last one before it."""
    return bisect_right(office_days(), day) - 1


def day(index: int) -> date:
    """The day of this number. Raises IndexError beyond the demo's day."""
    if not 0 <= index <= last():
        raise IndexError(f"office day {index} lies outside the demo's years")
    return office_days()[index]
