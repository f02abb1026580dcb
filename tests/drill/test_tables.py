"""Straight at the database as the application's role: every table, every view, every column."""

import pytest
from psycopg import sql

from tests.builders import World
from tests.drill.stage import REFERENCES, Db, Stage, stage

READABLE = """
SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname IN ('public', 'guard', 'jobs') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
   AND has_column_privilege('plumbline_app', c.oid, a.attnum, 'SELECT')
 GROUP BY 1, 2 ORDER BY 1, 2
"""


@pytest.fixture
def here(world: World, owner: Db) -> Stage:
    return stage(world, owner)


def test_every_table_that_hangs_on_a_matter_is_on_the_stage(owner: Db, here: Stage) -> None:
    """A new one fails this until the stage has a row of it."""
    reached = {"matter"}
    references = owner.execute(REFERENCES).fetchall()
    for _ in references:
        reached |= {
            row["place"] for row in references
            if row["to"] in reached and row["place"] not in ("account", "person", "session")
        }  # fmt: skip
    assert reached - set(here.hidden.rows) == set()
    assert len(reached) > 40


def test_no_table_or_view_gives_a_row_of_it(owner: Db, here: Stage) -> None:
    leaks, tried = [], 0
    relations = owner.execute(READABLE).fetchall()
    for name in here.intruders:
        with here.connected(name) as connection:
            for relation in relations:
                tried += 1
                rows = connection.execute(
                    sql.SQL("SELECT r::text FROM (SELECT {} FROM {}) r").format(
                        sql.SQL(", ").join(map(sql.Identifier, relation["columns"])),
                        sql.Identifier(relation["schema"], relation["name"]),
                    )
                ).fetchall()
                leaks += [
                    (name, relation["name"], told)
                    for told in here.hidden.told
                    if any(told in row[0] for row in rows)
                ]
    print(*sorted({each[:2] for each in leaks}), sep="\n")
    assert leaks == []
    assert tried > 1000


def test_who_may_reads_it_there(owner: Db, world: World, here: Stage) -> None:
    """Else the drill would prove nothing: the deputy of the district sees most of it."""
    seen = set()
    with world.open("drill", world.deputy) as tx:
        for relation in owner.execute(READABLE).fetchall():
            columns = ", ".join(f'"{each}"' for each in relation["columns"])
            place = f'{relation["schema"]}."{relation["name"]}"'
            rows = tx.rows(f"SELECT r::text AS it FROM (SELECT {columns} FROM {place}) r")
            if any(told in row["it"] for told in here.hidden.told for row in rows):
                seen.add(relation["name"])
    assert len(seen) > 30
