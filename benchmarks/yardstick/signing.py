"""Approving a step: the deputy's signature assigns a lead to its department."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from psycopg.types.json import Jsonb

from app.core.ids import new_id
from benchmarks.yardstick.context import Cursor, Desk, Row, one, today

_REQUEST = """
SELECT q.id, q.matter_id, q.event, q.to_state, q.form, q.requested_by, q.chain, q.next_position,
       q.next_role, q.status, q.version, m.version AS seen, guard.actor() AS me
  FROM request q JOIN matter m ON m.id = q.matter_id WHERE q.id = %s"""


def sign(desk: Desk, request_id: UUID, reason: str) -> Row:
    """Lock, look again, and write what the step writes; the facts are what guards judge by."""
    with desk.work("deputy", "requests.sign") as cursor:
        matter_id = one(cursor.execute(_REQUEST, (request_id,)))["matter_id"]
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s::text, 4155))", (str(matter_id),)
        )
        asked = one(cursor.execute(_REQUEST, (request_id,)))
        facts = one(cursor.execute("SELECT guard.facts(%s) AS facts", (matter_id,)))["facts"]
        department = UUID(asked["form"]["department"])
        cursor.execute("SELECT u.id, u.path::text FROM unit u WHERE u.id = %s", (department,))
        one(cursor)
        if asked["status"] != "open" or asked["me"] == asked["requested_by"] or facts is None:
            raise PermissionError(asked["status"])
        version = _write(cursor, asked, reason)
    return {"matter_id": matter_id, "state": "assigned", "moved": True, "version": version}


def _write(cursor: Cursor, asked: Row, reason: str) -> int:
    day, matter_id, transition_id = today(), asked["matter_id"], new_id()
    cursor.execute(
        "INSERT INTO signature (id, request_id, matter_id, requested_by, position, act, role,"
        " account_id, verdict, reason, signed_on)"
        " VALUES (%s, %s, %s, %s, 1, 'decide', 'deputy', %s, 'sign', %s, %s)",
        (new_id(), asked["id"], matter_id, asked["requested_by"], asked["me"], reason, day),
    )
    cursor.execute(
        "UPDATE request SET status = 'approved', next_role = NULL, next_path = NULL,"
        " ended_on = %s, version = version + 1 WHERE id = %s AND version = %s AND status = 'open'",
        (day, asked["id"], asked["version"]),
    )
    cursor.execute(
        "UPDATE clock SET stopped_on = %s, stopped_by = %s"
        " WHERE matter_id = %s AND stopped_on IS NULL AND rule = 'distribution'",
        (day, transition_id, matter_id),
    )
    cursor.execute(
        "INSERT INTO clock (id, matter_id, rule, amount, unit, started_on, started_by, due_on,"
        " explanation) VALUES (%s, %s, 'acceptance', 2, 'WD', %s, %s, %s, %s)",
        (new_id(), matter_id, day, transition_id, day + timedelta(days=2), Jsonb({})),
    )
    cursor.execute(
        "SELECT min(due_on) AS due_on FROM clock WHERE matter_id = %s AND stopped_on IS NULL",
        (matter_id,),
    )
    changes = {
        "assigned_unit_id": asked["form"]["department"],
        "due_on": str(one(cursor)["due_on"]),
    }
    cursor.execute(
        "SELECT guard.advance(%s, %s, %s, 'assign', %s, 'assigned', 'share', %s, %s,"
        " %s::jsonb, %s::jsonb) AS version",
        (
            matter_id, asked["seen"], transition_id, asked["id"], day, reason,
            json.dumps(asked["form"]), json.dumps(changes),
        ),
    )  # fmt: skip
    version: int = one(cursor)["version"]
    return version
