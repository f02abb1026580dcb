"""A desk says which open matters nobody handles, without looking through all of them."""

from datetime import date
from uuid import UUID

import psycopg
from psycopg.rows import DictRow

from app.repositories import matters
from app.services import desks
from tests.build_history import Past
from tests.build_matters import log, verified
from tests.builders import Someone, World

DAY = date(2018, 9, 30)
Owner = psycopg.Connection[DictRow]

WANTED = """
SELECT m.id FROM matter m
 WHERE m.closed_on IS NULL AND m.assigned_unit_id IS NOT NULL AND m.stage <> 'share'
   AND m.kind <> 'fund_item'
   AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL)
"""
KEPT = "SELECT matter_id AS id FROM handler_wanted"


def keys(owner: Owner, query: str) -> set[UUID]:
    return {row["id"] for row in owner.execute(query.encode()).fetchall()}


def unhandled(world: World, who: Someone) -> set[UUID]:
    with world.open("desk", who) as tx:
        return {row["id"] for row in desks.my_desk(tx).stuck if row["why"] == "no_handler"}


def leave(world: World, matter_id: UUID) -> None:
    """The whole team, whoever heads it taking them off."""
    with world.open("leave", world.lead_manager) as tx:
        for each in matters.team(tx, matter_id):
            matters.leave_team(tx, matter_id, each["account_id"])


def test_a_matter_whose_team_leaves_it_stands_on_its_heads_desk_until_somebody_joins(
    world: World, owner: Owner
) -> None:
    lead = verified(world)
    assert unhandled(world, world.department_head) == set()
    leave(world, lead)
    for who in (world.department_head, world.deputy, world.chief):
        assert unhandled(world, who) == {lead}
    assert keys(owner, KEPT) == keys(owner, WANTED) == {lead}
    with world.open("join", world.department_head) as tx:
        matters.join_team(tx, lead, world.investigator.account_id, "lead_handler")
    assert unhandled(world, world.department_head) == set()
    assert keys(owner, KEPT) == keys(owner, WANTED) == set()


def test_what_has_ended_or_lies_with_no_department_wants_nobody(world: World, owner: Owner) -> None:
    log(world, world.lead_manager)
    assert keys(owner, KEPT) == set()
    lead = verified(world)
    leave(world, lead)
    owner.execute("UPDATE matter SET closed_on = '2018-09-30' WHERE id = %s", [lead])
    assert unhandled(world, world.deputy) == keys(owner, KEPT) == set()
    owner.execute("UPDATE matter SET closed_on = NULL WHERE id = %s", [lead])
    assert unhandled(world, world.deputy) == keys(owner, KEPT) == {lead}


def test_a_team_that_has_left_the_house_handles_nothing(world: World, owner: Owner) -> None:
    lead = verified(world)
    owner.execute(
        "UPDATE account SET active = false WHERE id IN (SELECT account_id FROM team_member"
        " WHERE matter_id = %s)",
        [lead],
    )
    assert unhandled(world, world.deputy) == {lead}


def test_what_comes_without_a_handler_is_wanted_and_shown_to_nobody_who_may_not_see_it(
    world: World, owner: Owner
) -> None:
    world.clock.set(DAY)
    past, office = Past(world, owner), world.unit("YC-O03")
    found = [
        past.lead(
            received_on=DAY, classification=classification, assigned_unit_id=office.id,
            assigned_path=office.path.value, steps=[("verifying", DAY)],
        ).id
        for classification in (0, 2)
    ]  # fmt: skip
    owner.execute("UPDATE matter SET stage = 'investigate' WHERE kind = 'lead'")
    assert keys(owner, KEPT) == keys(owner, WANTED) == set(found)
    assert unhandled(world, world.deputy) == {found[0]}
    assert unhandled(world, world.chief) == set(found)
