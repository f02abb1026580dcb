"""What rows of leads, petitions, findings, returns and units become, and what is said of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.ledgers.families import Family
from app.domain.ledgers.findings import Verdict
from app.domain.ledgers.people import Membership
from app.domain.ledgers.rows.leads import lead_state
from app.domain.ledgers.sanctions import Handling, SanctionKind
from app.domain.ledgers.texts import Cell
from tests.unit.ledger_tables import codes, judged, only

HEAD = ["线索编号", "受理日期", "被反映人", "单位及职务", "政治面貌", "身份证号"]
DATED = date(2018, 3, 5)


def lead(**cells: Cell) -> Any:
    """One lead, its other columns named by their headings."""
    base: dict[str, Cell] = {"线索编号": "A2018-001", "受理日期": "2018-03-05", "被反映人": "张三"}
    row = {**base, **cells}
    return only(Family.LEADS, [list(row), list(row.values())])


def finding_of(row: Any) -> tuple[str, str, str]:
    (finding,) = row.findings
    return finding.code, finding.column, finding.value


# --- leads


@pytest.mark.parametrize(
    ("disposal", "filed", "closed", "state"),
    [
        (None, False, False, "registered"),
        ("hold", False, False, "held"),
        ("hold", False, True, "closed"),
        ("talk_letter", False, False, "talk_letter"),
        ("talk_letter", False, True, "closed"),
        ("verification", False, False, "verifying"),
        ("verification", False, True, "closed"),
        ("verification", True, False, "filed"),
        ("verification", True, True, "filed"),
        ("close", False, True, "closed"),
        ("close", False, False, "closed"),
        ("referral", False, False, "referred"),
        (None, True, False, "filed"),
        (None, False, True, "closed"),
    ],
)
def test_the_state_that_a_row_shows(
    disposal: str | None, filed: bool, closed: bool, state: str
) -> None:
    assert lead_state(disposal, DATED if filed else None, DATED if closed else None) == state


def test_two_people_with_posts_memberships_numbers_and_sanctions_apart() -> None:
    row = only(
        Family.LEADS,
        [
            [*HEAD, "乡镇", "党纪处分", "政务处分"],
            [
                *("A2018-001", "2018-03-05", "程　琴、魏国永", "松山乡民政办主任、扶贫专干"),
                *("中共党员、群众", "990101195507158928、990101195511207331", "松山乡"),
                *("程琴：警告", "魏国永：记过"),
            ],
        ],
    )
    first, second = row.value.subjects
    assert (first.name, first.post) == ("程琴", "松山乡民政办主任")
    assert (second.name, second.post) == ("魏国永", "松山乡扶贫专干")
    assert [one.membership for one in row.value.subjects] == [
        Membership.MEMBER,
        Membership.NOT_MEMBER,
    ]
    assert [one.identity.value for one in row.value.subjects] == [
        "990101195507158928",
        "990101195511207331",
    ]
    assert [(s.kind, s.measure, s.subject) for s in row.value.sanctions] == [
        (SanctionKind.PARTY, "warning", 0),
        (SanctionKind.ADMINISTRATIVE, "demerit", 1),
    ]
    assert row.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("cells", "code", "column", "value"),
    [
        ({"受理日期": "2018-13-05"}, "date_impossible", "受理日期", "2018-13-05"),
        ({"受理日期": "2019-03-05"}, "date_in_future", "受理日期", "2019-03-05"),
        ({"受理日期": ""}, "cell_empty", "受理日期", ""),
        ({"线索编号": ""}, "cell_empty", "线索编号", ""),
        ({"涉及金额（元）": "-5"}, "amount_negative", "涉及金额（元）", "-5"),
        ({"涉及金额（元）": "5.001"}, "amount_too_precise", "涉及金额（元）", "5.001"),
        ({"处置方式": "另行研究"}, "word_unknown", "处置方式", "另行研究"),
        (
            {"身份证号": 9.90101197802123e17},
            "identity_digits_lost",
            "身份证号",
            "9.90101197802123e+17",
        ),
        ({"党纪处分": "批评"}, "word_unknown", "党纪处分", "批评"),
        ({"党纪处分": "李四：警告"}, "outcome_of_other", "党纪处分", "李四：警告"),
        ({"组织处理（人次）": 1.5}, "count_unreadable", "组织处理（人次）", "1.5"),
        ({"反映的主要问题": "长" * 8001}, "text_too_long", "反映的主要问题", "长" * 59 + "…"),
    ],
)
def test_a_row_is_rejected_with_the_cell_its_value_and_the_reason(
    cells: dict[str, Cell], code: str, column: str, value: str
) -> None:
    row = lead(**cells)
    assert row.verdict is Verdict.REJECTED
    assert row.value is None
    assert finding_of(row) == (code, column, value)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"线索来源": "天上掉下"}, "word_unknown"),
        ({"被反映人": "张三等3人"}, "people_unnamed"),
        ({"被反映人": "张三、李四", "单位及职务": "甲、乙、丙"}, "posts_unclear"),
        ({"被反映人": "张三、李四", "政治面貌": "群众"}, "memberships_unclear"),
        ({"身份证号": "990101780212326"}, "identity_old_number"),
        ({"涉及金额（万元）": "约3.5"}, "amount_about"),
        ({"办结日期": "2018-01-05"}, "dates_out_of_order"),
        ({"复核情况": "某某"}, "flag_unreadable"),
    ],
)
def test_a_row_is_taken_with_a_warning(cells: dict[str, Cell], code: str) -> None:
    row = lead(**cells)
    assert row.verdict is Verdict.WARNED
    assert row.value is not None
    assert codes(row) == [code]


def test_a_sanction_of_several_people_must_say_whose() -> None:
    row = lead(被反映人="张三、李四", 党纪处分="警告")
    assert finding_of(row) == ("outcome_unclear", "党纪处分", "警告")
    assert "张三：警告" in str(row.findings[0].todo)


@pytest.mark.parametrize(
    ("post", "member", "column", "sanction", "doubted"),
    [
        ("青山村村主任", "群众", "党纪处分", "警告", True),
        ("青山村村主任", "中共党员", "党纪处分", "警告", False),
        ("青山村村主任", "", "党纪处分", "警告", False),
        ("青山村村主任", "群众", "政务处分", "撤职", True),
        ("青山村村主任", "群众", "政务处分", "记大过", False),
        ("红田镇副镇长", "群众", "政务处分", "撤职", False),
        ("红田镇副镇长", "群众", "党纪处分", "开除党籍", True),
        ("", "中共党员", "政务处分", "开除", False),
    ],
)
def test_a_sanction_that_the_person_can_not_receive_is_taken_and_doubted(
    post: str, member: str, column: str, sanction: str, doubted: bool
) -> None:
    row = lead(**{"单位及职务": post, "政治面貌": member, column: sanction})
    assert [doubt.rule for doubt in row.doubts] == ["sanction_not_eligible"] * doubted
    assert len(row.value.sanctions) == 1
    assert row.verdict is Verdict.ACCEPTED


def test_a_handling_on_a_held_lead_is_doubted() -> None:
    held = lead(处置方式="暂存待查", 组织处理=1)
    assert [doubt.rule for doubt in held.doubts] == ["handling_on_held_lead"]
    assert lead(处置方式="谈话函询", 组织处理=1).doubts == ()


def test_handlings_are_counts_or_somebodys_measures() -> None:
    assert lead(组织处理="3").value.handlings == (Handling(3),)
    assert lead(组织处理=0).value.handlings == ()
    both = lead(被反映人="张三、李四", 组织处理="张三：诫勉谈话；李四：批评教育")
    assert both.value.handlings == (
        Handling(1, "admonition", 0),
        Handling(1, "criticism", 1),
    )
    loose = lead(被反映人="张三、李四", 组织处理="批评教育2人")
    assert loose.value.handlings == (Handling(2, "criticism"),)


def test_campaigns_however_spelled_are_one() -> None:
    names = ("林业两补", "林业“两补”", "林业'两补'", "林业 「两补」", "林业《两补》")
    keys = {lead(问题类别=name).value.campaign for name in names}
    assert keys == {"林业两补"}


def test_outcomes_count_from_their_own_day_else_the_closing_else_the_cut_off() -> None:
    head = ["线索编号", "受理日期", "被反映人", "处分日期", "办结日期"]
    rows: list[list[Cell]] = [
        ["A1-2018-1", "2018-03-05", "张三", "2018-05-01", "2018-06-01"],
        ["A1-2018-2", "2018-03-05", "张三", "", "2018-06-01"],
        ["A1-2018-3", "2018-03-05", "张三", "", ""],
    ]
    _, found = judged(Family.LEADS, [["台账（截至2018年8月31日）"], head, *rows])
    assert [row.value.outcomes_on.isoformat() for row in found] == [
        "2018-05-01",
        "2018-06-01",
        "2018-08-31",
    ]


def test_text_that_begins_like_a_formula_stays_text() -> None:
    row = lead(反映的主要问题="=HYPERLINK(1)", 备注="+1-2")
    assert row.value.problem == "=HYPERLINK(1)"
    assert row.value.remark == "+1-2"


def test_a_row_without_number_continues_the_one_above() -> None:
    table: list[list[Cell]] = [
        [*HEAD, "涉及金额（元）", "问题类别"],
        ["A2018-001", "2018-03-05", "张三", "村主任", "群众", "", 500, "危房改造"],
        ["", "", "李四", "会计", "群众", "", "", ""],
    ]
    _, (first, second) = judged(Family.LEADS, table)
    assert codes(second) == ["row_continues"]
    assert second.value.number == first.value.number
    assert (second.value.campaign, second.value.amount) == ("危房改造", None)


def test_what_merged_cells_hold_goes_for_all_their_rows_but_money_counts_once() -> None:
    table: list[list[Cell]] = [
        [*HEAD, "涉及金额（元）"],
        ["A2018-001", "2018-03-05", "张三", "村主任", "群众", "", 500],
        ["", "", "李四", "会计", "群众", "", ""],
        ["A2018-002", "2018-03-06", "王五", "", "", "", 7],
    ]
    merged = [((1, column), (2, column)) for column in (0, 1, 6)]
    _, rows = judged(Family.LEADS, table, merged=merged)
    assert [row.verdict for row in rows] == [Verdict.ACCEPTED] * 3
    assert [row.value.number for row in rows] == ["A2018-001", "A2018-001", "A2018-002"]
    assert [row.value.amount and row.value.amount.fen for row in rows] == [50_000, None, 700]


def test_a_fingerprint_is_the_contents_whatever_the_order_and_the_spelling() -> None:
    one = only(
        Family.LEADS,
        [["线索编号", "受理日期", "涉及金额（元）"], ["A1-2018-1", "2018-03-05", "35000"]],
    )
    same = only(
        Family.LEADS,
        [["涉及金额（万元）", "受理时间", "线索编码"], [3.5, "2018年3月5日", "A1-2018-1"]],
    )
    other = only(
        Family.LEADS,
        [["线索编号", "受理日期", "涉及金额（元）"], ["A1-2018-1", "2018-03-05", "35001"]],
    )
    assert one.fingerprint == same.fingerprint != other.fingerprint


# --- petitions

PETITION = ["信访编号", "信访日期", "信访形式", "署名情况", "反映人", "联系电话", "主要诉求"]


def petition(*cells: Cell, **more: Cell) -> Any:
    return only(Family.PETITIONS, [[*PETITION, *more], [*cells, *more.values()]])


def test_who_reported_is_in_one_sealed_place_and_in_no_text_of_the_row() -> None:
    row = petition("X1", "2018-03-05", "来信", "实名", "王　举报", "13900000000", "反映某事")
    value = row.value
    assert (value.reporter.name, value.reporter.contact) == ("王举报", "13900000000")
    assert (value.named, value.channel) == (True, "letter")
    assert "王举报" not in repr(value)
    assert "13900000000" not in repr(value)
    assert "13900000000" not in repr(row)


def test_findings_about_a_petition_never_repeat_what_may_tell_who_reported() -> None:
    long = "我是王举报，" + "反映某事" * 3000
    row = petition("X1", "2018-03-05", "来信", "匿名", "王举报", "13900000000", long)
    assert codes(row) == ["text_too_long", "anonymous_with_name"]
    assert "王举报" not in repr(row.findings)
    assert all(f.withheld or not f.value for f in row.findings if f.field == "content")


def test_a_reporters_name_does_not_enter_the_fingerprint() -> None:
    one = petition("X1", "2018-03-05", "来信", "实名", "王五", "139", "反映某事")
    two = petition("X1", "2018-03-05", "来信", "实名", "赵六", "138", "反映某事")
    assert one.fingerprint == two.fingerprint


@pytest.mark.parametrize(
    ("repeat", "result", "state"),
    [
        ("是", "正在办理", "repeat_filed"),
        ("", "已化解", "closed"),
        ("否", "正在办理", "handed_over"),
        ("", "", "registered"),
        ("第2次", "", "repeat_filed"),
        ("初次", "", "registered"),
        ("", "不予受理", "not_accepted"),
        ("", "已转办", "forwarded"),
    ],
)
def test_the_state_of_a_petition(repeat: str, result: str, state: str) -> None:
    row = petition(
        "X1", "2018-03-05", "来信", "匿名", "", "", "某事", 是否重复件=repeat, 化解情况=result
    )
    assert row.value.state == state


def test_a_repeat_may_name_the_first_petition() -> None:
    row = petition(
        "XF20150004", "2018-03-05", "来信", "匿名", "", "", "某事", 重复件编号="XF20150003"
    )
    assert (row.value.repeat, row.value.repeat_of) == (True, "XF20150003")


# --- findings, returns, units


def test_a_finding_outside_its_round_is_doubted_and_its_days_may_stand_in_one_cell() -> None:
    head = ["线索编号", "被巡察村", "驻点时间", "发现日期"]
    table = [
        head,
        *[["A2018-1234", "青山村", "2018年4月9日至5月26日", f"2018-0{m}-20"] for m in (3, 4)],
    ]
    _, (outside, inside) = judged(Family.FINDINGS, table)
    assert [doubt.rule for doubt in outside.doubts] == ["finding_outside_round"]
    assert inside.doubts == ()
    assert inside.value.left_on == date(2018, 5, 26)


RETURN = ["线索编号", "姓名", "身份证号", "金额（元）", "领取日期", "签收"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["A2018-1", "张三", "", "12.50", "2018-03-05", "已签收"], []),
        (["A2018-1", "张三", "", "12.50", "", "未领"], ["return_unsigned"]),
        (["A2018-1", "张三", "", "12.50", "", "已签收"], ["return_undated"]),
        (["A2018-1", "张三、李四", "", "12.50", "2018-03-05", "已签收"], ["payee_several"]),
        (["A2018-1", "张三", "", "0", "2018-03-05", "已签收"], ["amount_zero"]),
        (["A2018-1", "张三", "", "", "2018-03-05", "已签收"], ["cell_empty"]),
    ],
)
def test_returns(cells: list[Cell], expected: list[str]) -> None:
    assert codes(only(Family.RETURNS, [RETURN, cells])) == expected


def test_ways_of_signing() -> None:
    ways = {
        "已签收": "signature",
        "捺印": "fingerprint",
        "一卡通": "bank",
        "未领": "not_yet",
        "": "not_yet",
    }
    for word, signed in ways.items():
        row = only(Family.RETURNS, [RETURN, ["A2018-1", "张三", "", "1", "2018-03-05", word]])
        assert row.value.signed == signed


def test_units_kinds_are_words_or_endings() -> None:
    table = [
        ["单位名称", "类型", "上级单位"],
        ["某某县", "县", ""],
        ["松山乡", "乡镇", "某某县"],
        ["青坪街道", "街道", "某某县"],
        ["青山村", "村（社区）", "松山乡"],
        ["某某县财政局", "", "某某县"],
    ]
    _, rows = judged(Family.UNITS, table)
    assert [str(row.value.kind) for row in rows] == [
        "district",
        "township",
        "subdistrict",
        "village",
        "department",
    ]
    assert codes(rows[4]) == ["unit_kind_from_name"]
    assert rows[3].value.parent == "松山乡"
    unclear = only(Family.UNITS, [["单位名称", "上级单位"], ["某处", ""]])
    assert codes(unclear) == ["unit_kind_unknown"]


@pytest.mark.parametrize("rank", ["省管干部", "市委管理的干部", "上级管理", "中管干部"])
def test_a_row_about_somebody_managed_above_does_not_come_in(rank: str) -> None:
    assert finding_of(lead(职级=rank)) == ("superior_managed", "职级", rank)


def test_other_ranks_are_nothing_to_refuse() -> None:
    for rank in ("乡科级正职", "区管干部", "县管干部", "不详"):
        assert lead(职级=rank).findings == ()
