"""A reporting unit over the API: it hands in leads that name people, and reads no register."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.errors import NotFound
from app.domain.permissions import Role
from tests.api.test_matters import body
from tests.build_matters import DAY, act
from tests.builders import World
from tests.clients import Client, Doors

Owner = psycopg.Connection[DictRow]
NEW, KNOWN = {"name": "梁启元", "position": "村主任"}, {"name": "周大海"}
COOPERATIVE = {"name": "北湾合作社", "organisation": True}


def known(world: World, doors: Doors, **more: Any) -> str:
    """Somebody of the register, entered by a colleague."""
    world.clock.set(DAY)
    answer = doors.api(world.investigator).post(
        "/api/v1/people",
        json={"name": "周大海", "position": "村会计", "unit_id": str(world.village.id), **more},
    )
    person_id: str = answer.json()["id"]
    return person_id


def hand_in(world: World, unit: Client, *subjects: dict[str, Any]) -> dict[str, Any]:
    answer = unit.post("/api/v1/leads", json=body(world, source="unit", subjects=list(subjects)))
    assert answer.status_code == 201, answer.text
    lead: dict[str, Any] = answer.json()
    return lead


def people_of(world: World, doors: Doors, lead: dict[str, Any]) -> list[dict[str, Any]]:
    """As the lead manager reads them."""
    read = doors.api(world.lead_manager).get(f"/api/v1/matters/{lead['id']}").json()
    people: list[dict[str, Any]] = read["people"]
    return people


def test_it_names_somebody_new_and_somebody_on_record(
    world: World, doors: Doors, owner: Owner
) -> None:
    person_id = known(world, doors)
    unit = doors.api(world.reporting_unit)
    first = hand_in(world, unit, NEW, KNOWN, COOPERATIVE)
    second = hand_in(world, unit, NEW, {"person_id": person_id}, COOPERATIVE)
    read, again = people_of(world, doors, first), people_of(world, doors, second)
    assert [each["name"] for each in read] == ["梁启元", "周大海", "北湾合作社"]
    assert [each["name"] for each in again] == ["梁启元", "周大海", "北湾合作社"]
    assert {read[1]["person_id"], again[1]["person_id"]} == {person_id}
    assert read[0]["person_id"] == again[0]["person_id"]
    assert read[2]["organisation_id"] == again[2]["organisation_id"]
    rows = owner.execute("SELECT name, position, presumed FROM person ORDER BY recorded_at")
    assert [tuple(row.values()) for row in rows] == [
        ("周大海", "村会计", True),
        ("梁启元", "村主任", True),
    ]


def test_nothing_tells_it_whom_the_register_knows(world: World, doors: Doors) -> None:
    person_id = known(world, doors)
    unit = doors.api(world.reporting_unit)
    lead = hand_in(world, unit, NEW, KNOWN, COOPERATIVE)
    for each in lead["people"]:
        assert (each["person_id"], each["organisation_id"], each["position"]) == (None, None, None)
        assert each["name"] in ("×××", None)
    for address in ("people", f"people/{person_id}", "organisations"):
        assert unit.get(f"/api/v1/{address}").status_code == 403
    assert unit.post("/api/v1/people", json={"name": "赵明"}).status_code == 403
    browser = doors.browser(world.reporting_unit)
    assert browser.get(f"/people/{person_id}").status_code == 403


def test_row_security_shows_it_no_person_and_takes_none_from_it(world: World, doors: Doors) -> None:
    known(world, doors)
    hand_in(world, doors.api(world.reporting_unit), NEW)
    with world.open("tests.read", world.reporting_unit) as tx:
        assert tx.value("SELECT count(*) FROM person") == 0
        assert tx.value("SELECT count(*) FROM organisation") == 0


@pytest.mark.parametrize("role", [Role.REPORTING_UNIT, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_enters_people_at_a_place_without_handing_in_a_lead_there(
    world: World, doors: Doors, owner: Owner, role: Role
) -> None:
    hand_in(world, doors.api(world.reporting_unit), NEW)
    elsewhere = world.unit("YC-T02-V01").id
    with (
        pytest.raises(NotFound),
        world.open("tests.attempt", world.holder(role)) as tx,
    ):
        tx.value(
            "SELECT guard.report_person(gen_random_uuid(), '赵明', %(unit)s,"
            " NULL, NULL, NULL, NULL)",
            {"unit": elsewhere},
        )
    assert owner.execute("SELECT 1 FROM person WHERE name = '赵明'").fetchone() is None


def test_who_is_managed_above_is_refused_at_its_door_too(
    world: World, doors: Doors, owner: Owner
) -> None:
    known(world, doors, rank="superior_managed")
    answer = doors.api(world.reporting_unit).post(
        "/api/v1/leads", json=body(world, source="unit", subjects=[KNOWN])
    )
    assert answer.status_code in (403, 409, 422)
    assert "on paper, sealed" in answer.text
    assert owner.execute("SELECT 1 FROM lead").fetchone() is None


def test_it_hears_where_its_lead_stands_and_not_who_works_on_it(world: World, doors: Doors) -> None:
    unit = doors.api(world.reporting_unit)
    lead = UUID(hand_in(world, unit, NEW)["id"])
    act(world, world.lead_manager, lead, "register", repeats_checked=True)
    act(
        world, world.lead_manager, lead, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True,
    )  # fmt: skip
    page = doors.browser(world.reporting_unit).get(f"/matters/{lead}").text
    told = page + unit.get(f"/api/v1/matters/{lead}").text + unit.get("/api/v1/matters").text
    told += unit.get(f"/api/v1/matters/{lead}/timeline").text
    assert "registered" in page
    assert [name for name in ("赵敏", "冯立新", "第一纪检监察室") if name in told] == []
