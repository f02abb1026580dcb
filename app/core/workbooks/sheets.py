"""What a workbook is once read: named sheets of raw cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Merged = list[tuple[tuple[int, int], tuple[int, int]]]
"""Merged ranges as (row, column) of the first and of the last cell, from 0."""


class Rows(Iterable[list[Cell]]):
    """Rows that can be iterated again: each time the source is read anew."""

    def __init__(self, begin: Callable[[], Iterator[list[Cell]]]) -> None:
        self._begin = begin

    def __iter__(self) -> Iterator[list[Cell]]:
        return self._begin()


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: Iterable[list[Cell]]
    merged: Merged = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """`format` is xlsx, xls, ods or csv; `encoding` is a csv's. `hidden` sheets are not read.
    `unstored_formulas` counts cells with a formula whose result was never stored: they read as
    empty. `progress` says how far reading has come, 0 to 1, where that is known."""

    format: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    epoch_1904: bool = False
    hidden: tuple[str, ...] = ()
    unstored_formulas: int = 0
    progress: Callable[[], float] | None = None
