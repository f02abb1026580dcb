"""Jobs belong to the transaction that asks for them, and survive the worker that dies on them."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import structlog
from psycopg.rows import DictRow

from app.core import queue
from app.core.settings import Settings
from app.domain.errors import NotFound
from app.jobs import tasks, worker
from app.repositories.work import Office, Work
from app.services.housekeeping import keep_house
from app.services.instance import Instance
from tests.builders import World
from tests.conftest import Databases

Owner = psycopg.Connection[DictRow]

# A worker of its own process, whose one task never ends.
_BUSY_WORKER = """
import sys, time
from pathlib import Path
from app.core import db
from app.core.clock import Clock
from app.core.keys import Keys
from app.core.settings import Settings
from app.core.shelf import Shelf
from app.jobs import tasks, worker
from app.repositories.work import Office
from app.services.instance import Instance

def endless(tx):
    print("began", flush=True)
    time.sleep(600)

tasks.TASKS = {"endless": endless}
worker._begin = lambda instance: None
url, folder = sys.stdin.readline().strip(), Path(sys.argv[1])
settings = Settings()
office = Office(
    db.make_engine(url), Clock(settings.zone), Keys.read(folder / "keys.json"), Shelf(folder)
)
worker.run_until_stopped(Instance(office, settings, folder, None, None))
"""


@pytest.fixture
def instance(office: Office, databases: Databases, tmp_path: Path) -> Instance:
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    password = (databases.secrets / "operator").read_text(encoding="ascii")
    (secrets / "operator").write_text(password, encoding="ascii")
    keys = (databases.secrets / "keys.json").read_text(encoding="ascii")
    (tmp_path / "keys.json").write_text(keys, encoding="ascii")
    (tmp_path / "keys.json").chmod(0o600)
    return Instance(office, Settings(), tmp_path, None, None)


def jobs(owner: Owner, name: str) -> list[DictRow]:
    return owner.execute(
        "SELECT status::text, attempts, args, scheduled_at > now() AS waits"
        " FROM jobs.procrastinate_jobs WHERE task_name = %s ORDER BY id",
        [name],
    ).fetchall()


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_a_commit_leaves_one_job_with_ids_for_arguments(world: World, owner: Owner) -> None:
    matter_id = uuid4()
    with world.open("tests.defer", world.investigator) as tx:
        queue.defer(tx, "remind", matter_id=matter_id, times=2)
        assert jobs(owner, "remind") == []
    assert [(job["status"], job["args"]) for job in jobs(owner, "remind")] == [
        ("todo", {"matter_id": str(matter_id), "times": 2})
    ]


def test_a_rollback_leaves_no_job(world: World, owner: Owner) -> None:
    def deferred_and_failed() -> None:
        with world.open("tests.defer", world.investigator) as tx:
            queue.defer(tx, "remind", matter_id=uuid4())
            raise NotFound

    with pytest.raises(NotFound):
        deferred_and_failed()
    assert jobs(owner, "remind") == []


def test_nobody_is_notified(world: World, owner: Owner) -> None:
    """NOTIFY takes one lock of the whole cluster at each commit."""
    owner.execute("LISTEN procrastinate_any_queue_v1")
    with world.open("tests.defer", world.investigator) as tx:
        queue.defer(tx, "remind")
    assert list(owner.notifies(timeout=0.3)) == []
    notifying = owner.execute(
        "SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE p.prosrc ILIKE '%pg_notify%'"
    ).fetchall()
    assert notifying == []


def test_the_frozen_schema_is_the_one_that_the_library_brings() -> None:
    """When this fails, the library was renewed: write the migration that its release asks for."""
    import procrastinate

    theirs = Path(procrastinate.__file__).with_name("sql") / "schema.sql"
    ours = Path(__file__).parents[2] / "alembic" / "sql" / "0004_jobs.sql"
    tables = "-- Enums"
    assert (
        ours.read_text("utf-8").partition(tables)[2]
        == theirs.read_text("utf-8").partition(tables)[2]
    )


def test_a_worker_does_what_waits_and_keeps_house_at_its_start(
    instance: Instance, owner: Owner, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str]] = []

    def remind(tx: Work, *, matter_id: str) -> None:
        seen.append((tx.actor.name, matter_id))

    monkeypatch.setattr(tasks, "TASKS", {**tasks.TASKS, "remind": remind})
    matter_id = uuid4()
    with world.open("tests.defer", world.investigator) as tx:
        queue.defer(tx, "remind", matter_id=matter_id)
    with worker.beside(instance):
        until(lambda: bool(seen) and not jobs(owner, "remind"))
        until(lambda: not jobs(owner, tasks.HOUSEKEEPING))
    assert seen == [("操作员 Operator", str(matter_id))]
    assert _live_sessions_of_the_operator(owner) == 1  # the world's; each job ended its own


def test_what_fails_is_tried_again_later_and_logs_no_content(
    instance: Instance,
    owner: Owner,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fails(_tx: Work) -> None:
        raise ValueError("the name of somebody")

    structlog.reset_defaults()  # whatever ran in this process before
    monkeypatch.setattr(tasks, "TASKS", {**tasks.TASKS, "fails": fails})
    with world.open("tests.defer", world.investigator) as tx:
        queue.defer(tx, "fails")
    with worker.beside(instance):
        until(lambda: jobs(owner, "fails")[0]["attempts"] == 1)
    assert [(job["status"], job["waits"]) for job in jobs(owner, "fails")] == [("todo", True)]
    said = "".join(capfd.readouterr())
    assert "ValueError" in said
    assert "the name of somebody" not in said


def test_the_job_of_a_killed_worker_is_done_by_the_next(
    instance: Instance, owner: Owner, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.open("tests.defer", world.investigator) as tx:
        queue.defer(tx, "endless")
    with _busy_worker(instance) as process:
        assert process.stdout is not None
        while "began" not in (line := process.stdout.readline()):
            assert line, "the worker ended by itself"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert jobs(owner, "endless")[0]["status"] == "doing"
    # Nobody wants to wait for its silence to be long enough.
    owner.execute(
        "UPDATE jobs.procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
    )
    done: list[str] = []
    monkeypatch.setattr(tasks, "TASKS", {"endless": lambda _tx: done.append("done")})
    monkeypatch.setattr(worker, "_begin", lambda _instance: None)
    with worker.beside(instance):
        until(lambda: not jobs(owner, "endless"))
    assert done == ["done"]


def test_a_job_that_kills_its_workers_is_given_up(owner: Owner, office: Office) -> None:
    with office.work(None, use_case="tests.defer") as tx:
        queue.defer(tx, "deadly")
    for attempt in range(1, 4):
        owner.execute(
            "UPDATE jobs.procrastinate_jobs SET status = 'doing' WHERE task_name = 'deadly'"
        )
        with office.work(None, use_case="tests.retry") as tx:
            assert queue.retry_stalled(tx, silent_seconds=30, most_attempts=3) == 1
        expected = "failed" if attempt == 3 else "todo"
        assert [(j["status"], j["attempts"]) for j in jobs(owner, "deadly")] == [
            (expected, attempt)
        ]


def test_keeping_house_removes_what_has_outlived_its_use(world: World, owner: Owner) -> None:
    account = world.investigator.account_id
    owner.execute(
        "INSERT INTO session (id, account_id, secret_hash, opened_at, expires_at, ended_at)"
        " SELECT gen_random_uuid(), %s, sha256(i::text::bytea), now() - interval '9 days',"
        "        now() - interval '8 days', CASE i WHEN 1 THEN now() - interval '9 days' END"
        "   FROM generate_series(1, 2) i",
        [account],
    )
    owner.execute(
        "INSERT INTO sign_in_attempt (id, subject, at)"
        " SELECT gen_random_uuid(), 'x', now() - interval '1 hour' * i"
        "   FROM (VALUES (1), (25), (30)) t(i)"
    )
    owner.execute(
        "INSERT INTO idempotent_answer (account_id, key, route, body_hash, recorded_at)"
        " SELECT %s, i::text, '/', 'x', now() - interval '1 hour' * i"
        "   FROM (VALUES (1), (25)) t(i)",
        [account],
    )
    owner.execute(
        "WITH batch AS ("
        "  INSERT INTO import_batch (id, family, file_name, file_hash, made_by, happened_on,"
        "                            recorded_at)"
        "  SELECT gen_random_uuid(), 'units', 'f', 'x', %s, guard.today(),"
        "         now() - interval '1 day' * i FROM (VALUES (1), (8)) t(i)"
        "  RETURNING id, recorded_at)"
        " INSERT INTO import_upload (batch_id, sealed, recorded_at)"
        " SELECT id, 'cells', recorded_at FROM batch",
        [account],
    )
    with world.open("jobs.housekeeping", world.operator) as tx:
        done = keep_house(tx)
    assert done == {
        "partitions": 0,
        "sessions": 2,
        "links": 0,
        "attempts": 2,
        "answers": 1,
        "uploads": 1,
        "drafts": 0,
        "papers": 0,
    }
    with world.open("tests.still", world.investigator) as tx:
        assert tx.actor.account_id == account  # a live session stays


def test_keeping_house_makes_room_for_the_coming_year(world: World, owner: Owner) -> None:
    last = owner.execute(
        "SELECT max(c.relname) AS name FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid"
        " WHERE i.inhparent = 'audit_event'::regclass AND c.relname ~ '\\d{6}$' AND relkind = 'r'"
    ).fetchone()
    assert last is not None
    owner.execute(f"DROP TABLE {last['name']}")
    with world.open("jobs.housekeeping", world.operator) as tx:
        assert keep_house(tx)["partitions"] == 1
    assert owner.execute("SELECT to_regclass(%s) AS there", [last["name"]]).fetchone() != {
        "there": None
    }


def test_only_the_operator_keeps_house(world: World) -> None:
    for somebody in (world.administrator, world.chief):
        with pytest.raises(NotFound), world.open("jobs.housekeeping", somebody) as tx:
            keep_house(tx)


def _live_sessions_of_the_operator(owner: Owner) -> int:
    row = owner.execute(
        "SELECT count(*) AS live FROM session s JOIN account a ON a.id = s.account_id"
        " WHERE a.login = 'operator' AND s.ended_at IS NULL"
    ).fetchone()
    assert row is not None
    return int(row["live"])


@contextmanager
def _busy_worker(instance: Instance) -> Iterator["subprocess.Popen[str]"]:
    """A worker's process, killed at the end whatever happened."""
    with subprocess.Popen(
        [sys.executable, "-c", _BUSY_WORKER, str(instance.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(instance.office.engine.url.render_as_string(hide_password=False))
            process.stdin.write("\n")
            process.stdin.flush()
            yield process
        finally:
            process.kill()
