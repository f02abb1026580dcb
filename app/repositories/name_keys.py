"""Keys and places of names that have none yet: those entered before there were any."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.core.db import Transaction
from app.domain import name_keys
from app.domain.name_order import by_pinyin, by_strokes

_TITLED = 4  # characters at least of a name with something around it


def act_as_guard(tx: Transaction) -> None:
    """Until the end of the transaction. Row security shows the database's owner no name."""
    tx.execute("SET LOCAL ROLE plumbline_guard")


def without(tx: Transaction, *, after: UUID, limit: int) -> dict[UUID, str]:
    """The names of the next persons without keys or places, by id; also without those of the
    plain name, where a title or brackets stand around it."""
    found = tx.rows(
        "SELECT p.id, p.name FROM person p WHERE p.id > %(after)s"
        "   AND NOT EXISTS (SELECT 1 FROM person_key k"
        "                    WHERE k.person_id = p.id AND k.pinyin IS NOT NULL"
        "                      AND (char_length(p.name) < %(titled)s"
        "                           OR k.keys @> ARRAY[%(whole)s || guard.bare_name(p.name)]))"
        " ORDER BY p.id LIMIT %(limit)s",
        {"after": after, "limit": limit, "titled": _TITLED, "whole": name_keys.WHOLE},
    )
    return {row["id"]: row["name"] for row in found}


def keep(tx: Transaction, names: Mapping[UUID, str]) -> None:
    """Raises nothing where somebody wrote them meanwhile."""
    with tx.driver.cursor() as cursor:
        cursor.executemany(
            b"INSERT INTO person_key (person_id, keys, pinyin, strokes) VALUES (%s, %s, %s, %s)"
            b" ON CONFLICT (person_id) DO UPDATE"
            b" SET keys = excluded.keys, pinyin = excluded.pinyin, strokes = excluded.strokes",
            [
                (person_id, name_keys.keys(name), by_pinyin(name), by_strokes(name))
                for person_id, name in names.items()
            ],
        )
