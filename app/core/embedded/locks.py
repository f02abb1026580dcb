"""File locks that the kernel gives back when a process dies, however it dies.

Three files in the data folder say what no process number can say for certain:
`start` is held while somebody decides, starts or stops; `users` is shared by all who use the
server; `server` is inherited by every process of the server, so it is free only when none lives.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.embedded.errors import BUSY, EmbeddedError

PATIENCE = 330.0  # a little more than a start after a crash may take
PAUSE = 0.02


def open_lock(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def is_free(path: Path) -> bool:
    descriptor = open_lock(path)
    try:
        return try_lock(descriptor)
    finally:
        unlock(descriptor)  # for a fork in another thread as well, which has it open too
        os.close(descriptor)


@contextmanager
def deciding(path: Path, folder: Path, patience: float = PATIENCE) -> Iterator[int]:
    """Hold the lock under which the server is started, shared and stopped."""
    descriptor = open_lock(path)
    try:
        deadline = time.monotonic() + patience
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise EmbeddedError(BUSY, folder=folder, seconds=round(patience))
            time.sleep(PAUSE)
        yield descriptor
    finally:
        os.close(descriptor)
