"""Who can see a matter, keeping off one, and near relatives, as programs meet them."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.build_matters import log, verified
from tests.builders import Someone, World
from tests.clients import Doors

MATTERS = "/api/v1/matters"


def access_of(doors: Doors, who: Someone, matter: UUID, language: str = "en") -> dict[str, Any]:
    answer = doors.api(who, language=language).get(f"{MATTERS}/{matter}/access")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_everybody_who_sees_a_matter_is_listed_with_every_reason(
    world: World, doors: Doors
) -> None:
    lead = verified(world)
    found = access_of(doors, world.investigator, lead)
    says = {seer["name"]: [why["says"] for why in seer["reasons"]] for seer in found["seen_by"]}
    assert says[world.chief.name] == ["chief for 云川区"]
    assert says[world.investigator.name] == ["handles it", "logged it"]
    assert says[world.auditor.name] == ["auditor for 云川区: reads it with names masked"]
    assert world.administrator.name not in says
    assert world.team_member.name not in says
    for name in says:
        who = next(each for each in world.plan.people.values() if each.name == name)
        assert doors.api(who).get(f"{MATTERS}/{lead}").status_code == 200


def test_a_person_is_told_why_they_see_it_in_their_language(world: World, doors: Doors) -> None:
    lead = log(world, world.investigator)
    mine = access_of(doors, world.lead_manager, lead, "zh-CN")["mine"]
    assert [why["says"] for why in mine] == ["云川区的线索管理员"]


def test_keeping_off_hides_the_matter_as_if_it_were_not_there(world: World, doors: Doors) -> None:
    lead = verified(world)
    client = doors.api(world.investigator)
    tag = client.get(f"{MATTERS}/{lead}").headers["ETag"]
    gone = client.post(
        f"{MATTERS}/{lead}/keep-off", json={"reason": "同学"}, headers={"If-Match": tag}
    )
    assert gone.status_code == 204
    walled, unknown = (client.get(f"{MATTERS}/{each}") for each in (lead, uuid4()))
    assert walled.status_code == unknown.status_code == 404
    one, other = walled.json(), unknown.json()
    assert {**one, "instance": ""} == {**other, "instance": ""}
    assert client.get(MATTERS).json()["items"] == []
    found = access_of(doors, world.department_head, lead)
    assert [each["name"] for each in found["kept_off"]] == [world.investigator.name]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 30_000])
def test_a_conflict_has_a_reason(world: World, doors: Doors, reason: str) -> None:
    lead = log(world, world.investigator)
    client = doors.api(world.investigator)
    tag = client.get(f"{MATTERS}/{lead}").headers["ETag"]
    answer = client.post(
        f"{MATTERS}/{lead}/keep-off", json={"reason": reason}, headers={"If-Match": tag}
    )
    assert answer.status_code == 422
    assert client.get(f"{MATTERS}/{lead}").status_code == 200


def test_who_only_reads_is_not_told_who_else_does(world: World, doors: Doors) -> None:
    lead = log(world, world.investigator)
    assert doors.api(world.auditor).get(f"{MATTERS}/{lead}/access").status_code == 403


def test_relatives_are_declared_once_listed_from_both_sides_and_ended(
    world: World, doors: Doors
) -> None:
    client = doors.api(world.lead_manager)
    one, other = (
        client.post("/api/v1/people", json={"name": name}).json()["id"] for name in ("甲某", "乙某")
    )
    body = {"relative_id": other, "kinship": "spouse"}
    made = client.post(f"/api/v1/people/{one}/relatives", json=body)
    assert made.status_code == 201
    again = client.post(f"/api/v1/people/{one}/relatives", json=body)
    assert again.status_code == 409
    seen = client.get(f"/api/v1/people/{other}/relatives").json()["items"]
    assert [(row["name"], row["kinship"], row["reverse"]) for row in seen] == [
        ("甲某", "spouse", True)
    ]
    place = f"/api/v1/people/{one}/relatives/{seen[0]['id']}"
    assert client.delete(place).status_code == 428
    tag = client.get(f"/api/v1/people/{one}").headers["ETag"]
    assert client.delete(place, headers={"If-Match": tag}).status_code == 204
    assert client.delete(place, headers={"If-Match": tag}).status_code == 404
    assert client.get(f"/api/v1/people/{one}/relatives").json()["items"] == []


def test_nobody_is_their_own_relative(world: World, doors: Doors) -> None:
    client = doors.api(world.lead_manager)
    one = client.post("/api/v1/people", json={"name": "甲某"}).json()["id"]
    answer = client.post(
        f"/api/v1/people/{one}/relatives", json={"relative_id": one, "kinship": "spouse"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "relative_id"
