"""Connections, and the transaction that each handler works in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from starlette.responses import Response

from benchmarks.district import Bench, clock

Row = dict[str, Any]
Cursor = psycopg.Cursor[Row]


@dataclass(frozen=True)
class Desk:
    pool: ConnectionPool[psycopg.Connection[Row]]
    sessions: Mapping[str, str]

    @staticmethod
    def of(bench: Bench, *, size: int = 16) -> Desk:
        pool: ConnectionPool[psycopg.Connection[Row]] = ConnectionPool(
            bench.app_conninfo, min_size=size, max_size=size, open=True,
            kwargs={"row_factory": dict_row},
        )  # fmt: skip
        return Desk(pool, bench.sessions)

    @contextmanager
    def work(self, who: str, use_case: str) -> Iterator[Cursor]:
        """A transaction as `who`, committed at its end, before the answer is made."""
        with self.pool.connection() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT guard.enter(%s, %s, '')", (self.sessions[who], use_case))
            if cursor.fetchone() is None:
                raise PermissionError(who)
            yield cursor


def today() -> date:
    """The office's day."""
    return clock().today()


def one(cursor: Cursor) -> Row:
    """The row of a query that gives one."""
    row = cursor.fetchone()
    if row is None:
        raise LookupError("not found")
    return row


def answer(content: object, status: int = 200) -> Response:
    written = json.dumps(content, default=str, ensure_ascii=False)
    return Response(written, status_code=status, media_type="application/json")
