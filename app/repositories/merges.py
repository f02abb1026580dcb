"""What a merge joins, and what its undoing takes apart again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.domain import errors
from app.models.columns import table_of
from app.models.matters import MatterLink
from app.repositories.work import Work

_LINKS = table_of(MatterLink)


def survivor(tx: Work, merged_id: UUID) -> UUID:
    """What a matter is merged into. Raises NotFound."""
    found: UUID | None = tx.value(
        "SELECT k.to_id FROM matter_link k WHERE k.from_id = %(id)s AND k.kind = 'merged_into'"
        "   AND k.ends_on IS NULL",
        {"id": merged_id},
    )
    if found is None:
        raise errors.NotFound
    return found


def last_form(tx: Work, matter_id: UUID, event: str, number: str) -> Mapping[str, Any]:
    """What was noted of the last such event about the matter of that number."""
    found: Mapping[str, Any] | None = tx.value(
        "SELECT t.form FROM transition t WHERE t.matter_id = %(id)s AND t.event = %(event)s"
        "   AND t.form ->> 'number' = %(number)s ORDER BY t.version DESC LIMIT 1",
        {"id": matter_id, "event": event, "number": number},
    )
    return found or {}


def settle_dates(tx: Work, survivor_id: UUID) -> None:
    """The earliest date of a matter and of those merged into it counts. Raises NotFound."""
    tx.value("SELECT guard.settle_dates(%(id)s)", {"id": survivor_id})


def end_link_between(tx: Work, kind: str, from_id: UUID, to_id: UUID) -> None:
    """End a live link if it is still there."""
    tx.run(
        update(_LINKS)
        .where(_LINKS.c.kind == kind, _LINKS.c.from_id == from_id, _LINKS.c.to_id == to_id)
        .where(_LINKS.c.ends_on.is_(None))
        .values(ends_on=tx.today)
    )


def end_link(tx: Work, kind: str, from_id: UUID) -> None:
    """End the live link of a kind that goes out from a matter. Raises Stale if there is none."""
    tx.change(
        update(_LINKS)
        .where(_LINKS.c.kind == kind, _LINKS.c.from_id == from_id)
        .where(_LINKS.c.ends_on.is_(None))
        .values(ends_on=tx.today)
    )
