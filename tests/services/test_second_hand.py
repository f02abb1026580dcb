"""Rights over matters take two administrators."""

import threading
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.permissions import Clearance, Role
from app.services import accounts
from app.services.accounts import Coming
from tests.builders import PASSWORD, Someone, World
from tests.clients import Doors
from tests.pages.served import followed, served

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
    " VALUES (gen_random_uuid(), %(account)s, 'lead_manager', %(unit)s, 'YC', guard.today())"
)
ASK = (
    "SELECT guard.ask_role(gen_random_uuid(), %(account)s, 'lead_manager', %(unit)s,"
    " guard.today(), NULL)"
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
    ["role = 'chief'", "unit_path = 'YC'", "ends_on = NULL", "ends_on = guard.today() + 9"],
)
def test_a_role_that_is_held_is_never_made_another_or_longer(
    world: World, owner: Owner, change: str
) -> None:
    owner.execute(
        "UPDATE role_held SET ends_on = guard.today() + 1 WHERE account_id = %s",
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


# What else widens sight -----------------------------------------------------------------------


def _change(world: World, who: Someone, **changes: object) -> None:
    account_id = world.investigator.account_id
    with world.open("test", who) as tx:
        version = accounts.read_account(tx, account_id)["version"]
        accounts.change_account(tx, account_id, seen_version=version, changes=changes)


def _held(world: World) -> dict[str, object]:
    with world.open("test", world.operator) as tx:
        found = accounts.read_account(tx, world.investigator.account_id)
    return {name: found[name] for name in ("clearance", "active", "person_id")}


def _waiting(world: World, who: Someone) -> list[UUID]:
    with world.open("test", who) as tx:
        return [row["id"] for row in accounts.waiting_changes(tx)]


def _confirm(world: World, who: Someone, request_id: UUID, *, confirmed: bool = True) -> None:
    with world.open("test", who) as tx:
        accounts.decide_change(tx, request_id, confirmed=confirmed)


def _somebody(owner: Owner) -> UUID:
    person = new_id()
    owner.execute("INSERT INTO person (id, name) VALUES (%s, '某')", [person])
    return person


def _ended(world: World) -> None:
    _change(world, world.administrator, active=False)


@pytest.fixture
def second(world: World) -> Someone:
    return world.hire("second-administrator", Role.ADMINISTRATOR, "YC")


@pytest.mark.parametrize("what", ["clearance", "active", "person_id"])
def test_what_widens_sight_waits_for_a_second_administrator(
    world: World, owner: Owner, second: Someone, what: str
) -> None:
    if what == "active":
        _ended(world)
    wanted = {"clearance": Clearance.SEALED, "active": True, "person_id": _somebody(owner)}[what]
    before = _held(world)
    _change(world, world.administrator, **{what: wanted})
    assert _held(world) == before
    with pytest.raises(errors.Conflict, match="already"):
        _change(world, second, **{what: wanted})
    (asked,) = _waiting(world, second)
    for who in (world.chief, world.person("township-administrator")):
        assert _waiting(world, who) == []
        with pytest.raises(errors.NotFound):
            _confirm(world, who, asked)
    with pytest.raises(errors.Conflict, match="second administrator"):
        _confirm(world, world.administrator, asked)
    _confirm(world, second, asked)
    assert _held(world) == before | {what: wanted}
    with pytest.raises(errors.NotFound):  # decided once
        _confirm(world, second, asked)


def test_what_narrows_it_is_changed_at_once(world: World) -> None:
    _change(world, world.operator, clearance=Clearance.SEALED)  # at the command line
    _change(world, world.administrator, clearance=Clearance.NORMAL, name="李志强甲")
    assert _held(world)["clearance"] == Clearance.NORMAL
    assert _waiting(world, world.administrator) == []


def test_whoever_asked_takes_it_back_and_then_it_can_be_asked_again(
    world: World, second: Someone
) -> None:
    _change(world, world.administrator, clearance=Clearance.SEALED)
    _confirm(world, world.administrator, _waiting(world, second)[0], confirmed=False)
    assert _held(world)["clearance"] == Clearance.NORMAL
    _change(world, second, clearance=Clearance.SEALED)
    assert len(_waiting(world, world.administrator)) == 1


def test_a_new_account_is_cleared_for_more_only_by_two(world: World, second: Someone) -> None:
    with world.open("test", world.administrator) as tx:
        account_id = accounts.create_account(
            tx, login="new-one", name="新人", unit_id=world.district.id, clearance=Clearance.SEALED
        )
        assert accounts.read_account(tx, account_id)["clearance"] == Clearance.NORMAL
    _confirm(world, second, _waiting(world, second)[0])
    with world.open("test", second) as tx:
        assert accounts.read_account(tx, account_id)["clearance"] == Clearance.SEALED


CHANGES = (
    "UPDATE account SET clearance = 2 WHERE id = %(id)s",
    "UPDATE account SET active = true WHERE id = %(id)s",
    "UPDATE account SET person_id = %(person)s WHERE id = %(id)s",
    "INSERT INTO account (id, login, name, clearance, unit_id)"
    " VALUES (gen_random_uuid(), 'x1', 'x', 2, %(unit)s)",
    "SELECT guard.ask_account(gen_random_uuid(), %(me)s, 'clearance', '2')",
    "UPDATE account SET person_id = %(person)s WHERE id = %(me)s",
    "UPDATE account SET clearance = 2 WHERE id = %(me)s",
    "INSERT INTO account_request (id, account_id, what, value, asked_by, decided_by, decided_at,"
    " confirmed) VALUES (gen_random_uuid(), %(id)s, 'clearance', '2', %(id)s, %(me)s, now(), true)",
    "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
    " VALUES (gen_random_uuid(), %(id)s, 'administrator', %(unit)s, 'YC', guard.today())",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_does_none_of_it_by_one_hand(world: World, owner: Owner, change: str) -> None:
    _ended(world)
    before = _held(world)
    values = {
        "id": world.investigator.account_id,
        "me": world.administrator.account_id,
        "person": _somebody(owner),
        "unit": world.district.id,
    }
    with (
        pytest.raises((errors.Conflict, errors.NotFound)),
        world.open("test", world.administrator) as tx,
    ):
        tx.execute(change, values)
    assert _held(world) == before


def test_a_confirmation_serves_for_nothing_but_what_was_asked(
    world: World, second: Someone
) -> None:
    _change(world, world.administrator, clearance=Clearance.RESTRICTED)
    asked = {"id": _waiting(world, second)[0], "account": world.investigator.account_id}
    with world.open("test", second) as tx:
        tx.value("SELECT guard.decide_account(%(id)s, true)", asked)
        with pytest.raises(psycopg.Error, match="second-administrator"):
            tx.execute("UPDATE account SET clearance = 2 WHERE id = %(account)s", asked)
        tx.connection.rollback()
    assert _held(world)["clearance"] == Clearance.NORMAL
    _confirm(world, second, asked["id"])
    with pytest.raises(errors.Conflict), world.open("test", second) as tx:
        tx.execute("UPDATE account SET clearance = 2 WHERE id = %(account)s", asked)


def test_nobody_makes_their_own_second_administrator(world: World, owner: Owner) -> None:
    """Neither by a role for an account that they made, nor by another administrator's password."""
    with world.open("test", world.administrator) as tx:
        mine = accounts.create_account(tx, login="mine", name="我的", unit_id=world.district.id)
        accounts.grant_role(tx, account_id=mine, role=Role.ADMINISTRATOR, unit_id=world.district.id)
        assert accounts.read_account(tx, mine)["roles"] == []
        (asked,) = accounts.waiting_roles(tx)
    with pytest.raises(errors.Conflict):
        _decide(world, world.administrator, asked["id"])
    second = world.hire("second-administrator", Role.ADMINISTRATOR, "YC")
    with (
        pytest.raises(errors.Conflict, match="command line"),
        world.open("test", world.administrator) as tx,
    ):
        accounts.make_password_link(tx, second.account_id)
    with pytest.raises(errors.Conflict), world.open("test", world.administrator) as tx:
        tx.value("SELECT guard.drop_factor(%(id)s)", {"id": second.account_id})
    with world.open("test", world.operator) as tx:
        accounts.make_password_link(tx, second.account_id)


def test_two_who_confirm_at_once_change_it_once(
    world: World, owner: Owner, second: Someone
) -> None:
    third = world.hire("third-administrator", Role.ADMINISTRATOR, "YC")
    _change(world, world.administrator, clearance=Clearance.SEALED)
    (asked,) = _waiting(world, second)
    refused: list[Exception] = []

    def confirm(who: Someone) -> None:
        try:
            _confirm(world, who, asked)
        except errors.PlumblineError as error:
            refused.append(error)

    threads = [threading.Thread(target=confirm, args=[who]) for who in (second, third)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(refused) == 1
    assert _held(world)["clearance"] == Clearance.SEALED


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_asked_and_confirmed_on_the_pages(
    world: World, doors: Doors, second: Someone, language: str
) -> None:
    address = f"/admin/accounts/{world.investigator.account_id}"
    first = doors.browser(world.administrator, language=language)
    other = doors.browser(second, language=language)
    page = followed(
        first, served(first.get(address)).form("/clearance").submit(first, clearance="2")
    )
    (form,) = [each for each in page.forms if "/change-requests/" in each.action]
    assert form.choices["decision"] == ["refuse"]
    served(first.post(form.action, data={**form.fields, "decision": ["confirm"]}), 409)
    assert world.investigator.name in served(other.get("/admin")).words
    page = served(other.get(address))
    (form,) = [each for each in page.forms if "/change-requests/" in each.action]
    followed(other, form.submit(other, decision="confirm"))
    assert _held(world)["clearance"] == Clearance.SEALED
    for _ in range(2):  # ended, then asked to be let in again
        followed(first, served(first.get(address)).form("/active").submit(first))
    assert _held(world)["active"] is False
