"""Walls as the guard keeps them: declared, decided, and asked of the register."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.models.walls import Relative
from app.repositories.work import Work


def declare(tx: Work, matter_id: UUID, reason: str) -> None:
    """The actor keeps off from now on, and sees the matter no more. Raises NotFound."""
    tx.value(
        "SELECT guard.declare_wall(%(matter)s, %(reason)s, %(day)s)",
        {"matter": matter_id, "reason": reason, "day": tx.today},
    )


def decide(tx: Work, matter_id: UUID, account_id: UUID, request_id: UUID) -> None:
    """Somebody keeps off by an approved request that names them. Raises NotFound."""
    tx.value(
        "SELECT guard.decide_wall(%(matter)s, %(account)s, %(request)s, %(day)s)",
        {"matter": matter_id, "account": account_id, "request": request_id, "day": tx.today},
    )


def on_matter(tx: Work, matter_id: UUID) -> list[Row]:
    """Who keeps off, by name; nothing for whoever doesn't work on the matter."""
    return tx.rows(
        'SELECT w.account_id, w.name FROM guard.walls_on(%(id)s) w ORDER BY w.name COLLATE "C"',
        {"id": matter_id},
    )


def insert_relative(tx: Work, person_id: UUID, relative_id: UUID, kinship: str) -> UUID:
    relative = new_id()
    tx.insert(
        Relative,
        id=relative,
        person_id=person_id,
        relative_id=relative_id,
        kinship=kinship,
        declared_by=tx.actor.account_id,
        declared_on=tx.today,
    )
    return relative


def relatives(tx: Work, person_id: UUID) -> list[Row]:
    """Near relatives that stand, from either side; `kinship` as it was declared, `reverse` where
    the other one declared it."""
    return tx.rows(
        "SELECT r.id, r.kinship, r.declared_on, r.relative_id = %(id)s AS reverse,"
        "       p.id AS person_id, p.name, u.name AS unit_name"
        "  FROM relative r JOIN person p"
        "    ON p.id = CASE WHEN r.person_id = %(id)s THEN r.relative_id ELSE r.person_id END"
        "  LEFT JOIN unit u ON u.id = p.unit_id"
        " WHERE %(id)s IN (r.person_id, r.relative_id) AND r.ended_on IS NULL"
        ' ORDER BY p.name COLLATE "C", r.id',
        {"id": person_id},
    )


def end_relative(tx: Work, person_id: UUID, relative_id: UUID) -> int:
    """How many rows it met: none where it doesn't stand, or is none of this person's."""
    return tx.execute(
        "UPDATE relative SET ended_on = %(day)s WHERE id = %(id)s AND ended_on IS NULL"
        "   AND %(person)s IN (person_id, relative_id)",
        {"day": tx.today, "id": relative_id, "person": person_id},
    )
