"""The user that runs PostgreSQL: whoever runs us, or, when that is root, one without rights."""

import grp
import logging
import os
import pwd
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.core.embedded.errors import NO_SERVICE_USER, EmbeddedError

NAME = "plumbline"
FALLBACK = "nobody"

_log = logging.getLogger(__name__)
_SYSTEM_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"
_BUSY = 1  # useradd: the password file is locked by another useradd
# Bits of Linux capabilities: chown, dac_override, kill, setgid, setuid.
_RIGHTS = 1 << 0 | 1 << 1 | 1 << 5 | 1 << 6 | 1 << 7


class Privileges(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServiceUser:
    name: str
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def privileges(self) -> Privileges:
        """What `subprocess` needs to run as this user, and with nobody else's rights."""
        if self.is_us:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, descriptor: int) -> None:
        if not self.is_us:
            os.fchown(descriptor, self.uid, self.gid)


def choose_user(data_owner: int | None) -> ServiceUser:
    """The user for data owned by `data_owner` (None: no data yet)."""
    if os.geteuid() != 0:
        return ServiceUser(str(os.geteuid()), os.geteuid(), os.getegid())
    if not sys.platform.startswith("linux") or not _can_act_as_another():
        raise EmbeddedError(NO_SERVICE_USER)
    own = _known(NAME) or _create()
    fallback = _known(FALLBACK)
    if own is not None and data_owner in {None, own.uid}:
        return own
    if fallback is not None and data_owner in {None, fallback.uid}:
        _log.warning(
            "PostgreSQL runs as %s, whose other processes could read its files,"
            " because the user %s doesn't exist and couldn't be made",
            FALLBACK,
            NAME,
        )
        return fallback
    if own is None:
        raise EmbeddedError(NO_SERVICE_USER)
    return own


def _can_act_as_another() -> bool:
    """Root in a container may have been left without the rights that this takes."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    rights = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return int(rights.split()[1], 16) & _RIGHTS == _RIGHTS


def _known(name: str) -> ServiceUser | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    if entry.pw_uid == 0:
        return None
    return ServiceUser(name, entry.pw_uid, entry.pw_gid)


def _create() -> ServiceUser | None:
    program = shutil.which("useradd", path=_SYSTEM_PATH)
    if program is None:
        return None
    command = [program, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", "--comment", "Plumbline database"]
    command += ["--gid", NAME] if _group_exists() else ["--user-group"]
    for _ in range(20):
        done = subprocess.run(  # noqa: S603 - a fixed command of the system
            [*command, NAME], capture_output=True, text=True, check=False, cwd="/"
        )
        user = _known(NAME)
        if user is not None or done.returncode != _BUSY:
            return user
        time.sleep(0.25)
    return None


def _group_exists() -> bool:
    try:
        grp.getgrnam(NAME)
    except KeyError:
        return False
    return True
