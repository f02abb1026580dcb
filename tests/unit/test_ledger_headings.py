"""Headings: one tier or merged ones, other words, guesses with their reason, and a map."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.errors import Invalid
from app.domain.ledgers.columns import How, UnitFrom
from app.domain.ledgers.families import Family, fields_of
from app.domain.ledgers.opening import LedgerNotRecognised, Options, likely_family
from app.domain.ledgers.reading import open_ledger
from app.domain.ledgers.texts import Cell
from app.domain.ledgers.vocabulary import vocabulary
from tests.unit.ledger_tables import TODAY, TableSheet, judged, opened

HEAD: list[Cell] = ["线索编号", "受理日期", "被反映人"]
LEAD: list[Cell] = ["A2018-001", "2018-03-05", "张三"]


@pytest.mark.parametrize("family", Family)
def test_no_heading_of_a_family_stands_for_two_of_its_fields(family: Family) -> None:
    words = [word for field in fields_of(family).fields for word in field.headings]
    assert sorted({word for word in words if words.count(word) > 1}) == []


@pytest.mark.parametrize("family", Family)
def test_every_vocabulary_that_a_field_names_exists(family: Family) -> None:
    for field in fields_of(family).fields:
        if field.vocabulary:
            assert vocabulary(field.vocabulary).keys


def test_title_units_and_blank_rows_stand_above_the_heading() -> None:
    table: list[list[Cell]] = [
        ["某某县问题线索台账（截至2018年6月30日）"],
        [],
        ["填报单位：某某县纪委", "", "单位：件、人次、万元"],
        [*HEAD, "涉及金额"],
        [*LEAD, "3.5"],
    ]
    reading, (row,) = judged(Family.LEADS, table)
    assert reading.mapping.first_row == reading.mapping.last_row == 4
    assert reading.header.cut_off == date(2018, 6, 30)
    assert (reading.header.district, reading.header.office) == ("某某县", "某某县纪委")
    assert str(row.value.amount) == "35000.00"
    assert row.source.number == 5


@pytest.mark.parametrize(
    "title",
    [
        "台账（截至2018年6月30日）",
        "台账（截止2018.6.30）",
        "台账 统计时间：2018-06-30",
        "台账（2018年6月30日）",
        "台账（2018年1月1日至2018年6月30日）",
    ],
)
def test_the_cut_off_of_a_title(title: str) -> None:
    assert opened(Family.LEADS, [[title], HEAD, LEAD]).header.cut_off == date(2018, 6, 30)


TWO_TIERS: list[list[Cell]] = [
    ["序号", "线索编号", "受理日期", "被反映人", "", "", "属地", "", "办结日期"],
    ["", "", "", "姓名", "职务", "政治面貌", "乡镇", "村", ""],
    [1, "A2018-001", "2018-03-05", "张三", "村主任", "群众", "松山乡", "青山村", ""],
]


def test_merged_headings_are_understood_from_blanks_as_a_csv_has_them() -> None:
    mapping = opened(Family.LEADS, TWO_TIERS).mapping
    assert [column.heading for column in mapping.columns][3:6] == [
        "被反映人/姓名",
        "被反映人/职务",
        "被反映人/政治面貌",
    ]
    assert mapping.settled
    assert set(mapping.fields) >= {"subjects", "post", "membership", "township", "village"}


def test_merged_headings_are_understood_from_their_ranges() -> None:
    merged = [((0, 3), (0, 5)), ((0, 6), (0, 7)), ((0, 1), (1, 1)), ((0, 2), (1, 2))]
    mapping = opened(Family.LEADS, TWO_TIERS, merged=merged).mapping
    assert (mapping.first_row, mapping.last_row) == (1, 2)
    assert mapping.settled


def test_a_name_below_the_handlers_heading_is_the_handlers() -> None:
    table: list[list[Cell]] = [
        ["线索编号", "受理日期", "被反映人", "", "承办人", ""],
        ["", "", "姓名", "职务", "姓名", "联系电话"],
        ["A2018-001", "2018-03-05", "张三", "村主任", "李办案", "1390000"],
    ]
    _, (row,) = judged(Family.LEADS, table)
    assert row.value.subjects[0].name == "张三"
    assert row.value.handler == "李办案"


def test_a_row_that_numbers_the_columns_and_headings_printed_again_are_no_rows() -> None:
    table: list[list[Cell]] = [
        HEAD,
        ["甲", "1", "2"],
        LEAD,
        HEAD,
        ["A2018-002", "2018-03-06", "李四"],
    ]
    counted: list[list[Cell]] = [HEAD, ["1", "2", "3"], LEAD]
    assert [row.value.number for row in judged(Family.LEADS, table)[1]] == [
        "A2018-001",
        "A2018-002",
    ]
    assert len(judged(Family.LEADS, counted)[1]) == 1


def test_footers_are_no_rows() -> None:
    table: list[list[Cell]] = [
        HEAD,
        LEAD,
        ["填表人：王五", "", "审核人：赵六"],
        ["注：本表按月报送"],
    ]
    reading, rows = judged(Family.LEADS, table)
    assert (len(rows), reading.counts.footers) == (1, 2)


def test_a_heading_in_unknown_words_is_guessed_with_its_reason() -> None:
    table: list[list[Cell]] = [["线索编号", "线索被受理的日期", "被反映人"], LEAD]
    (column,) = opened(Family.LEADS, table).mapping.guessed
    assert (column.field, column.how) == ("received_on", How.GUESS)
    assert "受理日期" in str(column.reason)
    assert "100%" in str(column.reason)


def test_cells_that_speak_against_a_likeness_prevent_the_guess() -> None:
    table: list[list[Cell]] = [
        ["线索编号", "线索被受理的日期", "被反映人"],
        ["A2018-001", "张三丰", "张三"],
    ]
    mapping = opened(Family.LEADS, table).mapping
    assert [field.name for field in mapping.missing] == ["received_on"]
    with pytest.raises(Invalid) as caught:
        judged(Family.LEADS, table)
    assert [error.field for error in caught.value.errors] == ["map.received_on"]


def test_identity_numbers_and_dates_are_recognised_by_what_they_are() -> None:
    table: list[list[Cell]] = [
        ["线索编号", "何时", "被反映人"],
    ]
    table += [[f"A2018-00{n}", f"2018-03-0{n}", "张三"] for n in range(1, 6)]
    (column,) = opened(Family.LEADS, table).mapping.guessed
    assert column.field == "received_on"


def test_an_unknown_column_is_reported_and_the_map_leaves_it_out() -> None:
    table: list[list[Cell]] = [[*HEAD, "档案柜号"], [*LEAD, "3号柜"]]
    (unknown,) = opened(Family.LEADS, table).mapping.unknown
    assert (unknown.heading, unknown.letter, unknown.field) == ("档案柜号", "D", None)
    settled = opened(Family.LEADS, table, heading_map={"档案柜号": "ignore"}).mapping
    assert settled.settled
    assert settled.columns[3].how is How.IGNORED


def test_a_column_without_heading_is_unknown_only_if_it_holds_anything() -> None:
    assert opened(Family.LEADS, [[*HEAD, ""], [*LEAD, ""]]).mapping.settled
    (unknown,) = opened(Family.LEADS, [[*HEAD, ""], [*LEAD, "x"]]).mapping.unknown
    assert unknown.letter == "D"


def test_the_map_settles_what_the_table_would_read_otherwise() -> None:
    table: list[list[Cell]] = [["号", "来件日", "谁"], LEAD]
    given = {"号": "number", "来件日": "received_on", "谁": "subjects"}
    reading, (row,) = judged(Family.LEADS, table, heading_map=given)
    assert {column.how for column in reading.mapping.columns} == {How.MAP}
    assert row.value.subjects[0].name == "张三"


def test_a_map_may_name_both_tiers_or_the_lower_one() -> None:
    for heading in ("被反映人/职务", "职务"):
        mapping = opened(Family.LEADS, TWO_TIERS, heading_map={heading: "remark"}).mapping
        assert mapping.fields["remark"].heading == "被反映人/职务"


def test_a_map_to_a_field_that_there_is_not_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        opened(Family.LEADS, [HEAD, LEAD], heading_map={"受理日期": "birthday"})
    assert caught.value.errors[0].field == "map.birthday"


def test_a_second_column_for_the_same_field_is_unknown_and_says_which_was_taken() -> None:
    table: list[list[Cell]] = [[*HEAD, "收到日期"], [*LEAD, "2018-03-01"]]
    (unknown,) = opened(Family.LEADS, table).mapping.unknown
    assert "受理日期" in str(unknown.reason)


@pytest.mark.parametrize(
    ("above", "heading", "cell", "expected", "where"),
    [
        ([], "涉及金额（万元）", "2", "20000.00", UnitFrom.HEADING),
        ([], "涉及金额(元)", "2", "2.00", UnitFrom.HEADING),
        ([], "涉及金额/万元", "2", "20000.00", UnitFrom.HEADING),
        ([["单位：万元"]], "涉及金额", "2", "20000.00", UnitFrom.UNITS_ROW),
        ([["金额单位：元"]], "涉及金额", "2", "2.00", UnitFrom.UNITS_ROW),
        ([["单位：万元"]], "涉及金额（元）", "2", "2.00", UnitFrom.HEADING),
        ([["单位：万元"]], "涉及金额", "2元", "2.00", UnitFrom.UNITS_ROW),
        ([["填报单位：某县纪委"]], "涉及金额", "2", "2.00", UnitFrom.ASSUMED),
    ],
)
def test_the_unit_of_money(
    above: list[list[Cell]], heading: str, cell: str, expected: str, where: UnitFrom
) -> None:
    reading, (row,) = judged(Family.LEADS, [*above, [*HEAD, heading], [*LEAD, cell]])
    assert str(row.value.amount) == expected
    assert reading.mapping.fields["amount"].unit_from is where
    assumed = [notice.code for notice in reading.notices]
    assert assumed == (["unit_assumed"] if where is UnitFrom.ASSUMED else [])


def test_columns_may_stand_in_any_order_and_synonyms_do() -> None:
    table: list[list[Cell]] = [
        ["反映对象", "收到时间", "线索编码"],
        ["张三", "2018.3.5", "A2018-001"],
    ]
    _, (row,) = judged(Family.LEADS, table)
    assert (row.value.number, row.value.received_on) == ("A2018-001", date(2018, 3, 5))


def test_several_sheets_are_read_and_others_are_left_out_with_a_notice() -> None:
    second: list[list[Cell]] = [HEAD, ["A2018-002", "2018-03-06", "李四"]]
    reading, rows = judged(Family.LEADS, [HEAD, LEAD], [["说明"], ["略"]], second, [])
    assert [row.source.sheet for row in rows] == ["第1表", "第3表"]
    assert [(notice.code, notice.sheet) for notice in reading.notices] == [
        ("sheet_skipped", "第2表")
    ]


def test_another_familys_ledger_is_named() -> None:
    bank: list[list[Cell]] = [
        ["交易日期", "流水号", "摘要", "贷方发生额", "借方发生额", "余额"],
        ["20180108", "1", "退缴", "1", "", "1"],
    ]
    assert likely_family([TableSheet("x", bank)]) is Family.BANK
    with pytest.raises(LedgerNotRecognised) as caught:
        opened(Family.UNITS, bank)
    assert "bank" in str(caught.value.errors[0].reason)


def test_a_file_without_any_heading_says_what_it_needs() -> None:
    with pytest.raises(LedgerNotRecognised) as caught:
        opened(Family.LEADS, [["一", "二"], ["三", "四"]])
    assert "线索编号" in str(caught.value.errors[0].reason)


def test_reporters_columns_and_unknown_ones_beside_them_are_sealed() -> None:
    head: list[Cell] = ["信访编号", "信访日期", "举报人姓名", "联系方式", "主要诉求", "档案柜号"]
    row: list[Cell] = ["X1", "2018-03-05", "王五", "1390000", "反映某事", "3号柜"]
    mapping = opened(Family.PETITIONS, [head, row]).mapping
    assert mapping.sealed_columns() == {2, 3, 5}


def test_a_ledger_of_leads_that_names_reporters_seals_them_and_never_takes_them_for_others() -> (
    None
):
    head: list[Cell] = ["线索编号", "受理日期", "反映人", "反映人手机", "被反映人", "反映群众住址"]
    row: list[Cell] = ["A2018-001", "2018-03-05", "王五", "13900000000", "张三", "某村"]
    reading, (found,) = judged(Family.LEADS, [head, row])
    assert reading.mapping.sealed_columns() == {2, 3, 5}
    assert [notice.code for notice in reading.notices] == ["reporter_columns"]
    assert [subject.name for subject in found.value.subjects] == ["张三"]
    assert "王五" not in repr(found.value)
    without = opened(Family.LEADS, [head[:4], row[:4]]).mapping
    assert "subjects" not in without.fields


def test_what_the_workbook_says_of_itself_is_passed_on() -> None:
    sheet = TableSheet("第1表", [HEAD, LEAD])
    options = Options(TODAY, hidden_sheets=("旧",), unstored_formulas=3)
    notices = open_ledger(Family.LEADS, [sheet], options).notices
    assert [(n.code, n.sheet) for n in notices] == [
        ("sheet_hidden", "旧"),
        ("formulas_unstored", ""),
    ]
    assert str(notices[1].reason).startswith("3 cells hold formulas")
    one = Options(TODAY, unstored_formulas=1)
    [notice] = open_ledger(Family.LEADS, [sheet], one).notices
    assert str(notice.reason).startswith("One cell holds a formula")


def test_the_letters_of_the_numbers_are_known() -> None:
    assert opened(Family.LEADS, [HEAD, LEAD]).header.number_prefix == "A"
