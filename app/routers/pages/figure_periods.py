"""Months as charts show them; over many years quarters, then years, so that a page stays small."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import N_
from app.domain.totals import Counts, Facet, Slice, Totals
from app.routers.pages.cohort import Behind
from app.routers.pages.figure_words import Words

MOST = 36  # of a kind before the next longer one is taken


class Step(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Said:
    """What a chart of leads and one of money say of each step."""

    received: str
    note: str
    moved: str
    head: str
    held: str


SAID = {
    Step.MONTH: Said(
        N_("In which months were the leads received?"),
        N_("By day of receipt, in leads; a month without any isn't listed"),
        N_("The lines add up month by month; the table has each month’s own as well; in yuan"),
        N_("Month"),
        N_("In custody at its end"),
    ),
    Step.QUARTER: Said(
        N_("In which quarters were the leads received?"),
        N_("By day of receipt, in leads; a quarter without any isn't listed"),
        N_(
            "The lines add up quarter by quarter; the table has each quarter’s own as well; in yuan"
        ),
        N_("Quarter"),
        N_("In custody at the quarter’s end"),
    ),
    Step.YEAR: Said(
        N_("In which years were the leads received?"),
        N_("By day of receipt, in leads; a year without any isn't listed"),
        N_("The lines add up year by year; the table has each year’s own as well; in yuan"),
        N_("Year"),
        N_("In custody at the year’s end"),
    ),
}


@dataclass(frozen=True)
class Span:
    """A month, quarter or year; of its counts only what adds up: leads, what was disposed of, and
    money. A person counts once in each month and once in a year."""

    label: str
    first: date
    last: date
    counts: Counts

    def within(self, behind: Behind) -> dict[str, date]:
        """Its days, as far as the cohort reaches into it."""
        cohort = behind.asked.cohort
        since, until = cohort.since or self.first, cohort.until or self.last
        return {"since": max(self.first, since), "until": min(self.last, until, cohort.as_of)}


def spans(words: Words, found: Totals) -> tuple[Step, list[Span]]:
    """In the order of time; what states no day is left out."""
    months = [each for each in found.slices[Facet.MONTH] if each.key]
    for step in Step:
        grouped: dict[str, list[Slice]] = {}
        for each in months:
            grouped.setdefault(_label(words, step, each.key), []).append(each)
        if len(grouped) <= MOST:
            break
    return step, [_span(step, label, parts) for label, parts in grouped.items()]


def _label(words: Words, step: Step, month: str) -> str:
    year, of_year = month.split("-")
    if step is Step.MONTH:
        return month
    if step is Step.YEAR:
        return year
    return words(N_("{year} Q{quarter}"), year=year, quarter=(int(of_year) + 2) // 3)


def _span(step: Step, label: str, months: list[Slice]) -> Span:
    length = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}[step]
    year, month = map(int, months[0].key.split("-"))
    begins = month - (month - 1) % length
    ends = begins + length - 1
    return Span(
        label,
        date(year, begins, 1),
        date(year, ends, monthrange(year, ends)[1]),
        _added(each.counts for each in months),
    )


def _added(parts: Iterable[Counts]) -> Counts:
    whole = Counts()
    for each in parts:
        whole.leads += each.leads
        whole.handled += each.handled
        whole.recovered += each.recovered
        whole.returned += each.returned
        whole.remitted += each.remitted
        whole.released += each.released
    return whole
