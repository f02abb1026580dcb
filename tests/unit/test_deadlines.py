"""Limits by the field's own calendar, and what each due date says about itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.deadlines import (
    Due,
    Lateness,
    Level,
    Unit,
    WorkingCalendar,
    due_date,
    lateness,
    months_after,
    named_day,
)
from app.domain.profile.model import Amount, ThresholdRow

CHINA = WorkingCalendar("CN")
THRESHOLDS = ThresholdRow(soon=5, urgent=2)

# DOMAIN: the State Council's notices, as the field works by them.
OFF = {
    2018: [("10-01", "10-07"), ("09-22", "09-24"), ("02-15", "02-21")],
    2025: [
        ("01-01", "01-01"),
        ("01-28", "02-04"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("05-31", "06-02"),
        ("10-01", "10-08"),
    ],
    2026: [
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ],
}
MADE_UP = {
    2018: ["02-11", "02-24", "04-08", "04-28", "09-29", "09-30", "12-29"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def due(start: str, amount: int, unit: Unit, *, rolls: bool = True) -> date:
    return due_date(day(start), amount, unit, CHINA, rolls=rolls).due_on


@pytest.mark.parametrize("year", OFF)
def test_holidays_are_days_off(year: int) -> None:
    for first, last in OFF[year]:
        at = day(f"{year}-{first}")
        while at <= day(f"{year}-{last}"):
            assert not CHINA.is_working_day(at), at
            at += timedelta(days=1)


@pytest.mark.parametrize("year", MADE_UP)
def test_make_up_weekends_are_worked(year: int) -> None:
    for each in MADE_UP[year]:
        at = day(f"{year}-{each}")
        assert at.weekday() >= 5
        assert CHINA.is_working_day(at), at
        assert CHINA.is_made_up(at), at


def test_the_demos_weekend_counts_and_the_national_holiday_does_not() -> None:
    found = due_date(day("2018-09-28"), 3, Unit.WORKING_DAY, CHINA)
    assert found.due_on == day("2018-10-08")
    assert found.made_up == (day("2018-09-29"), day("2018-09-30"))
    assert found.skipped == tuple(day(f"2018-10-0{n}") for n in range(1, 8))


def test_the_start_day_is_not_counted() -> None:
    assert due("2018-09-03", 1, Unit.DAY) == day("2018-09-04")
    assert due("2018-09-03", 5, Unit.WORKING_DAY) == day("2018-09-10")


def test_fifteen_working_days_for_a_named_reporter_step_over_two_holidays() -> None:
    assert due("2018-09-14", 15, Unit.WORKING_DAY) == day("2018-10-11")


def test_two_months_of_verification_from_the_day_after_approval() -> None:
    assert due("2018-08-09", 2, Unit.MONTH) == day("2018-10-09")


def test_a_limit_that_ends_on_a_day_off_rolls_forward() -> None:
    found = due_date(day("2018-09-03"), 30, Unit.DAY, CHINA)
    assert found.rolled_from == day("2018-10-03")
    assert found.due_on == day("2018-10-08")


def test_a_limit_of_custody_does_not_roll() -> None:
    assert due("2018-09-26", 7, Unit.DAY, rolls=False) == day("2018-10-03")


def test_a_make_up_saturday_is_no_day_off_to_roll_over() -> None:
    found = due_date(day("2018-08-29"), 1, Unit.MONTH, CHINA)
    assert found.due_on == day("2018-09-29")
    assert found.rolled_from is None


@pytest.mark.parametrize(
    ("start", "months", "ends"),
    [
        ("2018-01-31", 1, "2018-02-28"),
        ("2020-01-31", 1, "2020-02-29"),
        ("2018-08-31", 1, "2018-09-30"),
        ("2017-12-31", 2, "2018-02-28"),
        ("2018-10-31", 18, "2020-04-30"),
    ],
)
def test_a_month_without_that_day_falls_back_to_its_last(
    start: str, months: int, ends: str
) -> None:
    found = due_date(day(start), months, Unit.MONTH, CHINA, rolls=False)
    assert found.due_on == day(ends)
    assert found.month_end


def test_a_year_from_a_leap_day_falls_back() -> None:
    assert due("2020-02-29", 1, Unit.YEAR, rolls=False) == day("2021-02-28")


def test_hours_are_kept_by_the_day_and_do_not_roll() -> None:
    assert due("2018-09-28", 12, Unit.HOUR) == day("2018-09-29")
    assert due("2018-09-28", 24, Unit.HOUR) == day("2018-09-29")
    assert due("2018-09-28", 72, Unit.HOUR) == day("2018-10-01")


def test_calendar_months_are_not_ninety_days() -> None:
    assert due("2018-01-15", 3, Unit.MONTH, rolls=False) == day("2018-04-15")
    assert due("2018-01-15", 90, Unit.DAY, rolls=False) == day("2018-04-15")
    assert due("2018-07-15", 3, Unit.MONTH, rolls=False) != due(
        "2018-07-15", 90, Unit.DAY, rolls=False
    )


def test_a_due_date_explains_itself() -> None:
    found = due_date(day("2018-09-28"), 4, Unit.WORKING_DAY, CHINA)
    said = [str(reason) for reason in found.explain()]
    assert said == [
        "4 working days after 2018-09-28; that day is not counted.",
        "Make-up working days that count: 2018-09-29–2018-09-30.",
        "Days off that don't count: 2018-10-01–2018-10-07.",
    ]


def test_rolling_month_ends_pauses_and_extensions_are_explained() -> None:
    found = due_date(
        day("2018-07-31"), 2, Unit.MONTH, CHINA, extended=1, paused_days=2, rule="verification"
    )
    said = " ".join(str(reason) for reason in found.explain())
    assert "One month after 2018-07-31" in said
    assert "Extended by one month." in said
    assert "its last day counts" in said
    assert "Paused for 2 days." in said
    assert "2018-10-02 is a day off: it rolls forward to 2018-10-08." in said


def test_a_named_day_is_kept_as_named() -> None:
    found = named_day(day("2018-09-28"), day("2018-10-01"), rule="chase_reply", label={}, basis={})
    assert found.due_on == day("2018-10-01")
    assert [str(each) for each in found.explain()] == ["The step named the day."]


def test_an_explanation_survives_storage() -> None:
    found = due_date(
        day("2018-07-31"), 2, Unit.MONTH, CHINA, rule="r", label={"en": "R"}, basis={"en": "B"}
    )
    assert Due.from_json(found.as_json()) == found


@pytest.mark.parametrize(
    ("on", "level", "days", "unit"),
    [
        ("2018-09-22", Level.OVERDUE, 6, Unit.DAY),
        ("2018-09-28", Level.TODAY, 0, Unit.WORKING_DAY),
        ("2018-09-29", Level.URGENT, 1, Unit.WORKING_DAY),
        ("2018-09-30", Level.URGENT, 2, Unit.WORKING_DAY),
        ("2018-10-08", Level.SOON, 3, Unit.WORKING_DAY),
        ("2018-10-09", Level.SOON, 4, Unit.WORKING_DAY),
        ("2018-10-10", Level.SOON, 5, Unit.WORKING_DAY),
        ("2018-10-11", Level.LATER, 6, Unit.WORKING_DAY),
    ],
)
def test_how_near_a_due_date_is_on_the_demos_day(
    on: str, level: Level, days: int, unit: Unit
) -> None:
    found = lateness(day(on), day("2018-09-28"), CHINA, THRESHOLDS)
    assert found == Lateness(level, days, unit)


def test_a_body_adds_days_that_the_library_does_not_know() -> None:
    own = WorkingCalendar(
        "CN", off=frozenset({day("2018-09-28")}), on=frozenset({day("2018-10-01")})
    )
    assert not own.is_working_day(day("2018-09-28"))
    assert own.is_working_day(day("2018-10-01"))
    assert own.between(day("2018-09-27"), day("2018-10-01")) == 3


def test_another_country_has_another_calendar() -> None:
    germany = WorkingCalendar("DE")
    assert not germany.is_working_day(day("2018-10-03"))
    assert germany.is_working_day(day("2018-10-02"))


def test_months_after_refuses_days() -> None:
    with pytest.raises(ValueError, match="not in months"):
        months_after(day("2018-01-01"), Amount(amount=3, unit=Unit.DAY))


DAYS = st.dates(min_value=date(2010, 1, 1), max_value=date(2030, 12, 31))


@settings(deadline=None)  # the first day of a year reads its holidays
@given(DAYS, st.integers(1, 60))
def test_a_limit_in_working_days_ends_on_one_and_counts_them(start: date, amount: int) -> None:
    found = due_date(start, amount, Unit.WORKING_DAY, CHINA)
    assert CHINA.is_working_day(found.due_on)
    assert CHINA.between(start, found.due_on) == amount
    assert not any(CHINA.is_working_day(each) for each in found.skipped)
    assert (found.due_on - start).days == amount + len(found.skipped)


@settings(deadline=None)  # the first day of a year reads its holidays
@given(DAYS, st.integers(0, 36))
def test_a_limit_never_ends_on_a_day_off_and_never_before_its_day(start: date, amount: int) -> None:
    found = due_date(start, amount, Unit.MONTH, CHINA)
    assert CHINA.is_working_day(found.due_on)
    assert found.due_on >= (found.rolled_from or found.due_on)


@settings(deadline=None)  # the first day of a year reads its holidays
@given(DAYS, DAYS)
def test_working_days_between_are_what_counting_gives(one: date, other: date) -> None:
    start, end = min(one, other), min(max(one, other), min(one, other) + timedelta(days=400))
    counted = sum(
        CHINA.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)
    )
    assert CHINA.between(start, end) == counted
