"""Study meetings: their heads, who was there, their agenda, and who left for an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from app.core.db import Row
from app.core.ids import new_id
from app.domain import errors
from app.domain.errors import Reason
from app.models.meetings import StudyAttendance, StudyItem, StudyMeeting, StudyRecusal
from app.repositories.titles import title
from app.repositories.work import Work

_MEETING = """
SELECT s.id, s.unit_id, u.name AS unit_name, s.held_on, s.status, s.recorded_on, s.signed_on,
       s.called_off, s.version, s.chair_id, c.name AS chair_name, s.recorder_id,
       r.name AS recorder_name
  FROM study_meeting s JOIN unit u ON u.id = s.unit_id
  JOIN account c ON c.id = s.chair_id JOIN account r ON r.id = s.recorder_id
"""
_ITEM = f"""
SELECT i.id, i.meeting_id, i.matter_id, i.request_id, i.position, i.seen_version, i.decision,
       i.reason, i.pulled, p.name AS pulled_by_name, i.result, i.result_reason,
       q.event, q.from_state, q.to_state, q.status AS request_status, q.version AS request_version,
       q.chain, q.next_position, q.form, q.requested_by, a.name AS requested_by_name,
       q.requested_on, m.number, {title()} AS title, m.kind, m.state, m.stage, m.effective,
       m.classification, m.profile_id, m.due_on, s.held_on
  FROM study_item i JOIN study_meeting s ON s.id = i.meeting_id
  JOIN request q ON q.id = i.request_id JOIN matter m ON m.id = i.matter_id
  LEFT JOIN account a ON a.id = q.requested_by LEFT JOIN account p ON p.id = i.pulled_by
"""
_LIVE = "i.pulled IS NULL AND i.result IS NULL"


def insert(tx: Work, *, unit_id: UUID, held_on: date, chair_id: UUID) -> UUID:
    meeting_id = new_id()
    tx.insert(
        StudyMeeting,
        id=meeting_id,
        unit_id=unit_id,
        held_on=held_on,
        chair_id=chair_id,
        recorder_id=tx.actor.account_id,
    )
    return meeting_id


def change(
    tx: Work,
    meeting: Row,
    seen: int,
    *,
    held_on: date | None = None,
    chair_id: UUID | None = None,
    status: str | None = None,
    called_off: str | None = None,
) -> int:
    """Its next version; locks it. What isn't given stays, but for signatures that its status no
    longer bears. Raises Stale."""
    status = status or meeting["status"]
    met = tx.execute(
        "UPDATE study_meeting SET held_on = %(held)s, chair_id = %(chair)s, status = %(status)s,"
        "       recorded_on = CASE %(status)s WHEN 'recorded' THEN coalesce(recorded_on, %(day)s)"
        "                                     WHEN 'signed' THEN recorded_on END,"
        "       signed_on = CASE %(status)s WHEN 'signed' THEN %(day)s::date END,"
        "       called_off = %(why)s, version = version + 1"
        " WHERE id = %(id)s AND version = %(seen)s",
        {
            "held": held_on or meeting["held_on"],
            "chair": chair_id or meeting["chair_id"],
            "status": status,
            "why": called_off,
            "day": tx.today,
            "id": meeting["id"],
            "seen": seen,
        },
    )
    if met == 0:
        raise errors.Stale
    return seen + 1


def set_attendance(tx: Work, meeting_id: UUID, present: Sequence[UUID]) -> None:
    given = {"id": meeting_id, "present": list(present)}
    tx.execute(
        "DELETE FROM study_attendance a WHERE a.meeting_id = %(id)s"
        "   AND NOT a.account_id = ANY (%(present)s::uuid[])",
        given,
    )
    there = {row["account_id"] for row in attendance(tx, meeting_id)}
    for account_id in present:
        if account_id not in there:
            tx.insert(StudyAttendance, id=new_id(), meeting_id=meeting_id, account_id=account_id)


def meeting(tx: Work, meeting_id: UUID) -> Row:
    """Raises NotFound, also where it is hidden."""
    found = tx.row(_MEETING + " WHERE s.id = %(id)s", {"id": meeting_id})
    if found is None:
        raise errors.NotFound
    return found


def meetings(tx: Work, *, after: tuple[date, UUID] | None = None, limit: int) -> list[Row]:
    """Those that the actor may see, the newest first, with how many matters they see on each."""
    day, key = after or (None, None)
    return tx.rows(
        _MEETING.replace(
            "  FROM study_meeting s",
            ", (SELECT count(*) FROM study_item i WHERE i.meeting_id = s.id AND i.pulled IS NULL)"
            " AS matters FROM study_meeting s",
        )
        + (" WHERE (s.held_on, s.id) < (%(day)s, %(id)s)" if after else "")
        + " ORDER BY s.held_on DESC, s.id DESC LIMIT %(limit)s",
        {"day": day, "id": key, "limit": limit},
    )


def to_sign(tx: Work, *, limit: int) -> list[Row]:
    """Meetings whose minutes wait for the actor, the oldest first: recorded and theirs to sign as
    the chair, signed and not carried out to the end, or theirs to record since their day has come.
    With `undecided`, how many matters have no decision yet, and `matters` on the agenda."""
    return tx.rows(
        _MEETING.replace(
            "  FROM study_meeting s",
            ", w.matters, w.undecided FROM study_meeting s CROSS JOIN LATERAL ("
            "   SELECT count(*) AS matters, count(*) FILTER (WHERE i.decision IS NULL) AS undecided"
            f"     FROM study_item i WHERE i.meeting_id = s.id AND {_LIVE}) w",
        )
        + " WHERE s.chair_id = %(me)s AND s.status = 'recorded'"
        "    OR s.chair_id = %(me)s AND s.status = 'signed' AND w.matters > 0"
        "    OR s.recorder_id = %(me)s AND s.status = 'drafted' AND s.held_on <= %(day)s"
        " ORDER BY s.held_on, s.id LIMIT %(limit)s",
        {"me": tx.actor.account_id, "day": tx.today, "limit": limit},
    )


def attendance(tx: Work, meeting_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT t.account_id, a.name, u.name AS unit_name FROM study_attendance t"
        "  JOIN account a ON a.id = t.account_id LEFT JOIN unit u ON u.id = a.unit_id"
        ' WHERE t.meeting_id = %(id)s ORDER BY u.path NULLS FIRST, a.name COLLATE "C"',
        {"id": meeting_id},
    )


def lately_there(tx: Work, *, meetings: int) -> set[UUID]:
    """Those present at the actor's last ones, as the recorder."""
    rows = tx.rows(
        """
        SELECT DISTINCT a.account_id FROM study_attendance a WHERE a.meeting_id IN (
          SELECT s.id FROM study_meeting s
           WHERE s.recorder_id = %(me)s AND s.status <> 'called_off'
           ORDER BY s.held_on DESC, s.id DESC LIMIT %(meetings)s)
        """,
        {"me": tx.actor.account_id, "meetings": meetings},
    )
    return {row["account_id"] for row in rows}


