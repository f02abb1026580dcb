"""Deny by default, proven on the application that runs: its routes are walked, not listed."""

import inspect

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from app.core.settings import Settings
from app.domain.permissions import Permission
from app.main import create_app
from app.repositories.work import Office
from app.routers.deps import Api, PublicApi
from app.routers.guarded import declared, refuse_unguarded
from app.routers.open_to_all import PUBLIC
from tests.browser.visits import NO_PAGES, VISITS
from tests.builders import World
from tests.clients import Doors


@pytest.fixture
def app(office: Office) -> FastAPI:
    return create_app(office, Settings())


def test_every_route_needs_a_permission_or_stands_in_the_public_list(app: FastAPI) -> None:
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, APIRoute):
            continue
        guards = declared(getattr(route, "dependant", None))
        for method in route.methods or ():
            if (method, route.path) in PUBLIC:
                assert all(guard.public for guard in guards), (method, route.path)
            else:
                assert len(guards) == 1, (method, route.path)
                assert guards[0].permissions, (method, route.path)


def test_the_public_list_holds_nothing_that_is_gone(app: FastAPI) -> None:
    there = {
        (method, route.path)
        for route in iter_route_contexts(app.routes)
        for method in route.methods or ()
    }
    assert there >= PUBLIC


def test_every_page_is_visited_by_a_browser(app: FastAPI) -> None:
    """A page that is new needs a line in tests/browser/visits.py: who looks at it, and where."""
    routes = {
        route.path
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
        and "GET" in (route.methods or ())
        and not (route.path or "").startswith("/api/")
    }
    assert routes - set(NO_PAGES) == {visit.route for visit in VISITS}


def test_handlers_are_plain_functions(app: FastAPI) -> None:
    """An asynchronous one would block everybody while it waits for the database."""
    waiting = [
        f"{route.methods} {route.path}"
        for route in iter_route_contexts(app.routes)
        if isinstance(route.original_route, APIRoute)
        and route.path != "/healthz"
        and inspect.iscoroutinefunction(route.endpoint)
    ]
    assert not waiting


def test_dependencies_hold_no_connection(app: FastAPI) -> None:
    """A dependency that yields keeps what it holds across a hop between threads."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        for each in dependant.dependencies if dependant else ():
            assert not inspect.isgeneratorfunction(each.call), route.path
            assert not inspect.isasyncgenfunction(each.call), route.path


def test_nothing_starts_with_an_unguarded_route() -> None:
    for guards, path in (
        ([], "/open"),
        ([PublicApi()], "/open"),
        ([Api(Permission.SELF)], "/healthz"),
        ([Api(Permission.SELF), Api(Permission.MONEY_READ)], "/twice"),
    ):
        app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
        router = APIRouter()
        router.add_api_route(path, lambda: None, dependencies=guards)
        app.include_router(router)
        with pytest.raises(RuntimeError, match=path):
            refuse_unguarded(app)


def test_nobody_gets_past_any_door_without_signing_in(app: FastAPI, doors: Doors) -> None:
    """Every route that isn't public, by asking it."""
    browser, program = doors.browser(), doors.api()
    for route in iter_route_contexts(app.routes):
        if not isinstance(route.original_route, APIRoute) or route.path is None:
            continue
        address = route.path.replace("{", "").replace("}", "").replace(":path", "")
        for method in set(route.methods or ()) - {"HEAD"}:
            if (method, route.path) in PUBLIC:
                continue
            json: dict[str, str] | None = {} if method != "GET" else None
            for client in (browser, program):
                status = client.request(method, address, json=json).status_code
                redirected = method == "GET" and client is browser
                assert status == (303 if redirected and "/api/" not in address else 401), route.path


def test_who_holds_no_role_may_do_nothing_but_their_own(world: World, doors: Doors) -> None:
    """An account whose only role ended today is signed in and gets 403, or finds nothing."""
    someone = world.hire("nobody", world.investigator.role, "YC-O03")
    client = doors.api(world.operator)
    account = client.get(f"/api/v1/accounts/{someone.account_id}")
    role = account.json()["roles"][0]["id"]
    ended = client.delete(
        f"/api/v1/accounts/{someone.account_id}/roles/{role}",
        headers={"If-Match": account.headers["ETag"]},
    )
    assert ended.status_code == 200
    idle = doors.api(someone)
    assert idle.get("/api/v1/me").status_code == 200
    for address in ("/api/v1/units", "/api/v1/people", "/api/v1/accounts"):
        assert idle.get(address).status_code == 403
