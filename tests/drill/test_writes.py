"""Straight at the database as the application's role: writing, and what refusals give away."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from app.core.ids import new_id
from tests.builders import World
from tests.drill.stage import REFERENCES, Db, Stage, enter, stage

WRITABLE = """
SELECT c.relname AS name, c.oid::regclass::text AS place,
       array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE has_column_privilege(
         'plumbline_app', c.oid, a.attnum, 'UPDATE')) AS columns,
       has_table_privilege('plumbline_app', c.oid, 'INSERT') AS inserts,
       has_table_privilege('plumbline_app', c.oid, 'DELETE') AS deletes
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND NOT c.relispartition
 GROUP BY c.oid ORDER BY 1
"""
Came = tuple[Any, ...]


@pytest.fixture
def here(world: World, owner: Db) -> Stage:
    return stage(world, owner)


def test_nothing_of_it_is_changed_or_deleted_not_even_blindly(owner: Db, here: Stage) -> None:
    """A statement that reads no column meets no policy for reading: only the one for writing."""
    tables = [row for row in owner.execute(WRITABLE).fetchall() if row["place"] in here.hidden.rows]
    before = _standing(owner, here)
    met, tried = set(), 0
    for name, intruder in here.intruders.items():
        with here.connected(name) as connection:
            for table in tables:
                for statement in destructions(table, here.hidden.rows[table["place"]][0]):
                    tried += 1
                    connection.rollback()
                    try:
                        enter(connection, intruder)
                        changed = connection.execute(statement).rowcount
                        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
                        connection.commit()
                    except psycopg.Error as refused:
                        detail = refused.diag.message_detail or ""
                        if any(told in detail for told in here.hidden.told):
                            met.add((name, detail))
                        connection.rollback()
                    else:
                        if changed and name in ("nobody", "forged", "expired", "ended"):
                            met.add((name, statement.as_string(None)))
    assert met == set()
    assert _standing(owner, here) == before
    print(f"{tried} statements")
    assert tried > 1000


def destructions(table: Mapping[str, Any], row: Mapping[str, Any]) -> list[sql.Composed]:
    place = sql.SQL(table["place"])
    found = [
        sql.SQL("UPDATE {} SET {} = {}").format(
            place, sql.Identifier(column), _literal(row[column])
        )
        for column in table["columns"] or ["version"]
        if column in row and column not in ("id", "login")
    ]
    key = next(each for each in ("id", *row) if each in row)
    where = sql.SQL(" WHERE {} = {}").format(sql.Identifier(key), _literal(row[key]))
    return [
        *found,
        *(each + where for each in found[:2]),
        *(each + sql.SQL(" RETURNING *") for each in found[:1]),
        sql.SQL("DELETE FROM {}").format(place),
        sql.SQL("DELETE FROM {}").format(place) + where,
        sql.SQL("SELECT 1 FROM {}").format(place) + where + sql.SQL(" FOR UPDATE"),
        sql.SQL("TRUNCATE {} CASCADE").format(place),
    ]


def _literal(value: Any) -> sql.Literal:
    return sql.Literal(Jsonb(value) if isinstance(value, dict) else value)


def _standing(owner: Db, here: Stage) -> dict[str, list[tuple[Any, ...]]]:
    """Where each hidden row lies: any write to it moves it."""
    found = {}
    for place, rows in here.hidden.rows.items():
        key = next(each for each in ("id", *rows[0]) if each in rows[0])
        held = owner.execute(
            f"SELECT ctid::text, xmin::text FROM {place} WHERE {key} = ANY (%s)"
            " ORDER BY 1".encode(),
            [[row[key] for row in rows]],
        ).fetchall()
        found[place] = [tuple(row.values()) for row in held]
    return found


def test_a_row_that_refers_to_it_is_refused_as_one_that_refers_to_nothing(
    owner: Db, here: Stage
) -> None:
    """Foreign keys look past policies: each is tried with a hidden key in it and with none's."""
    tables = {row["place"]: row for row in owner.execute(WRITABLE).fetchall() if row["inserts"]}
    references = [
        row
        for row in owner.execute(REFERENCES).fetchall()
        if row["place"] in tables
        and row["place"] in here.own.rows
        and row["to"].strip('"') in {**here.hidden.ids, "matter": None}
    ]
    tried, leaks = 0, set()
    for name, intruder in here.intruders.items():
        with here.connected(name) as connection:
            for reference in references:
                for base in here.own.rows[reference["place"]][:2]:
                    column = reference["column"]
                    row = anew(base, intruder.who.account_id if intruder.who else None, column)
                    for hidden in _hidden(here, reference["to"]):
                        tried += 1
                        there = inserted(connection, intruder, reference, {**row, column: hidden})
                        none = inserted(connection, intruder, reference, {**row, column: new_id()})
                        if there != none:
                            leaks.add((name, reference["place"], column, there, none))
    print(*sorted(map(str, leaks)), sep="\n")
    print(f"{tried} rows")
    assert leaks == set()
    assert tried > 1000


def _hidden(here: Stage, table: str) -> list[UUID]:
    if table == "matter":
        return sorted({here.hidden.ids[each] for each in ("petition", "lead", "case", "fund_item")})
    found: UUID = here.hidden.ids[table]
    return [found]


def anew(base: Mapping[str, Any], actor: UUID | None, column: str) -> dict[str, Any]:
    """A new row like that one, by the hand of whoever tries."""
    row = dict(base)
    if "id" in row and column != "id":
        row["id"] = new_id()
    for hand in ("made_by", "recorded_by", "account_id", "actor_id"):
        if hand in row and actor is not None:
            row[hand] = actor
    fresh = {"reverses_id": None, "started_by": None, "version": 77, "position": 77, "rule": "y"}
    row.update({name: value for name, value in fresh.items() if name in row and name != column})
    return row


def inserted(
    connection: psycopg.Connection[Any], intruder: Any, reference: Mapping[str, Any],
    row: Mapping[str, Any],
) -> Came:  # fmt: skip
    given = {key: value for key, value in row.items() if value is not None}
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.SQL(reference["place"]),
        sql.SQL(", ").join(map(sql.Identifier, given)),
        sql.SQL(", ").join(_literal(value) for value in given.values()),
    )
    connection.rollback()
    try:
        enter(connection, intruder)
        connection.execute(statement)
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as refused:
        return refused.diag.sqlstate, refused.diag.message_primary, refused.diag.message_detail
    finally:
        connection.rollback()
    return ("written",)
