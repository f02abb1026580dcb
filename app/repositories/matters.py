"""Matters: making one, and reading what hangs on one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.core.db import Row
from app.core.ids import new_id
from app.domain import errors
from app.domain.kinds import Kind, Stage
from app.domain.units import UnitPath
from app.models.columns import table_of
from app.models.matters import Matter, MatterLink, Note, TeamMember, Transition
from app.repositories.titles import title
from app.repositories.work import Work

_TEAM = table_of(TeamMember)


@dataclass(frozen=True, kw_only=True)
class NewMatter:
    """What every kind of matter begins with. `unit_path` must be the path of `unit_id`."""

    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    unit_id: UUID
    unit_path: UnitPath
    profile_id: UUID
    opened_on: date
    event: str = "new"
    reason: str | None = None
    form: Mapping[str, Any] | None = None
    came_from: str | None = None
    request_id: UUID | None = None
    assigned_unit_id: UUID | None = None
    assigned_path: UnitPath | None = None
    classification: int = 0
    source: str | None = None
    responsible_leader: str | None = None
    campaign_id: UUID | None = None
    due_on: date | None = None


def next_number(tx: Work, kind: Kind, district: str, year: int) -> int:
    """The next of the series; its row stays locked until commit, so that no number is lost."""
    return int(
        tx.value(
            "SELECT guard.next_number(%(kind)s, %(district)s, %(year)s)",
            {"kind": kind.value, "district": district, "year": year},
        )
    )


def insert_matter(tx: Work, new: NewMatter) -> UUID:
    """Write the matter and the first row of its history. Its kind's own table comes after."""
    matter_id = new_id()
    tx.insert(
        Matter,
        id=matter_id,
        kind=new.kind.value,
        district=new.unit_path.root.value,
        number=new.number,
        title=new.title,
        state=new.state,
        stage=new.stage.value,
        unit_id=new.unit_id,
        unit_path=new.unit_path.value,
        assigned_unit_id=new.assigned_unit_id,
        assigned_path=new.assigned_path.value if new.assigned_path else None,
        classification=new.classification,
        made_by=tx.actor.account_id,
        profile_id=new.profile_id,
        source=new.source,
        responsible_leader=new.responsible_leader,
        campaign_id=new.campaign_id,
        opened_on=new.opened_on,
        due_on=new.due_on,
    )
    tx.insert(
        Transition,
        id=new_id(),
        matter_id=matter_id,
        version=1,
        event=new.event,
        from_state=new.came_from,
        to_state=new.state,
        actor_id=tx.actor.account_id,
        request_id=new.request_id,
        reason=new.reason,
        form=dict(new.form or {}),
        happened_on=tx.today,
    )
    return matter_id


_HEAD = f"""
SELECT m.id, m.kind, m.number, {title()} AS title, m.state, m.stage, m.version, m.episode,
       m.unit_id, m.unit_path::text AS unit_path, u.name AS unit_name, pu.name AS parent_unit_name,
       m.assigned_unit_id, m.assigned_path::text AS assigned_path, au.name AS assigned_name,
       m.classification, m.made_by, mk.name AS made_by_name, m.profile_id, m.source,
       m.responsible_leader, m.campaign_id, c.name AS campaign_name, m.opened_on, m.closed_on,
       m.due_on, m.adjudicated, m.effective, m.import_batch_id, m.recorded_at, m.district,
       m.id = ANY ((SELECT guard.only_let_see())::uuid[]) AS only_let_see
  FROM matter m JOIN unit u ON u.id = m.unit_id
  LEFT JOIN unit pu ON pu.id = u.parent_id
  LEFT JOIN unit au ON au.id = m.assigned_unit_id
  LEFT JOIN campaign c ON c.id = m.campaign_id
  LEFT JOIN account mk ON mk.id = m.made_by
"""


def matter(tx: Work, matter_id: UUID) -> Row:
    """One matter with the names of its units. Raises NotFound, also where it is hidden.
    `only_let_see`: the actor sees it for having been let see it, and by nothing else.

    The policy is asked here, once: what hangs on the matter is read after it.
    """
    found = tx.row(
        _HEAD + " WHERE m.id = ANY ((SELECT guard.look_up(ARRAY[%(id)s]))::uuid[])",
        {"id": matter_id},
    )
    if found is None:
        raise errors.NotFound
    return found


def several(tx: Work, matter_ids: Sequence[UUID]) -> list[Row]:
    """These matters as the engine takes them, as far as the actor sees them, in no order; the
    policy is asked once."""
    return tx.rows(
        "SELECT m.id, m.kind, m.state, m.stage, m.version, m.episode, m.unit_path::text,"
        "       m.assigned_path::text, m.made_by, m.profile_id, m.source,"
        "       m.opened_on, m.id = ANY ((SELECT guard.only_let_see())::uuid[]) AS only_let_see"
        "  FROM matter m WHERE m.id = ANY ((SELECT guard.look_up(%(ids)s))::uuid[])",
        {"ids": list(matter_ids)},
    )


