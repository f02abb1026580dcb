"""The specification: what FastAPI derives from the routes, with the refusals that any may give."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from app.routers.deps import declared
from app.routers.errors import PROBLEM
from app.schemas.problems import Problem

_REFERENCE = "#/components/schemas/{model}"
_REFUSALS = {
    "400": "What was sent can't be read",
    "401": "Nobody is signed in, or the session has ended",
    "403": "None of the caller's roles allows it",
    "404": "There is nothing here that the caller may see",
    "409": "In conflict with what is there, or not possible now",
    "412": "The version in If-Match isn't the present one",
    "413": "Larger than what is taken",
    "415": "Sent in a form that isn't taken",
    "422": "Something that was sent is not acceptable; `errors` names each field",
    "428": "If-Match is missing",
    "429": "Too many attempts",
    "500": "A fault of the system; nothing was changed",
    "503": "Not available now; nothing was changed",
}
_ALWAYS = ("400", "404", "422", "429", "500", "503")
_SIGNED_IN = ("401", "403")
_WITH_BODY = ("409", "413", "415")
_VERSIONED = ("409", "412", "428")


def describe(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _specification(app)
        return app.openapi_schema

    # As FastAPI documents it.
    app.openapi = openapi  # type: ignore[method-assign]


def _specification(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        summary="Disciplinary investigations: leads, cases, and money that goes back",
        description=_ABOUT,
        routes=app.routes,
    )
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=_REFERENCE)
    schemas |= problem.pop("$defs", {})
    schemas["Problem"] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }
    permissions = _permissions(app)
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _complete(operation, permissions.get((method.upper(), path)))
    return found


def _permissions(app: FastAPI) -> dict[tuple[str, str | None], list[str] | None]:
    """By method and path; None where no sign-in is needed."""
    found: dict[tuple[str, str | None], list[str] | None] = {}
    for route in iter_route_contexts(app.routes):
        for guard in declared(getattr(route, "dependant", None)):
            named = None if guard.public else sorted(map(str, guard.permissions))
            found |= {(method, route.path): named for method in route.methods or ()}
    return found


def _complete(operation: dict[str, Any], permissions: list[str] | None) -> None:
    statuses = set(_ALWAYS)
    if permissions is None:
        operation["security"] = []
        statuses.add("401")
    else:
        operation["security"] = [{"bearer": []}]
        operation["x-permissions"] = permissions
        statuses.update(_SIGNED_IN)
    names = {each["name"].lower() for each in operation.get("parameters", ())}
    if "requestBody" in operation:
        statuses.update(_WITH_BODY)
    if "if-match" in names:
        statuses.update(_VERSIONED)
    if "idempotency-key" in names:
        statuses.add("409")
    content = {PROBLEM: {"schema": {"$ref": _REFERENCE.format(model="Problem")}}}
    for status in sorted(statuses):
        operation["responses"][status] = {"description": _REFUSALS[status], "content": content}


_ABOUT = """\
Sign in with `POST /api/v1/sessions` and send the token as `Authorization: Bearer …`; renew it
with `POST /api/v1/sessions/current/token` before it ends.

* Every change of something that exists needs `If-Match` with the `ETag` that was read: 428
  without, 412 when somebody was quicker.
* Every POST that creates takes an `Idempotency-Key`.
* Lists go on with `cursor`, which is `next` of the part before; nothing is cut off silently.
* Refusals are problem details (RFC 9457) in the language of `Accept-Language` (`zh-CN`, `en`).
* What lies outside what you may see answers 404, as if it didn't exist.
"""
