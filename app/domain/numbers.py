"""Numbers of matters: drawn per kind, district and year; imported ones keep their office's."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_FIELD = re.compile(r"\{(district|year|seq:0(\d)d)\}")


@dataclass(frozen=True, slots=True)
class Series:
    """How a kind's numbers are written, such as `{district}{year}-{seq:04d}`."""

    pattern: str

    def __post_init__(self) -> None:
        if "{year}" not in self.pattern or "{seq:0" not in self.pattern:
            raise ValueError(f"a series needs {{year}} and {{seq:0Nd}}: {self.pattern!r}")

    def write(self, *, district: str, year: int, seq: int) -> str:
        return self.pattern.format(district=district, year=year, seq=seq)

    def read(self, number: str, *, district: str) -> tuple[int, int] | None:
        """(year, sequence) of a number of this series, None for another office's scheme."""
        expression, at = "", 0
        for field in _FIELD.finditer(self.pattern):
            expression += re.escape(self.pattern[at : field.start()])
            name = field.group(1)
            if name == "district":
                expression += re.escape(district)
            elif name == "year":
                expression += r"(?P<year>\d{4})"
            else:
                expression += rf"(?P<seq>\d{{{field.group(2)},9}})"
            at = field.end()
        expression += re.escape(self.pattern[at:])
        match = re.fullmatch(expression, number)
        return (int(match["year"]), int(match["seq"])) if match else None


RECEIPTS = Series("{district}-SJ{year}-{seq:05d}")
"""Receipts of payees, by district and year: a paper's number tells whose office it came from."""


def normal(number: str) -> str:
    """For comparing: full-width digits, stray spaces and case folded away."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", number)).upper()
