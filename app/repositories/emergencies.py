"""Emergency reads; all of it through functions of the guard."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.repositories.titles import title
from app.repositories.work import Work


def declare(
    tx: Work, *, kind: str, number: str, reason: str, lasts: timedelta, review_by: date
) -> UUID | None:
    """None where nothing of this number opens to the actor; that is written down. Raises Conflict
    for who sees it anyhow, and while too many of theirs wait or led nowhere."""
    found: UUID | None = tx.value(
        "SELECT guard.declare_emergency(%(id)s, %(kind)s, %(number)s, %(reason)s, %(lasts)s,"
        " %(by)s)",
        {
            "id": new_id(),
            "kind": kind,
            "number": number,
            "reason": reason,
            "lasts": lasts,
            "by": review_by,
        },
    )
    return found


def write_reading(tx: Work, emergency_id: UUID) -> UUID:
    """Raises NotFound where it isn't the actor's, Conflict where it is over."""
    reading_id = new_id()
    tx.value(
        "SELECT guard.write_emergency_reading(%(id)s, %(emergency)s)",
        {"id": reading_id, "emergency": emergency_id},
    )
    return reading_id


def open_matter(tx: Work, reading_id: UUID) -> UUID:
    """Opens the matter for the rest of the transaction, which writes nothing from here on. The
    reading has to be committed. Raises NotFound."""
    found: UUID = tx.value("SELECT guard.open_emergency(%(id)s)", {"id": reading_id})
    return found


def end(tx: Work, emergency_id: UUID) -> bool:
    return bool(tx.value("SELECT guard.end_emergency(%(id)s)", {"id": emergency_id}))


def mine(tx: Work) -> list[Row]:
    """What the actor declared, the newest first."""
    return tx.rows("SELECT * FROM guard.my_emergencies() e ORDER BY e.declared_at DESC, e.id")


def to_review(tx: Work) -> list[Row]:
    """What waits for the actor's review, the oldest first; `first` where it is theirs before it
    is anybody's above them."""
    return tx.rows(
        f"SELECT e.*, m.kind, m.number, {title()} AS title, m.effective"
        "  FROM guard.emergencies_to_review() e JOIN matter m ON m.id = e.matter_id"
        " ORDER BY e.declared_at, e.id"
    )


def review(tx: Work, emergency_id: UUID, *, justified: bool, words: str) -> None:
    """Raises NotFound where it isn't the actor's to close, Conflict where it is closed."""
    tx.value(
        "SELECT guard.review_emergency(%(id)s, %(justified)s, %(words)s)",
        {"id": emergency_id, "justified": justified, "words": words},
    )


def on_matter(tx: Work, matter_id: UUID) -> list[Row]:
    """All that were declared on it, for whoever works on it; the newest first."""
    return tx.rows(
        "SELECT * FROM guard.emergencies_on(%(id)s) e ORDER BY e.declared_at DESC, e.id",
        {"id": matter_id},
    )


def for_nobody(tx: Work) -> list[Row]:
    """Reviews that nobody who heads the matter may close, for who administers the reader's account:
    `reader`, `declared_at` and `review_by`, and nothing of the matter."""
    return tx.rows("SELECT * FROM guard.reviews_for_nobody()")
