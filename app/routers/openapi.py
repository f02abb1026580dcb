"""The specification: what FastAPI derives from the routes, with what any of them may answer.

An operation is called by the name of its function, which therefore is part of the contract.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.core import i18n
from app.routers.asking import asked, parameters
from app.routers.errors import PROBLEM
from app.routers.guarded import declared
from app.routers.preferring import MINIMAL
from app.routers.problems import KINDS
from app.routers.retiring import RETIRING
from app.schemas.problems import Problem, ProblemField

_REFERENCE = "#/components/schemas/{model}"
# By status: the kind of problem that it nearly always is (an answer's `type` says), and when.
_REFUSALS = {
    "400": ("malformed", "What was sent can't be read"),
    "401": ("not-signed-in", "Nobody is signed in, or the session has ended"),
    "403": ("forbidden", "None of the caller's roles allows it"),
    "404": ("not-found", "There is nothing here that the caller may see"),
    "409": ("conflict", "In conflict with what is there, or not possible now"),
    "410": ("start-anew", "A cursor from before a restore, or from another sight: begin anew"),
    "412": ("stale-version", "The version in If-Match isn't the present one"),
    "413": ("too-large", "Larger than what is taken"),
    "415": ("unsupported-media", "Sent in a form that isn't taken"),
    "422": ("invalid", "Something that was sent is not acceptable; `errors` names each field"),
    "428": ("version-required", "If-Match is missing"),
    "429": ("too-many-requests", "Too many requests or attempts; `Retry-After` says for how long"),
    "500": ("fault", "A fault of the system; nothing was changed"),
    "503": ("unavailable", "Not available now; nothing was changed"),
}
_WRONG = ProblemField(field="subjects.0.name", reason="This is missing.")
_DONE = {"200": "Done", "201": "Made", "204": "Done; there is nothing to say"}
_ALWAYS = ("400", "404", "422", "429", "500", "503")
_SIGNED_IN = ("401", "403")
_WITH_BODY = ("409", "413", "415")
_VERSIONED = ("409", "412", "428")
_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "X-Request-Id": (
        "The request's id, for asking for help",
        {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    ),
    "ETag": (
        "The version, to be sent as `If-Match` with a change",
        {"type": "string", "pattern": r'^"\d{1,9}"$', "examples": ['"3"']},
    ),
    "Content-Language": (
        "The language that a refusal is said in",
        {"type": "string", "enum": sorted(i18n.LANGUAGE_TAGS.values())},
    ),
    "WWW-Authenticate": ("How to sign in", {"type": "string", "const": "Bearer"}),
    "RateLimit-Policy": (
        "How much is allowed (draft-ietf-httpapi-ratelimit-headers): `q` requests in `w` seconds",
        {"type": "string", "examples": ['"requests";q=600;w=60']},
    ),
    "RateLimit": (
        "What is left of it: `r` requests; all of it again in `t` seconds",
        {"type": "string", "examples": ['"requests";r=599;t=1']},
    ),
    "Retry-After": ("Seconds to wait", {"type": "string", "pattern": r"^\d+$"}),
    "Preference-Applied": (
        "Which preference was followed (RFC 7240)",
        {"type": "string", "const": MINIMAL},
    ),
    "Deprecation": (
        "Since when it has been announced that this will end (RFC 9745)",
        {"type": "string", "pattern": r"^@\d+$", "examples": ["@1735689600"]},
    ),
    "Sunset": (
        "From when on it may be gone (RFC 8594)",
        {"type": "string", "examples": ["Thu, 01 Jan 2026 00:00:00 GMT"]},
    ),
    "Content-Disposition": (
        "What to call the file",
        {
            "type": "string",
            "pattern": r"^attachment; filename=\"[^\"]+\"(; filename\*=UTF-8''[^\"]+)?$",
        },
    ),
}


def name_of(route: APIRoute) -> str:
    """What a program calls the operation: `list_units`."""
    return route.name


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
    components |= {
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        "headers": {
            name: {"description": said, "required": True, "schema": schema}
            for name, (said, schema) in _HEADERS.items()
        },
        "responses": {kind: _refusal(status, kind) for status, (kind, _) in _REFUSALS.items()},
    }
    permissions = _permissions(app)
    _ask(app, found["paths"], schemas)
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                _drop_null(parameter)
            for status in operation["responses"].keys() & _DONE.keys():
                _finish(status, operation["responses"][status], schemas)
            if method in ("post", "patch", "put"):
                _prefer(operation)
            if operation["operationId"] in RETIRING:
                _retire(operation)
            _refuse(operation, permissions.get((method.upper(), path)))
    return found


def _ask(app: FastAPI, paths: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Adds what a route reads of its address by a schema of its own."""
    for route in iter_route_contexts(app.routes):
        for model in asked(route):
            found, named = parameters(model, _REFERENCE)
            operations = paths.get(route.path or "", {})
            for method in operations.keys() & {each.lower() for each in route.methods or ()}:
                operations[method].setdefault("parameters", []).extend(found)
            for name, schema in named.items() if operations else ():
                schemas.setdefault(name, schema)


