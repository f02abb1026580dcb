"""Logging a lead: the rows that the product writes for one that a handler submits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.core.ids import new_id
from app.domain.name_keys import keys
from app.domain.name_order import by_pinyin, by_strokes
from benchmarks.yardstick.context import Cursor, Desk, Row, one


def log_lead(desk: Desk, who: str, body: Mapping[str, Any]) -> Row:
    """One person reported. Answers with what was written."""
    lead_id, day = new_id(), date.fromisoformat(body["received_on"])
    due_on = day + timedelta(days=2)
    with desk.work(who, "leads.log") as cursor:
        cursor.execute(
            "SELECT u.id, u.name, u.path::text AS path, p.id AS profile_id, guard.actor() AS me"
            "  FROM unit u, profile_version p JOIN installation i ON i.profile_name = p.name"
            " WHERE u.id = %s ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1",
            (body["unit_id"],),
        )
        unit = one(cursor)
        district = unit["path"].split(".")[0]
        cursor.execute("SELECT guard.next_number('lead', %s, %s) AS n", (district, day.year))
        number = f"{district}{day.year}-{one(cursor)['n']:04d}"
        cursor.execute(
            "INSERT INTO matter (id, kind, district, number, title, state, stage, unit_id,"
            " unit_path, made_by, profile_id, source, opened_on, due_on) VALUES (%s, 'lead', %s,"
            " %s, %s, 'submitted', 'share', %s, %s, %s, %s, %s, %s, %s)",
            (
                lead_id, district, number, body["what"], unit["id"], unit["path"], unit["me"],
                unit["profile_id"], body["source"], day, due_on,
            ),
        )  # fmt: skip
        cursor.execute(
            "INSERT INTO transition (id, matter_id, version, event, to_state, actor_id,"
            " happened_on, form) VALUES (%s, %s, 1, 'submit', 'submitted', %s, %s, '{}')",
            (new_id(), lead_id, unit["me"], day),
        )
        cursor.execute(
            "INSERT INTO clock (id, matter_id, rule, amount, unit, started_on, due_on,"
            " explanation) VALUES (%s, %s, 'registration', 2, 'WD', %s, %s, '{}')",
            (new_id(), lead_id, day, due_on),
        )
        cursor.execute(
            "INSERT INTO lead (id, received_on, what) VALUES (%s, %s, %s)",
            (lead_id, day, body["what"]),
        )
        person_id = _person(cursor, body["subjects"][0]["name"], unit["id"])
        cursor.execute(
            "INSERT INTO involvement (id, matter_id, part, person_id, code, begins_on)"
            " VALUES (%s, %s, 'subject', %s, '01', %s)",
            (new_id(), lead_id, person_id, day),
        )
    return {
        "id": lead_id, "kind": "lead", "number": number, "title": body["what"],
        "state": "submitted", "stage": "share", "version": 1, "unit": unit["name"],
        "received_on": day, "due_on": due_on, "source": body["source"],
        "people": [{"person_id": person_id, "name": body["subjects"][0]["name"], "code": "01"}],
    }  # fmt: skip


def _person(cursor: Cursor, name: str, unit_id: UUID) -> UUID:
    cursor.execute(
        "SELECT p.id FROM person p WHERE p.name = %s AND p.unit_id = %s ORDER BY p.id LIMIT 2",
        (name, unit_id),
    )
    found = cursor.fetchone()
    if found is not None:
        known: UUID = found["id"]
        return known
    person_id = new_id()
    cursor.execute(
        "INSERT INTO person (id, name, unit_id, presumed) VALUES (%s, %s, %s, true)",
        (person_id, name, unit_id),
    )
    cursor.execute(
        "SELECT guard.keep_name(%s, %s::text[], %s, %s)",
        (person_id, keys(name), by_pinyin(name), by_strokes(name)),
    )
    return person_id
