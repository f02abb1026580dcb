"""Keys of names that have none yet: those entered before there were keys."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.core.db import Transaction


def act_as_guard(tx: Transaction) -> None:
    """Until the end of the transaction. Row security shows the database's owner no name."""
    tx.execute("SET LOCAL ROLE plumbline_guard")


def without(tx: Transaction, *, after: UUID, limit: int) -> dict[UUID, str]:
    """The names of the next persons without keys, by id."""
    found = tx.rows(
        "SELECT p.id, p.name FROM person p WHERE p.id > %(after)s"
        "   AND NOT EXISTS (SELECT 1 FROM person_key k WHERE k.person_id = p.id)"
        " ORDER BY p.id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
    return {row["id"]: row["name"] for row in found}


def keep(tx: Transaction, keys: Mapping[UUID, list[str]]) -> None:
    """Raises nothing where somebody wrote them meanwhile."""
    with tx.driver.cursor() as cursor:
        cursor.executemany(
            b"INSERT INTO person_key (person_id, keys) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            list(keys.items()),
        )
