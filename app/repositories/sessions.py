"""One's own sessions. All of it is the guard's: the application reads no session's row."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row, Transaction
from app.core.ids import new_id
from app.repositories.work import Work


def mine(tx: Work) -> list[Row]:
    """The actor's live sessions, the last used first."""
    return tx.rows("SELECT * FROM guard.my_sessions()")


def keys(tx: Work) -> list[Row]:
    """The actor's keys for programs, the newest first."""
    return tx.rows("SELECT * FROM guard.my_keys()")


def make_key(
    tx: Work, *, secret: str, name: str, scope: Sequence[str], lifetime: timedelta
) -> UUID:
    key_id = new_id()
    tx.value(
        "SELECT guard.make_key(%(id)s, %(secret)s, %(name)s, %(scope)s, %(lifetime)s)",
        {
            "id": key_id,
            "secret": secret,
            "name": name,
            "scope": list(scope),
            "lifetime": lifetime,
        },
    )
    return key_id


def end(tx: Work, session_id: UUID | None) -> int:
    """One of the actor's own, or all of them; how many ended."""
    ended: int = tx.value("SELECT guard.end_sessions(%(id)s)", {"id": session_id})
    return ended


def confirm(tx: Work, *, proof: str, secret: str, fresh: timedelta) -> str:
    """`confirmed`, `refused` or `ended`. A refusal is counted: let it commit."""
    result: str = tx.value(
        "SELECT guard.confirm_password(%(proof)s, %(secret)s, %(fresh)s)",
        {"proof": proof, "secret": secret, "fresh": fresh},
    )
    return result


def give_refresh(tx: Work, token: str) -> None:
    tx.value("SELECT guard.give_refresh(%(token)s)", {"token": token})


def refresh(tx: Transaction, token: str, *, following: str, secret: str) -> datetime | None:
    """When the session ends; None where the token opens nothing. A used one ends its session:
    let it commit."""
    ends_at: datetime | None = tx.value(
        "SELECT guard.refresh(%(token)s, %(following)s, %(secret)s)",
        {"token": token, "following": following, "secret": secret},
    )
    return ends_at
