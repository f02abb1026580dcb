"""Subscriptions, and what is to be sent for them.

A subscriber reads their own; an administrator reads that there are any; the operator's job sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.models.webhooks import Webhook, WebhookDelivery
from app.repositories.work import Work

LEASE = timedelta(seconds=60)  # after which what was being sent may be sent by another worker

_SUBSCRIPTIONS = """
SELECT w.id, w.account_id, a.name AS account_name, w.name, w.address, w.events, w.made_at,
       w.confirmed_at, w.ended_at, c.name AS confirmed_by_name
  FROM webhook w JOIN account a ON a.id = w.account_id LEFT JOIN account c ON c.id = w.confirmed_by
 WHERE w.ended_at IS NULL
"""


def insert(
    tx: Work,
    webhook_id: UUID,
    *,
    name: str,
    address: str,
    events: Sequence[str],
    key_id: UUID,
    key_sealed: bytes,
    secret_sealed: bytes,
) -> None:
    tx.insert(
        Webhook, id=webhook_id, account_id=tx.actor.account_id, name=name, address=address,
        events=list(events), key_id=key_id, key_sealed=key_sealed, secret_sealed=secret_sealed,
    )  # fmt: skip


def mine(tx: Work) -> list[Row]:
    """The actor's own that haven't ended, the newest first."""
    return tx.rows(
        f"{_SUBSCRIPTIONS} AND w.account_id = %(me)s ORDER BY w.made_at DESC, w.id",
        {"me": tx.actor.account_id},
    )


def everybodys(tx: Work) -> list[Row]:
    """For administrators: those that wait first."""
    return tx.rows(f"{_SUBSCRIPTIONS} ORDER BY w.confirmed_at DESC NULLS FIRST, w.id")


def confirm(tx: Work, webhook_id: UUID) -> None:
    """Refused by the database to its subscriber, and where nothing waits."""
    tx.value("SELECT guard.confirm_webhook(%(id)s)", {"id": webhook_id})


def end(tx: Work, webhook_id: UUID) -> bool:
    """With its key. False where there is none that the actor could end."""
    return bool(tx.value("SELECT guard.end_webhook(%(id)s)", {"id": webhook_id}))


def are_live(tx: Work) -> bool:
    """Whether any sends. Needs no session."""
    return bool(tx.value("SELECT guard.webhooks_live()"))


def live(tx: Work) -> list[Row]:
    """Those that send, with what they send by; for the operator."""
    return tx.rows(
        "SELECT w.id, w.address, w.events, w.key_sealed, w.secret_sealed, w.cursor FROM webhook w"
        " WHERE w.confirmed_at IS NOT NULL AND w.ended_at IS NULL ORDER BY w.id"
    )


def move(tx: Work, webhook_id: UUID, *, since: str | None, to: str) -> bool:
    """Its feed goes on from `to`. False where another worker moved it meanwhile."""
    return bool(
        tx.execute(
            "UPDATE webhook SET cursor = %(to)s"
            " WHERE id = %(id)s AND cursor IS NOT DISTINCT FROM %(since)s",
            {"id": webhook_id, "since": since, "to": to},
        )
    )


def add_delivery(
    tx: Work, webhook_id: UUID, *, matter_id: UUID | None, events: Sequence[str], at: datetime
) -> None:
    tx.insert(
        WebhookDelivery, id=new_id(), webhook_id=webhook_id, matter_id=matter_id,
        events=list(events), at=at,
    )  # fmt: skip


# The first that waits of each matter: whatever it is, what follows on the matter waits behind it.
_DUE = """
SELECT d.id FROM webhook_delivery d
 WHERE d.webhook_id = %(webhook)s AND d.state = 'waiting' AND d.next_at <= clock_timestamp()
   AND NOT EXISTS (
     SELECT 1 FROM webhook_delivery e
      WHERE e.webhook_id = d.webhook_id AND e.matter_id IS NOT DISTINCT FROM d.matter_id
        AND e.state = 'waiting' AND e.place < d.place)
"""


def are_due(tx: Work, webhook_id: UUID) -> bool:
    return bool(tx.value(f"SELECT EXISTS ({_DUE})", {"webhook": webhook_id}))


def take(tx: Work, webhook_id: UUID) -> Row | None:
    """The next to be sent, which nobody else takes for a while."""
    return tx.row(
        "UPDATE webhook_delivery SET attempts = attempts + 1, tried_at = clock_timestamp(),"
        "       next_at = clock_timestamp() + %(lease)s"
        f" WHERE id = ({_DUE} ORDER BY d.next_at, d.place LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " RETURNING id, matter_id, events, at, attempts",
        {"webhook": webhook_id, "lease": LEASE},
    )


def settle(
    tx: Work, delivery_id: UUID, *, state: str, status: int | None, pause: timedelta
) -> None:
    """How it went, unless somebody asked for it once more meanwhile."""
    tx.execute(
        "UPDATE webhook_delivery SET state = %(state)s, status = %(status)s,"
        "       next_at = clock_timestamp() + %(pause)s"
        " WHERE id = %(id)s AND state = 'waiting'",
        {"id": delivery_id, "state": state, "status": status, "pause": pause},
    )


def of_matter(tx: Work, matter_id: UUID) -> Row | None:
    """What a message says of it; None where the actor may not see it."""
    return tx.row("SELECT m.kind, m.number FROM matter m WHERE m.id = %(id)s", {"id": matter_id})


def deliveries(tx: Work, webhook_id: UUID, *, before: int | None, limit: int) -> list[Row]:
    """Up to `limit`, the newest first; of matters that the actor may see now."""
    return tx.rows(
        "SELECT d.id, d.place, d.matter_id, m.kind, m.number, d.events, d.at, d.state, d.attempts,"
        "       d.status, d.next_at, d.tried_at"
        "  FROM webhook_delivery d LEFT JOIN matter m ON m.id = d.matter_id"
        " WHERE d.webhook_id = %(webhook)s"
        "   AND (%(before)s::bigint IS NULL OR d.place < %(before)s)"
        " ORDER BY d.place DESC LIMIT %(limit)s",
        {"webhook": webhook_id, "before": before, "limit": limit},
    )


def send_again(tx: Work, webhook_id: UUID, delivery_id: UUID) -> bool:
    """At once, whatever became of it. False where the actor has no such."""
    return bool(
        tx.execute(
            "UPDATE webhook_delivery SET state = 'waiting', attempts = 0, next_at = now()"
            " WHERE id = %(id)s AND webhook_id = %(webhook)s",
            {"id": delivery_id, "webhook": webhook_id},
        )
    )


def forget(tx: Work, *, older_than: timedelta) -> None:
    """What was sent, or will never be."""
    tx.execute(
        "DELETE FROM webhook_delivery d WHERE d.at < now() - %(age)s AND (d.state <> 'waiting'"
        " OR EXISTS (SELECT 1 FROM webhook w WHERE w.id = d.webhook_id"
        " AND w.ended_at IS NOT NULL))",
        {"age": older_than},
    )
