"""The private folder of the server's socket, under a name short enough for the kernel."""

import os
import shutil
import tempfile
from pathlib import Path

from app.core.embedded.errors import NO_SOCKET_FOLDER, EmbeddedError
from app.core.embedded.service_user import ServiceUser

PORT = 5432  # only part of the socket's name: there is no TCP

_PATH_LIMIT = 107  # bytes, sockaddr_un
_PREFIX = "plumbline-"


def make_socket_folder(folder: Path, user: ServiceUser) -> str:
    """Make the folder; the answer names it as the server, working in its data, is to find it."""
    place = folder / "socket"
    name = os.fsencode(place / f".s.PGSQL.{PORT}")
    # libpq takes a comma in a host for a list of hosts.
    if len(name) <= _PATH_LIMIT and b"," not in name:
        place.mkdir(0o700, exist_ok=True)
        argument = "../socket"  # also where the service user can't enter the parents
    else:
        place = _short_folder()
        argument = str(place)
    if not user.is_us:
        os.chown(place, user.uid, user.gid, follow_symlinks=False)
    return argument


def remove_socket_folder(folder: Path, user: ServiceUser, used: Path | None) -> None:
    """Remove the folder of a server that has ended; never anything that isn't its own."""
    places = {folder / "socket"}
    if used is not None and used.name.startswith(_PREFIX):
        places.add(used)
    for place in places:
        try:
            if place.lstat().st_uid == user.uid and not place.is_symlink():
                shutil.rmtree(place)
        except FileNotFoundError:
            continue


def _short_folder() -> Path:
    private = "/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "")
    # A new folder with a name nobody could foresee, and closed from its first moment.
    for base in (private, "/tmp"):  # noqa: S108
        fits = 0 < len(os.fsencode(base)) < _PATH_LIMIT - 40
        if fits and "," not in base and os.access(base, os.W_OK | os.X_OK):
            return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
    raise EmbeddedError(NO_SOCKET_FOLDER)
