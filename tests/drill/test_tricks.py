"""Straight at the database as the application's role: what a query gives away beside its rows."""

from functools import partial
from typing import Any

import psycopg
import pytest
from psycopg import errors as pg

from tests.builders import World
from tests.drill.stage import Db, Stage, enter, stage

Connection = psycopg.Connection[Any]


@pytest.fixture
def here(world: World, owner: Db) -> Stage:
    return stage(world, owner)


WHO = ("nobody", "walled chief", "lead_manager elsewhere", "emergency reader")


BECOMES = (
    *("SET ROLE plumbline_owner", "SET ROLE plumbline_guard", "SET ROLE plumbline_admin"),
    *("SET SESSION AUTHORIZATION plumbline_owner", "SET SESSION AUTHORIZATION plumbline_guard"),
    "SET SESSION AUTHORIZATION plumbline_admin",
    "SET row_security = off; SELECT * FROM matter",
    "ALTER ROLE plumbline_app BYPASSRLS",
    "GRANT plumbline_guard TO plumbline_app",
    "ALTER TABLE matter DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE matter NO FORCE ROW LEVEL SECURITY",
    "CREATE POLICY all_ ON matter USING (true)",
    "DROP POLICY walls ON matter",
    "SET session_replication_role = replica",
    "SET track_functions = 'all'",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SET log_statement = 'all'",
)
MAKES = (
    "CREATE TABLE public.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION guard.mine2() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE VIEW guard.mine AS SELECT 1",
    "CREATE EXTENSION pgcrypto",
    "CREATE TRIGGER mine AFTER INSERT ON matter EXECUTE FUNCTION jobs.retry_stalled()",
    "CREATE RULE mine AS ON SELECT TO matter DO INSTEAD NOTHING",
    "CREATE INDEX mine ON matter (number)",
    "CREATE STATISTICS mine ON kind, state FROM matter",
    "CREATE PUBLICATION mine FOR TABLE matter",
    "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION guard.record()",
    "ALTER FUNCTION guard.scope() OWNER TO plumbline_app",
    "COMMENT ON TABLE matter IS 'mine'",
    "ANALYZE (VERBOSE) guard.pepper; SELECT 1/0",
    "CREATE TEMPORARY TABLE child () INHERITS (matter)",
    "CREATE TEMPORARY TABLE child (id uuid REFERENCES matter)",
    "CREATE SUBSCRIPTION mine CONNECTION '' PUBLICATION x",
    "CREATE SERVER mine FOREIGN DATA WRAPPER x",
    "LOCK TABLE guard.pepper",
    "LOCK TABLE matter IN ACCESS EXCLUSIVE MODE",
)
READS = (
    "COPY matter TO STDOUT",
    "COPY guard.pepper TO STDOUT",
    "COPY session TO STDOUT",
    "COPY matter (id) FROM STDIN",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/drill'",
    "TABLE guard.pepper",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_statistic_ext_data",
    "SELECT * FROM pg_largeobject",
    "SELECT * FROM pg_stat_statements",
    "SELECT * FROM pg_file_settings",
    "SELECT * FROM audit_event_default",
    "SELECT nextval('audit_event_seq')",
    "SELECT currval('audit_event_seq')",
    "SELECT last_value FROM audit_event_seq",
    "SELECT * FROM number_series",
    "SELECT guard.sealed('{}')",
    "SELECT * FROM guard.control_totals()",
    "SELECT * FROM pg_get_wal_records_info('0/0', '0/1')",
    "SELECT pg_logical_emit_message(true, 'x', 'x'), pg_create_logical_replication_slot('x', 'y')",
)


def test_nobody_becomes_another_or_leaves_something_behind(here: Stage) -> None:
    done = []
    for name in WHO:
        with here.connected(name) as connection:
            for statement in (*BECOMES, *MAKES):
                try:
                    with connection.transaction():
                        connection.execute(statement.encode())
                        done.append((name, statement))
                except psycopg.Error:
                    continue
    assert done == []


def test_nothing_is_read_past_the_policies(here: Stage) -> None:
    """COPY obeys them too where it isn't refused."""
    came, refused = {}, []
    for name in WHO:
        with here.connected(name) as connection:
            for statement in READS:
                try:
                    with connection.transaction():
                        came[name, statement] = _read(connection, statement)
                except psycopg.Error as error:
                    refused.append(str(error))
    assert {statement for _, statement in came} == {"COPY matter TO STDOUT"}
    assert not any(told in each for told in here.hidden.told for each in (*came.values(), *refused))


def _read(connection: Connection, statement: str) -> str:
    with connection.cursor() as cursor:
        if not statement.endswith("TO STDOUT"):
            return str(cursor.execute(statement.encode()).fetchall())
        with cursor.copy(statement.encode()) as copy:
            return b"".join(bytes(block) for block in copy).decode()


