"""Seeing a matter for a time, and standing in for somebody who is away."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.permissions import Role
from app.repositories import installation
from app.repositories import requests as request_rows
from app.repositories.work import Office
from app.services import access, delegations, matters, requests, walls, workflow
from tests.build_matters import asked, verified
from tests.builders import Someone, World
from tests.conftest import Databases

Owner = psycopg.Connection[DictRow]


@pytest.fixture
def half_past_midnight(databases: Databases, office: Office) -> date:
    """The office's day, which began half an hour ago; it is tomorrow's by UTC."""
    now = datetime.now(UTC)
    begun = datetime.combine(now.date() + timedelta(days=1), time(0, 30), UTC)
    hours, rest = divmod(int((begun - now).total_seconds()), 3600)
    with installation.as_owner(
        databases.cluster.url("owner", str(office.engine.url.database))
    ) as tx:
        installation.keep_zone(tx, f"OFFICE-{hours}:{rest // 60:02}:{rest % 60:02}")
    return begun.date()


def sees(world: World, who: Someone, matter_id: UUID) -> bool:
    with world.open("matters.read", who) as tx:
        return matters.still_sees(tx, matter_id)


def let_see(world: World, by: Someone, who: Someone, matter_id: UUID, *, days: int = 7) -> UUID:
    with world.open("matters.let_see", by) as tx:
        return access.let_see(tx, matter_id, login=who.login, reason="核对账目。", days=days)


def delegate(world: World, by: Someone, to: Someone, *, days: int = 7) -> UUID:
    with world.open("delegations.delegate", by) as tx:
        last = tx.value("SELECT guard.today() + %(days)s", {"days": days})
        return delegations.delegate(
            tx, login=to.login, reason="年休假。", begins_on=None, last_day=last
        )


def test_whoever_is_let_see_a_matter_sees_it_until_the_day_and_no_longer(
    world: World, owner: Owner
) -> None:
    lead = verified(world)
    assert not sees(world, world.team_member, lead)
    grant = let_see(world, world.department_head, world.team_member, lead)
    assert sees(world, world.team_member, lead)
    with world.open("matters.access", world.team_member) as tx:
        assert [each.door for each in access.why_i_see(tx, lead).reasons] == ["grant"]
    owner.execute(
        "UPDATE access_grant SET begins_on = guard.today() - 7, ends_on = guard.today()"
        " WHERE id = %s",
        [grant],
    )
    assert not sees(world, world.team_member, lead)


def test_roles_grants_and_standing_in_turn_at_the_offices_midnight(
    world: World, owner: Owner, half_past_midnight: date
) -> None:
    """In China UTC has the day before until eight in the morning."""
    today = half_past_midnight
    assert owner.execute("SELECT now()::date AS day").fetchone() == {"day": today - timedelta(1)}
    lead, (_asked, request) = verified(world), asked(world)
    for column, who in (("begins_on", world.lead_manager), ("ends_on", world.chief)):
        owner.execute(
            f"UPDATE role_held SET {column} = %s WHERE account_id = %s".encode(),
            [today, who.account_id],
        )
    assert sees(world, world.lead_manager, lead)
    assert not sees(world, world.chief, lead)
    with world.open("roles", world.lead_manager) as tx:
        assert [grant.role for grant in tx.actor.grants] == [Role.LEAD_MANAGER]
        assert request_rows.holders(tx, Role.CHIEF, world.district.path) == []
    let_see(world, world.department_head, world.team_member, lead)
    assert sees(world, world.team_member, lead)
    delegate(world, world.deputy, world.department_head)
    with world.open("requests.sign", world.department_head) as tx:
        assert delegations.mine(tx)[0]["begins_on"] == today
        assert requests.waits_for_me(tx, request)


def test_it_can_be_ended_before_its_time(world: World) -> None:
    lead = verified(world)
    grant = let_see(world, world.department_head, world.team_member, lead)
    with pytest.raises(errors.NotFound), world.open("end", world.investigator) as tx:
        access.end_grant(tx, grant)
    with world.open("end", world.department_head) as tx:
        access.end_grant(tx, grant)
    assert not sees(world, world.team_member, lead)


def test_only_whoever_heads_a_matter_lets_others_see_it(world: World) -> None:
    lead = verified(world)
    with pytest.raises(errors.Forbidden):
        let_see(world, world.investigator, world.team_member, lead)
    with pytest.raises(errors.NotFound):
        let_see(world, world.finance, world.team_member, lead)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.REPORTING_UNIT])
def test_roles_that_read_less_are_let_see_nothing_more(world: World, role: Role) -> None:
    lead = verified(world)
    with pytest.raises(errors.Conflict):
        let_see(world, world.department_head, world.holder(role), lead)


def test_nobody_lets_themselves_see(world: World) -> None:
    lead = verified(world)
    with pytest.raises(errors.Conflict):
        let_see(world, world.department_head, world.department_head, lead)


def test_a_wall_wins_over_having_been_let_see(world: World) -> None:
    lead = verified(world)
    let_see(world, world.department_head, world.team_member, lead)
    with world.open("matters.keep_off", world.team_member) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    assert not sees(world, world.team_member, lead)
    with pytest.raises(errors.Conflict):
        let_see(world, world.department_head, world.team_member, lead)


@pytest.mark.parametrize("days", [0, 93, -1])
def test_it_lasts_a_quarter_at_most(world: World, days: int) -> None:
    lead = verified(world)
    with pytest.raises(errors.Invalid) as refused:
        let_see(world, world.department_head, world.team_member, lead, days=days)
    assert [each.field for each in refused.value.errors] == ["days"]


def test_whoever_stands_in_signs_by_their_own_name(world: World) -> None:
    _lead, request = asked(world)
    delegate(world, world.deputy, world.department_head)
    with world.open("requests.sign", world.department_head) as tx:
        assert requests.waits_for_me(tx, request)
        done = requests.sign(tx, request, reason="同意。")
        signed = requests.signatures(tx, [request])
    assert done.moved
    assert [(row["name"], row["role"]) for row in signed] == [
        (world.department_head.name, "deputy")
    ]


def test_nobody_signs_their_own_request_by_standing_in(world: World) -> None:
    """The deputy's approval doesn't come back to whoever asked for it."""
    _lead, request = asked(world)
    delegate(world, world.deputy, world.lead_manager)
    with (
        pytest.raises(errors.PlumblineError) as refused,
        world.open("requests.sign", world.lead_manager) as tx,
    ):
        requests.sign(tx, request, reason="同意。")
    assert refused.value.status in (403, 409)


def test_it_ends_by_itself_and_by_whoever_gave_it(world: World, owner: Owner) -> None:
    lead, _request = asked(world)
    given = delegate(world, world.deputy, world.team_member)
    assert sees(world, world.team_member, lead)
    with pytest.raises(errors.NotFound), world.open("end", world.team_member) as tx:
        delegations.end(tx, given)
    with world.open("end", world.deputy) as tx:
        delegations.end(tx, given)
    assert not sees(world, world.team_member, lead)
    delegate(world, world.deputy, world.team_member)
    owner.execute(
        "UPDATE role_held SET begins_on = guard.today() - 9, ends_on = guard.today()"
        " WHERE delegation_id IS NOT NULL AND ends_on > guard.today()"
    )
    assert not sees(world, world.team_member, lead)


def test_what_is_held_for_another_is_not_passed_on(world: World) -> None:
    lead, _request = asked(world)
    delegate(world, world.deputy, world.investigator)
    delegate(world, world.investigator, world.team_member)
    assert not sees(world, world.team_member, lead)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR])
def test_what_is_kept_apart_is_neither_passed_on_nor_taken(world: World, role: Role) -> None:
    with pytest.raises(errors.Conflict):
        delegate(world, world.holder(role), world.team_member)
    with pytest.raises(errors.Conflict):
        delegate(world, world.deputy, world.holder(role))


@pytest.mark.parametrize(
    ("begins", "last", "field"), [(-1, 3, "begins_on"), (0, -1, "last_day"), (0, 92, "last_day")]
)
def test_days_make_sense(world: World, begins: int, last: int, field: str) -> None:
    with world.open("today", world.deputy) as tx:
        today: date = tx.value("SELECT guard.today()")
    with (
        pytest.raises(errors.Invalid) as refused,
        world.open("delegations.delegate", world.deputy) as tx,
    ):
        delegations.delegate(
            tx,
            login=world.team_member.login,
            reason="休假",
            begins_on=today + timedelta(days=begins),
            last_day=today + timedelta(days=last),
        )
    assert field in {each.field for each in refused.value.errors}


def test_standing_in_opens_nothing_past_a_wall(world: World) -> None:
    lead, _request = asked(world)
    delegate(world, world.deputy, world.team_member)
    with world.open("matters.keep_off", world.team_member) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    assert not sees(world, world.team_member, lead)
    with pytest.raises(errors.NotFound), world.open("x", world.team_member) as tx:
        workflow.act(tx, lead, event="void", reason="x")
