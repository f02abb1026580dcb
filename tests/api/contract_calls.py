"""Calls of one operation as everybody, each answer held against the specification.

Cases are schemathesis's: those at the edges of every schema (its coverage phase), and random
ones, right and wrong. They are sent to what is really there, since a call that ends at a 404
proves little: ids are exchanged for living ones, versions for present ones, and many bodies are
right in all fields but one or two.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from requests.structures import CaseInsensitiveDict
from schemathesis import Case, CheckContext, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema

from app.core import i18n
from app.routers.problems import KINDS
from tests.api.contract_right import NOBODY, Request, Requests
from tests.api.contract_stage import Stage


def methods_of_others_refused(ctx: CheckContext, response: Response, case: Call) -> bool | None:
    """405 for what an address doesn't take, unless it is another operation's address as well:
    `PATCH /people/lookup` is read as a person's, and refused for that."""
    templates = {path for path in case.operation.schema.raw_schema["paths"] if "{" in path}
    if any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), case.path) for path in templates):
        return None
    found: bool | None = unsupported_method(ctx, response, case)
    return found


CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    methods_of_others_refused,
]
Call = Case[Any]
LANGUAGES = ("en", "zh-CN")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)$")


@dataclass
class Tally:
    """What came of the calls."""

    statuses: Counter[int] = field(default_factory=Counter)
    reached_by: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def calls(self) -> int:
        return self.statuses.total()


class Calls:
    """All calls of one operation with one seed."""

    def __init__(
        self, schema: OpenApiSchema, rightly: Requests, chance: random.Random, number: int
    ) -> None:
        self.operation = rightly.operation
        self.tally = Tally()
        self._schema = schema
        self._drawn = schema.find_operation_by_id(rightly.operation.name)
        self._rightly = rightly
        self._chance = chance
        self._number = number
        self._session = requests.Session()
        self._session.trust_env = False
        self._keys: list[str] = []

    def edges(self) -> list[Call]:
        """Every schema at its edges: shortest, longest, one more, missing, of another type."""
        return list(
            self._schema.iter_coverage_cases(
                self._drawn,
                generation_modes=list(GenerationMode),
                generation_config=self._schema.config.generation,
            )
        )

    def drawn(self, mode: GenerationMode, count: int) -> list[Call]:
        """Random ones; the same for the same number."""
        found: list[Call] = []

        @seed(self._number)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=self._drawn.as_strategy(generation_mode=mode))
        def draw(case: Call) -> None:
            found.append(case)

        # Some operations take nothing that could be wrong.
        with suppress(Unsatisfiable):
            draw()
        return found

    def as_it_should_be(self, stage: Stage, login: str) -> Call:
        made = self._rightly.make(stage, login)
        return self._drawn.Case(
            path_parameters=made.path,
            query=made.query,
            headers=CaseInsensitiveDict(made.headers),
            body=NOT_SET if made.body is None else made.body,
            media_type=self.operation.media,
        )

    def shaped(self, case: Call, stage: Stage, login: str) -> Call:
        """The same case, sent to something that is there."""
        if case.path_parameters and self._positive(case, ParameterLocation.PATH):
            case.path_parameters = {**case.path_parameters, **self._place(case, login)}
        if isinstance(case.body, dict) and case.media_type == "application/json":
            case.body = self._body(dict(case.body), case, login)
        if self._positive(case, ParameterLocation.HEADER):
            self._head(case, stage, login)
        return case

    def _place(self, case: Call, login: str) -> Mapping[str, str]:
        roll = self._chance.random()
        if roll < 0.6:
            return self._rightly.place(login)
        return self._rightly.guesser.place(login, tuple(case.path_parameters)) if roll < 0.9 else {}

    def _body(self, drawn: dict[str, Any], case: Call, login: str) -> dict[str, Any]:
        """As it was drawn, or with ids that mean something, or right in all but a field or two."""
        roll = self._chance.random()
        if roll < 0.5:
            some = min(len(drawn), self._chance.randint(0, 2))
            odd = self._chance.sample(sorted(drawn), some)
            return {**self._rightly.body(login), **{name: drawn[name] for name in odd}}
        if roll < 0.9 and self._positive(case, ParameterLocation.BODY):
            filled: dict[str, Any] = self._rightly.guesser.filled(login, drawn)
            return filled
        return drawn

    def _positive(self, case: Call, where: ParameterLocation) -> bool:
        """Whether what it has there was meant to be right. Asking `meta` would judge it anew."""
        meta = case._meta
        if meta is None or where not in meta.components:
            return True
        return bool(meta.components[where].mode.is_positive)

    def _luck(self, share: float) -> bool:
        return self._chance.random() < share

    def _head(self, case: Call, stage: Stage, login: str) -> None:
        names = {each["name"] for each in self.operation.parameters("header")}
        if "If-Match" in names and self._luck(0.85):
            request = Request(login, dict(case.path_parameters), body=case.body)
            case.headers["If-Match"] = f'"{self._rightly.version(stage, request)}"'
        if "Prefer" in names:
            case.headers["Prefer"] = "return=minimal" if self._luck(0.2) else "wait=1"
        if "Idempotency-Key" in names and self._luck(0.3):
            again = self._keys and self._luck(0.3)
            key = self._keys[-1] if again else f"key-{self._chance.getrandbits(64):x}"
            case.headers["Idempotency-Key"] = key
            self._keys.append(key)

    def send(self, case: Call, stage: Stage, login: str) -> int:
        """The status; whatever breaks the contract is noted."""
        language = self._chance.choice(LANGUAGES)
        headers = {"Accept-Language": language}
        if login != NOBODY:
            headers["Authorization"] = f"Bearer {stage.tokens[login]}"
        response = case.call(stage.address, session=self._session, headers=headers)
        status = response.status_code
        wrote = stage.wrote()
        self.tally.statuses[status] += 1
        if 200 <= status < 300:
            self.tally.reached_by[login] += 1
        try:
            case.validate_response(response, checks=CHECKS, headers=headers)
        except FailureGroup as failed:
            self.tally.broken.append(f"as {login or 'nobody'}: {failed}")
        self.tally.broken += [
            f"as {login or 'nobody'}: {wrong}\n{case.as_curl_command()}\n{response.text[:500]}"
            for wrong in (
                *_refused_wrongly(response, language, wrote=wrote),
                *_said_wrongly(response),
            )
        ]
        return status


