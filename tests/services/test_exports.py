"""Files that go out: what they say about themselves, what they hide, and that they are recorded."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow
from python_calamine import CalamineWorkbook

from app.domain import errors
from app.domain.exports import COLUMNS, Format, What
from app.domain.permissions import Clearance, Role
from app.domain.totals import Cohort
from app.repositories.people import sealed_number
from app.services import bank_lines, exports, walls
from tests.build_history import Past
from tests.build_totals import build_district, d
from tests.builders import Someone, World

DAY = date(2018, 9, 30)
WHOLE = Cohort(as_of=DAY)
NUMBER = "990101196607201234"
Owner = psycopg.Connection[DictRow]


@pytest.fixture
def district(world: World, owner: Owner) -> Past:
    world.clock.set(DAY)
    past = build_district(Past(world, owner))
    sealed = sealed_number(world.office.keys, past.person("x"), NUMBER)
    assert sealed
    return past


def blocks(
    world: World, who: Someone, what: What, format_: Format = Format.CSV, **more: Any
) -> Iterator[bytes]:
    with world.open("exports.order", who) as tx:
        given = {"cohort": WHOLE, "locale": "zh_CN", **more}
        ordered = exports.order(tx, what=what, format=format_, **given)
    return exports.stream(world.office, who.session, ordered)


def table(content: bytes) -> tuple[list[list[str]], list[dict[str, str]]]:
    """(the head's rows, the table's rows by heading) of a CSV file."""
    text = content.decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    gap = rows.index([])
    return rows[:gap], [dict(zip(rows[gap + 1], row, strict=True)) for row in rows[gap + 2 :]]


def csv_of(world: World, who: Someone, what: What, **more: Any) -> list[dict[str, str]]:
    return table(b"".join(blocks(world, who, what, **more)))[1]


def named(past: Past) -> None:
    """Give the person who was repaid a sealed identity number."""
    person = past.person("赵小妹")
    row = sealed_number(past.world.office.keys, person, NUMBER)
    past.owner.execute(
        "UPDATE person SET id_number = %(id_number)s, id_index = %(id_index)s WHERE id = %(id)s",
        {**row, "id": person},
    )
    past.owner.execute(
        "UPDATE money_return SET beneficiary_id = %s WHERE beneficiary = '赵小妹'", (person,)
    )


def test_a_file_says_what_it_is(district: Past) -> None:
    world = district.world
    cohort = Cohort(as_of=DAY, unit=world.township.path, source="inspection", since=d(1, 1))
    head, rows = table(b"".join(blocks(world, world.auditor, What.MATTERS, cohort=cohort)))
    said = {row[0]: row[1] for row in head[1:]}
    assert head[0] == ["统计数字背后的事项"]
    assert said["截止日期"] == "2018-09-30"
    assert (said["属地"], said["来源"], said["自"]) == ("上岩洲镇", "巡察移交", "2018-01-01")
    assert said["适用规则"].startswith("cn-discipline 1 (")
    assert (said["姓名和身份证号"], said["制表人"]) == ("已遮盖", "朱思远")
    assert said["统计范围"] == "内部事项"
    assert "生效" in said["说明"]
    assert len(rows) == 1


def test_matters_go_out_with_masked_names(district: Past) -> None:
    world = district.world
    rows = csv_of(world, world.auditor, What.MATTERS, key="sanctioned_persons")
    assert [(row["类别"], row["被反映人"]) for row in rows] == [
        ("案件", "张×"), ("问题线索", "张×、李×、王×")
    ]  # fmt: skip
    lead = csv_of(world, world.auditor, What.MATTERS, key="held")[0]
    assert (lead["状态"], lead["处置方式"], lead["性质"]) == ("暂存待查", "暂存待查", "反映")
    money = csv_of(world, world.auditor, What.MATTERS, key="recovered_yuan")
    assert [(row["收到（元）"], row["退还（元）"]) for row in money] == [
        ("1000.10", "500.00"), ("500.00", "400.00")
    ]  # fmt: skip


def test_names_need_the_right_and_a_reason(district: Past, owner: Owner) -> None:
    world = district.world
    with pytest.raises(errors.Forbidden):
        blocks(world, world.auditor, What.MATTERS, names=True, reason="核对名单")
    with pytest.raises(errors.Invalid) as refused:
        blocks(world, world.chief, What.MATTERS, names=True, reason="  ")
    assert refused.value.errors[0].field == "reason"
    assert owner.execute("SELECT count(*) AS n FROM export_record").fetchone() == {"n": 0}
    rows = csv_of(
        world, world.chief, What.MATTERS, key="sanctioned_persons", names=True, reason="核对名单"
    )
    assert [row["被反映人"] for row in rows] == ["张三", "张三、李四、王五"]


@pytest.mark.parametrize("format_", list(Format))
def test_an_export_is_recorded_before_it_leaves(
    district: Past, owner: Owner, format_: Format
) -> None:
    world = district.world
    stream = blocks(
        world, world.chief, What.RETURNS, format_, names=True, reason="核对签收", key="leads"
    )
    record = owner.execute("SELECT * FROM export_record").fetchone()
    assert record is not None
    assert (record["what"], record["format"], record["names"]) == ("returns", format_.value, True)
    assert record["definition"]["cohort"]["as_of"] == "2018-09-30"
    event = owner.execute(
        "SELECT actor_id, changes FROM audit_event WHERE table_name = 'export_record'"
    ).fetchone()
    assert event is not None
    assert event["actor_id"] == world.chief.account_id
    assert event["changes"]["reason"].startswith("sha256:")  # sealed apart, erasable
    assert b"".join(stream)


def test_returns_show_identity_numbers_as_each_may_know_them(district: Past) -> None:
    world = district.world
    named(district)

    def shown(who: Someone, **more: Any) -> set[tuple[str, str]]:
        return {
            (row["领款人"], row["身份证号"]) for row in csv_of(world, who, What.RETURNS, **more)
        }

    assert shown(world.auditor) == {("赵××", ""), ("钱××", "")}
    assert shown(world.chief) == {("赵××", "990101********1234"), ("钱××", "")}
    assert shown(world.chief, names=True, reason="核对签收") == {
        ("赵小妹", NUMBER), ("钱大爷", "")
    }  # fmt: skip


def test_lists_add_up_to_their_figures(district: Past) -> None:
    world = district.world
    received = csv_of(world, world.auditor, What.RECEIPTS)
    returned = csv_of(world, world.auditor, What.RETURNS)
    assert [row["金额（元）"] for row in received] == ["1000.10", "500.00"]
    assert [row["款项类别"] for row in received] == ["收缴", "未注明"]
    assert [row["金额（元）"] for row in returned] == ["200.00", "300.00", "400.00"]


def test_no_spreadsheet_runs_a_cell(district: Past, owner: Owner) -> None:
    world = district.world
    attack = '=HYPERLINK("http://x","y")'
    owner.execute("UPDATE matter SET responsible_leader = %s", (attack,))
    owner.execute("UPDATE unit SET name = '@SUM(1)' WHERE code = 'YC-T01-V01'")
    owner.execute("UPDATE money_receipt SET paid_in_by = '-2+3', bank_reference = '+1234'")
    rows = csv_of(world, world.chief, What.MATTERS)
    assert {row["包案领导"] for row in rows} == {"'" + attack}
    assert "'@SUM(1)" in {row["单位"] for row in rows}
    assert {row["收到（元）"] for row in rows} == {"1000.10", "500.00", ""}
    paid = csv_of(world, world.chief, What.RECEIPTS, names=True, reason="核对")
    assert {row["缴款人"] for row in paid} == {"'-2+3"}
    content = b"".join(blocks(world, world.chief, What.TOTALS, Format.CSV)).decode()
    assert all(
        not cell.startswith(("=", "@", "+", "\t"))
        for row in csv.reader(io.StringIO(content[1:])) for cell in row
    )  # fmt: skip
    book = b"".join(blocks(world, world.chief, What.MATTERS, Format.XLSX))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert any(attack in row for row in sheet.to_python())  # as text, for no formula is kept
    assert b"<f>" not in book


def test_a_workbook_holds_the_same(district: Past) -> None:
    world = district.world
    book = b"".join(blocks(world, world.auditor, What.RETURNS, Format.XLSX, locale="en"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    at = next(number for number, row in enumerate(rows) if row[0] == "Returned on")
    assert rows[0][0] == "Money returned"
    amount = rows[at].index("Amount, yuan")
    assert [(row[0], row[amount]) for row in rows[at + 1 :]] == [
        (d(4, 1), 200.0), (d(4, 2), 300.0), (d(4, 3), 400.0)
    ]  # fmt: skip


def test_json_keeps_amounts_exact(district: Past) -> None:
    world = district.world
    content = json.loads(b"".join(blocks(world, world.auditor, What.RECEIPTS, Format.JSON)))
    (only,) = content["tables"]
    assert [row["amount"] for row in only["rows"]] == ["1000.10", "500.00"]
    assert content["definition"]["cohort"]["as_of"] == "2018-09-30"
    totals = json.loads(b"".join(blocks(world, world.auditor, What.TOTALS, Format.JSON)))
    assert totals["figures"]["recovered_yuan"] == "1500.10"
    assert totals["figures"]["campaigns"]["危房改造"]["leads"] == 2
    assert {row["key"] for row in totals["slices"]["source"]} >= {"inspection", "one_click"}


def test_totals_go_out_with_their_breakdowns(district: Past) -> None:
    world = district.world
    content = b"".join(blocks(world, world.auditor, What.TOTALS)).decode()
    rows = list(csv.reader(io.StringIO(content[1:])))
    assert ["收到", "1500.10", "元"] in rows
    assert ["未处置", "1", "条"] in rows
    assert ["未销号", "3", "条"] in rows
    assert any(row and row[0] == "危房改造" for row in rows)
    book = b"".join(blocks(world, world.auditor, What.TOTALS, Format.XLSX))
    assert "按专项" in CalamineWorkbook.from_filelike(io.BytesIO(book)).sheet_names


def test_an_auditor_holds_the_banks_statements_against_the_books(district: Past) -> None:
    """What is on no line of the bank's is told apart by where its day lies."""
    world = district.world
    [item] = district.owner.execute(
        "SELECT fund_item_id AS id FROM posting WHERE amount = '1000.10'"
    ).fetchall()
    for day, amount in ((d(1, 5), "30"), (d(5, 1), "50"), (d(9, 1), "70")):
        district.post(
            "receipt", day, [("bank", item["id"], amount), ("payer", item["id"], f"-{amount}")]
        )
    content = b"".join(blocks(world, world.auditor, What.TOTALS)).decode()
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(content[1:])) if row}
    for what, *said in (
        ("银行：收入", "1509.10", "共6行，2018-02-01至2018-06-01"),
        ("银行：支出", "900.00", ""),
        ("银行：对账单最后余额", "609.10", ""),
        ("银行：其中不在所录流水内", "0.00", "首行之前已有的余额，或未录入的流水"),
        ("账面：专户余额", "759.10", "保管中、待认领及银行错账"),
        ("账面：其中按银行流水登记", "609.10", ""),
        ("账面：手工登记，日期早于流水首行", "30.00", ""),
        ("账面：手工登记，日期在流水期间", "50.00", "流水中应有此款，请向银行核实"),
        ("账面：手工登记，日期晚于流水末行", "70.00", "尚无对账单可核对"),
        ("银行余额减账面余额", "-150.00", ""),
    ):
        assert rows[what] == said
    told = json.loads(b"".join(blocks(world, world.auditor, What.TOTALS, Format.JSON)))
    assert told["special_account"]["by_hand_within_yuan"] == "50.00"
    assert told["special_account"]["stated_less_booked_yuan"] == "-150.00"