TALKS = """
CREATE FUNCTION pg_temp.say(whatever text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN RAISE NOTICE 'seen: %', whatever; RETURN true; END $$
"""
VIEWS = (
    *("guard.counted_lead", "guard.counted_outcome", "guard.counted_posting"),
    *("guard.masked_person", "guard.masked_money_return", "guard.counted_replacement"),
)


def _heard(said: list[str], notice: psycopg.errors.Diagnostic) -> None:
    said.append(notice.message_primary or "")


@pytest.mark.parametrize(
    "condition", ["pg_temp.say(r::text)", "r::text::int = 1", "1 / length(left(r::text, 0)) = 1"]
)
def test_a_condition_of_ones_own_never_sees_a_row_before_the_policy_does(
    here: Stage, condition: str
) -> None:
    """A function that talks, a cast that quotes what it can't read, a division by what is there."""
    for name in ("nobody", "walled chief", "lead_manager elsewhere", "administrator"):
        said: list[str] = []
        with here.connected(name) as connection:
            connection.add_notice_handler(partial(_heard, said))
            connection.execute(TALKS)
            for place in (*here.hidden.rows, *VIEWS):
                try:
                    with connection.transaction():
                        connection.execute(f"SELECT 1 FROM {place} r WHERE {condition}".encode())
                except psycopg.Error as error:
                    said.append(str(error))
        assert said
        assert not any(told in each for told in here.hidden.told for each in said)


def test_what_postgresql_says_of_itself_holds_no_value_of_it(
    here: Stage, owner: Db, world: World
) -> None:
    owner.execute("ANALYZE")
    for name in WHO:
        with here.connected(name) as connection:
            _statistics(connection, here)
            _plans(connection, here)
            _others(connection, here, world)
            _system_columns(connection, here, owner)


def _statistics(intruder: Connection, here: Stage) -> None:
    for view in ("pg_stats", "pg_stats_ext", "pg_stats_ext_exprs", "pg_stat_user_functions"):
        rows = str(intruder.execute(f"SELECT * FROM {view}".encode()).fetchall())
        assert not any(told in rows for told in here.hidden.told), view
    ours = "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname IN ('public', 'guard')"
    shown = {row[0] for row in intruder.execute(ours.encode()).fetchall()}
    assert shown <= {"installation", "alembic_version"}


def _plans(intruder: Connection, here: Stage) -> None:
    """How many rows a filter took away is PostgreSQL's to say; what stood in them it doesn't."""
    for statement in (
        "SELECT * FROM matter",
        "SELECT * FROM guard.counted_lead",
        "SELECT * FROM note n JOIN matter m ON m.id = n.matter_id",
    ):
        explain = f"EXPLAIN (ANALYZE, VERBOSE) {statement}"
        plan = str(intruder.execute(explain.encode()).fetchall())
        assert not any(told in plan for told in here.hidden.told)


def _others(intruder: Connection, here: Stage, world: World) -> None:
    """Everybody is one role to PostgreSQL, so texts are seen: values go beside them."""
    others = "SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with world.open("drill", world.deputy) as tx:
        for told in here.hidden.told[-6:]:
            tx.rows("SELECT 1 FROM matter WHERE number = %(it)s", {"it": told})
            seen = str(intruder.execute(others.encode()).fetchall())
            assert "FROM matter" in seen
            assert told not in seen
            assert world.deputy.session not in seen
            intruder.execute("SELECT pg_stat_clear_snapshot()")
        locks = str(intruder.execute("SELECT * FROM pg_locks").fetchall())
        assert not any(told in locks for told in here.hidden.told)


def _system_columns(intruder: Connection, here: Stage, owner: Db) -> None:
    """Nor do cursors and merges find it."""
    lead = here.hidden.ids["lead"]
    at = owner.execute("SELECT ctid::text, xmin::text FROM matter WHERE id = %s", [lead]).fetchone()
    assert at is not None
    for condition, given in (("ctid = %s::tid", at["ctid"]), ("xmin = %s::xid", at["xmin"])):
        query = f"SELECT ctid, xmin, tableoid, id FROM matter WHERE {condition} AND id = %s"
        assert intruder.execute(query.encode(), [given, lead]).fetchall() == []
    held = f"DECLARE c CURSOR WITH HOLD FOR SELECT id FROM note WHERE matter_id = '{lead}'"
    intruder.execute(held.encode())
    assert intruder.execute("FETCH ALL FROM c").fetchall() == []
    with pytest.raises((pg.InsufficientPrivilege, pg.ReadOnlySqlTransaction)):
        intruder.execute(
            "MERGE INTO lead USING (SELECT %s::uuid AS id) x ON lead.id = x.id"
            " WHEN MATCHED THEN UPDATE SET what = 'mine'"
            " WHEN NOT MATCHED THEN INSERT (id, received_on, what) VALUES (x.id, now(), 'mine')",
            [lead],
        )


