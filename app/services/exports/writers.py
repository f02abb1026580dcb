"""Files in three forms: a head that says what the file is, then tables.

CSV for spreadsheets and programs, with a mark so that Excel reads it as UTF-8; XLSX at constant
memory through a file that no one else can read; JSON.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.domain import masking
from app.domain.errors import N_, TooLarge
from app.domain.exports import Column
from app.services.exports.definition import Definition

BLOCK = 65536
MOST_ROWS = 1_048_576  # a worksheet's
MOST_DIGITS = 15  # that a spreadsheet keeps of a number
MARK = "\ufeff"

Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with headings in the reader's language, and rows as they come."""

    title: str
    columns: Sequence[Column]
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def csv_text(rows: Iterable[Sequence[Cell]]) -> str:
    """Rows as CSV; text that a spreadsheet would run is made harmless, numbers stay numbers."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in rows:
        writer.writerow([masking.harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue()


def csv_head(definition: Definition, headings: Sequence[str] | None) -> bytes:
    """The definition, an empty row, and the headings of the table that follows."""
    rows: list[Sequence[Cell]] = [[definition.title], *definition.lines, []]
    if headings is not None:
        rows.append(headings)
    return (MARK + csv_text(rows)).encode()


def csv_file(definition: Definition, tables: Sequence[Table]) -> Iterator[bytes]:
    """Tables below each other, an empty row between."""
    gathered = bytearray(csv_head(definition, None))
    for at, table in enumerate(tables):
        above: list[Sequence[Cell]] = [[]] if at else []
        if len(tables) > 1:
            above.append([table.title])
        gathered += csv_text([*above, table.headings]).encode()
        for row in table.rows:
            gathered += csv_text([row]).encode()
            if len(gathered) >= BLOCK:
                yield bytes(gathered)
                gathered.clear()
    if gathered:
        yield bytes(gathered)


def json_file(definition: Definition, tables: Sequence[Table]) -> Iterator[bytes]:
    """`{"title", "definition", "tables": [{"title", "columns", "rows"}]}`; amounts are text."""
    head = {"title": definition.title, "definition": dict(definition.recorded),
            "head": dict(definition.lines)}  # fmt: skip
    gathered = bytearray(_json(head)[:-1] + b', "tables": [')
    for at, table in enumerate(tables):
        columns = [
            {"key": column.key, "label": label, "kind": column.kind}
            for column, label in zip(table.columns, table.headings, strict=True)
        ]
        start = {"title": table.title, "columns": columns}
        gathered += (b", " if at else b"") + _json(start)[:-1] + b', "rows": ['
        for number, row in enumerate(table.rows):
            named = {
                column.key: _plain(cell) for column, cell in zip(table.columns, row, strict=True)
            }
            gathered += (b",\n" if number else b"\n") + _json(named)
            if len(gathered) >= BLOCK:
                yield bytes(gathered)
                gathered.clear()
        gathered += b"]}"
    gathered += b"]}\n"
    yield bytes(gathered)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell


def xlsx_file(definition: Definition, tables: Sequence[Table]) -> Iterator[bytes]:
    """A sheet a table, the definition above the first. Raises TooLarge beyond a sheet's rows."""
    with tempfile.TemporaryFile(suffix=".xlsx") as file:
        _write_book(file, definition, tables)
        file.seek(0)
        while block := file.read(BLOCK):
            yield block


def _write_book(file: Any, definition: Definition, tables: Sequence[Table]) -> None:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    formats = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "label": book.add_format({"font_color": "#565E68"}),
        "heading": book.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "wan": book.add_format({"num_format": "#,##0.00####"}),
        "number": book.add_format({"num_format": "0"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        # Kept as text also when somebody edits the cell and leaves it.
        "text": book.add_format({"quote_prefix": True}),
    }
    names: set[str] = set()
    for at, table in enumerate(tables):
        sheet = book.add_worksheet(_sheet_name(table.title, names))
        for column, shape in enumerate(table.columns):
            sheet.set_column(column, column, 14 if shape.kind != "text" else 20)
        row = 0
        if at == 0:
            sheet.write_string(0, 0, definition.title, formats["title"])
            for row, (label, text) in enumerate(definition.lines, start=1):
                sheet.write_string(row, 0, label, formats["label"])
                sheet.write_string(row, 1, text)
            row += 2
        for column, heading in enumerate(table.headings):
            sheet.write_string(row, column, heading, formats["heading"])
        for cells in table.rows:
            row += 1
            if row >= MOST_ROWS:
                raise TooLarge(N_("A worksheet holds no more than a million rows: take CSV."))
            for column, cell in enumerate(cells):
                _write_cell(sheet, row, column, cell, table.columns[column].kind, formats)
    book.close()


def _write_cell(
    sheet: Any, row: int, column: int, cell: Cell, kind: str, formats: dict[str, Any]
) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Decimal | int) and len(str(abs(cell)).replace(".", "")) <= MOST_DIGITS:
        sheet.write_number(row, column, cell, formats.get(kind, formats["number"]))
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats["date"])
    else:
        text = str(cell)
        run = text.startswith(masking.FORMULA_STARTS)
        sheet.write_string(row, column, text, formats["text"] if run else None)


def _sheet_name(title: str, taken: set[str]) -> str:
    """At most 31 characters, none that a sheet's name can't have, each name once."""
    name = "".join(" " if mark in "[]:*?/\\'" else mark for mark in title)[:28].strip() or "-"
    unique, at = name, 2
    while unique.casefold() in taken:
        unique, at = f"{name} {at}", at + 1
    taken.add(unique.casefold())
    return unique
