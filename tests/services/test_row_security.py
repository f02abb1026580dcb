"""What the application's own database password is worth without somebody's session: nothing."""

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors as pg
from psycopg.rows import DictRow

from app.domain.permissions import Role
from app.models import metadata
from app.repositories.work import Office
from tests.architecture.source import UTC_DAY
from tests.builders import World

# Says what the database is, to everybody; and what the migrations keep.
OPEN = {"installation", "alembic_version"}
# Only functions of the guard and the owner touch these.
CLOSED = [
    *("credential", "password_link", "session", "sign_in_attempt", "number_series"),
    *("former_fact", "wall", "linked_decision", "linked_reading"),
    *("second_factor", "factor_use", "recovery_code", "factor_rule"),
    *("passkey", "passkey_use", "passkey_challenge"),
    *("session_use", "refresh_token", "known_browser", "release", "role_request"),
    *("person_opening", "reporter_tie", "person_token", "sealed_words"),
    *("emergency", "emergency_reading", "emergency_try"),
    *("account_request", "first_token", "history_era", "handler_wanted"),
    "namesake",
]
TABLES = sorted(set(metadata.tables) - OPEN)
READABLE = sorted(set(TABLES) - set(CLOSED) - {"reporter_identity", "person_key"})
HISTORY = ["audit_event", "transition", "signature", "posting", "journal_entry", "outcome"]


def _app(office: Office) -> psycopg.Connection[DictRow]:
    """Whoever has the application's password, without the application."""
    url = office.engine.url.set(drivername="postgresql")
    text = url.render_as_string(hide_password=False)
    return psycopg.connect(text, autocommit=True, row_factory=psycopg.rows.dict_row)


def _quoted(table: str) -> str:
    return f'"{table}"'


@pytest.fixture
def stranger(office: Office) -> Iterator[psycopg.Connection[DictRow]]:
    with _app(office) as connection:
        yield connection


def test_the_password_alone_reads_no_row(
    stranger: psycopg.Connection[DictRow], world: World, owner: psycopg.Connection[DictRow]
) -> None:
    held = {
        table: owner.execute(f"SELECT count(*) AS n FROM {_quoted(table)}".encode()).fetchone()
        for table in ("account", "unit", "role_held", "audit_event")
    }
    assert all(row and row["n"] > 0 for row in held.values())
    for table in READABLE:
        found = stranger.execute(f"SELECT 1 FROM {_quoted(table)} LIMIT 1".encode()).fetchall()
        assert found == [], table


def test_a_forged_context_reads_no_row(stranger: psycopg.Connection[DictRow], world: World) -> None:
    """An account's number, its login, the hash of its session: none of them is the secret."""
    forged = [
        str(world.chief.account_id),
        world.chief.login,
        "",
        "x" * 10_000,
        "'; DROP TABLE account; --",
    ]
    for context in forged:
        stranger.execute("SELECT set_config('plumbline.session', %s, false)", [context])
        found = stranger.execute("SELECT guard.actor() AS me").fetchone()
        assert found == {"me": None}
        assert stranger.execute("SELECT 1 FROM unit").fetchall() == []
        assert stranger.execute("SELECT guard.enter(%s, '', '') AS me", [context]).fetchone() == {
            "me": None
        }


