"""Passkeys: added, asked for at the door and again, doubted, removed, and never read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.passkeys import MOST, Place
from app.domain.permissions import Role
from app.repositories.work import Office
from app.services import accounts, factors, passkeys
from app.services.accounts import Coming
from tests.authenticators import NAME, ORIGIN, PRESENT, Authenticator
from tests.builders import PASSWORD, Someone, World

Owner = psycopg.Connection[DictRow]
PLACE = Place(NAME, ORIGIN)
FRESH = timedelta(minutes=15)


def _add(world: World, who: Someone, key: Authenticator, name: str = "phone") -> passkeys.Added:
    with world.open("test", who) as tx:
        options = passkeys.begin(tx, PLACE)
    credential = key.make(options)
    with world.open("test", who) as tx:
        challenge = passkeys.take(tx, credential)
    with world.open("test", who) as tx:
        return passkeys.add(tx, PLACE, challenge, credential, name)


def _sign_in(office: Office, login: str) -> accounts.SignedIn:
    return accounts.sign_in(
        office, login=login, password=PASSWORD, lifetime=timedelta(hours=1),
        coming=Coming("browser"),
    )  # fmt: skip


def _let_in(office: Office, waiting: str, credential: dict[str, Any]) -> str:
    return passkeys.let_in(office, waiting, credential, PLACE, fresh=FRESH)


def _confirm(office: Office, who: Someone, credential: dict[str, Any]) -> str:
    return passkeys.confirm(office, who.session, credential, PLACE, fresh=FRESH)


def _alive(office: Office, session: str) -> bool:
    try:
        with office.work(session, use_case="test") as tx:
            return tx.signed_in
    except errors.NotSignedIn:
        return False


def _stale(owner: Owner) -> None:
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")


def test_a_password_alone_opens_nothing_once_a_passkey_is_there(
    office: Office, world: World
) -> None:
    key = Authenticator()
    other = _sign_in(office, "chief").session
    added = _add(world, world.chief, key)
    assert len(added.codes) == 10
    assert not _alive(office, other)
    assert _alive(office, world.chief.session)
    waiting = _sign_in(office, "chief")
    assert waiting.waits
    assert not _alive(office, waiting.session)
    assert passkeys.ways(office, waiting.session) == passkeys.Ways(code=False, passkey=True)
    options = passkeys.ask_waiting(office, waiting.session, PLACE)
    opened = _let_in(office, waiting.session, key.but(counter=2).answer(options))
    assert _alive(office, opened)
    assert not _alive(office, waiting.session)


def test_a_recovery_code_gets_in_without_it(office: Office, world: World) -> None:
    codes = _add(world, world.chief, Authenticator()).codes
    assert _alive(office, factors.let_in(office, _sign_in(office, "chief").session, codes[0]))
    with pytest.raises(errors.Invalid):
        factors.let_in(office, _sign_in(office, "chief").session, "123456")


def test_several_passkeys_and_an_authenticator_stand_beside_each_other(
    office: Office, world: World
) -> None:
    one, two = Authenticator(), Authenticator()
    assert _add(world, world.chief, one, "one").codes
    assert not _add(world, world.chief, two, "two").codes  # the first one's still hold
    with world.open("test", world.chief) as tx:
        assert factors.begin(tx).secret
        assert [each["name"] for each in passkeys.mine(tx)] == ["one", "two"]
    for key in (one, two):
        waiting = _sign_in(office, "chief").session
        options = passkeys.ask_waiting(office, waiting, PLACE)
        assert len(options["allowCredentials"]) == 2
        assert _alive(office, _let_in(office, waiting, key.but(counter=5).answer(options)))


def test_there_are_ten_at_most_and_one_authenticator_is_one(world: World) -> None:
    key = Authenticator()
    _add(world, world.chief, key)
    with pytest.raises(errors.Conflict):
        _add(world, world.chief, key)
    with pytest.raises(errors.Conflict):
        _add(world, world.deputy, key)
    for _ in range(MOST - 1):
        _add(world, world.chief, Authenticator())
    with pytest.raises(errors.Conflict) as refused:
        _add(world, world.chief, Authenticator())
    assert "Ten" in refused.value.reason.message


def test_before_the_password_nobody_learns_who_has_a_passkey(office: Office, world: World) -> None:
    _add(world, world.chief, Authenticator())
    assert passkeys.ways(office, None) == passkeys.ways(office, "no session") == passkeys.Ways()
    for secret in ("", "no session", world.chief.session):
        with pytest.raises(errors.NotFound):
            passkeys.ask_waiting(office, secret, PLACE)


@pytest.mark.parametrize("age", ["4 minutes 55 seconds", "5 minutes 1 second"])
def test_a_challenge_waits_five_minutes(
    office: Office, world: World, owner: Owner, age: str
) -> None:
    key = Authenticator()
    _add(world, world.chief, key)
    waiting = _sign_in(office, "chief").session
    answer = key.but(counter=2).answer(passkeys.ask_waiting(office, waiting, PLACE))
    owner.execute("UPDATE passkey_challenge SET made_at = now() - %s::interval", (age,))
    if age.startswith("4"):
        assert _let_in(office, waiting, answer)
    else:
        with pytest.raises(errors.Invalid):
            _let_in(office, waiting, answer)


def test_a_challenge_counts_once_also_when_the_answer_was_wrong(
    office: Office, world: World
) -> None:
    key = Authenticator()
    _add(world, world.chief, key)
    waiting = _sign_in(office, "chief").session
    options = passkeys.ask_waiting(office, waiting, PLACE)
    with pytest.raises(errors.Invalid):
        _let_in(office, waiting, key.but(origin="https://evil.test").answer(options))
    with pytest.raises(errors.Invalid):
        _let_in(office, waiting, key.but(counter=2).answer(options))


def test_an_answer_that_is_sent_twice_at_once_opens_one_session(
    office: Office, world: World
) -> None:
    key = Authenticator(counter=0)  # no counter that would betray the second
    _add(world, world.chief, key)
    answer = key.answer(_asked_again(world, world.chief))

    def send(_: int) -> str | None:
        try:
            return _confirm(office, world.chief, answer)
        except (errors.Invalid, errors.NotSignedIn):
            return None

    with ThreadPoolExecutor(8) as threads:
        assert sum(each is not None for each in threads.map(send, range(8))) == 1


def _asked_again(world: World, who: Someone) -> dict[str, Any]:
    with world.open("test", who) as tx:
        return passkeys.ask_again(tx, PLACE)


def test_a_challenge_is_its_sessions_own_and_for_one_purpose(office: Office, world: World) -> None:
    key = Authenticator()
    _add(world, world.chief, key)
    one, two = _sign_in(office, "chief").session, _sign_in(office, "chief").session
    answer = key.but(counter=2).answer(passkeys.ask_waiting(office, one, PLACE))
    with pytest.raises(errors.Invalid):
        _let_in(office, two, answer)
    with pytest.raises(errors.Invalid):
        _confirm(office, world.chief, answer)
    assert _let_in(office, one, answer)
    asked = key.but(counter=3).answer(_asked_again(world, world.chief))
    with pytest.raises(errors.Invalid):
        _let_in(office, _sign_in(office, "chief").session, asked)


def test_anothers_passkey_proves_nobody_else(office: Office, world: World) -> None:
    mine, theirs = Authenticator(), Authenticator()
    _add(world, world.chief, mine)
    _add(world, world.deputy, theirs)
    waiting = _sign_in(office, "chief").session
    options = passkeys.ask_waiting(office, waiting, PLACE)
    with pytest.raises(errors.Invalid):
        _let_in(office, waiting, theirs.but(counter=2).answer(options))
    with pytest.raises(errors.Invalid):
        _confirm(
            office, world.chief, theirs.but(counter=2).answer(_asked_again(world, world.chief))
        )


def test_a_counter_that_went_back_lets_nobody_in_and_is_an_event_for_its_owner(
    office: Office, world: World, owner: Owner
) -> None:
    key = Authenticator(counter=40)
    codes = _add(world, world.chief, key).codes
    for counter, said in ((39, "counter went back"), (41, "isn't right")):
        waiting = _sign_in(office, "chief").session
        if counter == 41:  # it is offered to nobody any more
            with pytest.raises(errors.NotFound):
                passkeys.ask_waiting(office, waiting, PLACE)
            assert not passkeys.ways(office, waiting).passkey
            continue
        options = passkeys.ask_waiting(office, waiting, PLACE)
        with pytest.raises(errors.Invalid) as refused:
            _let_in(office, waiting, key.but(counter=counter).answer(options))
        assert said in refused.value.errors[0].reason.message
    with world.open("test", world.chief) as tx:
        (held,) = passkeys.mine(tx)
    assert held["doubted_at"] is not None
    event = owner.execute(
        "SELECT op, use_case, changes FROM audit_event WHERE table_name = 'passkey'"
        " AND op = 'UPDATE'"
    ).fetchone()
    assert event is not None
    assert event["use_case"] == "passkeys.doubt"
    assert set(event["changes"]) == {"doubted_at"}
    # The password alone is still not enough; a recovery code is.
    assert _sign_in(office, "chief").waits
    assert factors.let_in(office, _sign_in(office, "chief").session, codes[0])


def test_the_same_count_twice_is_a_copy_and_none_at_all_is_no_counter(
    office: Office, world: World
) -> None:
    counted, uncounted = Authenticator(counter=3), Authenticator(counter=0)
    _add(world, world.chief, counted)
    _add(world, world.deputy, uncounted)
    session = world.deputy
    for _ in range(3):
        secret = _confirm(office, session, uncounted.answer(_asked_again(world, session)))
        session = replace(session, session=secret)
    with pytest.raises(errors.Invalid):
        _confirm(office, world.chief, counted.answer(_asked_again(world, world.chief)))


def test_it_proves_again_who_sits_there_if_it_asked_them(
    office: Office, world: World, owner: Owner
) -> None:
    key = Authenticator()
    _add(world, world.chief, key)
    _stale(owner)
    with pytest.raises(errors.NotFresh), world.open("test", world.chief) as tx:
        passkeys.begin(tx, PLACE)
    touched = key.but(counter=2, flags=PRESENT)  # a key left in the machine, and a finger on it
    with pytest.raises(errors.Invalid):
        _confirm(office, world.chief, touched.answer(_asked_again(world, world.chief)))
    asked = key.but(counter=3).answer(_asked_again(world, world.chief))
    secret = _confirm(office, world.chief, asked)
    assert not _alive(office, world.chief.session)  # under a new secret
    with office.work(secret, use_case="test") as tx:
        assert passkeys.begin(tx, PLACE)


def test_only_a_fresh_hand_adds_or_removes_one(office: Office, world: World, owner: Owner) -> None:
    added = _add(world, world.chief, Authenticator())
    with world.open("test", world.chief) as tx:
        credential = Authenticator().make(passkeys.begin(tx, PLACE))
    with world.open("test", world.chief) as tx:
        challenge = passkeys.take(tx, credential)
    _stale(owner)
    with pytest.raises(errors.NotFresh), world.open("test", world.chief) as tx:
        passkeys.add(tx, PLACE, challenge, credential, "late")
    with pytest.raises(errors.NotFresh), world.open("test", world.chief) as tx:
        passkeys.drop(tx, added.passkey_id)
    with world.open("test", world.chief) as tx:
        passkeys.rename(tx, added.passkey_id, "renamed")
        assert [each["name"] for each in passkeys.mine(tx)] == ["renamed"]


def test_nobody_renames_or_removes_anothers(world: World) -> None:
    theirs: UUID = _add(world, world.chief, Authenticator()).passkey_id
    for who in (world.deputy, world.administrator):
        with pytest.raises(errors.NotFound), world.open("test", who) as tx:
            passkeys.drop(tx, theirs)
        with pytest.raises(errors.NotFound), world.open("test", who) as tx:
            passkeys.rename(tx, theirs, "mine")


def test_removing_the_last_one_removes_the_codes_and_ends_other_sessions(
    office: Office, world: World, owner: Owner
) -> None:
    key = Authenticator()
    added = _add(world, world.chief, key)
    waiting = _sign_in(office, "chief").session
    options = passkeys.ask_waiting(office, waiting, PLACE)
    other = _let_in(office, waiting, key.but(counter=2).answer(options))
    with world.open("test", world.chief) as tx:
        passkeys.drop(tx, added.passkey_id)
    assert not _alive(office, other)
    assert _alive(office, world.chief.session)
    assert owner.execute("SELECT count(*) AS n FROM recovery_code").fetchone() == {"n": 0}
    assert not _sign_in(office, "chief").waits


def test_removing_the_authenticator_leaves_passkeys_and_their_codes(
    office: Office, world: World, owner: Owner
) -> None:
    _add(world, world.chief, Authenticator())
    with world.open("test", world.chief) as tx:
        factors.begin(tx)
        factors.drop(tx)
    assert _sign_in(office, "chief").waits
    assert owner.execute("SELECT count(*) AS n FROM recovery_code").fetchone() == {"n": 10}


def test_an_administrator_removes_all_of_somebodys_and_reads_nothing(
    office: Office, world: World
) -> None:
    _add(world, world.chief, Authenticator(), "铜钥匙")
    with world.open("test", world.administrator) as tx:
        assert factors.since(tx, world.chief.account_id) is not None
        assert passkeys.mine(tx) == []
    for table in ("passkey", "passkey_use", "passkey_challenge"):
        with pytest.raises(errors.NotFound), world.open("test", world.administrator) as tx:
            tx.rows(f"SELECT * FROM {table}")
    with world.open("test", world.administrator) as tx:
        factors.reset(tx, world.chief.account_id)
    assert not _alive(office, world.chief.session)
    assert not _sign_in(office, "chief").waits


def test_neither_names_nor_keys_stand_in_the_history(world: World, owner: Owner) -> None:
    key = Authenticator()
    _add(world, world.chief, key, "铜钥匙")
    for table in ("audit_event", "audit_personal"):
        query = f"SELECT string_agg(t::text, ' ') AS rows FROM {table} t"
        found = owner.execute(query.encode()).fetchone()
        assert found is not None
        for told in ("铜钥匙", key.credential_id.hex()):
            assert told not in (found["rows"] or "")


def test_a_passkey_is_what_a_role_requires(office: Office, world: World) -> None:
    with world.open("test", world.administrator) as tx:
        factors.require(tx, [Role.CHIEF])
    browser = replace(world.chief, session=_sign_in(office, "chief").session)
    with world.open("test", browser) as tx:
        assert tx.bare
        assert not tx.actor.grants
    _add(world, browser, Authenticator())
    with world.open("test", browser) as tx:
        assert not tx.bare
        assert tx.actor.grants
