"""A ratio means something only while both sides do the same: they read and write the same rows."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI
from starlette.applications import Starlette

from app.core import tokens
from app.core.keys import Keys
from benchmarks import importer, ledger, many_events, plans
from benchmarks.district import LIFETIME, Bench, ask, clerk, prepare
from benchmarks.measures import MEASURES, pages, policies
from benchmarks.measures.export import PATH, words
from benchmarks.measures.reading import LISTS
from benchmarks.product import create as create_product
from benchmarks.serving import serving
from benchmarks.yardstick.app import create as create_yardstick
from benchmarks.yardstick.context import Desk, today
from benchmarks.yardstick.export import copied
from tests.clients import Client
from tests.conftest import Databases

Send = Callable[[Any], httpx.Response]
MATTERS = 1000
LEAD = {
    "source": "supervision", "what": "多领补助", "subjects": [{"name": "某人"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def bench(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = prepare(databases.cluster, tmp_path_factory.mktemp("bench"), MATTERS)
    yield made
    databases.cluster.drop_database(made.database)


@pytest.fixture(scope="module")
def product(bench: Bench) -> Iterator[FastAPI]:
    made = create_product(bench)
    yield made
    made.state.office.engine.dispose()


@pytest.fixture(scope="module")
def yardstick(bench: Bench) -> Iterator[Starlette]:
    desk = Desk.of(bench, size=2)
    yield create_yardstick(desk)
    desk.pool.close()


def ours(portal: BlockingPortal, bench: Bench, product: FastAPI, who: str) -> Client:
    token = tokens.issue(Keys.read(bench.keys_file), session=bench.sessions[who], lifetime=LIFETIME)
    return Client(portal, product, headers={"Authorization": f"Bearer {token}"})


def written(bench: Bench) -> dict[str, int]:
    """The rows of each table."""
    with psycopg.connect(bench.admin_conninfo) as admin:
        tables = admin.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        ).fetchall()
        return {
            table: admin.execute(f'SELECT count(*) FROM "{table}"'.encode()).fetchall()[0][0]
            for (table,) in tables
        }


def added(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {table: after[table] - before[table] for table in after if after[table] != before[table]}


@pytest.mark.parametrize(
    ("path", "theirs"), [("", "/worklist"), ("&state=assessing&open=true", "/filtered")]
)
def test_both_list_the_same_matters_in_the_same_order(
    portal: BlockingPortal, bench: Bench, product: FastAPI, yardstick: Any, path: str, theirs: str
) -> None:
    mine = ours(portal, bench, product, "manager").get(f"{LISTS}{path}").json()["items"]
    yard = Client(portal, yardstick).get(theirs).json()[:50]
    assert len(mine) == 50
    for key in ("id", "number", "state", "unit", "holder", "waits_for", "due_on", "doubtful"):
        assert [row[key] for row in mine] == [row[key] for row in yard], key
    assert [row["subjects"] for row in mine] == [row["subjects"] for row in yard]


def test_both_read_the_same_rows_of_a_matter(
    portal: BlockingPortal, bench: Bench, product: FastAPI, yardstick: Any
) -> None:
    mine = ours(portal, bench, product, "manager").get(f"/api/v1/matters/{bench.matter}").json()
    yard = Client(portal, yardstick).get(f"/matters/{bench.matter}").json()
    assert mine["number"] == yard["head"][0]["number"]
    for part, rows in {
        "people": "people", "outcomes": "outcomes", "tasks": "tasks", "clocks": "clocks",
        "team": "team", "notes": "notes", "requests": "requests",
    }.items():  # fmt: skip
        assert len(mine[part]) == len(yard[rows]), part
    assert len(mine["requests"][0]["signatures"]) == len(yard["signatures"]) == 1


def test_both_write_the_same_rows_for_a_lead(
    portal: BlockingPortal, bench: Bench, product: FastAPI, yardstick: Any
) -> None:
    client = Client(portal, yardstick)
    logs: tuple[Send, ...] = (
        lambda body: ours(portal, bench, product, clerk(0)).post("/api/v1/leads", json=body),
        lambda body: client.post(f"/leads?as={clerk(1)}", json=body),
    )
    found = []
    for at, log in enumerate(logs):
        unit = str(bench.villages[at])
        before = written(bench)
        answer = log({**LEAD, "received_on": today().isoformat(), "unit_id": unit})
        assert answer.status_code == 201, answer.text
        found.append(added(before, written(bench)))
    mine, yard = found
    assert mine == yard
    assert mine["matter"] == mine["lead"] == mine["clock"] == mine["person"] == 1


def test_both_write_the_same_rows_for_a_signature(
    portal: BlockingPortal, bench: Bench, product: FastAPI, yardstick: Any
) -> None:
    deputy = ours(portal, bench, product, "deputy")
    client = Client(portal, yardstick)
    body, seen = {"reason": "同意"}, {"If-Match": '"1"'}
    signs: tuple[Send, ...] = (
        lambda asked: deputy.post(f"/api/v1/requests/{asked}/sign", json=body, headers=seen),
        lambda asked: client.post(f"/requests/{asked}/sign", json=body),
    )
    found = []
    for sign in signs:
        [asked] = ask(bench, 1)
        before = written(bench)
        answer = sign(asked)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["state"], answer.json()["moved"]) == ("assigned", True)
        found.append((added(before, written(bench)), _signed(bench, asked)))
    mine, yard = found
    assert mine == yard
    assert mine[0]["signature"] == mine[0]["transition"] == 1


def _signed(bench: Bench, request_id: UUID) -> list[Any]:
    """What a signature changed in place."""
    with psycopg.connect(bench.admin_conninfo) as admin:
        return admin.execute(
            "SELECT q.status, q.version, q.ended_on, m.state, m.version, m.assigned_path::text,"
            " m.due_on, array_agg((c.rule, c.stopped_on) ORDER BY c.rule)::text"
            "  FROM request q JOIN matter m ON m.id = q.matter_id"
            "  JOIN clock c ON c.matter_id = m.id WHERE q.id = %s AND c.rule <> 'acceptance'"
            " GROUP BY q.id, m.id",
            (request_id,),
        ).fetchall()


def test_both_export_the_same_lines(portal: BlockingPortal, bench: Bench, product: FastAPI) -> None:
    answer = ours(portal, bench, product, "auditor").get(PATH, headers={"Accept-Language": "zh"})
    desk = Desk.of(bench, size=1)
    lines = b"".join(copied(desk, words(), today()))
    desk.pool.close()
    assert lines.count(b"\n") >= MATTERS * 12 // 20
    assert answer.content.endswith(lines)
    head = answer.content.removesuffix(lines).decode("utf-8-sig")
    assert head.splitlines()[-1].startswith("编号,")


def test_both_import_the_same_rows(bench: Bench, tmp_path: Path) -> None:
    found = []
    for series, side in enumerate((importer.ours, importer.yardstick)):
        path = tmp_path / f"leads-{series}.csv"
        ledger.write(path, 60, series=series)
        before = written(bench)
        assert side(bench, path) == 60
        found.append(added(before, written(bench)))
    mine, yard = found
    assert mine == yard
    assert mine["matter"] == mine["involvement"] == 60
    assert mine["signature"] == mine["disposal"] == 36


def test_every_measure_has_a_name_to_ask_for_it_by() -> None:
    assert set(MEASURES) == {
        "worklist", "filtered", "matter", "log", "approve", "export", "figures", "lists", "search",
        "import", "policies", "pages",
    }  # fmt: skip


def test_pages_are_light_and_name_no_other_host(bench: Bench, tmp_path: Path) -> None:
    with serving(bench, tmp_path) as sides:
        for name, path, who, _ in pages.visited(bench):
            with closing(pages.Browser(sides.ours, sides.tokens[who])) as browser:
                weight = browser.weighed(path)
            assert 10_000 < weight.page < pages.WEIGHT * 1000, name
            assert weight.hosts == set(), name


def test_another_host_is_found_in_a_page_and_in_its_sheets() -> None:
    named = pages.Named()
    named.feed(
        '<a href="/x">x</a><img src="https://elsewhere.example/a.png">'
        '<link rel="stylesheet" href="/a.css"><script src="//cdn.example/b.js"></script>'
    )
    assert pages.hosts_of(named.addresses) == {"elsewhere.example", "cdn.example"}
    assert named.parts == ["/a.css", "//cdn.example/b.js"]
    sheet = "a { background: url(/b.png) } @import url('https://fonts.example/c.css');"
    assert pages.hosts_of(pages.named_in_sheet("/a.css", sheet)) == {"fonts.example"}


def test_the_busy_lead_has_five_hundred_events(bench: Bench) -> None:
    with psycopg.connect(bench.admin_conninfo) as admin:
        found = admin.execute(
            "SELECT count(*) FROM transition WHERE matter_id = %s", [bench.busy]
        ).fetchall()
    assert found == [(many_events.EVENTS,)] == [(500,)]


def test_who_is_on_few_teams_enters_a_list_by_these_and_every_plan_is_written(
    bench: Bench,
) -> None:
    held = policies.settle(bench)
    told = list(plans.explained(bench, held, [(bench.app_url, "under row security")]))
    assert len(told) == 9
    lists = [plan for plan in told if "page, member" in plan or "list, member" in plan]
    assert lists
    assert not [plan for plan in lists if "ix_matter_kind_due" in plan]
