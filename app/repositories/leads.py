"""Leads, as far as they differ from other matters."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.core.db import Row
from app.models.columns import table_of
from app.models.leads import Lead
from app.repositories.titles import title
from app.repositories.work import Work

_LEADS = table_of(Lead)


def insert_lead(
    tx: Work,
    lead_id: UUID,
    *,
    received_on: date,
    what: str,
    category: str | None,
    place: str | None,
    happened: str | None,
    amount: object,
) -> None:
    tx.insert(
        Lead,
        id=lead_id,
        received_on=received_on,
        what=what,
        category=category,
        place=place,
        happened=happened,
        amount=amount,
    )


def change_lead(tx: Work, lead_id: UUID, **columns: object) -> None:
    """Raises Stale where the lead is not the actor's to change."""
    tx.change(update(_LEADS).where(_LEADS.c.id == lead_id).values(**columns))


def look_alikes(tx: Work, *, unit_id: UUID, names: list[str], what: str) -> list[Row]:
    """Leads and petitions that may tell of the same thing, among what the actor may open.

    `why` is `person_and_unit`, or `words` where what is told reads alike in the same unit.
    """
    return tx.rows(
        f"""
        SELECT m.id, m.kind, m.number, {title()} AS title, m.state, m.stage, m.opened_on,
               m.effective,
               CASE WHEN bool_or(p.name = ANY (%(names)s)) THEN 'person_and_unit'
                    ELSE 'words' END AS why
          FROM matter m
          LEFT JOIN involvement i ON i.matter_id = m.id AND i.part = 'subject'
          LEFT JOIN person p ON p.id = i.person_id
         WHERE m.unit_id = %(unit)s AND m.kind IN ('lead', 'petition')
           AND (p.name = ANY (%(names)s) OR similarity(m.title, %(what)s) > 0.45)
         GROUP BY m.id ORDER BY m.opened_on DESC LIMIT 5
        """,
        {"unit": unit_id, "names": names, "what": what},
    )


def of_petition(tx: Work, petition_id: UUID) -> list[Row]:
    """Number and state of a petition's leads: all that intake may know of them."""
    return tx.rows("SELECT * FROM guard.leads_of_petition(%(id)s)", {"id": petition_id})
