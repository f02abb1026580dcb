"""Releases of what is sealed of a petition; all of it through functions of the guard."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.repositories.work import Work


def insert(tx: Work, petition_id: UUID, *, reporter: bool, wording: bool, reason: str) -> UUID:
    """Raises NotFound where the petition is hidden, Conflict for who may read it anyhow."""
    release_id = new_id()
    tx.value(
        "SELECT guard.ask_release(%(id)s, %(petition)s, %(reporter)s, %(wording)s, %(reason)s)",
        {
            "id": release_id,
            "petition": petition_id,
            "reporter": reporter,
            "wording": wording,
            "reason": reason,
        },
    )
    return release_id


def decide(
    tx: Work, release_id: UUID, *, approved: bool, decision: str, until: datetime | None
) -> None:
    """Raises NotFound where it isn't the actor's to decide, Conflict where it can't be given."""
    tx.value(
        "SELECT guard.decide_release(%(id)s, %(approved)s, %(decision)s, %(until)s)",
        {"id": release_id, "approved": approved, "decision": decision, "until": until},
    )


def end(tx: Work, release_id: UUID) -> bool:
    return bool(tx.value("SELECT guard.end_release(%(id)s)", {"id": release_id}))


def found(tx: Work, petition_id: UUID | None = None) -> list[Row]:
    """Of one petition, or what waits for the actor and what they may read; oldest first."""
    return tx.rows(
        "SELECT r.*, m.number, m.title, m.effective, m.kind"
        "  FROM guard.releases(%(petition)s) r JOIN matter m ON m.id = r.petition_id"
        " ORDER BY r.requested_at, r.id",
        {"petition": petition_id},
    )


def read(tx: Work, release_id: UUID) -> Row:
    """What was released, still sealed; the reading is an event. Raises NotFound, Conflict."""
    row = tx.row("SELECT * FROM guard.read_released(%(id)s)", {"id": release_id})
    if row is None:
        raise RuntimeError("the guard lets nothing through without a row")
    return row
