"""Resident identity numbers: eighteen characters, the last of which checks the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite
from operator import mul

from app.domain.errors import N_, Reason
from app.domain.ledgers.findings import Problem, Severity
from app.domain.ledgers.texts import Cell, is_unknown, narrow, tidy, without_spaces

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)  # full-width digits are narrowed first
_OLD_FORM = re.compile(r"\d{15}", re.ASCII)
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_LENGTH = 18
_SAFE_FLOAT = 2**53

FORMAT_AS_TEXT = Reason(
    N_("Format the column as text, then type the number again from the papers.")
)
DIGITS_LOST = Problem(
    "identity_digits_lost",
    Reason(
        N_("The spreadsheet turned this identity number into a number: its last digits are lost.")
    ),
    FORMAT_AS_TEXT,
)
LOOK_UP = Reason(N_("Look the identity number up in the papers, or leave the cell empty."))
WRONG_LENGTH = Problem(
    "identity_wrong_length",
    Reason(N_("An identity number has 18 characters: 17 digits and a digit or X.")),
    LOOK_UP,
)
WRONG_BIRTHDAY = Problem(
    "identity_wrong_birthday",
    Reason(N_("The birthday inside this identity number is no day of the calendar.")),
    LOOK_UP,
)
WRONG_CHECK = Problem(
    "identity_wrong_check",
    Reason(
        N_("The last character of this identity number doesn't fit the others: one is mistyped.")
    ),
    LOOK_UP,
)
OLD_NUMBER = Problem(
    "identity_old_number",
    Reason(
        N_("This is an old identity number of 15 digits; the one of 18 that replaced it is kept.")
    ),
    Reason(N_("Nothing needs to be done.")),
    Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """Eighteen characters with the right check. It tells the birthday and the sex."""

    value: str

    @property
    def born_on(self) -> date:
        return date(int(self.value[6:10]), int(self.value[10:12]), int(self.value[12:14]))

    @property
    def male(self) -> bool:
        return int(self.value[16]) % 2 == 1


def check_character(first17: str) -> str:
    return _CHECKS[sum(map(mul, map(int, first17), _WEIGHTS)) % 11]


def read_identity(cell: Cell) -> IdentityNumber | Problem | None:
    """None where no number is known."""
    if isinstance(cell, float) or (isinstance(cell, int) and not isinstance(cell, bool)):
        if not isfinite(cell):
            return WRONG_LENGTH
        if abs(cell) >= _SAFE_FLOAT:
            return DIGITS_LOST
        return _parse(str(int(cell))) if cell == int(cell) else WRONG_LENGTH
    if isinstance(cell, str) and _FORM.fullmatch(cell):
        return _checked(cell)
    return _parse(tidy(cell))


def _parse(written: str) -> IdentityNumber | Problem | None:
    text = without_spaces(narrow(written)).strip("'’‘`").upper().replace("×", "X")
    if is_unknown(text):
        return None
    if _EXPONENT.fullmatch(text):
        return DIGITS_LOST
    if _OLD_FORM.fullmatch(text):
        longer = f"{text[:6]}19{text[6:]}"
        return _checked(longer + check_character(longer))
    if not _FORM.fullmatch(text):
        return WRONG_LENGTH
    return _checked(text)


def is_old_form(cell: Cell) -> bool:
    return not (isinstance(cell, str) and len(cell) == _LENGTH) and bool(
        _OLD_FORM.fullmatch(without_spaces(narrow(tidy(cell))))
    )


def _checked(number: str) -> IdentityNumber | Problem:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return WRONG_BIRTHDAY
    if check_character(number[:17]) != number[17]:
        return WRONG_CHECK
    return IdentityNumber(number)
