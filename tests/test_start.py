"""Starting and stopping, as a person does it: processes, signals, folders and ports for real."""

import json
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
    assert f"http://localhost:{serving.port}" in said  # browsers keep passkeys for a name only
    assert f"http://localhost:{serving.port}/first-start/" in said  # nobody administers it yet
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


def test_a_database_that_ends_by_itself_ends_what_serves_it_and_says_so(data: Path) -> None:
    """Nobody waits for answers that can't come; the next start is an ordinary one."""
    with Serving(data) as serving:
        serving.ready()
        postmaster = int((data / "pgdata" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        code, said = serving.end()
    assert code == 1
    last = said.strip().splitlines()[-1]
    assert "ended by itself" in last
    assert str(data / "log" / "postgresql.log") in last
    assert "Traceback" not in said
    with Serving(data) as serving:
        serving.ready()


def test_all_killed_at_once_leaves_a_place_to_start_in(data: Path) -> None:
    with Serving(data) as serving:
        serving.ready()
        for process in postgres_of(data):
            os.kill(process, signal.SIGKILL)
        serving.send(signal.SIGKILL).end()
    with Serving(data) as serving:
        code, said = serving.ready().send(signal.SIGINT).end()
    assert code == 0
    assert "Traceback" not in said
    assert postgres_of(data) == []


def test_logs_are_lines_of_json_that_hold_no_content(data: Path) -> None:
    with Serving(data) as serving:
        serving.ready()
        password = (data / "secrets" / "operator").read_text().strip()
        who = {"login": "operator", "password": password}
        assert httpx.post(f"{serving.address}/api/v1/sessions", json=who).status_code == 201
        httpx.post(f"{serving.address}/api/v1/sessions", content=b"{broken")
        httpx.get(f"{serving.address}/people?name=梁启元")
        _, said = serving.send(signal.SIGTERM).end()
    assert password not in said
    assert "梁启元" not in said
    told = ("Plumbline is", "There is no administrator")
    lines = [json.loads(line) for line in said.splitlines() if not line.startswith(told)]
    requests = [line for line in lines if line["event"] == "request"]
    assert {"request_id", "route", "status", "milliseconds"} <= requests[0].keys()
    assert {line["event"] for line in lines} >= {"request", "jobs_started", "jobs_stopped"}


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


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"PLUMBLINE_HOST": "203.0.113.5"}, "no address of this machine"),
        ({"PLUMBLINE_HOST": "nobody.invalid"}, "no address of this machine"),
        ({"PLUMBLINE_PORT": "99999"}, "PLUMBLINE_PORT can't be taken: This can be at most 65535."),
        ({"PLUMBLINE_TIMEZONE": "Mars"}, "There is no such time zone."),
        ({"PLUMBLINE_LOG_LEVEL": "loud"}, "It is one of DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        ({"PLUMBLINE_ADDRESS": "plumbline.example"}, "An address looks like https://plumbline."),
        ({"PLUMBLINE_ADDRESS": "https://plumbline.example/x"}, "without a path"),
        ({"PLUMBLINE_ADDRESS": "http://plumbline.example"}, "from this machine only"),
        ({"PLUMBLINE_PROFILE": "nosuch"}, "say cn-discipline, whistleblowing"),
        ({"LC_ALL": "zh_CN.UTF-8", "PLUMBLINE_POOL_SIZE": "0"}, "设置PLUMBLINE_POOL_SIZE有误"),
    ],
    ids=lambda value: next(reversed(value.values())) if isinstance(value, dict) else "",
)
def test_a_setting_that_cannot_be_is_said_in_one_line(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    given = {"PLUMBLINE_PORT": str(free_port()), **settings}
    assert words in refusal(run("serve", data=tmp_path / "data", settings=given))


def test_a_mistyped_profile_makes_no_installation_without_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    refusal(run("db", "upgrade", data=data, settings={"PLUMBLINE_PROFILE": "nosuch"}))
    assert run("db", "upgrade", data=data).returncode == 0
    assert run("totals", data=data).returncode == 0


@pytest.mark.parametrize("password", ["plumbline", "plumbline_app", "changeme", "aaaaaaaaaaaa"])
def test_a_password_that_anybody_could_guess_is_refused(tmp_path: Path, password: str) -> None:
    keys = tmp_path / "keys.json"
    assert run("keys", "make", str(keys)).returncode == 0
    settings = {
        "PLUMBLINE_DATABASE_URL": f"postgresql://plumbline_app:{password}@127.0.0.1:1/plumbline",
        "PLUMBLINE_KEYS_FILE": str(keys),
    }
    said = refusal(run("totals", data=tmp_path / "d", settings=settings))
    assert "PLUMBLINE_DATABASE_URL" in said
    assert "can be guessed" in said
    assert f":{password}@" not in said
    file = tmp_path / "password"
    file.write_text(password)
    settings |= {
        "PLUMBLINE_DATABASE_URL": "postgresql://plumbline_app@127.0.0.1:1/plumbline",
        "PLUMBLINE_DATABASE_PASSWORD_FILE": str(file),
    }
    assert str(file) in refusal(run("totals", data=tmp_path / "d", settings=settings))


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
    url = "postgresql://plumbline_app:hush-hush-hush@127.0.0.1:1/plumbline"
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
