"""No other local user reaches the database, and nothing that isn't ours changes."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest

from app.core.embedded import EmbeddedError, errors, programs, running, service_user, sockets
from app.core.embedded.service_user import ServiceUser
from tests.unit.embedded_process import FAST, REPOSITORY, as_user, postmaster_pid, stop, value

as_root_only = pytest.mark.needs_root


@pytest.fixture
def entered_by_all() -> Iterator[Path]:
    """A folder that every user can enter, unlike those of the test runner."""
    place = Path(tempfile.mkdtemp(prefix="plumbline-test-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    stop(place / "data")
    shutil.rmtree(place)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home folder that only its owner can enter."""
    home = tmp_path / "home"
    home.mkdir(0o700)
    yield home
    stop(home / "data")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_within_the_data_folder_is_private(entered_by_all: Path) -> None:
    folder = entered_by_all / "data"
    with running(folder, settings=FAST):
        assert mode(folder) == 0o711
        for path in folder.iterdir():
            assert mode(path) == (0o700 if path.is_dir() else 0o600), path
        assert {mode(path) for path in (folder / "secrets").iterdir()} == {0o600}
        assert mode(folder / "socket" / ".s.PGSQL.5432") == 0o700


@as_root_only
def test_another_user_reaches_neither_data_nor_passwords_nor_server(entered_by_all: Path) -> None:
    folder = entered_by_all / "data"
    with running(folder, settings=FAST) as cluster:
        found = service_user.choose_user(None)
        assert found.name == "plumbline"
        url = cluster.conninfo("app", "plumbline")

        def tries() -> Iterator[Callable[[], object]]:
            yield lambda: list(folder.iterdir())
            for place in ("pgdata", "secrets", "socket", "log", "lock"):
                yield partial(os.scandir, folder / place)
            yield (folder / "secrets" / "plumbline_admin").read_text
            yield (folder / "pgdata" / "postmaster.pid").read_text
            yield (folder / "pgdata" / "base" / "1" / "1259").read_bytes
            yield lambda: (folder / "pgdata" / "pg_hba.conf").write_text("local all all trust")
            yield cluster.log.read_text
            yield lambda: psycopg.connect(url)  # even with the right password
            yield lambda: os.kill(postmaster_pid(folder), 0)

        def try_all() -> str:
            answers = []
            for attempt in tries():
                try:
                    answers.append(f"reached: {attempt()!r}")
                except (PermissionError, psycopg.OperationalError) as error:
                    answers.append("refused" if "ermission denied" in str(error) else str(error))
            return ",".join(answers)

        assert as_user("nobody", try_all).split(",") == ["refused"] * 13
        assert value(cluster, "app", "SELECT 1") == 1


@as_root_only
def test_the_server_runs_with_nobody_elses_rights(home: Path) -> None:
    with running(home / "data", settings=FAST):
        status = Path("/proc", str(postmaster_pid(home / "data")), "status").read_text()
        environment = Path("/proc", str(postmaster_pid(home / "data")), "environ").read_bytes()
    lines = dict(line.split(":", 1) for line in status.splitlines())
    user = service_user.choose_user(None)
    assert lines["Uid"].split() == [str(user.uid)] * 4
    assert lines["Gid"].split() == [str(user.gid)] * 4
    assert lines["Groups"].split() == []
    assert int(lines["CapEff"], 16) == 0
    names = {entry.split(b"=")[0] for entry in environment.split(b"\0") if entry}
    assert names <= {b"PATH", b"LC_ALL", b"TZ"} | {name for name in names if name[:2] == b"PG"}


def test_it_runs_below_a_home_that_stays_closed(home: Path) -> None:
    before = home.stat()
    with running(home / "data", settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1
        cluster.create_database("another")
    after = home.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        *(before.st_mode, before.st_uid, before.st_gid),
    )


