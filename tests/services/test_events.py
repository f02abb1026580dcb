"""Events: written by the database itself, with the change they tell of, and names apart."""

from hashlib import sha256

import psycopg
import pytest
from psycopg import errors as database
from psycopg.rows import DictRow

from app.domain.errors import NotFound
from app.services import people, person_files
from tests.builders import World

Owner = psycopg.Connection[DictRow]
EVENTS = b"SELECT * FROM audit_event WHERE table_name = 'person' AND row_id = %s ORDER BY seq"


def test_an_event_stands_in_the_transaction_of_its_change(world: World, owner: Owner) -> None:
    with world.open("people.create", world.investigator) as tx:
        person = people.create_person(tx, name="张三", position="村会计")
        assert owner.execute(EVENTS, (person,)).fetchall() == []
    with world.open("people.change", world.lead_manager) as tx:
        person_files.open_file(tx, person, reason="更正职务。")
        people.change_person(tx, person, seen_version=1, changes={"position": "村主任"})
    made, changed = owner.execute(EVENTS, (person,)).fetchall()
    assert (made["op"], made["actor_id"]) == ("INSERT", world.investigator.account_id)
    assert (changed["op"], changed["use_case"]) == ("UPDATE", "people.change")
    assert changed["actor_id"] == world.lead_manager.account_id
    assert set(changed["changes"]) == {"position", "version"}
    held = owner.execute("SELECT xmin::text FROM person WHERE id = %s", (person,)).fetchone()
    assert held
    assert int(held["xmin"]) == int(changed["xid"]) % 2**32


def test_what_is_taken_back_leaves_no_event(world: World, owner: Owner) -> None:
    def fail_on_the_way() -> None:
        with world.open("people.create", world.investigator) as tx:
            people.create_person(tx, name="张三")
            raise InterruptedError

    before = owner.execute("SELECT count(*) AS n FROM audit_event").fetchone()
    with pytest.raises(InterruptedError):
        fail_on_the_way()
    assert owner.execute("SELECT count(*) AS n FROM audit_event").fetchone() == before


def test_personal_values_stand_apart_and_can_be_erased(world: World, owner: Owner) -> None:
    with world.open("people.create", world.investigator) as tx:
        person = people.create_person(tx, name="张三", ethnicity="满族", born="1966-07")
    [event] = owner.execute(EVENTS, (person,)).fetchall()
    told = str(event["changes"])
    for value in ("张三", "满族", "1966-07"):
        assert value not in told
    kept = owner.execute(
        "SELECT values FROM audit_personal WHERE event_id = %s", (event["id"],)
    ).fetchone()
    assert kept
    salt, name = kept["values"]["name"]
    assert name == "张三"
    digest = sha256(bytes.fromhex(salt) + name.encode()).hexdigest()
    assert event["changes"]["name"] == f"sha256:{digest}"
    owner.execute("DELETE FROM audit_personal WHERE event_id = %s", (event["id"],))
    [after] = owner.execute(EVENTS, (person,)).fetchall()
    assert after == event


def test_the_program_itself_writes_no_event_by_hand(world: World) -> None:
    with (
        pytest.raises(NotFound) as refused,
        world.open("tests.attempt", world.administrator) as tx,
    ):
        tx.execute(
            "INSERT INTO audit_event (at, id, table_name, op, database_user, changes)"
            " VALUES (now(), gen_random_uuid(), 'person', 'INSERT', 'x', '{}')",
            {},
        )
    assert isinstance(refused.value.__cause__, database.InsufficientPrivilege)