def test_of_a_part_the_bank_says_nothing(district: Past) -> None:
    """Its statements name no district or township: a part's money stands beside none of them."""
    world = district.world
    part = Cohort(as_of=DAY, unit=world.township.path)
    below = world.hire("auditor-below", Role.AUDITOR, "YC-T01")
    for who, cohort in ((world.auditor, part), (below, WHOLE), (world.lead_manager, WHOLE)):
        told = json.loads(b"".join(blocks(world, who, What.TOTALS, Format.JSON, cohort=cohort)))
        assert told["special_account"] is None
        whole = who is world.lead_manager
        assert (told["figures"]["bank_closing_yuan"] is None) is not whole
        assert told["figures"]["in_suspense_yuan"] == ("9.00" if whole else "0.00")


def test_a_line_behind_a_wall_is_counted_where_its_money_is(district: Past) -> None:
    """It isn't held to be recorded by hand: neither while it waits and cites the lead, nor once it
    stands on another's item."""
    world = district.world
    [line] = district.owner.execute(
        "SELECT l.id, l.import_batch_id FROM bank_line l JOIN journal_entry e"
        " ON e.bank_line_id = l.id WHERE e.kind = 'suspense'"
    ).fetchall()
    lead = district.lead(received_on=d(6, 1))
    district.insert(
        "import_row", id=lead.id, batch_id=line["import_batch_id"], family="bank", sheet="流水",
        row=1, row_hash=b"1", target_id=line["id"], matter_id=lead.id,
    )  # fmt: skip

    def by_hand() -> tuple[set[str], str]:
        told = json.loads(b"".join(blocks(world, world.auditor, What.TOTALS, Format.JSON)))
        found = told["special_account"]
        kept = {found[f"by_hand_{each}_yuan"] for each in ("before", "within", "after")}
        return kept, found["booked_yuan"]

    assert by_hand() == ({"0.00"}, "609.10")
    with world.open("walls.keep_off", world.auditor) as tx:
        walls.keep_off(tx, lead.id, reason="亲属。")
    assert by_hand() == ({"0.00"}, "600.10")
    item = district.item_to_repay("in_custody")
    with world.open("funds.assign", world.finance) as tx:
        bank_lines.assign_line(tx, line["id"], item_id=item.id, reason="编号写错")
    assert by_hand() == ({"0.00"}, "12609.10")


