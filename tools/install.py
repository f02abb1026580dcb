"""Makes .venv and installs the pinned requirements into it: `install.py app`, or `dev` for both.

Runs on the Python that is there, before anything is installed, so it needs the standard library
only. Does nothing where nothing changed; two at the same moment take turns.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# dev.txt is pinned to the same versions, so that either may come first.
SETS = {"app": ("app",), "dev": ("app", "dev")}


def main(wanted: str) -> None:
    lock = os.open(ROOT / "requirements", os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say("Another installation is running here; waiting for it.")
        fcntl.flock(lock, fcntl.LOCK_EX)
    for name in SETS[wanted]:
        _install(name)


def _install(name: str) -> None:
    stamp = VENV / f"installed-{name}"
    state = _state(name)
    if stamp.is_file() and stamp.read_text(encoding="ascii") == state and _works():
        return
    _make_venv()
    requirements = ROOT / "requirements" / f"{name}.txt"
    _say(f"Installing requirements/{name}.txt into .venv")
    _pip("--require-hashes", "-r", str(requirements))
    if name == "app":
        _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    stamp.write_text(state, encoding="ascii")


def _state(name: str) -> str:
    """Changes with what is to be installed, the Python, and the place."""
    digest = hashlib.sha256()
    for path in (ROOT / "requirements" / f"{name}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(f"{sys.version} {ROOT}".encode())
    return digest.hexdigest()


def _works() -> bool:
    # A copied checkout brings commands that point at the place they were made for.
    command = VENV / "bin" / "plumbline"
    return PYTHON.exists() and command.is_file() and str(VENV) in command.read_text("utf-8")


def _make_venv() -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if PYTHON.exists() and (VENV / "lib" / f"python{version}" / "site-packages" / "pip").is_dir():
        return
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        if "ensurepip" in made.stdout + made.stderr:
            _stop(
                f"This Python can't make a virtual environment:"
                f" install its venv package (on Debian: apt install python{version}-venv)."
            )
        _stop(f".venv couldn't be made: {_last_line(made.stdout + made.stderr)}")


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        if "No space left" in done.stdout:
            _stop("The disk is full: free some space and start again.")
        _stop("The installation failed; the lines above say why. Mend it and start again.")


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no reason was given"


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _stop(line: str) -> None:
    _say(line)
    raise SystemExit(1)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except OSError as error:
        _stop(f"{error.filename or ROOT} can't be used: {error.strerror}. Mend it and start again.")
    except KeyboardInterrupt:
        _stop("Stopped. Start again to go on.")
