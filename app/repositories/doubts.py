"""Ledger doubts: rows taken as written though they contradict a rule."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.core.db import Row
from app.models.columns import table_of
from app.models.imports import Doubt
from app.repositories.work import Work

_DOUBTS = table_of(Doubt)

# sql: fragments are constants, values are parameters
_DOUBT = """
SELECT d.id, d.rule, d.row, d.values, d.settled_on, d.settlement, d.explanation, d.version,
       d.recorded_at, s.name AS settled_by_name, m.id AS matter_id, m.kind, m.number, m.effective,
       CASE WHEN (SELECT guard.reads_content()) THEN m.title ELSE '' END AS title,
       u.name AS unit_name, b.file_name, b.family,
       CASE WHEN (SELECT guard.reads_content()) THEN p.name END AS person_name
  FROM doubt d
  LEFT JOIN matter m ON m.id = d.matter_id
  LEFT JOIN unit u ON u.id = m.unit_id
  LEFT JOIN person p ON p.id = d.person_id
  LEFT JOIN account s ON s.id = d.settled_by
  LEFT JOIN import_batch b ON b.id = d.batch_id
"""


def doubts(
    tx: Work,
    *,
    rule: str | None,
    settled: bool,
    after: UUID | None,
    limit: int,
) -> list[Row]:
    """What the reader may see of them, in the order in which they were found."""
    return tx.rows(
        f"{_DOUBT} WHERE (d.settled_on IS NOT NULL) = %(settled)s"
        "   AND (%(rule)s::text IS NULL OR d.rule = %(rule)s)"
        "   AND (%(after)s::uuid IS NULL OR d.id > %(after)s)"
        " ORDER BY d.id LIMIT %(limit)s",
        {"rule": rule, "settled": settled, "after": after, "limit": limit},
    )


def counts(tx: Work) -> list[Row]:
    """Open doubts by rule, as far as the reader may see them."""
    return tx.rows(
        "SELECT d.rule, count(*) AS open FROM doubt d WHERE d.settled_on IS NULL"
        " GROUP BY d.rule ORDER BY d.rule"
    )


def doubt(tx: Work, doubt_id: UUID) -> Row | None:
    return tx.row(f"{_DOUBT} WHERE d.id = %(id)s", {"id": doubt_id})


def settle(
    tx: Work, doubt_id: UUID, *, version: int, day: date, settlement: str, explanation: str
) -> None:
    """Raises Stale where somebody settled it before, or it is not the actor's to settle."""
    tx.change(
        update(_DOUBTS)
        .where(
            _DOUBTS.c.id == doubt_id,
            _DOUBTS.c.version == version,
            _DOUBTS.c.settled_on.is_(None),
        )
        .values(
            settled_on=day,
            settled_by=tx.actor.account_id,
            settlement=settlement,
            explanation=explanation,
            version=version + 1,
        )
    )
