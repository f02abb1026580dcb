"""Any office file becomes sheets of raw cells; what would fill the memory is refused first."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.core import workbooks
from app.core.workbooks import UnreadableFile, archives, compound
from tests.unit.office_files import (
    Table,
    compound_file,
    csv_bytes,
    ods_bytes,
    ods_of,
    xls_bytes,
    xls_stream,
    xlsx_bytes,
)

TABLE: Table = [
    ["问题线索台账"],
    ["线索编号", "受理日期", "金额"],
    ["A2018-001", date(2018, 3, 5), 3.5],
    ["A2018-002", "2018.3.6", None],
]


def rows_of(content: bytes, name: str = "台账.bin") -> list[list[object]]:
    (sheet,) = workbooks.read(content, name).sheets
    return [list(row) for row in sheet.rows]


def refused(content: bytes, name: str = "台账.xlsx") -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        every_row(content, name)
    return caught.value


def every_row(content: bytes, name: str) -> None:
    for sheet in workbooks.read(content, name).sheets:
        list(sheet.rows)


# --- what offices have


@pytest.mark.parametrize(
    ("content", "kind"),
    [(xlsx_bytes(TABLE), "xlsx"), (ods_bytes(TABLE), "ods"), (xls_bytes(TABLE), "xls")],
)
def test_spreadsheets_are_known_by_their_content_whatever_their_name(
    content: bytes, kind: str
) -> None:
    book = workbooks.read(content, "台账.csv")
    assert book.format == kind
    rows = rows_of(content)
    assert [row[0] for row in rows] == ["问题线索台账", "线索编号", "A2018-001", "A2018-002"]
    assert rows[2][1] == (43164 if kind == "xls" else date(2018, 3, 5))
    assert rows[2][2] == 3.5


@pytest.mark.parametrize(
    ("encoding", "detected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_csv_in_every_encoding_of_offices(encoding: str, detected: str) -> None:
    content = csv_bytes(TABLE, encoding)
    book = workbooks.read(content, "台账.xls")
    assert (book.format, book.encoding) == ("csv", detected)
    assert rows_of(content)[1] == ["线索编号", "受理日期", "金额"]


def test_gb18030_holds_names_that_gbk_has_not() -> None:
    content = csv_bytes([["姓名"], ["㐱𠮷"]], "gb18030")
    assert rows_of(content)[1] == ["㐱𠮷"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found_though_cells_hold_others(delimiter: str) -> None:
    table = [["编号", "摘要", "金额"], ["A1", "张三,李四;王五", "1"], ["A2", "x,y", "2"]]
    assert rows_of(csv_bytes(table, delimiter=delimiter))[1] == ["A1", "张三,李四;王五", "1"]


def test_rows_and_columns_keep_the_numbers_that_people_see() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["C4"] = "first"
    page["E5"] = "second"
    target = io.BytesIO()
    book.save(target)
    rows = rows_of(target.getvalue())
    assert rows[3] == ["", "", "first", "", ""]
    assert rows[4][4] == "second"


def test_hidden_sheets_are_named_and_not_read() -> None:
    content = xlsx_bytes(TABLE, others={"旧数据": [["旧"]], "说明": [["注"]]}, hidden=["旧数据"])
    book = workbooks.read(content, "a.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["台账", "说明"]
    assert book.hidden == ("旧数据",)


def test_merged_ranges_are_known_in_xlsx() -> None:
    (sheet,) = workbooks.read(xlsx_bytes(TABLE, merges=[(0, 0, 0, 2)]), "a.xlsx").sheets
    assert sheet.merged == [((0, 0), (0, 2))]


@pytest.mark.parametrize("write", [xlsx_bytes, xls_bytes])
def test_a_workbook_says_that_it_counts_from_1904(write: object) -> None:
    assert workbooks.read(write(TABLE, epoch_1904=True), "a").epoch_1904 is True  # type: ignore[operator]
    assert workbooks.read(write(TABLE), "a").epoch_1904 is False  # type: ignore[operator]


def test_formulas_are_read_as_their_results_and_missing_results_are_counted() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["A2"] = 2, "=A1*2"
    target = io.BytesIO()
    book.save(target)  # stores no results
    assert workbooks.read(target.getvalue(), "a.xlsx").unstored_formulas == 1
    assert workbooks.read(xlsx_bytes(TABLE), "a.xlsx").unstored_formulas == 0


def test_a_csv_is_streamed_in_constant_memory_and_says_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    line = "YC2018-0001,2018-03-05,反映的主要问题写得很长很长\r\n" * 1000
    with path.open("w", encoding="gb18030", newline="") as file:
        for _ in range(100):
            file.write(line)
    book = workbooks.read(path, path.name)
    tracemalloc.start()
    count = sum(1 for _ in book.sheets[0].rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 2_000_000
    assert book.progress is not None
    rows = iter(book.sheets[0].rows)
    for _ in range(50_000):
        next(rows)
    assert 0.4 < book.progress() < 0.6


# --- what is refused, and how


def test_broken_bytes_name_their_line() -> None:
    good = "线索编号,被反映人\r\nA1,张三\r\nA2,李四\r\n".encode()
    broken = good[:-4] + b"\xe6\xff" + good[-2:]
    error = refused(broken, "a.csv")
    assert (error.code, error.values["line"], error.values["encoding"]) == (
        "encoding",
        "3",
        "UTF-8",
    )


def test_broken_gbk_names_its_line() -> None:
    content = "线索编号,被反映人\r\nA1,张三\r\n".encode("gb18030") + b"A2,\xff\xff\r\n"
    error = refused(content, "a.csv")
    assert (error.code, error.values["line"]) == ("encoding", "3")


def test_a_quotation_mark_left_open_swallows_nothing() -> None:
    error = refused('编号,摘要\nA1,"开了没关\nA2,x\n'.encode(), "a.csv")
    assert (error.code, error.values["line"]) == ("csv", "2")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n  ", "empty"),
        (b"%PDF-1.7 ...", "not_a_workbook"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "not_a_workbook"),
        (b"abc\0\0\0def", "not_a_workbook"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (xlsx_bytes(TABLE)[:-200], "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (compound_file({"WordDocument": b"x"}), "not_a_workbook"),
        (compound_file({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "encrypted"),
        (ods_of("", encrypted=True), "encrypted"),
    ],
)
def test_what_is_no_workbook_says_so(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_an_xls_with_a_password_says_so() -> None:
    stream = xls_stream(TABLE)
    locked = stream[:20] + struct.pack("<HHHH", 0x002F, 4, 0, 0) + stream[20:]
    assert refused(compound_file({"Workbook": locked})).code == "encrypted"


def test_a_chain_of_sectors_that_bites_its_tail_is_damaged() -> None:
    content = bytearray(xls_bytes(TABLE))
    fat = len(content) - 512
    content[fat : fat + 4] = struct.pack("<I", 0)  # the first sector follows itself
    assert refused(bytes(content)).code == "damaged"


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    with pytest.raises(UnreadableFile) as caught:
        workbooks.read(path, path.name)
    assert (caught.value.code, caught.value.values) == ("too_large", {"size": "200", "most": "50"})


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def sheet_xml(cells: bytes) -> dict[str, bytes]:
    return {
        "xl/workbook.xml": b"<workbook/>",
        "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>",
    }


def test_a_bomb_of_zeros_is_refused() -> None:
    assert refused(zipped({**sheet_xml(b""), "xl/media/x.bin": b"\0" * 60_000_000})).code == "bomb"


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    content = bytearray(zipped(sheet_xml(b" " * 20_000_000)))
    for at in (content.rfind(b"PK\x01\x02"),):  # the directory's entry of the sheet
        content[at + 24 : at + 28] = struct.pack("<I", 1000)
    assert refused(bytes(content)).code in {"bomb", "damaged"}


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="9"><c s="1" t="n" r="A9"/></row><row><c r="ZZZ900000"/></row>',
        b'<x:row><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_a_cell_in_the_last_corner_is_refused(cells: bytes) -> None:
    assert refused(zipped(sheet_xml(cells))).code == "bomb"


def test_rows_repeated_a_million_times_are_refused() -> None:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="900"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    assert refused(ods_of(f'<table:table table:name="x">{row}</table:table>')).code == "bomb"


def test_empty_rows_repeated_to_the_end_are_what_every_ods_has() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    tail = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    table = f'<table:table table:name="x"><table:table-row>{cell}</table:table-row>{tail}'
    assert rows_of(ods_of(f"{table}</table:table>")) == [["x"]]


def test_an_xls_whose_cells_reach_too_far_is_refused() -> None:
    wide = b"".join(struct.pack("<HHHHHd", 0x0203, 14, 65535, 255, 0, 1.0) for _ in range(1))
    stream = xls_stream([["x"]])
    assert compound.inspect_compound(compound_file({"Workbook": stream})).epoch_1904 is False
    far = stream[:-4] + wide + stream[-4:]
    assert refused(compound_file({"Workbook": far})).code == "bomb"


def test_an_ordinary_large_workbook_passes_the_guards() -> None:
    table: Table = [[f"A{n}", n, "反映的主要问题"] for n in range(20_000)]
    facts = archives.inspect_archive(xlsx_bytes(table))
    assert (facts.kind, facts.unstored_formulas) == ("xlsx", 0)
