"""Ledgers that were sent: kept sealed until they are committed, tried again with another map."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.core import crypto
from app.core.db import Row
from app.core.ids import new_id
from app.core.workbooks import write_rejects
from app.domain import errors
from app.domain.errors import N_
from app.domain.ledgers.families import Family
from app.domain.ledgers.rejects import Say, reject_sheets
from app.domain.permissions import Actor, Role
from app.repositories.imports import batches, lookups
from app.repositories.imports.batches import NewBatch
from app.repositories.work import Work
from app.services.imports.ground import require_importer
from app.services.imports.importing import conclude, keep_report, require_settled
from app.services.imports.report import Report
from app.services.imports.running import Progress, run
from app.services.imports.sources import Opened, Source

LONGEST_NAME = 200


def receive(
    tx: Work, source: Source, family: Family, heading_map: Mapping[str, str] | None = None
) -> UUID:
    """Keep a file, sealed, and try it: the batch then says what would happen.

    Raises Forbidden, Invalid (a file that can't be read), TooLarge.
    """
    require_importer(tx.actor, family)
    batch_id, chosen = new_id(), dict(heading_map or {})
    batches.insert_batch(
        tx,
        NewBatch(
            id=batch_id,
            family=family.value,
            file_name=source.name[:LONGEST_NAME],
            file_hash=source.digest(),
            mapping=chosen,
        ),
    )
    report, _ = _tried(tx, batch_id, source, family, chosen)
    content = source.content if isinstance(source.content, bytes) else source.content.read_bytes()
    batches.keep_upload(
        tx, batch_id, crypto.seal_bytes(tx.keys, content, bound_to=_bound(batch_id))
    )
    keep_report(tx, batch_id, report)
    return batch_id


def choose_map(
    tx: Work, batch_id: UUID, heading_map: Mapping[str, str], *, seen_version: int | None = None
) -> None:
    """Say what columns are, and try the file again. Raises NotFound, Conflict, Stale, Invalid."""
    row = _waiting(tx, batch_id, seen_version)
    chosen = dict(heading_map)
    report, _ = _tried(tx, batch_id, _source(tx, row), Family(row["family"]), chosen)
    keep_report(tx, batch_id, report, mapping=chosen)


def take_in(
    tx: Work,
    batch_id: UUID,
    *,
    accept_guesses: bool = False,
    seen_version: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Take the file: everything that can land, or nothing. The file itself is then forgotten.

    Raises NotFound, Conflict where it was taken already, Stale, Invalid (an open column).
    """
    row = _waiting(tx, batch_id, seen_version)
    batches.open_batch(tx, batch_id)
    report, opened = run(
        tx, _source(tx, row), Family(row["family"]), batch_id, row["mapping"], trial=False,
        progress=progress,
    )  # fmt: skip
    if not accept_guesses:
        require_settled(opened.reading)
    conclude(tx, batch_id, report)
    return report


def rejects(tx: Work, batch_id: UUID, say: Say) -> bytes:
    """A workbook of the rejected rows, to be mended and imported again. Who reported is in it
    only for the intake officer who uploaded the file. Raises NotFound, Conflict."""
    row = _waiting(tx, batch_id, None)
    with tx.trial():
        batches.open_batch(tx, batch_id)
        report, opened = run(
            tx, _source(tx, row), Family(row["family"]), batch_id, row["mapping"], trial=True,
            keep_rejected=True, may_lack=True,
        )  # fmt: skip
    sheets = reject_sheets(
        opened.reading, report.turned_back, say, include_sealed=may_see_reporters(tx.actor)
    )
    if not sheets:
        raise errors.NotFound(N_("No row of this file is rejected."))
    return write_rejects(sheets)


def may_see_reporters(actor: Actor) -> bool:
    """Whether a workbook of this actor's own rejected rows may tell who reported."""
    return actor.holds(Role.INTAKE_OFFICER) or actor.holds(Role.PETITIONS_HEAD)


def discard(tx: Work, batch_id: UUID, *, seen_version: int | None = None) -> None:
    """Forget a file that won't be imported. Raises NotFound, Conflict, Stale."""
    _waiting(tx, batch_id, seen_version)
    batches.forget_findings(tx, batch_id)
    batches.forget_upload(tx, batch_id)


def read(tx: Work, batch_id: UUID) -> Row:
    """The actor's own batch. Raises NotFound."""
    row = batches.own_batch(tx, batch_id)
    if row is None:
        raise errors.NotFound
    return row


def list_own(tx: Work, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    return batches.own_batches(tx, after=after, limit=limit)


def rows(
    tx: Work,
    batch_id: UUID,
    *,
    verdict: str | None,
    after: tuple[str, int] | None,
    limit: int,
) -> list[Row]:
    """Rows that were not simply taken, in the order of the file. Raises NotFound."""
    read(tx, batch_id)
    return batches.findings(tx, batch_id, verdict=verdict, after=after, limit=limit)


def _tried(
    tx: Work, batch_id: UUID, source: Source, family: Family, heading_map: Mapping[str, str]
) -> tuple[Report, Opened]:
    with tx.trial():
        batches.open_batch(tx, batch_id)
        report, opened = run(tx, source, family, batch_id, heading_map, trial=True, may_lack=True)
        lookups.check_now(tx)
    return report, opened


def _waiting(tx: Work, batch_id: UUID, seen_version: int | None) -> Row:
    """The actor's own batch that waits to be committed, locked."""
    row = batches.own_batch(tx, batch_id, lock=True)
    if row is None:
        raise errors.NotFound
    require_importer(tx.actor, Family(row["family"]))
    if row["committed_at"] is not None:
        raise errors.Conflict(N_("This file was imported already."))
    if seen_version is not None and row["version"] != seen_version:
        raise errors.Stale
    if not row["held"]:
        raise errors.Conflict(N_("This file is no longer kept: upload it again."))
    return row


def _source(tx: Work, row: Row) -> Source:
    sealed = batches.upload(tx, row["id"])
    if sealed is None:
        raise errors.Conflict(N_("This file is no longer kept: upload it again."))
    content = crypto.unseal_bytes(tx.keys, sealed, bound_to=_bound(row["id"]))
    return Source(content, row["file_name"])


def _bound(batch_id: UUID) -> str:
    return f"upload:{batch_id}"
