"""Limits in days, working days, months and hours, and how each due date explains itself.

The start day is not counted. A limit that ends on a day off ends on the next working day,
unless its rule says otherwise. Where a month has no such day, its last day counts. Working days
include make-up weekends; what the calendar library does not know yet is added by `off`, `on`.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol, Self

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


class Length(Protocol):
    """A length of time, as profiles write it."""

    @property
    def amount(self) -> int: ...
    @property
    def unit(self) -> Unit: ...


class Thresholds(Protocol):
    """Working days before the due date from which it is due soon, and urgent."""

    @property
    def soon(self) -> int: ...
    @property
    def urgent(self) -> int: ...


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are worked in a country: weekends and holidays off, make-up weekends on."""

    country: str
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.on:
            return True
        return day not in self.off and _year(self.country, day.year).is_working_day(day)

    def is_made_up(self, day: date) -> bool:
        """A weekend's day that is worked, to make up for a holiday 调休上班."""
        return _year(self.country, day.year).is_weekend(day) and self.is_working_day(day)

    def next_working_day(self, day: date) -> date:
        """`day` itself if it is worked, else the first one after it that is."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start`, up to and with `end`; 0 if `end` is not later."""
        return max(0, self._worked_until(end) - self._worked_until(start))

    def _worked_until(self, day: date) -> int:
        """Working days since 2000, up to and with `day`."""
        return _worked_before(self, day.year) + _worked_in(self, day.year)[day.timetuple().tm_yday]


@lru_cache(maxsize=512)
def _year(country: str, year: int) -> holidays.HolidayBase:
    """The year with its neighbours: a holiday's make-up day may lie across New Year."""
    return holidays.country_holidays(country, years=[year - 1, year, year + 1])


@lru_cache(maxsize=512)
def _worked_in(calendar: WorkingCalendar, year: int) -> tuple[int, ...]:
    """How many days of the year are worked, up to each."""
    first, counted = date(year, 1, 1), [0]
    for n in range(366 if months.isleap(year) else 365):
        counted.append(counted[-1] + calendar.is_working_day(first + timedelta(days=n)))
    return tuple(counted)


@lru_cache(maxsize=512)
def _worked_before(calendar: WorkingCalendar, year: int) -> int:
    return sum(_worked_in(calendar, each)[-1] for each in range(2000, year))


@dataclass(frozen=True, kw_only=True)
class Due:
    """A due date with everything that led to it.

    `label` and `basis` hold the rule's words by language. `named` means that a step named the
    day itself. `skipped` are days off that working days pass over, `made_up` weekends that count.
    """

    rule: str
    due_on: date
    start: date
    amount: int
    unit: Unit
    skipped: tuple[date, ...] = ()
    made_up: tuple[date, ...] = ()
    rolled_from: date | None = None
    month_end: bool = False
    named: bool = False
    extended: int = 0
    paused_days: int = 0
    label: Mapping[str, str] = field(default_factory=dict)
    basis: Mapping[str, str] = field(default_factory=dict)

    def explain(self) -> tuple[Reason, ...]:
        """Why this day, in sentences."""
        found = [Reason(N_("The step named the day."))] if self.named else [self._counted()]
        if self.made_up:
            found.append(
                Reason(
                    N_("Make-up working days that count: {days}."), {"days": _days(self.made_up)}
                )
            )
        if self.skipped:
            found.append(
                Reason(N_("Days off that don't count: {days}."), {"days": _days(self.skipped)})
            )
        if self.month_end:
            found.append(Reason(N_("That month has no such day: its last day counts.")))
        if self.paused_days:
            found.append(Reason(N_("Paused for {count} days."), {"count": str(self.paused_days)}))
        if self.extended:
            message = _ONE_MORE[self.unit] if self.extended == 1 else _EXTENDED[self.unit]
            found.append(Reason(message, {"count": str(self.extended)}))
        if self.rolled_from:
            found.append(
                Reason(
                    N_("{day} is a day off: it rolls forward to {due}."),
                    {"day": self.rolled_from.isoformat(), "due": self.due_on.isoformat()},
                )
            )
        return tuple(found)

    def _counted(self) -> Reason:
        count = self.amount - self.extended
        message = _ONE[self.unit] if count == 1 else _COUNTED[self.unit]
        return Reason(message, {"count": str(count), "start": self.start.isoformat()})

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "due_on": self.due_on.isoformat(),
            "start": self.start.isoformat(),
            "amount": self.amount,
            "unit": self.unit.value,
            "skipped": [day.isoformat() for day in self.skipped],
            "made_up": [day.isoformat() for day in self.made_up],
            "rolled_from": self.rolled_from.isoformat() if self.rolled_from else None,
            "month_end": self.month_end,
            "named": self.named,
            "extended": self.extended,
            "paused_days": self.paused_days,
            "label": dict(self.label),
            "basis": dict(self.basis),
        }

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Self:
        rolled = row.get("rolled_from")
        return cls(
            rule=row["rule"],
            due_on=date.fromisoformat(row["due_on"]),
            start=date.fromisoformat(row["start"]),
            amount=row["amount"],
            unit=Unit(row["unit"]),
            skipped=tuple(date.fromisoformat(day) for day in row.get("skipped", ())),
            made_up=tuple(date.fromisoformat(day) for day in row.get("made_up", ())),
            rolled_from=date.fromisoformat(rolled) if rolled else None,
            month_end=row.get("month_end", False),
            named=row.get("named", False),
            extended=row.get("extended", 0),
            paused_days=row.get("paused_days", 0),
            label=row.get("label", {}),
            basis=row.get("basis", {}),
        )


