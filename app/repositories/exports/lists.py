"""Lists that go out as files, streamed: each is one statement, whatever its length."""
# sql: columns and joins are constants of this module; what is asked for goes in as parameters

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import tuple_row

from app.core.db import Row
from app.core.ids import new_id
from app.domain.exports import COLUMNS, Column, What
from app.models.records import ExportRecord
from app.repositories.exports.columns import (
    INSTEAD,
    INTAKES,
    NO_PARTICULARS,
    PARTICULARS,
    RUN,
    VALUES,
    said,
)
from app.repositories.ledger import known
from app.repositories.totals.behind import behind_cte
from app.repositories.totals.question import Question, chosen_ctes, posting_ctes
from app.repositories.work import Work

_FETCHED = 2000  # rows a round trip where Python must look at each

# Joined from the guard's facts, which look once at whose matters they are; the tables' own row
# security would ask for each row of each of them.
_MATTERS = """
  FROM behind b JOIN matter m ON m.id = b.id JOIN unit u ON u.id = m.unit_id
  LEFT JOIN unit a ON a.id = u.parent_id AND a.kind IN ('township', 'subdistrict')
  LEFT JOIN campaign c ON c.id = m.campaign_id
  LEFT JOIN guard.counted_lead l ON l.id = m.id
  LEFT JOIN guard.counted_petition p ON p.id = m.id
  LEFT JOIN (
    SELECT i.matter_id, string_agg(coalesce(p.name, g.name), '、' ORDER BY i.code, i.id) AS names
      FROM guard.counted_involvement i LEFT JOIN {person} p ON p.id = i.person_id
      LEFT JOIN organisation g ON g.id = i.organisation_id
     WHERE i.part = 'subject' AND i.ended_on IS NULL AND i.matter_id IN (SELECT id FROM behind)
     GROUP BY i.matter_id) s ON s.matter_id = m.id
  LEFT JOIN (
    SELECT d.matter_id, count(*) AS doubts FROM guard.counted_doubt d
     WHERE d.settled_on IS NULL OR d.settled_on > %(day)s GROUP BY d.matter_id) d
    ON d.matter_id = m.id
  LEFT JOIN (
    SELECT v.matter_id, -sum(v.amount) FILTER (WHERE v.account = 'payer') AS received,
           sum(v.amount) FILTER (WHERE v.account = 'refund') AS returned
      FROM guard.counted_posting v WHERE v.happened_on <= %(day)s{known}
     GROUP BY v.matter_id) f ON f.matter_id = m.id
 ORDER BY m.opened_on, m.number"""
_ENTRIES = """
  FROM behind b JOIN journal_entry e ON e.id = b.id
  LEFT JOIN matter o ON o.id = e.matter_id
  LEFT JOIN matter i ON i.id = e.fund_item_id
  LEFT JOIN journal_entry z ON z.id = e.reverses_id
  LEFT JOIN {receipts} r ON r.entry_id = coalesce(e.reverses_id, e.id)
  LEFT JOIN {returns} t ON t.entry_id = coalesce(e.reverses_id, e.id)
  {identity}
 ORDER BY e.happened_on, e.recorded_at, e.id"""
# One row a matter and person; money of no known holder stands in the first person's row.
_REGISTER = """
involved AS MATERIALIZED (
  SELECT i.id, i.matter_id, i.code, i.person_id, i.eight_rules, i.confessed, p.name, p.member,
         {particulars},
         row_number() OVER (PARTITION BY i.matter_id ORDER BY i.code, i.id) AS place
    FROM guard.counted_involvement i LEFT JOIN {person} p ON p.id = i.person_id
   WHERE i.part = 'subject' AND i.ended_on IS NULL AND i.matter_id IN (SELECT id FROM behind)),
decided AS MATERIALIZED (
  SELECT x.involvement_id,
         string_agg({measure}, '、') FILTER (WHERE x.kind = 'handling') AS handling,
         string_agg({measure}, '、') FILTER (WHERE x.kind = 'party_sanction') AS party_sanction,
         string_agg({measure}, '、') FILTER (WHERE x.kind = 'administrative_sanction')
           AS administrative_sanction
    FROM guard.counted_outcome x
   WHERE x.decided_on <= %(day)s{known_outcome} AND x.matter_id IN (SELECT id FROM behind)
     AND NOT EXISTS (SELECT 1 FROM guard.counted_replacement y
                      WHERE y.replaces_id = x.id AND y.decided_on <= %(day)s)
   GROUP BY x.involvement_id),
paid AS MATERIALIZED (
  SELECT v.matter_id, coalesce(h.id, o.id) AS holder, {five}
    FROM guard.counted_posting v JOIN fund_item n ON n.id = v.fund_item_id
    LEFT JOIN involved h ON h.id = n.holder_involvement_id AND h.matter_id = v.matter_id
    LEFT JOIN involved o ON o.matter_id = v.matter_id AND o.place = 1
   WHERE v.account = 'payer' AND v.happened_on <= %(day)s{known}
     AND v.matter_id IN (SELECT id FROM behind)
   GROUP BY v.matter_id, coalesce(h.id, o.id))"""
