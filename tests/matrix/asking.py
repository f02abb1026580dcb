"""Sending one operation's right request as somebody."""

from __future__ import annotations

import random
from typing import Any

import httpx

from tests.api.contract_right import NOBODY, Operation, Request, Requests
from tests.builders import Someone
from tests.matrix.sides import Contract, Side


def requests_of(contract: Contract, operation: Operation) -> Requests:
    """The same ids each time."""
    chance = random.Random(operation.name)
    return Requests(operation, contract.seeds, contract.places, chance)


def send(side: Side, contract: Contract, operation: Operation, login: str) -> httpx.Response:
    """The request as it succeeds for whom it is meant for, sent by somebody."""
    made = requests_of(contract, operation).make(contract.stage, login)
    who = None if login == NOBODY else side.world.person(login)
    return _sent(side, operation, made, who)


def _sent(side: Side, operation: Operation, made: Request, who: Someone | None) -> httpx.Response:
    more: dict[str, Any] = {}
    if operation.media == "multipart/form-data":
        more["files"] = {
            name: ("leads.csv", given) if isinstance(given, bytes) else (None, given)
            for name, given in made.body.items()
        }
    elif made.body is not None:
        more["json"] = made.body
    return side.doors.api(who).request(
        operation.method.upper(),
        operation.path.format(**made.path),
        params=made.query,
        headers=made.headers,
        **more,
    )
