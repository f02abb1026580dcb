"""From what is only linked somebody is kept off by a head's decision, and by nothing else."""

from datetime import date
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.services import access, desks, matters, walls
from tests.build_matters import DAY, filed_case, log, verified
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]


def sees(world: World, who: Someone, matter_id: UUID) -> bool:
    with world.open("matters.read", who) as tx:
        return matters.still_sees(tx, matter_id)


def link(owner: Owner, one: UUID, other: UUID) -> None:
    owner.execute(
        "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
        " VALUES (%s, 'repeat_of', %s, %s, %s)",
        [new_id(), one, other, DAY],
    )


@pytest.fixture
def case(world: World) -> UUID:
    """A lead that the investigator and a colleague verify."""
    return verified(world)


@pytest.fixture
def bogus(world: World, owner: Owner, case: UUID) -> UUID:
    """A report that accuses its handler, of the kind that anybody can send; linked to it."""
    report = log(world, world.other_investigator)
    accuse(owner, report, world.investigator)
    link(owner, report, case)
    return report


def accuse(owner: Owner, report: UUID, who: Someone) -> None:
    owner.execute(
        "UPDATE account SET person_id = (SELECT person_id FROM involvement WHERE matter_id = %s)"
        " WHERE id = %s",
        [report, who.account_id],
    )
    owner.execute(
        "UPDATE involvement SET ended_on = %s WHERE matter_id <> %s AND person_id ="
        " (SELECT person_id FROM account WHERE id = %s)",
        [DAY, report, who.account_id],
    )


def to_decide(world: World, who: Someone) -> list[UUID]:
    with world.open("walls.to_decide", who) as tx:
        return [row["matter_id"] for row in walls.to_decide(tx)]


def decide(world: World, who: Someone, case: UUID, report: UUID, *, off: bool) -> None:
    with world.open("walls.decide", who) as tx:
        walls.decide(
            tx, case, account_id=world.investigator.account_id, linked_id=report, keeps_off=off,
            reason="举报未提出具体事实。",
        )  # fmt: skip


def test_a_bogus_report_takes_no_investigator_from_a_case(
    world: World, case: UUID, bogus: UUID
) -> None:
    assert not sees(world, world.investigator, bogus)  # it names them
    assert sees(world, world.investigator, case)


def test_a_head_is_asked_within_two_working_days(world: World, case: UUID, bogus: UUID) -> None:
    with world.open("desk", world.lead_manager) as tx:
        asked = desks.my_desk(tx).links
    assert [(row["matter_id"], row["linked_id"], row["name"]) for row in asked] == [
        (case, bogus, world.investigator.name)
    ]
    begun: date = asked[0]["since"]
    assert 2 <= (asked[0]["due_on"] - begun).days <= 11  # longest over the October holidays


def test_who_may_not_open_the_report_is_asked_nothing(
    world: World, case: UUID, bogus: UUID
) -> None:
    for who in (world.investigator, world.other_investigator, world.auditor, world.keeper):
        assert to_decide(world, who) == [], who.login
    with pytest.raises(errors.NotFound):
        decide(world, world.other_investigator, case, bogus, off=True)


def test_nobody_decides_about_their_own_hands(world: World, owner: Owner, case: UUID) -> None:
    report = log(world, world.other_investigator)
    accuse(owner, report, world.deputy)
    link(owner, report, case)
    owner.execute(
        "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
        " VALUES (%s, %s, %s, 'member', %s)",
        [new_id(), case, world.deputy.account_id, DAY],
    )
    assert to_decide(world, world.deputy) == []
    assert to_decide(world, world.chief) == [case]


def test_until_then_each_reading_is_written_down(world: World, case: UUID, bogus: UUID) -> None:
    for _ in range(3):
        with world.open("matters.read", world.investigator) as tx:
            matters.open_matter(tx, case)
    with world.open("matters.read", world.other_investigator) as tx:
        matters.open_matter(tx, case)
    with world.open("desk", world.lead_manager) as tx:
        assert [row["readings"] for row in walls.to_decide(tx)] == [3]
    decide(world, world.lead_manager, case, bogus, off=False)
    with world.open("matters.read", world.investigator) as tx:
        matters.open_matter(tx, case)
    assert to_decide(world, world.lead_manager) == []