_INVOLVED = """
  LEFT JOIN involved i ON i.matter_id = m.id
  LEFT JOIN decided x ON x.involvement_id = i.id
  LEFT JOIN paid f ON f.matter_id = m.id AND f.holder IS NOT DISTINCT FROM i.id
  {identity}"""
_LEAD_REGISTER = (
    """
  FROM behind b JOIN matter m ON m.id = b.id JOIN lead l ON l.id = m.id
  JOIN unit u ON u.id = m.unit_id LEFT JOIN unit g ON g.id = m.assigned_unit_id
"""
    + _INVOLVED
    + " ORDER BY m.opened_on, m.number, i.code"
)
_CASE_REGISTER = (
    """
  FROM behind b JOIN matter m ON m.id = b.id JOIN "case" k ON k.id = m.id
  LEFT JOIN (
    SELECT t.matter_id,
           min(t.happened_on) FILTER (WHERE t.to_state = 'adjudicating') AS adjudication_on,
           max(t.happened_on) FILTER (WHERE t.to_state = 'decided') AS decided_on
      FROM guard.counted_step t WHERE t.happened_on <= %(day)s
       AND t.to_state IN ('adjudicating', 'decided') GROUP BY t.matter_id) h ON h.matter_id = m.id
"""
    + _INVOLVED
    + " ORDER BY k.filed_on, m.number, i.code"
)
_TABLES: Mapping[What, str] = {
    What.MATTERS: _MATTERS,
    What.RECEIPTS: _ENTRIES,
    What.RETURNS: _ENTRIES,
    What.LEAD_REGISTER: _LEAD_REGISTER,
    What.CASE_REGISTER: _CASE_REGISTER,
}


def _statement(
    tx: Work, what: What, question: Question, key: str, *, names: bool, numbers: bool, csv: bool
) -> str:
    """The whole list. With `csv`, text is made harmless here, where it costs least."""
    columns = ", ".join(
        f"{_value(what, column, names=names, csv=csv)} AS {column.key}" for column in COLUMNS[what]
    )
    personal = ", w.id AS person_id, w.id_number" if numbers else ""
    five = ", ".join(
        f"-sum(v.amount) FILTER (WHERE v.intake = '{intake}') / 10000 AS {intake}"
        for intake in INTAKES
    )
    fragments = {
        "person": "guard.exported_person" if names else "guard.masked_person",
        "particulars": PARTICULARS if names else NO_PARTICULARS,
        "measure": said("measure", "x.measure"),
        "known": question.known("v"),
        "known_outcome": question.known("x"),
        "five": five,
        "identity": _IDENTITY[what] if numbers else "",
        "receipts": known(tx, "money_receipt"),
        "returns": known(tx, "money_return"),
    }
    register = what in (What.LEAD_REGISTER, What.CASE_REGISTER)
    before = f",{_REGISTER.format(**fragments)}" if register else ""
    tables = _TABLES[what].format(**fragments)
    return (
        "WITH words AS MATERIALIZED (SELECT %(words)s::jsonb AS w),"
        f" {_behind(what, question, key)}{before} SELECT {columns}{personal} {tables}"
    )


