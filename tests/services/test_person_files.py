"""A person's file opens to whoever handles a matter of theirs, to others for a reason."""

from datetime import date
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.permissions import Role
from app.services import people, person_files, walls
from tests.build_matters import log, verified
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]

NUMBER = "990101197503120016"
WHY = "核对与承办人的关联。"


def person_in(owner: Owner, matter_id: UUID) -> UUID:
    row = owner.execute(
        "SELECT person_id FROM involvement WHERE matter_id = %s", [matter_id]
    ).fetchone()
    assert row is not None
    found: UUID = row["person_id"]
    return found


def somebody(owner: Owner, name: str = "某某") -> UUID:
    row = owner.execute(
        "INSERT INTO person (id, name, education) VALUES (gen_random_uuid(), %s, '高中')"
        " RETURNING id",
        [name],
    ).fetchone()
    assert row is not None
    found: UUID = row["id"]
    return found


def is_person(owner: Owner, who: Someone, person_id: UUID) -> None:
    owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [person_id, who.account_id])


def reads(world: World, who: Someone, person_id: UUID, reason: str | None = None) -> bool:
    try:
        with world.open("people.read", who) as tx:
            if reason is not None:
                person_files.open_file(tx, person_id, reason=reason)
            people.read_person(tx, person_id)
    except errors.FileClosed:
        return False
    return True


def openings(
    world: World, who: Someone, person_id: UUID | None = None
) -> list[tuple[str, str | None]]:
    with world.open("people.openings", who) as tx:
        return [
            (row["account"], row["reason"])
            for row in person_files.openings(tx, person_id, limit=100)
        ]


def test_whoever_handles_a_matter_of_theirs_opens_the_file_and_that_is_written_down(
    world: World, owner: Owner
) -> None:
    lead = verified(world)
    person = person_in(owner, lead)
    assert reads(world, world.investigator, person)
    assert reads(world, world.investigator, person)
    rows = owner.execute(
        "SELECT account_id, matter_id, reason FROM person_opening WHERE person_id = %s", [person]
    ).fetchall()
    assert [(row["account_id"], row["matter_id"], row["reason"]) for row in rows] == [
        (world.investigator.account_id, lead, None)
    ]


def test_everybody_else_says_why_and_the_file_closes_again(world: World, owner: Owner) -> None:
    person = person_in(owner, verified(world))
    for who in (world.inspector, world.chief, world.lead_manager, world.finance):
        assert not reads(world, who, person)
        assert reads(world, who, person, WHY)
        assert reads(world, who, person)
    owner.execute(
        "UPDATE person_opening SET opened_at = opened_at - interval '2 hours',"
        " open_until = open_until - interval '2 hours'"
    )
    assert not reads(world, world.inspector, person)


@pytest.mark.parametrize("reason", ["", "   ", "长" * 501])
def test_a_reason_says_something(world: World, owner: Owner, reason: str) -> None:
    with pytest.raises(errors.Invalid), world.open("people.open_file", world.chief) as tx:
        person_files.open_file(tx, somebody(owner), reason=reason)


def test_whoever_enters_a_person_sees_what_they_entered_and_nobody_else_does(
    world: World,
) -> None:
    with world.open("people.create", world.lead_manager) as tx:
        person = people.create_person(tx, name="梁启元", id_number=NUMBER, education="高中")
    assert reads(world, world.lead_manager, person)
    assert not reads(world, world.investigator, person)


def test_handling_ends_with_the_matter_and_with_leaving_the_team(
    world: World, owner: Owner
) -> None:
    lead = verified(world)
    person = person_in(owner, lead)
    owner.execute("UPDATE matter SET closed_on = %s WHERE id = %s", [date(2018, 9, 1), lead])
    assert not reads(world, world.investigator, person)
    owner.execute("UPDATE matter SET closed_on = NULL WHERE id = %s", [lead])
    owner.execute(
        "UPDATE team_member SET ends_on = %s WHERE matter_id = %s", [date(2018, 9, 1), lead]
    )
    owner.execute("UPDATE matter SET made_by = %s", [world.lead_manager.account_id])
    assert not reads(world, world.investigator, person)


