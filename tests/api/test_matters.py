"""Matters through the API: logging, reading, steps, signing; and what bad input gets."""

from typing import Any

import httpx
import pytest

from tests.build_matters import DAY
from tests.builders import World
from tests.clients import Doors

NOWHERE = "00000000-0000-7000-8000-000000000001"


def body(world: World, **more: Any) -> dict[str, Any]:
    return {
        "source": "supervision",
        "received_on": DAY.isoformat(),
        "what": "虚报2017年度造林面积，多领补助。",
        "unit_id": str(world.village.id),
        "subjects": [{"name": "梁启元", "position": "村主任"}],
        **more,
    }


@pytest.fixture
def logged(world: World, doors: Doors) -> httpx.Response:
    world.clock.set(DAY)
    return doors.api(world.investigator).post("/api/v1/leads", json=body(world))


def test_a_lead_is_logged_numbered_and_alleged(logged: httpx.Response) -> None:
    assert logged.status_code == 201, logged.text
    lead = logged.json()
    assert lead["number"].startswith("YC2018-")
    assert (lead["state"], lead["alleged"]) == ("submitted", True)
    assert logged.headers["etag"] == '"1"'
    assert logged.headers["location"] == f"/api/v1/matters/{lead['id']}"


def test_who_logs_a_lead_is_answered_what_the_lead_then_says(
    world: World, doors: Doors, logged: httpx.Response
) -> None:
    read = doors.api(world.investigator).get(logged.headers["location"])
    assert read.json() == logged.json()


def test_what_lies_outside_is_not_there(world: World, doors: Doors, logged: httpx.Response) -> None:
    address = logged.headers["location"]
    assert doors.api(world.investigator).get(address).status_code == 200
    for who in (world.other_investigator, world.keeper, world.administrator, world.intake_officer):
        answer = doors.api(who).get(address)
        assert answer.status_code in (403, 404)
        assert "造林" not in answer.text


def test_actions_say_what_is_missing_in_the_readers_language(
    world: World, doors: Doors, logged: httpx.Response
) -> None:
    client = doors.api(world.lead_manager)
    found = client.get(logged.headers["location"] + "/actions").json()["items"]
    events = {each["event"]: each for each in found}
    assert events["register"]["allowed"]
    assert not events["register"]["needs_signatures"]
    assert events["not_take_up"]["needs_signatures"]


def test_a_step_needs_the_version_that_was_seen(
    world: World, doors: Doors, logged: httpx.Response
) -> None:
    client = doors.api(world.lead_manager)
    address = logged.headers["location"] + "/actions"
    step = {"event": "register", "form": {"repeats_checked": True}}
    assert client.post(address, json=step).status_code == 428
    assert client.post(address, json=step, headers={"If-Match": '"7"'}).status_code == 412
    done = client.post(address, json=step, headers={"If-Match": '"1"'})
    assert done.status_code == 200, done.text
    assert done.json()["state"] == "registered"
    again = client.post(address, json=step, headers={"If-Match": '"2"'})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-transition")


def test_the_same_key_logs_once(world: World, doors: Doors) -> None:
    world.clock.set(DAY)
    client = doors.api(world.investigator)
    key = {"Idempotency-Key": "lead-1"}
    first = client.post("/api/v1/leads", json=body(world), headers=key)
    second = client.post("/api/v1/leads", json=body(world), headers=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = client.post("/api/v1/leads", json=body(world, what="另一件"), headers=key)
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit_id", NOWHERE),
        ("received_on", "2999-01-01"),
        ("amount", "-5"),
        ("amount", "1.234"),
        ("what", ""),
        ("what", "字" * 30000),
        ("nonsense", "x"),
        ("petition_id", NOWHERE),
    ],
)
def test_bad_input_names_its_field_and_writes_nothing(
    world: World, doors: Doors, field: str, value: str
) -> None:
    world.clock.set(DAY)
    client = doors.api(world.investigator)
    answer = client.post("/api/v1/leads", json=body(world, **{field: value}))
    assert answer.status_code == 422, answer.text
    assert field in {each["field"] for each in answer.json()["errors"]}
    assert client.get("/api/v1/matters").json()["items"] == []


def test_a_request_is_signed_by_another_and_never_by_who_asked(world: World, doors: Doors) -> None:
    world.clock.set(DAY)
    manager = doors.api(world.lead_manager)
    lead = manager.post("/api/v1/leads", json=body(world))
    step = {
        "event": "assign",
        "form": {"department": str(world.unit("YC-O03").id), "no_conflict": True},
        "reason": "属第一室联系地区。",
    }
    asked = manager.post(
        lead.headers["location"] + "/actions", json=step, headers={"If-Match": '"1"'}
    )
    assert asked.status_code == 200, asked.text
    address = f"/api/v1/requests/{asked.json()['request_id']}"
    seen = manager.get(address).headers["etag"]
    own = manager.post(address + "/sign", json={"reason": "同意"}, headers={"If-Match": seen})
    assert own.status_code == 403
    deputy = doors.api(world.deputy)
    waiting = deputy.get("/api/v1/requests").json()["items"]
    assert [each["id"] for each in waiting] == [asked.json()["request_id"]]
    signed = deputy.post(address + "/sign", json={"reason": "同意"}, headers={"If-Match": seen})
    assert signed.json()["state"] == "assigned", signed.text


def test_a_petitions_reporter_is_intakes_alone(world: World, doors: Doors) -> None:
    world.clock.set(DAY)
    intake = doors.api(world.intake_officer)
    petition = intake.post(
        "/api/v1/petitions",
        json={
            "channel": "letter",
            "class": "report",
            "received_on": DAY.isoformat(),
            "content": "反映危房改造补助未足额发放。",
            "unit_id": str(world.village.id),
            "reporter": {"name": "金丝雀姓名", "contact": "19900007777"},
        },
    )
    assert petition.status_code == 201, petition.text
    assert "金丝雀" not in petition.text
    address = f"/api/v1/petitions/{petition.json()['id']}/reporter"
    assert intake.post(address).json()["name"] == "金丝雀姓名"
    assert doors.api(world.lead_manager).post(address).status_code == 403
    assert doors.api(world.petitions_head).post(address).status_code == 200
