"""Limits in days, working days, months and hours, and how each due date explains itself.

The start day is not counted. A limit that ends on a day off ends on the next working day,
unless its rule says otherwise. A month's end that doesn't exist falls back to the month's last
day. Working days include make-up weekends.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

import holidays

from app.domain.errors import N_, Reason


class Unit(StrEnum):
    DAY = "D"  # natural days 自然日
    WORKING_DAY = "WD"  # 工作日
    MONTH = "M"
    YEAR = "Y"
    HOUR = "h"


class Level(StrEnum):
    LATER = "later"
    SOON = "soon"
    URGENT = "urgent"
    TODAY = "today"
    OVERDUE = "overdue"


class Thresholds(Protocol):
    """Working days before the due date from which it is due soon, and urgent."""

    @property
    def soon(self) -> int: ...
    @property
    def urgent(self) -> int: ...


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked: weekends and holidays off, make-up weekends on.

    `off` and `on` add to what the library knows: what an authority announced since, or a body's
    own days.
    """

    country: str
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.on:
            return True
        return day not in self.off and _works(self.country, day)

    def name_of(self, day: date) -> str | None:
        """What the library calls a holiday; None for a plain weekend or a working day."""
        if day in self.off or self.is_working_day(day):
            return None
        return _year(self.country, day.year).get(day)

    def next_working_day(self, day: date) -> date:
        """`day` itself if it is worked, else the first one after it that is."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start`, up to and with `end`; 0 if `end` is not later."""
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_working_day(day))


@lru_cache(maxsize=512)
def _year(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=[year])


@lru_cache(maxsize=65536)
def _works(country: str, day: date) -> bool:
    return _year(country, day.year).is_working_day(day)


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due date with everything that led to it."""

    due_on: date
    start: date
    amount: int
    unit: Unit
    skipped: tuple[date, ...] = ()
    rolled_from: date | None = None
    month_end: bool = False
    given: bool = False
    paused: int = 0
    extended: tuple[str, ...] = ()
    basis: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lateness:
    """How near a due date is. `days` are working days left, or natural days overdue."""

    level: Level
    days: int
    unit: Unit


__all__ = ["Due", "Lateness", "Level", "Unit", "WorkingCalendar"]
_ = (months, Iterable, N_, Reason)
