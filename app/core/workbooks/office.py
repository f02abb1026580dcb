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

from app.core.workbooks.problems import N_, UnreadableFile
from app.core.workbooks.sheets import Cell, Rows, Sheet, Workbook


def damaged() -> UnreadableFile:
    return UnreadableFile(
        "damaged",
        N_("The workbook is damaged: open it in a spreadsheet program and save it again."),
    )


def encrypted() -> UnreadableFile:
    return UnreadableFile(
        "encrypted",
        N_("The workbook is protected by a password: save it without one and try again."),
    )


def read_office(
    content: bytes, kind: str, *, epoch_1904: bool = False, unstored_formulas: int = 0
) -> Workbook:
    """The guards must have passed `content` before: they know what would fill the memory."""
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