def _permissions(app: FastAPI) -> dict[tuple[str, str | None], list[str] | None]:
    """By method and path; None where no sign-in is needed."""
    found: dict[tuple[str, str | None], list[str] | None] = {}
    for route in iter_route_contexts(app.routes):
        for guard in declared(getattr(route, "dependant", None)):
            named = None if guard.public else sorted(map(str, guard.permissions))
            found |= {(method, route.path): named for method in route.methods or ()}
    return found


def _drop_null(parameter: dict[str, Any]) -> None:
    """What is left out of an address is absent there, never null."""
    schema = parameter["schema"]
    there = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(there) == 1:
        del schema["anyOf"]
        parameter["schema"] = {**there[0], **schema}


def _finish(status: str, response: dict[str, Any], schemas: dict[str, Any]) -> None:
    """An answer's headers: what carries a version is tagged with it, and a file has a name."""
    response["description"] = response["description"].replace("Successful Response", _DONE[status])
    names = ["X-Request-Id"]
    for content in response.get("content", {}).values():
        schema = content.get("schema", {})
        answered = schemas.get(schema.get("$ref", "").rpartition("/")[2], {})
        if "version" in answered.get("properties", {}):
            names.append("ETag")
        if schema.get("format") == "binary" and "Content-Disposition" not in names:
            names.append("Content-Disposition")
    headers = response.setdefault("headers", {})
    headers |= _headers(*names)


def _prefer(operation: dict[str, Any]) -> None:
    """What can be read again may be left out of an answer."""
    done = [operation["responses"].get(status, {}) for status in ("200", "201")]
    known = {name for each in done for name in each.get("headers", {})} & {"ETag", "Location"}
    if not known or "204" in operation["responses"]:
        return
    headers = {
        name: said
        for each in done
        for name, said in each.get("headers", {}).items()
        if name in known
    }
    operation.setdefault("parameters", []).append({**_PREFER})
    operation["responses"]["204"] = {
        "description": "Done, and said as briefly as was preferred",
        "headers": headers | _headers("Preference-Applied"),
    }


def _retire(operation: dict[str, Any]) -> None:
    operation["deprecated"] = True
    for response in operation["responses"].values():
        response["headers"] |= {
            name: {"$ref": f"#/components/headers/{name}"} for name in ("Deprecation", "Sunset")
        }


def _refuse(operation: dict[str, Any], permissions: list[str] | None) -> None:
    """Adds the refusals that this operation may answer with."""
    statuses = set(_ALWAYS) | (operation["responses"].keys() & _REFUSALS.keys())
    if permissions is None:
        operation["security"] = []
        statuses.add("401")
    else:
        operation["security"] = [{"bearer": []}]
        operation["x-permissions"] = permissions
        statuses.update(_SIGNED_IN)
    parameters = {each["name"]: each for each in operation.get("parameters", ())}
    if "requestBody" in operation:
        statuses.update(_WITH_BODY)
    if "If-Match" in parameters:
        statuses.update(_VERSIONED)
        # Optional for the framework alone, so that its absence gets a status of its own.
        parameters["If-Match"]["required"] = True
    if "Idempotency-Key" in parameters:
        statuses.add("409")
    for status in sorted(statuses):
        operation["responses"][status] = {"$ref": f"#/components/responses/{_REFUSALS[status][0]}"}


def _refusal(status: str, kind: str) -> dict[str, Any]:
    example = Problem(
        type=f"/problems/{kind}",
        title=KINDS[kind].title,
        status=int(status),
        detail=KINDS[kind].meaning,
        instance="7d0e5d0a9c5b4b3f8e2f6a1c0b9d8e7f",
        errors=[_WRONG] if kind == "invalid" else [],
    )
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    names = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
    more = [names[status]] if status in names else []
    return {
        "description": _REFUSALS[status][1],
        "headers": _headers("Content-Language", *more),
        "content": {PROBLEM: {"schema": schema, "example": example.model_dump()}},
    }


def _headers(*more: str) -> dict[str, Any]:
    names = ("X-Request-Id", "RateLimit-Policy", "RateLimit", *more)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


_PREFER = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": f"`{MINIMAL}`: 204 without a body, with `Location` and `ETag` as they are",
    "schema": {"type": "string", "title": "Prefer"},
    "example": MINIMAL,
}

_ABOUT = """\
Sign in with `POST /api/v1/sessions` and send the token as `Authorization: Bearer …`; renew it
with `POST /api/v1/sessions/current/token` before it ends.

* Every change of something that exists needs `If-Match` with the `ETag` that was read: 428
  without, 412 when somebody was quicker.
* Every POST that creates takes an `Idempotency-Key`.
* `Prefer: return=minimal` leaves out of an answer what can be read again: 204.
* What will end says so a year before, by `Deprecation` and `Sunset`.
* Lists go on with `cursor`, which is `next` of the part before; nothing is cut off silently.
* `GET /api/v1/changes` says on which matters something happened, without missing or repeating any.
* Refusals are problem details (RFC 9457) in the language of `Accept-Language` (`zh-CN`, `en`).
* How much may be asked is said by `RateLimit-Policy` and `RateLimit` on every answer; who asks more
  gets 429 with `Retry-After`. Programs with keys are counted by their address.
* What lies outside what you may see answers 404, as if it didn't exist.
"""
