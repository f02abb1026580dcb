"""One PostgreSQL server on one data folder: made, started, found, stopped."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.core.data_folder import private
from app.core.embedded import errors
from app.core.embedded.creation import data_argument
from app.core.embedded.errors import EmbeddedError, failure
from app.core.embedded.locks import PAUSE, is_free, open_lock, try_lock
from app.core.embedded.programs import ENVIRONMENT
from app.core.embedded.service_user import ServiceUser
from app.core.embedded.sockets import PORT, make_socket_folder, remove_socket_folder

START_PATIENCE = 300.0  # a start after a crash replays the log first
ORPHANS_OWN_TIME = 2.0
ORPHANS_PATIENCE = 10.0
FAST_PATIENCE = 60.0
IMMEDIATE_PATIENCE = 15.0

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "idle_in_transaction_session_timeout": "60s",
    # The log carries no content: neither statements nor the values in a key that clashes.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
}

_LOG_LIMIT = 10_000_000
_LAST_WORDS = 100_000
_A_SEGMENT_OR_TWO = 64_000_000


@dataclass(frozen=True)
class Postmaster:
    pid: int
    socket_dir: Path
    ready: bool


class Server:
    def __init__(self, folder: Path, user: ServiceUser, bin_folder: Path) -> None:
        self.folder = folder
        self.user = user
        self.bin_folder = bin_folder
        self.data = folder / "pgdata"
        self.lock = folder / "lock" / "server"
        self.log = folder / "log" / "postgresql.log"
        self._log_start = 0

    def start(self, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start it, knowing that none runs; `wait` tells when it is ready."""
        self._refuse_other_server()
        self._clear_remains()
        socket_argument = make_socket_folder(self.folder, self.user)
        lock = open_lock(self.lock)
        try:
            if not try_lock(lock):
                raise EmbeddedError(errors.REMNANTS, folder=self.folder)
            options = {**SETTINGS, **settings, "unix_socket_directories": socket_argument}
            command = [str(self.bin_folder / "postgres"), "-D", data_argument(self.data, self.user)]
            command += ["-p", str(PORT)]
            for name, value in options.items():
                command += ["-c", f"{name}={value}"]
            with self._open_log() as log:
                # A session of its own: Ctrl-C at the terminal is for us, who then stop it.
                return subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self.data,
                    env=ENVIRONMENT,
                    pass_fds=(lock,),
                    start_new_session=True,
                    **self.user.privileges(),
                )
        finally:
            os.close(lock)

    def lives(self) -> bool:
        """Whether any process of the server lives; each of them holds the lock."""
        return not is_free(self.lock)

    def wait(self) -> Postmaster | None:
        """The server when it takes connections; None when it has ended instead."""
        deadline = time.monotonic() + START_PATIENCE
        orphaned_since: float | None = None
        while self.lives():
            found = self.postmaster()
            if found is not None and found.ready and self._is_ours(found.pid):
                return found
            now = time.monotonic()
            if found is not None and not self._is_ours(found.pid):
                orphaned_since = orphaned_since or now
                self._end_orphans(now - orphaned_since)
            if now > deadline:
                raise EmbeddedError(
                    errors.START_SLOW,
                    folder=self.folder,
                    seconds=round(START_PATIENCE),
                    log=self.log,
                )
            time.sleep(PAUSE)
        return None

    def why_not(self) -> EmbeddedError:
        """What the log says about the start that failed."""
        return failure(errors.START_FAILED, self._last_words(), self.folder, log=self.log)

    def out_of_space(self) -> bool:
        """Whether the disk is full, or was when the server last spoke: what it couldn't write it
        takes away again, so that a little is free afterwards."""
        free = errors.free_bytes(self.folder)
        if free < errors.TOO_LITTLE:
            return True
        return free < _A_SEGMENT_OR_TWO and errors.tells_of_full_disk(self._last_words())

    def _last_words(self) -> str:
        with self.log.open("rb") as log:
            log.seek(max(self._log_start, self.log.stat().st_size - _LAST_WORDS))
            return log.read().decode(errors="replace")

    def stop(self, process: subprocess.Popen[bytes] | None) -> None:
        """Fast, and if that takes too long, at once: the log is replayed at the next start."""
        for number, patience in (
            (signal.SIGINT, FAST_PATIENCE),
            (signal.SIGQUIT, IMMEDIATE_PATIENCE),
        ):
            found = self.postmaster()
            if found is not None and self._is_ours(found.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(found.pid, number)
            if self._ended_within(patience):
                break
        else:
            raise EmbeddedError(
                errors.STOP_FAILED,
                folder=self.folder,
                pid=found.pid if found else "?",
                log=self.log,
            )
        if process is not None:
            process.wait()
        remove_socket_folder(self.folder, self.user, found.socket_dir if found else None)

    def postmaster(self) -> Postmaster | None:
        try:
            descriptor = os.open(self.data / "postmaster.pid", os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(descriptor, encoding="utf-8", errors="surrogateescape") as file:
                lines = file.read(4096).splitlines()
            pid, socket = int(lines[0]), lines[4]
        except (FileNotFoundError, ValueError, IndexError):
            return None  # not there, or not written to its end yet
        # A relative name is taken from the data folder.
        place = Path(os.path.normpath(self.data / socket))
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return Postmaster(pid=pid, socket_dir=place, ready=ready)

    def _ended_within(self, patience: float) -> bool:
        since = time.monotonic()
        while self.lives():
            waited = time.monotonic() - since
            if waited > patience:
                return False
            found = self.postmaster()
            if found is not None and not self._is_ours(found.pid):
                self._end_orphans(waited)
            time.sleep(PAUSE)
        return True

    def _end_orphans(self, waited: float) -> None:
        """Children of a killed server notice by themselves, but not in the midst of a query."""
        if waited > ORPHANS_PATIENCE:
            raise EmbeddedError(errors.REMNANTS, folder=self.folder)
        if waited > ORPHANS_OWN_TIME:
            for process in Path("/proc").glob("[0-9]*"):
                pid = int(process.name)
                if self._is_ours(pid):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    def _is_ours(self, pid: int) -> bool:
        """Whether that process is a server on this data and not a later bearer of its number."""
        try:
            if not sys.platform.startswith("linux"):
                os.kill(pid, 0)
                return True
            process = Path("/proc", str(pid))
            return process.stat().st_uid == self.user.uid and self._works_in_data(process)
        except OSError:
            return False

    def _works_in_data(self, process: Path) -> bool:
        try:
            program = process.joinpath("exe").readlink().name
            here = process.joinpath("cwd").samefile(self.data)
        except PermissionError:
            # Root in a container may not look at others' processes, but their user may.
            done = subprocess.run(  # noqa: S603
                ["/bin/sh", "-c", 'readlink "$0/exe"; readlink "$0/cwd"', str(process)],
                capture_output=True,
                text=True,
                errors="surrogateescape",
                check=False,
                cwd="/",
                env=ENVIRONMENT,
                **self.user.privileges(),
            )
            executable, _, place = done.stdout.partition("\n")
            program = Path(executable).name
            here = place.rstrip("\n") == str(self.data.resolve())
        return program.startswith("postgres") and here

    def _refuse_other_server(self) -> None:
        found = self.postmaster()
        if found is not None and self._is_ours(found.pid):
            raise EmbeddedError(errors.STARTED_BY_OTHERS, folder=self.folder, pid=found.pid)

    def _clear_remains(self) -> None:
        # No process holds the lock: these files are of a server that was killed. Left alone they
        # would stop the next one whenever their process number has a new bearer.
        found = self.postmaster()
        remove_socket_folder(self.folder, self.user, found.socket_dir if found else None)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _open_log(self) -> BinaryIO:
        private(self.folder, "log")
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".log.1"))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        log = os.fdopen(os.open(self.log, flags, 0o600), "ab")
        self._log_start = log.tell()
        return log