def test_until_then_what_is_sealed_is_withheld(
    world: World, owner: Owner, case: UUID, bogus: UUID
) -> None:
    owner.execute("UPDATE matter SET classification = 2 WHERE id = %s", [case])
    assert not sees(world, world.investigator, case)
    assert sees(world, world.other_investigator, case)
    decide(world, world.chief, case, bogus, off=False)
    assert sees(world, world.investigator, case)


def test_decided_they_go_on_or_keep_off_and_are_asked_about_once(
    world: World, case: UUID, bogus: UUID
) -> None:
    decide(world, world.lead_manager, case, bogus, off=False)
    assert sees(world, world.investigator, case)
    with pytest.raises(errors.NotFound):
        decide(world, world.lead_manager, case, bogus, off=True)


def test_decided_off_the_case_is_the_heads_to_hand_over(
    world: World, case: UUID, bogus: UUID
) -> None:
    decide(world, world.lead_manager, case, bogus, off=True)
    assert not sees(world, world.investigator, case)
    with world.open("desk", world.department_head) as tx:
        assert case in {row["id"] for row in desks.my_desk(tx).stuck}
    with world.open("matters.read", world.other_investigator) as tx:
        told = matters.open_matter(tx, case).history[0]
    assert (told["event"], told["reason"]) == ("link_decided", None)


def test_a_wall_is_lifted_by_whoever_heads_the_matter_and_reads_why(
    world: World, case: UUID
) -> None:
    with world.open("matters.keep_off", world.investigator) as tx:
        walls.keep_off(tx, case, reason="被反映人是我的同学。")
    with pytest.raises(errors.Forbidden), world.open("walls.read", world.other_investigator) as tx:
        walls.to_lift(tx, case)
    with world.open("walls.lift", world.department_head) as tx:
        assert [(row["cause"], row["reason"]) for row in walls.to_lift(tx, case)] == [
            ("declared", "被反映人是我的同学。")
        ]
        walls.lift(tx, case, world.investigator.account_id, reason="并非同学，重名。")
    assert sees(world, world.investigator, case)
    with pytest.raises(errors.NotFound), world.open("walls.lift", world.department_head) as tx:
        walls.lift(tx, case, world.investigator.account_id, reason="再来一次")


def test_whom_a_matter_names_no_head_can_let_back(world: World, owner: Owner, case: UUID) -> None:
    owner.execute(
        "UPDATE account SET person_id = (SELECT person_id FROM involvement WHERE matter_id = %s)"
        " WHERE id = %s",
        [case, world.investigator.account_id],
    )
    with world.open("walls.lift", world.chief) as tx:
        assert walls.to_lift(tx, case) == []
        assert access.who_sees(tx, case).kept_off
    with pytest.raises(errors.NotFound), world.open("walls.lift", world.chief) as tx:
        walls.lift(tx, case, world.investigator.account_id, reason="继续办理")


@pytest.fixture
def twice_accused(world: World, owner: Owner) -> UUID:
    case = filed_case(world)
    first, second = (log(world, world.team_member) for _ in range(2))
    accuse(owner, first, world.investigator)
    owner.execute("UPDATE involvement SET ended_on = NULL WHERE matter_id = %s", [second])
    return case


def test_repeated_accusations_against_a_cases_handler_are_shown_to_its_head(
    world: World, twice_accused: UUID
) -> None:
    with world.open("desk", world.lead_manager) as tx:
        found = desks.my_desk(tx).accused
    assert [(row["matter_id"], row["name"], len(row["reports"])) for row in found] == [
        (twice_accused, world.investigator.name, 2)
    ]
    with world.open("desk", world.department_head) as tx:
        assert desks.my_desk(tx).accused == []  # may not open the reports themselves
