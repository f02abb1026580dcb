"""Who asks too often is told to wait, and for how long; everybody else isn't."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from anyio.from_thread import BlockingPortal
from fastapi.routing import APIRoute, iter_route_contexts

from app.core.settings import Settings
from app.domain.permissions import Permission
from app.main import create_app
from app.repositories.work import Office
from app.routers.deps import Api, Page
from app.routers.edge import SECURITY
from app.routers.throttle import COSTLY, DOORS
from tests.builders import PASSWORD, World
from tests.clients import Doors

ME = "/api/v1/me"
Limited = Callable[[int], Doors]


@pytest.fixture
def limited(portal: BlockingPortal, office: Office) -> Limited:
    """The application with a limit of its own."""

    def made(requests: int) -> Doors:
        app = create_app(office, Settings(requests_per_minute=requests))
        return Doors(portal, app, office.keys)

    return made


def _left(answer: httpx.Response, name: str = "requests") -> int:
    found = re.search(rf'"{name}";r=(\d+);t=\d+', answer.headers["RateLimit"])
    assert found is not None, answer.headers["RateLimit"]
    return int(found[1])


def test_every_answer_of_the_api_says_what_is_left(world: World, limited: Limited) -> None:
    doors = limited(600)
    mine, nobody = doors.api(world.chief), doors.api()
    asked = [
        mine.get(ME), mine.get("/api/v1/nothing"), mine.request("PUT", ME), nobody.get(ME),
        mine.post("/api/v1/people", content=b"x", headers={"Content-Length": "99999999"}),
        nobody.get("/api/v1/openapi.json"),
    ]  # fmt: skip
    assert [each.status_code for each in asked] == [200, 404, 405, 401, 413, 200]
    for answer in asked:
        assert answer.headers["RateLimit-Policy"] == '"requests";q=600;w=60'
        assert 590 < _left(answer) < 600
    assert "RateLimit" not in doors.browser().get("/sign-in").headers


def test_who_asks_too_often_is_told_when_to_go_on(world: World, limited: Limited) -> None:
    doors = limited(60)
    client = doors.api(world.chief)
    answers = [client.get(ME) for _ in range(70)]
    passed = [each for each in answers if each.status_code == 200]
    assert 60 <= len(passed) <= 65  # some came back meanwhile
    refused = answers[-1]
    assert refused.status_code == 429
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 2
    assert _left(refused) == 0
    assert doors.api(world.deputy).get(ME).status_code == 200  # by session, not by address
    page = doors.browser(world.chief, language="zh-CN").get("/desk")
    assert page.status_code == 429
    assert "请求过于频繁" in page.text


def test_another_token_of_the_same_session_is_no_other_quota(
    world: World, limited: Limited
) -> None:
    doors = limited(60)
    for _ in range(65):
        doors.api(world.chief).get(ME)  # a token for each
    assert doors.api(world.chief).get(ME).status_code == 429


@pytest.mark.parametrize("token", ["plk_{}", "nonsense-{}", "a.b.{}"])
def test_tokens_that_open_nothing_are_counted_by_address(limited: Limited, token: str) -> None:
    """Nobody gets a quota by making up a token."""
    client = limited(60).api()
    statuses = {
        client.get(ME, headers={"Authorization": f"Bearer {token.format(each)}"}).status_code
        for each in range(70)
    }
    assert statuses == {401, 429}


def test_signing_in_is_counted_by_address_and_before_a_password_is_derived(
    world: World, limited: Limited
) -> None:
    client = limited(60).api()
    body = {"login": "chief", "password": PASSWORD}
    answers = [client.post("/api/v1/sessions", json=body) for _ in range(16)]
    assert answers[0].status_code == 201
    assert '"doors";q=12;w=60' in answers[0].headers["RateLimit-Policy"]
    assert answers[-1].status_code == 429
    assert answers[-1].elapsed < answers[0].elapsed / 3
    assert answers[-1].json()["type"] == "/problems/too-many-requests"


def test_what_costs_much_has_a_limit_of_its_own(world: World, limited: Limited) -> None:
    client = limited(60).api(world.auditor)
    files = [client.get("/api/v1/exports/leads.csv") for _ in range(6)]
    assert files[0].status_code == 422  # counted, whatever comes of it
    assert '"costly";q=3;w=60' in files[0].headers["RateLimit-Policy"]
    assert files[-1].status_code == 429
    assert _left(files[-1], "costly") == 0
    assert client.get(ME).status_code == 200


def test_sheets_and_questions_of_the_operator_are_free(limited: Limited) -> None:
    browser = limited(60).browser()
    for address in ("/healthz", "/static/tokens.css"):
        assert {browser.get(address).status_code for _ in range(70)} == {200}


def test_every_route_that_is_named_costly_or_a_door_is_there(doors: Doors) -> None:
    routes = {
        f"{method} {re.sub(r'{[^}]*}', 'x', route.path or '')}"
        for route in iter_route_contexts(doors.app.routes)
        if isinstance(route.original_route, APIRoute)
        for method in route.methods or ()
    }
    costly = {each for each in routes if COSTLY.fullmatch(each)}
    passwords = {each for each in routes if DOORS.fullmatch(each)}
    assert {"GET /api/v1/exports/x.x", "POST /api/v1/exports", "POST /log/look-alikes"} <= costly
    assert {"POST /log/import", "POST /api/v1/imports", "GET /log/import/x/rejects"} <= costly
    assert passwords == {
        "POST /sign-in", "POST /password/x", "POST /me/again", "POST /me/password",
        "POST /api/v1/sessions", "POST /api/v1/sessions/current/confirm",
        "POST /api/v1/me/password", "POST /api/v1/password-links/redeem",
    }  # fmt: skip


def test_a_fault_has_every_header_too(world: World, doors: Doors) -> None:
    def fail() -> None:
        raise KeyError("x")

    doors.app.add_api_route("/api/v1/fail", fail, dependencies=[Api(Permission.SELF)])
    doors.app.add_api_route("/fail", fail, dependencies=[Page(Permission.SELF)])
    for answer in (
        doors.api(world.chief).get("/api/v1/fail"), doors.browser(world.chief).get("/fail"),
    ):  # fmt: skip
        assert answer.status_code == 500
        for name in SECURITY:
            assert name in answer.headers, name
    assert "RateLimit" in doors.api(world.chief).get("/api/v1/fail").headers