SHADOWS = """
CREATE TEMPORARY TABLE session AS SELECT gen_random_uuid() AS id;
CREATE TEMPORARY TABLE pepper (secret bytea); INSERT INTO pepper VALUES ('x');
CREATE TEMPORARY TABLE wall (matter_id uuid); CREATE TEMPORARY TABLE role_held (role text);
CREATE TEMPORARY TABLE matter (id uuid, number text);
CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT transaction_timestamp()';
CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION pg_temp.unnest(uuid[]) RETURNS SETOF uuid LANGUAGE sql AS 'SELECT NULL::uuid';
SET LOCAL search_path = pg_temp, public
"""


def test_what_stands_in_front_of_the_real_tables_changes_nothing(here: Stage) -> None:
    for name in ("nobody", "expired", "walled chief", "lead_manager elsewhere"):
        _behind_shadows(here, name)


def _behind_shadows(here: Stage, name: str) -> None:
    with here.connected(name) as connection:
        before = connection.execute("SELECT guard.actor()").fetchone()
        connection.execute(SHADOWS)
        enter(connection, here.intruders[name])
        assert connection.execute("SELECT guard.actor()").fetchone() == before
        seen = connection.execute("SELECT id FROM public.matter").fetchall()
        assert not {row[0] for row in seen} & set(here.hidden.ids.values())


HELD = "SELECT current_setting('plumbline.scope'), current_setting('plumbline.seal')"
HOLD = "SELECT set_config('plumbline.scope', %s, true), set_config('plumbline.seal', %s, true)"


def test_a_context_cannot_be_sealed_by_hand(here: Stage, world: World) -> None:
    """Not changed, and not with the seal of another transaction."""
    me = here.intruders["lead_manager elsewhere"].who
    assert me is not None
    with here.connected("lead_manager elsewhere") as connection:
        held = connection.execute(HELD).fetchone()
        assert held is not None
        scope, seal = held
        for changed in (
            scope.replace(str(me.account_id), str(world.deputy.account_id)),
            scope.replace("YC.T02", "YC"),
            scope + " ",
        ):
            assert changed != scope
            connection.execute(HOLD, [changed, seal])
            assert connection.execute("SELECT guard.actor()").fetchone() == (None,)
        connection.rollback()
        connection.execute(HOLD, [scope, seal])
        assert connection.execute("SELECT guard.actor()").fetchone() == (None,)
        assert connection.execute("SELECT 1 FROM unit").fetchall() == []


def test_a_key_that_only_reads_gives_no_context_to_who_can_write(here: Stage) -> None:
    """Entered in a savepoint and taken back: the transaction writes again, the context is gone."""
    with here.connected("nobody") as connection:
        connection.execute("SAVEPOINT here")
        connection.execute("SELECT guard.enter(%s, '', '')", [here.intruders["key"].session])
        assert connection.execute("SELECT guard.actor()").fetchone() != (None,)
        held = connection.execute(HELD).fetchone()
        assert held is not None
        connection.execute("ROLLBACK TO SAVEPOINT here")
        connection.execute(HOLD, held)
        assert connection.execute("SELECT guard.actor()").fetchone() == (None,)


def test_nothing_is_told_to_whoever_listens(owner: Db) -> None:
    """No trigger notifies, and there are no large objects."""
    notifying = (
        "SELECT tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT tgisinternal AND p.prosrc ILIKE '%notify%'"
    )
    assert owner.execute(notifying.encode()).fetchall() == []
    assert owner.execute("SELECT 1 FROM pg_largeobject_metadata").fetchall() == []


@pytest.mark.parametrize(
    "conflict", ["", "ON CONFLICT DO NOTHING", "ON CONFLICT (id) DO UPDATE SET title = 'mine'"]
)
def test_a_number_that_is_taken_is_refused_without_a_word_of_whose(
    here: Stage, conflict: str
) -> None:
    me = here.intruders["lead_manager elsewhere"].who
    assert me is not None
    row = dict(next(each for each in here.own.rows["matter"] if each["kind"] == "lead"))
    row |= {"id": here.hidden.ids["note"], "number": here.hidden.numbers[1]}
    row |= {"made_by": me.account_id, "version": 1}
    given = {key: value for key, value in row.items() if value is not None}
    insert = "INSERT INTO matter ({}) VALUES ({}) {} RETURNING title".format(
        ", ".join(given), ", ".join(f"%({each})s" for each in given), conflict
    )
    with here.connected("lead_manager elsewhere") as connection:
        try:
            found = connection.execute(insert.encode(), given).fetchall()
        except psycopg.Error as error:
            told = (error.diag.message_primary or "") + (error.diag.message_detail or "")
            assert not any(each in told for each in here.hidden.told)
        else:
            assert found == []
