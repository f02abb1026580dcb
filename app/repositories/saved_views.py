"""Views that the actor keeps under a name."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from app.core.db import Row
from app.domain.kinds import Kind
from app.models.saved_views import SavedView
from app.repositories.work import Work


def mine(tx: Work, kind: Kind) -> list[Row]:
    """In the order in which they were kept."""
    return tx.rows(
        "SELECT id, name, query FROM saved_view WHERE account_id = %(me)s AND kind = %(kind)s"
        " ORDER BY saved_at, id",
        {"me": tx.actor.account_id, "kind": kind.value},
    )


def one(tx: Work, view_id: UUID) -> Row | None:
    return tx.row(
        "SELECT id, kind, name, query FROM saved_view WHERE id = %(id)s AND account_id = %(me)s",
        {"id": view_id, "me": tx.actor.account_id},
    )


def every(tx: Work) -> list[Row]:
    return tx.rows(
        "SELECT id, kind, name, query FROM saved_view WHERE account_id = %(me)s"
        " ORDER BY kind, saved_at, id",
        {"me": tx.actor.account_id},
    )


def insert(tx: Work, *, view_id: UUID, kind: Kind, name: str, query: str) -> None:
    tx.insert(
        SavedView,
        id=view_id,
        account_id=tx.actor.account_id,
        kind=kind.value,
        name=name,
        query=query,
    )


def replace(tx: Work, *, kind: Kind, name: str, query: str) -> bool:
    """What this name stands for from now on; False where nothing has it."""
    found = tx.run(
        sa.update(SavedView)
        .where(
            sa.column("account_id") == tx.actor.account_id,
            sa.column("kind") == kind.value,
            sa.column("name") == name,
        )
        .values(query=query)
    )
    return found.rowcount == 1


def delete(tx: Work, view_id: UUID) -> Row | None:
    """The one that went, None where it isn't the actor's."""
    return tx.row(
        "DELETE FROM saved_view WHERE id = %(id)s AND account_id = %(me)s"
        " RETURNING kind, name, query",
        {"id": view_id, "me": tx.actor.account_id},
    )