def _said_wrongly(response: Response) -> Iterator[str]:
    """What an answer may hold nowhere: a moment without its offset, or money as a number."""
    if response.headers.get("content-type", [""])[0].startswith("application/json"):
        for value in _values(response.json()):
            if isinstance(value, float):
                yield f"{value} is no text"
            elif isinstance(value, str) and MOMENT.match(value) and not OFFSET.search(value):
                yield f"{value} has no offset"


def _values(found: Any) -> Iterator[Any]:
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for each in found:
            yield from _values(each)
    else:
        yield found


def _refused_wrongly(response: Response, language: str, *, wrote: bool) -> Iterator[str]:
    """What the specification can't say about a refusal."""
    if response.status_code < 400:
        return
    if wrote:
        yield "a refusal wrote something"
    problem = response.json()
    if response.headers["content-language"] != [language]:
        yield f"not said in {language}"
    code = problem["type"].removeprefix("/problems/")
    if code not in KINDS:
        yield f"nobody explains {problem['type']}"
    elif problem["title"] != i18n.translate(language.replace("-", "_"), KINDS[code].title):
        yield "the title is in another language"
    if problem["instance"] != response.headers["x-request-id"][0]:
        yield "names another request"
    if response.status_code == 422 and not problem["errors"]:
        yield "names no field"


def in_turn(logins: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Everybody once before anybody twice."""
    while True:
        yield from chance.sample(list(logins), len(logins))
