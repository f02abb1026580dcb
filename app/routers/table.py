"""All routes in one table, found by the fixed beginning of their path.

Routers that include routers are asked level by level, and more than once, which took a third of
the time of a small answer. Here each route is asked only where its path can be meant; which of
several comes first is as they were registered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

# What a route is registered with, beside its path and its function.
_KEPT = (
    "response_model", "status_code", "tags", "dependencies", "summary", "description",
    "response_description", "responses", "deprecated", "methods", "operation_id",
    "response_class", "name", "openapi_extra",
)  # fmt: skip

Beginning = tuple[str, ...]


class Table(APIRouter):
    """The application's routes, without levels."""

    # By the number of routes that it was made of: routes are only ever added.
    _indexed: tuple[int, Mapping[Beginning, Sequence[int]]] = (-1, {})

    @classmethod
    def named(cls, naming: Callable[[APIRoute], str]) -> Table:
        """One that no application has yet. `naming` calls the operations by their names."""
        return cls(redirect_slashes=False, generate_unique_id_function=naming)

    def serve(self, app: FastAPI) -> None:
        """Stand in the place of an application's own router, behind the routes that it has. The
        routes know nothing of the application: several are served by one table, and making them
        again takes most of the time that making an application does."""
        table = type(self)(routes=[*app.routes, *self.routes], redirect_slashes=False)
        app.router = table

    def take(self, router: APIRouter, *, prefix: str = "") -> None:
        """Register the routes of a router, and of those that it includes, as this table's own."""
        for route in iter_route_contexts(router.routes):
            if not isinstance(route.original_route, APIRoute) or route.endpoint is None:
                raise TypeError(f"{route.path} is no route of the application's")
            kept = {name: getattr(route, name) for name in _KEPT}
            shown = bool(route.include_in_schema) and router.include_in_schema
            path = f"{prefix}{route.path}"
            self.add_api_route(path, route.endpoint, include_in_schema=shown, **kept)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self.near(scope["path"]):
                match, more = route.matches(scope)
                if match is Match.FULL:
                    scope.setdefault("router", self)
                    scope.update(more)
                    await route.handle(scope, receive, send)
                    return
        await super().app(scope, receive, send)  # another method, a folder, or nothing

    def near(self, path: str) -> Iterator[BaseRoute]:
        """Routes whose fixed beginning is this path's, in the order of the table."""
        index = self._index()
        parts = tuple(path.split("/"))
        found = [each for end in range(len(parts) + 1) for each in index.get(parts[:end], ())]
        for at in sorted(found):
            yield self.routes[at]

    def _index(self) -> Mapping[Beginning, Sequence[int]]:
        if self._indexed[0] != len(self.routes):
            index: dict[Beginning, list[int]] = {}
            for at, route in enumerate(self.routes):
                if isinstance(route, APIRoute):
                    index.setdefault(_beginning(route.path), []).append(at)
            self._indexed = (len(self.routes), index)
        return self._indexed[1]


def _beginning(path: str) -> Beginning:
    """The parts of a path before the first that varies."""
    parts = path.split("/")
    varying = (at for at, part in enumerate(parts) if "{" in part)
    return tuple(parts[: next(varying, len(parts))])
