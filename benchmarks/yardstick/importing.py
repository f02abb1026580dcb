"""A ledger taken in by hand: copied to a staging table, and inserted from there.

It knows this one ledger's columns and words; the rows, their row security, their events and what
an import looks over at its end are the product's.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.core.ids import new_id
from app.domain.name_keys import keys
from app.domain.name_order import by_pinyin, by_strokes
from benchmarks.yardstick.context import Cursor, Desk, today

_STAGE = """
CREATE TEMPORARY TABLE stage (
  at integer GENERATED ALWAYS AS IDENTITY, number text, source text, received_on date, name text,
  what text, township text, village text, disposal text, approver text, approved_on date)
  ON COMMIT DROP"""
_COPY = """
COPY stage (number, source, received_on, name, what, township, village, disposal, approver,
            approved_on) FROM STDIN (FORMAT csv, HEADER)"""
# Ids are made here: nothing is read back from tables that would have to show it first.
_MADE = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT s.*, gen_random_uuid() AS id, u.id AS unit_id, u.path AS unit_path,
       s.disposal <> '' AS disposed, gen_random_uuid() AS request_id,
       gen_random_uuid() AS involvement_id
  FROM stage s JOIN unit u ON u.name = s.village JOIN unit t ON t.id = u.parent_id
   AND t.name = s.township"""
_PEOPLE = """
CREATE TEMPORARY TABLE people ON COMMIT DROP AS
SELECT x.name, x.unit_id, coalesce(p.id, gen_random_uuid()) AS id, p.id IS NULL AS fresh
  FROM (SELECT DISTINCT name, unit_id FROM made) x
  LEFT JOIN person p ON p.name = x.name AND p.unit_id = x.unit_id"""
_WRITTEN = (
    "INSERT INTO person (id, name, unit_id, presumed)"
    " SELECT id, name, unit_id, true FROM people WHERE fresh",
    """INSERT INTO matter (id, kind, district, number, title, state, stage, unit_id, unit_path,
         made_by, profile_id, version, source, opened_on, import_batch_id)
       SELECT id, 'lead', subpath(unit_path, 0, 1)::text, number, what,
              CASE WHEN disposed THEN 'verifying' ELSE 'registered' END,
              CASE WHEN disposed THEN 'investigate' ELSE 'share' END, unit_id, unit_path,
              guard.actor(), %(profile)s, CASE WHEN disposed THEN 2 ELSE 1 END, 'petition',
              received_on, %(batch)s FROM made""",
    """INSERT INTO lead (id, received_on, what, method, disposed_on)
       SELECT id, received_on, what, CASE WHEN disposed THEN 'verification' END,
              approved_on FROM made""",
    """INSERT INTO request (id, matter_id, event, from_state, to_state, requested_on,
         next_position, status, manner, matter_version, ended_on)
       SELECT request_id, id, 'verify', 'registered', 'verifying', approved_on, 2, 'approved',
              'ledger', 1, approved_on FROM made WHERE disposed""",
    """INSERT INTO signature (id, request_id, matter_id, position, act, role, signer_name,
         verdict, manner, signed_on)
       SELECT gen_random_uuid(), request_id, id, 1, 'decide', 'chief', approver, 'sign',
              'ledger', approved_on FROM made WHERE disposed""",
    """INSERT INTO transition (id, matter_id, version, event, from_state, to_state, signer_name,
         request_id, manner, form, happened_on)
       SELECT gen_random_uuid(), id, 1, 'register_new', NULL, 'registered', NULL, NULL, 'ledger',
              '{}'::jsonb, received_on FROM made
       UNION ALL
       SELECT gen_random_uuid(), id, 2, 'verify', 'registered', 'verifying', approver, request_id,
              'ledger', '{}'::jsonb, approved_on FROM made WHERE disposed""",
    """INSERT INTO involvement (id, matter_id, code, part, person_id, begins_on)
       SELECT m.involvement_id, m.id, '01', 'subject', p.id, m.received_on
         FROM made m JOIN people p USING (name, unit_id)""",
    """INSERT INTO import_row (id, batch_id, family, sheet, row, row_hash, matter_id)
       SELECT gen_random_uuid(), %(batch)s, 'leads', '', at + 1,
              sha256(convert_to(ROW(number, received_on, name, what, village, approved_on)::text,
                                'UTF8')), id FROM made""",
)
_CLOSED = """
UPDATE import_batch SET rows = %(rows)s, accepted = %(rows)s,
       report = jsonb_build_object('rows', %(rows)s::integer), committed_at = now(),
       version = version + 1 WHERE id = %(batch)s"""


def take(desk: Desk, path: Path) -> int:
    """Take the ledger; returns how many rows it had."""
    batch = new_id()
    with desk.work("operator", "imports.take") as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(4157)")
        cursor.execute(
            "INSERT INTO import_batch (id, family, file_name, file_hash, made_by, happened_on)"
            " SELECT %s, 'leads', %s, %s, guard.actor(), %s",
            (batch, path.name, hashlib.sha256(path.read_bytes()).digest(), today()),
        )
        cursor.execute("SELECT set_config('plumbline.batch', %s, true)", (str(batch),))
        profile = cursor.execute(
            "SELECT p.id FROM profile_version p JOIN installation i ON i.profile_name = p.name"
            " ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1"
        ).fetchone()
        assert profile is not None
        cursor.execute(_STAGE)
        with path.open("rb") as file, cursor.copy(_COPY) as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        cursor.execute("ANALYZE stage")
        cursor.execute(_MADE)
        rows = cursor.rowcount
        cursor.execute(_PEOPLE)
        cursor.execute("ANALYZE made")
        cursor.execute("ANALYZE people")
        given = {"batch": batch, "profile": profile["id"], "rows": rows}
        for statement in _WRITTEN:
            cursor.execute(statement.encode(), given)
        _write_keys(cursor)
        cursor.execute("SELECT guard.import_repeats(%s)", (batch,))
        cursor.execute("SELECT guard.import_doubts(%s, %s)", (batch, today()))
        cursor.execute(_CLOSED, given)
    return rows


def _write_keys(cursor: Cursor) -> None:
    """What the new people's names are found by."""
    cursor.execute(
        "CREATE TEMPORARY TABLE keyed (person_id uuid, keys text[], pinyin text, strokes text)"
        " ON COMMIT DROP"
    )
    people = cursor.execute("SELECT id, name FROM people WHERE fresh").fetchall()
    with cursor.copy("COPY keyed FROM STDIN") as copy:
        for row in people:
            name = row["name"]
            copy.write_row((row["id"], keys(name), by_pinyin(name), by_strokes(name)))
    cursor.execute("INSERT INTO person_key SELECT person_id, keys, pinyin, strokes FROM keyed")
