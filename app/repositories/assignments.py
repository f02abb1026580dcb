"""Sendings of several matters to be assigned at once, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core.db import Row
from app.core.ids import new_id
from app.domain.kinds import Kind
from app.models.assignments import AssignedMatter
from app.models.columns import table_of
from app.repositories.titles import title
from app.repositories.work import Work

_ITEM = table_of(AssignedMatter)


def begin(tx: Work, *, key: str, digest: bytes, kind: str, event: str) -> UUID | None:
    """None where this key was begun already. Waits for a transaction that just begins it."""
    found: UUID | None = tx.value(
        "INSERT INTO assignment (id, account_id, key, digest, kind, event)"
        " VALUES (%(id)s, %(me)s, %(key)s, %(digest)s, %(kind)s, %(event)s)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {"id": new_id(), "me": tx.actor.account_id, "key": key, "digest": digest,
         "kind": kind, "event": event},
    )  # fmt: skip
    return found


def known(tx: Work, key: str) -> Row | None:
    return tx.row(
        "SELECT id, digest FROM assignment WHERE account_id = %(me)s AND key = %(key)s",
        {"me": tx.actor.account_id, "key": key},
    )


def insert_items(tx: Work, assignment_id: UUID, items: Sequence[tuple[UUID, int | None]]) -> None:
    """In their order; of what the actor can't see only that there was something."""
    tx.execute(
        "INSERT INTO assigned_matter (id, assignment_id, position, matter_id, seen_version)"
        " SELECT i.id, %(assignment)s, i.position, m.id, i.version"
        "   FROM unnest(%(ids)s::uuid[], %(matters)s::uuid[], %(versions)s::integer[])"
        "        WITH ORDINALITY i(id, matter_id, version, position)"
        "   LEFT JOIN matter m ON m.id = i.matter_id AND EXISTS (SELECT 1 FROM assignment a"
        "        WHERE a.id = %(assignment)s AND a.kind IN (m.kind, 'any'))",
        {"assignment": assignment_id, "ids": [new_id() for _ in items],
         "matters": [each[0] for each in items], "versions": [each[1] for each in items]},
    )  # fmt: skip


def waiting(tx: Work, assignment_id: UUID) -> list[UUID]:
    """The items that nothing became of yet."""
    rows = tx.rows(
        "SELECT id FROM assigned_matter WHERE assignment_id = %(id)s AND outcome IS NULL"
        " ORDER BY position",
        {"id": assignment_id},
    )
    return [row["id"] for row in rows]


def take(tx: Work, item_id: UUID) -> Row | None:
    """Locks one that waits; None where somebody else took it, or it is out of sight."""
    return tx.row(
        "SELECT id, matter_id, seen_version FROM assigned_matter"
        " WHERE id = %(id)s AND outcome IS NULL FOR UPDATE",
        {"id": item_id},
    )


def settle(tx: Work, item_id: UUID, outcome: str, problem: dict[str, Any] | None = None) -> None:
    tx.change(
        sa.update(_ITEM)
        .where(_ITEM.c.id == item_id, _ITEM.c.outcome.is_(None))
        .values(outcome=outcome, problem=problem)
    )


def one(tx: Work, assignment_id: UUID) -> Row | None:
    return tx.row(
        "SELECT id, kind, event, begun_at FROM assignment"
        " WHERE id = %(id)s AND account_id = %(me)s",
        {"id": assignment_id, "me": tx.actor.account_id},
    )


def items(tx: Work, assignment_id: UUID) -> list[Row]:
    """Each with its number and title, where the actor sees one."""
    return tx.rows(
        "SELECT i.id, i.position, i.matter_id, i.outcome, i.problem, m.number, m.kind,"
        f"       {title()} AS title,"
        "       m.effective, m.state, m.version"
        "  FROM assigned_matter i LEFT JOIN matter m ON m.id = i.matter_id"
        " WHERE i.assignment_id = %(id)s ORDER BY i.position",
        {"id": assignment_id},
    )


def recent(tx: Work, kind: Kind, *, limit: int) -> list[Row]:
    return tx.rows(
        "SELECT a.id, a.event, a.begun_at, count(i.id) AS matters FROM assignment a"
        "  LEFT JOIN assigned_matter i ON i.assignment_id = a.id"
        " WHERE a.account_id = %(me)s AND a.kind = %(kind)s GROUP BY a.id"
        " ORDER BY a.begun_at DESC, a.id LIMIT %(limit)s",
        {"me": tx.actor.account_id, "kind": kind.value, "limit": limit},
    )
