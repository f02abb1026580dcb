"""Walls as the guard keeps them: declared, decided, and asked of the register."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.models.walls import Relative
from app.repositories.titles import title
from app.repositories.work import Work


def declare(tx: Work, matter_id: UUID, reason: str) -> None:
    """The actor keeps off from now on, and sees the matter no more. Raises NotFound."""
    tx.value(
        "SELECT guard.declare_wall(%(matter)s, %(reason)s, %(day)s)",
        {"matter": matter_id, "reason": reason, "day": tx.today},
    )


def decide(tx: Work, matter_id: UUID, account_id: UUID, request_id: UUID) -> None:
    """Somebody keeps off by an approved request that names them. Raises NotFound."""
    tx.value(
        "SELECT guard.decide_wall(%(matter)s, %(account)s, %(request)s, %(day)s)",
        {"matter": matter_id, "account": account_id, "request": request_id, "day": tx.today},
    )


def on_matter(tx: Work, matter_id: UUID) -> list[Row]:
    """Who keeps off, by name; nothing for whoever doesn't work on the matter."""
    return tx.rows(
        'SELECT w.account_id, w.name FROM guard.walls_on(%(id)s) w ORDER BY w.name COLLATE "C"',
        {"id": matter_id},
    )


def write_reading(tx: Work, matter_id: UUID) -> None:
    """Writes down that the actor read a matter, while it is open whether they keep off it."""
    if tx.actor.person_id is not None:  # nothing names an account that is tied to nobody
        tx.value("SELECT guard.write_reading(%(id)s)", {"id": matter_id})


def to_decide(tx: Work) -> list[Row]:
    """Handlers whom a matter names that is linked to one they handle; the oldest first. What the
    actor heads, and not about the actor. `readings` since it is open."""
    return tx.rows(
        f"""
        SELECT q.matter_id, q.account_id, q.name, q.linked_id, q.since, q.readings,
               m.kind, m.number, {title()} AS title, m.effective, l.number AS linked_number,
               {title("l")} AS linked_title
          FROM guard.links_to_decide() q
          JOIN matter m ON m.id = q.matter_id
          JOIN matter l ON l.id = q.linked_id
         ORDER BY q.since, m.number, q.name COLLATE "C", l.number
        """
    )


def decide_link(
    tx: Work, matter_id: UUID, account_id: UUID, linked_id: UUID, *, keeps_off: bool, reason: str
) -> None:
    """Raises NotFound where the actor has nothing of this to decide."""
    tx.value(
        "SELECT guard.decide_link(%(matter)s, %(account)s, %(linked)s, %(keeps_off)s, %(reason)s,"
        " %(day)s)",
        {
            "matter": matter_id,
            "account": account_id,
            "linked": linked_id,
            "keeps_off": keeps_off,
            "reason": reason,
            "day": tx.today,
        },
    )


def namesakes(tx: Work, matter_id: UUID) -> list[Row]:
    """Colleagues with the name of somebody whom a matter names, for whoever says whether it is
    them, and what was said: `answer` is None while it is open. Never about the actor."""
    return tx.rows(
        "SELECT k.* FROM guard.namesakes_on(%(id)s) k"
        ' ORDER BY k.answer IS NOT NULL, k.person COLLATE "C", k.login',
        {"id": matter_id},
    )


def namesakes_to_answer(tx: Work, *, limit: int) -> list[Row]:
    """Of every open matter what the actor is to say, the oldest question first."""
    return tx.rows(
        f"SELECT q.*, m.kind, m.number, {title()} AS title, m.effective"
        "  FROM guard.namesakes_to_answer(%(limit)s) q JOIN matter m ON m.id = q.matter_id"
        ' ORDER BY q.asked_at, q.matter_id, q.person COLLATE "C", q.login',
        {"limit": limit},
    )


def answer_namesake(
    tx: Work, matter_id: UUID, involvement_id: UUID, account_id: UUID, *, them: bool, reason: str
) -> None:
    """Raises NotFound where the actor has nothing of this to say."""
    tx.value(
        "SELECT guard.answer_namesake(%(matter)s, %(involvement)s, %(account)s, %(them)s,"
        " %(reason)s, %(day)s)",
        {
            "matter": matter_id,
            "involvement": involvement_id,
            "account": account_id,
            "them": them,
            "reason": reason,
            "day": tx.today,
        },
    )


def to_lift(tx: Work, matter_id: UUID) -> list[Row]:
    """What was declared or decided, with its reason, for whoever heads the matter."""
    return tx.rows(
        "SELECT w.account_id, w.name, w.cause, w.reason, w.made_by, w.made_on"
        '  FROM guard.walls_to_lift(%(id)s) w ORDER BY w.made_on, w.name COLLATE "C"',
        {"id": matter_id},
    )


def lift(tx: Work, matter_id: UUID, account_id: UUID, reason: str) -> None:
    """Raises NotFound where there is no such wall, or it isn't the actor's to lift."""
    tx.value(
        "SELECT guard.lift_wall(%(matter)s, %(account)s, %(reason)s, %(day)s)",
        {"matter": matter_id, "account": account_id, "reason": reason, "day": tx.today},
    )


def accused(tx: Work, *, since: date) -> list[Row]:
    """Handlers of the actor's cases whom two reports or more accuse, with the reports' numbers."""
    return tx.rows(
        f"""
        SELECT h.matter_id, h.account_id, h.name, m.kind, m.number, {title()} AS title, m.effective,
               (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'number', r.number)
                                 ORDER BY r.opened_on, r.id)
                  FROM matter r WHERE r.id = ANY (h.reports)) AS reports
          FROM guard.accused_handlers(%(since)s) h JOIN matter m ON m.id = h.matter_id
         ORDER BY cardinality(h.reports) DESC, m.number, h.name COLLATE "C"
        """,
        {"since": since},
    )


def insert_relative(tx: Work, person_id: UUID, relative_id: UUID, kinship: str) -> UUID:
    relative = new_id()
    tx.insert(
        Relative,
        id=relative,
        person_id=person_id,
        relative_id=relative_id,
        kinship=kinship,
        declared_by=tx.actor.account_id,
        declared_on=tx.today,
    )
    return relative


def relatives(tx: Work, person_id: UUID) -> list[Row]:
    """Near relatives that stand, from either side; `kinship` as it was declared, `reverse` where
    the other one declared it."""
    return tx.rows(
        "SELECT r.id, r.kinship, r.declared_on, r.relative_id = %(id)s AS reverse,"
        "       p.id AS person_id, p.name, u.name AS unit_name"
        "  FROM relative r JOIN person p"
        "    ON p.id = CASE WHEN r.person_id = %(id)s THEN r.relative_id ELSE r.person_id END"
        "  LEFT JOIN unit u ON u.id = p.unit_id"
        " WHERE %(id)s IN (r.person_id, r.relative_id) AND r.ended_on IS NULL"
        ' ORDER BY p.name COLLATE "C", r.id',
        {"id": person_id},
    )


def end_relative(tx: Work, person_id: UUID, relative_id: UUID) -> int:
    """How many rows it met: none where it doesn't stand, or is none of this person's."""
    return tx.execute(
        "UPDATE relative SET ended_on = %(day)s WHERE id = %(id)s AND ended_on IS NULL"
        "   AND %(person)s IN (person_id, relative_id)",
        {"day": tx.today, "id": relative_id, "person": person_id},
    )
