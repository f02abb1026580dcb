"""The specification as a program's author reads it: complete, in plain words, and stable."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis

from app.core import i18n
from app.routers import guide
from app.routers.problems import KINDS
from tests.clients import Doors

PROBLEM = "application/problem+json"
# What is there or not, without a state between that somebody could have read.
UNVERSIONED = {
    "/api/v1/accounts/{account_id}/second-factor",
    "/api/v1/me/keys/{key_id}",
    "/api/v1/me/passkeys/{passkey_id}",
    "/api/v1/me/passkeys/{passkey_id}/name",
    "/api/v1/me/second-factor",
    "/api/v1/me/watches/{watch_id}",
    "/api/v1/me/webhooks/{webhook_id}",
    "/api/v1/petitions/{petition_id}/reporter/tie",
    "/api/v1/second-factor-roles",
    "/api/v1/sessions",
    "/api/v1/sessions/current",
    "/api/v1/sessions/{session_id}",
    "/api/v1/webhooks/{webhook_id}",
}
# Lists that always come whole: as many as hang on one thing, or as one person can have.
WHOLE = Path(__file__).parents[1] / "data" / "lists_that_come_whole.txt"
KNOWN = Path(__file__).parents[1] / "data" / "operations.txt"
Operation = dict[str, Any]


@pytest.fixture
def specification(doors: Doors) -> dict[str, Any]:
    answer = doors.api().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def operations(specification: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, methods in specification["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def referred(specification: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in found:
        target: Any = specification
        for part in found["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        found = target
    return found


def test_it_is_a_valid_specification_of_the_present_version(specification: dict[str, Any]) -> None:
    assert specification["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(specification).validate()


def test_a_list_can_be_followed_or_always_comes_whole(specification: dict[str, Any]) -> None:
    whole = set()
    for _, _, operation in operations(specification):
        answer = operation["responses"].get("200", {}).get("content", {})
        schema = referred(specification, answer.get("application/json", {}).get("schema", {}))
        asked = {referred(specification, each)["name"] for each in operation.get("parameters", ())}
        listed = {"items", "next"} <= set(schema.get("properties", ()))
        if listed and not asked & {"cursor", "after"}:
            whole.add(operation["operationId"])
    assert sorted(whole) == WHOLE.read_text().split()


def test_operations_have_names_that_programs_can_call(specification: dict[str, Any]) -> None:
    names = [operation["operationId"] for *_, operation in operations(specification)]
    assert len(names) == len(set(names))
    for name in names:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name), name


def test_no_program_finds_an_operation_renamed(specification: dict[str, Any]) -> None:
    """The list grows with the API; a line of it changes only with the API's version."""
    present = {
        f"{operation['operationId']} {method.upper()} {path}"
        for method, path, operation in operations(specification)
    }
    assert present == set(KNOWN.read_text(encoding="utf-8").splitlines())


def test_every_operation_says_what_it_does(specification: dict[str, Any]) -> None:
    for _, path, operation in operations(specification):
        assert operation.get("description"), path
        assert operation["tags"], path


def test_every_body_has_an_example(
    specification: dict[str, Any],
) -> None:
    wanting = []
    for _, _, operation in operations(specification):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = referred(specification, content["schema"])
            if not schema.get("examples") and "example" not in content:
                wanting.append(operation["operationId"])
    assert not wanting


def test_every_refusal_is_documented_as_a_problem(specification: dict[str, Any]) -> None:
    for method, path, operation in operations(specification):
        answers = {
            status: referred(specification, answer)
            for status, answer in operation["responses"].items()
        }
        assert {"400", "404", "422", "429", "500", "503"} <= answers.keys(), path
        for status, answer in answers.items():
            assert "X-Request-Id" in answer["headers"], (path, status)
            if int(status) >= 400:
                assert answer["content"].keys() == {PROBLEM}, (path, status)
                assert answer["content"][PROBLEM]["example"]["status"] == int(status)
        if operation["security"]:
            assert {"401", "403"} <= answers.keys(), path
            assert operation["x-permissions"], path
        if method in ("patch", "put", "delete") and path not in UNVERSIONED:
            assert {"412", "428"} <= answers.keys(), path


def test_what_can_be_changed_tells_its_version(specification: dict[str, Any]) -> None:
    """Whoever must send If-Match can learn it from the answer of a read."""
    read = {
        path: operation for method, path, operation in operations(specification) if method == "get"
    }
    for method, path, operation in operations(specification):
        changes = any(each["name"] == "If-Match" for each in operation.get("parameters", ()))
        if changes and method in ("patch", "put", "delete") and path in read:
            assert "ETag" in read[path]["responses"]["200"]["headers"], path


def every_schema(found: Any) -> Iterator[dict[str, Any]]:
    if isinstance(found, dict):
        if "type" in found:
            yield found
        for each in found.values():
            yield from every_schema(each)
    elif isinstance(found, list):
        for each in found:
            yield from every_schema(each)


def test_money_is_text_and_nothing_is_a_fraction(specification: dict[str, Any]) -> None:
    """`contract_calls` looks for the same in each answer, and for moments without an offset."""
    kinds = [schema["type"] for schema in every_schema(specification)]
    assert "number" not in kinds
    for name, schema in specification["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            # A clock's amount is days.
            if name != "ClockRead" and re.search(r"amount|yuan|price|sum(_|$)", field):
                said = {each["type"] for each in every_schema(described)} - {"null"}
                assert "integer" not in said, f"{name}.{field}"


def test_every_kind_of_refusal_stands_in_the_guide_for_programs() -> None:
    for locale in i18n.LOCALES:
        text = str(guide.topic("programs", locale).body)
        assert set(re.findall(r"<li>\d[\dx]{2} <code>([a-z-]+)</code>", text)) == set(KINDS), locale


def test_nothing_in_an_address_can_be_null(specification: dict[str, Any]) -> None:
    for _, path, operation in operations(specification):
        for parameter in operation.get("parameters", ()):
            assert {"type": "null"} not in parameter["schema"].get("anyOf", ()), path
