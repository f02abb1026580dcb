"""Answers that were given under a key, to be given again."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core.db import Row
from app.models.records import IdempotentAnswer
from app.repositories.work import Work


def forget(tx: Work, *, older_than: timedelta) -> None:
    """The actor's own."""
    tx.run(
        sa.delete(IdempotentAnswer).where(
            sa.column("account_id") == tx.actor.account_id,
            sa.column("recorded_at") < sa.func.now() - older_than,
        )
    )


def drop(tx: Work, *, key: str) -> None:
    tx.run(
        sa.delete(IdempotentAnswer).where(
            sa.column("account_id") == tx.actor.account_id, sa.column("key") == key
        )
    )


def reserve(tx: Work, *, key: str, route: str, body_hash: bytes) -> bool:
    """False where the key is taken. Waits for a transaction that is just taking it."""
    taken = tx.value(
        "INSERT INTO idempotent_answer (account_id, key, route, body_hash)"
        " VALUES (%(account)s, %(key)s, %(route)s, %(hash)s)"
        " ON CONFLICT DO NOTHING RETURNING true",
        {"account": tx.actor.account_id, "key": key, "route": route, "hash": body_hash},
    )
    return taken is not None


def answer(tx: Work, *, key: str) -> Row | None:
    return tx.row(
        "SELECT route, body_hash, status, answer, headers, recorded_at FROM idempotent_answer"
        " WHERE account_id = %(account)s AND key = %(key)s",
        {"account": tx.actor.account_id, "key": key},
    )


def keep(
    tx: Work, *, key: str, status: int, answer: dict[str, Any], headers: dict[str, str]
) -> None:
    tx.change(
        sa.update(IdempotentAnswer)
        .where(
            sa.column("account_id") == tx.actor.account_id,
            sa.column("key") == key,
        )
        .values(status=status, answer=answer, headers=headers)
    )
