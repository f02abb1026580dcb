"""Requests for approval and the signatures under them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.domain import errors
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.models.requests import CommitteeDecision, Request, Signature
from app.repositories.titles import title
from app.repositories.work import Work

_SELECT = f"""
SELECT q.id, q.matter_id, q.event, q.from_state, q.to_state,
       CASE WHEN m.kind = 'petition' AND q.form = '{{}}'
            THEN coalesce(guard.sealed_form(q.id), q.form) ELSE q.form END AS form,
       CASE WHEN m.kind = 'petition' AND q.reason IS NULL
            THEN guard.sealed_reason(q.id) ELSE q.reason END AS reason, q.requested_by,
       a.name AS requested_by_name, q.requested_on, q.recorded_at, q.chain, q.next_position,
       q.next_role, q.passed_to, q.next_path::text AS next_path, q.status, q.manner,
       q.matter_version, q.version, q.ended_on, m.number, {title()} AS title, m.kind, m.state,
       m.stage, m.due_on, m.effective, m.version AS seen
  FROM request q JOIN matter m ON m.id = q.matter_id LEFT JOIN account a ON a.id = q.requested_by
"""

# A signature always has one; where it tells of a reporter, it stands apart.
_REASON = (
    "CASE WHEN s.reason IS NULL AND s.account_id IS NOT NULL"
    " THEN guard.sealed_reason(s.id) ELSE s.reason END"
)


def insert_request(
    tx: Work,
    *,
    matter_id: UUID,
    event: str,
    from_state: str,
    to_state: str,
    form: Mapping[str, Any],
    reason: str | None,
    chain: Sequence[Mapping[str, Any]],
    matter_version: int,
) -> UUID:
    """`chain` holds position, act, role, path, why; the first position waits."""
    request_id = new_id()
    tx.insert(
        Request,
        id=request_id,
        matter_id=matter_id,
        event=event,
        from_state=from_state,
        to_state=to_state,
        form=dict(form),
        reason=reason,
        requested_by=tx.actor.account_id,
        requested_on=tx.today,
        chain=[dict(step) for step in chain],
        next_position=1,
        next_role=chain[0]["role"],
        next_path=chain[0]["path"],
        matter_version=matter_version,
    )
    return request_id


def request(tx: Work, request_id: UUID, *, lock: bool = False) -> Row:
    """Raises NotFound, also where it is hidden."""
    one = _SELECT + " WHERE q.id = %(id)s" + (" FOR UPDATE OF q" if lock else "")
    found = tx.row(one, {"id": request_id})
    if found is None:
        raise errors.NotFound
    return found


def locked(tx: Work, request_id: UUID) -> Row:
    """The request, once it is our turn on its matter. Raises NotFound."""
    # The lock first: what is read before it may have changed while we waited.
    tx.value(
        "SELECT pg_advisory_xact_lock(hashtextextended(q.matter_id::text, 4155)) FROM request q"
        " WHERE q.id = %(id)s",
        {"id": request_id},
    )
    return request(tx, request_id)


def of_matter(tx: Work, matter_id: UUID, *, most: int | None = None) -> list[Row]:
    """All requests on a matter, or `most` of them: the open one first, then newest first."""
    return tx.rows(
        _SELECT + " WHERE q.matter_id = %(id)s"
        " ORDER BY q.status = 'open' DESC, q.requested_on DESC, q.id DESC"
        + ("" if most is None else " LIMIT %(limit)s"),
        {"id": matter_id, "limit": most or 0},
    )


def open_request(tx: Work, matter_id: UUID) -> Row | None:
    return tx.row(_SELECT + " WHERE q.matter_id = %(id)s AND q.status = 'open'", {"id": matter_id})


# Mine to sign: by a role, or as somebody of the team (a fund item has its lead's or case's).
_WAITING = """
 WHERE q.status = 'open' AND q.requested_by <> %(me)s
   AND (coalesce(q.chain -> (q.next_position - 1) ->> 'account', %(me)s::text) = %(me)s::text
        OR (q.event = 'correct' AND guard.passed_on(q.id)))
   AND CASE WHEN q.next_role = 'team' THEN EXISTS (SELECT 1 FROM team_member t
         LEFT JOIN fund_item f ON f.id = q.matter_id
         WHERE t.account_id = %(me)s AND t.ends_on IS NULL
           AND t.matter_id IN (q.matter_id, f.origin_id))
       ELSE EXISTS (SELECT 1 FROM role_held r WHERE r.account_id = %(me)s
         AND r.role = q.next_role AND q.next_path <@ r.unit_path
         AND r.begins_on <= guard.today()
         AND (r.ends_on IS NULL OR r.ends_on > guard.today())) END
   AND NOT EXISTS (SELECT 1 FROM signature s
        WHERE s.request_id = q.id AND s.account_id = %(me)s)
