"""How PostgreSQL answers what people read all day, under row security and before a role past it.

The server explains each statement itself, as it runs for its reader: a plan made by hand would be
of another statement, with other values, for somebody else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import sqlalchemy as sa

from app.core.db import make_engine
from app.core.keys import Keys
from app.core.shelf import Shelf
from app.domain.kinds import Kind
from app.repositories.work import Office, Work
from app.services import matters, worklists
from app.services.worklists import Filter
from benchmarks.district import Bench, clock

EXPLAINED = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_level": "notice",
}
PAGE = 50
_NOTICE = re.compile(
    r"duration: (?P<ms>[\d.]+) ms +plan:\nQuery Text:.*?\n(?=\S[^\n]*\(cost=)", re.S
)
_COST = re.compile(r"cost=[\d.]+ rows=\d+ width=\d+\) \(actual rows=")


def explained(bench: Bench, held: UUID, roles: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The longest plan of each page for each reader, with a heading. `roles`: the address by which
    one connects, and what to call it."""
    for url, name in roles:
        with _explaining(bench, url) as (office, notices):
            for who, page, read in _pages(bench, held):
                for _ in range(3):  # the first fills caches
                    notices.clear()
                    with office.work(bench.sessions[who], use_case="bench.plans") as tx:
                        read(tx)
                yield f"{page}, {who}, {name}: {_longest(notices)}\n"


def write(path: Path, plans: Iterator[str]) -> None:
    path.write_text("\n".join(plans), encoding="utf-8")


def _pages(bench: Bench, held: UUID) -> Iterator[tuple[str, str, Callable[[Work], object]]]:
    worklist = Filter(kind=Kind.LEAD)
    waiting = Filter(kind=Kind.LEAD, states=("verifying",), open=True)
    for who in ("manager", "auditor", "member"):
        for name, wanted in (("worklist page", worklist), ("filtered list", waiting)):
            yield who, name, partial(_list, wanted)
        matter = held if who == "member" else bench.matter
        yield who, "matter page", partial(_read, matter)


def _list(wanted: Filter, tx: Work) -> object:
    return worklists.page(tx, wanted, limit=PAGE)


def _read(matter: UUID, tx: Work) -> object:
    return matters.read_matter(tx, matter)


@contextmanager
def _explaining(bench: Bench, url: str) -> Iterator[tuple[Office, list[str]]]:
    role = sa.make_url(url).username or ""
    notices: list[str] = []
    with psycopg.connect(bench.admin_conninfo, autocommit=True) as admin:
        for name, value in EXPLAINED.items():
            admin.execute(_set(role, name, value))
    engine = make_engine(url, pool_size=1)

    @sa.event.listens_for(engine, "connect")
    def listen(connection: psycopg.Connection[object], _record: object) -> None:
        connection.add_notice_handler(lambda said: notices.append(said.message_primary or ""))

    try:
        keys = Keys.read(bench.keys_file)
        shelf = Shelf(bench.keys_file.with_name("papers"))
        yield Office(engine=engine, clock=clock(), keys=keys, shelf=shelf), notices
    finally:
        engine.dispose()
        with psycopg.connect(bench.admin_conninfo, autocommit=True) as admin:
            admin.execute(f"ALTER ROLE {role} RESET ALL".encode())


def _set(role: str, name: str, value: str) -> bytes:
    return f"ALTER ROLE {role} SET {name} = '{value}'".encode()


def _longest(notices: Sequence[str]) -> str:
    found = [match for notice in notices if (match := _NOTICE.match(notice))]
    longest = max(found, key=lambda match: float(match["ms"]))
    plan = longest.string[longest.end() :].rstrip()
    return f"{longest['ms']} ms\n{_COST.sub('rows=', plan)}"
