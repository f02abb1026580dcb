"""Dates, amounts, counts and identity numbers, as they really stand in ledgers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ledgers.amounts import (
    WAN,
    YUAN,
    is_about,
    read_amount,
    read_count,
    signed_amount,
    without_about,
)
from app.domain.ledgers.dates import DateRules, Period, read_date, read_month, read_period
from app.domain.ledgers.findings import Problem
from app.domain.ledgers.identity import IdentityNumber, check_character, read_identity
from app.domain.ledgers.texts import Cell, is_unknown, tidy, tidy_all
from app.domain.money import Money

RULES = DateRules(today=date(2018, 9, 30))
FIFTH = date(2018, 3, 5)


def code(found: object) -> str:
    assert isinstance(found, Problem), found
    return found.code


# --- dates


@pytest.mark.parametrize(
    "written",
    [
        "2018-03-05",
        "2018-3-5",
        "2018.3.5",
        "2018.03.05",
        "2018.3.5.",
        "2018/3/5",
        "2018/03/05",
        "2018年3月5日",
        "2018年03月05日",
        "2018 年 3 月 5 日",
        "2018年3月5号",
        "２０１８．３．５",
        "２０１８年３月５日",
        "20180305",
        20180305,
        20180305.0,
        43164,
        43164.0,
        43164.75,
        "43164",
        "2018-03-05 14:20:00",
        "2018-03-05T14:20:00Z",
        "2018/3/5 9:05",
        "2018年3月5日上午9时30分",
        "二〇一八年三月五日",
        " 2018-03-05　",
        datetime.fromisoformat("2018-03-05T09:30"),
        FIFTH,
    ],
)
def test_a_date_however_it_is_written(written: Cell) -> None:
    assert read_date(written, RULES) == FIFTH


def test_chinese_numerals_with_tens() -> None:
    assert read_date("二〇一七年十二月二十五日", RULES) == date(2017, 12, 25)
    assert read_date("二○一七年十月十日", RULES) == date(2017, 10, 10)
    assert read_date("二〇一七年十一月三十日", RULES) == date(2017, 11, 30)


def test_a_macs_serials_count_from_1904() -> None:
    assert read_date(41702, DateRules(RULES.today, epoch_1904=True)) == FIFTH
    assert read_date("41702", DateRules(RULES.today, epoch_1904=True)) == FIFTH


@pytest.mark.parametrize("written", ["", None, "不详", "/", "—", "－－", " / ", "无", "待查"])
def test_a_date_that_is_not_known(written: Cell) -> None:
    assert read_date(written, RULES) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2018-13-05", "date_impossible"),
        ("2018年2月30日", "date_impossible"),
        (20181305, "date_impossible"),
        ("2018-10-01", "date_in_future"),
        (date(2019, 1, 1), "date_in_future"),
        ("1918.3.5", "date_too_early"),
        ("18.3.5", "date_incomplete"),
        ("3月5日", "date_incomplete"),
        ("2018年3月", "date_incomplete"),
        ("2018.3", "date_incomplete"),
        ("2018", "date_incomplete"),
        (2018.0, "date_incomplete"),
        ("明年", "date_unreadable"),
        ("2018-03-05、2018-03-06", "date_unreadable"),
        (True, "date_unreadable"),
        (float("nan"), "date_unreadable"),
        (float("inf"), "date_unreadable"),
        (-5, "date_unreadable"),
        (timedelta(days=1), "date_unreadable"),
    ],
)
def test_a_date_that_can_not_be_taken_says_why(written: Cell, expected: str) -> None:
    assert code(read_date(written, RULES)) == expected


DAYS = st.dates(date(1949, 10, 1), date(2018, 9, 30))


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_every_day_in_every_style_reads_back(day: date, style: str) -> None:
    assert read_date(day.strftime(style), RULES) == day
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in day.strftime(style))
    assert read_date(wide, RULES) == day


@given(DAYS)
def test_every_serial_reads_back(day: date) -> None:
    assert read_date((day - date(1899, 12, 30)).days, RULES) == day


@given(st.text(max_size=30) | st.floats() | st.integers())
def test_no_cell_makes_the_reading_of_dates_fail(cell: Cell) -> None:
    found = read_date(cell, RULES)
    assert found is None or isinstance(found, date | Problem)


def test_months_and_periods() -> None:
    old = DateRules(RULES.today, earliest=date(1900, 1, 1))
    assert read_month("1966年4月", old) == date(1966, 4, 1)
    assert read_month("1966.04", old) == date(1966, 4, 1)
    assert read_month("196604", old) == date(1966, 4, 1)
    assert read_month(date(1966, 4, 20), old) == date(1966, 4, 20)
    stay = Period(date(2018, 4, 9), date(2018, 5, 26))
    for written in ("2018年4月9日至5月26日", "2018.4.9-2018.5.26", "2018-04-09 — 2018-05-26"):
        assert read_period(written, RULES) == stay
    assert read_period("2018年4月9日-26日", RULES) == Period(date(2018, 4, 9), date(2018, 4, 26))
    assert code(read_period("2018年5月26日至4月9日", RULES)) == "date_impossible"
    assert code(read_period("四月", RULES)) == "date_unreadable"


# --- amounts


@pytest.mark.parametrize(
    ("written", "unit", "yuan"),
    [
        ("35,000.00元", WAN, "35000.00"),
        ("3.5万元", YUAN, "35000.00"),
        ("3.5万", YUAN, "35000.00"),
        ("3.5", WAN, "35000.00"),
        ("３．５", WAN, "35000.00"),
        ("３５，０００．００", YUAN, "35000.00"),
        ("35 000.00", YUAN, "35000.00"),
        ("¥35,000", YUAN, "35000.00"),
        ("人民币35000元整", WAN, "35000.00"),
        ("0.035亿元", YUAN, "3500000.00"),
        ("35000.", YUAN, "35000.00"),
        (".5", YUAN, "0.50"),
        ("0", WAN, "0.00"),
        (3.5, WAN, "35000.00"),
        (35000, YUAN, "35000.00"),
        (15.693385, WAN, "156933.85"),
        (0.1 + 0.2, YUAN, "0.30"),
        (1.1 * 3, WAN, "33000.00"),
        (43.432702, WAN, "434327.02"),
        (22397.4, YUAN, "22397.40"),
        ("1,100,000.00元", WAN, "1100000.00"),
    ],
)
def test_an_amount_however_it_is_written(written: Cell, unit: Decimal, yuan: str) -> None:
    assert str(read_amount(written, unit)) == yuan


@pytest.mark.parametrize("written", ["", None, "不详", "/", "—", "暂无", "N/A", "未知"])
def test_an_amount_that_is_not_known(written: Cell) -> None:
    assert read_amount(written, WAN) is None


@pytest.mark.parametrize(
    ("written", "unit", "expected"),
    [
        ("-5", YUAN, "amount_negative"),
        ("（5）", YUAN, "amount_negative"),
        (-0.01, YUAN, "amount_negative"),
        ("0.005", YUAN, "amount_too_precise"),
        (0.005, YUAN, "amount_too_precise"),
        ("0.0000001", WAN, "amount_too_precise"),
        ("1,00,0", YUAN, "amount_unreadable"),
        ("叁万元", YUAN, "amount_unreadable"),
        ("3.5.2", YUAN, "amount_unreadable"),
        ("3至5万元", YUAN, "amount_unreadable"),
        ("99999999999999999", YUAN, "amount_too_large"),
        (1e300, WAN, "amount_too_large"),
        (float("inf"), YUAN, "amount_unreadable"),
        (True, YUAN, "amount_unreadable"),
        (date(2018, 3, 5), YUAN, "amount_unreadable"),
    ],
)
def test_an_amount_that_can_not_be_taken_says_why(
    written: Cell, unit: Decimal, expected: str
) -> None:
    assert code(read_amount(written, unit)) == expected


def test_an_estimate_says_that_it_is_one() -> None:
    assert is_about("约3.5万元")
    assert is_about("3万余元")
    assert str(read_amount(without_about("约3.5万元"), YUAN)) == "35000.00"
    assert str(read_amount(without_about("3万余元"), YUAN)) == "30000.00"
    assert not is_about("3.5万元")
    assert not is_about(3.5)


@given(st.integers(0, 10**14))
def test_every_fen_reads_back_in_yuan_and_in_wan(fen: int) -> None:
    yuan, wan = f"{fen // 100}.{fen % 100:02}", f"{fen // 1_000_000}.{fen % 1_000_000:06}"
    grouped = f"{fen // 100:,}.{fen % 100:02}元"
    assert read_amount(yuan, YUAN) == Money(fen)
    assert read_amount(wan, WAN) == Money(fen)
    assert read_amount(wan.rstrip("0").rstrip("."), WAN) == Money(fen)
    assert read_amount(grouped, WAN) == Money(fen)


@given(st.integers(0, 10**13))
def test_every_fen_survives_a_spreadsheets_float(fen: int) -> None:
    assert read_amount(fen / 100, YUAN) == Money(fen)
    assert read_amount(fen / 1_000_000, WAN) == Money(fen)


@given(st.text(max_size=30) | st.floats() | st.integers(), st.sampled_from([YUAN, WAN]))
def test_no_cell_makes_the_reading_of_amounts_fail(cell: Cell, unit: Decimal) -> None:
    found = read_amount(cell, unit)
    assert found is None or isinstance(found, Money | Problem)
    if isinstance(found, Money):
        assert found >= Money.zero()


def test_a_bank_writes_corrections_in_red() -> None:
    assert str(signed_amount("-1,234.50", YUAN)) == "-1234.50"
    assert str(signed_amount("(12)", YUAN)) == "-12.00"
    assert str(signed_amount(-12.5, YUAN)) == "-12.50"
    assert str(signed_amount("12", YUAN)) == "12.00"


@pytest.mark.parametrize(
    ("written", "count"),
    [(3.0, 3), ("3", 3), ("3人次", 3), ("共12件", 12), ("３", 3), ("", None), ("无", None), (0, 0)],
)
def test_counts(written: Cell, count: int | None) -> None:
    assert read_count(written) == count


@pytest.mark.parametrize("written", [1.5, "几个", -1, True, float("nan"), "1.5"])
def test_what_is_no_count(written: Cell) -> None:
    assert code(read_count(written)) == "count_unreadable"


# --- identity numbers


def number(first17: str) -> str:
    return first17 + check_character(first17)


VALID = number("99010119780212326")


@pytest.mark.parametrize(
    "written",
    [VALID, f" {VALID} ", "".join(chr(ord(c) + 0xFEE0) for c in VALID), f"'{VALID}", VALID.lower()],
)
def test_a_number_with_the_right_check_is_taken(written: str) -> None:
    assert read_identity(written) == IdentityNumber(VALID)


def test_a_number_tells_birthday_and_sex() -> None:
    found = read_identity(VALID)
    assert isinstance(found, IdentityNumber)
    assert (found.born_on, found.male) == (date(1978, 2, 12), False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (9.90101197802123e17, "identity_digits_lost"),
        (990101197802123000, "identity_digits_lost"),
        ("9.90101E+17", "identity_digits_lost"),
        ("9.90101197802123E+17", "identity_digits_lost"),
        (VALID[:-1] + ("1" if VALID[-1] != "1" else "2"), "identity_wrong_check"),
        (VALID[:17], "identity_wrong_length"),
        ("护照E1234567", "identity_wrong_length"),
        (number("99010119780231326"), "identity_wrong_birthday"),
    ],
)
def test_a_number_that_can_not_be_right_says_why(written: Cell, expected: str) -> None:
    assert code(read_identity(written)) == expected


def test_an_old_number_of_fifteen_digits_becomes_the_one_that_replaced_it() -> None:
    assert read_identity("990101780212326") == IdentityNumber(VALID)
    assert read_identity(990101780212326.0) == IdentityNumber(VALID)


@given(st.dates(date(1900, 1, 1), date(2018, 1, 1)), st.integers(0, 999))
def test_a_mistyped_digit_is_always_noticed(day: date, order: int) -> None:
    good = number(f"990101{day:%Y%m%d}{order:03}")
    assert read_identity(good) == IdentityNumber(good)
    for place in (0, 5, 14, 16):
        other = str((int(good[place]) + 3) % 10)
        assert isinstance(read_identity(good[:place] + other + good[place + 1 :]), Problem)


# --- texts


def test_padding_and_invisible_characters_go_and_nothing_else() -> None:
    assert tidy("　张\u200b三\ufeff \x00") == "张三"
    assert tidy("第一行\n第二行") == "第一行\n第二行"
    assert tidy("\u202e三张") == "三张"
    assert tidy("=1+1") == "=1+1"
    assert tidy(3.0) == "3"
    assert tidy(datetime.fromisoformat("2018-03-05")) == "2018-03-05"
    assert tidy(True) == "是"


@given(st.lists(st.text(max_size=8) | st.floats(allow_nan=False) | st.none(), max_size=6))
def test_a_row_is_tidied_as_its_cells_are(cells: list[Cell]) -> None:
    assert tidy_all(cells) == [tidy(cell) for cell in cells]


@given(st.text(max_size=12))
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_ways_of_saying_that_nothing_is_known() -> None:
    assert all(map(is_unknown, ["", "不详", "／", "— —", "--", "N/A", "无", " 待 查 "]))
    assert not any(map(is_unknown, ["0", "无锡", "未婚", "张不详"]))
