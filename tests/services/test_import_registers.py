"""The two standard registers, taken in and written out again: row for row, cell for cell."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.domain.exports import Format, What
from app.domain.kinds import Kind
from app.domain.ledgers.families import Family
from app.domain.totals import Cohort
from app.services import exports, imports, matters, worklists
from app.services.imports import Report, Source
from app.services.totals import totals
from tests.builders import World

FOLDER = Path(__file__).parents[1] / "data" / "registers"
FILES = {Family.LEADS: "leads-register.xlsx", Family.CASES: "cases-register.xls"}
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
DAY = date(2018, 11, 30)
WHOLE = Cohort(as_of=DAY)


def take(world: World, family: Family) -> Report:
    world.clock.set(DAY)
    with world.open("imports.take", world.operator) as tx:
        report, _ = imports.import_file(
            tx, Source(FOLDER / FILES[family], FILES[family]), family, commit=True
        )
    return report


def written(world: World, what: What) -> list[dict[str, str]]:
    """The register as the chief exports it, with names, in the words of its own headings."""
    with world.open("exports.order", world.chief) as tx:
        ordered = exports.order(
            tx, what=what, format=Format.CSV, cohort=WHOLE, locale="zh_CN", names=True,
            reason="上报",
        )  # fmt: skip
    text = b"".join(exports.stream(world.office, world.chief.session, ordered)).decode()[1:]
    rows = list(csv.reader(io.StringIO(text)))
    at = rows.index([]) + 1
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :]]


def given(family: Family, code: str) -> dict[str, dict[str, Any]]:
    """The register as it came, by the person's code."""
    sheet = CalamineWorkbook.from_path(FOLDER / FILES[family]).get_sheet_by_index(0)
    rows = sheet.to_python()
    at = next(number for number, row in enumerate(rows) if code in row)
    heads = [str(head) for head in rows[at]]
    found = (dict(zip(heads, row, strict=True)) for row in rows[at + 1 :])
    return {str(row[code]): row for row in found if row[code]}


def test_the_register_of_leads_comes_in_as_matters_and_goes_out_again(world: World) -> None:
    report, expected = take(world, Family.LEADS), EXPECTED["leads"]
    assert (report.rows, report.rejected) == (expected["rows"], 0)
    with world.open("totals.read", world.operator) as tx:
        found = totals(tx, WHOLE).figures()
    assert found["leads"] == expected["leads"]
    came, rows = given(Family.LEADS, "受理人员编码"), written(world, What.LEAD_REGISTER)
    assert len(rows) == len(came)
    for row in rows:
        former = came[row["受理人员编码"]]
        for column in ("受理线索编码", "被反映人", "民族"):
            assert row[column] == str(former[column]), (row["受理人员编码"], column)
    assert {row["入党时间"] for row in rows} - {""}
    assert {row["出生年月"] for row in rows} - {""}
    assert all(row["处置情况报告"] for row in rows if came[row["受理人员编码"]]["处置情况报告"])


def test_the_register_of_cases_comes_in_as_matters_and_goes_out_again(world: World) -> None:
    report, expected = take(world, Family.CASES), EXPECTED["cases"]
    assert (report.rows, report.rejected) == (expected["rows"], 0)
    with world.open("cases.read", world.chief) as tx:
        wanted = worklists.Filter(kind=Kind.CASE)
        rows = worklists.page(tx, wanted, sort="opened", after=None, limit=100)
        states = [matters.open_matter(tx, row["id"]).head["state"] for row in rows]
    assert {state: states.count(state) for state in set(states)} == expected["states"]
    came, told = given(Family.CASES, "涉案人员编码"), written(world, What.CASE_REGISTER)
    assert len(told) == expected["rows"]
    for row in told:
        former = came[row["涉案人员编码"]]
        for column in ("案件编码", "被调查人", "性别", "学历"):
            assert row[column] == str(former[column]), (row["涉案人员编码"], column)
    assert sum(row["是否违反中央八项规定精神"] == "是" for row in told) == expected["eight_rules"]
    assert sum(row["是否主动交代问题"] == "是" for row in told) == expected["confessed"]


def test_without_the_right_to_names_a_register_tells_of_nobody(world: World) -> None:
    take(world, Family.LEADS)
    with world.open("exports.order", world.auditor) as tx:
        ordered = exports.order(
            tx, what=What.LEAD_REGISTER, format=Format.JSON, cohort=WHOLE, locale="zh_CN"
        )
    content = b"".join(exports.stream(world.office, world.auditor.session, ordered))
    (table,) = json.loads(content)["tables"]
    for column in ("ethnicity", "birth", "joined", "report"):
        assert {row[column] for row in table["rows"]} == {None}, column


def test_amounts_of_a_register_are_control_totals_and_move_no_money(world: World) -> None:
    take(world, Family.LEADS)
    with world.open("totals.read", world.operator) as tx:
        assert totals(tx, WHOLE).figures()["recovered_yuan"] == Decimal("0.00")


@pytest.mark.parametrize("order", [(Family.LEADS, Family.CASES), (Family.CASES, Family.LEADS)])
def test_a_case_of_the_register_finds_its_lead_in_any_order(
    world: World, order: tuple[Family, Family]
) -> None:
    for family in order:
        assert take(world, family).rejected == 0
    again = take(world, Family.CASES)
    assert (again.accepted, again.known) == (0, EXPECTED["cases"]["rows"])
