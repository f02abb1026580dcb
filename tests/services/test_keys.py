"""Keys for programs: dated, with a part of their owner's rights, shown once, revoked at once."""

from collections.abc import Sequence
from datetime import timedelta

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.permissions import Permission, Role
from app.repositories.work import Office
from app.services import accounts, factors, keys, sessions
from tests import build_matters
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]
READS = (Permission.MATTERS_READ, Permission.UNITS_READ)


def _key(
    world: World, who: Someone, scope: Sequence[Permission] = READS, days: int = 30
) -> keys.NewKey:
    with world.open("test", who) as tx:
        return keys.make_key(tx, name="statistics", scope=scope, days=days)


def test_a_key_acts_as_its_owner_within_its_scope(office: Office, world: World) -> None:
    key = _key(world, world.lead_manager)
    with office.work(key.secret, use_case="test") as tx:
        assert tx.actor.account_id == world.lead_manager.account_id
        assert tx.actor.may(Permission.MATTERS_READ)
        for each in (Permission.LEADS_LOG, Permission.REQUESTS_SIGN, Permission.EXPORT_TOTALS):
            assert not tx.actor.may(each)
            assert not tx.actor.may_at(each, world.district.path)


def test_a_key_that_only_reads_writes_nothing_whatever_it_is_made_to_run(
    office: Office, world: World
) -> None:
    lead = build_matters.log(world, world.lead_manager)
    key = _key(world, world.lead_manager)
    with office.work(key.secret, use_case="test") as tx:
        assert [row["id"] for row in tx.rows("SELECT id FROM matter")] == [lead]
    for statement in (
        "UPDATE matter SET title = 'another'",
        "INSERT INTO note (id, matter_id, text, made_by) SELECT gen_random_uuid(), id, 'x',"
        " guard.actor() FROM matter",
        "SELECT guard.end_sessions(NULL)",
        "SET LOCAL transaction_read_only = off",
    ):
        with pytest.raises((errors.Forbidden, psycopg.errors.ActiveSqlTransaction)):
            _run(office, key, statement)


def _run(office: Office, key: keys.NewKey, statement: str) -> None:
    with office.work(key.secret, use_case="test") as tx:
        tx.execute(statement)


def test_a_key_holds_no_more_than_its_owner_ever(office: Office, world: World) -> None:
    key = _key(world, world.investigator, [Permission.MONEY_READ])
    with world.open("test", world.administrator) as tx:
        held = accounts.read_account(tx, world.investigator.account_id)
        accounts.end_role(
            tx, world.investigator.account_id, held["roles"][0]["id"], seen_version=held["version"]
        )
    with office.work(key.secret, use_case="test") as tx:
        assert tx.actor.permissions == frozenset()


@pytest.mark.parametrize(
    "scope",
    [
        [Permission.REQUESTS_SIGN],
        [Permission.SELF],
        [Permission.MONEY_RECORD],
        [Permission.TOTALS_READ],  # not the investigator's
        [],
    ],
)
def test_what_touches_signatures_money_or_ones_account_is_no_keys(
    world: World, scope: list[Permission]
) -> None:
    with pytest.raises(errors.Invalid) as refusal:
        _key(world, world.investigator, scope)
    assert refusal.value.errors[0].field == "scope"


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_key_has_an_end(world: World, days: int) -> None:
    with pytest.raises(errors.Invalid):
        _key(world, world.investigator, days=days)


def test_a_key_ends_when_it_says_and_never_by_lying_idle(
    office: Office, world: World, owner: Owner
) -> None:
    key = _key(world, world.investigator)
    owner.execute("UPDATE session_use SET used_at = now() - interval '20 days'")
    with office.work(key.secret, use_case="test") as tx:
        assert tx.signed_in
    owner.execute("UPDATE session SET expires_at = now() WHERE kind = 'key'")
    with pytest.raises(errors.NotSignedIn), office.work(key.secret, use_case="test"):
        pass


def test_a_key_is_revoked_by_its_owner_alone(office: Office, world: World) -> None:
    key = _key(world, world.investigator)
    with pytest.raises(errors.NotFound), world.open("test", world.administrator) as tx:
        keys.revoke_key(tx, key.id)
    with world.open("test", world.investigator) as tx:
        assert [row["id"] for row in keys.list_keys(tx)] == [key.id]
        assert key.id not in [row["id"] for row in sessions.list_sessions(tx)]
        keys.revoke_key(tx, key.id)
        assert keys.list_keys(tx) == []
    with pytest.raises(errors.NotSignedIn), office.work(key.secret, use_case="test"):
        pass


def test_signing_out_everywhere_leaves_keys_and_ending_an_account_ends_them(
    office: Office, world: World
) -> None:
    key = _key(world, world.keeper)
    with world.open("test", world.keeper) as tx:
        sessions.end_sessions(tx)
    with office.work(key.secret, use_case="test") as tx:
        assert tx.signed_in
    with world.open("test", world.administrator) as tx:
        version = accounts.read_account(tx, world.keeper.account_id)["version"]
        accounts.change_account(
            tx, world.keeper.account_id, seen_version=version, changes={"active": False}
        )
    with pytest.raises(errors.NotSignedIn), office.work(key.secret, use_case="test"):
        pass


def test_making_one_needs_a_password_just_given_and_no_key_makes_another(
    office: Office, world: World, owner: Owner
) -> None:
    key = _key(world, world.lead_manager, [Permission.LEADS_LOG])
    with pytest.raises(errors.NotFresh), office.work(key.secret, use_case="test") as tx:
        keys.make_key(tx, name="another", scope=[Permission.LEADS_LOG], days=1)
    owner.execute("UPDATE session SET fresh_until = now()")
    with pytest.raises(errors.NotFresh):
        _key(world, world.lead_manager)


def test_only_the_hash_of_a_key_is_kept(world: World, owner: Owner) -> None:
    key = _key(world, world.investigator)
    for table in ("session", "audit_event", "audit_personal", "idempotent_answer"):
        found = owner.execute(f"SELECT string_agg(t::text, ' ') AS rows FROM {table} t".encode())
        row = found.fetchone()
        assert row is not None
        assert key.secret not in (row["rows"] or "")


def test_who_must_have_a_second_factor_has_no_key_without_one(office: Office, world: World) -> None:

    key = _key(world, world.investigator)
    with world.open("test", world.administrator) as tx:
        factors.require(tx, [Role.INVESTIGATOR])
    with office.work(key.secret, use_case="test") as tx:
        assert tx.bare
        assert tx.actor.permissions == frozenset()


def test_a_keys_use_is_seen(office: Office, world: World, owner: Owner) -> None:
    key = _key(world, world.investigator)
    owner.execute("UPDATE session SET opened_at = now() - interval '2 days' WHERE kind = 'key'")
    owner.execute(
        "UPDATE session_use SET used_at = now() - interval '2 days'"
        " WHERE session_id IN (SELECT id FROM session WHERE kind = 'key')"
    )
    with office.work(key.secret, use_case="test") as tx:
        assert tx.signed_in
    with world.open("test", world.investigator) as tx:
        (row,) = keys.list_keys(tx)
        assert tx.now - row["used_at"] < timedelta(minutes=1)