def test_the_database_keeps_a_closed_file_closed(world: World, owner: Owner) -> None:
    """Straight SQL in a live session, past every service."""
    person, other = somebody(owner), somebody(owner, "另某")
    owner.execute(
        "INSERT INTO relative (id, person_id, relative_id, kinship, declared_by, declared_on)"
        " VALUES (gen_random_uuid(), %s, %s, 'sibling', %s, %s)",
        [person, other, world.lead_manager.account_id, date(2018, 9, 1)],
    )
    owner.execute(
        "INSERT INTO former_post (id, person_id, place, recorded_by, recorded_on)"
        " VALUES (gen_random_uuid(), %s, '某县', %s, %s)",
        [person, world.lead_manager.account_id, date(2018, 9, 1)],
    )
    for column in ("id_number", "id_index", "education", "born", "male", "*"):
        with (
            pytest.raises(errors.NotFound),
            world.open("drill", world.lead_manager) as tx,
        ):
            tx.rows(f"SELECT {column} FROM person")
    for view in ("guard.person_file", "guard.exported_person", "relative", "former_post"):
        with world.open("drill", world.lead_manager) as tx:
            assert tx.rows(f"SELECT * FROM {view}") == [], view
    with world.open("drill", world.lead_manager) as tx:
        person_files.open_file(tx, person, reason=WHY)
        assert [row["id"] for row in tx.rows("SELECT id FROM guard.person_file")] == [person]
        assert len(tx.rows("SELECT id FROM relative")) == 1
        assert len(tx.rows("SELECT id FROM former_post")) == 1
    for table in ("person_opening",):
        with pytest.raises(errors.NotFound), world.open("drill", world.chief) as tx:
            tx.rows(f"SELECT * FROM {table}")
    with world.open("drill", world.chief) as tx:
        assert tx.rows("SELECT id FROM guard.person_file") == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.REPORTING_UNIT])
def test_whoever_reads_no_register_opens_no_file_whatever_they_say(
    world: World, owner: Owner, role: Role
) -> None:
    person = somebody(owner)
    with (
        pytest.raises(errors.NotFound),
        world.open("people.open_file", world.holder(role)) as tx,
    ):
        person_files.open_file(tx, person, reason=WHY)


def test_nobody_opens_their_own_file_whether_or_not_a_matter_names_them(
    world: World, owner: Owner
) -> None:
    unnamed, named = somebody(owner), person_in(owner, log(world, world.investigator))
    for who, person in ((world.inspector, unnamed), (world.other_investigator, named)):
        with world.open("people.open_file", who) as tx:
            person_files.open_file(tx, person, reason=WHY)
        is_person(owner, who, person)
        with (
            pytest.raises(errors.Forbidden, match="not yours"),
            world.open("people.open_file", who) as tx,
        ):
            person_files.open_file(tx, person, reason=WHY)
        with world.open("drill", who) as tx:
            assert tx.rows("SELECT id FROM guard.person_file") == []


def test_a_relative_doesnt_learn_from_a_file_that_they_were_declared_one(
    world: World, owner: Owner
) -> None:
    person, mine = person_in(owner, log(world, world.investigator)), somebody(owner)
    is_person(owner, world.other_investigator, mine)
    with world.open("people.relatives", world.other_investigator) as tx:
        person_files.open_file(tx, person, reason=WHY)
        before = walls.relatives(tx, person)
    with world.open("people.declare_relative", world.investigator) as tx:
        walls.declare_relative(tx, person, relative_id=mine, kinship="in_law")
        assert len(walls.relatives(tx, person)) == 1
    with world.open("people.relatives", world.other_investigator) as tx:
        assert walls.relatives(tx, person) == before == []


def test_handling_a_matter_one_is_walled_off_from_opens_nothing(world: World, owner: Owner) -> None:
    """Somebody on the team whom the matter names as well: the file asks as if it weren't there."""
    lead = verified(world)
    person = person_in(owner, lead)
    mine = somebody(owner)
    is_person(owner, world.investigator, mine)
    owner.execute(
        "INSERT INTO involvement (id, matter_id, part, person_id, begins_on)"
        " VALUES (gen_random_uuid(), %s, 'witness', %s, %s)",
        [lead, mine, date(2018, 9, 1)],
    )
    assert not reads(world, world.investigator, person)


