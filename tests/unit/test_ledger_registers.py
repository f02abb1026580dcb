"""The two standard registers: one row a matter and person, merged into matters."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.core import workbooks
from app.domain.ledgers.columns import UnitFrom
from app.domain.ledgers.families import Family
from app.domain.ledgers.merging import merge_cases, merge_leads
from app.domain.ledgers.opening import Options
from app.domain.ledgers.people import Membership
from app.domain.ledgers.reading import Reading, open_ledger
from app.domain.ledgers.sanctions import SanctionKind
from app.domain.ledgers.texts import Cell
from app.domain.money import Money
from tests.unit.ledger_tables import codes, judged, only

FOLDER = Path(__file__).parent.parent / "data" / "registers"
FILES = {Family.LEADS: "leads-register.xlsx", Family.CASES: "cases-register.xls"}
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


@cache
def register(family: Family) -> tuple[Reading, list[Any]]:
    book = workbooks.read(FOLDER / FILES[family], FILES[family])
    options = Options(date(2018, 11, 30), epoch_1904=book.epoch_1904)
    reading = open_ledger(family, book.sheets, options)
    return reading, list(reading.rows())


def by_number(rows: list[Any]) -> list[list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.value.key].append(row.value)
    return list(found.values())


def claims(values: list[Any]) -> dict[str, str]:
    sums: dict[str, Money] = defaultdict(Money.zero)
    for value in values:
        for claim in value.claims:
            sums[claim.kind] += claim.amount
    return {kind: str(money) for kind, money in sums.items()}


def differing(rows: list[Any]) -> list[list[str]]:
    return [[row.value.subjects[0].code, f.field] for row in rows for f in row.findings]


def test_the_register_of_leads_needs_no_hand() -> None:
    reading, rows = register(Family.LEADS)
    assert reading.mapping.settled
    assert len(rows) == EXPECTED["leads"]["rows"]
    assert [n.code for n in reading.notices] == ["unit_of_neighbour"]
    assert reading.mapping.fields["confiscated"].unit_from is UnitFrom.NEIGHBOUR


def test_rows_of_one_number_make_one_lead_with_its_people() -> None:
    expected = EXPECTED["leads"]
    groups = by_number(register(Family.LEADS)[1])
    leads = [merge_leads(group) for group in groups]
    assert len(leads) == expected["leads"]
    assert sum(len(lead.value.subjects) > 1 for lead in leads) == expected["several"]
    assert [finding for lead in leads for finding in lead.findings] == []
    disposals = Counter(method for lead in leads for method in lead.disposals)
    assert disposals.pop(None) == expected["undisposed"]
    assert dict(disposals) == expected["disposals"]
    assert sum(lead.value.closed_on is not None for lead in leads) == expected["closed_leads"]
    assert claims([lead.value for lead in leads]) == expected["yuan"]


def test_the_five_amounts_belong_to_their_person() -> None:
    head: list[Cell] = ["线索编号", "受理日期", "被反映人", "收缴金额（万元）", "没收金额"]
    rows: list[list[Cell]] = [
        ["A2018-001", "2018-03-05", "张三", "", 0],
        ["A2018-001", "2018-03-05", "李四", 1.5, "0.02"],
    ]
    found = merge_leads([row.value for row in judged(Family.LEADS, [head, *rows])[1]]).value
    assert [(c.kind, str(c.amount), found.subjects[c.subject or 0].name) for c in found.claims] == [
        ("collected", "15000.00", "李四"),
        ("confiscated", "200.00", "李四"),
    ]


def test_fields_that_differ_from_their_report_are_found_as_offices_find_them_by_hand() -> None:
    assert differing(register(Family.LEADS)[1]) == EXPECTED["leads"]["differs"]
    assert differing(register(Family.CASES)[1]) == EXPECTED["cases"]["differs"]


def test_a_persons_particulars() -> None:
    subject = register(Family.LEADS)[1][0].value.subjects[0]
    assert subject.code == "SFQ201800001-01"
    assert len(subject.born) == len("1966-04")
    assert subject.membership in {Membership.MEMBER, Membership.NOT_MEMBER}
    assert (subject.joined_party != "") is (subject.membership is Membership.MEMBER)


def test_the_register_of_cases() -> None:
    expected = EXPECTED["cases"]
    reading, rows = register(Family.CASES)
    assert reading.mapping.settled
    assert len(rows) == expected["rows"]
    cases = [merge_cases(group) for group in by_number(rows)]
    assert len(cases) == expected["cases"]
    assert dict(Counter(case.value.state for case in cases)) == expected["states"]
    sanctions = [s for case in cases for s in case.value.sanctions]
    by_kind = {
        kind: dict(Counter(s.measure for s in sanctions if s.kind is kind)) for kind in SanctionKind
    }
    assert by_kind[SanctionKind.PARTY] == expected["party"]
    assert by_kind[SanctionKind.ADMINISTRATIVE] == expected["administrative"]
    assert claims([case.value for case in cases]) == expected["yuan"]
    values = [row.value for row in rows]
    assert (
        sum(bool(s.eight_rules) for value in values for s in value.subjects)
        == expected["eight_rules"]
    )
    assert (
        sum(bool(s.confessed) for value in values for s in value.subjects) == expected["confessed"]
    )


def test_party_and_supervisory_filings_have_their_own_dates_and_organs() -> None:
    values = [row.value for row in register(Family.CASES)[1]]
    party = [value for value in values if value.party_filed_on]
    assert party
    assert {value.party_organ for value in party} == {"示范区纪委"}
    assert {value.supervisory_organ for value in values} == {"示范区监委"}


def test_a_case_may_be_filed_by_one_organ_only() -> None:
    head: list[Cell] = ["案件编码", "被调查人", "纪委立案时间", "立案时间"]
    row = only(Family.CASES, [head, ["AJ2018-001", "张三", "2018-03-05", ""]])
    assert row.value.filed_on == date(2018, 3, 5)


LEAD: list[Cell] = [
    "线索编号",
    "受理日期",
    "被反映人",
    "单位及职务",
    "立案日期",
    "办结日期",
    "处置方式",
]


def merged(*rows: Sequence[Cell]) -> Any:
    return merge_leads([row.value for row in judged(Family.LEADS, [LEAD, *rows])[1]])


def test_a_lead_is_filed_if_one_is_and_closed_only_if_all_are() -> None:
    filed = ["A2018-001", "2018-03-05", "张三", "", "2018-05-01", "2018-08-01", "初步核实"]
    talk = ["A2018-001", "2018-03-05", "李四", "", "", "", "谈话函询"]
    close = ["A2018-001", "2018-03-05", "王五", "", "", "2018-04-01", "予以了结"]
    both = merged(talk, filed)
    assert (both.value.state, both.value.case_state) == ("filed", "investigating")
    assert (both.value.disposal, both.disposals) == (
        "verification",
        ("talk_letter", "verification"),
    )
    assert (both.value.filed_on, both.value.closed_on) == (date(2018, 5, 1), None)
    open_ = merged(talk, close)
    assert (open_.value.state, open_.value.closed_on) == ("talk_letter", None)


def test_one_person_named_twice_is_one_subject() -> None:
    one = merged(
        ["A2018-001", "2018-03-05", "张三", "青山村会计", "", "", ""],
        ["A2018-001", "2018-03-05", "张三", "青山村会计", "", "", ""],
        ["A2018-001", "2018-03-05", "张三", "白田村会计", "", "", ""],
    )
    assert [subject.post for subject in one.value.subjects] == ["青山村会计", "白田村会计"]


def test_rows_of_one_lead_that_disagree_say_so() -> None:
    found = merged(
        ["A2018-001", "2018-03-05", "张三", "", "", "", ""],
        ["A2018-001", "2018-03-04", "李四", "", "", "", ""],
    )
    assert [(finding.code, finding.field) for finding in found.findings] == [
        ("rows_disagree", "received_on")
    ]
    assert found.value.received_on == date(2018, 3, 4)
    assert [source.number for source in found.rows] == [2, 3]


def test_an_identity_number_of_the_other_sex_or_month_is_noticed() -> None:
    head: list[Cell] = ["案件编码", "被调查人", "立案时间", "身份证号", "性别", "出生年月"]
    row = only(
        Family.CASES,
        [head, ["AJ2018-001", "张三", "2018-03-05", "990101197802123268", "男", "1978年3月"]],
    )
    assert codes(row) == ["identity_other_sex", "identity_other_birthday"]
