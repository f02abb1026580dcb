"""Drafts: the actor's own, by the address of their form."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from app.core.db import Row
from app.models.drafts import Draft
from app.repositories.work import Work

_ROW = (
    "SELECT d.id, d.address, d.matter_id, d.sealed, d.version, d.saved_at, m.number, m.kind"
    "  FROM draft d LEFT JOIN matter m ON m.id = d.matter_id"
    " WHERE d.account_id = %(me)s AND d.thrown_away_at IS NULL"
)
# How long what was thrown away can be brought back.
_BACK = "interval '1 hour'"


def draft(tx: Work, draft_id: UUID) -> Row | None:
    return tx.row(_ROW + " AND d.id = %(id)s", {"me": tx.actor.account_id, "id": draft_id})


def begun_at(tx: Work, address: str) -> list[Row]:
    """The actor's drafts of one form, newest first."""
    return tx.rows(
        _ROW + " AND d.address = %(address)s ORDER BY d.saved_at DESC, d.id DESC",
        {"me": tx.actor.account_id, "address": address},
    )


def mine(tx: Work, *, limit: int) -> list[Row]:
    return tx.rows(
        _ROW + " ORDER BY d.saved_at DESC, d.id DESC LIMIT %(limit)s",
        {"me": tx.actor.account_id, "limit": limit},
    )


def count(tx: Work) -> int:
    return int(
        tx.value(
            "SELECT count(*) FROM draft WHERE account_id = %(me)s AND thrown_away_at IS NULL",
            {"me": tx.actor.account_id},
        )
    )


def insert(
    tx: Work, *, draft_id: UUID, address: str, matter_id: UUID | None, sealed: bytes
) -> None:
    tx.insert(
        Draft,
        id=draft_id,
        account_id=tx.actor.account_id,
        address=address,
        matter_id=matter_id,
        sealed=sealed,
    )


def replace(tx: Work, *, draft_id: UUID, address: str, version: int, sealed: bytes) -> bool:
    """False where another window saved it since this `version`, it is gone, or of another form."""
    found = tx.run(
        sa.update(Draft)
        .where(
            sa.column("id") == draft_id,
            sa.column("account_id") == tx.actor.account_id,
            sa.column("address") == address,
            sa.column("version") == version,
            sa.column("thrown_away_at").is_(None),
        )
        .values(sealed=sealed, version=version + 1, saved_at=sa.func.now())
    )
    return found.rowcount == 1


def delete(tx: Work, draft_id: UUID) -> None:
    """The actor's own; that it is gone already is no fault."""
    tx.run(
        sa.delete(Draft).where(
            sa.column("id") == draft_id, sa.column("account_id") == tx.actor.account_id
        )
    )


def throw_away(tx: Work, draft_id: UUID) -> bool:
    """The actor's own; what they threw away longer ago goes for good. False where it is gone."""
    values = {"me": tx.actor.account_id, "id": draft_id}
    tx.execute(
        f"DELETE FROM draft WHERE account_id = %(me)s AND thrown_away_at < now() - {_BACK}", values
    )
    met = tx.execute(
        "UPDATE draft SET thrown_away_at = now()"
        " WHERE account_id = %(me)s AND id = %(id)s AND thrown_away_at IS NULL",
        values,
    )
    return met == 1


def bring_back(tx: Work, draft_id: UUID) -> str | None:
    """Its form's address; None where it was thrown away too long ago, or isn't the actor's."""
    values = {"me": tx.actor.account_id, "id": draft_id}
    met = tx.execute(
        "UPDATE draft SET thrown_away_at = NULL, version = version + 1"
        f" WHERE account_id = %(me)s AND id = %(id)s AND thrown_away_at > now() - {_BACK}",
        values,
    )
    found = draft(tx, draft_id) if met else None
    return found["address"] if found else None


def keep_for_former(
    tx: Work, *, session: str, draft_id: UUID, address: str, sealed: bytes, most: int
) -> bool:
    """For whoever's session this was, if it just grew idle or ran out. False for any other."""
    kept: bool = tx.value(
        "SELECT guard.keep_for_former(%(session)s, %(id)s, %(address)s, %(sealed)s, %(most)s)",
        {
            "session": session,
            "id": draft_id,
            "address": address,
            "sealed": sealed,
            "most": most,
        },
    )
    return kept
