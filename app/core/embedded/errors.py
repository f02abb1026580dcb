"""What can keep the embedded PostgreSQL from running, each with what to do about it."""

import errno
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.core.data_folder import ForeignFolderError, OwnedByAnotherError
from app.core.i18n import N_

DISK_FULL = N_("The disk that holds {folder} is full: free some space and start again.")
NOT_WRITABLE = N_(
    "{folder} can't be written: give this user the right to write there,"
    " or name another folder with PLUMBLINE_DATA."
)
NOT_A_FOLDER = N_("{folder} is not a folder: name another with PLUMBLINE_DATA.")
NOT_EMPTY = N_(
    "{folder} holds files that aren't Plumbline's:"
    " name an empty or a new folder with PLUMBLINE_DATA."
)
OWNED_BY_ANOTHER = N_(
    "{folder} belongs to the user {owner}: run as that user,"
    " or name another folder with PLUMBLINE_DATA."
)
NO_LOCKS = N_(
    "The file system of {folder} can't lock files:"
    " name a folder on a local disk with PLUMBLINE_DATA."
)
FILE_TROUBLE = N_("{folder} can't be used: {reason}. Mend it, or name another with PLUMBLINE_DATA.")
OTHER_VERSION = N_(
    "The data in {folder} was written by PostgreSQL {found}, and this installation brings {ours}:"
    " make a backup with the former installation and restore it here."
)
BUSY = N_(
    "Another process has been starting or stopping the database in {folder} for {seconds} s:"
    " end it and start again."
)
STARTED_BY_OTHERS = N_(
    "A PostgreSQL that Plumbline did not start (process {pid}) runs on {folder}:"
    " stop it and start again."
)
REMNANTS = N_(
    "Processes of a killed PostgreSQL still use {folder}:"
    " end the processes named postgres there and start again."
)
PASSWORDS_MISSING = N_(
    "The file {file} with a password of the database is missing or can't be read:"
    " put it back from a backup."
)
PASSWORDS_WRONG = N_(
    "The database in {folder} doesn't take the passwords in {folder}/secrets:"
    " put the right ones back from a backup."
)
NOT_INSTALLED = N_("The programs of PostgreSQL are missing: run `make install`.")
NOT_RUNNABLE = N_(
    "The user {user} can't run the programs of PostgreSQL in {folder}:"
    " put the installation where that user may run programs, or run as a normal user."
)
NO_SERVICE_USER = N_(
    "PostgreSQL refuses to run as root, and this process can't act as another user:"
    " run as a normal user."
)
INIT_FAILED = N_("The database in {folder} couldn't be made: {reason}. Mend it and start again.")
START_FAILED = N_(
    "The database in {folder} didn't start: {reason}. What happened before is in {log}."
)
NO_SOCKET_FOLDER = N_(
    "Neither /run nor /tmp takes the folder of the database's socket: make /tmp writable."
)
START_SLOW = N_(
    "The database in {folder} wasn't ready after {seconds} s: see {log} and start again."
)
ENDED = N_("The database in {folder} ended by itself: see {log}, and start again.")
STOP_FAILED = N_(
    "The database in {folder} didn't stop (process {pid}): see {log} and end that process."
)


# The last is a write cut short, for which PostgreSQL has no reason from the system to tell.
_FULL = ("No space left on device", "Disk quota exceeded", ": wrote only ")
_TELLING = ("FATAL:", "PANIC:", "error:")
TOO_LITTLE = 1_000_000


class EmbeddedError(RuntimeError):
    """One line that says what is wrong and what to do; `message` and `values` translate it."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def tells_of_full_disk(output: str) -> bool:
    return any(words in output for words in _FULL)


def free_bytes(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def failure(message: str, output: str, folder: Path, **values: object) -> EmbeddedError:
    """The first line in which PostgreSQL says why; a full disk leaves it no room to say so."""
    if tells_of_full_disk(output) or free_bytes(folder) < TOO_LITTLE:
        return EmbeddedError(DISK_FULL, folder=folder)
    lines = output.strip().splitlines() or ["no reason was given"]
    telling = [line for line in lines if any(word in line for word in _TELLING)]
    reason = (telling or lines[-1:])[0]
    for word in _TELLING:
        reason = reason.partition(word)[2] or reason
    return EmbeddedError(message, folder=folder, reason=reason.strip(" ."), **values)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into a line that says what to do."""
    try:
        yield
    except OSError as error:
        raise _explanation(error, folder) from error


def _explanation(error: OSError, folder: Path) -> EmbeddedError:
    place = error.filename if isinstance(error.filename, str) else str(folder)
    if isinstance(error, ForeignFolderError):
        return EmbeddedError(NOT_EMPTY, folder=place)
    if isinstance(error, OwnedByAnotherError):
        return EmbeddedError(
            OWNED_BY_ANOTHER, folder=place, owner=user_name(Path(place).lstat().st_uid)
        )
    if error.errno in {errno.ENOSPC, errno.EDQUOT} or tells_of_full_disk(str(error)):
        return EmbeddedError(DISK_FULL, folder=folder)
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return EmbeddedError(NOT_WRITABLE, folder=place)
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return EmbeddedError(NOT_A_FOLDER, folder=place)
    if error.errno in {errno.ENOLCK, errno.ENOTSUP}:
        return EmbeddedError(NO_LOCKS, folder=folder)
    return EmbeddedError(FILE_TROUBLE, folder=place, reason=error.strerror or type(error).__name__)
