"""Taking an office's ledgers in: tried first, then for good."""

import json
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from app.cli.opening import Caller
from app.cli.refusals import REFUSED, one_line
from app.cli.words import _, say, told
from app.domain.errors import N_, Conflict, Invalid, Reason
from app.domain.ledgers.families import Family
from app.domain.permissions import Role

if TYPE_CHECKING:
    from app.services.imports import Report, RowSaid
    from app.services.imports.sources import Opened

IMPORT_HELP = _(
    "Take a ledger in: xlsx, xls, ods or csv. Without --commit it only says what would happen,"
    " row by row. Exit code 1 where rows are rejected, sums differ or columns are open."
)
MOST_LINES = 40

Tell = Callable[[int, float | None], None]


def import_ledger(
    context: typer.Context,
    family: Family = typer.Argument(..., help=_("What kind of ledger it is.")),
    file: Path = typer.Argument(..., help=_("The ledger.")),
    commit: bool = typer.Option(False, "--commit", help=_("Take it: all of it, or nothing.")),
    report: Path | None = typer.Option(
        None, "--report", help=_("A new workbook for the rejected rows, to be mended and imported.")
    ),
    map_file: Path | None = typer.Option(
        None, "--map", help=_("A JSON or TOML file that says what each open column is.")
    ),
    as_json: bool = typer.Option(False, "--json", help=_("Print the answer as JSON.")),
) -> None:
    from app.services.imports import Source, import_file

    with one_line():
        if report is not None and report.exists():
            raise Conflict(N_("{file} is there already: name a new file."), file=report)
        headings = _headings(map_file)
        caller: Caller = context.obj
        with caller.work("imports.take") as tx, _progress() as tell:
            found, opened = import_file(
                tx,
                Source(file, file.name),
                family,
                commit=commit,
                heading_map=headings,
                keep_rejected=report is not None,
                progress=tell,
            )
            sealed = tx.actor.holds(Role.INTAKE_OFFICER) or tx.actor.holds(Role.PETITIONS_HEAD)
        if report is not None and found.rejected:
            _write_rejected(report, found, opened, sealed=sealed)
        if as_json:
            rows = [_row(each) for each in found.said]
            print(
                json.dumps(
                    {**found.summary(), "said": rows}, ensure_ascii=False, indent=1, default=str
                )
            )
        else:
            for line in _lines(found):
                print(line)
        if not found.clean:
            raise typer.Exit(REFUSED)


def _row(row: "RowSaid") -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "verdict": row.verdict,
        "findings": list(row.findings),
    }


def _headings(map_file: Path | None) -> Mapping[str, str]:
    if map_file is None:
        return {}
    try:
        text = map_file.read_text(encoding="utf-8")
        read = tomllib.loads(text) if map_file.suffix == ".toml" else json.loads(text)
    except (ValueError, UnicodeDecodeError) as error:
        raise Invalid.of(
            "--map", N_("{file} is neither JSON nor TOML: {reason}"), file=map_file, reason=error
        ) from None
    if not isinstance(read, dict) or not all(isinstance(each, str) for each in read.values()):
        raise Invalid.of("--map", N_("It says heading by heading which field it is."))
    return read


@contextmanager
def _progress() -> Iterator[Tell | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.completed:,.0f}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(rows: int, share: float | None) -> None:
            bar.update(task, completed=rows, total=rows / share if share else None)

        yield tell


def _write_rejected(target: Path, found: "Report", opened: "Opened", *, sealed: bool) -> None:
    """Who reported is in it only for those who take petitions in."""
    from app.core.workbooks import write_rejects
    from app.domain.ledgers.rejects import reject_sheets

    sheets = reject_sheets(opened.reading, found.turned_back, told, include_sealed=sealed)
    target.touch(mode=0o600, exist_ok=False)
    target.write_bytes(write_rejects(sheets))
    say(_("The rejected rows are in {file}.", file=target))


def _lines(found: "Report") -> Iterator[str]:
    yield (
        _("Tried only: nothing was kept. With --commit it is taken.")
        if found.trial
        else _("Taken.")
    )
    if found.same_file_at is not None:
        yield _("This very file was imported before, on {day}.", day=_day(found.same_file_at))
    yield _(
        "{rows} rows: {accepted} accepted, {warned} with a warning, {rejected} rejected,"
        " {known} known already.",
        rows=found.rows,
        accepted=found.accepted,
        warned=found.warned,
        rejected=found.rejected,
        known=found.known,
    )
    for column in found.mapping:
        if column["how"] in ("guess", "unknown"):
            yield _(
                "Column {letter} “{heading}” → {field}: {reason}",
                letter=column["letter"],
                heading=column["heading"],
                field=column["field"] or "?",
                reason=_heard(column["reason"]),
            )
    for control in found.differences:
        yield _(
            "Row {row}, {label}, {column}: the ledger says {stated}, its rows make {computed}.",
            **{key: control[key] for key in ("row", "label", "column", "stated", "computed")},
        )
    for notice in found.notices:
        yield _heard(notice["reason"])
    yield from _rows(found)
    for rule, count in sorted(found.doubts.items()):
        yield _("Doubtful, {rule}: {count} rows.", rule=rule, count=count)
    if found.repeat_count:
        yield _("{count} pairs look like the same matter.", count=found.repeat_count)


def _rows(found: "Report") -> Iterator[str]:
    said = 0
    for row in found.said:
        for finding in row.findings:
            if finding.get("doubt"):
                continue
            if said == MOST_LINES:
                yield _("More is in the answer with --json, and rejected rows with --report.")
                return
            said += 1
            place = f"{row.sheet} {row.row}".strip()
            value = "" if finding["withheld"] or not finding["value"] else f" “{finding['value']}”"
            yield (
                f"{place}, {finding['column']}{value}: {_heard(finding['reason'])}"
                f" {_heard(finding['todo'])}"
            )


def _day(moment: datetime) -> str:
    from app.core.settings import Settings

    return moment.astimezone(Settings().zone).date().isoformat()


def _heard(words: dict[str, Any]) -> str:
    return told(Reason(words["message"], words.get("values", {})))
