"""Backup into one file, and back from it into an empty instance."""

import json
from pathlib import Path
from typing import Any

import typer

from app.cli.opening import Caller
from app.cli.refusals import one_line
from app.cli.words import _, say

BACKUP_HELP = _(
    "Write database and papers into one new file, as of one moment, while work goes on."
    " Keys and passwords are never in it: keep a copy of the key file elsewhere."
)
RESTORE_HELP = _(
    "Fill an empty installation from a backup, and prove that it holds the same."
    " Needs the key file that sealed it."
)
FILE = typer.Argument(..., metavar="FILE", help=_("The backup."))
AS_JSON = typer.Option(False, "--json", help=_("Print the answer as JSON."))


def backup(context: typer.Context, file: Path = FILE, as_json: bool = AS_JSON) -> None:
    from app.core.settings import Settings
    from app.services.backup import write_backup

    with one_line():
        caller: Caller = context.obj
        with caller.session(Settings()) as (instance, session):
            manifest = write_backup(instance, session, file.absolute())
        _report(manifest, file, as_json=as_json)
        lost = manifest["lost_papers"]
        if not as_json:
            say(_("Its keys are apart: {keys}.", keys=_named(manifest["keys"])))
            for digest in lost:
                say(_("The file of paper {digest} is missing or damaged.", digest=digest))
        if lost:
            raise typer.Exit(1)


def restore(file: Path = FILE, as_json: bool = AS_JSON) -> None:
    from app.core.settings import Settings
    from app.services.backup import restore_backup
    from app.services.instance import open_instance

    with one_line():
        with open_instance(Settings(), vacant=True) as instance:
            manifest = restore_backup(instance, file.absolute())
            password = instance.secrets / "operator"
        _report(manifest, file, as_json=as_json)
        if not as_json:
            say(_("The restored rows and figures are those of the backup."))
            say(_("Everybody signs in anew; the operator's new password is in {file}.",
                  file=password))  # fmt: skip


def _report(manifest: dict[str, Any], file: Path, *, as_json: bool) -> None:
    rows = sum(int(count) for count, _sum in manifest["tables"].values())
    if as_json:
        told = {
            "file": str(file),
            "made_at": manifest["made_at"],
            "revision": manifest["revision"],
            "rows": rows,
            "papers": len(manifest["files"]) - 1,
            "lost_papers": manifest.get("lost_papers", []),
            "keys": manifest["keys"],
            "totals": manifest["totals"],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    say(
        _(
            "{file}: {rows} rows in {tables} tables and {papers} papers, as of {moment}.",
            file=file,
            rows=f"{rows:,}",
            tables=len(manifest["tables"]),
            papers=len(manifest["files"]) - 1,
            moment=manifest["made_at"],
        )
    )


def _named(keys: dict[str, str]) -> str:
    return ", ".join(f"{name} ({fingerprint})" for name, fingerprint in keys.items())
