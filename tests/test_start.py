"""Starting and stopping, as a person does it: processes, signals, folders and ports for real."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.commands import (
    REPOSITORY,
    Serving,
    free_port,
    postgres_of,
    printed,
    refusal,
    run,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first start leaves it."""
    folder = tmp_path_factory.mktemp("made") / "data"
    done = run("db", "upgrade", data=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    subprocess.run(["cp", "-a", str(made), str(folder)], check=True)
    yield folder
    for process in postgres_of(folder):
        os.kill(process, signal.SIGQUIT)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_serve_answers_and_stops_all_of_it_within_seconds(
    data: Path, number: signal.Signals
) -> None:
    with Serving(data) as serving:
        serving.ready()
        assert postgres_of(data)
        asked = time.monotonic()
        code, said = serving.send(number).end()
    assert code == 0
    assert time.monotonic() - asked < 10
    assert serving.address in said
    assert "Traceback" not in said
    assert postgres_of(data) == []
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{serving.address}/healthz")


def test_the_first_start_makes_everything_itself(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with Serving(folder) as serving:
        serving.ready()
    secrets = {path.name: path.stat().st_mode & 0o777 for path in (folder / "secrets").iterdir()}
    assert secrets == dict.fromkeys(
        ["keys.json", "operator", "plumbline_admin", "plumbline_app", "plumbline_owner"], 0o600
    )


def test_a_start_after_a_kill_just_works(data: Path) -> None:
    with Serving(data) as killed:
        killed.ready().send(signal.SIGKILL).end()
    assert postgres_of(data)  # left behind, with its locks
    with Serving(data) as serving:
        code, _ = serving.ready().send(signal.SIGTERM).end()
    assert code == 0
    assert postgres_of(data) == []


def test_two_first_starts_at_the_same_moment_share_one_database(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with Serving(folder) as one, Serving(folder) as other:
        one.ready()
        other.ready()
        assert one.send(signal.SIGTERM).end()[0] == 0
        other.ready()  # whoever is left keeps the database
        assert other.send(signal.SIGTERM).end()[0] == 0
    assert postgres_of(folder) == []


def test_a_command_shares_a_running_database_and_leaves_it(data: Path) -> None:
    with Serving(data) as serving:
        serving.ready()
        assert printed(run("user", "add", "li", "--name", "李", "--json", data=data))["link"]
        assert httpx.get(f"{serving.address}/readyz").status_code == 200
    assert postgres_of(data) == []


def test_a_command_starts_the_database_and_stops_it_again(data: Path) -> None:
    assert run("user", "add", "li", "--name", "李", data=data).returncode == 0
    assert postgres_of(data) == []


def test_a_link_from_the_command_line_opens_the_door(data: Path) -> None:
    with Serving(data) as serving:
        serving.ready()
        answer = printed(
            run("user", "add", "li", "--name", "李", "--address", serving.address, "--json",
                data=data)
        )  # fmt: skip
        token = answer["link"].rpartition("/")[2]
        assert answer["link"].startswith(serving.address)
        new = {"token": token, "password": "a long enough password"}
        first, again = (
            httpx.post(f"{serving.address}/api/v1/password-links/redeem", json=new)
            for _ in range(2)
        )
    assert first.status_code == 204
    assert again.status_code == 404


def test_a_taken_port_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        said = refusal(run("serve", "--port", port, data=tmp_path / "data"))
    assert port in said
    assert "PLUMBLINE_PORT" in said
    assert not (tmp_path / "data").exists()


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    assert "PLUMBLINE_DATA" in refusal(run("serve", "--port", str(free_port()), data=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    assert "PLUMBLINE_DATA" in refusal(run("db", "upgrade", data=place / "data"))


def test_other_commands_make_no_installation(tmp_path: Path) -> None:
    said = refusal(run("user", "add", "li", "--name", "李", data=tmp_path / "data"))
    assert "plumbline db upgrade" in said
    assert not (tmp_path / "data").exists()


def test_lost_keys_are_never_replaced(data: Path) -> None:
    keys = data / "secrets" / "keys.json"
    keys.unlink()
    assert str(keys) in refusal(run("serve", "--port", str(free_port()), data=data))
    assert not keys.exists()
    assert postgres_of(data) == []


def test_a_key_that_anybody_could_guess_is_refused(data: Path) -> None:
    keys = data / "secrets" / "keys.json"
    keys.write_text(keys.read_text().replace('"index": "', '"index": "AAAA'))
    # 35 bytes of a key are as good as 32; a repeated one isn't
    weak = '{"token": "t", "tokens": {"t": "%s"}, "field": "f", "fields": {}}' % ("A" * 44)
    keys.write_text(weak)
    assert "guessed" in refusal(run("serve", "--port", str(free_port()), data=data))


def test_the_schema_of_a_newer_program_is_refused(data: Path, tmp_path: Path) -> None:
    _as_owner(data, "UPDATE alembic_version SET version_num = '9999'")
    said = refusal(run("serve", "--port", str(free_port()), data=data))
    assert "9999" in said
    assert "newer" in said


def test_only_commands_that_may_upgrade_an_older_schema(data: Path) -> None:
    downgrade = (
        "import sys; from alembic.config import Config; from alembic import command;"
        "c = Config(); c.set_main_option('script_location', 'alembic');"
        "c.set_main_option('path_separator', 'os');"
        "from pathlib import Path; from app.core.embedded import running\n"
        "with running(Path(sys.argv[1])) as cluster:\n"
        "    c.attributes['url'] = cluster.owner_url; command.downgrade(c, '-1')"
    )
    subprocess.run([sys.executable, "-c", downgrade, str(data)], check=True, cwd=REPOSITORY)
    said = refusal(run("user", "add", "li", "--name", "李", data=data))
    assert "plumbline db upgrade" in said
    with Serving(data) as serving:  # it may: the database is its own
        serving.ready()


def test_a_served_database_is_not_started_with_keys_of_chance(tmp_path: Path) -> None:
    url = "postgresql://plumbline_app:x@127.0.0.1:1/plumbline"
    settings = {"PLUMBLINE_DATABASE_URL": url}
    said = refusal(run("serve", "--port", str(free_port()), data=tmp_path / "d", settings=settings))
    assert "PLUMBLINE_KEYS_FILE" in said
    assert not (tmp_path / "d" / "secrets" / "keys.json").exists()


def test_a_served_database_is_changed_by_db_upgrade_only(made: Path, tmp_path: Path) -> None:
    """The embedded server of one folder serves as another's."""
    host = tmp_path / "host"
    subprocess.run(["cp", "-a", str(made), str(host)], check=True)
    keys = tmp_path / "keys.json"
    assert run("keys", "make", str(keys)).returncode == 0
    with Serving(host) as serving:
        serving.ready()
        settings = {
            "PLUMBLINE_DATABASE_URL": _served(host, "plumbline_app"),
            "PLUMBLINE_KEYS_FILE": str(keys),
        }
        other = tmp_path / "other"
        _as_owner(host, "DROP TABLE alembic_version", running=True)
        port = str(free_port())
        said = refusal(run("serve", "--port", port, data=other, settings=settings))
        assert "plumbline db upgrade" in said
        said = refusal(run("db", "upgrade", data=other, settings=settings))
        assert "PLUMBLINE_OWNER_URL" in said


def test_no_password_stands_in_an_error(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    assert run("keys", "make", str(keys)).returncode == 0
    settings = {
        "PLUMBLINE_DATABASE_URL": "postgresql://plumbline_app:hush-hush@127.0.0.1:1/plumbline",
        "PLUMBLINE_KEYS_FILE": str(keys),
    }
    said = refusal(run("user", "link", "li", data=tmp_path / "d", settings=settings))
    assert "127.0.0.1" in said
    assert "hush" not in said
    settings["PLUMBLINE_DATABASE_URL"] = "mysql://plumbline_app:hush-hush@127.0.0.1:1/plumbline"
    said = refusal(run("user", "link", "li", data=tmp_path / "d", settings=settings))
    assert "PLUMBLINE_DATABASE_URL" in said
    assert "hush" not in said


def _served(data: Path, role: str) -> str:
    password = (data / "secrets" / role).read_text().strip()
    return f"postgresql://{role}:{password}@/plumbline?host={data / 'socket'}&port=5432"


def _as_owner(data: Path, statement: str, *, running: bool = False) -> None:
    code = (
        "import sys, psycopg; from pathlib import Path; from app.core.embedded import running\n"
        "with running(Path(sys.argv[1])) as cluster:\n"
        "    with psycopg.connect(cluster.conninfo('owner', 'plumbline')) as c:\n"
        "        c.execute(sys.argv[2])"
    )
    assert bool(postgres_of(data)) is running
    subprocess.run([sys.executable, "-c", code, str(data), statement], check=True, cwd=REPOSITORY)
