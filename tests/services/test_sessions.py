"""Sessions: seen and ended by their owner, idle and old ones, going on, and proving it again."""

import time
from collections.abc import Callable
from datetime import date, timedelta

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain import errors
from app.domain.exports import Format, What
from app.domain.permissions import Role
from app.domain.totals import Cohort
from app.repositories.work import Office, Work
from app.services import accounts, exports, petitions, sessions
from app.services.accounts import Coming
from app.services.petitions import NewPetition, Reporter
from tests.builders import PASSWORD, Someone, World

Owner = psycopg.Connection[DictRow]
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


def _sign_in(
    office: Office, login: str, coming: Coming = Coming(), password: str = PASSWORD
) -> str:
    return accounts.sign_in(
        office, login=login, password=password, lifetime=HOUR, coming=coming
    ).session


def _alive(office: Office, session: str) -> bool:
    try:
        with office.work(session, use_case="test") as tx:
            return tx.signed_in
    except errors.NotSignedIn:
        return False


def test_one_sees_ones_own_sessions_and_no_others(office: Office, world: World) -> None:
    _sign_in(office, "chief", Coming("browser"))
    _sign_in(office, "deputy", Coming("program"))
    with world.open("test", world.chief) as tx:
        found = sessions.list_sessions(tx)
    assert sorted(each["kind"] for each in found) == ["browser", "command"]
    assert [each["kind"] for each in found if each["current"]] == ["command"]


def test_an_own_session_is_ended_at_once_and_nobody_elses(office: Office, world: World) -> None:
    other = _sign_in(office, "chief", Coming("browser"))
    with world.open("test", world.chief) as tx:
        (wanted,) = (each["id"] for each in sessions.list_sessions(tx) if not each["current"])
    with pytest.raises(errors.NotFound), world.open("test", world.deputy) as tx:
        sessions.end_session(tx, wanted)
    assert _alive(office, other)
    with world.open("test", world.chief) as tx:
        sessions.end_session(tx, wanted)
    assert not _alive(office, other)
    assert _alive(office, world.chief.session)


def test_signing_out_everywhere_leaves_nothing_open(office: Office, world: World) -> None:
    others = [_sign_in(office, "chief") for _ in range(2)]
    with world.open("test", world.chief) as tx:
        assert sessions.end_sessions(tx) == 3
    assert not any(map(_alive, [office] * 3, [*others, world.chief.session]))
    assert _alive(office, world.deputy.session)


def test_an_idle_session_opens_nothing(office: Office, world: World, owner: Owner) -> None:
    session = _sign_in(office, "chief", Coming("browser", idle=timedelta(minutes=30)))
    owner.execute("UPDATE session_use SET used_at = now() - interval '29 minutes'")
    assert _alive(office, session)  # and is no longer idle
    assert _alive(office, session)
    owner.execute("UPDATE session_use SET used_at = now() - interval '31 minutes'")
    assert not _alive(office, session)
    with world.open("test", world.chief) as tx:
        assert [each["current"] for each in sessions.list_sessions(tx)] == [True]


def test_a_session_ends_however_busy_it_is(office: Office, owner: Owner) -> None:
    session = _sign_in(office, "chief", Coming("browser", idle=timedelta(hours=20)))
    assert _alive(office, session)
    owner.execute("UPDATE session SET expires_at = now() - interval '1 second'")
    assert not _alive(office, session)


def test_use_is_written_down_once_a_minute_at_most(
    office: Office, world: World, owner: Owner
) -> None:
    def used() -> object:
        row = owner.execute(
            "SELECT u.used_at FROM session_use u JOIN session s ON s.id = u.session_id"
            " WHERE s.account_id = %s",
            [world.chief.account_id],
        ).fetchone()
        assert row is not None
        return row["used_at"]

    owner.execute("UPDATE session_use SET used_at = now() - interval '59 seconds'")
    before = used()
    assert _alive(office, world.chief.session)
    assert used() == before
    owner.execute("UPDATE session_use SET used_at = now() - interval '61 seconds'")
    before = used()
    assert _alive(office, world.chief.session)
    assert used() != before


def test_a_long_transaction_neither_keeps_its_session_nor_holds_others_up(
    office: Office, world: World, owner: Owner
) -> None:
    owner.execute("UPDATE session_use SET used_at = now() - interval '2 minutes'")
    with world.open("test.long", world.chief) as long:
        assert long.signed_in  # has written its use down, and not committed
        begun = time.monotonic()
        with world.open("test", world.chief) as tx:
            sessions.end_sessions(tx)
        assert time.monotonic() - begun < 2
    assert not _alive(office, world.chief.session)