"""


_BEHIND = " AND (%(day)s::date IS NULL OR (q.requested_on, q.id) > (%(day)s::date, %(last)s::uuid))"

# The place of a request among those that wait: the day on which it was asked, and its id.
Waiting = tuple[date, UUID]


def waiting_for(tx: Work, *, after: Waiting | None = None, limit: int) -> list[Row]:
    """What waits for the actor's own signature, oldest first; never one's own request."""
    day, last = after or (None, None)
    return tx.rows(
        _SELECT + _WAITING + _BEHIND + " ORDER BY q.requested_on, q.id LIMIT %(limit)s",
        {"me": tx.actor.account_id, "day": day, "last": last, "limit": limit},
    )


def waits_for(tx: Work, request_id: UUID) -> bool:
    """Whether the actor's own signature is the next one."""
    return bool(
        tx.rows(
            _SELECT + _WAITING + " AND q.id = %(id)s",
            {"me": tx.actor.account_id, "id": request_id},
        )
    )


def count_before(tx: Work, place: Waiting) -> int:
    """How many of those that wait for the actor were asked before the one of this place."""
    day, last = place
    return int(
        tx.value(
            "SELECT count(*) FROM request q JOIN matter m ON m.id = q.matter_id"
            + _WAITING
            + " AND (q.requested_on, q.id) < (%(day)s, %(last)s)",
            {"me": tx.actor.account_id, "day": day, "last": last},
        )
    )


def count_waiting(tx: Work) -> int:
    return int(
        tx.value(
            "SELECT count(*) FROM request q JOIN matter m ON m.id = q.matter_id" + _WAITING,
            {"me": tx.actor.account_id},
        )
    )


def returned_to(tx: Work, *, limit: int) -> list[Row]:
    """Requests of the actor's, or passed to them, that came back, while nothing has followed."""
    return tx.rows(
        _SELECT.replace("SELECT q.id", "SELECT DISTINCT ON (q.matter_id) q.id", 1).replace(
            "  FROM request q",
            f", coalesce({_REASON}, p.decision) AS return_reason, sa.name AS returned_by,"
            " coalesce(s.signed_on, p.decided_on) AS returned_on  FROM request q",
        )
        + """ LEFT JOIN signature s ON s.request_id = q.id AND s.verdict = 'return'
              LEFT JOIN paper_signature p ON p.request_id = q.id AND p.status = 'set_aside'
              JOIN account sa ON sa.id = coalesce(s.account_id, p.decided_by)
         WHERE ((q.requested_by = %(me)s AND q.passed_to IS NULL) OR q.passed_to = %(me)s)
           AND q.status = 'returned' AND m.closed_on IS NULL
           AND NOT EXISTS (SELECT 1 FROM request n WHERE n.matter_id = q.matter_id
                AND n.id > q.id)
           AND m.state = q.from_state
         ORDER BY q.matter_id, q.id DESC LIMIT %(limit)s""",
        {"me": tx.actor.account_id, "limit": limit},
    )


def signed_by(tx: Work, *, after: datetime | None = None, limit: int) -> list[Row]:
    """What the actor signed or returned before `after`, newest first; `signed_at` of each."""
    return tx.rows(
        _SELECT.replace(
            "  FROM request q",
            f", s.verdict, {_REASON} AS my_reason, s.signed_on, s.recorded_at AS signed_at,"
            " s.manner AS signed_in, s.study_item_id  FROM request q",
        )
        + " JOIN signature s ON s.request_id = q.id AND s.account_id = %(me)s"
        " WHERE (%(after)s::timestamptz IS NULL OR s.recorded_at < %(after)s)"
        " ORDER BY s.recorded_at DESC LIMIT %(limit)s",
        {"me": tx.actor.account_id, "after": after, "limit": limit},
    )


