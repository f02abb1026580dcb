"""The workbook of rejected rows: mended there, it can be imported again.

It begins as the ledger did (title, units, headings), so that the same reading understands it.
Nothing in it can run: every text is written as text, with the mark that keeps it so.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.core.workbooks.sheets import Cell

_KEPT_IN_MEMORY = 20_000
_EXACT = 2**53
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "＝", "＋", "－", "＠")
_SHEET_NAME = str.maketrans("[]:*?/\\'", "（）：＊？／＼’")


class RejectedRow(Protocol):
    """`marked` are the columns whose cells are wrong. `said` goes into the added columns."""

    @property
    def cells(self) -> Sequence[Cell]: ...
    @property
    def marked(self) -> frozenset[int]: ...
    @property
    def said(self) -> Sequence[str]: ...


class RejectSheet(Protocol):
    """`above` are the rows over the heading, `headings` its tiers, `added` the headings of the
    columns that say why. Columns of `text_columns` are formatted as text, so that a number typed
    there keeps its digits."""

    @property
    def name(self) -> str: ...
    @property
    def above(self) -> Sequence[Sequence[Cell]]: ...
    @property
    def headings(self) -> Sequence[Sequence[Cell]]: ...
    @property
    def added(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Sequence[RejectedRow]: ...
    @property
    def text_columns(self) -> frozenset[int]: ...


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet could take this text for something to compute."""
    return text.startswith(_STARTS_A_FORMULA)


def write_rejects(sheets: Sequence[RejectSheet]) -> bytes:
    """An xlsx. Very many rows are written through a temporary file."""
    target = io.BytesIO()
    small = sum(len(sheet.rows) for sheet in sheets) <= _KEPT_IN_MEMORY
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": small,
            "constant_memory": not small,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    writer = _Writer(book)
    for position, sheet in enumerate(sheets, 1):
        writer.write(sheet, position)
    book.close()
    return target.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[str, bool, bool], Format] = {}
        self._heading = book.add_format(
            {"bold": True, "bg_color": "#EDEDED", "border": 1, "text_wrap": True}
        )
        self._said = book.add_format({"text_wrap": True, "font_color": "#9C0006"})
        self._names: set[str] = set()

    def write(self, sheet: RejectSheet, position: int) -> None:
        page = self._book.add_worksheet(self._name(sheet.name, position))
        at = 0
        for above in sheet.above:
            for column, cell in enumerate(above):
                self._cell(page, at, column, cell, marked=False, as_text=False)
            at += 1
        width = max((len(tier) for tier in sheet.headings), default=0)
        for depth, tier in enumerate(sheet.headings):
            for column in range(width):
                text = tier[column] if column < len(tier) else ""
                page.write_string(at, column, str(text or ""), self._heading)
            for column, text in enumerate(sheet.added if depth == 0 else [], width):
                page.write_string(at, column, str(text), self._heading)
            at += 1
        page.freeze_panes(at, 0)
        page.set_column(width, width + len(sheet.added) - 1, 40)
        for row in sheet.rows:
            for column, cell in enumerate(row.cells[:width]):
                self._cell(
                    page,
                    at,
                    column,
                    cell,
                    marked=column in row.marked,
                    as_text=column in sheet.text_columns,
                )
            for column, text in enumerate(row.said, width):
                page.write_string(at, column, text, self._said)
            at += 1

    def _name(self, wanted: str, position: int) -> str:
        name = wanted.translate(_SHEET_NAME).strip()[:28] or f"{position}"
        if name.lower() in self._names:
            name = f"{name[:24]} {position}"
        self._names.add(name.lower())
        return name

    def _cell(
        self, page: Worksheet, row: int, column: int, cell: Cell, *, marked: bool, as_text: bool
    ) -> None:
        look = self._look(cell, marked, as_text)
        match cell:
            case None | "":
                if look is not None:
                    page.write_blank(row, column, None, look)
            case bool():
                page.write_boolean(row, column, cell, look)
            case datetime() | date():
                page.write_datetime(row, column, cell, look)
            case int() | float() if not as_text and abs(cell) < _EXACT:
                page.write_number(row, column, cell, look)
            case _:
                page.write_string(row, column, str(cell), look)

    def _look(self, cell: Cell, marked: bool, as_text: bool) -> Format | None:
        kind = "plain"
        if isinstance(cell, str) and starts_a_formula(cell):
            kind = "quoted"
        elif as_text:
            kind = "text"
        elif isinstance(cell, date):
            kind = "date"
        if kind == "plain" and not marked:
            return None
        key = (kind, marked, as_text)
        if key not in self._formats:
            look = self._book.add_format({"bg_color": "#FFC7CE"} if marked else {})
            if kind == "quoted":
                look.set_quote_prefix()
            if kind == "text" or as_text:
                look.set_num_format("@")
            if kind == "date":
                look.set_num_format("yyyy-mm-dd")
            self._formats[key] = look
        return self._formats[key]
