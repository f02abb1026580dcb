"""That no route is open by oversight."""

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from app.routers.deps import Credentials
from app.routers.open_to_all import PUBLIC, PUBLIC_FOLDERS


def refuse_unguarded(app: FastAPI) -> None:
    """Nothing starts while a route asks neither for a sign-in nor stands in the public list."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount) and route.path in PUBLIC_FOLDERS:
            continue
        guards = declared(getattr(route, "dependant", None))
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            listed = (method, route.path) in PUBLIC
            if listed and all(guard.public for guard in guards):
                continue
            if listed or len(guards) != 1 or guards[0].public:
                raise RuntimeError(f"{method} {route.path} declares no permission")


def declared(dependant: Dependant | None) -> list[Credentials]:
    """The credentials that a route depends on, at any depth."""
    if dependant is None:
        return []
    found = [dependant.call] if isinstance(dependant.call, Credentials) else []
    for each in dependant.dependencies:
        found += declared(each)
    return found
