"""Batches: one file that was read, with what was said about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update

from app.core.db import Row
from app.models.columns import table_of
from app.models.imports import ImportBatch, ImportFinding
from app.repositories.work import Work

_BATCHES = table_of(ImportBatch)
_FINDINGS = table_of(ImportFinding)


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """`uploaded` is the file, sealed; None where it is imported at once and never kept."""

    id: UUID
    family: str
    file_name: str
    file_hash: bytes
    uploaded: bytes | None
    mapping: Mapping[str, str]


def insert_batch(tx: Work, new: NewBatch) -> None:
    tx.run(
        insert(_BATCHES).values(
            id=new.id,
            family=new.family,
            file_name=new.file_name,
            file_hash=new.file_hash,
            made_by=tx.actor.account_id,
            uploaded=new.uploaded,
            mapping=dict(new.mapping),
            happened_on=tx.today,
        )
    )


def open_batch(tx: Work, batch_id: UUID) -> None:
    """From here on this transaction imports."""
    tx.value("SELECT set_config('plumbline.batch', %(id)s, true)", {"id": str(batch_id)})


def change_batch(tx: Work, batch_id: UUID, **columns: object) -> None:
    """Raises Stale where the batch is another's, or was committed already."""
    tx.change(
        update(_BATCHES)
        .where(
            _BATCHES.c.id == batch_id,
            _BATCHES.c.made_by == tx.actor.account_id,
            _BATCHES.c.committed_at.is_(None),
        )
        .values(**columns)
    )


_HEAD = """
SELECT b.id, b.family, b.file_name, b.made_by, a.name AS made_by_name, b.mapping, b.report,
       b.cut_off, b.rows, b.accepted, b.warned, b.rejected, b.happened_on, b.committed_at,
       b.recorded_at, b.file_hash, b.uploaded IS NOT NULL AS held
  FROM import_batch b JOIN account a ON a.id = b.made_by
"""


def batch(tx: Work, batch_id: UUID) -> Row | None:
    return tx.row(f"{_HEAD} WHERE b.id = %(id)s", {"id": batch_id})


def own_batch(tx: Work, batch_id: UUID, *, lock: bool = False) -> Row | None:
    """The actor's own, with the sealed file. With `lock` nobody else commits it meanwhile."""
    if lock:
        tx.value("SELECT pg_advisory_xact_lock(hashtextextended(%(id)s, 0))", {"id": str(batch_id)})
    return tx.row(
        f"SELECT x.*, b.uploaded FROM ({_HEAD}) x JOIN import_batch b ON b.id = x.id"
        " WHERE x.id = %(id)s AND x.made_by = %(me)s",
        {"id": batch_id, "me": tx.actor.account_id},
    )


def batches(tx: Work, *, limit: int) -> list[Row]:
    """The newest first."""
    return tx.rows(f"{_HEAD} ORDER BY b.recorded_at DESC, b.id DESC LIMIT %(limit)s",
                   {"limit": limit})  # fmt: skip


def forget_findings(tx: Work, batch_id: UUID) -> None:
    tx.run(delete(_FINDINGS).where(_FINDINGS.c.batch_id == batch_id))


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


def report_of(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = row["report"]
    return found
