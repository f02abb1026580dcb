"""Dates as offices write them: 2018-03-05, 2018.3.5, 2018年3月5日, 20180305, Excel's serials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from math import isfinite

from app.domain.errors import N_, Reason
from app.domain.ledgers.findings import Problem
from app.domain.ledgers.texts import Cell, is_unknown, narrow, tidy, without_spaces

FOUNDED = date(1949, 10, 1)
"""No record of this field is older; birthdays are, see `earliest`."""

EPOCH_1900 = date(1899, 12, 30)  # Excel counts a 29 February 1900 that never was
EPOCH_1904 = date(1904, 1, 1)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119

_CLOCK = (
    r"(?:[T ]?(?:上午|下午)?\d{1,2}(?:[:时点]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?|时|点)?Z?)?"
)
_FULL = re.compile(rf"(\d{{4}})(?:年|[-./])(\d{{1,2}})(?:月|[-./])(\d{{1,2}})(?:日|号)?\.?{_CLOCK}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?")
_MONTH = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})月?|(\d{4})(\d{2})")
_SHORT_YEAR = re.compile(r"\d{2}(?:年|[-./])\d{1,2}(?:月|[-./])\d{1,2}日?")
_NO_YEAR = re.compile(r"\d{1,2}(?:月|[-./])\d{1,2}日?")
_YEAR = re.compile(r"(\d{4})年?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_HAS_NUMERAL = re.compile("[〇○零一二三四五六七八九十]")
_BETWEEN = re.compile(r"至|到|—+|–|~|～|-{2,}|(?<=[日号])-|(?<=\d)-(?=\d{4}[.年/])")


@dataclass(frozen=True, slots=True)
class Period:
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class DateRules:
    """`today` is the office's day: nothing happened after it. `earliest` bounds the other side."""

    today: date
    earliest: date = FOUNDED
    epoch_1904: bool = False


WRITE_FULL = Reason(N_("Write the date in full, such as 2018-03-05."))

NOT_A_DATE = Problem(
    "date_unreadable",
    Reason(N_("This is no date that can be read.")),
    WRITE_FULL,
)
DAY_MISSING = Problem(
    "date_incomplete", Reason(N_("The day or the month is missing from this date.")), WRITE_FULL
)
YEAR_MISSING = Problem(
    "date_incomplete",
    Reason(N_("The year of this date is missing or has only two digits.")),
    WRITE_FULL,
)
IMPOSSIBLE = Problem(
    "date_impossible",
    Reason(N_("There is no such day in the calendar.")),
    Reason(N_("Look the date up in the papers and write it as 2018-03-05.")),
)


def _future(today: date) -> Problem:
    return Problem(
        "date_in_future",
        Reason(N_("This date lies after today, {today}."), {"today": today.isoformat()}),
        Reason(N_("Look the date up in the papers: what has not happened yet can't be recorded.")),
    )


def _too_early(earliest: date) -> Problem:
    return Problem(
        "date_too_early",
        Reason(N_("This date lies before {earliest}."), {"earliest": earliest.isoformat()}),
        Reason(N_("Look the year up in the papers.")),
    )


def read_date(cell: Cell, rules: DateRules) -> date | Problem | None:
    """The day that a cell names, None where it says that none is known, or why it can't be."""
    if isinstance(cell, str):
        found = _parse(cell, rules.epoch_1904)
    elif isinstance(cell, datetime):
        found = cell.date()
    elif isinstance(cell, date):
        found = cell
    elif cell is None:
        return None
    elif isinstance(cell, bool) or not isinstance(cell, int | float):
        return NOT_A_DATE
    else:
        found = _from_number(float(cell), rules.epoch_1904)
    if not isinstance(found, date):
        return found
    if found > rules.today:
        return _future(rules.today)
    if found < rules.earliest:
        return _too_early(rules.earliest)
    return found


def read_month(cell: Cell, rules: DateRules) -> date | Problem | None:
    """Like `read_date`, for columns such as 出生年月: the first of the month if no day is given."""
    text = narrow(without_spaces(tidy(cell)))
    match = _MONTH.fullmatch(text)
    if match is None:
        return read_date(cell, rules)
    year, month = match[1] or match[3], match[2] or match[4]
    return read_date(f"{year}-{month}-1", rules)


def read_period(cell: Cell, rules: DateRules) -> Period | Problem | None:
    """From a cell such as 2018年4月9日至5月26日: the end may leave out what the start said."""
    text = narrow(without_spaces(tidy(cell)))
    if is_unknown(text):
        return None
    parts = [part for part in _BETWEEN.split(text) if part]
    if len(parts) != 2:
        return NOT_A_DATE
    begins = read_date(parts[0], rules)
    if not isinstance(begins, date):
        return begins or NOT_A_DATE
    ends = read_date(_completed(parts[1], begins), rules)
    if not isinstance(ends, date):
        return ends or NOT_A_DATE
    return Period(begins, ends) if begins <= ends else IMPOSSIBLE


def _completed(text: str, begins: date) -> str:
    if _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return text
    if _NO_YEAR.fullmatch(text):
        return f"{begins.year}-{re.sub('[月./]', '-', text).rstrip('日')}"
    if re.fullmatch(r"\d{1,2}日?", text):
        return f"{begins.year}-{begins.month}-{text.rstrip('日')}"
    return text


@lru_cache(maxsize=32768)
def _parse(written: str, epoch_1904: bool) -> date | Problem | None:
    text = written if written.isascii() else narrow(written)
    text = tidy(text)
    if (match := _FULL.fullmatch(text)) or (match := _FULL.fullmatch(without_spaces(text))):
        return _day(match[1], match[2], match[3])
    text = without_spaces(text)
    if is_unknown(text):
        return None
    if match := _COMPACT.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if _SERIAL.fullmatch(text):
        return _from_number(float(text), epoch_1904)
    if _HAS_NUMERAL.search(text):
        return _parse_numerals(text, epoch_1904)
    if _SHORT_YEAR.fullmatch(text) or _NO_YEAR.fullmatch(text):
        return YEAR_MISSING
    if _MONTH.fullmatch(text) or _YEAR.fullmatch(text):
        return DAY_MISSING
    return NOT_A_DATE


def _parse_numerals(text: str, epoch_1904: bool) -> date | Problem | None:
    """二〇一八年三月二十五日: the year digit by digit, month and day with 十."""
    plain = re.sub(r"([二三]?)十([一二三四五六七八九]?)", _tens, text).translate(_NUMERALS)
    return NOT_A_DATE if plain == text else _parse(plain, epoch_1904)


def _tens(match: re.Match[str]) -> str:
    return f"{match[1] or '一'}{match[2] or '〇'}"


def _day(year: str, month: str, day: str) -> date | Problem:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return IMPOSSIBLE


def _from_number(number: float, epoch_1904: bool) -> date | Problem:
    """A serial of Excel's, or a date typed as the number 20180305."""
    whole = int(number) if isfinite(number) and abs(number) < 1e12 else 0
    if whole in _SERIALS:
        return (EPOCH_1904 if epoch_1904 else EPOCH_1900) + timedelta(days=whole)
    if number == whole and (match := _COMPACT.fullmatch(str(whole))):
        return _day(match[1], match[2], match[3])
    if number == whole and re.fullmatch(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])?", str(whole)):
        return DAY_MISSING
    return NOT_A_DATE
