"""An import says nothing of a matter that whoever imports is walled off from."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.db import Row
from app.domain import errors
from app.domain.ledgers.families import Family
from app.services.imports import Source, import_file, uploads
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]

HEAD = "线索编号,受理日期,线索来源,被反映人,反映的主要问题,乡镇,村\n"
PLACE = "上岩洲镇,竹溪村"
ON_RECORD = f"YC2018-0901,2018-03-05,信访举报,张三、王五,虚报造林面积,{PLACE}\n"
ELSE = f"YC2018-0901,2018-03-05,信访举报,张三,另一件事,{PLACE}\n"
ALIKE = f"YC2018-0950,2018-04-05,信访举报,王五,虚报造林面积多领补助,{PLACE}\n"
UNKNOWN = f"YC2018-0999,2018-05-05,信访举报,赵六,没有的问题,{PLACE}\n"
CASES = (
    "案件编码,立案时间,被调查人,简要案情,线索编号\nYC2018-LA01,2018-06-01,赵六,套取补助,{lead}\n"
)


def upload(world: World, who: Someone, text: str, family: Family = Family.LEADS) -> UUID:
    with world.open("imports.upload", who) as tx:
        return uploads.receive(tx, Source(text.encode(), "ledger.csv"), family)


def commit(world: World, who: Someone, batch_id: UUID) -> None:
    with world.open("imports.commit", who) as tx:
        uploads.take_in(tx, batch_id, accept_guesses=True)


def told(world: World, who: Someone, batch_id: UUID) -> tuple[Row, list[Any]]:
    with world.open("imports.read", who) as tx:
        row = uploads.read(tx, batch_id)
        rows = uploads.rows(tx, batch_id, verdict=None, after=None, limit=100)
    return row, [(each["row"], each["verdict"], each["findings"]) for each in rows]


def plain(world: World, who: Someone, batch_id: UUID) -> Any:
    """Everything that the report says, but for what differs between any two files."""
    row, rows = told(world, who, batch_id)
    kept = {
        key: value
        for key, value in row.items()
        if key not in ("id", "recorded_at", "committed_at", "version")
    }
    return {**kept, "report": {**row["report"], "same_file_at": None}}, rows


@pytest.fixture
def walled(world: World, owner: Owner) -> Someone:
    """The lead manager, whom a lead on record names beside somebody else."""
    commit(world, world.operator, upload(world, world.operator, HEAD + ON_RECORD))
    owner.execute(
        "UPDATE account SET person_id = (SELECT id FROM person WHERE name = '张三') WHERE id = %s",
        [world.lead_manager.account_id],
    )
    return world.lead_manager


@pytest.mark.parametrize("row", [ON_RECORD, ELSE, ALIKE], ids=["same", "other", "alike"])
def test_the_report_is_the_one_of_a_district_without_that_matter(
    world: World, owner: Owner, walled: Someone, row: str
) -> None:
    there = plain(world, walled, upload(world, walled, HEAD + row))
    assert there[0]["accepted"] + there[0]["warned"] == 1
    owner.execute("UPDATE matter SET number = 'YC2018-0777', kind = 'petition', district = 'XX'")
    owner.execute("DELETE FROM import_row")
    owner.execute("UPDATE involvement SET ended_on = '2018-01-01'")
    owner.execute("DELETE FROM possible_repeat")
    assert plain(world, walled, upload(world, walled, HEAD + row)) == there


@pytest.mark.parametrize("row", [ON_RECORD, ELSE], ids=["same", "other"])
def test_others_read_what_the_walled_one_does_not(world: World, walled: Someone, row: str) -> None:
    seen, _rows = told(world, world.operator, upload(world, world.operator, HEAD + row))
    assert seen["accepted"] == 0
    assert (seen["known"], seen["rejected"]) in {(1, 0), (0, 1)}
    hidden, none = told(world, walled, upload(world, walled, HEAD + row))
    assert (hidden["accepted"], hidden["known"], hidden["rejected"]) == (1, 0, 0)
    assert none == []


def test_nothing_lands_twice_and_the_row_counts_as_taken(
    world: World, owner: Owner, walled: Someone
) -> None:
    batch = upload(world, walled, HEAD + ELSE + UNKNOWN)
    commit(world, walled, batch)
    row, rows = told(world, walled, batch)
    assert (row["rows"], row["accepted"], row["rejected"]) == (2, 2, 0)
    assert rows == []
    found = owner.execute("SELECT number FROM matter WHERE kind = 'lead' ORDER BY 1").fetchall()
    assert [each["number"] for each in found] == ["YC2018-0901", "YC2018-0999"]


def test_the_workbook_of_rejected_rows_has_none_of_it(world: World, walled: Someone) -> None:
    batch = upload(world, walled, HEAD + ELSE)
    with pytest.raises(errors.NotFound), world.open("imports.rejects", walled) as tx:
        uploads.rejects(tx, batch, str)


def test_a_pair_that_looks_alike_isnt_named(world: World, walled: Someone) -> None:
    seen, _rows = told(world, world.operator, upload(world, world.operator, HEAD + ALIKE))
    assert seen["report"]["repeats"] == 1
    hidden, _rows = told(world, walled, upload(world, walled, HEAD + ALIKE))
    assert (hidden["report"]["repeats"], hidden["report"]["alike"]) == (0, [])


def test_a_wall_that_comes_later_withholds_what_the_report_said_before(
    world: World, owner: Owner
) -> None:
    commit(world, world.operator, upload(world, world.operator, HEAD + ON_RECORD))
    manager = world.lead_manager
    batch = upload(world, manager, HEAD + ELSE + ALIKE)
    before, rows = told(world, manager, batch)
    assert before["rejected"] == 1
    assert before["report"]["repeats"] == 1
    assert len(rows) == 1
    owner.execute(
        "UPDATE account SET person_id = (SELECT id FROM person WHERE name = '张三') WHERE id = %s",
        [manager.account_id],
    )
    after, none = told(world, manager, batch)
    assert (after["accepted"], after["rejected"]) == (before["accepted"] + 1, 0)
    assert (after["report"]["repeats"], after["report"]["alike"], none) == (0, [], [])


def test_straight_sql_reads_it_nowhere(world: World, owner: Owner, walled: Someone) -> None:
    batch = upload(world, walled, HEAD + ELSE + ALIKE)
    lead = owner.execute("SELECT id FROM matter WHERE number = 'YC2018-0901'").fetchone()
    assert lead is not None
    for query in (
        "SELECT report FROM import_batch",
        "SELECT rejected FROM import_batch",
        "SELECT * FROM import_batch",
    ):
        with pytest.raises(errors.NotFound), world.open("drill", walled) as tx:
            tx.rows(query)
    with world.open("drill", walled) as tx:
        assert tx.rows("SELECT id FROM import_finding WHERE batch_id = %(b)s", {"b": batch}) == []
        assert tx.rows("SELECT id FROM import_row WHERE matter_id = %(m)s", {"m": lead["id"]}) == []
        events = tx.rows(
            "SELECT e.changes::text || coalesce(p.\"values\"::text, '') AS said FROM audit_event e"
            " LEFT JOIN audit_personal p ON p.event_id = e.id WHERE e.table_name = 'import_batch'"
        )
    assert events
    assert all("YC2018-0901" not in each["said"] for each in events)
    assert all("rejected" not in each["said"] for each in events)


def test_a_case_that_cites_it_is_told_as_if_the_lead_were_unknown(
    world: World, walled: Someone
) -> None:
    answers = {}
    for lead in ("YC2018-0901", "YC2018-0444"):
        batch = upload(world, walled, CASES.format(lead=lead), Family.CASES)
        row, rows = told(world, walled, batch)
        answers[lead] = (
            row["warned"], [[finding["code"] for finding in each[2] if "code" in finding]
                            for each in rows],
        )  # fmt: skip
    assert answers["YC2018-0901"] == answers["YC2018-0444"]
    assert answers["YC2018-0901"][0] == 1


def test_at_the_command_line_the_report_withholds_it_too(world: World, walled: Someone) -> None:
    with world.open("imports.try", walled) as tx:
        report, _opened = import_file(
            tx, Source((HEAD + ELSE).encode(), "ledger.csv"), Family.LEADS, commit=False
        )
    assert (report.accepted, report.rejected, report.said) == (1, 0, [])
