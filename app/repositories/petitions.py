"""Petitions, and the sealed row beside each named one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.core.crypto import Envelope
from app.core.db import Row
from app.models.columns import table_of
from app.models.petitions import Petition, ReporterIdentity
from app.repositories.work import Work

_PETITIONS = table_of(Petition)


def insert_petition(
    tx: Work,
    petition_id: UUID,
    *,
    received_on: date,
    channel: str,
    class_: str,
    named: bool,
    place: str | None,
    content: str,
    backlog: bool,
) -> None:
    tx.insert(
        _PETITIONS,
        **{"class": class_},
        id=petition_id,
        received_on=received_on,
        channel=channel,
        named=named,
        place=place,
        content=content,
        backlog=backlog,
    )


def insert_reporter(tx: Work, petition_id: UUID, envelope: Envelope) -> None:
    """`envelope` holds name and contact, bound to the petition."""
    tx.insert(
        ReporterIdentity,
        petition_id=petition_id,
        key_id=envelope.key_id,
        wrapped=envelope.wrapped,
        sealed=envelope.sealed,
    )


def read_reporter(tx: Work, petition_id: UUID) -> Envelope | None:
    """The sealed identity, for intake of that petition only; the reading is an event.

    Raises NotFound for everybody else.
    """
    row = tx.row("SELECT * FROM guard.read_reporter(%(id)s)", {"id": petition_id})
    return None if row is None else envelope(row)


def envelope(row: Row) -> Envelope:
    """The sealed identity in a row of `key_id`, `wrapped` and `sealed`."""
    wrapped = None if row["wrapped"] is None else bytes(row["wrapped"])
    return Envelope(row["key_id"], wrapped, bytes(row["sealed"]))


def change_petition(tx: Work, petition_id: UUID, **columns: object) -> None:
    """Raises Stale where the petition is not the actor's to change."""
    tx.change(update(_PETITIONS).where(_PETITIONS.c.id == petition_id).values(**columns))


def erase_sealed(tx: Work, petition_id: UUID, request_id: UUID) -> None:
    """What was typed of a report that goes up on paper goes, here and in its events; a blind
    count stays. `request_id` is the approved request to seal it."""
    tx.value(
        "SELECT guard.erase_sealed(%(id)s, %(request)s)",
        {"id": petition_id, "request": request_id},
    )
