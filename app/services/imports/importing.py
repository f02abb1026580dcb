"""Importing a file at once, as the command line does."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from uuid import UUID

from app.core.ids import new_id
from app.domain import errors
from app.domain.errors import N_, FieldError, Reason
from app.domain.ledgers.families import Family
from app.domain.ledgers.reading import Reading
from app.repositories import reporter_ties
from app.repositories.imports import batches, lookups
from app.repositories.imports.batches import NewBatch
from app.repositories.imports.landing import Landing
from app.repositories.imports.rows import ReportLine
from app.repositories.work import Work
from app.services.imports.ground import require_importer
from app.services.imports.report import Report
from app.services.imports.running import Progress, run
from app.services.imports.sources import Opened, Source

__all__ = ["Progress", "import_file", "require_settled"]


def import_file(
    tx: Work,
    source: Source,
    family: Family,
    *,
    commit: bool,
    heading_map: Mapping[str, str] | None = None,
    accept_guesses: bool = False,
    keep_rejected: bool = False,
    progress: Progress | None = None,
) -> tuple[Report, Opened]:
    """Try a file, or with `commit` take it: everything that can land, or nothing at all.

    A trial does all that the import does and takes it back, so that it says exactly what would
    happen. Raises Forbidden, Invalid (a file that can't be read, a column that must be named),
    TooLarge.
    """
    require_importer(tx.actor, family)
    batch_id, chosen = new_id(), dict(heading_map or {})
    with nullcontext() if commit else tx.trial():
        batches.insert_batch(
            tx,
            NewBatch(
                id=batch_id,
                family=family.value,
                file_name=source.name,
                file_hash=source.digest(),
                mapping=chosen,
            ),
        )
        batches.open_batch(tx, batch_id)
        report, opened = run(
            tx, source, family, batch_id, chosen, trial=not commit,
            keep_rejected=keep_rejected, progress=progress,
        )  # fmt: skip
        if commit:
            if not accept_guesses:
                require_settled(opened.reading)
            conclude(tx, batch_id, report)
        else:
            lookups.check_now(tx)
    report.withhold()
    return report, opened


def conclude(tx: Work, batch_id: UUID, report: Report) -> None:
    """Close the batch: its rows are imported, its file is not kept."""
    reporter_ties.keep_tokens(tx)
    keep_report(tx, batch_id, report, committed_at=tx.now)
    batches.forget_upload(tx, batch_id)


def keep_report(tx: Work, batch_id: UUID, report: Report, **columns: object) -> None:
    """What the batch says about its file, now."""
    batches.forget_findings(tx, batch_id)
    _keep_rows(tx, batch_id, report)
    batches.change_batch(
        tx,
        batch_id,
        report=report.summary(),
        cut_off=report.cut_off,
        rows=report.rows,
        accepted=report.accepted,
        warned=report.warned,
        rejected=report.rejected,
        known=report.known,
        **columns,
    )


def _keep_rows(tx: Work, batch_id: UUID, report: Report) -> None:
    landing = Landing(tx)
    for each in report.said:
        landing.put(
            ReportLine(
                new_id(), batch_id, each.sheet, each.row, each.verdict,
                batches.as_json(each.findings), each.tells_of,
            )
        )  # fmt: skip
    landing.flush()


def require_settled(reading: Reading) -> None:
    """Raises Invalid that names every column which is guessed or not taken."""
    open_columns = [
        column
        for plan in reading.plans
        for column in (*plan.mapping.guessed, *plan.mapping.unknown)
    ]
    if open_columns:
        raise errors.Invalid(
            *(
                FieldError(
                    f"map.{column.heading}",
                    Reason(
                        N_("Say what the column “{heading}” is, or that it is left out."),
                        {"heading": column.heading},
                    ),
                )
                for column in open_columns
            )
        )