# Going on ------------------------------------------------------------------------------------


def _program(office: Office) -> tuple[str, str]:
    """(session, refresh token)."""
    session = _sign_in(office, "auditor", Coming("program", idle=HOUR))
    with office.work(session, use_case="test") as tx:
        return session, sessions.give_refresh(tx)


def test_a_refresh_token_goes_on_with_the_session_once(office: Office, world: World) -> None:
    session, token = _program(office)
    gone_on = sessions.refresh(office, token)
    assert _alive(office, gone_on.session)
    assert not _alive(office, session)  # the secret before it
    assert _alive(office, sessions.refresh(office, gone_on.refresh).session)


def test_a_refresh_token_that_is_used_again_ends_the_session_for_both(
    office: Office, world: World
) -> None:
    _, stolen = _program(office)
    thief = sessions.refresh(office, stolen)
    with pytest.raises(errors.NotSignedIn):
        sessions.refresh(office, stolen)
    assert not _alive(office, thief.session)
    with pytest.raises(errors.NotSignedIn):
        sessions.refresh(office, thief.refresh)
    assert _alive(office, world.auditor.session)  # a session of its own


def test_a_refresh_token_revives_nothing(office: Office, owner: Owner) -> None:
    for end in (
        "UPDATE session SET ended_at = now()",
        "UPDATE session SET expires_at = now()",
        "UPDATE session_use SET used_at = now() - interval '3 hours'",
    ):
        _, token = _program(office)
        owner.execute(end.encode())
        with pytest.raises(errors.NotSignedIn):
            sessions.refresh(office, token)
    with pytest.raises(errors.NotSignedIn):
        sessions.refresh(office, "no such token")


def test_a_browser_has_no_refresh_token(office: Office) -> None:
    session = _sign_in(office, "chief", Coming("browser"))
    with pytest.raises(errors.NotFound), office.work(session, use_case="test") as tx:
        sessions.give_refresh(tx)


# Proving it again ----------------------------------------------------------------------------


def _stale(owner: Owner) -> None:
    owner.execute("UPDATE session SET fresh_until = now() - interval '1 second'")


def _grant(world: World) -> Callable[[Work], object]:
    return lambda tx: accounts.grant_role(
        tx,
        account_id=world.investigator.account_id,
        role=Role.LEAD_MANAGER,
        unit_id=world.district.id,
    )


def _export(tx: Work) -> object:
    return exports.order(
        tx, what=What.MATTERS, format=Format.CSV, cohort=Cohort(as_of=date(2018, 9, 28)),
        locale="en", names=True, reason="for the district's inspection",
    )  # fmt: skip


def test_what_touches_names_and_rights_needs_a_password_just_given(
    office: Office, world: World, owner: Owner
) -> None:
    with world.open("test", world.intake_officer) as tx:
        petition = petitions.log_petition(
            tx,
            NewPetition(
                channel="letter", class_="report", received_on=tx.today,
                content="我在村里开店，亲眼看到。", unit_id=world.village.id,
                reporter=Reporter(name="田有福", contact="13900000000"),
            ),
        )  # fmt: skip
    acts: list[tuple[Someone, Callable[[Work], object]]] = [
        (world.administrator, _grant(world)),
        (
            world.administrator,
            lambda tx: accounts.make_password_link(tx, world.finance.account_id),
        ),
        (world.intake_officer, lambda tx: petitions.read_reporter(tx, petition)),
        (world.chief, _export),
    ]
    _stale(owner)
    for who, act in acts:
        with pytest.raises(errors.NotFresh), world.open("test", who) as tx:
            act(tx)
    for who, act in acts:
        fresh = sessions.confirm_password(office, who.session, PASSWORD, fresh=QUARTER)
        with office.work(fresh, use_case="test") as tx:
            assert act(tx)
        owner.execute(
            "UPDATE session SET secret_hash = sha256(convert_to(%s, 'UTF8'))"
            " WHERE secret_hash = sha256(convert_to(%s, 'UTF8'))",
            (who.session, fresh),
        )


