"""A second factor: set up, asked for, required by role, and taken away without being read."""

from datetime import UTC, datetime, timedelta

import psycopg
import pyotp
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain import factors as codes_of
from app.domain.permissions import Permission, Role
from app.repositories.work import Office
from app.services import accounts, factors
from app.services.accounts import Coming
from tests import build_matters
from tests.builders import PASSWORD, Someone, World

Owner = psycopg.Connection[DictRow]


def _code(secret: str, *, later: int = 0) -> str:
    """`later`: half minutes from now."""
    totp = pyotp.TOTP(secret)
    return str(totp.generate_otp(totp.timecode(datetime.now(UTC)) + later))


def _set_up(world: World, who: Someone) -> tuple[str, list[str]]:
    """(secret, recovery codes)."""
    with world.open("test", who) as tx:
        secret = factors.begin(tx).secret
    with world.open("test", who) as tx:
        return secret, factors.confirm(tx, _code(secret, later=-1))


def _sign_in(office: Office, login: str) -> accounts.SignedIn:
    return accounts.sign_in(
        office, login=login, password=PASSWORD, lifetime=timedelta(hours=1),
        coming=Coming("browser"),
    )  # fmt: skip


def _alive(office: Office, session: str) -> bool:
    try:
        with office.work(session, use_case="test") as tx:
            return tx.signed_in
    except errors.NotSignedIn:
        return False


def test_a_password_alone_opens_nothing_once_a_second_factor_is_set_up(
    office: Office, world: World
) -> None:
    secret, _ = _set_up(world, world.chief)
    waiting = _sign_in(office, "chief")
    assert waiting.waits
    assert not _alive(office, waiting.session)
    opened = factors.let_in(office, waiting.session, _code(secret))
    assert _alive(office, opened)
    assert not _alive(office, waiting.session)  # it goes on under another secret


def test_a_secret_counts_once_a_code_of_it_was_given(office: Office, world: World) -> None:
    with world.open("test", world.chief) as tx:
        factors.begin(tx)
    assert not _sign_in(office, "chief").waits
    with pytest.raises(errors.Invalid), world.open("test", world.chief) as tx:
        factors.confirm(tx, "000000")
    assert not _sign_in(office, "chief").waits


def test_setting_one_up_ends_the_other_sessions(office: Office, world: World) -> None:
    other = _sign_in(office, "chief").session
    _set_up(world, world.chief)
    assert not _alive(office, other)
    assert _alive(office, world.chief.session)


def test_no_code_counts_twice(office: Office, world: World) -> None:
    secret, _ = _set_up(world, world.chief)
    code = _code(secret)
    factors.let_in(office, _sign_in(office, "chief").session, code)
    with pytest.raises(errors.Invalid):
        factors.let_in(office, _sign_in(office, "chief").session, code)
    with pytest.raises(errors.Invalid):  # nor one of before
        factors.let_in(office, _sign_in(office, "chief").session, _code(secret, later=-1))


def test_a_recovery_code_counts_once(office: Office, world: World) -> None:
    _, recovery = _set_up(world, world.chief)
    assert len(set(recovery)) == codes_of.RECOVERY_CODES
    typed = f" {recovery[0].upper().replace('-', ' ')} "
    assert _alive(office, factors.let_in(office, _sign_in(office, "chief").session, typed))
    with pytest.raises(errors.Invalid):
        factors.let_in(office, _sign_in(office, "chief").session, recovery[0])
    with world.open("test", world.chief) as tx:
        assert factors.mine(tx)["codes_left"] == codes_of.RECOVERY_CODES - 1
        renewed = factors.renew_codes(tx)
    with pytest.raises(errors.Invalid):
        factors.let_in(office, _sign_in(office, "chief").session, recovery[1])
    assert factors.let_in(office, _sign_in(office, "chief").session, renewed[1])


def test_guessing_codes_is_slowed_down_and_locks_no_open_session_out(
    office: Office, world: World
) -> None:
    secret, _ = _set_up(world, world.chief)
    for _ in range(10):
        with pytest.raises(errors.Invalid):
            factors.let_in(office, _sign_in(office, "chief").session, "no code")
    with pytest.raises(errors.Throttled):
        factors.let_in(office, _sign_in(office, "chief").session, _code(secret))
    assert _alive(office, world.chief.session)


def test_a_session_waits_for_its_code_for_ten_minutes(
    office: Office, world: World, owner: Owner
) -> None:
    secret, _ = _set_up(world, world.chief)
    waiting = _sign_in(office, "chief").session
    owner.execute("UPDATE session SET opened_at = now() - interval '11 minutes' WHERE pending")
    with pytest.raises(errors.NotSignedIn):
        factors.let_in(office, waiting, _code(secret))


