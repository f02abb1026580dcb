"""Processes that use the embedded PostgreSQL, to be really killed."""

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from app.core.embedded import Cluster, running

FAST = {"fsync": "off"}
ROOT = os.geteuid() == 0
REPOSITORY = Path(__file__).resolve().parents[2]

_CHILD = """
import signal
import sys
from pathlib import Path
import psycopg
from app.core.embedded import running

# Whoever runs the tests in the background may have them ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
with running(Path(sys.argv[1]), settings={"fsync": "off"}) as cluster:
    try:
        print(cluster.started_here, flush=True)
        sys.stdin.readline()
    except KeyboardInterrupt:
        with psycopg.connect(cluster.conninfo("app", "plumbline")) as connection:
            print(connection.execute("SELECT 'still answers'").fetchone()[0], flush=True)
"""


class Child:
    """A Python process that uses the server until it is told to end."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CHILD, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            start_new_session=True,
        )

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def send(self, number: int) -> None:
        """To its whole group, as a terminal does."""
        os.killpg(self.process.pid, number)

    def end(self) -> int:
        self.process.communicate("\n", timeout=30)
        return self.process.returncode

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.process.communicate(timeout=10)


def postmaster_pid(folder: Path) -> int:
    return int((folder / "pgdata" / "postmaster.pid").read_text().split()[0])


def is_up(folder: Path) -> bool:
    return (folder / "pgdata" / "postmaster.pid").exists()


def value(cluster: Cluster, role: str, query: str, database: str = "plumbline") -> object:
    with psycopg.connect(cluster.conninfo(role, database)) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.005)


def stop(folder: Path) -> None:
    """Whatever a test has left running."""
    if is_up(folder):
        with running(folder, settings=FAST):
            pass


def as_user(name: str, action: Callable[[], str]) -> str:
    """What `action` answers in a process of that user; what it raises, by name."""
    entry = pwd.getpwnam(name)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer = "no answer"
        try:
            os.setgroups([])
            os.setgid(entry.pw_gid)
            os.setuid(entry.pw_uid)
            answer = action()
        except BaseException as error:  # the parent tells it
            answer = f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, answer.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        answer = file.read()
    os.waitpid(child, 0)
    return answer
