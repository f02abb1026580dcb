"""The history in the order of its transactions, as a feed reads it.

An event is told once its transaction and all before it have ended: "greater than the last number"
would lose what commits late. Row security shows the events of what the reader may see now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.changes import TABLES, WRITES
from app.repositories.work import Work

# sql: conditions are texts of this module; positions and matters are parameters.

WALKED = 5000  # events of the installation, at most, that a page walks past


@dataclass(frozen=True)
class Position:
    """Behind this event; a transaction's number is PostgreSQL's, `seq` counts events."""

    xid: int
    seq: int


@dataclass(frozen=True)
class Horizon:
    """What may be told now: whatever transactions below `before` wrote, after `after_seq`.

    `lag` is the age in seconds of the oldest transaction that holds it back; 0 for none, None
    where it is another program's.
    """

    era: UUID
    line: int
    after_seq: int
    before: int
    lag: int | None


def horizon(tx: Work) -> Horizon:
    found = tx.row(
        "SELECT e.id, e.line, e.after_seq,"
        "       pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS before,"
        "       EXISTS (SELECT 1 FROM pg_snapshot_xip(pg_current_snapshot()) x"
        "                WHERE x IS DISTINCT FROM pg_current_xact_id_if_assigned()) AS held,"
        "       (SELECT floor(extract(epoch FROM clock_timestamp() - min(a.xact_start)))::integer"
        "          FROM pg_stat_activity a"
        "         WHERE a.backend_xid IS NOT NULL AND a.pid <> pg_backend_pid()) AS age"
        "  FROM guard.era() e"
    )
    if found is None or found["id"] is None:
        raise RuntimeError("the history has no era")
    return Horizon(
        found["id"],
        found["line"],
        found["after_seq"],
        found["before"],
        found["age"] if found["held"] else 0,
    )


def walk_end(tx: Work, after: Position, before: int) -> Position | None:
    """Where a page ends at the latest; None where it reaches the horizon."""
    found = tx.row(
        "SELECT xid::text::bigint AS xid, seq"
        "  FROM guard.walk_end(%(xid)s::text::xid8, %(seq)s, %(before)s::text::xid8, %(most)s)",
        {"xid": after.xid, "seq": after.seq, "before": before, "most": WALKED},
    )
    if found is None or found["xid"] is None:
        return None
    return Position(found["xid"], found["seq"])


# What hangs on a second matter is told to who sees that one as well, a paper to who sees it. A
# matter's version moves with everything that is told under its own name.
_TOLD = """{e}.table_name = ANY (%(tables)s) AND {e}.op = ANY (%(writes)s)
   AND CASE {e}.table_name
         WHEN 'matter' THEN {e}.op <> 'UPDATE' OR {e}.changes - 'version' <> '{{}}'
         WHEN 'journal_entry' THEN EXISTS (SELECT 1 FROM journal_entry j WHERE j.id = {e}.row_id)
         WHEN 'matter_paper' THEN EXISTS (SELECT 1 FROM matter_paper f WHERE f.id = {e}.row_id)
         WHEN 'money_return' THEN EXISTS (SELECT 1 FROM money_return r WHERE r.id = {e}.row_id)
         ELSE true END"""

# One item for a matter in a transaction, at the first event of it: wherever a page ends, what was
# told isn't told again.
_PAGE = """
WITH told AS MATERIALIZED (
  SELECT e.xid, e.seq, e.at, e.matter_id, m.number, m.kind
    FROM audit_event e JOIN matter m ON m.id = e.matter_id
   WHERE (e.xid, e.seq) > (%(xid)s::text::xid8, %(seq)s) AND e.xid < %(before)s::text::xid8
     AND e.seq > %(after_seq)s {within} AND {told}
     AND NOT EXISTS (SELECT 1 FROM audit_event p
                      WHERE p.matter_id = e.matter_id AND p.xid = e.xid AND p.seq < e.seq
                        AND p.seq > %(after_seq)s AND {earlier})
   ORDER BY e.xid, e.seq LIMIT %(limit)s)
SELECT t.xid::text::bigint AS xid, t.seq, t.at, t.matter_id, t.number, t.kind, w.written
  FROM told t, LATERAL (
    SELECT jsonb_agg(DISTINCT jsonb_build_array(o.table_name, o.op)) AS written
      FROM audit_event o
     WHERE o.matter_id = t.matter_id AND o.xid = t.xid AND o.seq > %(after_seq)s AND {other}) w
 ORDER BY t.xid, t.seq
"""


def page(
    tx: Work,
    seen: Horizon,
    after: Position,
    *,
    until: Position | None = None,
    among: list[UUID] | None = None,
    limit: int,
) -> list[Row]:
    """Up to `limit` + 1 items behind `after`: to `until`, or to the horizon. `among` are the
    matters by which the reader enters."""
    values: dict[str, Any] = {
        "xid": after.xid,
        "seq": after.seq,
        "before": seen.before,
        "after_seq": seen.after_seq,
        "tables": list(TABLES),
        "writes": list(WRITES),
        "limit": limit + 1,
    }
    within = ""
    if among is not None:
        values["among"] = among
        within += " AND e.matter_id = ANY (%(among)s)"
    if until is not None:
        values |= {"to_xid": until.xid, "to_seq": until.seq}
        within += " AND (e.xid, e.seq) <= (%(to_xid)s::text::xid8, %(to_seq)s)"
    told = {name: _TOLD.format(e=alias) for name, alias in _ALIASES.items()}
    return tx.rows(_PAGE.format(within=within, **told), values)


_ALIASES = {"told": "e", "earlier": "p", "other": "o"}
