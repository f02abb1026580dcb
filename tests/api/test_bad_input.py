"""What bad input gets: an error in the reader's language that names the field and the reason.

Requests that would succeed are spoilt in one place, for every operation and every field that the
specification has. Each is refused, and nothing is half written.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from app.core.ids import new_id
from tests.api.conftest import District
from tests.api.contract_right import Operation, Request, Requests, operations
from tests.api.contract_stage import Stage, Theatre
from tests.api.test_contract import NAMES

SESSION = requests.Session()
SESSION.trust_env = False
YET_TO_COME = "a day yet to come"
CHINESE = range(0x4E00, 0x9FFF)
# A role may be given from a later day on.
MAY_COME = {"begins_on", "ends_on"}


# Each of several is done or refused on its own: an id that isn't there is told beside it.
APART = {"hand_left_over": "items.", "assign_matters": "items."}


@dataclass(frozen=True)
class Spoilt:
    """A body that is wrong at `field`, as an answer must name it."""

    field: str
    body: dict[str, Any]
    why: str
    statuses: tuple[int, ...] = (422,)


def spoilt(operation: Operation, body: dict[str, Any]) -> Iterator[Spoilt]:
    yield Spoilt("colour", {**body, "colour": "red"}, "an unknown field")
    for place, schema in _fields(operation, operation.body, body, ()):
        name = ".".join(map(str, place))
        for value, why in _wrong_values(schema):
            if why == YET_TO_COME and place[-1] in MAY_COME:
                continue
            yield Spoilt(name, _with(body, place, value), why)


Path = tuple[str | int, ...]


def _fields(
    operation: Operation, schema: Mapping[str, Any], body: Any, at: Path
) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every field of a body, those of its parts too where the body has such a part."""
    for name, each in schema.get("properties", {}).items():
        kinds = [operation.resolved(kind) for kind in each.get("anyOf", [each])]
        for kind in kinds:
            yield (*at, name), kind
            inner = body.get(name) if isinstance(body, dict) else None
            if kind.get("type") == "array" and inner:
                part = operation.resolved(kind["items"])
                yield from _fields(operation, part, inner[0], (*at, name, 0))
            elif isinstance(inner, dict) and "properties" in kind:
                yield from _fields(operation, kind, inner, (*at, name))


def _wrong_values(schema: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    if "maxLength" in schema:
        yield "x" * (schema["maxLength"] + 1), "a text too long"
    if schema.get("format") == "uuid":
        yield str(new_id()), "an unknown id"
        yield "5", "no id"
    if schema.get("format") == "date":
        yield "2999-01-01", YET_TO_COME
        yield 0, "a number for a day"
        yield "2018-02-30", "a day that no calendar has"
    if schema.get("type") == "integer" and "enum" not in schema:
        yield "7", "a text for a number"
        yield 10**30, "a number without end"
    if schema.get("type") == "boolean":
        yield "yes", "a word for yes or no"
    if "enum" in schema:
        yield "nonsense", "an unknown word"
    if "16800.00" in schema.get("examples", ()):
        for amount in ("-5.00", "1.005", "0.00", "1e3", "12345678901234567890.00"):
            yield amount, "no amount of money"
        yield 12.5, "a number for an amount"
    if schema.get("type") == "string" and "format" not in schema:
        yield "a\x00b", "a character that no text has"
        yield 7, "a number for a text"


def _with(body: Any, place: Path, value: Any) -> Any:
    """The same body with one value exchanged."""
    first, *rest = place
    changed = list(body) if isinstance(body, list) else dict(body)
    inner = changed[first] if rest else None  # type: ignore[index]
    changed[first] = _with(inner, tuple(rest), value) if rest else value  # type: ignore[index]
    return changed


@pytest.mark.parametrize("name", NAMES)
def test_every_wrong_field_of_a_body_is_named(
    name: str,
    theatre: Theatre,
    whole_district: District,
    specified: dict[str, Any],
) -> None:
    operation = operations(specified)[name]
    if operation.media != "application/json":
        return
    stage = theatre.stage()
    chance = random.Random(name)
    rightly = Requests(operation, whole_district.seeds, whole_district.places, chance)
    login = rightly.logins(stage.world)[0]
    request = rightly.make(stage, login)
    request.headers.pop("Idempotency-Key", None)
    found = []
    for each in spoilt(operation, request.body):
        language = chance.choice(("en", "zh-CN"))
        answer = send(stage, operation, request, each.body, language)
        if answer.status_code == 200 and each.field.startswith(APART.get(name, "-")):
            (result,) = answer.json()["items"]
            if not (result.get("refused") or result.get("problem")):
                found.append(f"{each.field}: {each.why}: nothing is said of it")
            continue
        if answer.status_code not in each.statuses:
            found.append(f"{each.field}: {each.why}: {answer.status_code} {answer.text[:200]}")
            continue
        reasons = {wrong["field"]: wrong["reason"] for wrong in answer.json()["errors"]}
        if each.field not in reasons:
            found.append(f"{each.field}: {each.why}: names {reasons}")
        elif any(ord(sign) in CHINESE for sign in reasons[each.field]) != (language == "zh-CN"):
            found.append(f"{each.field}: {each.why}: {language}: {reasons}")
        elif language == "zh-CN" and re.search(r"\b(or|and)\b", reasons[each.field]):
            found.append(f"{each.field}: {each.why}: a list in English: {reasons}")
        if stage.wrote():
            found.append(f"{each.field}: {each.why}: something was written")
    assert not found, "\n".join(found)


def send(
    stage: Stage, operation: Operation, request: Request, body: Any, language: str
) -> requests.Response:
    headers = {**request.headers, "Accept-Language": language}
    if request.login:
        headers["Authorization"] = f"Bearer {stage.tokens[request.login]}"
    return SESSION.request(
        operation.method.upper(),
        request.address(stage, operation),
        params=request.query,
        json=body,
        headers=headers,
        timeout=30,
    )
