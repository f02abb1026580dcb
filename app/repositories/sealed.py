"""Everything that a key of the key file seals, for the owner: found by its key, and sealed anew.

A table that keeps something sealed has a line here, else its keys could never be retired.
"""

# sql: names of tables and columns are those of COLUMNS below; ids and keys go in as parameters
from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.core import db

FIRST = UUID(int=0)


@dataclass(frozen=True)
class Column:
    """Where sealed values stand. `wrapped` where each is under a data key of its own; else the
    value begins with the id of its key. `bound_to` is what it opens for, with the row's id."""

    what: str
    table: str
    id: str
    sealed: str
    bound_to: str
    wrapped: bool = False

    @property
    def _key(self) -> str:
        if self.wrapped:
            return "key_id"
        found = f"substring({self.sealed} FROM 1 FOR position('\\x3a'::bytea IN {self.sealed}) - 1)"
        return f"encode({found}, 'escape')"

    @property
    def _elsewhere(self) -> str:
        """Under another key than the current one."""
        return f"{self.sealed} IS NOT NULL AND {self._key} <> %(current)s"

    @property
    def _old(self) -> str:
        """That, or from before there were data keys."""
        return f"({self._elsewhere} OR wrapped IS NULL)" if self.wrapped else self._elsewhere


COLUMNS = (
    Column("reporters", "reporter_identity", "petition_id", "sealed", "reporter:{}", wrapped=True),
    Column("identity_numbers", "person", "id", "id_number", "{}"),
    Column("second_factors", "second_factor", "account_id", "sealed", "second factor:{}"),
    Column("uploads", "import_upload", "batch_id", "sealed", "upload:{}"),
    Column("drafts", "draft", "id", "sealed", "draft:{}"),
    Column("webhook_keys", "webhook", "id", "key_sealed", "webhook key:{}"),
    Column("webhook_secrets", "webhook", "id", "secret_sealed", "webhook secret:{}"),
)


def count_old(tx: db.Transaction, column: Column, current: str) -> int:
    """How many values aren't under the current key."""
    return int(
        tx.value(f"SELECT count(*) FROM {column.table} WHERE {column._old}", {"current": current})
    )


def under_another_key(tx: db.Transaction, column: Column, current: str) -> bool:
    """Whether a rotation to the current key was begun and isn't finished here."""
    return bool(
        tx.value(
            f"SELECT EXISTS (SELECT 1 FROM {column.table} WHERE {column._elsewhere})",
            {"current": current},
        )
    )


def old_ones(
    tx: db.Transaction, column: Column, current: str, *, after: UUID, limit: int
) -> list[db.Row]:
    """The next of them, locked until the transaction ends: `id`, `sealed`, `key_id`, `wrapped`."""
    more = "key_id, wrapped" if column.wrapped else "NULL AS key_id, NULL AS wrapped"
    return tx.rows(
        f"SELECT {column.id} AS id, {column.sealed} AS sealed, {more} FROM {column.table}"
        f" WHERE {column.id} > %(after)s AND {column._old}"
        f" ORDER BY {column.id} LIMIT %(limit)s FOR UPDATE",
        {"after": after, "current": current, "limit": limit},
    )


def replace(
    tx: db.Transaction,
    column: Column,
    row_id: UUID,
    *,
    sealed: bytes,
    key_id: str,
    wrapped: bytes | None,
) -> None:
    more = ", key_id = %(key_id)s, wrapped = %(wrapped)s" if column.wrapped else ""
    tx.execute(
        f"UPDATE {column.table} SET {column.sealed} = %(sealed)s{more} WHERE {column.id} = %(id)s",
        {"id": row_id, "sealed": sealed, "key_id": key_id, "wrapped": wrapped},
    )


def keys_in_use(tx: db.Transaction) -> set[str]:
    """The ids of all keys that something is sealed with."""
    found: set[str] = set()
    for column in COLUMNS:
        rows = tx.rows(
            f"SELECT DISTINCT {column._key} AS key FROM {column.table}"
            f" WHERE {column.sealed} IS NOT NULL"
        )
        found |= {row["key"] for row in rows}
    return found


def say_why(tx: db.Transaction) -> None:
    """What the events of this transaction say they are for."""
    tx.value("SELECT set_config('plumbline.use_case', 'keys.rotate', true)")
