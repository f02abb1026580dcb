"""Where an installation keeps what it writes, and how that folder becomes ours."""

import errno
import hashlib
import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SERVICE_HOME = Path("/var/lib/plumbline")
MARK = ".plumbline"

# What a file system puts into a fresh volume by itself.
_NOBODYS = {"lost+found"}


class ForeignFolderError(OSError):
    """The folder holds things that Plumbline did not put there."""


class OwnedByAnotherError(OSError):
    """The folder belongs to another user."""


def data_folder(setting: str | None) -> Path:
    """The folder named by PLUMBLINE_DATA, or the default of this checkout. Creates nothing."""
    if setting and setting.strip():
        return Path(setting.strip()).expanduser().absolute()
    if os.geteuid() == 0:
        # The service user that runs PostgreSQL can't enter a root-only home.
        name = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:16]
        return SERVICE_HOME / name
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / "var"
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(share).expanduser().absolute() / "plumbline"


def claim(folder: Path) -> None:
    """Make the folder, or take an empty one, as ours: entered by all, listed by nobody else.

    A folder with other people's things in it is refused, so that a mistyped name never changes
    the permissions of a home folder.
    """
    _make(folder)
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise OwnedByAnotherError(errno.EPERM, "belongs to another user", str(folder))
    mark = folder / MARK
    if not mark.exists():
        strangers = [entry for entry in folder.iterdir() if entry.name not in _NOBODYS]
        if strangers and not mark.exists():  # another process may be taking it just now
            raise ForeignFolderError(errno.ENOTEMPTY, "isn't empty", str(folder))
        mark.touch(0o600)
    if status.st_mode & 0o777 != 0o711:
        folder.chmod(0o711)


def private(folder: Path, name: str) -> Path:
    """A folder within ours that nobody else can enter."""
    path = folder / name
    path.mkdir(0o700, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.geteuid():
        raise OwnedByAnotherError(errno.EPERM, "belongs to another user", str(path))
    path.chmod(0o700)
    return path


def _make(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        try:
            path.mkdir(0o711)
        except FileExistsError:
            if not path.is_dir():
                raise
        else:
            path.chmod(0o711)  # the umask may have closed it to the service user
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "isn't a folder", str(folder))