def test_the_database_asks_for_it_where_the_service_is_passed_by(
    world: World, owner: Owner
) -> None:
    _stale(owner)
    insert = (
        "INSERT INTO role_held (id, account_id, role, unit_id, unit_path, begins_on)"
        " VALUES (gen_random_uuid(), %(account)s, 'chief', %(unit)s, 'YC', guard.today())"
    )
    values = {"account": world.investigator.account_id, "unit": world.district.id}
    link = "SELECT guard.make_password_link(%(account)s, 'x', '1 day')"
    for statement in (insert, link):
        with pytest.raises(errors.NotFresh), world.open("test", world.administrator) as tx:
            tx.execute(statement, values)


def test_confirming_changes_the_sessions_secret_and_no_other_session(
    office: Office, world: World
) -> None:
    session, other = _sign_in(office, "chief"), _sign_in(office, "chief")
    fresh = sessions.confirm_password(office, session, PASSWORD, fresh=QUARTER)
    assert not _alive(office, session)
    assert _alive(office, fresh)
    assert _alive(office, other)


def test_the_tenth_wrong_password_ends_the_session_and_locks_nobody_out(
    office: Office, world: World
) -> None:
    session = _sign_in(office, "chief")
    for _ in range(9):
        with pytest.raises(errors.Invalid):
            sessions.confirm_password(office, session, "wrong wrong", fresh=QUARTER)
    with pytest.raises(errors.NotSignedIn):
        sessions.confirm_password(office, session, "wrong wrong", fresh=QUARTER)
    assert not _alive(office, session)
    assert _sign_in(office, "chief")


# Throttling ----------------------------------------------------------------------------------


def _guess(office: Office, login: str, times: int, **more: str | None) -> str:
    """Wrong proofs without the cost of deriving them; what the last one was answered."""
    result = ""
    for _ in range(times):
        with office.work(None, use_case="test") as tx:
            result = str(
                tx.value(
                    "SELECT guard.sign_in(%(login)s, 'wrong', gen_random_uuid(), 'x', '1 hour',"
                    " 'browser', NULL, NULL, %(address)s, %(browser)s)",
                    {"login": login, "address": None, "browser": None, **more},
                )
            )
    return result


def test_strangers_lock_nobody_out_of_a_browser_that_they_know(office: Office) -> None:
    known = Coming("browser", browser="a browser's secret, made for tests only")
    _sign_in(office, "deputy", known)
    assert _guess(office, "deputy", 11, address="203.0.113.9") == "throttled"
    with pytest.raises(errors.Throttled):
        _sign_in(office, "deputy", Coming("browser"))
    assert _sign_in(office, "deputy", known)


def test_a_known_browser_is_throttled_too(office: Office) -> None:
    secret = "a browser's secret, made for tests only"
    _sign_in(office, "deputy", Coming("browser", browser=secret))
    assert _guess(office, "deputy", 11, browser=secret) == "throttled"
    assert _guess(office, "chief", 1, browser=secret) == "refused"  # known for one account alone


def test_one_address_that_tries_many_names_is_throttled(office: Office) -> None:
    for at in range(20):
        assert _guess(office, f"somebody-{at}", 5, address="203.0.113.9") == "refused"
    assert _guess(office, "chief", 1, address="203.0.113.9") == "throttled"
    assert _guess(office, "chief", 1, address="203.0.113.10") == "refused"


def test_no_address_is_kept_and_what_is_kept_is_kept_for_an_hour(
    office: Office, owner: Owner
) -> None:
    _guess(office, "chief", 2, address="203.0.113.9")
    kept = owner.execute("SELECT t::text AS row FROM sign_in_attempt t").fetchall()
    assert len(kept) == 4
    assert not any("203.0.113.9" in each["row"] or "chief" in each["row"] for each in kept)
    owner.execute("UPDATE sign_in_attempt SET at = at - interval '61 minutes'")
    _guess(office, "deputy", 1)
    left = owner.execute("SELECT count(*) AS count FROM sign_in_attempt").fetchone()
    assert left == {"count": 1}


def test_a_sessions_secret_is_new_each_time_random_and_kept_as_a_hash(
    office: Office, world: World, owner: Owner
) -> None:
    secrets = [_sign_in(office, "chief") for _ in range(5)]
    assert len(set(secrets)) == 5
    assert all(len(each) == 43 for each in secrets)  # 256 bits, base64url
    assert len({each[:6] for each in secrets}) == 5
    rows = owner.execute("SELECT string_agg(t::text, ' ') AS rows FROM session t").fetchone()
    assert rows is not None
    assert not any(each in rows["rows"] for each in secrets)
