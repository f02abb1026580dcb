"""The table of routes finds what FastAPI's own levels of routers would find."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Match

from app.routers import api, health, pages, public
from app.routers.openapi import name_of
from app.routers.table import Table
from tests.clients import served

ROUTERS = ((health.router, ""), (public.router, ""), (api.router, "/api/v1"), (pages.router, ""))


@pytest.fixture(scope="module")
def table() -> Table:
    table = Table.named(name_of)
    for router, prefix in ROUTERS:
        table.take(router, prefix=prefix)
    return table


@pytest.fixture(scope="module")
def levels() -> list[APIRoute]:
    """As they are registered, in order, by FastAPI itself."""
    app = FastAPI(openapi_url=None, generate_unique_id_function=name_of)
    for router, prefix in ROUTERS:
        app.include_router(router, prefix=prefix)
    routes = []
    for each in iter_route_contexts(app.routes):
        if each.path and each.endpoint:
            routes.append(APIRoute(each.path, each.endpoint, methods=list(each.methods or ())))
    return routes


def addresses(levels: list[APIRoute]) -> Iterator[tuple[str, str]]:
    for route in levels:
        path = re.sub(r"\{[^}]*\}", "01a223f1-dc53-74c1-b113-52afa1c6d09a", route.path)
        for method in sorted(route.methods or ()):
            yield method, path
        yield "PURGE", path


def first(routes: Iterator[BaseRoute], method: str, path: str) -> object:
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    for route in routes:
        if route.matches(scope)[0] is Match.FULL:
            return getattr(route, "endpoint", None)
    return None


def test_every_address_leads_to_the_route_that_comes_first(
    table: Table, levels: list[APIRoute]
) -> None:
    asked = list(addresses(levels))
    assert len(asked) > 150
    for method, path in asked:
        wanted = first(iter(levels), method, path)
        assert first(table.near(path), method, path) is wanted, (method, path)


def test_what_no_route_takes_is_answered_as_ever() -> None:
    app = FastAPI()
    small = APIRouter()

    @small.get("/matters/{matter_id}")
    def read(matter_id: int) -> int:
        return matter_id

    @small.get("/matters/mine")
    def mine() -> str:
        return "mine"

    table = Table.named(name_of)
    table.take(small, prefix="/api")
    table.serve(app)
    with served(app) as address, httpx.Client(base_url=address) as client:
        answers(client)


def answers(client: httpx.Client) -> None:
    assert client.get("/api/matters/7").json() == 7
    assert client.get("/api/matters/mine").status_code == 422  # the first that matches
    assert client.post("/api/matters/7").status_code == 405
    assert client.get("/api/nothing").status_code == 404
    assert client.get("/api/matters/7/").status_code == 404


def test_only_the_applications_own_routes_are_taken() -> None:
    strange = APIRouter()
    strange.mount("/files", FastAPI())
    with pytest.raises(TypeError, match="no route of the application"):
        Table.named(name_of).take(strange)