def count_signed(tx: Work) -> tuple[int, int]:
    """(by the actor's own hand, on paper in their name), as far as they see the matters."""
    row = tx.row(
        "SELECT count(*) FILTER (WHERE s.manner = 'own') AS own,"
        "       count(*) FILTER (WHERE s.manner = 'paper') AS papers"
        "  FROM signature s WHERE s.account_id = %(me)s",
        {"me": tx.actor.account_id},
    )
    return (row["own"], row["papers"]) if row else (0, 0)


_SIGNATURES = f"""
SELECT s.request_id, s.position, s.act, s.role, s.account_id,
       coalesce(a.name, s.signer_name) AS name, s.verdict, {_REASON} AS reason, s.manner,
       s.signed_on, s.recorded_at, e.status AS standing, e.entered_by_name, e.compared_by_name,
       e.objection, e.decided_by_name, e.decided_on, e.decision, e.paper_id, s.study_item_id,
       (SELECT i.meeting_id FROM study_item i WHERE i.id = s.study_item_id) AS meeting_id,
       (SELECT m.held_on FROM study_item i JOIN study_meeting m ON m.id = i.meeting_id
         WHERE i.id = s.study_item_id) AS met_on
  FROM signature s LEFT JOIN account a ON a.id = s.account_id
  LEFT JOIN LATERAL (
    SELECT p.status, p.objection, p.decided_on, p.decision, p.paper_id, w.name AS entered_by_name,
           c.name AS compared_by_name, d.name AS decided_by_name
      FROM paper_signature p JOIN account w ON w.id = p.entered_by
      LEFT JOIN account c ON c.id = p.compared_by LEFT JOIN account d ON d.id = p.decided_by
     WHERE s.manner = 'paper' AND p.request_id = s.request_id AND p.position = s.position
       AND p.status NOT IN ('entered', 'withdrawn', 'rejected')) e ON true
"""


def signatures(tx: Work, request_ids: Sequence[UUID]) -> list[Row]:
    """The signatures under some requests, in the order of signing."""
    return tx.rows(
        _SIGNATURES + " WHERE s.request_id = ANY (%(ids)s) ORDER BY s.request_id, s.position",
        {"ids": list(request_ids)},
    )


def signatures_on(tx: Work, matter_id: UUID) -> list[Row]:
    """The signatures under all requests of a matter. By its key: a list of keys is planned anew
    each time, which takes longer than to find them."""
    return tx.rows(
        _SIGNATURES + " WHERE s.matter_id = %(id)s ORDER BY s.request_id, s.position",
        {"id": matter_id},
    )


def insert_signature(
    tx: Work,
    *,
    request: Row,
    position: int,
    act: str,
    role: str,
    verdict: str,
    reason: str,
    on_paper: tuple[UUID, date] | None = None,
    study_item_id: UUID | None = None,
) -> None:
    """The actor's own hand, or `on_paper` somebody else's, as of a day, that the actor compared.
    The database refuses the requester's, a second one, and what no study meeting decided."""
    account_id, signed_on = on_paper or (tx.actor.account_id, tx.today)
    tx.insert(
        Signature,
        id=new_id(),
        request_id=request["id"],
        matter_id=request["matter_id"],
        requested_by=request["requested_by"],
        position=position,
        act=act,
        role=role,
        account_id=account_id,
        verdict=verdict,
        reason=reason,
        manner="paper" if on_paper else "own",
        signed_on=signed_on,
        study_item_id=study_item_id,
    )


def move_on(tx: Work, request: Row, *, position: int, role: str, path: str) -> None:
    """The next signer's turn. Raises Stale if somebody was faster."""
    _change_open(
        tx,
        "UPDATE request SET next_position = %(position)s, next_role = %(role)s,"
        "       next_path = %(path)s::ltree, version = version + 1",
        request,
        {"position": position, "role": role, "path": path},
    )