_COUNTED = {
    Unit.DAY: N_("{count} days after {start}; that day is not counted."),
    Unit.WORKING_DAY: N_("{count} working days after {start}; that day is not counted."),
    Unit.MONTH: N_("{count} months after {start}; that day is not counted."),
    Unit.YEAR: N_("{count} years after {start}; that day is not counted."),
    Unit.HOUR: N_("{count} hours after {start}."),
}
_ONE = {
    Unit.DAY: N_("One day after {start}; that day is not counted."),
    Unit.WORKING_DAY: N_("One working day after {start}; that day is not counted."),
    Unit.MONTH: N_("One month after {start}; that day is not counted."),
    Unit.YEAR: N_("One year after {start}; that day is not counted."),
    Unit.HOUR: N_("One hour after {start}."),
}
_ONE_MORE = {
    Unit.DAY: N_("Extended by one day."),
    Unit.WORKING_DAY: N_("Extended by one working day."),
    Unit.MONTH: N_("Extended by one month."),
    Unit.YEAR: N_("Extended by one year."),
    Unit.HOUR: N_("Extended by one hour."),
}
_EXTENDED = {
    Unit.DAY: N_("Extended by {count} days."),
    Unit.WORKING_DAY: N_("Extended by {count} working days."),
    Unit.MONTH: N_("Extended by {count} months."),
    Unit.YEAR: N_("Extended by {count} years."),
    Unit.HOUR: N_("Extended by {count} hours."),
}
MOST_LISTED = 12


def _days(days: tuple[date, ...]) -> str:
    """Dates with runs drawn together, such as 2018-10-01–2018-10-07."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    texts = [_run(run[0], run[-1]) for run in runs]
    return ", ".join(texts[:MOST_LISTED]) + (" …" if len(texts) > MOST_LISTED else "")


def _run(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()}–{last.isoformat()}"


def due_date(
    start: date,
    amount: int,
    unit: Unit,
    calendar: WorkingCalendar,
    *,
    rule: str = "",
    rolls: bool = True,
    extended: int = 0,
    paused_days: int = 0,
    label: Mapping[str, str] | None = None,
    basis: Mapping[str, str] | None = None,
) -> Due:
    """When a limit ends that began on `start`. `amount` includes what it was `extended` by.

    Hours are kept by the day: they end on the day on which the last of them runs out.
    """
    end, skipped, made_up, month_end = _end(start, amount, unit, calendar)
    end += timedelta(days=paused_days)
    due_on = calendar.next_working_day(end) if rolls and unit is not Unit.HOUR else end
    return Due(
        rule=rule,
        due_on=due_on,
        start=start,
        amount=amount,
        unit=unit,
        skipped=skipped,
        made_up=made_up,
        rolled_from=end if due_on != end else None,
        month_end=month_end,
        extended=extended,
        paused_days=paused_days,
        label=label or {},
        basis=basis or {},
    )


def named_day(
    start: date, day: date, *, rule: str, label: Mapping[str, str], basis: Mapping[str, str]
) -> Due:
    """A limit whose day the step itself named: it is not moved."""
    return Due(
        rule=rule,
        due_on=day,
        start=start,
        amount=max(0, (day - start).days),
        unit=Unit.DAY,
        named=True,
        label=label,
        basis=basis,
    )


def _end(
    start: date, amount: int, unit: Unit, calendar: WorkingCalendar
) -> tuple[date, tuple[date, ...], tuple[date, ...], bool]:
    if unit is Unit.WORKING_DAY:
        return _working_days(start, amount, calendar)
    if unit in (Unit.MONTH, Unit.YEAR):
        end = _add_months(start, amount * (12 if unit is Unit.YEAR else 1))
        return end, (), (), end.day != start.day
    days = amount if unit is Unit.DAY else -(-amount // 24)
    return start + timedelta(days=days), (), (), False


def _working_days(
    start: date, amount: int, calendar: WorkingCalendar
) -> tuple[date, tuple[date, ...], tuple[date, ...], bool]:
    day, counted = start, 0
    skipped: list[date] = []
    made_up: list[date] = []
    while counted < amount:
        day += timedelta(days=1)
        if not calendar.is_working_day(day):
            skipped.append(day)
            continue
        counted += 1
        if calendar.is_made_up(day):
            made_up.append(day)
    return day, tuple(skipped), tuple(made_up), False


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def months_after(day: date, length: Length) -> date:
    """The day that ends a length of time in months or years; the month's last where it must."""
    if length.unit not in (Unit.MONTH, Unit.YEAR):
        raise ValueError(f"not in months: {length.unit}")
    return _add_months(day, length.amount * (12 if length.unit is Unit.YEAR else 1))


@dataclass(frozen=True)
class Lateness:
    """How near a due date is: working days left, or natural days overdue."""

    level: Level
    days: int
    unit: Unit


def lateness(
    due: Due | date, today: date, calendar: WorkingCalendar, thresholds: Thresholds
) -> Lateness:
    """Soon and urgent begin as many working days before as the profile says."""
    due_on = due.due_on if isinstance(due, Due) else due
    if today > due_on:
        return Lateness(Level.OVERDUE, (today - due_on).days, Unit.DAY)
    left = calendar.between(today, due_on)
    if today == due_on:
        return Lateness(Level.TODAY, 0, Unit.WORKING_DAY)
    if left <= thresholds.urgent:
        return Lateness(Level.URGENT, left, Unit.WORKING_DAY)
    level = Level.SOON if left <= thresholds.soon else Level.LATER
    return Lateness(level, left, Unit.WORKING_DAY)