def number(tx: Work, matter_id: UUID) -> str | None:
    found: str | None = tx.value("SELECT number FROM matter WHERE id = %(id)s", {"id": matter_id})
    return found


def sees(tx: Work, matter_id: UUID) -> bool:
    """Whether the actor may see it at all; told of what is hidden as late as of what isn't there:
    a policy asks a row that is there what it asks no other."""
    return bool(
        tx.value("SELECT cardinality(guard.look_up(ARRAY[%(id)s]::uuid[])) > 0", {"id": matter_id})
    )


def find(tx: Work, matter_id: UUID) -> None:
    """Raises NotFound where the actor doesn't see it, or it isn't there."""
    if not sees(tx, matter_id):
        raise errors.NotFound


def matter_by_number(tx: Work, kind: Kind, number: str) -> Row:
    found = tx.row(
        _HEAD + " WHERE m.kind = %(kind)s AND m.number = %(number)s ORDER BY m.id LIMIT 1",
        {"kind": kind.value, "number": number},
    )
    if found is None:
        raise errors.NotFound
    return found


# The original wording, and whether the reader keeps what is sealed of it: who doesn't has neither.
_PETITION = """
SELECT p.id, p.received_on, p.channel, p.class, p.named, p.place, p.summary, p.summary_checked_by,
       p.backlog, p.forwarded_to, guard.read_wording(p.id) AS content,
       guard.keeps_reporter(p.id) AS keeps
  FROM petition p WHERE p.id = %(id)s
"""


def own_row(tx: Work, kind: Kind, matter_id: UUID) -> Row | None:
    """The row of the matter's own kind, None where the reader may not have it."""
    if kind is Kind.PETITION:
        return tx.row(_PETITION, {"id": matter_id})
    table = {"lead": "lead", "case": '"case"', "fund_item": "fund_item"}
    return tx.row(f"SELECT * FROM {table[kind.value]} WHERE id = %(id)s", {"id": matter_id})


def team(tx: Work, matter_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT t.id, t.account_id, a.name, t.part, t.begins_on, t.ends_on FROM team_member t"
        "  JOIN account a ON a.id = t.account_id WHERE t.matter_id = %(id)s AND t.ends_on IS NULL"
        " ORDER BY t.part, t.begins_on, a.name",
        {"id": matter_id},
    )