@pytest.mark.parametrize("table", CLOSED)
def test_credentials_and_sessions_are_closed_even_to_the_chief(
    office: Office, world: World, table: str
) -> None:
    for who in (world.chief, world.operator):
        for statement in (
            f"SELECT * FROM {table}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with _app(office) as connection:
                connection.execute("SELECT guard.enter(%s, '', '')", [who.session])
                with pytest.raises(pg.InsufficientPrivilege):
                    connection.execute(statement.encode())


@pytest.mark.parametrize("table", HISTORY)
def test_history_is_neither_changed_nor_deleted(office: Office, world: World, table: str) -> None:
    columns = [column.name for column in sa.inspect(metadata.tables[table]).columns]
    for statement in (
        f"UPDATE {table} SET {columns[0]} = {columns[0]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with _app(office) as connection:
            connection.execute("SELECT guard.enter(%s, '', '')", [world.chief.session])
            with pytest.raises(pg.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_every_table_forces_row_security(owner: psycopg.Connection[DictRow]) -> None:
    found = owner.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        "   AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    ).fetchall()
    assert {row["relname"] for row in found} - _jobs(owner) == OPEN


def _jobs(owner: psycopg.Connection[DictRow]) -> set[str]:
    """Tables of the job queue: their arguments are ids, and they are closed to the application
    beyond its functions."""
    found = owner.execute(
        "SELECT relname FROM pg_class WHERE relname LIKE 'procrastinate%'"
    ).fetchall()
    return {row["relname"] for row in found}


def test_no_partition_can_be_read_around_its_parent(owner: psycopg.Connection[DictRow]) -> None:
    found = owner.execute(
        "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'"
        " AND has_table_privilege('plumbline_app', oid, 'SELECT, INSERT, UPDATE, DELETE')"
    ).fetchall()
    assert found == []


def test_the_application_owns_nothing_and_bypasses_nothing(
    owner: psycopg.Connection[DictRow],
) -> None:
    role = owner.execute(
        "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
        "  FROM pg_roles WHERE rolname = 'plumbline_app'"
    ).fetchone()
    assert role is not None
    assert not any(role.values())
    owned = owner.execute(
        "SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = 'plumbline_app'"
    ).fetchall()
    assert owned == []
    guard = owner.execute(
        "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'plumbline_guard'"
    ).fetchone()
    assert guard == {"rolcanlogin": False}


def test_guard_functions_fix_their_search_path(owner: psycopg.Connection[DictRow]) -> None:
    """Else a temporary table of the caller's could stand in for ours."""
    found = owner.execute(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'guard' AND p.prosecdef"
        "   AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) AS set"
        "                    WHERE set LIKE 'search_path=%, pg_temp')"
    ).fetchall()
    assert found == []


def test_nobody_may_call_the_guard_but_the_application(
    owner: psycopg.Connection[DictRow],
) -> None:
    found = owner.execute(
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'guard' AND has_function_privilege('public', p.oid, 'EXECUTE')"
    ).fetchall()
    assert found == []


# A bound of a month, for which a day more or less is nothing.
MONTH = "ck_emergency_reviewed_soon"


def test_nothing_in_the_database_goes_by_utcs_day(owner: psycopg.Connection[DictRow]) -> None:
    found = owner.execute(
        "SELECT said.name FROM ("
        "  SELECT p.oid::regprocedure::text AS name,"
        "         concat(p.prosrc, pg_get_function_sqlbody(p.oid)) AS text FROM pg_proc p"
        "   WHERE p.pronamespace IN ('guard'::regnamespace, 'public'::regnamespace)"
        "  UNION ALL SELECT policyname, concat(qual, with_check) FROM pg_policies"
        "  UNION ALL SELECT viewname, definition FROM pg_views"
        "   WHERE schemaname IN ('guard', 'public')"
        "  UNION ALL SELECT adrelid::regclass::text, pg_get_expr(adbin, adrelid) FROM pg_attrdef"
        "  UNION ALL SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        "  UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger) AS said"
        " WHERE said.text ~* %s",
        [UTC_DAY],
    ).fetchall()
    assert [row["name"] for row in found] == [MONTH]


def test_the_offices_day_is_folded_into_what_asks_for_it(
    stranger: psycopg.Connection[DictRow],
) -> None:
    """Else a policy would call a function for each of a million rows."""
    rows = stranger.execute(
        "EXPLAIN (VERBOSE) SELECT 1 FROM role_held WHERE ends_on > guard.today()"
    ).fetchall()
    plan = "\n".join(row["QUERY PLAN"] for row in rows)
    assert "AT TIME ZONE 'Asia/Shanghai'" in plan
    assert "guard.today" not in plan


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
def test_who_runs_it_reads_no_person(world: World, role: Role) -> None:
    with world.open("test", world.investigator) as tx:
        tx.value(
            "INSERT INTO person (id, name) VALUES (gen_random_uuid(), %(name)s) RETURNING true",
            {"name": "张三"},
        )
    with world.open("test", world.investigator) as tx:
        assert tx.value("SELECT count(*) FROM person") == 1
    with world.open("test", world.holder(role)) as tx:
        assert tx.value("SELECT count(*) FROM person") == 0