def items(tx: Work, meeting_id: UUID) -> list[Row]:
    """Those of its agenda whose matters the actor may see."""
    return tx.rows(_ITEM + " WHERE i.meeting_id = %(id)s ORDER BY i.position", {"id": meeting_id})


def item(tx: Work, item_id: UUID, *, lock: bool = False) -> Row:
    """Raises NotFound, also where it is hidden."""
    found = tx.row(
        _ITEM + " WHERE i.id = %(id)s" + (" FOR UPDATE OF i" if lock else ""), {"id": item_id}
    )
    if found is None:
        raise errors.NotFound
    return found


def recusals(tx: Work, meeting_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT r.item_id, r.account_id, r.cause, a.name FROM study_recusal r"
        "  JOIN study_item i ON i.id = r.item_id JOIN account a ON a.id = r.account_id"
        ' WHERE i.meeting_id = %(id)s ORDER BY a.name COLLATE "C"',
        {"id": meeting_id},
    )


def set_recusals(tx: Work, item: Row, accounts: Sequence[UUID], *, cause: str = "declared") -> None:
    """Who leaves for an item. What is declared anew stands alone; who keeps off comes to it."""
    tx.execute(
        "DELETE FROM study_recusal r WHERE r.item_id = %(id)s"
        "   AND %(cause)s IN ('declared', r.cause)",
        {"id": item["id"], "cause": cause},
    )
    for account_id in accounts:
        tx.insert(
            StudyRecusal,
            id=new_id(),
            item_id=item["id"],
            matter_id=item["matter_id"],
            account_id=account_id,
            cause=cause,
        )


def insert_item(tx: Work, *, meeting_id: UUID, request: Row) -> UUID:
    item_id = new_id()
    place = tx.value(
        "SELECT coalesce(max(position), 0) + 1 FROM study_item WHERE meeting_id = %(id)s",
        {"id": meeting_id},
    )
    tx.insert(
        StudyItem,
        id=item_id,
        meeting_id=meeting_id,
        matter_id=request["matter_id"],
        request_id=request["id"],
        position=place,
        seen_version=request["version"],
    )
    return item_id


