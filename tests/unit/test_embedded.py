import os
import string
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy

from app.core.embedded import Cluster, EmbeddedError, errors, running
from app.core.i18n import CHINESE, translate, translations
from tests.unit.embedded_process import FAST, Child, is_up, postmaster_pid, stop, value

MESSAGES = {
    name: text
    for name, text in vars(errors).items()
    if name.isupper() and not name.startswith("_") and isinstance(text, str)
}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("cluster") / "data", settings=FAST) as cluster:
        with psycopg.connect(cluster.conninfo("admin", "postgres")) as connection:
            connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'known'")
        yield cluster


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    stop(tmp_path / "data")


def as_stranger(cluster: Cluster, database: str) -> str:
    own = cluster.conninfo("app", database)
    return own.replace(f"plumbline_app:{cluster.passwords['plumbline_app']}", "stranger:known")


def test_each_url_connects_as_its_role(cluster: Cluster) -> None:
    for url, role in (
        (cluster.app_url, "plumbline_app"),
        (cluster.owner_url, "plumbline_owner"),
        (cluster.admin_url, "plumbline_admin"),
    ):
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            found = connection.execute(sqlalchemy.text("SELECT current_user, current_database()"))
            assert tuple(found.one()) == (role, "plumbline")
        engine.dispose()


def test_roles_have_no_more_than_they_need(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo("admin", "plumbline")) as connection:
        found = connection.execute(
            "SELECT rolname, rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb OR"
            " rolbypassrls OR rolreplication FROM pg_roles"
            " WHERE rolname LIKE 'plumbline%' AND rolname <> 'plumbline_admin' ORDER BY 1"
        ).fetchall()
        granted = connection.execute(
            "SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members"
            " WHERE member::regrole::text LIKE 'plumbline%'"
        ).fetchall()
        owner = connection.execute(
            "SELECT datdba::regrole::text FROM pg_database WHERE datname = 'plumbline'"
        ).fetchone()
    assert found == [
        ("plumbline_app", True, False),
        ("plumbline_guard", False, False),
        ("plumbline_owner", True, False),
    ]
    assert granted == [("plumbline_guard", "plumbline_owner")]
    assert owner == ("plumbline_owner",)


