"""Signatures that were given on paper: their entries, and whose hand each one names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.domain import errors
from app.domain.permissions import Actor, Clearance, Role, RoleGrant
from app.domain.units import UnitPath
from app.models.paper_signatures import PaperSignature
from app.repositories.titles import title
from app.repositories.work import Work

_SELECT = f"""
SELECT p.id, p.request_id, p.matter_id, p.position, p.signer_id, s.name AS signer_name, p.verdict,
       p.reason, p.signed_on, p.paper_id, f.title AS paper_title,
       f.withdrawn_on AS paper_withdrawn_on, p.entered_by, e.name AS entered_by_name, p.entered_on,
       p.recorded_at, p.status, p.compared_by,
       c.name AS compared_by_name, p.compared_on, p.remark, p.answered_on, p.objection,
       d.name AS decided_by_name, p.decided_on, p.decision,
       q.event, q.from_state, q.to_state, q.form, q.chain, q.requested_by, q.next_position,
       q.requested_on, q.status AS request_status, m.kind, m.number, {title()} AS title, m.due_on,
       m.effective, m.state, m.version AS seen
  FROM paper_signature p JOIN request q ON q.id = p.request_id JOIN matter m ON m.id = p.matter_id
  JOIN account s ON s.id = p.signer_id JOIN account e ON e.id = p.entered_by
  LEFT JOIN account c ON c.id = p.compared_by LEFT JOIN account d ON d.id = p.decided_by
  LEFT JOIN matter_paper f ON f.id = p.paper_id
"""


def entry(tx: Work, entry_id: UUID) -> Row:
    """Raises NotFound, also where its matter is hidden."""
    found = tx.row(_SELECT + " WHERE p.id = %(id)s", {"id": entry_id})
    if found is None:
        raise errors.NotFound
    return found


def of_request(tx: Work, request_id: UUID) -> list[Row]:
    """In the order in which they were entered, those that came to nothing too."""
    return tx.rows(
        _SELECT + " WHERE p.request_id = %(id)s ORDER BY p.position, p.recorded_at, p.id",
        {"id": request_id},
    )


def waiting(tx: Work, *, limit: int) -> list[Row]:
    """What waits for the actor, oldest first: to be compared by who had no hand in the request and
    is none of the team; in their own name; and objections on what they head."""
    return tx.rows(
        _SELECT
        + """
         WHERE p.status IN ('entered', 'stands', 'objected') AND CASE p.status
           WHEN 'stands' THEN p.signer_id = %(me)s
           WHEN 'entered' THEN q.status = 'open' AND q.next_position = p.position
             AND NOT %(me)s IN (p.entered_by, p.signer_id, q.requested_by)
             AND NOT EXISTS (SELECT 1 FROM signature x
                              WHERE x.request_id = q.id AND x.account_id = %(me)s)
             AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = p.matter_id
                                AND t.account_id = %(me)s AND t.ends_on IS NULL)
           ELSE NOT %(me)s IN (p.entered_by, p.signer_id, p.compared_by, q.requested_by)
             AND (SELECT guard.heads(p.matter_id)) END
         ORDER BY p.recorded_at, p.id LIMIT %(limit)s""",
        {"me": tx.actor.account_id, "limit": limit},
    )


def insert(
    tx: Work,
    request: Row,
    *,
    signer_id: UUID,
    verdict: str,
    reason: str,
    signed_on: date,
    paper_id: UUID,
) -> UUID:
    """For the place that waits. The database says whose place it is, and refuses the rest."""
    entry_id = new_id()
    tx.insert(
        PaperSignature,
        id=entry_id,
        request_id=request["id"],
        matter_id=request["matter_id"],
        requested_by=request["requested_by"],
        position=request["next_position"],
        signer_id=signer_id,
        verdict=verdict,
        reason=reason,
        signed_on=signed_on,
        paper_id=paper_id,
        entered_by=tx.actor.account_id,
        entered_on=tx.today,
    )
    return entry_id


def take_further(tx: Work, entry: Row, **columns: Any) -> None:
    """Another status, with who and why. Raises Stale if somebody was faster."""
    values: Mapping[str, Any] = {**columns, "id": entry["id"], "was": entry["status"]}
    sets = ", ".join(f"{name} = %({name})s" for name in columns)
    met = tx.execute(
        f"UPDATE paper_signature SET {sets} WHERE id = %(id)s AND status = %(was)s", values
    )
    if met == 0:
        raise errors.Stale


def hand(tx: Work, account_id: UUID) -> Actor:
    """Somebody else as the engine judges them: their name and what they hold today."""
    row = tx.row(
        "SELECT a.name, a.clearance, a.locale, a.person_id FROM account a"
        " WHERE a.id = %(id)s AND a.active",
        {"id": account_id},
    )
    if row is None:
        raise errors.NotFound
    held = tx.rows(
        "SELECT r.role, r.unit_path::text AS path FROM role_held r WHERE r.account_id = %(id)s"
        "   AND r.begins_on <= guard.today() AND (r.ends_on IS NULL OR r.ends_on > guard.today())",
        {"id": account_id},
    )
    return Actor(
        account_id=account_id,
        name=row["name"],
        grants=tuple(
            RoleGrant(
                Role(each["role"]),
                UnitPath(each["path"]) if each["path"] else UnitPath.everywhere(),
            )
            for each in held
        ),
        clearance=Clearance(row["clearance"]),
        locale=row["locale"],
        person_id=row["person_id"],
    )


def rests_on(tx: Work, matter_id: UUID) -> UUID | None:
    """The request whose step was the matter's last, if its last step had one."""
    found: UUID | None = tx.value(
        "SELECT t.request_id FROM transition t WHERE t.matter_id = %(id)s"
        "   AND (t.request_id IS NOT NULL OR t.from_state IS DISTINCT FROM t.to_state)"
        " ORDER BY t.version DESC LIMIT 1",
        {"id": matter_id},
    )
    return found


def taken_before(tx: Work, matter_id: UUID, request_id: UUID) -> list[tuple[str, str | None]]:
    """(event, from) of the steps before that of a request, the latest first."""
    rows = tx.rows(
        "SELECT t.event, t.from_state FROM transition t WHERE t.matter_id = %(id)s"
        "   AND t.version < (SELECT s.version FROM transition s"
        "                     WHERE s.request_id = %(request)s AND s.matter_id = %(id)s)"
        " ORDER BY t.version DESC",
        {"id": matter_id, "request": request_id},
    )
    return [(row["event"], row["from_state"]) for row in rows]
