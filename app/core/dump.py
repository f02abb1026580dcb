"""PostgreSQL's own programs that write a database into a file and read it back."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_NEEDED = ("pg_dump", "pg_restore", "psql")
# pg_restore 17 and newer says this to every server; older ones don't know it.
_TOO_NEW = "SET transaction_timeout = 0;"
_KNOWS_IT = 17


class DumpFailed(RuntimeError):
    """The program's own last word."""


def programs(own: Path | None, *, server: int) -> Path:
    """The folder of programs that serve a server of that major version: the system's, which can
    speak TLS, where they are new enough, else `own`, those of the embedded PostgreSQL."""
    for folder in _folders(own):
        if _major(folder) >= server:
            return folder
    raise DumpFailed(f"no pg_dump {server} or newer is installed")


def newest(own: Path | None) -> Path:
    """The folder of programs that read the most dumps."""
    return max(_folders(own), key=_major)


def _folders(own: Path | None) -> list[Path]:
    system = shutil.which("pg_dump")
    found = [*([Path(system).parent] if system else []), *([own] if own else [])]
    return [folder for folder in found if all((folder / name).exists() for name in _NEEDED)]


def dump(folder: Path, conninfo: str, snapshot: str, target: Path) -> None:
    """The whole database as that snapshot shows it, compressed."""
    _run(
        folder / "pg_dump",
        conninfo,
        # The owner reads past no policy; its own shows it every row.
        *("--format=custom", "--enable-row-security", "--no-password", f"--snapshot={snapshot}"),
        f"--file={target}",
    )


def restore(
    own: Path | None, conninfo: str, source: Path, *, server: int, made_already: Sequence[str]
) -> None:
    """Everything or nothing, as the owner. `made_already` names schemas that are there."""
    reader, writer = newest(own), programs(own, server=server)
    with tempfile.TemporaryDirectory(dir=source.parent) as place:
        contents, script = Path(place, "contents"), Path(place, "script")
        listed = _output(reader / "pg_restore", "--list", str(source))
        known = {f" SCHEMA - {name} " for name in made_already}
        contents.write_text(
            "".join(
                line + "\n"
                for line in listed.splitlines()
                if not any(f"{each}" in f"{line} " for each in known)
            ),
            encoding="utf-8",
        )
        _output(reader / "pg_restore", f"--use-list={contents}", f"--file={script}", str(source))
        if server < _KNOWS_IT:
            _without(script, _TOO_NEW)
        _run(
            writer / "psql",
            conninfo,
            *("--no-psqlrc", "--quiet", "--single-transaction", "--no-password"),
            *("--set=ON_ERROR_STOP=1", f"--file={script}"),
        )


def _without(script: Path, unwanted: str) -> None:
    rest = script.with_suffix(".rest")
    with script.open("rb") as source, rest.open("wb") as target:
        for line in source:
            if line.rstrip() == unwanted.encode():
                break
            target.write(line)
        shutil.copyfileobj(source, target)
    rest.replace(script)


def _major(folder: Path) -> int:
    found = re.search(r"\) (\d+)", _output(folder / "pg_dump", "--version"))
    return int(found[1]) if found else 0


def _run(program: Path, conninfo: str, *arguments: str) -> None:
    # The password goes by the environment: arguments are everybody's to read.
    parts = conninfo_to_dict(conninfo)
    password = str(parts.pop("password", "") or "")
    address = make_conninfo(**{key: str(value) for key, value in parts.items() if value})
    _output(program, *arguments, f"--dbname={address}", PGPASSWORD=password)


def _output(program: Path, *arguments: str, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603
        [program, *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={**os.environ, "LC_ALL": "C", "PGOPTIONS": "", "TZ": "UTC", **environment},
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"{program.name} ended with {done.returncode}"]
        telling = [line for line in said if "error:" in line or "ERROR:" in line]
        raise DumpFailed((telling or said)[0])
    return done.stdout