def test_the_owner_can_give_functions_to_the_guard(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo("owner", "plumbline")) as connection:
        connection.execute("CREATE SCHEMA guarded AUTHORIZATION plumbline_guard")
        connection.execute("CREATE FUNCTION guarded.one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        connection.execute("ALTER FUNCTION guarded.one() OWNER TO plumbline_guard")
        connection.execute("SET ROLE plumbline_guard")
        assert connection.execute("SELECT guarded.one()").fetchone() == (1,)
        connection.rollback()


@pytest.mark.parametrize("database", ["plumbline", "postgres", "template1"])
def test_a_role_without_a_grant_connects_nowhere(cluster: Cluster, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(as_stranger(cluster, database))


def test_a_wrong_password_opens_nothing(cluster: Cluster) -> None:
    right = cluster.passwords["plumbline_app"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.conninfo("app", "plumbline").replace(right, "wrong"))


def test_the_only_way_in_is_the_socket_with_a_password(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo("admin", "plumbline")) as connection:
        rules = connection.execute(
            "SELECT type, database, user_name, auth_method, error FROM pg_hba_file_rules"
        ).fetchall()
        addresses = connection.execute("SHOW listen_addresses").fetchone()
    assert rules == [("local", ["all"], ["all"], "scram-sha-256", None)]
    assert addresses == ("",)


def test_the_server_sorts_alike_everywhere_and_keeps_checksums(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo("admin", "plumbline")) as connection:
        locale = connection.execute(
            "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = 'plumbline'"
        ).fetchone()
    assert locale == ("b", "C.UTF-8", "UTF8")
    assert value(cluster, "app", "SHOW data_checksums") == "on"
    assert value(cluster, "app", "SHOW timezone") == "UTC"
    assert value(cluster, "app", "SHOW jit") == "off"
    assert value(cluster, "app", "SHOW idle_in_transaction_session_timeout") == "1min"
    assert value(cluster, "app", "SHOW fsync") == "off"  # as this test asked


def test_a_database_from_a_template_is_closed_to_others_too(cluster: Cluster) -> None:
    cluster.create_database("pattern")
    with psycopg.connect(cluster.conninfo("owner", "pattern")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        connection.execute("GRANT SELECT ON kept TO plumbline_app")
    cluster.create_database("copy-1", template="pattern")
    assert value(cluster, "app", "SELECT number FROM kept", "copy-1") == 7
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(as_stranger(cluster, "copy-1"))
    with psycopg.connect(cluster.conninfo("app", "copy-1")):
        cluster.drop_database("copy-1")  # somebody connected or not
    cluster.drop_database("copy-1")  # there or not
    cluster.drop_database("pattern")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(cluster.conninfo("app", "copy-1"))


def test_the_log_and_the_cluster_hold_no_content_and_no_password(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo("owner", "plumbline")) as connection:
        connection.execute("CREATE TEMP TABLE person (name text UNIQUE)")
        connection.execute("INSERT INTO person VALUES ('张三')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('张三')")
    log = cluster.log.read_text()
    assert "duplicate key" in log
    assert "张三" not in log
    for password in cluster.passwords.values():
        assert password not in log
        assert password not in repr(cluster)


def test_the_database_keeps_its_data_and_starts_again_quickly(folder: Path) -> None:
    with running(folder, settings=FAST) as first:
        assert first.started_here
        with psycopg.connect(first.conninfo("owner", "plumbline")) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    assert not is_up(folder)
    began = time.monotonic()
    with running(folder, settings=FAST) as second:
        assert time.monotonic() - began < 5
        assert second.started_here
        assert value(second, "owner", "SELECT number FROM kept") == 1
        assert second.passwords == first.passwords
    assert sorted(path.name for path in folder.iterdir()) == [
        ".plumbline",
        *("lock", "log", "pgdata", "secrets"),
    ]


def test_a_second_user_shares_and_does_not_stop_it(folder: Path) -> None:
    with running(folder, settings=FAST) as first:
        pid = postmaster_pid(folder)
        with running(folder) as second:
            assert not second.started_here
            assert second.app_url == first.app_url
        assert postmaster_pid(folder) == pid
        assert value(first, "app", "SELECT 1") == 1
    assert not is_up(folder)


def test_a_starter_leaves_it_to_those_who_still_use_it(folder: Path) -> None:
    with running(folder, settings=FAST):
        pid = postmaster_pid(folder)
        child = Child(folder)
        assert child.line() == "False"
    assert postmaster_pid(folder) == pid
    assert child.end() == 0
    assert not is_up(folder)


def test_a_fork_of_the_starter_does_not_stop_it(folder: Path) -> None:
    child = 0
    try:
        with running(folder, settings=FAST) as cluster:
            child = os.fork()
            if child:
                os.waitpid(child, 0)
                assert value(cluster, "app", "SELECT 1") == 1
    finally:
        if child == 0:
            os._exit(0)
    assert not is_up(folder)


def test_a_setting_that_postgres_refuses_is_told_in_one_line(folder: Path) -> None:
    with running(folder, settings=FAST):
        pass
    with (
        pytest.raises(EmbeddedError, match="max_connections") as caught,
        running(folder, settings={"max_connections": "many"}),
    ):
        pass
    assert caught.value.message == errors.START_FAILED
    assert "\n" not in str(caught.value)
    with running(folder, settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_each_message_has_its_chinese_with_the_same_values(name: str) -> None:
    message = MESSAGES[name]
    chinese = translations(CHINESE).gettext(message)
    assert chinese != message
    assert fields(chinese) == fields(message)
    error = EmbeddedError(message, **dict.fromkeys(fields(message), "x"))
    assert "\n" not in str(error)
    assert translate(CHINESE, error.message, error.values) != str(error)
