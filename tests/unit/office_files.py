"""Files as offices have them, written by hand where no library of the project writes them."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

Value = str | int | float | date | None
Table = Sequence[Sequence[Value]]
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""


def csv_bytes(rows: Table, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(
        [["" if cell is None else str(cell) for cell in row] for row in rows]
    )
    return text.getvalue().encode(encoding)


def xlsx_bytes(
    rows: Table,
    *,
    sheet: str = "台账",
    merges: Sequence[Merge] = (),
    others: dict[str, Table] | None = None,
    hidden: Sequence[str] = (),
    epoch_1904: bool = False,
) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "date_1904": epoch_1904}
    )
    as_date = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, table in {sheet: rows, **(others or {})}.items():
        page = book.add_worksheet(name)
        if name in hidden:
            page.hide()
        for top, left, bottom, right in merges if name == sheet else ():
            page.merge_range(top, left, bottom, right, "")
        for at, row in enumerate(table):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(at, column, cell, as_date)
                elif isinstance(cell, str):
                    page.write_string(at, column, cell)
                elif cell is not None:
                    page.write_number(at, column, cell)
    book.close()
    return target.getvalue()


_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>{}</manifest:manifest>'
)


def ods_bytes(rows: Table, sheet: str = "台账") -> bytes:
    body = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows
    )
    return ods_of(f"<table:table table:name={quoteattr(sheet)}>{body}</table:table>")


def _ods_cell(cell: Value) -> str:
    if cell is None or cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}">'
            f"<text:p>{cell.isoformat()}</text:p></table:table-cell>"
        )
    if isinstance(cell, str):
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{escape(cell)}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{cell}">'
        f"<text:p>{cell}</text:p></table:table-cell>"
    )


def ods_of(tables: str, *, encrypted: bool = False) -> bytes:
    target = io.BytesIO()
    inner = '<manifest:encryption-data manifest:checksum="x"/>' if encrypted else ""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS_HEAD + tables + _ODS_TAIL)
        archive.writestr("META-INF/manifest.xml", _MANIFEST.format(inner))
    return target.getvalue()


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def xls_stream(rows: Table, *, sheet: str = "Sheet1", epoch_1904: bool = False) -> bytes:
    """The records of a workbook of 1997 with one sheet; dates are written as serials."""
    name = sheet.encode("utf-16-le")
    begins = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    mode = _record(0x0022, struct.pack("<H", int(epoch_1904)))
    ends = _record(0x000A, b"")
    bound_length = 4 + 8 + len(name)
    offset = len(begins) + len(mode) + bound_length + len(ends)
    bound = _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(sheet), 1) + name)
    page = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    width = max(map(len, rows), default=0)
    page += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    epoch = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            page += _xls_cell(at, column, (cell - epoch).days if isinstance(cell, date) else cell)
    return begins + mode + bound + ends + page + ends


def _xls_cell(row: int, column: int, cell: str | int | float | None) -> bytes:
    if cell is None or cell == "":
        return b""
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        text = cell.encode("utf-16-le")
        return _record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    return _record(0x0203, place + struct.pack("<d", float(cell)))


_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound_file(streams: dict[str, bytes]) -> bytes:
    """A compound file of 512-byte sectors; every stream is padded past the small ones."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    following: list[int] = []
    body = b""
    starts: dict[str, int] = {}
    for name, content in padded.items():
        starts[name] = len(following)
        count = -(-len(content) // 512)
        following += [*range(starts[name] + 1, starts[name] + count), _END]
        body += content.ljust(count * 512, b"\0")
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for position, (name, content) in enumerate(padded.items(), 1):
        right = position + 1 if position < len(padded) else _FREE
        entries.append(_entry(name, 2, starts[name], len(content), right=right))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\0")
    first_directory = len(following)
    count = len(directory) // 512
    following += [*range(first_directory + 1, first_directory + count), _END]
    body += directory
    fat_count = 1
    while fat_count * 128 < len(following) + fat_count:
        fat_count += 1
    first_fat = len(following)
    following += [_FAT] * fat_count
    table = struct.pack(f"<{len(following)}I", *following).ljust(fat_count * 512, b"\xff")
    fat_places = [*range(first_fat, first_fat + fat_count), *[_FREE] * (109 - fat_count)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        fat_count,
        first_directory,
        0,
        4096,
        _END,
        0,
        _END,
        0,
    )
    header += struct.pack("<109I", *fat_places)
    return header + body + table


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE
) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written), kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def xls_bytes(rows: Table, *, sheet: str = "Sheet1", epoch_1904: bool = False) -> bytes:
    return compound_file({"Workbook": xls_stream(rows, sheet=sheet, epoch_1904=epoch_1904)})
