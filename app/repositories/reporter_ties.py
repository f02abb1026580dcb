"""Ties of a petition's reporter to the register: tokens, of which the guard alone reads any."""

from __future__ import annotations

from uuid import UUID

from app.core.crypto import blind_index
from app.core.keys import Keys
from app.repositories.work import Work


def token_of(keys: Keys, person_id: UUID) -> bytes:
    return blind_index(keys, f"reporter:{person_id}")


def token_numbered(keys: Keys, index: bytes) -> bytes:
    """`index` is an identity number's blind index."""
    return blind_index(keys, f"reporter numbered:{index.hex()}")


def tie(tx: Work, petition_id: UUID, token: bytes) -> None:
    """Raises NotFound for whoever doesn't keep the petition's reporter."""
    tx.value("SELECT guard.tie_reporter(%(id)s, %(token)s)", {"id": petition_id, "token": token})


def untie(tx: Work, petition_id: UUID) -> None:
    """Raises NotFound for whoever doesn't keep the petition's reporter."""
    tx.value("SELECT guard.untie_reporter(%(id)s)", {"id": petition_id})


def keep_tokens(tx: Work) -> None:
    """Those that are missing, of whoever has an account and of their near relatives."""
    for row in tx.rows("SELECT w.id, w.id_index FROM guard.persons_without_token() w"):
        _keep(tx, row["id"], "person", token_of(tx.keys, row["id"]))
        if row["id_index"] is not None:
            _keep(tx, row["id"], "number", token_numbered(tx.keys, bytes(row["id_index"])))


def _keep(tx: Work, person_id: UUID, by: str, token: bytes) -> None:
    tx.value(
        "SELECT guard.keep_token(%(id)s, %(by)s, %(token)s)",
        {"id": person_id, "by": by, "token": token},
    )