def decide(tx: Work, item: Row, *, decision: str, reason: str, seen_version: int) -> None:
    _change_item(
        tx, item, "decision = %(decision)s, reason = %(reason)s, seen_version = %(seen)s",
        {"decision": decision, "reason": reason, "seen": seen_version},
    )  # fmt: skip


def pull(tx: Work, item: Row, reason: str) -> None:
    given = {"reason": reason, "by": tx.actor.account_id}
    _change_item(tx, item, "pulled = %(reason)s, pulled_by = %(by)s", given)


def set_result(tx: Work, item_id: UUID, result: str, reason: Reason | None = None) -> None:
    _change_item(
        tx, {"id": item_id}, "result = %(result)s, result_reason = %(reason)s",
        {"result": result, "reason": None if reason is None else Jsonb(_as_json(reason))},
    )  # fmt: skip


def _as_json(reason: Reason) -> Mapping[str, Any]:
    return {"message": reason.message, "values": dict(reason.values)}


def _change_item(tx: Work, item: Row, change: str, values: Mapping[str, Any]) -> None:
    met = tx.execute(
        f"UPDATE study_item i SET {change} WHERE i.id = %(id)s AND {_LIVE}",
        {**values, "id": item["id"]},
    )
    if met == 0:
        raise errors.Stale


def refuse_unseen(tx: Work, meeting_id: UUID, reason: Reason) -> None:
    """What the actor, who chaired it, can't open, or nobody decided on, is not signed."""
    tx.value(
        "SELECT guard.refuse_unseen(%(id)s, %(reason)s)",
        {"id": meeting_id, "reason": Jsonb(_as_json(reason))},
    )


def offered(tx: Work, chair_id: UUID, *, limit: int) -> list[Row]:
    """Requests whose next signature somebody could give by a role, which stand on no agenda; the
    oldest first."""
    return tx.rows(
        "SELECT q.id, q.matter_id, q.event, q.from_state, q.chain, q.next_position, q.requested_on,"
        f"       a.name AS requested_by_name, m.number, {title()} AS title, m.kind, m.effective,"
        "       m.profile_id, m.due_on FROM request q JOIN matter m ON m.id = q.matter_id"
        "  JOIN account a ON a.id = q.requested_by"
        " WHERE q.status = 'open' AND q.manner = 'own' AND NOT EXISTS (SELECT 1 FROM study_item i"
        f"       WHERE i.request_id = q.id AND {_LIVE})"
        "   AND q.requested_by <> %(chair)s AND NOT EXISTS (SELECT 1 FROM signature s"
        "       WHERE s.request_id = q.id AND s.account_id = %(chair)s)"
        "   AND EXISTS (SELECT 1 FROM role_held r WHERE r.account_id = %(chair)s"
        "       AND r.role = q.next_role AND q.next_path <@ r.unit_path"
        "       AND r.begins_on <= guard.today()"
        "       AND (r.ends_on IS NULL OR r.ends_on > guard.today()))"
        " ORDER BY q.requested_on, q.id LIMIT %(limit)s",
        {"chair": chair_id, "limit": limit},
    )


def on_agenda(tx: Work, matter_id: UUID) -> Row | None:
    """The meeting that is to decide on a matter's open request."""
    return tx.row(
        _MEETING + " JOIN study_item i ON i.meeting_id = s.id WHERE i.matter_id = %(id)s"
        f"   AND {_LIVE} AND EXISTS (SELECT 1 FROM request q WHERE q.id = i.request_id"
        "   AND q.status = 'open') ORDER BY s.held_on LIMIT 1",
        {"id": matter_id},
    )


def holds(tx: Work, account_id: UUID, role: str, path: str) -> bool:
    """Whether somebody holds a role over a place today."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM role_held r JOIN account a ON a.id = r.account_id"
            "  WHERE a.active AND r.account_id = %(account)s AND r.role = %(role)s"
            "    AND %(path)s::ltree <@ r.unit_path AND r.begins_on <= guard.today()"
            "    AND (r.ends_on IS NULL OR r.ends_on > guard.today()))",
            {"account": account_id, "role": role, "path": path},
        )
    )


def holding(tx: Work, roles: Sequence[str], accounts: Sequence[UUID]) -> set[UUID]:
    """Those of some accounts that hold one of the roles today."""
    rows = tx.rows(
        "SELECT DISTINCT r.account_id FROM role_held r WHERE r.role = ANY (%(roles)s)"
        "   AND r.account_id = ANY (%(accounts)s) AND r.begins_on <= guard.today()"
        "   AND (r.ends_on IS NULL OR r.ends_on > guard.today())",
        {"roles": list(roles), "accounts": list(accounts)},
    )
    return {row["account_id"] for row in rows}
