"""One PostgreSQL server on one data folder: made, started, found, stopped."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.core.data_folder import private
from app.core.embedded import errors
from app.core.embedded.cluster import ADMIN
from app.core.embedded.errors import EmbeddedError
from app.core.embedded.locks import PAUSE, is_free, open_lock, try_lock
from app.core.embedded.programs import ENVIRONMENT
from app.core.embedded.service_user import ServiceUser

PORT = 5432
START_PATIENCE = 300.0  # a start after a crash replays the log first
REMNANT_PATIENCE = 10.0
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

_SOCKET_PATH_LIMIT = 107  # bytes, sockaddr_un
_LOG_LIMIT = 10_000_000
_SOCKET_PREFIX = "plumbline-"
_HBA = "local all all scram-sha-256\n"


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

    # As root the data is reached by the working directory, which is entered before the rights
    # are dropped: so it may lie below a home that only root can enter.
    def _data_argument(self, data: Path) -> str:
        return str(data) if self.user.is_us else "/proc/self/cwd"

    def create(self, password: str, start_lock: int, *, durable: bool) -> None:
        """Make the data in a folder of its own and put it in place when it is complete."""
        for leftover in self.folder.glob("pgdata.new-*"):
            shutil.rmtree(leftover)
        fresh = Path(tempfile.mkdtemp(prefix="pgdata.new-", dir=self.folder))
        try:
            if not self.user.is_us:
                os.chown(fresh, self.user.uid, self.user.gid)
            self._initdb(fresh, password, start_lock, durable=durable)
            self._write_hba(fresh)
            fresh.rename(self.data)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise

    def _initdb(self, fresh: Path, password: str, start_lock: int, *, durable: bool) -> None:
        reading, writing = os.pipe()
        try:
            os.write(writing, password.encode() + b"\n")
            os.close(writing)
            self.user.give(reading)  # to open it by name, the service user must own it
            command = [
                str(self.bin_folder / "initdb"),
                f"--pgdata={self._data_argument(fresh)}",
                f"--username={ADMIN}",
                f"--pwfile=/dev/fd/{reading}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions",
            ]
            if not durable:
                command.append("--no-sync")
            # The lock goes along: were we killed now, the next start waits for initdb to end.
            done = subprocess.run(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
                cwd=fresh,
                env=ENVIRONMENT,
                pass_fds=(reading, start_lock),
                start_new_session=True,
                **self.user.privileges(),
            )
        finally:
            os.close(reading)
        if done.returncode != 0:
            raise self._failure(errors.INIT_FAILED, done.stdout)

    def _write_hba(self, fresh: Path) -> None:
        # The folder is the service user's: never follow what it may have put there.
        folder = os.open(fresh, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.unlink("pg_hba.conf", dir_fd=folder)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open("pg_hba.conf", flags, 0o600, dir_fd=folder), "w") as file:
                self.user.give(file.fileno())
                file.write(_HBA)
                file.flush()
                os.fsync(file.fileno())
        finally:
            os.close(folder)

    def start(self, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start it, knowing that none runs; `wait` tells when it is ready."""
        self._refuse_other_server()
        self._clear_remains()
        socket_argument = self._make_socket_folder()
        lock = open_lock(self.lock)
        try:
            if not try_lock(lock):
                raise EmbeddedError(errors.REMNANTS, folder=self.folder)
            options = {**SETTINGS, **settings, "unix_socket_directories": socket_argument}
            command = [str(self.bin_folder / "postgres"), "-D", self._data_argument(self.data)]
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
                # The parent was killed; its children notice and end by themselves.
                orphaned_since = orphaned_since or now
                if now - orphaned_since > REMNANT_PATIENCE:
                    raise EmbeddedError(errors.REMNANTS, folder=self.folder)
            if now > deadline:
                raise EmbeddedError(
                    errors.START_SLOW,
                    folder=self.folder,
                    seconds=round(START_PATIENCE),
                    log=self.log,
                )
            time.sleep(PAUSE)
        return None

    def why_not(self, since: int) -> EmbeddedError:
        """What the log says after position `since` about a start that failed."""
        with self.log.open("rb") as log:
            log.seek(since)
            return self._failure(errors.START_FAILED, log.read().decode(errors="replace"))

    def log_position(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

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
        self._remove_socket_folder(found)

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
        deadline = time.monotonic() + patience
        while self.lives():
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE)
        return True

    def _is_ours(self, pid: int) -> bool:
        """Whether that process is a server on this data and not a later bearer of its number."""
        if not sys.platform.startswith("linux"):
            return True
        process = Path("/proc", str(pid))
        try:
            if process.stat().st_uid != self.user.uid:
                return False
            return process.joinpath("cwd").samefile(self.data)
        except PermissionError:
            return True  # root without the right to trace, as in a container; its user is right
        except OSError:
            return False

    def _refuse_other_server(self) -> None:
        found = self.postmaster()
        if found is None or not sys.platform.startswith("linux"):
            return
        try:
            same = Path("/proc", str(found.pid), "cwd").samefile(self.data)
        except OSError:
            return
        if same:
            raise EmbeddedError(errors.STARTED_BY_OTHERS, folder=self.folder, pid=found.pid)

    def _clear_remains(self) -> None:
        # No process holds the lock: these files are of a server that was killed. Left alone they
        # would stop the next one whenever their process number has a new bearer.
        self._remove_socket_folder(self.postmaster())
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _make_socket_folder(self) -> str:
        """A private folder for the socket, as the server is to name it."""
        place = self.folder / "socket"
        name = os.fsencode(place / f".s.PGSQL.{PORT}")
        if len(name) <= _SOCKET_PATH_LIMIT and b"," not in name and b"\n" not in name:
            place.mkdir(0o700, exist_ok=True)
            argument = "../socket"
        else:
            place = self._short_folder()
            argument = str(place)
        if not self.user.is_us:
            os.chown(place, self.user.uid, self.user.gid, follow_symlinks=False)
        return argument

    def _short_folder(self) -> Path:
        bases = ["/run"] if os.geteuid() == 0 else [os.environ.get("XDG_RUNTIME_DIR", "")]
        for base in (*bases, "/tmp"):  # noqa: S108 - a new folder of our own, made there for us alone
            fits = len(os.fsencode(base)) < _SOCKET_PATH_LIMIT - 40
            if base and fits and os.access(base, os.W_OK | os.X_OK):
                return Path(tempfile.mkdtemp(prefix=_SOCKET_PREFIX, dir=base))
        raise EmbeddedError(errors.NOT_WRITABLE, folder="/tmp")  # noqa: S108

    def _remove_socket_folder(self, found: Postmaster | None) -> None:
        places = {self.folder / "socket"}
        if found is not None and found.socket_dir.name.startswith(_SOCKET_PREFIX):
            places.add(found.socket_dir)
        for place in places:
            try:
                if place.lstat().st_uid == self.user.uid and not place.is_symlink():
                    shutil.rmtree(place)
            except FileNotFoundError:
                continue

    def _open_log(self) -> BinaryIO:
        private(self.folder, "log")
        if self.log_position() > _LOG_LIMIT:
            self.log.rename(self.log.with_suffix(".log.1"))
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        return os.fdopen(os.open(self.log, flags, 0o600), "ab")

    def _failure(self, message: str, output: str) -> EmbeddedError:
        if "No space left on device" in output or "Disk quota exceeded" in output:
            return EmbeddedError(errors.DISK_FULL, folder=self.folder)
        telling = [
            line.strip()
            for line in output.splitlines()
            if any(word in line for word in ("FATAL:", "PANIC:", "error:"))
        ]
        lines = telling or output.strip().splitlines()[-1:] or ["?"]
        return EmbeddedError(message, folder=self.folder, reason=lines[0], log=self.log)