def test_a_session_that_is_open_needs_no_code_and_takes_none(office: Office, world: World) -> None:
    secret, _ = _set_up(world, world.chief)
    with pytest.raises(errors.NotSignedIn):
        factors.let_in(office, world.chief.session, _code(secret))


def test_neither_secrets_nor_codes_are_kept_readable(world: World, owner: Owner) -> None:
    secret, recovery = _set_up(world, world.chief)
    for table in ("second_factor", "recovery_code", "audit_event", "audit_personal", "session"):
        query = f"SELECT string_agg(t::text, ' ') AS rows FROM {table} t"
        found = owner.execute(query.encode()).fetchone()
        assert found is not None
        for each in (secret, *recovery, *map(codes_of.plain, recovery)):
            assert each not in (found["rows"] or "")
            assert each.encode().hex() not in (found["rows"] or "")


def test_a_secret_is_shown_to_nobody_once_it_is_confirmed(world: World) -> None:
    _set_up(world, world.chief)
    with pytest.raises(errors.NotFound), world.open("test", world.chief) as tx:
        factors.begun(tx)
    with pytest.raises(errors.Conflict), world.open("test", world.chief) as tx:
        factors.begin(tx)


def test_an_administrator_takes_one_away_and_cannot_read_it(office: Office, world: World) -> None:
    _set_up(world, world.chief)
    township = world.person("township-administrator")
    for who in (world.deputy, township):
        with pytest.raises(errors.NotFound), world.open("test", who) as tx:
            factors.reset(tx, world.chief.account_id)
    for function in ("waiting_factor('x')", "begun_factor()"):
        with world.open("test", world.administrator) as tx:
            assert not [r for r in tx.rows(f"SELECT f FROM guard.{function} f") if r["f"]]
    with pytest.raises(errors.NotFound), world.open("test", world.administrator) as tx:
        tx.rows("SELECT * FROM second_factor")
    with world.open("test", world.administrator) as tx:
        assert factors.since(tx, world.chief.account_id) is not None
        factors.reset(tx, world.chief.account_id)
    assert not _alive(office, world.chief.session)
    assert not _sign_in(office, "chief").waits


def test_ones_own_is_removed_by_ones_own_fresh_hand_alone(
    office: Office, world: World, owner: Owner
) -> None:
    _set_up(world, world.chief)
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")
    with pytest.raises(errors.NotFresh), world.open("test", world.chief) as tx:
        factors.drop(tx)
    owner.execute("UPDATE session SET fresh_until = now() + interval '1 hour'")
    with world.open("test", world.chief) as tx:
        factors.drop(tx)
    assert not _sign_in(office, "chief").waits


# By role --------------------------------------------------------------------------------------


def test_who_must_have_one_and_has_none_holds_nothing_until_then(
    office: Office, world: World
) -> None:
    lead = build_matters.log(world, world.investigator)
    with world.open("test", world.administrator) as tx:
        factors.require(tx, [Role.INVESTIGATOR])
        assert factors.roles(tx) == [Role.INVESTIGATOR]
    session = _sign_in(office, "investigator").session
    with office.work(session, use_case="test") as tx:
        assert tx.bare
        assert not tx.actor.may(Permission.MATTERS_READ)
        assert tx.rows("SELECT id FROM matter") == []  # not even what is their own
        assert factors.mine(tx)["required"]
        secret = factors.begin(tx).secret
    with office.work(session, use_case="test") as tx:
        factors.confirm(tx, _code(secret))
    with office.work(session, use_case="test") as tx:
        assert not tx.bare
        assert [row["id"] for row in tx.rows("SELECT id FROM matter")] == [lead]
    with office.work(_sign_in(office, "deputy").session, use_case="test") as tx:
        assert tx.actor.may(Permission.MATTERS_READ)  # nobody else's role


def test_only_an_administrator_of_the_whole_district_requires_it(
    world: World, owner: Owner
) -> None:
    owner.execute("UPDATE installation SET district_id = %s", [world.district.id])
    for who in (world.person("township-administrator"), world.chief):
        with pytest.raises(errors.NotFound), world.open("test", who) as tx:
            factors.require(tx, [Role.CHIEF])
    with pytest.raises(errors.Invalid), world.open("test", world.administrator) as tx:
        factors.require(tx, [Role.OPERATOR])
    with world.open("test", world.administrator) as tx:
        factors.require(tx, [Role.CHIEF])
        factors.require(tx, [])
        assert factors.roles(tx) == []


def test_jobs_and_the_command_line_go_on(office: Office, world: World) -> None:
    """They act as the operator, with nobody there who could type a code."""
    _set_up(world, world.operator)
    opened = accounts.sign_in(office, login="chief", password=PASSWORD, lifetime=timedelta(hours=1))
    with world.open("test", world.administrator) as tx:
        factors.require(tx, [Role.CHIEF])
    with office.work(opened.session, use_case="test") as tx:
        assert tx.actor.may(Permission.MATTERS_READ)