def test_whoever_supervises_access_sees_who_opened_a_file_when_and_why(
    world: World, owner: Owner
) -> None:
    person = person_in(owner, verified(world))
    reads(world, world.investigator, person)
    reads(world, world.inspector, person, WHY)
    found = {(world.inspector.name, WHY), (world.investigator.name, None)}
    for supervisor in (world.chief, world.auditor):
        assert set(openings(world, supervisor, person)) == found
    with world.open("people.openings", world.auditor) as tx:
        assert {row["person"][1:] for row in person_files.openings(tx)} <= {"×", "××"}
    assert openings(world, world.inspector) == [(world.inspector.name, WHY)]
    assert openings(world, world.deputy) == []


def test_who_is_named_with_somebody_isnt_shown_who_opened_that_file(
    world: World, owner: Owner
) -> None:
    """The chief, as an implicated superior: named, a relative, or a conflict declared."""
    lead = verified(world)
    person = person_in(owner, lead)
    reads(world, world.investigator, person)
    reads(world, world.chief, person, WHY)
    mine = somebody(owner)
    is_person(owner, world.chief, mine)
    own = [(world.chief.name, WHY)]
    assert len(openings(world, world.chief, person)) == 2
    ways = {
        "INSERT INTO involvement (id, matter_id, part, person_id, begins_on)"
        " VALUES (gen_random_uuid(), %(lead)s, 'subject', %(mine)s, '2018-09-01')": "involvement",
        "INSERT INTO relative (id, person_id, relative_id, kinship, declared_by, declared_on)"
        " VALUES (gen_random_uuid(), %(person)s, %(mine)s, 'sibling', %(by)s, '2018-09-01')":
            "relative",
    }  # fmt: skip
    values = {
        "lead": lead, "mine": mine, "person": person, "by": world.investigator.account_id,
    }  # fmt: skip
    for way, table in ways.items():
        owner.execute(way.encode(), values)
        assert openings(world, world.chief, person) == own
        assert openings(world, world.chief) == own
        owner.execute(f"UPDATE {table} SET ended_on = '2018-09-02'".encode())
        owner.execute(
            "UPDATE involvement SET ended_on = NULL WHERE matter_id = %s AND person_id = %s",
            [lead, person],
        )
        assert len(openings(world, world.chief, person)) == 2
    owner.execute("UPDATE account SET person_id = %s WHERE id = %s", [
        person, world.chief.account_id,
    ])  # fmt: skip
    assert openings(world, world.chief, person) == own


def test_former_posts_stand_in_the_file_until_withdrawn(world: World, owner: Owner) -> None:
    person = person_in(owner, verified(world))
    with world.open("people.add_post", world.investigator) as tx:
        person_files.add_post(
            tx, person, unit_id=world.village.id, position="村会计", begins="2012-03",
            ends="2016-07",
        )  # fmt: skip
        last = person_files.add_post(tx, person, place="邻县财政所", begins="2017-01")
    with world.open("people.posts", world.investigator) as tx:
        found = person_files.posts(tx, person)
        assert [row["place"] for row in found] == ["邻县财政所", world.village.name]
        person_files.withdraw_post(tx, person, last)
        assert [row["place"] for row in person_files.posts(tx, person)] == [world.village.name]
    with (
        pytest.raises(errors.FileClosed),
        world.open("people.posts", world.lead_manager) as tx,
    ):
        person_files.posts(tx, person)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"place": "邻县", "begins": "2016-13"},
        {"place": "邻县", "begins": "2016-07", "ends": "2016-06"},
        {"place": "邻县", "ends": "2099-01"},
        {"unit_id": UUID(int=5)},
    ],
)
def test_a_former_post_is_somewhere_and_in_order(
    world: World, owner: Owner, wrong: dict[str, object]
) -> None:
    person = person_in(owner, verified(world))
    with (
        pytest.raises(errors.Invalid),
        world.open("people.add_post", world.investigator) as tx,
    ):
        person_files.add_post(tx, person, **wrong)  # type: ignore[arg-type]
