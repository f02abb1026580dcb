"""Pairs of matters that look like the same one, until somebody decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import update

from app.core.db import Row
from app.core.ids import new_id
from app.models.columns import table_of
from app.models.imports import PossibleRepeat
from app.repositories.titles import title
from app.repositories.work import Work

_REPEATS = table_of(PossibleRepeat)

_SELECT = f"""
SELECT r.id, r.why, r.matter_id, m.kind, m.number, {title()} AS title, m.effective, r.other_id,
       o.kind AS other_kind, o.number AS other_number, {title("o")} AS other_title,
       o.effective AS other_effective, o.opened_on AS other_opened_on, m.opened_on
  FROM possible_repeat r JOIN matter m ON m.id = r.matter_id JOIN matter o ON o.id = r.other_id
 WHERE r.decision IS NULL
"""


def undecided_of(tx: Work, matter_id: UUID) -> list[Row]:
    """Those of one matter, either way round."""
    return tx.rows(
        _SELECT + " AND %(id)s IN (r.matter_id, r.other_id) ORDER BY r.recorded_at, r.id",
        {"id": matter_id},
    )


def undecided(tx: Work, *, kinds: Sequence[str], limit: int) -> list[Row]:
    """Those of some kinds that the actor may see both matters of, the oldest first."""
    return tx.rows(
        _SELECT + " AND m.kind = ANY (%(kinds)s) ORDER BY r.recorded_at, r.id LIMIT %(limit)s",
        {"kinds": list(kinds), "limit": limit},
    )


def repeat(tx: Work, repeat_id: UUID) -> Row | None:
    return tx.row(_SELECT + " AND r.id = %(id)s", {"id": repeat_id})


def decide(tx: Work, repeat_id: UUID, decision: str) -> None:
    """Raises Stale where it is decided already."""
    tx.change(
        update(_REPEATS)
        .where(_REPEATS.c.id == repeat_id, _REPEATS.c.decision.is_(None))
        .values(decision=decision, decided_by=tx.actor.account_id, decided_on=tx.today)
    )


def notice_identical(tx: Work, lead_id: UUID) -> None:
    """A lead that was just logged, and the newest that says the same, wait for a decision."""
    tx.value("SELECT guard.notice_repeat(%(id)s)", {"id": lead_id})


def notice(tx: Work, matter_id: UUID, other_id: UUID, *, why: Mapping[str, object]) -> UUID:
    """Two matters that look like the same one wait for a decision."""
    repeat_id = new_id()
    tx.insert(_REPEATS, id=repeat_id, matter_id=matter_id, other_id=other_id, why=dict(why))
    return repeat_id
