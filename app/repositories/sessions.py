"""One's own sessions. All of it is the guard's: the application reads no session's row."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row, Transaction
from app.repositories.work import Work


def mine(tx: Work) -> list[Row]:
    """The actor's live sessions, the last used first."""
    return tx.rows("SELECT * FROM guard.my_sessions()")


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
