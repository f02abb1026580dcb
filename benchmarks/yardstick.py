"""The yardstick: hand-written Starlette and psycopg, the same rows as the same database role.

Each handler sets the same context, runs the SQL that the product's own handler runs, and
writes the same rows; only frameworks, validation and layers are left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.core.ids import new_id
from app.repositories.matters import _HEAD
from app.repositories.worklist import _ROWS
from benchmarks.district import EXPORT

pool = ConnectionPool(
    os.environ["BENCH_CONNINFO"], min_size=16, max_size=16, open=False,
    kwargs={"row_factory": dict_row},
)  # fmt: skip
SESSIONS: dict[str, str] = json.loads(os.environ["BENCH_SESSIONS"])


@contextmanager
def work(who: str, use_case: str) -> Iterator[psycopg.Cursor[dict[str, Any]]]:
    with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        cursor.execute("SELECT guard.enter(%s, %s, '')", (SESSIONS[who], use_case))
        cursor.fetchone()
        yield cursor


def answer(content: object) -> Response:
    return Response(json.dumps(content, default=str), media_type="application/json")


def _page(where: str) -> list[dict[str, Any]]:
    order = "m.due_on ASC NULLS LAST, m.id ASC"
    with work("manager", "matters.list") as cursor:
        cursor.execute(
            f"WITH page AS MATERIALIZED (SELECT m.* FROM matter m WHERE {where}"
            f" ORDER BY {order} LIMIT 51) {_ROWS} ORDER BY {order}"
        )
        return cursor.fetchall()


def worklist(_request: Request) -> Response:
    return answer(_page("m.kind = 'lead'"))


def filtered(_request: Request) -> Response:
    return answer(
        _page("m.kind = 'lead' AND m.state = ANY ('{assessing}') AND m.closed_on IS NULL")
    )


_MATTER = (
    _HEAD + " WHERE m.id = %(id)s",
    "SELECT * FROM lead WHERE id = %(id)s",
    "SELECT * FROM transition WHERE matter_id = %(id)s ORDER BY version DESC",
    "SELECT i.*, p.name FROM involvement i LEFT JOIN person p ON p.id = i.person_id"
    " WHERE i.matter_id = %(id)s",
    "SELECT t.*, a.name FROM team_member t JOIN account a ON a.id = t.account_id"
    " WHERE t.matter_id = %(id)s AND t.ends_on IS NULL",
    "SELECT * FROM clock WHERE matter_id = %(id)s",
    "SELECT * FROM outcome WHERE matter_id = %(id)s",
    "SELECT * FROM statement WHERE matter_id = %(id)s",
    "SELECT * FROM task WHERE matter_id = %(id)s",
    "SELECT * FROM request WHERE matter_id = %(id)s",
    "SELECT * FROM signature WHERE matter_id = %(id)s",
    "SELECT * FROM committee_decision WHERE matter_id = %(id)s",
    "SELECT * FROM matter_link WHERE %(id)s IN (from_id, to_id) AND ends_on IS NULL",
    "SELECT * FROM note WHERE matter_id = %(id)s",
    "SELECT * FROM correction WHERE matter_id = %(id)s",
)


def matter(request: Request) -> Response:
    given = {"id": UUID(request.path_params["id"])}
    with work("manager", "matters.read") as cursor:
        found = []
        for query in _MATTER:
            cursor.execute(query, given)
            found.append(cursor.fetchall())
    return answer(found)


def log_lead(body: dict[str, Any]) -> Response:
    """The same rows as the product writes for a lead that a handler submits."""
    ids = [new_id() for _ in range(5)]
    day = date.fromisoformat(body["received_on"])
    with work("handler", "leads.log") as cursor:
        unit = cursor.execute(
            "SELECT u.id, u.path::text FROM unit u WHERE u.id = %s", (body["unit_id"],)
        ).fetchone()
        profile = cursor.execute(
            "SELECT p.id FROM profile_version p JOIN installation i ON i.profile_name = p.name"
            " ORDER BY p.recorded_at DESC LIMIT 1"
        ).fetchone()
        assert unit is not None
        assert profile is not None
        me = cursor.execute("SELECT guard.actor() AS id").fetchone()
        assert me is not None
        district = unit["path"].split(".")[0]
        seq = cursor.execute(
            "SELECT guard.next_number('lead', %s, %s) AS n", (district, day.year)
        ).fetchone()
        assert seq is not None
        cursor.execute(
            "INSERT INTO matter (id, kind, district, number, title, state, stage, unit_id,"
            " unit_path, made_by, profile_id, source, opened_on, due_on) VALUES (%s, 'lead', %s,"
            " %s, %s, 'submitted', 'share', %s, %s, %s, %s, %s, %s, %s)",
            (
                ids[0], district, f"{district}{day.year}-{seq['n']:04d}", body["what"], unit["id"],
                unit["path"], me["id"], profile["id"], body["source"], day, day,
            ),
        )  # fmt: skip
        _hang_on(cursor, ids, unit["id"], me["id"], day, body)
    return answer({"id": ids[0]})


def _hang_on(
    cursor: psycopg.Cursor[Any],
    ids: list[UUID],
    unit_id: UUID,
    me: UUID,
    day: date,
    body: dict[str, Any],
) -> None:
    """What belongs to a new lead: its history, clock, content, and the person reported."""
    cursor.execute(
        "INSERT INTO transition (id, matter_id, version, event, to_state, actor_id,"
        " happened_on, form) VALUES (%s, %s, 1, 'submit', 'submitted', %s, %s, '{}')",
        (ids[1], ids[0], me, day),
    )
    cursor.execute(
        "INSERT INTO clock (id, matter_id, rule, amount, unit, started_on, due_on,"
        " explanation) VALUES (%s, %s, 'registration', 2, 'WD', %s, %s, '{}')",
        (ids[2], ids[0], day, day),
    )
    cursor.execute(
        "INSERT INTO lead (id, received_on, what) VALUES (%s, %s, %s)",
        (ids[0], day, body["what"]),
    )
    person = cursor.execute(
        "SELECT p.id FROM person p WHERE p.name = %s AND p.unit_id = %s LIMIT 2",
        (body["subjects"][0]["name"], unit_id),
    ).fetchone()
    person_id = person["id"] if person else ids[3]
    if person is None:
        cursor.execute(
            "INSERT INTO person (id, name, unit_id, presumed) VALUES (%s, %s, %s, true)",
            (person_id, body["subjects"][0]["name"], unit_id),
        )
    cursor.execute(
        "INSERT INTO involvement (id, matter_id, part, person_id, code, begins_on)"
        " VALUES (%s, %s, 'subject', %s, '01', %s)",
        (ids[4], ids[0], person_id, day),
    )


async def post_lead(request: Request) -> Response:
    body = json.loads(await request.body())
    return await run_in_threadpool(log_lead, body)


def export(_request: Request) -> Response:
    def blocks() -> Iterator[bytes]:
        with work("manager", "export") as cursor:
            gathered = bytearray()
            with cursor.copy(f"COPY ({EXPORT}) TO STDOUT (FORMAT csv)") as copy:
                for block in copy:
                    gathered += block
                    if len(gathered) >= 65536:
                        yield bytes(gathered)
                        gathered.clear()
            yield bytes(gathered)

    return StreamingResponse(blocks(), media_type="text/csv")


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    pool.open()
    yield
    pool.close()


app = Starlette(
    routes=[
        Route("/worklist", worklist),
        Route("/filtered", filtered),
        Route("/matter/{id}", matter),
        Route("/leads", post_lead, methods=["POST"]),
        Route("/export", export),
    ],
    lifespan=lifespan,
)
