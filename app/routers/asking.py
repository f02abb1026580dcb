"""What is asked for in an address, read by one schema at once.

FastAPI reads each parameter by itself, which costs the time of a query where a list has a dozen.
The specification has them as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ValidationError

from app.domain.errors import N_, FieldError, Invalid, Reason

MOST_NAMED = 20  # wrong fields of an address that an answer names
NUL = "\x00"  # no text of a page, nor of the database
NO_TEXT = N_("This isn't a text.")


class Asked:
    """A dependency that gives the query as `model`. Raises what FastAPI raises for a wrong one."""

    def __init__(self, model: type[BaseModel]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> Any:
        try:
            return self.model.model_validate(dict(request.query_params))
        except ValidationError as error:
            raise RequestValidationError(
                [
                    {**each, "loc": ("query", *each["loc"])}
                    for each in error.errors(include_url=False)
                ]
            ) from None


def Query(model: type[BaseModel]) -> Any:  # noqa: N802 - reads as the declaration that it is
    return Depends(Asked(model))


def asked(route: object) -> Iterator[type[BaseModel]]:
    """The schemas that a route reads its address by."""
    return _asked(getattr(route, "dependant", None))


def _asked(dependant: Dependant | None) -> Iterator[type[BaseModel]]:
    for each in dependant.dependencies if dependant else ():
        if isinstance(each.call, Asked):
            yield each.call.model
        yield from _asked(each)


def parameters(model: type[BaseModel], reference: str) -> tuple[list[dict[str, Any]], Any]:
    """(a schema's fields as the specification has parameters, the schemas that they name)."""
    whole = model.model_json_schema(ref_template=reference)
    found = []
    for name, schema in whole["properties"].items():
        if schema.get("default", 0) is None:
            del schema["default"]
        schema.setdefault("title", name.replace("_", " ").title())
        said = {"description": schema["description"]} if "description" in schema else {}
        found.append({"name": name, "in": "query", "required": False, **said, "schema": schema})
    return found, whole.get("$defs", {})


def queries(app: FastAPI) -> Mapping[object, frozenset[str]]:
    """By endpoint, what may stand in the query of its address."""
    found: Mapping[object, frozenset[str]] | None = getattr(app.state, "queries", None)
    if found is None:
        found = app.state.queries = {
            route.endpoint: frozenset(
                {
                    *_query_names(getattr(route, "dependant", None)),
                    *(name for model in asked(route) for name in model.model_fields),
                }
            )
            for route in iter_route_contexts(app.routes)
        }
    return found


def _query_names(dependant: Dependant | None) -> Iterator[str]:
    if dependant is not None:
        yield from (each.alias for each in dependant.query_params)
        for each in dependant.dependencies:
            yield from _query_names(each)


def refuse_unknown(request: Request) -> None:
    """A mistyped filter that is ignored would answer another question than was asked."""
    if not request.query_params:
        return
    known = queries(request.app).get(request.scope.get("endpoint"), frozenset())
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        reason = Reason(N_("There is no such field."))
        raise Invalid(*(FieldError(name[:100], reason) for name in unknown[:MOST_NAMED]))


def refuse_no_texts(request: Request) -> None:
    """What a page's address asks for reaches the database by many ways; NUL goes none of them."""
    found = [name for name, value in request.query_params.multi_items() if NUL in name + value]
    if found:
        names = [name.replace(NUL, "")[:100] for name in dict.fromkeys(found)]
        raise Invalid(*(FieldError(name, Reason(NO_TEXT)) for name in names[:MOST_NAMED]))
