"""Subtotals and totals of the ledger's own, held against its rows; a difference is reported."""

from __future__ import annotations

import pytest

from app.domain.ledgers.families import Family
from app.domain.ledgers.texts import Cell
from tests.unit.ledger_tables import judged

Table = list[list[Cell]]
HEAD: list[Cell] = [
    "线索编号",
    "受理日期",
    "被反映人",
    "立案日期",
    "涉及金额（万元）",
    "组织处理（人次）",
]


def row(number: int, amount: Cell = "1.5", handlings: Cell = 1, filed: str = "") -> list[Cell]:
    return [f"A2018-{number:03}", "2018-03-05", "张三", filed, amount, handlings]


def controls(*rows: list[Cell]) -> list[tuple[str, str, str]]:
    found = judged(Family.LEADS, [HEAD, *rows])[0].controls
    return [(c.field, str(c.stated), str(c.difference)) for c in found]


def test_a_subtotal_counts_since_the_last_one_and_a_total_from_the_beginning() -> None:
    found = controls(
        row(1),
        row(2),
        ["小计", "", "", "", "3", "2"],
        row(3),
        ["本页小计", "", "", "", "1.5", "1"],
        ["合　计", "", "", "", "4.5", "3"],
    )
    assert [stated for _, stated, _ in found] == ["30000.00", "2", "15000.00", "1", "45000.00", "3"]
    assert {difference for _, _, difference in found} <= {"0", "0.00"}


def test_a_difference_is_reported_with_its_place() -> None:
    total: list[Cell] = ["合计", "", "", "", "3.1", 2]
    reading, rows = judged(Family.LEADS, [HEAD, row(1), row(2), total])
    wrong = [control for control in reading.controls if not control.agrees]
    assert len(rows) == 2
    (control,) = wrong
    assert (control.source.number, control.label, control.column) == (4, "合计", "涉及金额（万元）")
    assert (str(control.stated), str(control.computed)) == ("31000.00", "30000.00")
    assert str(control.difference) == "1000.00"
    assert not control.within_rounding


@pytest.mark.parametrize(("stated", "within"), [("4.69", True), ("4.7", True), ("4.6", False)])
def test_a_rounded_total_is_told_from_a_wrong_one(stated: str, within: bool) -> None:
    table: Table = [HEAD, row(1, "2.3451"), row(2, "2.3452"), ["合计", "", "", "", stated, ""]]
    (control,) = judged(Family.LEADS, table)[0].controls
    assert not control.agrees
    assert control.within_rounding is within


def test_counts_in_words_are_checked_too() -> None:
    found = controls(
        row(1, filed="2018-05-01"),
        row(2),
        ["合计", "", "2人", "立案1件", "合计3万元", "2人次"],
    )
    assert found == [
        ("subjects", "2", "0"),
        ("filed_on", "1", "0"),
        ("amount", "30000.00", "0.00"),
        ("handlings", "2", "0"),
    ]


def test_a_count_beside_the_label_is_the_rows() -> None:
    assert controls(row(1), row(2), ["合计：3件", "", "", "", "", ""]) == [("", "3", "1")]


def test_rejected_rows_are_added_up_as_far_as_they_can_be_read() -> None:
    bad: list[Cell] = ["A2018-009", "明年", "张三", "", "1", 1]
    total: list[Cell] = ["合计", "", "", "", "2.5", 2]
    reading, _ = judged(Family.LEADS, [HEAD, row(1), bad, total])
    assert reading.counts.rejected == 1
    assert all(control.agrees for control in reading.controls)


def test_a_person_called_total_is_no_total() -> None:
    table: Table = [HEAD, ["A2018-001", "2018-03-05", "小计", "", "1", 1]]
    reading, rows = judged(Family.LEADS, table)
    assert (len(rows), reading.controls) == (1, [])


def test_every_sheet_has_its_own_total_and_the_last_one_may_be_the_workbooks() -> None:
    first: Table = [HEAD, row(1), ["合计", "", "", "", "1.5", 1]]
    last: Table = [HEAD, row(2), ["合计", "", "", "", "1.5", 1], ["总计", "", "", "", "3", 2]]
    found = judged(Family.LEADS, first, last)[0].controls
    assert len(found) == 6
    assert all(control.agrees for control in found)


def test_several_rows_of_one_lead_may_be_counted_as_one() -> None:
    table: Table = [HEAD, row(1), row(1), row(2), ["合计：2件", "", "", "", "", ""]]
    (control,) = judged(Family.LEADS, table)[0].controls
    assert control.agrees


def test_a_total_of_signed_amounts() -> None:
    head: list[Cell] = ["线索编号", "姓名", "金额（元）", "领取日期", "签收"]
    rows: Table = [["A2018-1", "张三", 1.1, "2018-03-05", "已签收"] for _ in range(10)]
    table: Table = [head, *rows, ["共计", "10人", 11.0, "", ""]]
    found = judged(Family.RETURNS, table)[0].controls
    assert [(c.field, c.agrees) for c in found] == [("name", True), ("amount", True)]
