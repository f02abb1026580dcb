"""A list that goes on says so, and leads through all of it without missing or repeating any."""

from collections.abc import Callable
from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from app.domain.totals import Cohort
from app.services import exports
from app.services.exports import Format, What
from tests.build_history import Past
from tests.build_matters import asked
from tests.builders import Someone, World
from tests.clients import Doors

DAY = date(2018, 9, 28)


@pytest.fixture
def past(world: World, owner: psycopg.Connection[DictRow]) -> Past:
    world.clock.set(DAY)
    return Past(world, owner)


def three_requests(past: Past) -> Someone:
    for _ in range(3):
        asked(past.world)
    return past.world.deputy


def three_bank_lines(past: Past) -> Someone:
    for _ in range(3):
        past.suspended("77.00", date(2018, 4, 3))
    return past.world.auditor  # who may not know the serial numbers that they stand by


def three_petitions(past: Past) -> Someone:
    for name in ("钱一", "钱二", "钱三"):
        past.petition_of(past.world.intake_officer, reporter=name)
    return past.world.intake_officer


def three_exports(past: Past) -> Someone:
    world = past.world
    for _ in range(3):
        with world.open("exports.order", world.auditor) as tx:
            exports.order(
                tx, what=What.TOTALS, format=Format.CSV, cohort=Cohort(as_of=DAY), locale="en"
            )
    return world.auditor


@pytest.mark.parametrize(
    ("build", "address", "key"),
    [
        (three_requests, "requests", "id"),
        (three_bank_lines, "bank-lines/waiting", "bank_line_id"),
        (three_petitions, "petitions/reporters-to-tell", "matter_id"),
        (three_exports, "exports", "id"),
    ],
    ids=["requests", "bank-lines", "petitions", "exports"],
)
def test_a_list_is_followed_to_its_end(
    past: Past, doors: Doors, build: Callable[[Past], Someone], address: str, key: str
) -> None:
    client = doors.api(build(past))
    whole = client.get(f"/api/v1/{address}").json()
    assert whole["next"] is None
    found: list[Any] = []
    part: dict[str, Any] = {"limit": 1}
    while True:
        answer = client.get(f"/api/v1/{address}", params=part).json()
        found += answer["items"]
        if answer["next"] is None:
            break
        part = {"limit": 1, "cursor": answer["next"]}
    assert [each[key] for each in found] == [each[key] for each in whole["items"]]
    assert len({each[key] for each in found}) == 3
