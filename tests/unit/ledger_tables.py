"""A ledger written down in a test as a table of cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.ledgers.families import Family
from app.domain.ledgers.findings import Judged
from app.domain.ledgers.headings import Merged
from app.domain.ledgers.numbers import Citations
from app.domain.ledgers.opening import Options
from app.domain.ledgers.reading import Reading, open_ledger
from app.domain.ledgers.texts import Cell

TODAY = date(2018, 9, 30)


@dataclass(frozen=True)
class TableSheet:
    name: str
    table: Sequence[Sequence[Cell]]
    merged: Merged = field(default_factory=list)

    @property
    def rows(self) -> Iterable[list[Cell]]:
        return (list(row) for row in self.table)


def opened(
    family: Family,
    *tables: Sequence[Sequence[Cell]],
    heading_map: dict[str, str] | None = None,
    merged: Merged = (),
    known: Iterable[str] = (),
) -> Reading:
    sheets = [TableSheet(f"第{n}表", table, merged) for n, table in enumerate(tables, 1)]
    options = Options(TODAY, heading_map or {}, citations=Citations(known))
    return open_ledger(family, sheets, options)


def judged(
    family: Family, *tables: Sequence[Sequence[Cell]], **how: Any
) -> tuple[Reading, list[Any]]:
    """The rows as `Judged`; loosely typed, since a test knows what it wrote."""
    reading = opened(family, *tables, **how)
    return reading, list(reading.rows())


def only(family: Family, table: Sequence[Sequence[Cell]], **how: Any) -> Any:
    (row,) = judged(family, table, **how)[1]
    return row


def codes(row: Judged[Any]) -> list[str]:
    return [finding.code for finding in row.findings]
