"""Every function that the application's role may call, filled with a hidden matter's keys.

The functions are walked from the catalogue: a new one is tried as it comes, and fails until it
tells of a hidden matter what it tells of one that isn't there.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from app.core.ids import new_id
from tests.builders import World
from tests.drill.stage import Db, Matters, Stage, enter, stage

FUNCTIONS = """
SELECT p.oid::regprocedure::text AS signature, n.nspname || '.' || p.proname AS name,
       p.proargnames[1:p.pronargs] AS names,
       ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t) AS types
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname IN ('guard', 'public') AND p.prokind = 'f'
   AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
   AND has_function_privilege('plumbline_app', p.oid, 'EXECUTE')
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
 ORDER BY 1
"""
# What a row security policy asks, its reader can ask as well: keys of what they are walled off
# from, without anything of it. It stands among what remains in docs/security/threats.md.
ASKED_BY_POLICIES = {
    *("guard.mine", "guard.walled", "guard.walled_lines", "guard.walled_entries"),
    *("guard.walled_citing", "guard.uncounted_lines"),
    "guard.borne_by_me",
}
TAKES_TIME = {"guard.make_partitions"}  # months ahead, empty ones

# Rows by the name of the argument that holds their key, where the table has another.
KEYS = {"paper_": "matter_paper", "grant_": "access_grant", "reading_": "emergency_reading"}
NEW = ("id_", "transition_", "item_step", "origin_step")  # made by whoever calls
MADE = {
    ("guard.ask_release", "release_"),
    ("guard.delegate", "delegation_"),
    ("guard.grant_access", "grant_"),
    ("guard.open_file", "opening_"),
    ("guard.write_emergency_reading", "id_"),
}
DEFAULTS: dict[str, Any] = {
    "text": "x",
    "text[]": ["x"],
    "integer": 1,
    "bigint": 1,
    "boolean": True,
    "boolean[]": [True],
    "bytea": b"x",
    "bytea[]": [b"x"],
    "numeric[]": [1],
    "jsonb": Jsonb({}),
    "date": date(2018, 9, 3),
    "interval": timedelta(hours=1),
    "timestamp with time zone": datetime(2037, 1, 1, tzinfo=UTC),
    "public.ltree": "YC.T01.V01",
    "ltree": "YC.T01.V01",
    "xid8": "1",
}


@pytest.fixture
def here(world: World, owner: Db) -> Stage:
    return stage(world, owner)


def test_whatever_is_called_tells_of_a_hidden_matter_what_it_tells_of_none(
    owner: Db, here: Stage
) -> None:
    functions = owner.execute(FUNCTIONS).fetchall()
    tried, leaks = 0, set()
    for name, intruder in here.intruders.items():
        with here.connected(name) as connection:
            connection.rollback()
            for function in functions:
                if function["name"] in TAKES_TIME | ASKED_BY_POLICIES:
                    continue
                nowhere = _called(connection, intruder, function, _filled(function, here, None))
                for given in _fillings(function, here):
                    tried += 1
                    there = _called(connection, intruder, function, given)
                    if there != nowhere or _tells(there, here.hidden, given):
                        leaks.add((name, function["signature"], str(there), str(nowhere)))
    print(*sorted(leaks), sep="\n")
    assert leaks == set()
    print(f"{tried} calls of {len(functions)} functions")
    assert tried > 3000


def _fillings(function: dict[str, Any], here: Stage) -> Iterator[dict[str, Any]]:
    """Arguments with each of the hidden keys that could stand there."""
    ids = here.hidden.ids
    named = [KEYS.get(each, each.rstrip("_")) for each in function["names"] or ()]
    own = {ids[each] for each in named if each in ids}
    for key in sorted(own | {ids[each] for each in ("petition", "lead", "case", "fund_item")}):
        yield _filled(function, here, key)
        if not any(kind.startswith("uuid") for kind in function["types"]):
            return


def _filled(function: dict[str, Any], here: Stage, key: UUID | None) -> dict[str, Any]:
    """With that key, or with what nobody has."""
    given: dict[str, Any] = {}
    for index, kind in enumerate(function["types"]):
        named = (function["names"] or [])[index] if function["names"] else ""
        if kind.startswith("uuid"):
            value: Any = (
                _account(here) if named in ("account_", "account", "to_") else key or new_id()
            )
            if named in NEW or (function["name"], named) in MADE:
                value = new_id()
            value = [value] if kind == "uuid[]" else value
        elif named == "number_":
            value = "LE2018-9999" if key is None else here.hidden.numbers[1]
        else:
            value = DEFAULTS[kind]
        given[f"a{index}"] = value
    return given


def _account(here: Stage) -> UUID:
    who = here.intruders["keeper elsewhere"].who
    assert who is not None
    return who.account_id


def _called(
    connection: psycopg.Connection[Any], intruder: Any, function: dict[str, Any], given: Any
) -> tuple[Any, ...]:
    """What came of it, without what was given: rows or a refusal, notices, tables written to."""
    marks = ", ".join(
        f"%({key})s::{kind}" for key, kind in zip(given, function["types"], strict=True)
    )
    notices: list[str] = []
    connection.add_notice_handler(lambda each: notices.append(each.message_primary or ""))
    try:
        enter(connection, intruder)
        before = _written(connection)
        call = f"SELECT * FROM {function['name']}({marks})"
        rows = [str(row) for row in connection.execute(call.encode(), given).fetchall()]
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        came: tuple[Any, ...] = ("rows", *rows, _written(connection) == before)
    except psycopg.Error as refused:
        diag = refused.diag
        came = ("refused", diag.sqlstate, diag.message_primary, diag.message_detail,
                diag.constraint_name)  # fmt: skip
    finally:
        connection.rollback()
    return tuple(_without(given, str(each)) for each in (*came, *notices))


def _written(connection: psycopg.Connection[Any]) -> list[Any]:
    return connection.execute(
        "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
        " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY 1"
    ).fetchall()


def _without(given: dict[str, Any], text: str) -> str:
    for value in given.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, UUID):
                text = text.replace(str(each), "KEY")
    return re.sub(r"datetime\.datetime\([^)]*\)", "NOW", text)


def _tells(came: tuple[Any, ...], hidden: Matters, given: dict[str, Any]) -> bool:
    held = [str(value) for value in given.values()]
    return any(told in each for told in hidden.told if told not in held for each in came)


def test_only_what_is_called_may_be_called(owner: Db) -> None:
    """Whatever the application may call and doesn't is a door that nobody watches."""
    written = "\n".join(
        path.read_text(encoding="utf-8") for path in Path("app").rglob("*.py")
    ) + str(
        owner.execute(
            "SELECT array_agg(coalesce(qual, '') || coalesce(with_check, ''))::text AS it"
            " FROM pg_policies UNION ALL SELECT array_agg(definition)::text FROM pg_views"
            " WHERE schemaname = 'guard'"
        ).fetchall()
    )
    idle = {
        row["name"]
        for row in owner.execute(FUNCTIONS).fetchall()
        if not re.search(rf"\b{re.escape(row['name'])}\b", written)
    }
    assert idle == set()
