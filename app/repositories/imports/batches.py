"""Batches: one file that was read, with what was said about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from app.core.db import Row
from app.models.columns import table_of
from app.models.imports import ImportBatch, ImportUpload
from app.repositories.work import Work

_BATCHES = table_of(ImportBatch)
_UPLOADS = table_of(ImportUpload)


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """What a batch begins with."""

    id: UUID
    family: str
    file_name: str
    file_hash: bytes
    mapping: Mapping[str, str]


def insert_batch(tx: Work, new: NewBatch) -> None:
    tx.insert(
        _BATCHES,
        id=new.id,
        family=new.family,
        file_name=new.file_name,
        file_hash=new.file_hash,
        made_by=tx.actor.account_id,
        mapping=dict(new.mapping),
        happened_on=tx.today,
    )


def open_batch(tx: Work, batch_id: UUID) -> None:
    """From here on this transaction imports."""
    tx.value("SELECT set_config('plumbline.batch', %(id)s, true)", {"id": str(batch_id)})


def keep_upload(tx: Work, batch_id: UUID, sealed: bytes) -> None:
    """The file of a batch that waits, already sealed."""
    tx.insert(_UPLOADS, batch_id=batch_id, sealed=sealed)


def upload(tx: Work, batch_id: UUID) -> bytes | None:
    """The sealed file; None once the batch was committed, or lay for a week."""
    found = tx.value("SELECT sealed FROM import_upload WHERE batch_id = %(id)s", {"id": batch_id})
    return None if found is None else bytes(found)


def forget_upload(tx: Work, batch_id: UUID) -> None:
    tx.run(delete(_UPLOADS).where(_UPLOADS.c.batch_id == batch_id))


def change_batch(tx: Work, batch_id: UUID, **columns: object) -> None:
    """Raises Stale where the batch is another's, or was committed already."""
    tx.change(
        update(_BATCHES)
        .where(
            _BATCHES.c.id == batch_id,
            _BATCHES.c.made_by == tx.actor.account_id,
            _BATCHES.c.committed_at.is_(None),
        )
        .values(version=_BATCHES.c.version + 1, **columns)
    )


_HEAD = """
SELECT b.id, b.family, b.file_name, a.name AS made_by_name, b.mapping, s.report, b.cut_off,
       b.rows, s.accepted, s.warned, s.rejected, s.known, b.version, b.happened_on,
       b.committed_at, b.recorded_at,
       EXISTS (SELECT 1 FROM import_upload u WHERE u.batch_id = b.id) AS held
  FROM import_batch b JOIN account a ON a.id = b.made_by
 CROSS JOIN LATERAL guard.import_said(b.id) s
 WHERE b.made_by = %(me)s
"""


def own_batch(tx: Work, batch_id: UUID, *, lock: bool = False) -> Row | None:
    """The actor's own. With `lock` nobody else changes it until the transaction ends."""
    if lock:
        tx.value("SELECT pg_advisory_xact_lock(hashtextextended(%(id)s, 0))", {"id": str(batch_id)})
    return tx.row(f"{_HEAD} AND b.id = %(id)s", {"id": batch_id, "me": tx.actor.account_id})


def own_batches(tx: Work, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """The newest first."""
    at, batch_id = after or (None, None)
    return tx.rows(
        f"{_HEAD} AND (%(at)s::timestamptz IS NULL"
        "   OR (b.recorded_at, b.id) < (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY b.recorded_at DESC, b.id DESC LIMIT %(limit)s",
        {"me": tx.actor.account_id, "at": at, "id": batch_id, "limit": limit},
    )


def forget_findings(tx: Work, batch_id: UUID) -> None:
    tx.value("SELECT guard.forget_findings(%(id)s)", {"id": batch_id})


def findings(
    tx: Work,
    batch_id: UUID,
    *,
    verdict: str | None,
    after: tuple[str, int] | None,
    limit: int,
) -> list[Row]:
    """Rows that something was said about, in the order of the file."""
    sheet, row = after or ("", -1)
    return tx.rows(
        "SELECT f.id, f.sheet, f.row, f.verdict, f.findings FROM import_finding f"
        " WHERE f.batch_id = %(batch)s AND (%(verdict)s::text IS NULL OR f.verdict = %(verdict)s)"
        '   AND (f.sheet COLLATE "C", f.row) > (%(sheet)s, %(row)s)'
        ' ORDER BY f.sheet COLLATE "C", f.row LIMIT %(limit)s',
        {"batch": batch_id, "verdict": verdict, "sheet": sheet, "row": row, "limit": limit},
    )


def as_json(value: object) -> str:
    """JSON text for a column that is copied in."""
    return json.dumps(value, ensure_ascii=False, default=str)