@pytest.mark.parametrize("what", [What.LEAD_REGISTER, What.CASE_REGISTER])
def test_the_standard_registers_have_their_headings(district: Past, what: What) -> None:
    world = district.world
    rows = csv_of(world, world.auditor, what)
    expected = {
        What.LEAD_REGISTER: "填报单位名称,办理机关,受理线索编码,受理人员编码,受理时间,被反映人,"
        "民族,出生年月,是否中共党员,入党时间,处置方式1二级,处置情况报告,组织措施,办结时间,"
        "收缴金额（万元）,没收金额（万元）,责令退赔金额（万元）,登记上交金额（万元）,"
        "追缴失职渎职滥用职权造成的损失金额（万元）",
        What.CASE_REGISTER: "案件编码,涉案人员编码,被调查人,性别,年龄,学历,简要案情,立案时间,"
        "纪委立案时间,纪委立案机关,监委立案时间,监委立案机关,审理受理时间,审结时间,审理机关,"
        "党纪处分,政务处分,结案时间,是否违反中央八项规定精神,是否主动交代问题,"
        "收缴金额（万元）,没收金额（万元）,责令退赔金额（万元）,登记上交金额（万元）,"
        "追缴失职渎职滥用职权造成的损失金额（万元）",
    }
    assert ",".join(rows[0]) == expected[what]


