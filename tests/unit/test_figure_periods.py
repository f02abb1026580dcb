"""Charts over time stay readable, and a page of them small, over however many years."""

from datetime import date

import pytest

from app.domain.money import Money
from app.domain.totals import Cohort, Counts, Facet, Slice, Totals
from app.routers.pages.cohort import Asked, Behind
from app.routers.pages.figure_periods import MOST, Step, spans
from app.routers.pages.figure_words import Words

DAY = date(2018, 9, 30)


def figures(months: int) -> Totals:
    """One lead and a yuan in each of so many months, from May 2009 on."""
    slices = [Slice(key="", label="", counts=Counts(leads=7))]
    for at in range(4, 4 + months):
        key = f"{2009 + at // 12}-{at % 12 + 1:02d}"
        counts = Counts(leads=1, handled=1, recovered=Money.yuan("1.00"), sanctioned_persons=1)
        slices.append(Slice(key=key, label=key, counts=counts))
    zero = Money.zero()
    return Totals(
        cohort=Cohort(as_of=DAY), counts=Counts(), slices={Facet.MONTH: tuple(slices)}, stages=(),
        measures=(), intakes={}, in_suspense=zero, village_return=zero, village_return_people=0,
        beneficiaries=0, reporting_units=0, villages=0, bank_lines=None, bank_closing=None,
        doubts={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("months", "step", "labels"),
    [
        (36, Step.MONTH, ("2009-05", "2012-04")),
        (37, Step.QUARTER, ("2009年2季度", "2012年2季度")),
        (107, Step.QUARTER, ("2009年2季度", "2018年1季度")),
        (109, Step.YEAR, ("2009", "2018")),
    ],
)
def test_more_than_three_years_are_shown_by_quarter_and_more_than_nine_by_year(
    months: int, step: Step, labels: tuple[str, str]
) -> None:
    found, every = spans(Words("zh_CN"), figures(months))
    assert found is step
    assert (every[0].label, every[-1].label) == labels
    assert len(every) <= MOST
    assert sum(each.counts.leads for each in every) == months
    assert sum(each.counts.handled for each in every) == months
    assert sum((each.counts.recovered for each in every), Money.zero()).decimal == months


def test_a_person_who_was_sanctioned_in_two_months_is_not_added_up() -> None:
    _, every = spans(Words("en"), figures(60))
    assert {each.counts.sanctioned_persons for each in every} == {0}
    assert every[0].label == "2009 Q2"


@pytest.mark.parametrize(
    ("months", "first", "last"),
    [
        (12, (date(2009, 5, 1), date(2009, 5, 31)), (date(2010, 4, 1), date(2010, 4, 30))),
        (40, (date(2009, 4, 1), date(2009, 6, 30)), (date(2012, 7, 1), date(2012, 9, 30))),
        (120, (date(2009, 1, 1), date(2009, 12, 31)), (date(2019, 1, 1), date(2019, 12, 31))),
    ],
)
def test_each_opens_the_days_that_it_stands_for(
    months: int, first: tuple[date, date], last: tuple[date, date]
) -> None:
    _, every = spans(Words("en"), figures(months))
    assert (every[0].first, every[0].last) == first
    assert (every[-1].first, every[-1].last) == last
    cohort = Cohort(as_of=DAY, since=date(2009, 5, 10), until=date(2009, 5, 20))
    behind = Behind(Asked(cohort), open=True)
    assert every[0].within(behind) == {"since": cohort.since, "until": cohort.until}
