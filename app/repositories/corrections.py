"""What was corrected, and the signatures that rest on what a matter says."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.models.matters import Correction
from app.repositories.work import Work

_SELECT = """
SELECT c.id, c.field, c.involvement_id, c.old, c.new, c.reason, c.made_on, c.recorded_at,
       c.request_id, coalesce(r.name, a.name) AS made_by
  FROM correction c JOIN account a ON a.id = c.made_by
  LEFT JOIN request q ON q.id = c.request_id LEFT JOIN account r ON r.id = q.requested_by
"""


def of_matter(tx: Work, matter_id: UUID, *, most: int | None = None) -> list[Row]:
    """All of them, or `most`, newest first. `made_by` is who asked for one, where those who signed
    agreed to it: the last of them wrote it."""
    return tx.rows(
        _SELECT
        + " WHERE c.matter_id = %(id)s ORDER BY c.recorded_at DESC, c.id DESC"
        + ("" if most is None else " LIMIT %(limit)s"),
        {"id": matter_id, "limit": most or 0},
    )


def insert(
    tx: Work,
    matter_id: UUID,
    *,
    field: str,
    involvement_id: UUID | None,
    old: str | None,
    new: str,
    reason: str,
    request_id: UUID | None,
) -> None:
    tx.insert(
        Correction,
        id=new_id(),
        matter_id=matter_id,
        involvement_id=involvement_id,
        request_id=request_id,
        field=field,
        old=old,
        new=new,
        reason=reason,
        made_by=tx.actor.account_id,
        made_on=tx.today,
    )


def held_signatures(tx: Work, matter_id: UUID) -> list[Row]:
    """The signatures that rest on what the matter says, in their order; none for who doesn't work
    on it. Those of a lead's filing hold on the case as well."""
    return tx.rows("SELECT * FROM guard.held_signatures(%(id)s)", {"id": matter_id})


def entered_on_paper(tx: Work, request_id: UUID) -> bool:
    """Whether a signature under a request was copied from a paper and waits to be compared."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM paper_signature p"
            " WHERE p.request_id = %(id)s AND p.status = 'entered')",
            {"id": request_id},
        )
    )
