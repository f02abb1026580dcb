"""How much lies outside a reader's scope is said of the whole, in fives, and of nothing smaller."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.permissions import Role
from app.domain.totals import UNSTATED, Cohort, Standing, Totals
from app.domain.units import UnitPath
from app.services import totals
from tests.build_history import Past
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import served

DAY = date(2018, 9, 30)
Owner = psycopg.Connection[DictRow]


@pytest.fixture
def past(world: World, owner: Owner) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


def leads(past: Past, many: int, **more: Any) -> None:
    """In a village of the first township."""
    for _each in range(many):
        past.lead(received_on=date(2018, 3, 1), **more)


def assigned(world: World) -> dict[str, Any]:
    office = world.unit("YC-O03")
    return {"assigned_unit_id": office.id, "assigned_path": office.path.value}


def count(world: World, who: Someone, **more: Any) -> Totals:
    with world.open("totals.read", who) as tx:
        return totals.totals(tx, Cohort(**{"as_of": DAY, **more}))


def outside(world: World, who: Someone, **more: Any) -> int | None:
    return count(world, who, **more).outside


def place(world: World, code: str) -> UnitPath:
    return world.unit(code).path


def test_a_reader_is_told_in_fives_how_much_lies_outside(world: World, past: Past) -> None:
    for many, told in ((4, None), (1, 5), (4, 5), (1, 10), (7, 15)):
        leads(past, many)
        assert outside(world, world.department_head) == told
    assert count(world, world.department_head).counts.leads == 0


def test_who_counts_everything_is_told_of_nothing_outside(world: World, past: Past) -> None:
    leads(past, 12, classification=2)
    for who in (world.chief, world.holder(Role.OPERATOR)):
        assert outside(world, who) is None
    for who in (world.deputy, world.auditor):
        assert outside(world, who) == 10  # not cleared for them


def test_no_two_sums_of_an_auditor_tell_of_what_they_may_not_open(world: World, past: Past) -> None:
    """Of a village, a township, the district, a campaign, by any filter and on any day: each holds
    what its lists open, and nothing tells the rest apart."""
    leads(past, 3)
    leads(past, 4, classification=2)
    asked: list[dict[str, Any]] = [
        {}, {"unit": place(world, "YC-T01")}, {"unit": place(world, "YC-T01-V01")},
        {"since": date(2018, 3, 1)}, {"as_of": date(2018, 3, 1)}, {"source": "inspection"},
    ]  # fmt: skip
    for each in asked:
        found = count(world, world.auditor, **each)
        with world.open("totals.open", world.auditor) as tx:
            opened = totals.matters_behind(tx, Cohort(**{"as_of": DAY, **each}), "leads")
            told = totals.told(tx, Cohort(**{"as_of": DAY, **each}), "leads")
        assert found.counts.leads == len(opened) == told.matters == told.open
        assert found.outside is None
    leads(past, 1, classification=2)
    assert outside(world, world.auditor) == 5
    assert outside(world, world.auditor, unit=place(world, "YC-T01-V01")) is None
    with world.open("drill", world.auditor) as tx:
        assert len(tx.rows("SELECT 1 FROM guard.counted_lead")) == 3


def test_an_auditor_who_is_cleared_for_everything_counts_everything(
    world: World, past: Past, owner: Owner
) -> None:
    leads(past, 12, classification=2)
    owner.execute("UPDATE account SET clearance = 2 WHERE id = %s", [world.auditor.account_id])
    found = count(world, world.auditor)
    assert (found.counts.leads, found.outside) == (12, None)


def test_nothing_is_told_of_less_than_a_township(world: World, past: Past) -> None:
    leads(past, 12)
    reader = world.department_head
    assert outside(world, reader, unit=place(world, "YC")) == 10
    assert outside(world, reader, unit=place(world, "YC-T01")) == 10
    for code in ("YC-T01-V01", "YC-O03", "YC-D01", "YC-T02"):
        assert outside(world, reader, unit=place(world, code)) is None


@pytest.mark.parametrize(
    "filter_",
    [
        {"source": "inspection"},
        {"leader": UNSTATED},
        {"since": date(2018, 1, 1)},
        {"until": DAY},
        {"stage": Standing.ASSESS},
        {"method": "hold"},
        {"known_on": DAY},
        {"as_of": DAY - timedelta(days=1)},
    ],
    ids=lambda each: next(iter(each)),
)
def test_no_filter_and_no_other_day_lies_beside_it(
    world: World, past: Past, filter_: dict[str, Any]
) -> None:
    leads(past, 12)
    assert outside(world, world.department_head, **filter_) is None


def test_of_a_campaign_it_is_told_only_as_a_whole(world: World, past: Past, owner: Owner) -> None:
    row = owner.execute(
        "INSERT INTO campaign (id, key, name) VALUES (gen_random_uuid(), 'k', '专项') RETURNING id"
    ).fetchone()
    assert row is not None
    leads(past, 7, campaign_id=row["id"])
    leads(past, 8)
    reader = world.department_head
    assert outside(world, reader, campaign_id=row["id"]) == 5
    assert outside(world, reader) == 15
    assert outside(world, reader, campaign_id=row["id"], unit=place(world, "YC-T01")) is None


def test_what_one_is_walled_off_from_is_in_no_figure_whichever_side_it_would_stand_on(
    world: World, past: Past, owner: Owner
) -> None:
    """The whole answer stays the same while such matters are added, one by one."""
    reader = world.department_head
    leads(past, 9)
    leads(past, 2, **assigned(world))
    me = past.person("某某")
    owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [me, reader.account_id])
    asked: list[dict[str, Any]] = [{}, {"unit": place(world, "YC-T01")}]
    before = [count(world, reader, **each) for each in asked]
    assert [each.outside for each in before] == [5, 5]
    for more in ({}, assigned(world), {}, {}):
        walled = past.lead(
            received_on=date(2018, 3, 1),
            **more,
        )
        past.insert(
            "involvement", id=UUID(int=walled.id.int ^ 1), matter_id=walled.id, part="subject",
            person_id=me, begins_on=DAY,
        )  # fmt: skip
        assert [count(world, reader, **each) for each in asked] == before
    assert outside(world, world.holder(Role.PETITIONS_HEAD)) == 15


def test_the_database_refuses_what_python_forgets_to(world: World, past: Past) -> None:
    leads(past, 12)
    query = "SELECT guard.outside(%(unit)s::ltree, NULL)"
    for who, told in ((world.department_head, 10), (world.investigator, None)):
        with world.open("drill", who) as tx:
            assert tx.value(query, {"unit": world.township.path.value}) == told
            for code in ("YC-T01-V01", "YC-O03"):
                assert tx.value(query, {"unit": world.unit(code).path.value}) is None


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "At least 10 matters here lie outside"), ("zh-CN", "至少有10件事项您不能查看")],
)
def test_page_api_and_file_say_it(
    world: World, past: Past, doors: Doors, language: str, said: str
) -> None:
    leads(past, 12, classification=2)
    reader = world.deputy
    browser = doors.browser(reader, language=language)
    assert said in served(browser.get("/figures")).words
    assert said[:12] not in served(browser.get("/figures?unit=YC-T01-V01")).words
    client = doors.api(reader)
    assert client.get("/api/v1/totals").json()["outside"] == 10
    assert client.get("/api/v1/totals", params={"unit": "YC-T02"}).json()["outside"] is None
    made = client.get("/api/v1/exports/totals.csv")
    assert "at least 10 matters" in made.text


def test_a_cohort_is_whole_without_any_filter() -> None:
    whole = Cohort(as_of=DAY)
    assert whole.whole_on(DAY)
    assert replace(whole, unit=UnitPath("YC")).whole_on(DAY)
    assert not whole.whole_on(DAY + timedelta(days=1))
    assert not replace(whole, stage=Standing.ASSESS).whole_on(DAY)