def handed_from(tx: Work, matter_id: UUID, name: str) -> bool:
    """Whether something of somebody's was handed over on a matter."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM transition t WHERE t.matter_id = %(id)s"
            " AND t.event IN ('handed_to', 'left_team', 'request_passed')"
            " AND t.form ->> 'from' = %(name)s)",
            {"id": matter_id, "name": name},
        )
    )


def history(tx: Work, matter_id: UUID, *, most: int | None = None) -> list[Row]:
    """Every step, or the last `most` of them, newest first."""
    return tx.rows(
        "SELECT t.id, t.version, t.event, t.from_state, t.to_state, t.actor_id, t.manner,"
        "       coalesce(a.name, t.signer_name) AS actor_name, t.request_id,"
        "       coalesce(w.reason, t.reason) AS reason,"
        "       CASE WHEN t.form = '{}' THEN coalesce(w.form, t.form) ELSE t.form END AS form,"
        "       t.happened_on, t.recorded_at"
        "  FROM transition t LEFT JOIN account a ON a.id = t.actor_id"
        "  LEFT JOIN guard.words_of(%(id)s) w ON w.id = t.id"
        " WHERE t.matter_id = %(id)s ORDER BY t.version DESC"
        + ("" if most is None else " LIMIT %(limit)s"),
        {"id": matter_id, "limit": most or 0},
    )


def turns(tx: Work, matter_id: UUID) -> list[Row]:
    """The steps by which it came to where it stands, newest first: its first one, each that changed
    its state, and who wrote a summary."""
    return tx.rows(
        "SELECT t.version, t.event, t.to_state, t.actor_id, t.request_id, t.happened_on"
        "  FROM transition t WHERE t.matter_id = %(id)s AND (t.version = 1"
        "    OR t.from_state IS DISTINCT FROM t.to_state OR t.event = 'summary_written')"
        " ORDER BY t.version DESC",
        {"id": matter_id},
    )


def links(tx: Work, matter_id: UUID) -> list[Row]:
    """Links to matters that the reader may see, either way round."""
    return tx.rows(
        "SELECT l.id, l.kind, l.begins_on, l.from_id = %(id)s AS outward, o.id AS other_id,"
        f"       o.kind AS other_kind, o.number, {title('o')} AS title, o.state, o.stage,"
        "       o.effective"
        "  FROM matter_link l"
        "  JOIN matter o ON o.id = CASE WHEN l.from_id = %(id)s THEN l.to_id ELSE l.from_id END"
        " WHERE %(id)s IN (l.from_id, l.to_id) AND l.ends_on IS NULL "
        " ORDER BY l.begins_on, o.number",
        {"id": matter_id},
    )


def notes(tx: Work, matter_id: UUID, *, most: int | None = None) -> list[Row]:
    return tx.rows(
        "SELECT n.id, n.text, n.made_on, n.recorded_at, a.name AS made_by FROM note n"
        "  JOIN account a ON a.id = n.made_by WHERE n.matter_id = %(id)s"
        " ORDER BY n.recorded_at DESC, n.id DESC" + ("" if most is None else " LIMIT %(limit)s"),
        {"id": matter_id, "limit": most or 0},
    )


def doubts(tx: Work, matter_id: UUID) -> list[Row]:
    """Where its ledger contradicted a rule, open ones first."""
    return tx.rows(
        "SELECT d.id, d.rule, d.row, d.settled_on, d.explanation FROM doubt d"
        " WHERE d.matter_id = %(id)s ORDER BY d.settled_on NULLS FIRST, d.rule, d.row",
        {"id": matter_id},
    )


def insert_note(tx: Work, matter_id: UUID, text: str) -> UUID:
    note_id = new_id()
    tx.insert(
        Note,
        id=note_id,
        matter_id=matter_id,
        text=text,
        made_by=tx.actor.account_id,
        made_on=tx.today,
    )
    return note_id


def insert_link(tx: Work, kind: str, from_id: UUID, to_id: UUID) -> None:
    tx.insert(MatterLink, id=new_id(), kind=kind, from_id=from_id, to_id=to_id, begins_on=tx.today)


def join_team(tx: Work, matter_id: UUID, account_id: UUID, part: str) -> None:
    tx.insert(
        TeamMember,
        id=new_id(),
        matter_id=matter_id,
        account_id=account_id,
        part=part,
        begins_on=tx.today,
    )


def leave_team(tx: Work, matter_id: UUID, account_id: UUID | None = None) -> None:
    """End one member's part, or everybody's: nobody in the team is no error then."""
    statement = (
        update(_TEAM)
        .where(_TEAM.c.matter_id == matter_id)
        .where(_TEAM.c.ends_on.is_(None))
        .values(ends_on=tx.today)
    )
    if account_id is None:
        tx.run(statement)
    else:
        tx.change(statement.where(_TEAM.c.account_id == account_id))


def advance(
    tx: Work,
    matter_id: UUID,
    *,
    seen_version: int,
    event: str,
    request_id: UUID | None,
    to_state: str,
    to_stage: Stage,
    reason: str | None,
    form: Mapping[str, Any],
    changes: Mapping[str, Any],
    transition_id: UUID,
) -> int:
    """The one way to another state; returns the new version. `transition_id` is new.

    Comes last: the step may take the matter out of the actor's sight. The database refuses a
    stale version, and a step without the signatures that its profile
    wants. Raises Stale, NotFound, Conflict.
    """
    version = tx.value(
        "SELECT guard.advance(%(matter)s, %(seen)s, %(transition)s, %(event)s, %(request)s,"
        " %(state)s, %(stage)s, %(day)s, %(reason)s, %(form)s::jsonb, %(changes)s::jsonb)",
        {
            "matter": matter_id,
            "seen": seen_version,
            "transition": transition_id,
            "event": event,
            "request": request_id,
            "state": to_state,
            "stage": to_stage.value,
            "day": tx.today,
            "reason": reason,
            "form": json.dumps(dict(form), default=str, ensure_ascii=False),
            "changes": json.dumps(dict(changes), default=str, ensure_ascii=False),
        },
    )
    return int(version)


def touch(
    tx: Work,
    matter_id: UUID,
    *,
    event: str,
    seen_version: int | None = None,
    reason: str | None = None,
    form: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
) -> int:
    """Record an event that leaves the state alone, and move the matter's version.

    `changes` may set title, source, responsible_leader, campaign_id, classification, due_on.
    Raises Stale where `seen_version` is given and is not the present one.
    """
    version = tx.value(
        "SELECT guard.touch(%(matter)s, %(seen)s, %(transition)s, %(event)s, %(day)s,"
        " %(reason)s, %(form)s::jsonb, %(changes)s::jsonb)",
        {
            "matter": matter_id,
            "seen": seen_version,
            "transition": new_id(),
            "event": event,
            "day": tx.today,
            "reason": reason,
            "form": json.dumps(dict(form or {}), default=str, ensure_ascii=False),
            "changes": json.dumps(dict(changes or {}), default=str, ensure_ascii=False),
        },
    )
    return int(version)


def last_actor(tx: Work, matter_id: UUID, event: str) -> UUID | None:
    """Who did something last."""
    found: UUID | None = tx.value(
        "SELECT t.actor_id FROM transition t WHERE t.matter_id = %(id)s AND t.event = %(event)s"
        " ORDER BY t.version DESC LIMIT 1",
        {"id": matter_id, "event": event},
    )
    return found
