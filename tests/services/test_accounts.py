"""Who may sign in, and who may say what others hold."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.permissions import Clearance, Permission, Role
from app.repositories.work import Office, Work
from app.services import accounts
from tests.builders import PASSWORD, Someone, World

HOUR = timedelta(hours=1)


def _sign_in(office: Office, login: str, password: str = PASSWORD) -> str:
    return accounts.sign_in(office, login=login, password=password, lifetime=HOUR).session


def test_a_password_opens_a_session(office: Office, world: World) -> None:
    session = _sign_in(office, "chief")
    with office.work(session, use_case="test") as tx:
        assert tx.actor.account_id == world.chief.account_id
        assert tx.actor.holds(Role.CHIEF, world.village.path)


@pytest.mark.parametrize(
    ("login", "password"),
    [("chief", "not the password"), ("nobody.here", PASSWORD), ("chief", ""), ("CHIEF", PASSWORD)],
)
def test_a_refusal_never_says_what_was_wrong(office: Office, login: str, password: str) -> None:
    with pytest.raises(errors.NotSignedIn) as refusal:
        _sign_in(office, login, password)
    assert str(refusal.value) == "This name and password don't go together."


def test_an_unknown_login_has_a_salt_like_any_other(office: Office) -> None:
    """Else the time an answer takes, or the salt itself, would tell who exists."""
    query = "SELECT guard.password_salt(%(login)s, '$argon2id$v=19$m=65536,t=3,p=1$')"
    with office.work(None, use_case="test") as tx:
        unknown = [tx.value(query, {"login": "nobody.here"}) for _ in range(2)]
        known = tx.value(query, {"login": "chief"})
    assert unknown[0] == unknown[1]
    assert len(unknown[0]) == len(known)
    assert unknown[0].split("$")[:4] == known.split("$")[:4]


def test_ten_failures_close_a_login_for_a_while(office: Office, world: World) -> None:
    _guess(office, "deputy", times=10)
    with pytest.raises(errors.Throttled):
        _sign_in(office, "deputy")
    assert _sign_in(office, "chief")  # nobody else's


def test_failures_stay_counted_although_they_fail(office: Office, world: World) -> None:
    _guess(office, "deputy", times=9)
    assert _sign_in(office, "deputy")  # still open, and forgives
    _guess(office, "deputy", times=9)
    assert _sign_in(office, "deputy")


def _guess(office: Office, login: str, *, times: int) -> None:
    """Wrong proofs without the cost of deriving them from passwords."""
    for _ in range(times):
        with office.work(None, use_case="test") as tx:
            result = tx.value(
                "SELECT guard.sign_in(%(login)s, 'wrong', gen_random_uuid(), 'x', '1 hour')",
                {"login": login},
            )
        assert result == "refused"


def test_signing_out_ends_the_session_at_once(office: Office, world: World) -> None:
    session = _sign_in(office, "auditor")
    with office.work(session, use_case="test") as tx:
        accounts.sign_out(tx)
    with pytest.raises(errors.NotSignedIn), office.work(session, use_case="test"):
        pass
    with world.open("test", world.auditor) as tx:  # another session of the same account
        assert tx.signed_in


def test_an_expired_session_opens_nothing(
    office: Office, world: World, owner: psycopg.Connection[DictRow]
) -> None:
    owner.execute("UPDATE session SET expires_at = now() - interval '1 second'")
    with pytest.raises(errors.NotSignedIn), world.open("test", world.chief):
        pass


def test_changing_ones_password_ends_the_other_sessions(office: Office, world: World) -> None:
    mine = _sign_in(office, "investigator")
    with office.work(mine, use_case="test") as tx:
        accounts.change_password(tx, old=PASSWORD, new="a field of buckwheat")

    with office.work(mine, use_case="test") as tx:
        assert tx.signed_in
    with pytest.raises(errors.NotSignedIn), world.open("test", world.investigator):
        pass
    with pytest.raises(errors.NotSignedIn):
        _sign_in(office, "investigator")
    assert _sign_in(office, "investigator", "a field of buckwheat")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("not the old one", "a field of buckwheat", "old"),
        (PASSWORD, "short", "new"),
        (PASSWORD, PASSWORD, "new"),
        (PASSWORD, "department-head", "new"),
        (PASSWORD, "Department-Head ", "new"),
        (PASSWORD, "麦" * 400, "new"),
    ],
)
def test_a_bad_new_password_is_refused_by_field(
    world: World, old: str, new: str, field: str
) -> None:
    with (
        pytest.raises(errors.Invalid) as refusal,
        world.open("test", world.department_head) as tx,
    ):
        accounts.change_password(tx, old=old, new=new)
    assert [each.field for each in refusal.value.errors] == [field]


def test_a_password_link_works_once(office: Office, world: World) -> None:
    with world.open("test", world.administrator) as tx:
        token = accounts.make_password_link(tx, world.finance.account_id)
    with office.work(None, use_case="test") as tx:
        assert accounts.redeem_password_link(
            tx, token=token, password="over the ridge to the ford"
        ) == ("finance")
    with pytest.raises(errors.NotFound), office.work(None, use_case="test") as tx:
        accounts.redeem_password_link(tx, token=token, password="over the ridge again")

    with pytest.raises(errors.NotSignedIn), world.open("test", world.finance):
        pass  # the sessions of the old password ended
    assert _sign_in(office, "finance", "over the ridge to the ford")


def test_a_second_link_ends_the_first(office: Office, world: World) -> None:
    with world.open("test", world.administrator) as tx:
        first = accounts.make_password_link(tx, world.finance.account_id)
        accounts.make_password_link(tx, world.finance.account_id)
    with pytest.raises(errors.NotFound), office.work(None, use_case="test") as tx:
        accounts.password_link_login(tx, first)


def test_a_link_grows_old(office: Office, world: World, owner: psycopg.Connection[DictRow]) -> None:
    with world.open("test", world.administrator) as tx:
        token = accounts.make_password_link(tx, world.finance.account_id)
    owner.execute("UPDATE password_link SET expires_at = now() - interval '1 second'")
    with pytest.raises(errors.NotFound), office.work(None, use_case="test") as tx:
        accounts.redeem_password_link(tx, token=token, password="over the ridge to the ford")


@pytest.mark.parametrize("login", ["chief", "lead-manager", "auditor", "investigator"])
def test_only_administrators_reset_passwords(world: World, login: str) -> None:
    with (
        pytest.raises(errors.PlumblineError) as refusal,
        world.open("test", world.person(login)) as tx,
    ):
        accounts.make_password_link(tx, world.finance.account_id)
    assert refusal.value.status == 404


def test_an_administrator_of_a_township_reaches_no_further(world: World) -> None:
    """Whoever may reset a password may act as its holder."""
    township = world.person("township-administrator")
    for victim in (world.chief, world.operator, world.administrator, world.reporting_unit):
        with pytest.raises(errors.NotFound), world.open("test", township) as tx:
            accounts.make_password_link(tx, victim.account_id)
    with world.open("test", township) as tx:
        assert accounts.make_password_link(tx, world.inspector.account_id)


def test_someone_of_the_township_who_holds_more_is_out_of_its_administrators_reach(
    world: World,
) -> None:
    with world.open("test", world.operator) as tx:
        accounts.grant_role(
            tx,
            account_id=world.inspector.account_id,
            role=Role.CHIEF,
            unit_id=world.district.id,
        )
    township = world.person("township-administrator")
    with pytest.raises(errors.NotFound), world.open("test", township) as tx:
        accounts.make_password_link(tx, world.inspector.account_id)


def _grant(tx: Work, who: Someone, role: Role, unit_id: Any, **more: Any) -> Any:
    return accounts.grant_role(tx, account_id=who.account_id, role=role, unit_id=unit_id, **more)


def test_nobody_gives_themselves_a_role(world: World) -> None:
    with pytest.raises(errors.Forbidden), world.open("test", world.administrator) as tx:
        _grant(tx, world.administrator, Role.CHIEF, world.district.id)


def test_the_database_refuses_it_too(world: World) -> None:
    """Row security says the same where the service is passed by."""
    insert = (
        "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
        " VALUES (gen_random_uuid(), %(account)s, 'chief', %(unit)s, 'YC', guard.today())"
        " RETURNING 1"
    )
    for who in (world.administrator, world.investigator, world.chief):
        values = {"account": who.account_id, "unit": world.district.id}
        with pytest.raises(errors.NotFound), world.open("test", who) as tx:
            tx.value(insert, values)


@pytest.mark.parametrize(
    "column", ["clearance = 2", "login = 'x.y'", "active = false", "name = 'Somebody else'"]
)
def test_nobody_raises_themselves_by_sql(world: World, column: str) -> None:
    with pytest.raises(errors.NotFound), world.open("test", world.investigator) as tx:
        tx.value(
            f"UPDATE account SET {column} WHERE id = %(id)s RETURNING 1",
            {"id": world.investigator.account_id},
        )


def test_ones_own_language_is_ones_own(world: World) -> None:
    with world.open("test", world.investigator) as tx:
        accounts.choose_language(tx, "en")
    with world.open("test", world.investigator) as tx:
        assert tx.actor.locale == "en"


def test_a_role_is_given_within_ones_own_subtree(world: World) -> None:
    township = world.person("township-administrator")
    with world.open("test", township) as tx:
        _grant(tx, world.inspector, Role.INVESTIGATOR, world.village.id)
    for unit in (world.district.id, world.other_township.id):
        with pytest.raises(errors.Forbidden), world.open("test", township) as tx:
            _grant(tx, world.inspector, Role.INVESTIGATOR, unit)


def test_administering_auditing_reporting_and_working_stay_apart(world: World) -> None:
    pairs = [
        (world.administrator, Role.INVESTIGATOR),
        (world.chief, Role.ADMINISTRATOR),
        (world.auditor, Role.LEAD_MANAGER),
        (world.investigator, Role.AUDITOR),
        (world.reporting_unit, Role.INVESTIGATOR),
    ]
    for who, role in pairs:
        with pytest.raises(errors.Conflict), world.open("test", world.operator) as tx:
            _grant(tx, who, role, world.district.id)


def test_only_who_runs_it_holds_the_whole_installation(world: World) -> None:
    with pytest.raises(errors.Invalid), world.open("test", world.operator) as tx:
        _grant(tx, world.chief, Role.CHIEF, None)
    with world.open("test", world.operator) as tx:
        accounts.create_account(tx, login="second-operator", name="Second operator")


def test_a_role_that_ended_gives_nothing(world: World) -> None:
    with world.open("test", world.administrator) as tx:
        held = accounts.read_account(tx, world.chief.account_id)
        accounts.end_role(
            tx,
            world.chief.account_id,
            held["roles"][0]["id"],
            seen_version=held["version"],
        )
    with world.open("test", world.chief) as tx:
        assert tx.actor.grants == ()
        assert not tx.actor.may(Permission.MATTERS_READ)
        assert tx.value("SELECT guard.holds('{chief}')") is False


def test_a_role_that_begins_later_gives_nothing_yet(world: World) -> None:
    with world.open("test", world.operator) as tx:
        tomorrow = tx.now.date() + timedelta(days=2)
        _grant(tx, world.investigator, Role.CHIEF, world.district.id, begins_on=tomorrow)
    with world.open("test", world.investigator) as tx:
        assert not tx.actor.holds(Role.CHIEF)


def test_a_role_ends_after_it_begins(world: World) -> None:
    day = date(2030, 1, 1)
    with pytest.raises(errors.Invalid) as refusal, world.open("test", world.operator) as tx:
        _grant(tx, world.chief, Role.DEPUTY, world.district.id, begins_on=day, ends_on=day)
    assert refusal.value.errors[0].field == "ends_on"


def test_a_deactivated_account_is_out_at_once(office: Office, world: World) -> None:
    with world.open("test", world.administrator) as tx:
        version = accounts.read_account(tx, world.keeper.account_id)["version"]
        accounts.change_account(
            tx, world.keeper.account_id, seen_version=version, changes={"active": False}
        )
    with pytest.raises(errors.NotSignedIn), world.open("test", world.keeper):
        pass
    with pytest.raises(errors.NotSignedIn):
        _sign_in(office, "keeper")


def test_sessions_don_t_come_back_with_the_account(office: Office, world: World) -> None:
    for active in (False, True):
        with world.open("test", world.operator) as tx:
            version = accounts.read_account(tx, world.keeper.account_id)["version"]
            accounts.change_account(
                tx, world.keeper.account_id, seen_version=version, changes={"active": active}
            )
    with pytest.raises(errors.NotSignedIn), world.open("test", world.keeper):
        pass
    assert _sign_in(office, "keeper")


def test_nobody_clears_or_ends_themselves(world: World) -> None:
    changes: list[dict[str, object]] = [{"clearance": Clearance.SEALED}, {"active": False}]
    me = world.administrator.account_id
    for change in changes:
        with pytest.raises(errors.Forbidden), world.open("test", world.administrator) as tx:
            accounts.change_account(tx, me, seen_version=1, changes=change)


def test_a_stale_version_changes_nothing(world: World) -> None:
    for version in (0, 99):
        with pytest.raises(errors.Stale), world.open("test", world.administrator) as tx:
            accounts.change_account(
                tx, world.keeper.account_id, seen_version=version, changes={"name": "别人"}
            )
    with world.open("test", world.administrator) as tx:
        assert accounts.read_account(tx, world.keeper.account_id)["name"] == world.keeper.name


def test_a_login_is_taken_once_whatever_its_case(world: World) -> None:
    for login in ("chief", "CHIEF"):
        with pytest.raises(errors.Invalid) as refusal, world.open("test", world.operator) as tx:
            accounts.create_account(tx, login=login, name="Another")
        assert refusal.value.errors[0].field == "login"


def test_every_change_of_accounts_is_an_event(
    world: World, owner: psycopg.Connection[DictRow]
) -> None:
    with world.open("accounts.grant_role", world.operator) as tx:
        role_id = _grant(tx, world.investigator, Role.INVESTIGATOR, world.district.id)
    event = owner.execute(
        "SELECT actor_id, use_case, op, changes ->> 'role' AS role FROM audit_event"
        " WHERE table_name = 'role_held' AND row_id = %s",
        [role_id],
    ).fetchone()
    assert event == {
        "actor_id": world.operator.account_id,
        "use_case": "accounts.grant_role",
        "op": "INSERT",
        "role": "investigator",
    }
