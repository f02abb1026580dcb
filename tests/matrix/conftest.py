"""Twins of the API's district and of the pages'."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from anyio.from_thread import BlockingPortal

from app.core import log
from tests.api import contract_world
from tests.api.contract_right import operations
from tests.api.contract_world import Places, Seeds
from tests.browser.standing import build_standing
from tests.builders import DistrictPlan
from tests.conftest import Databases
from tests.matrix.forms import sheets, unsent
from tests.matrix.sides import Contract, Paged, Side, twins_of


@pytest.fixture(scope="session")
def contract(
    databases: Databases,
    district_template: tuple[str, DistrictPlan],
    portal: BlockingPortal,
    hushed: None,
) -> Iterator[Contract]:
    def build(side: Side) -> tuple[Seeds, Places]:
        seeds = contract_world.build(side.world, side.owner)
        return seeds, contract_world.survey(side.world, side.owner)

    with twins_of(databases, district_template, portal, build) as (found, (seeds, places)):
        chief = found.within.doors.api(found.within.world.chief)
        specified: dict[str, Any] = chief.get("/api/v1/openapi.json").json()
        yield Contract(found, seeds, places, operations(specified))


@pytest.fixture(scope="session")
def paged(
    databases: Databases,
    district_template: tuple[str, DistrictPlan],
    portal: BlockingPortal,
    hushed: None,
) -> Iterator[Paged]:
    def build(side: Side) -> dict[str, str]:
        return build_standing(side.world, side.doors, side.owner).ids

    with twins_of(databases, district_template, portal, build) as (found, ids):
        side = found.within
        stood = sheets(side.doors, side.world, ids)
        yield Paged(found, stood, unsent(side.doors.app, stood))


@pytest.fixture(scope="session")
def hushed() -> Iterator[None]:
    """Without a line in the log for each of thousands of requests."""
    log.configure("ERROR")
    yield
    structlog.reset_defaults()
