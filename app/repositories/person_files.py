"""A person's file: opening it, who did, and the former posts in it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.models.person_files import FormerPost
from app.repositories.work import Work


def open_file(tx: Work, person_id: UUID, reason: str | None) -> None:
    """Until an hour from now, in this session. Raises NotFound, FileClosed where a reason is
    missing, Forbidden for one's own."""
    tx.value(
        "SELECT guard.open_file(%(id)s, %(person)s, %(reason)s)",
        {"id": new_id(), "person": person_id, "reason": reason},
    )


def openings(
    tx: Work,
    person_id: UUID | None,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Row]:
    """One's own, and those that one supervises; the latest first. `number` only where the matter
    by which a file was opened may be seen."""
    at, last = after or (None, None)
    return tx.rows(
        """
        SELECT o.*, m.number
          FROM guard.openings(%(person)s, %(at)s, %(last)s, %(limit)s) o
          LEFT JOIN matter m ON m.id = o.matter_id
         ORDER BY o.opened_at DESC, o.id DESC
        """,
        {"person": person_id, "at": at, "last": last, "limit": limit},
    )


def insert_post(tx: Work, person_id: UUID, values: dict[str, object]) -> UUID:
    post_id = new_id()
    tx.insert(
        FormerPost,
        id=post_id,
        person_id=person_id,
        recorded_by=tx.actor.account_id,
        recorded_on=tx.today,
        **values,
    )
    return post_id


def posts(tx: Work, person_id: UUID) -> list[Row]:
    """The latest first; of those without months nothing is known."""
    return tx.rows(
        "SELECT f.id, f.unit_id, coalesce(u.name, f.place) AS place, f.position, f.begins, f.ends"
        "  FROM former_post f LEFT JOIN unit u ON u.id = f.unit_id"
        " WHERE f.person_id = %(id)s AND f.withdrawn_on IS NULL"
        " ORDER BY coalesce(f.ends, f.begins) DESC NULLS LAST, f.id",
        {"id": person_id},
    )


def withdraw_post(tx: Work, person_id: UUID, post_id: UUID) -> int:
    """How many rows it met."""
    return tx.execute(
        "UPDATE former_post SET withdrawn_on = %(day)s"
        " WHERE id = %(id)s AND person_id = %(person)s AND withdrawn_on IS NULL",
        {"day": tx.today, "id": post_id, "person": person_id},
    )
