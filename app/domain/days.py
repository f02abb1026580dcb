"""Days as people type them."""

from __future__ import annotations

import re
from datetime import date

from app.domain.errors import N_

EARLIEST = date(1900, 1, 1)
TOO_LONG_AGO = N_("This day is too long ago: mistyped?")

# As a Chinese keyboard writes digits, the hyphen, the stop, the slash and the space.
_FULL_WIDTH = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        "－": "-",
        "．": ".",
        "／": "/",
        "\u3000": " ",
    }
)
_TYPED = re.compile(
    r"(\d{4})(?:([-./])(\d{1,2})\2(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日)", re.ASCII
)


def as_typed(text: str) -> str:
    """A day as `date.fromisoformat` takes it, from one that somebody typed with the year first.
    What can be read in two ways is left as it is, to be refused."""
    found = _TYPED.fullmatch(text.translate(_FULL_WIDTH).strip())
    if found is None:
        return text
    year, _between, *parts = found.groups()
    month, day = (part for part in parts if part is not None)
    return f"{year}-{month:0>2}-{day:0>2}"
