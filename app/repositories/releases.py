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


def of_petition(tx: Work, petition_id: UUID) -> list[Row]:
    """Everything of one petition, for who asked, decides or keeps it; oldest first."""
    return tx.rows(
        "SELECT r.* FROM guard.releases('petition', %(petition)s) r ORDER BY r.requested_at, r.id",
        {"petition": petition_id},
    )


def waiting(tx: Work) -> list[Row]:
    """What waits for the actor's decision, what they asked for that waits, and what they may
    read; oldest first."""
    return tx.rows("SELECT r.* FROM guard.releases('desk', NULL) r ORDER BY r.requested_at, r.id")


def every(tx: Work, *, limit: int) -> list[Row]:
    """What the actor asked for or decides on, ended too; newest first."""
    return tx.rows(
        "SELECT r.* FROM guard.releases('all', NULL) r"
        " ORDER BY r.requested_at DESC, r.id LIMIT %(limit)s",
        {"limit": limit},
    )


def asked_through(tx: Work, petition_id: UUID) -> Row | None:
    """`matter_id` through which the actor may ask for what is sealed of a petition, and whether it
    is `named`; None where they may not."""
    return tx.row("SELECT * FROM guard.asked_through(%(id)s)", {"id": petition_id})


def behind(tx: Work, matter_id: UUID) -> list[Row]:
    """The petitions from which a lead or case came, as far as the actor may ask for what is sealed
    of them: `petition_id`, `number`, `named`, `received_on`."""
    return tx.rows("SELECT * FROM guard.petitions_behind(%(id)s)", {"id": matter_id})


def read(tx: Work, release_id: UUID) -> Row:
    """What was released, still sealed; the reading is an event. Raises NotFound, Conflict."""
    row = tx.row("SELECT * FROM guard.read_released(%(id)s)", {"id": release_id})
    if row is None:
        raise RuntimeError("the guard lets nothing through without a row")
    return row
