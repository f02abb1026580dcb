"""What migrations do again and again to what the guard keeps. For migrations alone.

What stands here was run by those who use the product already: it is added to, never changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from alembic import op

# (function, what stood in it, what stands there now).
Rewriting = tuple[str, str, str]


def run(text: str) -> None:
    """Through the driver itself: SQLAlchemy would read colons and per cent signs."""
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("migrations run on a connection")
    driver.execute(text)


def give_to_guard(called: Sequence[str], inner: Sequence[str] = ()) -> None:
    """New functions become the guard's. The application calls the one kind; to the others an
    answer would tell of what it may not know."""
    for function in (*called, *inner):
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
    for function in called:
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")


def close(*tables: str) -> None:
    """Only the guard reads and writes these, and not even their owner passes row security."""
    for table in tables:
        for statement in (
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO plumbline_guard",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY guard_all ON {table} TO plumbline_guard USING (true) WITH CHECK (true)",
        ):
            op.execute(statement)


def record(table: str, *, matter: str = "", personal: str = "", hidden: str = "") -> None:
    """Each change becomes an event. `matter` is the column that holds one's key; `personal`
    columns are kept apart in it, `hidden` ones left out, by commas."""
    op.execute(
        f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION guard.record('{matter}', '{personal}', '{hidden}')"
    )


def references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys of a new table, by column the table whose `id` it holds."""
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def rewrite(rewritings: Iterable[Rewriting]) -> None:
    """Write functions of the guard over as they stand, but for one passage each; passages of one
    function that follow each other are written at once, for between them it may not parse. Raises
    RuntimeError where a passage isn't there once."""
    for function, passages in groupby(rewritings, key=lambda each: each[0]):
        text = (
            op.get_bind()
            .execute(
                sa.text("SELECT pg_get_functiondef(to_regprocedure(:name))"),
                {"name": f"guard.{function}"},
            )
            .scalar_one()
        )
        for _, former, now in passages:
            if text.count(former) != 1:
                raise RuntimeError(f"the former {function} is gone: {former}")
            text = text.replace(former, now)
        run(text)


def rewrite_back(rewritings: Sequence[Rewriting]) -> None:
    rewrite((function, now, former) for function, former, now in reversed(rewritings))


def as_written(file: Path, name: str) -> str:
    """A function of the guard's as a file of an earlier migration wrote it, to be put back where it
    may stand still. Raises RuntimeError where that file has no function of this name."""
    found = re.search(
        rf"^CREATE FUNCTION (guard\.{name}\(.*?\$\$;)$",
        file.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    if found is None:
        raise RuntimeError(f"the former {name} is gone")
    return f"CREATE OR REPLACE FUNCTION {found[1]}"


def rewrite_all(former: str, now: str) -> None:
    """The same in every function of the guard that says it, as often as it does."""
    texts = (
        op.get_bind()
        .execute(
            sa.text(
                "SELECT pg_get_functiondef(p.oid) FROM pg_proc p"
                " WHERE p.pronamespace = 'guard'::regnamespace AND p.prokind = 'f'"
                "   AND strpos(p.prosrc, :former) > 0 ORDER BY p.oid"
            ),
            {"former": former},
        )
        .scalars()
        .all()
    )
    for text in texts:
        run(text.replace(former, now))
