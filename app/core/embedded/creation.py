"""The making of a new data folder for the server: complete, or not there at all."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.core.embedded.cluster import ADMIN
from app.core.embedded.errors import INIT_FAILED, failure
from app.core.embedded.programs import ENVIRONMENT
from app.core.embedded.service_user import ServiceUser

_HBA = "local all all scram-sha-256\n"


def create(
    data: Path,
    user: ServiceUser,
    bin_folder: Path,
    *,
    password: str,
    start_lock: int,
    durable: bool,
) -> None:
    """Make the data beside its place and move it there once it is complete."""
    for leftover in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(leftover)
    fresh = Path(tempfile.mkdtemp(prefix=f"{data.name}.new-", dir=data.parent))
    try:
        if not user.is_us:
            os.chown(fresh, user.uid, user.gid)
        done = _initdb(fresh, user, bin_folder, password, start_lock, durable=durable)
        if done.returncode != 0:
            raise failure(INIT_FAILED, done.stdout, data.parent)
        _write_hba(fresh, user)
        fresh.rename(data)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _initdb(
    fresh: Path,
    user: ServiceUser,
    bin_folder: Path,
    password: str,
    start_lock: int,
    *,
    durable: bool,
) -> subprocess.CompletedProcess[str]:
    reading, writing = os.pipe()
    try:
        os.write(writing, password.encode() + b"\n")
        os.close(writing)
        user.give(reading)  # initdb opens it by name, so it must be the service user's
        command = [
            str(bin_folder / "initdb"),
            f"--pgdata={data_argument(fresh, user)}",
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
        # The lock goes along: were we killed now, the next start would wait for initdb to end.
        return subprocess.run(  # noqa: S603
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
            **user.privileges(),
        )
    finally:
        os.close(reading)


def data_argument(data: Path, user: ServiceUser) -> str:
    """How a program that works in the data folder is to name it.

    A service user reaches it as the working directory, which is entered before the rights are
    dropped: so it may lie below a home that only root can enter.
    """
    return str(data) if user.is_us else "/proc/self/cwd"


def _write_hba(fresh: Path, user: ServiceUser) -> None:
    # The folder is the service user's: never follow what may have been put there.
    folder = os.open(fresh, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        os.unlink("pg_hba.conf", dir_fd=folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        descriptor = os.open("pg_hba.conf", flags, 0o600, dir_fd=folder)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            user.give(file.fileno())
            file.write(_HBA)
            file.flush()
            os.fsync(file.fileno())
    finally:
        os.close(folder)