def read_anew(tx: Work, request: Row) -> None:
    """What it rests on was corrected: whoever read it before reads it again. Raises Stale."""
    _change_open(tx, "UPDATE request SET version = version + 1", request, {})


def end(tx: Work, request: Row, status: str) -> None:
    """Approved, returned or taken back. Raises Stale if somebody was faster."""
    _change_open(
        tx,
        "UPDATE request SET status = %(status)s, next_role = NULL, next_path = NULL,"
        "       ended_on = %(day)s, version = version + 1",
        request,
        {"status": status, "day": tx.today},
    )


def _change_open(tx: Work, change: str, request: Row, values: Mapping[str, Any]) -> None:
    met = tx.execute(
        change + " WHERE id = %(id)s AND version = %(seen)s AND status = 'open'",
        {**values, "id": request["id"], "seen": request["version"]},
    )
    if met == 0:
        raise errors.Stale


def insert_committee_decision(
    tx: Work,
    *,
    request: Row,
    body: str,
    held_on: date,
    chair: str,
    present: Sequence[str],
    recused: Sequence[str],
    votes: tuple[int, int, int],
    minutes: str,
) -> None:
    """`votes` are for, against, abstained."""
    tx.insert(
        CommitteeDecision,
        id=new_id(),
        request_id=request["id"],
        matter_id=request["matter_id"],
        body=body,
        held_on=held_on,
        chair=chair,
        present=list(present),
        recused=list(recused),
        votes_for=votes[0],
        votes_against=votes[1],
        abstained=votes[2],
        minutes=minutes,
        recorded_by=tx.actor.account_id,
    )


def committee_decisions(tx: Work, matter_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT d.*, a.name AS recorded_by_name FROM committee_decision d"
        "  JOIN account a ON a.id = d.recorded_by WHERE d.matter_id = %(id)s"
        " ORDER BY d.held_on DESC",
        {"id": matter_id},
    )


def holders(tx: Work, role: Role, at: UnitPath) -> list[Row]:
    """Who holds a role for a unit today, those nearest to it first."""
    return tx.rows(
        "SELECT a.id, a.name, r.unit_path::text AS path FROM role_held r"
        "  JOIN account a ON a.id = r.account_id AND a.active"
        " WHERE r.role = %(role)s AND %(at)s::ltree <@ r.unit_path"
        "   AND r.begins_on <= guard.today() AND (r.ends_on IS NULL OR r.ends_on > guard.today())"
        " ORDER BY nlevel(r.unit_path) DESC, a.name",
        {"role": role.value, "at": at.value},
    )


def signers(
    tx: Work, request_id: UUID, *, role: str, path: str, account_id: UUID | None
) -> list[Row]:
    """Who can sign a request in this place: neither its requester nor who signed it already."""
    return tx.rows(
        """
        SELECT DISTINCT a.id, a.name, a.login
          FROM request q
          LEFT JOIN fund_item f ON f.id = q.matter_id
          JOIN account a ON a.active AND a.id IS DISTINCT FROM q.requested_by
         WHERE q.id = %(id)s AND (a.id = coalesce(%(account)s, a.id) OR guard.passed_on(q.id))
           AND CASE WHEN %(role)s = 'team' THEN EXISTS (SELECT 1 FROM team_member t
                 WHERE t.account_id = a.id AND t.ends_on IS NULL
                   AND t.matter_id IN (q.matter_id, f.origin_id))
               ELSE EXISTS (SELECT 1 FROM role_held r WHERE r.account_id = a.id
                 AND r.role = %(role)s AND %(path)s::ltree <@ r.unit_path
                 AND r.begins_on <= guard.today()
                 AND (r.ends_on IS NULL OR r.ends_on > guard.today())) END
           AND NOT EXISTS (
             SELECT 1 FROM signature s WHERE s.request_id = q.id AND s.account_id = a.id)
         ORDER BY a.name, a.login
        """,
        {"id": request_id, "role": role, "path": path, "account": account_id},
    )