def test_a_register_has_a_row_a_person(district: Past) -> None:
    world = district.world
    leads = csv_of(world, world.auditor, What.LEAD_REGISTER)
    assert len(leads) == 7  # one lead has three persons, the others none yet
    assert sorted(row["被反映人"] for row in leads if row["被反映人"]) == ["张×", "李×", "王×"]
    assert {row["组织措施"] for row in leads} == {"", "谈话提醒"}
    assert [row["收缴金额（万元）"] for row in leads if row["收缴金额（万元）"]] == ["0.10001"]
    cases = csv_of(world, world.auditor, What.CASE_REGISTER)
    assert [(row["被调查人"], row["党纪处分"], row["政务处分"]) for row in cases] == [
        ("", "", ""), ("张×", "党内警告", "政务记过")
    ]  # fmt: skip


def test_a_register_with_names_tells_what_the_identity_number_does(district: Past) -> None:
    world = district.world
    row = district.owner.execute(
        "SELECT i.person_id FROM involvement i JOIN outcome o ON o.involvement_id = i.id"
        " WHERE o.kind = 'administrative_sanction'"
    ).fetchone()
    assert row is not None
    district.owner.execute(
        "UPDATE person SET id_number = %(id_number)s, id_index = %(id_index)s WHERE id = %(id)s",
        {**sealed_number(world.office.keys, row["person_id"], NUMBER), "id": row["person_id"]},
    )
    cases = csv_of(world, world.chief, What.CASE_REGISTER, names=True, reason="核对")
    assert [(row["被调查人"], row["性别"], row["年龄"]) for row in cases] == [
        ("", "", ""), ("张三", "男", "52")
    ]  # fmt: skip


