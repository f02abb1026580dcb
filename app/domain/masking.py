"""What is left of a name or an identity number for who may not know it."""

from __future__ import annotations

import re

MASK = "×"
_IDENTITY = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")


def name(text: str) -> str:
    """张×, 李××: the first character, then a mark for each further one, at least one."""
    text = text.strip()
    return text[:1] + MASK * max(len(text) - 1, 1) if text else MASK * 3


def identity(number: str) -> str:
    """990101********1234: area and last four. Anything that is no such number goes whole."""
    number = number.strip()
    if not _IDENTITY.fullmatch(number):
        return "*" * 18
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def reference(text: str) -> str:
    """A bank's reference: its last four characters."""
    return "*" * max(len(text) - 4, 0) + text[-4:] if len(text) > 4 else "*" * len(text)


# A spreadsheet runs a cell that begins so.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what would begin a formula."""
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell
