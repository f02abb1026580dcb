"""Who stands in for whom, and until when."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.repositories.work import Work


def delegate(tx: Work, to_account: UUID, *, reason: str, begins_on: date, ends_on: date) -> UUID:
    """What the actor holds, to somebody else. Raises Conflict where it can't be given."""
    delegation_id = new_id()
    tx.value(
        "SELECT guard.delegate(%(id)s, %(to)s, %(reason)s, %(begins)s, %(ends)s)",
        {
            "id": delegation_id,
            "to": to_account,
            "reason": reason,
            "begins": begins_on,
            "ends": ends_on,
        },
    )
    return delegation_id


def end(tx: Work, delegation_id: UUID) -> bool:
    return bool(tx.value("SELECT guard.end_delegation(%(id)s)", {"id": delegation_id}))


def mine(tx: Work) -> list[Row]:
    """Those that last or are to come, from the actor or to them, by their first day."""
    return tx.rows(
        "SELECT d.id, d.from_id, f.name AS from_name, d.to_id, t.name AS to_name, d.reason,"
        "       d.begins_on, d.ends_on, d.from_id = %(me)s AS given"
        "  FROM delegation d JOIN account f ON f.id = d.from_id JOIN account t ON t.id = d.to_id"
        " WHERE %(me)s IN (d.from_id, d.to_id) AND d.ended_on IS NULL"
        "   AND d.ends_on > guard.today() ORDER BY d.begins_on, d.id",
        {"me": tx.actor.account_id},
    )