@as_root_only
@pytest.mark.parametrize("closed_data", [False, True])
def test_programs_in_a_root_only_home_are_copied_to_where_they_run(
    home: Path, entered_by_all: Path, closed_data: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = home / "site-packages"
    for name in (programs.PACKAGE, f"{programs.PACKAGE}.libs"):
        shutil.copytree(programs.installed() / name, checkout / name)
    for path in checkout.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)  # installed under a strict umask
    service_home = entered_by_all / "service"
    monkeypatch.setattr(programs, "installed", lambda: checkout)
    monkeypatch.setattr(programs, "SERVICE_HOME", service_home)
    folder = home / "data" if closed_data else entered_by_all / "data"
    place = service_home if closed_data else folder
    with running(folder, settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1
        assert cluster.bin_folder.is_relative_to(place / "programs")
    copies = list((place / "programs").iterdir())
    assert len(copies) == 1
    with running(folder, settings=FAST) as cluster:
        assert cluster.bin_folder.is_relative_to(copies[0])
    assert list((place / "programs").iterdir()) == copies
    assert mode(home) == 0o700


@as_root_only
def test_programs_that_run_nowhere_are_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = home / "site-packages"
    (broken / programs.PACKAGE / "pginstall" / "bin").mkdir(parents=True)
    (broken / programs.PACKAGE / "pginstall" / "bin" / "postgres").touch()
    monkeypatch.setattr(programs, "installed", lambda: broken)
    monkeypatch.setattr(programs, "SERVICE_HOME", home / "service")
    with pytest.raises(EmbeddedError) as caught, running(home / "data", settings=FAST):
        pass
    assert caught.value.message == errors.NOT_RUNNABLE


def test_a_long_path_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 20) / "数据, and more"
    with running(folder, settings=FAST) as cluster:
        place = cluster.socket_dir
        assert value(cluster, "app", "SELECT 1") == 1
        assert not place.is_relative_to(folder)
        assert len(str(place)) < 60
        assert mode(place) == 0o700
        assert place.stat().st_uid == service_user.choose_user(None).uid
        with running(folder) as second:
            assert second.socket_dir == place
    assert not place.exists()


def test_the_socket_folder_of_a_killed_server_is_removed_later(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    with running(folder, settings=FAST) as cluster:
        place = cluster.socket_dir
        os.kill(postmaster_pid(folder), 9)
        with running(folder, settings=FAST) as second:
            assert second.socket_dir != place
            assert not place.exists()


def test_a_folder_that_is_not_ours_is_never_removed(tmp_path: Path) -> None:
    us = ServiceUser("us", os.geteuid(), os.getegid())
    other = ServiceUser("other", 54321, 54321)
    kept = tmp_path / "plumbline-kept"
    kept.mkdir()
    link = tmp_path / "plumbline-link"
    link.symlink_to(kept)
    named_otherwise = tmp_path / "photos"
    named_otherwise.mkdir()
    sockets.remove_socket_folder(tmp_path, other, kept)
    sockets.remove_socket_folder(tmp_path, us, link)
    sockets.remove_socket_folder(tmp_path, us, named_otherwise)
    assert kept.is_dir()
    assert named_otherwise.is_dir()


@as_root_only
def test_without_a_service_user_it_runs_as_nobody_and_says_why(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(service_user, "NAME", "plumbline-none")
    monkeypatch.setattr(service_user, "_SYSTEM_PATH", str(home))
    with running(home / "data", settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1
        assert (home / "data" / "pgdata").owner() == "nobody"
    assert "couldn't be made" in caplog.text
    monkeypatch.undo()
    with running(home / "data", settings=FAST) as cluster:  # the data's user stays the same
        assert value(cluster, "app", "SELECT 1") == 1
        assert (home / "data" / "pgdata").owner() == "nobody"


@as_root_only
@pytest.mark.parametrize("right", ["chown", "dac_override", "kill", "setgid", "setuid"])
def test_root_without_roots_rights_is_told(home: Path, right: str) -> None:
    begin = f"""
from pathlib import Path
from app.core.embedded import running
with running(Path({str(home / "data")!r})):
    pass
"""
    done = subprocess.run(
        [
            "setpriv",
            f"--bounding-set=-{right}",
            f"--inh-caps=-{right}",
            sys.executable,
            "-c",
            begin,
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip().endswith(f"EmbeddedError: {errors.NO_SERVICE_USER}")
    assert not (home / "data" / "pgdata").exists()


@as_root_only
def test_a_container_that_hides_processes_from_root_still_finds_its_server(home: Path) -> None:
    with running(home / "data", settings=FAST):
        found = f"""
from pathlib import Path
from app.core.embedded.server import Server
from app.core.embedded.service_user import choose_user
here = Server(Path({str(home / "data")!r}), choose_user(None), Path())
print(here._is_ours({postmaster_pid(home / "data")}), here._is_ours({os.getpid()}))
"""
        command = ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"]
        done = subprocess.run(
            [*command, sys.executable, "-c", found],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout.split() == ["True", "False"]


@as_root_only
def test_data_of_a_user_that_is_no_service_user_is_refused(home: Path) -> None:
    with running(home / "data", settings=FAST):
        pass
    os.chown(home / "data" / "pgdata", 54321, 54321)
    with pytest.raises(EmbeddedError) as caught, running(home / "data", settings=FAST):
        pass
    assert caught.value.message == errors.OWNED_BY_ANOTHER
    assert caught.value.values["owner"] == "54321"
