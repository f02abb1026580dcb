"""Rejected rows come back as a workbook that can be mended and imported again."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import openpyxl

from app.core import workbooks
from app.domain.errors import Reason
from app.domain.ledgers.families import Family
from app.domain.ledgers.findings import Judged, Verdict
from app.domain.ledgers.opening import Options
from app.domain.ledgers.reading import Reading, open_ledger
from app.domain.ledgers.rejects import reject_sheets
from tests.unit.office_files import Table, xlsx_bytes

TODAY = date(2018, 9, 30)
LEADS: Table = [
    ["某区线索台账（截至2018年6月30日）"],
    ["", "", "", "单位：万元"],
    ["线索编号", "受理日期", "被反映人", "", "涉及金额"],
    ["", "", "姓名", "身份证号", ""],
    ["A2018-001", "2018-03-05", "张三", "", 3.5],
    ["A2018-002", "2018-13-05", "李四", 9.90101197802123e17, 1.25],
    ["A2018-003", date(2018, 4, 2), "=cmd|' /C calc'!A0", "", -2],
]
PETITIONS: Table = [
    ["信访编号", "信访日期", "举报人", "联系电话", "主要诉求", "另一栏"],
    ["X1", "明年", "王举报", "13900000000", "反映某事", "王举报的邻居"],
]


def read(family: Family, content: bytes) -> tuple[Reading, list[Judged[Any]]]:
    book = workbooks.read(content, "a.xlsx")
    reading = open_ledger(family, book.sheets, Options(TODAY))
    return reading, list(reading.rows())


def rejects(family: Family, table: Table, *, include_sealed: bool = False) -> bytes:
    reading, rows = read(
        family, xlsx_bytes(table, merges=[(2, 2, 2, 3)] if family == "leads" else [])
    )
    rejected = [row for row in rows if row.verdict is Verdict.REJECTED]
    return workbooks.write_rejects(
        reject_sheets(reading, rejected, str_of, include_sealed=include_sealed)
    )


def str_of(reason: Reason) -> str:
    return str(reason)


def cells(content: bytes) -> list[list[object]]:
    (sheet,) = workbooks.read(content, "r.xlsx").sheets
    return [list(row) for row in sheet.rows]


def test_only_rejected_rows_come_back_below_the_ledgers_own_heading() -> None:
    rows = cells(rejects(Family.LEADS, LEADS))
    assert [row[0] for row in rows] == [
        "某区线索台账（截至2018年6月30日）",
        "",
        "线索编号",
        "",
        "A2018-002",
        "A2018-003",
    ]
    assert rows[2][5:] == ["Why it was returned", "What to do", "Row in the ledger"]


def test_each_row_says_what_is_wrong_in_which_cell_and_what_to_do() -> None:
    rows = cells(rejects(Family.LEADS, LEADS))
    why, todo, number = map(str, rows[4][5:])
    assert "受理日期 “2018-13-05”: There is no such day in the calendar." in why
    assert "被反映人/身份证号" in why
    assert "last digits are lost" in why
    assert "type the number again from the papers" in todo
    assert number == "6"


def test_mended_rows_are_accepted_with_the_same_units_and_cut_off() -> None:
    book = openpyxl.load_workbook(io.BytesIO(rejects(Family.LEADS, LEADS)))
    page = book.active
    assert page is not None
    page["B5"], page["D5"] = "2018-12-05", ""
    page["B5"], page["E6"] = "2018-05-13", 2
    target = io.BytesIO()
    book.save(target)
    reading, rows = read(Family.LEADS, target.getvalue())
    assert [row.verdict for row in rows] == [Verdict.ACCEPTED, Verdict.ACCEPTED]
    assert reading.mapping.settled
    assert reading.header.cut_off == date(2018, 6, 30)
    assert [str(row.value and row.value.amount) for row in rows] == ["12500.00", "20000.00"]


def test_nothing_in_the_workbook_can_run() -> None:
    content = rejects(Family.LEADS, LEADS)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert not re.search(r"<f[ >]", sheet)
    assert 'quotePrefix="1"' in styles
    assert cells(content)[5][2] == "=cmd|' /C calc'!A0"


def test_a_number_with_lost_digits_is_written_as_text_to_be_typed_over() -> None:
    assert cells(rejects(Family.LEADS, LEADS))[4][3] == "9.90101197802123e+17"


def test_who_reported_is_left_out_unless_the_intake_officer_asks() -> None:
    without = rejects(Family.PETITIONS, PETITIONS)
    with zipfile.ZipFile(io.BytesIO(without)) as archive:
        everything = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    assert "王举报" not in everything
    assert "13900000000" not in everything
    assert cells(without)[1][0] == "X1"
    own = cells(rejects(Family.PETITIONS, PETITIONS, include_sealed=True))
    assert own[1][2:4] == ["王举报", "13900000000"]
