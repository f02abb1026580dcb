"""Every lead as CSV, written by the database: the same lines as the product's export."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date

from psycopg import ClientCursor

from benchmarks.yardstick.context import Desk

BLOCK = 65536
_HARMLESS = (
    "CASE WHEN ascii({0}) = ANY ('{{61,43,45,64,9,13,10,65309,65291,65293,65312}}'::int[])"
    " THEN '''' || ({0}) ELSE {0} END"
)


def _said(word: str, code: str) -> str:
    return f"coalesce((SELECT w FROM words) ->> ({word}), {code})"


_TEXTS = (
    "m.number",
    _said("'kind.lead'", "m.kind"),
    "(SELECT w FROM words) ->> CASE WHEN m.effective THEN 'standing.effective'"
    " ELSE 'standing.alleged' END",
    _said("'state.lead.' || m.state", "m.state"),
    _said("'stage.' || m.stage", "m.stage"),
    "a.name",
    "u.name",
)
_MORE = ("c.name", "m.responsible_leader", _said("'method.' || l.method", "l.method"))


def _harmless(*values: str) -> str:
    return ", ".join(_HARMLESS.format(value) for value in values)


STATEMENT = f"""
WITH words AS MATERIALIZED (SELECT %(words)s::jsonb AS w)
SELECT {_harmless(*_TEXTS)}, m.opened_on, m.closed_on,
       {_harmless(_said("'source.' || m.source", "m.source"), *_MORE)},
       l.disposed_on, l.filed_on, {_harmless("s.names")}, f.received, f.returned, d.doubts,
       1::numeric
  FROM guard.counted_lead l JOIN matter m ON m.id = l.id JOIN unit u ON u.id = m.unit_id
  LEFT JOIN unit a ON a.id = u.parent_id AND a.kind IN ('township', 'subdistrict')
  LEFT JOIN campaign c ON c.id = m.campaign_id
  LEFT JOIN (
    SELECT i.matter_id, string_agg(coalesce(p.name, g.name), '、' ORDER BY i.code, i.id) AS names
      FROM guard.counted_involvement i LEFT JOIN guard.masked_person p ON p.id = i.person_id
      LEFT JOIN organisation g ON g.id = i.organisation_id
     WHERE i.part = 'subject' AND i.ended_on IS NULL GROUP BY i.matter_id) s
    ON s.matter_id = m.id
  LEFT JOIN (
    SELECT d.matter_id, count(*) AS doubts FROM guard.counted_doubt d
     WHERE d.settled_on IS NULL OR d.settled_on > %(day)s GROUP BY d.matter_id) d
    ON d.matter_id = m.id
  LEFT JOIN (
    SELECT v.matter_id, -sum(v.amount) FILTER (WHERE v.account = 'payer') AS received,
           sum(v.amount) FILTER (WHERE v.account = 'refund') AS returned
      FROM guard.counted_posting v WHERE v.happened_on <= %(day)s GROUP BY v.matter_id) f
    ON f.matter_id = m.id
 WHERE l.received_on <= %(day)s AND l.state <> 'voided'
 ORDER BY m.opened_on, m.number"""


def copied(desk: Desk, words: Mapping[str, str], day: date) -> Iterator[bytes]:
    """`COPY … TO STDOUT`, gathered to blocks."""
    with desk.work("auditor", "export") as cursor:
        cursor.execute("SELECT set_config('work_mem', '64MB', true)")
        given = {"words": json.dumps(words, ensure_ascii=False), "day": day}
        query = ClientCursor(cursor.connection).mogrify(STATEMENT.encode(), given)
        gathered = bytearray()
        with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)".encode()) as copy:
            for block in copy:
                gathered += block
                if len(gathered) >= BLOCK:
                    yield bytes(gathered)
                    gathered.clear()
        yield bytes(gathered)
