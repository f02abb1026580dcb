"""Amounts of money and counts, as ledgers write them. Exact: no float is ever added."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite

from app.domain.errors import N_, Reason
from app.domain.ledgers.findings import Problem
from app.domain.ledgers.texts import Cell, is_unknown, narrow, tidy, without_spaces
from app.domain.money import AmountError, Money

YUAN = Decimal(1)
WAN = Decimal(10_000)
UNITS = {"元": YUAN, "圆": YUAN, "万元": WAN, "万": WAN, "千元": Decimal(1000)} | {
    "百万元": Decimal(1_000_000),
    "亿元": Decimal(100_000_000),
    "亿": Decimal(100_000_000),
    "yuan": YUAN,
    "rmb": YUAN,
    "cny": YUAN,
}
_UNIT = re.compile(
    r"(?:人民币)?(百万元|亿元|万元|千元|元|圆|亿|万|yuan|rmb|cny)(?:整|正)?$", re.IGNORECASE
)
_SIGNS = re.compile(r"^(?:人民币|rmb|cny)?[¥￥]?", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[+-]?\.\d+")
_PLAIN = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,6}))?")
_PLACES = {YUAN: 2, WAN: 6}
_IN_BRACKETS = re.compile(r"\((.+)\)")
_ABOUT = re.compile(r"^(?:约|大约|近|共|计|合计|共计)|(?:左右|上下|多|余)(?=百?[万亿千]?元?$)")
_COUNT = re.compile(r"(?:共|计|合计)?(\d+)(?:\.0+)?(?:人次|件次|人|件|条|名|户|起|次|个|项|笔)?")

NOT_AN_AMOUNT = Problem(
    "amount_unreadable",
    Reason(N_("This is no amount that can be read.")),
    Reason(N_("Write digits only, such as 35000.00; add the unit if it is not the column's.")),
)
NEGATIVE = Problem(
    "amount_negative",
    Reason(N_("An amount can't be negative here.")),
    Reason(N_("Write what came in and what went out in their own columns.")),
)
TOO_PRECISE = Problem(
    "amount_too_precise",
    Reason(N_("This amount is more precise than a fen.")),
    Reason(N_("Write yuan with at most two decimals, ten thousand yuan with at most six.")),
)
TOO_LARGE = Problem(
    "amount_too_large",
    Reason(N_("This amount is larger than any that can be kept.")),
    Reason(N_("Look the amount and its unit up in the papers.")),
)
NOT_A_COUNT = Problem(
    "count_unreadable",
    Reason(N_("This is no whole number.")),
    Reason(N_("Write how many, as a whole number.")),
)


def read_amount(cell: Cell, unit: Decimal) -> Money | Problem | None:
    """Yuan. `unit` is the column's; a unit in the cell itself wins. None where it is not known."""
    if isinstance(cell, str):
        return _plain(cell, unit) or _parse(cell, unit)
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return NOT_AN_AMOUNT
    return _checked(exact(cell), unit, from_float=isinstance(cell, float))


def exact(number: int | float) -> Decimal:
    """What the spreadsheet shows: the shortest digits that give this float."""
    return Decimal(repr(number)) if isinstance(number, float) else Decimal(number)


def signed_amount(cell: Cell, unit: Decimal) -> Money | Problem | None:
    """Like `read_amount`, and negative ones are taken: a bank writes corrections in red."""
    found = read_amount(cell, unit)
    if found is not NEGATIVE:
        return found
    if isinstance(cell, int | float):
        found = read_amount(-cell, unit)
    else:
        text = narrow(tidy(cell)).strip()
        bracketed = _IN_BRACKETS.fullmatch(text)
        found = read_amount(
            bracketed[1] if bracketed else re.sub("[-−﹣]", "", text, count=1), unit
        )
    return -found if isinstance(found, Money) else found


def _plain(text: str, unit: Decimal) -> Money | None:
    """12.34 in a column of yuan, 0.1234 in one of 万元: by far the most cells."""
    match = _PLAIN.fullmatch(text)
    places = _PLACES.get(unit)
    if match is None or places is None:
        return None
    fraction = match[2] or ""
    if len(fraction) > places:
        return None
    return Money(int(match[1] + fraction.ljust(places, "0")))


@lru_cache(maxsize=32768)
def _parse(written: str, unit: Decimal) -> Money | Problem | None:
    text = narrow(tidy(written)).replace("−", "-").replace("，", ",").replace("､", ",")
    text = without_spaces(text).replace("'", "")
    if is_unknown(text):
        return None
    text = _SIGNS.sub("", text)
    if match := _IN_BRACKETS.fullmatch(text):
        text = f"-{match[1]}"
    if match := _UNIT.search(text):
        unit = UNITS[match[1].lower()]
        text = text[: match.start()]
    text = _SIGNS.sub("", text)
    if not _NUMBER.fullmatch(text):
        return NOT_AN_AMOUNT
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return NOT_AN_AMOUNT
    return _checked(number, unit, from_float=False)


def is_about(cell: Cell) -> bool:
    """Whether the cell says 约, 左右, 余: nearly, not exactly."""
    return isinstance(cell, str) and bool(_ABOUT.search(narrow(without_spaces(cell))))


def without_about(cell: str) -> str:
    return _ABOUT.sub("", narrow(without_spaces(cell)))


def _checked(number: Decimal, unit: Decimal, *, from_float: bool) -> Money | Problem:
    if not number.is_finite():
        return NOT_AN_AMOUNT
    if number < 0:
        return NEGATIVE
    try:
        return Money.yuan(number * unit)
    except AmountError as error:
        if error.reason == "too_large":
            return TOO_LARGE
    if from_float:
        # Excel keeps 15 digits; what lies beyond is the noise of binary fractions.
        rounded = Decimal(f"{number:.15g}")
        if rounded != number:
            return _checked(rounded, unit, from_float=False)
    return TOO_PRECISE


def read_count(cell: Cell) -> int | Problem | None:
    """A number of people, of person-times, of rows; None where it is not known."""
    if isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) < 10:
        return int(cell)
    if isinstance(cell, bool):
        return NOT_A_COUNT
    if isinstance(cell, int | float):
        if not isfinite(cell) or cell != int(cell):
            return NOT_A_COUNT
        return int(cell) if 0 <= cell < 10**9 else NOT_A_COUNT
    text = narrow(without_spaces(tidy(cell)))
    if is_unknown(text):
        return None
    match = _COUNT.fullmatch(text.replace(",", ""))
    return int(match[1]) if match and len(match[1]) < 10 else NOT_A_COUNT
