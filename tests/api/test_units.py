"""The unit tree over the API."""

from app.domain.permissions import Role
from tests.builders import World
from tests.clients import Doors


def test_units_come_in_the_order_of_the_tree(world: World, doors: Doors) -> None:
    answer = doors.api(world.auditor).get("/api/v1/units", params={"under": "YC-T01"})

    assert answer.status_code == 200
    codes = [each["code"] for each in answer.json()["items"]]
    assert codes == ["YC-T01", "YC-T01-V01", "YC-T01-V02"]
    assert answer.json()["next"] is None


def test_a_long_list_goes_on_where_it_stopped(world: World, doors: Doors) -> None:
    client = doors.api(world.auditor)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        shown = {"limit": 5} | ({"cursor": cursor} if cursor else {})
        part = client.get("/api/v1/units", params=shown).json()
        seen += [each["code"] for each in part["items"]]
        cursor = part["next"]
        if cursor is None:
            break

    assert seen == [row["code"] for row in client.get("/api/v1/units").json()["items"]]
    assert len(seen) == len(set(seen)) == 13


def test_a_changed_cursor_is_refused(world: World, doors: Doors) -> None:
    client = doors.api(world.auditor)
    cursor = client.get("/api/v1/units", params={"limit": 1}).json()["next"]
    content, mark = cursor.split(".")
    forged = f"{content[:-4]}AAA=.{mark}"

    for wrong in (forged, "nothing", "a.b", content, f"{cursor}x"):
        answer = client.get("/api/v1/units", params={"cursor": wrong})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "cursor"


def test_search_takes_wildcards_literally(world: World, doors: Doors) -> None:
    client = doors.api(world.auditor)
    assert len(client.get("/api/v1/units", params={"search": "松山"}).json()["items"]) == 1
    assert client.get("/api/v1/units", params={"search": "%"}).json()["items"] == []
    assert client.get("/api/v1/units", params={"search": "_"}).json()["items"] == []


def test_a_unit_is_found_by_id_and_by_code(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    by_id = client.get(f"/api/v1/units/{world.village.id}")
    by_code = client.get(f"/api/v1/units/by-code/{world.village.code}")

    assert by_id.json() == by_code.json()
    assert by_id.json()["parent_code"] == "YC-T01"
    assert client.get("/api/v1/units/by-code/NONE").status_code == 404


def test_a_unit_is_made_below_its_parent(world: World, doors: Doors) -> None:
    body = {
        "code": "YC-T02-V09",
        "name": "新村",
        "kind": "village",
        "parent_id": str(world.other_township.id),
        "poor_village": True,
    }
    answer = doors.api(world.lead_manager).post("/api/v1/units", json=body)

    assert answer.status_code == 201
    assert answer.json()["path"] == "YC.T02.V09"
    read = doors.api(world.chief).get(answer.headers["Location"])
    assert read.json() == answer.json()


def test_a_code_is_given_once(world: World, doors: Doors) -> None:
    body = {
        "code": "YC-T02",
        "name": "又一乡",
        "kind": "township",
        "parent_id": str(world.district.id),
    }
    answer = doors.api(world.administrator).post("/api/v1/units", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "code"


def test_only_a_district_stands_at_the_top(world: World, doors: Doors) -> None:
    client = doors.api(world.operator)
    orphan = {"code": "X1", "name": "孤村", "kind": "village"}
    nested = {
        "code": "X2",
        "name": "区中区",
        "kind": "district",
        "parent_id": str(world.district.id),
    }
    for body in (orphan, nested):
        answer = client.post("/api/v1/units", json=body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "parent_id"


def test_an_unknown_parent_is_named_as_the_wrong_field(world: World, doors: Doors) -> None:
    body = {
        "code": "X3",
        "name": "无根村",
        "kind": "village",
        "parent_id": "01920000-0000-7000-8000-000000000001",
    }
    answer = doors.api(world.operator).post("/api/v1/units", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "parent_id", "reason": "There is no such unit."}]


def test_an_administrator_stays_within_their_subtree(world: World, doors: Doors) -> None:
    elsewhere = world.person("township-administrator")
    body = {
        "code": "YC-T02-V08",
        "name": "别家村",
        "kind": "village",
        "parent_id": str(world.other_township.id),
    }
    answer = doors.api(elsewhere).post("/api/v1/units", json=body)
    assert answer.status_code == 403


def test_an_investigator_makes_no_unit(world: World, doors: Doors) -> None:
    body = {"code": "X4", "name": "某村", "kind": "village", "parent_id": str(world.township.id)}
    for role in (Role.INVESTIGATOR, Role.AUDITOR, Role.CHIEF):
        answer = doors.api(world.holder(role)).post("/api/v1/units", json=body)
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/forbidden"


def test_codes_that_a_path_cant_spell_still_find_a_place(world: World, doors: Doors) -> None:
    client = doors.api(world.operator)
    paths = set()
    for code in ("云川-甲", "云川-乙"):
        body = {
            "code": code,
            "name": code,
            "kind": "department",
            "parent_id": str(world.district.id),
        }
        answer = client.post("/api/v1/units", json=body)
        assert answer.status_code == 201
        paths.add(answer.json()["path"])
    assert len(paths) == 2
