"""Sees to it that the machine has what the tests run, or says what to install.

A Chromium with Chinese type for the pages, and docker-compose, which knows the rules for its file.
On Debian as root it installs what is missing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = {
    "chromium": "a Chromium",
    "fonts-noto-cjk": "Chinese type (Noto Sans CJK)",
    "docker-compose": "docker compose",
}


def main() -> None:
    missing = []
    if not any(shutil.which(program) for program in PROGRAMS):
        missing.append("chromium")
    if not _chinese_type():
        missing.append("fonts-noto-cjk")
    if not _compose():
        missing.append("docker-compose")
    if not missing:
        return
    if not (Path("/etc/debian_version").exists() and os.geteuid() == 0):
        wanted = " and ".join(PACKAGES[name] for name in missing)
        packages = " ".join(missing)
        raise SystemExit(
            f"The tests need {wanted}: install what is missing"
            f" (on Debian: sudo apt install {packages}) and run make test again."
        )
    print(f"Installing {' '.join(missing)} for the tests", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing],
    ):
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            check=False,
        )
        if done.returncode != 0:
            print(done.stdout, file=sys.stderr)
            raise SystemExit(f"{' '.join(command[:2])} failed; the lines above say why.")


def _chinese_type() -> bool:
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library")
    names = ("NotoSansCJK*", "NotoSansSC*", "SourceHanSans*", "PingFang*", "wqy-*")
    return any(
        next(Path(folder).rglob(name), None) is not None
        for folder in folders
        if Path(folder).is_dir()
        for name in names
    )


def _compose() -> bool:
    if shutil.which("docker-compose"):
        return True
    docker = shutil.which("docker")
    return docker is not None and (
        subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
        == 0
    )


if __name__ == "__main__":
    main()
