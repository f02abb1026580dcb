"""Spreadsheets of offices: xlsx, xls and ods, their values only."""

from __future__ import annotations

import io
from collections.abc import Iterator

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.core.workbooks.archives import inspect_archive
from app.core.workbooks.compound import inspect_compound
from app.core.workbooks.problems import damaged, encrypted
from app.core.workbooks.sheets import Cell, Rows, Sheet, Workbook


def read_archive(content: bytes) -> Workbook:
    """An xlsx or ods, once it is known not to fill the memory."""
    facts = inspect_archive(content)
    return _read(content, facts.kind, facts.epoch_1904, facts.unstored_formulas)


def read_compound(content: bytes) -> Workbook:
    """An xls."""
    return _read(content, "xls", inspect_compound(content).epoch_1904, 0)


def _read(content: bytes, kind: str, epoch_1904: bool, unstored_formulas: int) -> Workbook:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [
            meta.name
            for meta in book.sheets_metadata
            if meta.visible is SheetVisibleEnum.Visible and meta.typ is SheetTypeEnum.WorkSheet
        ]
        sheets = tuple(_sheet(book.get_sheet_by_name(name)) for name in visible)
    except PasswordError:
        raise encrypted() from None
    except CalamineError:
        raise damaged() from None
    hidden = tuple(name for name in book.sheet_names if name not in visible)
    return Workbook(
        kind, sheets, epoch_1904=epoch_1904, hidden=hidden, unstored_formulas=unstored_formulas
    )


def _sheet(sheet: CalamineSheet) -> Sheet:
    return Sheet(sheet.name, Rows(lambda: _rows(sheet)), list(sheet.merged_cell_ranges or ()))


def _rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    """From the first row and column of the sheet: row numbers must be those that people see."""
    if sheet.start is None:
        return
    left: list[Cell] = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield [*left, *row]
