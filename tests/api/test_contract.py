"""Nothing that the API answers is outside what its specification says, whoever asks.

Every operation is called as every role, and as nobody, with right and wrong data, on a district
of its own. The seeds are fixed: a run does the same as the run before. `make fuzz` does more.
"""

import copy
import os
import random
from typing import Any

import pytest
import schemathesis
from fastapi.routing import APIRoute, iter_route_contexts
from schemathesis import GenerationMode
from schemathesis.specs.openapi.schemas import OpenApiSchema

from app.domain.permissions import Role
from app.routers import api
from tests.api.conftest import District
from tests.api.contract_calls import Calls, in_turn
from tests.api.contract_right import NOBODY, Requests, operations
from tests.api.contract_stage import Theatre
from tests.builders import World

ROUNDS = int(os.environ.get("PLUMBLINE_FUZZ_ROUNDS", "1"))
FIRST = int(os.environ.get("PLUMBLINE_FUZZ_FIRST", "1"))
# Random cases of an operation in a round, right and wrong, and how often each is sent: drawing
# one takes longer than sending it, and each time it goes to others, with other parts exchanged.
RIGHT, WRONG, SENT = 6, 4, 3
# Deriving a password takes a while, on purpose.
SLOW = {"sign_in", "change_password", "confirm_password", "redeem_password_link"}
REFUSED = ["400", "401", "403", "404", "405", "409", "410", "412", "413", "415", "422", "428"]
NAMES = sorted(
    str(route.name)
    for route in iter_route_contexts(api.router.routes)
    if isinstance(route.original_route, APIRoute)
)


@pytest.fixture(scope="session")
def schema(specified: dict[str, Any]) -> OpenApiSchema:
    config = {
        "generation": {"with-security-parameters": False},
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSED}},
    }
    return schemathesis.openapi.from_dict(
        _stricter(specified), config=schemathesis.Config.from_dict(config)
    )


def _stricter(specified: dict[str, Any]) -> dict[str, Any]:
    """An answer with a field that isn't described breaks the contract too. And long texts are
    drawn short, since drawing them takes most of the time: `test_bad_input` has them."""
    found = copy.deepcopy(specified)
    for schema in found["components"]["schemas"].values():
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        _shorten(schema)
    return found


def _shorten(found: Any) -> None:
    if isinstance(found, dict):
        if found.get("type") == "string" and found.get("maxLength", 0) > 1024:
            del found["maxLength"]
        for each in found.values():
            _shorten(each)
    elif isinstance(found, list):
        for each in found:
            _shorten(each)


@pytest.mark.usefixtures("quietly")
@pytest.mark.parametrize("number", range(FIRST, FIRST + ROUNDS))
@pytest.mark.parametrize("name", NAMES)
def test_every_answer_keeps_to_the_specification(
    name: str,
    number: int,
    theatre: Theatre,
    whole_district: District,
    specified: dict[str, Any],
    schema: OpenApiSchema,
) -> None:
    chance = random.Random(f"{name} {number}")
    operation = operations(specified)[name]
    rightly = Requests(operation, whole_district.seeds, whole_district.places, chance)
    calls = Calls(schema, rightly, chance, number)

    stage = theatre.stage()
    able = rightly.logins(stage.world)
    reached = any(
        200 <= calls.send(calls.as_it_should_be(stage, login), stage, login) < 300 for login in able
    )
    stage = theatre.stage()
    anybody = in_turn([*_everybody(stage.world), NOBODY], chance)
    somebody = in_turn(able, chance)
    share = 5 if name in SLOW else 1
    cases = calls.edges()[::share]
    drawn = calls.drawn(GenerationMode.POSITIVE, RIGHT) + calls.drawn(
        GenerationMode.NEGATIVE, WRONG
    )
    cases += [case.derive() for _ in range(SENT // share) for case in drawn]
    for case in cases:
        login = next(somebody) if chance.random() < 0.6 else next(anybody)
        calls.send(calls.shaped(case, stage, login), stage, login)
    print(name, calls.tally.calls, dict(calls.tally.statuses), dict(calls.tally.reached_by))
    if calls.tally.broken:
        pytest.fail("\n\n".join(calls.tally.broken), pytrace=False)
    if not reached:
        pytest.fail(f"nobody gets {name} done: say in contract_right.py how", pytrace=False)


def _everybody(world: World) -> list[str]:
    return [world.holder(role).login for role in Role]
