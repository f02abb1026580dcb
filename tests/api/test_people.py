"""The registers of persons and organisations over the API."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain.ledgers.identity import check_character
from app.domain.permissions import Role
from tests.builders import World
from tests.clients import Doors

PEOPLE = "/api/v1/people"


def number(serial: int = 1) -> str:
    """A valid identity number under the unassigned area code 990101."""
    first = f"99010119750312{serial:03d}"
    return first + check_character(first)


def test_a_number_comes_in_whole_and_leaves_masked(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    body = {"name": "张三", "id_number": number(), "position": "村会计", "member": True}
    made = doors.api(world.investigator).post(PEOPLE, json=body)

    assert made.status_code == 201
    assert made.json()["id_number"] == f"990101********{number()[-4:]}"
    assert number() not in made.text
    for query in (
        "SELECT person::text AS kept FROM person",
        "SELECT changes::text AS kept FROM audit_event",
        "SELECT audit_personal::text AS kept FROM audit_personal",
        "SELECT encode(id_number, 'escape') AS kept FROM person",
    ):
        kept = owner.execute(query.encode()).fetchall()
        assert kept
        assert all(number() not in row["kept"] for row in kept)


def test_two_equal_numbers_look_different_in_the_database(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    client = doors.api(world.investigator)
    made = client.post(PEOPLE, json={"name": "张三", "id_number": number()})
    first = owner.execute("SELECT id_number FROM person").fetchone()
    changed = client.patch(
        f"{PEOPLE}/{made.json()['id']}",
        json={"id_number": number()},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert changed.status_code == 200
    assert owner.execute("SELECT id_number FROM person").fetchone() != first


@pytest.mark.parametrize(
    "wrong",
    [
        number()[:-1] + ("0" if number()[-1] != "0" else "1"),
        number()[:17],
        "990101197513121234",
        "123456789012345678901",
        "9.90101E+17XXXXX",
        "abcdefghijklmnopqr",
    ],
)
def test_a_mistyped_number_is_refused_without_repeating_it(
    world: World, doors: Doors, wrong: str
) -> None:
    answer = doors.api(world.investigator).post(PEOPLE, json={"name": "张三", "id_number": wrong})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "id_number"
    assert wrong not in answer.text


def test_a_person_is_found_by_number_however_it_is_typed(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    made = client.post(PEOPLE, json={"name": "张三", "id_number": number(7)}).json()
    wide = "".join(chr(ord(each) + 0xFEE0) for each in number(7))
    for typed in (number(7), f" {number(7)[:6]} {number(7)[6:]} ", wide):
        found = client.post(f"{PEOPLE}/lookup", json={"id_number": typed})
        assert found.status_code == 200, found.text
        assert [each["id"] for each in found.json()["items"]] == [made["id"]]
    missing = client.post(f"{PEOPLE}/lookup", json={"id_number": number(8)})
    assert missing.json()["items"] == []


def test_one_number_is_one_person(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    assert client.post(PEOPLE, json={"name": "张三", "id_number": number()}).status_code == 201
    again = client.post(PEOPLE, json={"name": "李四", "id_number": number()})
    assert again.status_code == 409


def test_one_number_is_one_person_also_when_ten_enter_it_at_once(
    world: World, doors: Doors
) -> None:
    client = doors.api(world.investigator)

    def enter(serial: int) -> int:
        body = {"name": f"张{serial}", "id_number": number()}
        return client.post(PEOPLE, json=body).status_code

    with ThreadPoolExecutor(10) as threads:
        statuses = sorted(threads.map(enter, range(10)))
    assert statuses == [201, *[409] * 9]


def test_a_person_without_a_number_is_presumed(world: World, doors: Doors) -> None:
    client = doors.api(world.intake_officer)
    made = client.post(PEOPLE, json={"name": "王五", "unit_id": str(world.village.id)})
    assert made.json()["presumed"] is True
    assert made.json()["unit_name"] == world.village.name
    known = client.patch(
        made.headers["Location"],
        json={"id_number": number(9)},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert known.json()["presumed"] is False


def test_persons_are_listed_by_beginning_and_unit(world: World, doors: Doors) -> None:
    client = doors.api(world.lead_manager)
    for name, unit in (
        ("张一", world.village),
        ("张二", world.other_township),
        ("李一", world.village),
    ):
        client.post(PEOPLE, json={"name": name, "unit_id": str(unit.id)})

    def names(**shown: str) -> set[str]:
        return {each["name"] for each in client.get(PEOPLE, params=shown).json()["items"]}

    assert names(name="张") == {"张一", "张二"}
    assert names(unit="YC-T01") == {"张一", "李一"}
    assert names(name="张", unit="YC-T01") == {"张一"}
    assert names(name="%") == set()
    assert client.get(PEOPLE, params={"unit": "none"}).status_code == 422


def test_a_change_needs_the_version_that_was_read(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    made = client.post(PEOPLE, json={"name": "张三"})
    address, tag = made.headers["Location"], made.headers["ETag"]
    body = {"position": "村主任"}

    assert client.patch(address, json=body).status_code == 428
    assert client.patch(address, json=body, headers={"If-Match": "*"}).status_code == 428
    assert client.patch(address, json=body, headers={"If-Match": 'W/"1"'}).status_code == 412
    assert client.patch(address, json=body, headers={"If-Match": tag}).status_code == 200
    assert client.patch(address, json=body, headers={"If-Match": tag}).status_code == 412
    read = client.get(address)
    assert read.json()["position"] == "村主任"
    assert read.json()["name"] == "张三"


def test_a_rank_that_the_procedure_doesnt_know_is_refused_unless_the_register_holds_it(
    world: World, doors: Doors, owner: psycopg.Connection[DictRow]
) -> None:
    client = doors.api(world.investigator, language="zh-CN")
    body = {"name": "张三", "rank": "emperor", "unit_id": str(new_id()), "id_number": "1" * 18}
    refused = client.post(PEOPLE, json=body)
    assert refused.status_code == 422
    wrong = {each["field"]: each["reason"] for each in refused.json()["errors"]}
    assert wrong.keys() == {"rank", "unit_id", "id_number"}
    assert wrong["rank"] == "请从所列项中选择一项。"
    made = client.post(PEOPLE, json={"name": "张三", "rank": "other"})
    owner.execute("UPDATE person SET rank = 'of_an_earlier_procedure'")
    seen = {"If-Match": made.headers["ETag"]}
    here = f"{PEOPLE}/{made.json()['id']}"
    assert client.patch(here, json={"rank": "emperor"}, headers=seen).status_code == 422
    same = {"rank": "of_an_earlier_procedure", "position": "会计"}
    assert client.patch(here, json=same, headers=seen).status_code == 200


def test_what_isnt_known_can_be_unknown_again(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    made = client.post(PEOPLE, json={"name": "张三", "member": True})
    unknown = client.patch(
        made.headers["Location"],
        json={"member": None},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert unknown.json()["member"] is None
    for body in ({"name": None}, {"id_number": None}, {}):
        refused = client.patch(
            made.headers["Location"], json=body, headers={"If-Match": unknown.headers["ETag"]}
        )
        assert refused.status_code == 422


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REPORTING_UNIT, Role.ADMINISTRATOR])
def test_who_works_on_no_matter_reads_no_person(world: World, doors: Doors, role: Role) -> None:
    made = doors.api(world.investigator).post(PEOPLE, json={"name": "张三"})
    client = doors.api(world.holder(role))
    for address in (PEOPLE, made.headers["Location"], "/api/v1/organisations"):
        assert client.get(address).status_code == 403


def test_a_reader_writes_nothing(world: World, doors: Doors) -> None:
    client = doors.api(world.chief)
    assert client.get(PEOPLE).status_code == 200
    assert client.post(PEOPLE, json={"name": "张三"}).status_code == 403


def test_organisations_are_registered_found_and_changed(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    body = {"name": "松山乡农机合作社", "unit_id": str(world.other_township.id)}
    made = client.post("/api/v1/organisations", json=body)
    assert made.status_code == 201

    found = client.get("/api/v1/organisations", params={"name": "松山"}).json()["items"]
    assert [each["unit_code"] for each in found] == ["YC-T02"]
    changed = client.patch(
        made.headers["Location"],
        json={"name": "松山乡农机专业合作社"},
        headers={"If-Match": made.headers["ETag"]},
    )
    assert client.get(made.headers["Location"]).json() == changed.json()
    assert client.get(f"/api/v1/organisations/{world.village.id}").status_code == 404


def test_a_file_opens_over_the_api_for_a_reason_that_is_written_down(
    world: World, doors: Doors
) -> None:
    made = doors.api(world.investigator).post(PEOPLE, json={"name": "张三", "education": "高中"})
    address = made.headers["Location"]
    client = doors.api(world.lead_manager)
    listed = client.get(PEOPLE, params={"name": "张"}).json()["items"]
    assert [each["name"] for each in listed] == ["张三"]
    assert not {"education", "id_number", "version"} & set(listed[0])

    closed = client.get(address)
    assert closed.status_code == 403
    assert closed.json()["type"].endswith("/problems/file-closed")
    assert "高中" not in closed.text
    assert "ETag" not in closed.headers
    for part in ("relatives", "posts"):
        assert client.get(f"{address}/{part}").json()["type"] == closed.json()["type"]

    assert client.post(f"{address}/openings", json={}).status_code == 403
    opened = client.post(f"{address}/openings", json={"reason": "核对任职情况。"})
    assert opened.status_code == 201
    assert opened.json()["reason"] == "核对任职情况。"
    assert client.get(address).json()["education"] == "高中"

    seen = doors.api(world.chief).get("/api/v1/openings", params={"person": made.json()["id"]})
    assert [(each["account"], each["reason"]) for each in seen.json()["items"]] == [
        (world.lead_manager.name, "核对任职情况。"),
        (world.investigator.name, None),
    ]


def test_former_posts_are_a_part_of_the_file(world: World, doors: Doors) -> None:
    client = doors.api(world.investigator)
    made = client.post(PEOPLE, json={"name": "张三"})
    address = f"{made.headers['Location']}/posts"
    body = {"unit_id": str(world.village.id), "position": "村会计", "begins": "2012-03"}
    added = client.post(address, json=body)
    assert added.status_code == 201
    [post] = added.json()["items"]
    assert (post["place"], post["begins"], post["ends"]) == (world.village.name, "2012-03", None)
    assert client.post(address, json={"begins": "2012-03"}).status_code == 422
    place = f"{address}/{post['id']}"
    assert client.delete(place).status_code == 428
    gone = client.delete(place, headers={"If-Match": made.headers["ETag"]})
    assert gone.status_code == 204
    assert client.get(address).json()["items"] == []