_IDENTITY: Mapping[What, str] = {
    What.MATTERS: "",
    What.RECEIPTS: "",
    What.RETURNS: "LEFT JOIN guard.exported_person w ON w.id = t.beneficiary_id",
    What.LEAD_REGISTER: "LEFT JOIN guard.exported_person w ON w.id = i.person_id",
    What.CASE_REGISTER: "LEFT JOIN guard.exported_person w ON w.id = i.person_id",
}


def _value(what: What, column: Column, *, names: bool, csv: bool) -> str:
    value = VALUES[what][column.key]
    if column.personal and not names:
        value = INSTEAD[what].get(column.key, "NULL")
    if column.kind == "wan":
        return f"trim_scale({value})"
    if column.kind != "text" or not csv or value == "NULL":
        return value
    return f"CASE WHEN ascii({value}) = ANY ({RUN}) THEN '''' || ({value}) ELSE {value} END"


def _behind(what: What, question: Question, key: str) -> str:
    if what is What.CASE_REGISTER:
        within = question.within("m", "opened_on") + (
            " AND m.id IN (SELECT id FROM chosen)" if question.by_lead else ""
        )
        return f"""{chosen_ctes(question)} behind AS (
          SELECT m.id FROM {question.facts("counted_matter")} m
           WHERE m.kind = 'case' AND m.opened_on <= %(day)s{question.known("m")}
                 {question.standing("m")}{within})"""
    if what in (What.RECEIPTS, What.RETURNS):
        account, sign = ("payer", "-") if what is What.RECEIPTS else ("refund", "")
        return f"""{posting_ctes(question)},
        behind AS (
          SELECT v.entry_id AS id, {sign}sum(v.amount) AS amount FROM moved v
           WHERE v.account = '{account}' GROUP BY v.entry_id HAVING sum(v.amount) <> 0)"""
    return behind_cte(question, key)


def _values(
    tx: Work, question: Question, words: Mapping[str, str], zone: str, body: str
) -> dict[str, Any]:
    return {
        **question.values, "words": json.dumps(words, ensure_ascii=False), "zone": zone,
        "apart": tx.apart.days, "body": body,
    }  # fmt: skip


def csv_blocks(
    tx: Work, what: What, question: Question, key: str, *, names: bool,
    words: Mapping[str, str], zone: str, body: str,
) -> Iterator[bytes]:  # fmt: skip
    """The list as the database writes CSV, in blocks, without its head."""
    statement = _statement(tx, what, question, key, names=names, numbers=False, csv=True)
    yield from tx.copy_out(statement, _values(tx, question, words, zone, body))


def rows(
    tx: Work, what: What, question: Question, key: str, *, names: bool, numbers: bool,
    words: Mapping[str, str], zone: str, body: str,
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """The list row by row through a cursor of the database's: whole lists don't fit in memory.

    With `numbers`, each row ends in the person's id and sealed identity number.
    """
    statement = _statement(tx, what, question, key, names=names, numbers=numbers, csv=False)
    with tx.driver.cursor(name="export", row_factory=tuple_row) as cursor:
        cursor.itersize = _FETCHED
        cursor.execute(statement.encode(), _values(tx, question, words, zone, body))
        yield from cursor


def insert_record(
    tx: Work, *, what: str, format_: str, definition: Mapping[str, Any], names: bool,
    reason: str | None,
) -> UUID:  # fmt: skip
    export_id = new_id()
    tx.insert(
        ExportRecord,
        id=export_id,
        made_by=tx.actor.account_id,
        what=what,
        format=format_,
        definition=dict(definition),
        names=names,
        reason=reason,
    )
    return export_id


# The place of an export among those that somebody made: when it was recorded, and its id.
Made = tuple[datetime, UUID]


def made(tx: Work, *, after: Made | None, limit: int) -> list[Row]:
    """The actor's own exports, newest first; papers that they printed are none."""
    at, last = after or (None, None)
    following = " AND (recorded_at, id) < (%(at)s, %(last)s)" if after else ""
    return tx.rows(
        "SELECT id, what, format, definition, names, reason, recorded_at FROM export_record"
        f" WHERE format <> 'pdf'{following} ORDER BY recorded_at DESC, id DESC LIMIT %(limit)s",
        {"at": at, "last": last, "limit": limit},
    )
