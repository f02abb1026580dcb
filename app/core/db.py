"""The only place that opens a transaction and the only one that commits.

A unit of work is opened in the handler, on the thread that runs it, and is over before the
answer is made: an answer never tells of something that then fails to commit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql as psql
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine

# What setups and examples give a database; nobody else's guess should be right.
_DEFAULTS = frozenset(
    "postgres postgresql password passwd pass secret admin root changeme change-me change_me"
    " example default test plumbline plumbline_app plumbline_owner".split()
)
_VARIED = 4  # different characters at least

Row = dict[str, Any]
Parameters = Mapping[str, Any]


class NoRowChanged(RuntimeError):
    """An update met no row: it is hidden, gone, or another version. Never taken for success."""


def make_engine(url: str, *, pool_size: int = 16) -> Engine:
    """Connections that give up waiting after ten seconds rather than queue for ever."""
    return sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args={"application_name": "plumbline", "connect_timeout": 10},
    )


def with_password(url: str, password: str) -> str:
    """The same address with that password."""
    return sa.make_url(url).set(password=password).render_as_string(hide_password=False)


def guessable(url: str) -> bool:
    """Whether the address holds a password that anybody tries first; without one, no."""
    parsed = sa.make_url(url)
    password = str(parsed.password or "")
    known = {*_DEFAULTS, parsed.username or "", parsed.database or ""}
    return bool(password) and (password.casefold() in known or len(set(password)) < _VARIED)


def conninfo(url: str | sa.URL) -> str:
    """The same address, password and all, as psycopg and PostgreSQL's programs read it."""
    parsed = sa.make_url(url)
    parts = parsed.translate_connect_args(username="user", database="dbname")
    return make_conninfo(**parts, **{key: str(value) for key, value in parsed.query.items()})


class Transaction:
    """One open transaction: Core statements for writes, plain SQL for reads, on one connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @property
    def driver(self) -> psycopg.Connection[Any]:
        """psycopg's own connection, inside the same transaction."""
        driver: psycopg.Connection[Any] | None = self.connection.connection.driver_connection
        if driver is None:
            raise RuntimeError("the connection was given back already")
        return driver

    def run(
        self, statement: sa.Executable, rows: Sequence[Parameters] | None = None
    ) -> sa.CursorResult[Any]:
        """Execute a Core statement; with `rows`, once for each."""
        if rows is None:
            return self.connection.execute(statement)
        return self.connection.execute(statement, list(rows))

    def insert(self, table: Any, /, **values: object) -> None:
        """Write one row of a table or its model.

        The statement is the same each time and the values go beside it: an insert that is built
        around its values costs fifteen times as much before it reaches the database. A model's
        defaults are the database's.
        """
        statement, objects = _insert_into(table, tuple(values))
        for name in objects:
            if values[name] is not None:
                values[name] = Jsonb(values[name])
        with self.driver.cursor() as cursor:
            cursor.execute(statement, values)

    def change(self, statement: sa.Update | sa.Delete) -> int:
        """Execute an update that must meet a row. Raises NoRowChanged."""
        met: int = self.connection.execute(statement).rowcount
        if met == 0:
            raise NoRowChanged
        return met

    def rows(self, query: str, parameters: Parameters | None = None) -> list[Row]:
        """All rows of plain SQL with `%(name)s` parameters, as dictionaries.

        `%(limit)s` is written as a number. How many rows are wanted decides on the plan, which
        PostgreSQL would otherwise make anew each time: for a page of matters that takes twice as
        long as the page itself.
        """
        if parameters and "limit" in parameters:
            query = query.replace("%(limit)s", str(int(parameters["limit"])))
        with self.driver.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), parameters or {}).fetchall()

    def row(self, query: str, parameters: Parameters | None = None) -> Row | None:
        with self.driver.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query.encode(), parameters or {}).fetchone()

    def value(self, query: str, parameters: Parameters | None = None) -> Any:
        """The first column of the first row, or None."""
        with self.driver.cursor() as cursor:
            found = cursor.execute(query.encode(), parameters or {}).fetchone()
            return None if found is None else found[0]

    def execute(self, statement: str, parameters: Parameters | None = None) -> int:
        """Plain SQL that gives no rows; how many it met."""
        with self.driver.cursor() as cursor:
            return cursor.execute(statement.encode(), parameters or {}).rowcount

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever the block writes is taken back at its end; the transaction goes on."""
        nested = self.connection.begin_nested()
        try:
            yield
        finally:
            if nested.is_active:
                nested.rollback()

    def copy_out(self, query: str, parameters: Parameters | None = None) -> Iterator[bytes]:
        """`COPY (query) TO STDOUT` as CSV, gathered to blocks of at least 64 KiB."""
        statement = psql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(
            psql.SQL(query.replace("%%", "%"))
            if not parameters
            else _bound(self.driver, query, parameters)
        )
        gathered = bytearray()
        with self.driver.cursor() as cursor, cursor.copy(statement) as copy:
            for block in copy:
                gathered += block
                if len(gathered) >= 65536:
                    yield bytes(gathered)
                    gathered.clear()
        if gathered:
            yield bytes(gathered)

    def copy_in(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
        """`COPY table FROM STDIN`; for staging tables only, row security refuses the rest."""
        statement = psql.SQL("COPY {} ({}) FROM STDIN").format(
            psql.Identifier(table), psql.SQL(", ").join(map(psql.Identifier, columns))
        )
        count = 0
        with self.driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        return count


@cache
def _insert_into(table: Any, names: tuple[str, ...]) -> tuple[bytes, tuple[str, ...]]:
    """(the statement, which of the values are JSON)."""
    columns = sa.inspect(table).local_table.c if isinstance(table, type) else table.c
    found = [columns[name] for name in names]
    text = psql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        psql.Identifier(found[0].table.name),
        psql.SQL(", ").join(psql.Identifier(column.name) for column in found),
        psql.SQL(", ").join(psql.Placeholder(name) for name in names),
    )
    objects = tuple(column.key for column in found if isinstance(column.type, JSONB))
    return text.as_bytes(None), objects


def _bound(
    connection: psycopg.Connection[Any], query: str, parameters: Parameters
) -> psql.Composable:
    """`query` with its parameters quoted in: COPY takes none from outside."""
    text = psycopg.ClientCursor(connection).mogrify(query.encode(), parameters)
    return psql.SQL(text)


@contextmanager
def transaction(engine: Engine, *, one_moment: bool = False) -> Iterator[Transaction]:
    """Begin, and commit at the end of the block; any exception rolls back.

    With `one_moment` every statement in it sees the database as the first one did.
    """
    with engine.connect() as connection:
        if one_moment:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield Transaction(connection)
