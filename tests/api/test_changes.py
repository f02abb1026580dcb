"""A program that follows what changes, over the API."""

from app.domain.permissions import Role
from app.services import accounts
from app.services.matters import add_note
from tests.build_matters import log
from tests.builders import World
from tests.clients import Doors

CHANGES = "/api/v1/changes"


def test_a_program_reads_once_and_then_follows(world: World, doors: Doors) -> None:
    program = doors.api(world.chief)
    begin = program.get(CHANGES)
    assert begin.json()["items"] == []
    lead = log(world, world.investigator)
    with world.open("matters.note", world.lead_manager) as tx:
        add_note(tx, lead, text="一条备注。")
    after, told = begin.json()["next"], []
    while True:
        part = program.get(CHANGES, params={"after": after, "limit": 1}).json()
        told += part["items"]
        after = part["next"]
        if not part["more"]:
            break
    assert [item["matter_id"] for item in told] == [str(lead), str(lead)]
    assert told[0].keys() == {"matter_id", "kind", "number", "events", "at"}
    assert told[1]["events"] == ["note", "step"]
    assert part.keys() == {"items", "next", "more", "lag_seconds"}
    assert "一条备注" not in str(told)


def test_a_cursor_of_before_the_roles_changed_is_gone(world: World, doors: Doors) -> None:
    program = doors.api(world.chief, language="zh-CN")
    cursor = program.get(CHANGES).json()["next"]
    with world.open("roles.grant", world.operator) as tx:
        accounts.grant_role(
            tx, account_id=world.chief.account_id, role=Role.SECRETARY, unit_id=world.township.id
        )
    answer = program.get(CHANGES, params={"after": cursor})
    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/start-anew"
    assert "重新" in answer.json()["detail"]
    assert program.get(answer.json()["type"]).status_code == 200


def test_what_is_no_cursor_is_refused_by_its_field(world: World, doors: Doors) -> None:
    answer = doors.api(world.chief).get(CHANGES, params={"after": "nonsense"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "after"
