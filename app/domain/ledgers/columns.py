"""How a ledger's columns became fields, and why: shown before anything is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.domain.errors import Reason
from app.domain.ledgers.amounts import YUAN
from app.domain.ledgers.families import Family, Field


class How(StrEnum):
    SYNONYM = "synonym"  # the table of synonyms has the heading
    GUESS = "guess"  # by likeness and by what the cells hold
    MAP = "map"  # somebody said so
    IGNORED = "ignored"  # known and not needed, empty, or the map says so
    UNKNOWN = "unknown"  # not taken, and nobody said that it may be left out


class UnitFrom(StrEnum):
    HEADING = "heading"
    UNITS_ROW = "units_row"
    NEIGHBOUR = "neighbour"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column. `unit` is how many yuan its numbers count in, for columns of money."""

    index: int
    heading: str
    field: str | None
    how: How
    reason: Reason
    unit: Decimal = YUAN
    unit_from: UnitFrom | None = None
    sealed: bool = False

    @property
    def letter(self) -> str:
        """As the spreadsheet names the column: A, B, … AA."""
        letters, rest = "", self.index + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return letters


@dataclass(frozen=True)
class Mapping:
    """A sheet's headings, settled or not. `first_row` and `last_row` count from 1; `first_row` is
    0 where no heading was found."""

    family: Family
    columns: tuple[ColumnMapping, ...]
    missing: tuple[Field, ...]
    first_row: int
    last_row: int

    @property
    def fields(self) -> dict[str, ColumnMapping]:
        return {column.field: column for column in self.columns if column.field}

    @property
    def guessed(self) -> tuple[ColumnMapping, ...]:
        return tuple(column for column in self.columns if column.how is How.GUESS)

    @property
    def unknown(self) -> tuple[ColumnMapping, ...]:
        return tuple(column for column in self.columns if column.how is How.UNKNOWN)

    @property
    def settled(self) -> bool:
        """Nothing is guessed, unknown or missing: it can be taken without asking."""
        return not (self.guessed or self.unknown or self.missing)

    @property
    def readable(self) -> bool:
        return bool(self.columns) and not self.missing

    def sealed_columns(self) -> frozenset[int]:
        """Those that tell who reported; where reporters occur, unknown columns count as such."""
        return frozenset(column.index for column in self.columns if column.sealed)


def heading_text(tiers: Sequence[str]) -> str:
    """被反映人 above 姓名: 被反映人/姓名."""
    return "/".join(tiers)
