"""Cells as text: width, padding, invisible characters, and comparing words however written."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

Cell = str | int | float | bool | date | datetime | time | timedelta | None
"""What a spreadsheet's cell can hold, as it was read."""

# Control characters (PostgreSQL refuses NUL), zero-width ones, and those that turn the
# direction of text, with which a name can be made to look like another.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffd]"
)
_SPACES = re.compile(r"\s+")
_IN_COMPARISON = re.compile(
    r"[\s\"'“”‘’「」『』《》〈〉〔〕【】\[\](){}·、,，。.:：;；*＊/\\|_\-—–－]+"
)

UNKNOWN_WORDS = frozenset(
    {
        "不详",
        "不明",
        "不清",
        "未知",
        "未查清",
        "待查",
        "待核",
        "待核实",
        "待查实",
        "待定",
        "暂无",
        "无",
    }
    | {
        "空",
        "缺",
        "未填",
        "不知",
        "/",
        "\\",
        "-",
        "--",
        "---",
        "—",
        "——",
        "―",
        "–",
        "n/a",
        "na",
        "null",
    }
    | {"none", "nil", "unknown", "?", "？", "*", "…", "……"}
)


def tidy(cell: Cell) -> str:
    """The cell as text, without padding and invisible characters; inner line breaks stay."""
    if isinstance(cell, str):
        text = cell
    elif cell is None:
        return ""
    else:
        text = _written(cell)
    if not text.isprintable():
        text = _INVISIBLE.sub("", text)
    return text.strip()


def tidy_all(cells: list[Cell]) -> list[str]:
    """`tidy` for a whole row, quicker: rows of plain text are the rule."""
    try:
        if "".join(cells).isprintable():  # type: ignore[arg-type]
            return [cell.strip() for cell in cells]  # type: ignore[union-attr]
    except TypeError:  # a number or a date among them
        pass
    return [tidy(cell) for cell in cells]


def _written(cell: int | float | bool | date | datetime | time | timedelta) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return str(cell)


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def without_spaces(text: str) -> str:
    return _SPACES.sub("", text)


@lru_cache(maxsize=8192)
def squash(text: str) -> str:
    """For comparing: half width, lower case, without spaces, quotation marks and punctuation."""
    return _IN_COMPARISON.sub("", unicodedata.normalize("NFKC", text)).lower()


LONGEST_UNKNOWN = 8
"""No way of saying that nothing is known is longer, even padded."""


@lru_cache(maxsize=4096)
def is_unknown(text: str) -> bool:
    """Whether the cell says that nothing is known: empty, 不详, /, — and the like."""
    return not text or narrow(without_spaces(text)).lower() in UNKNOWN_WORDS


def shortened(text: str, most: int = 60) -> str:
    line = one_line(text)
    return line if len(line) <= most else line[: most - 1] + "…"


def plain_decimal(value: Decimal) -> str:
    """Without exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