def test_who_exports_nothing(district: Past) -> None:
    world = district.world
    for who in (world.investigator, world.operator, world.finance):
        with pytest.raises(errors.Forbidden):
            blocks(world, who, What.TOTALS)
    with pytest.raises(errors.NotFound):
        blocks(world, world.auditor, What.MATTERS, key="villages")


def test_an_export_holds_what_its_reader_may_see(district: Past) -> None:
    world = district.world
    district.lead(received_on=d(6, 1), source="sweep", classification=2)
    assert len(csv_of(world, world.auditor, What.MATTERS)) == 5
    assert len(csv_of(world, world.chief, What.MATTERS)) == 6
    township = world.hire("aud-2", world.auditor.role, "YC-T02", clearance=Clearance.NORMAL)
    assert len(csv_of(world, township, What.MATTERS)) == 1


def test_a_session_that_ended_streams_nothing(district: Past) -> None:
    world = district.world
    stream = blocks(world, world.auditor, What.MATTERS)
    district.owner.execute("UPDATE session SET ended_at = now()")
    with pytest.raises(errors.NotSignedIn):
        list(stream)


def test_a_long_list_leaves_in_large_blocks(district: Past) -> None:
    world = district.world
    district.owner.execute(
        "INSERT INTO matter (id, kind, district, number, title, state, stage, unit_id, unit_path,"
        " made_by, profile_id, opened_on) SELECT gen_random_uuid(), 'lead', 'YC', 'L' || i, 't',"
        " 'registered', 'share', m.unit_id, m.unit_path, m.made_by, m.profile_id, m.opened_on"
        " FROM generate_series(1, 4000) i, (SELECT * FROM matter WHERE kind = 'lead' LIMIT 1) m"
    )
    district.owner.execute(
        "INSERT INTO lead (id, received_on, what) SELECT id, opened_on, 'x' FROM matter m"
        " WHERE kind = 'lead' AND NOT EXISTS (SELECT 1 FROM lead l WHERE l.id = m.id)"
    )
    found = list(blocks(world, world.auditor, What.MATTERS))
    assert all(len(block) >= 65536 for block in found[1:-1])
    assert len(found) > 3
    assert b"".join(found).count(b"\n") > 4000


def test_every_column_of_every_list_is_written(district: Past) -> None:
    world = district.world
    for what, columns in COLUMNS.items():
        assert len(csv_of(world, world.auditor, what)[0]) == len(columns), what
