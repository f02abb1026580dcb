"""Rights over matters take two administrators."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.permissions import Role
from app.services import accounts
from app.services.accounts import Coming
from tests.builders import PASSWORD, Someone, World

Owner = psycopg.Connection[DictRow]


def _ask(world: World, who: Someone, role: Role = Role.LEAD_MANAGER) -> UUID:
    with world.open("test", who) as tx:
        return accounts.grant_role(
            tx,
            account_id=world.investigator.account_id,
            role=role,
            unit_id=world.district.id,
        )


def _decide(world: World, who: Someone, request_id: UUID, *, confirmed: bool = True) -> None:
    with world.open("test", who) as tx:
        accounts.decide_role(tx, request_id, confirmed=confirmed)


def _roles(world: World) -> set[Role]:
    with world.open("test", world.investigator) as tx:
        return {grant.role for grant in tx.actor.grants}


def test_a_role_over_matters_is_held_once_a_second_administrator_gives_it(world: World) -> None:
    second = world.hire("second-administrator", Role.ADMINISTRATOR, "YC")
    asked = _ask(world, world.administrator)
    assert Role.LEAD_MANAGER not in _roles(world)
    with world.open("test", second) as tx:
        (waiting,) = accounts.waiting_roles(tx)
        assert (waiting["id"], waiting["asked_by_name"]) == (asked, world.administrator.name)
    _decide(world, second, asked)
    assert Role.LEAD_MANAGER in _roles(world)
    with pytest.raises(errors.NotFound):  # decided once
        _decide(world, second, asked)


def test_whoever_asked_gives_nothing_and_may_take_it_back(world: World) -> None:
    asked = _ask(world, world.administrator)
    with pytest.raises(errors.Conflict):
        _decide(world, world.administrator, asked)
    _decide(world, world.administrator, asked, confirmed=False)
    assert Role.LEAD_MANAGER not in _roles(world)
    with world.open("test", world.administrator) as tx:
        assert accounts.waiting_roles(tx) == []


def test_nobody_gives_what_lies_outside_their_reach_or_is_for_themselves(world: World) -> None:
    asked = _ask(world, world.administrator)
    for who in (
        world.person("township-administrator"),
        world.investigator,
        world.chief,
    ):
        with pytest.raises(errors.NotFound):
            _decide(world, who, asked)
        with world.open("test", who) as tx:
            assert accounts.waiting_roles(tx) == []


INSERT = (
    "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
    " VALUES (gen_random_uuid(), %(account)s, 'lead_manager', %(unit)s, 'YC', current_date)"
)
ASK = (
    "SELECT guard.ask_role(gen_random_uuid(), %(account)s, 'lead_manager', %(unit)s,"
    " current_date, NULL)"
)


def test_the_database_gives_nothing_by_one_hand(world: World, owner: Owner) -> None:
    account = {"account": world.investigator.account_id, "unit": world.district.id}
    with pytest.raises(errors.NotFound), world.open("test", world.administrator) as tx:
        tx.execute(INSERT, account)
    with pytest.raises(errors.NotFound), world.open("test", world.administrator) as tx:
        tx.execute(ASK, account | {"account": world.administrator.account_id})
    asked = _ask(world, world.administrator)
    give = "SELECT guard.decide_role(%(id)s, true)"
    with pytest.raises(errors.Conflict), world.open("test", world.administrator) as tx:
        tx.value(give, {"id": asked})
    owner.execute("UPDATE session SET fresh_until = now()")
    with pytest.raises(errors.NotFresh), world.open("test", world.operator) as tx:
        tx.value(give, {"id": asked})
    assert Role.LEAD_MANAGER not in _roles(world)


@pytest.mark.parametrize(
    "change",
    ["role = 'chief'", "unit_path = 'YC'", "ends_on = NULL", "ends_on = current_date + 9"],
)
def test_a_role_that_is_held_is_never_made_another_or_longer(
    world: World, owner: Owner, change: str
) -> None:
    owner.execute(
        "UPDATE role_held SET ends_on = current_date + 1 WHERE account_id = %s",
        [world.investigator.account_id],
    )
    with pytest.raises(errors.NotFound), world.open("test", world.administrator) as tx:
        tx.execute(
            f"UPDATE role_held SET {change} WHERE account_id = %(id)s",
            {"id": world.investigator.account_id},
        )


def test_the_operator_needs_nobody_at_the_command_line_and_somebody_on_the_pages(
    world: World, owner: Owner
) -> None:
    """Somebody has to be first; whoever has the machine has its database."""
    owner.execute(
        "UPDATE session SET kind = 'browser' WHERE account_id = %s", [world.operator.account_id]
    )
    asked = _ask(world, world.operator)
    assert Role.LEAD_MANAGER not in _roles(world)
    owner.execute(
        "UPDATE session SET kind = 'command' WHERE account_id = %s", [world.operator.account_id]
    )
    _ask(world, world.operator)
    assert Role.LEAD_MANAGER in _roles(world)
    _decide(world, world.administrator, asked, confirmed=False)


def test_no_administrator_is_first_by_calling_themselves_a_command(world: World) -> None:
    opened = accounts.sign_in(
        world.office, login="administrator", password=PASSWORD, lifetime=timedelta(hours=1),
        coming=Coming("command"),
    )  # fmt: skip
    with world.office.work(opened.session, use_case="test") as tx:
        accounts.grant_role(
            tx,
            account_id=world.investigator.account_id,
            role=Role.LEAD_MANAGER,
            unit_id=world.district.id,
        )
    assert Role.LEAD_MANAGER not in _roles(world)


def test_what_must_stay_apart_is_asked_again_when_it_is_given(world: World) -> None:
    asked = _ask(world, world.administrator)
    with world.open("test", world.operator) as tx:
        held = accounts.read_account(tx, world.investigator.account_id)
        accounts.end_role(
            tx, world.investigator.account_id, held["roles"][0]["id"], seen_version=held["version"]
        )
        accounts.grant_role(
            tx,
            account_id=world.investigator.account_id,
            role=Role.AUDITOR,
            unit_id=world.district.id,
        )
    with pytest.raises(errors.Conflict):
        _decide(world, world.operator, asked)
