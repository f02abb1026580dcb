"""A served API on a whole district, for what is called over and over."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
import requests
import structlog
from psycopg.rows import dict_row

from app.core import log
from app.core.settings import Settings
from tests.api import contract_world
from tests.api.contract_stage import Theatre
from tests.api.contract_world import Places, Seeds
from tests.builders import DistrictPlan, World
from tests.clients import served
from tests.conftest import Databases


@dataclass(frozen=True)
class District:
    """The template that stages are copied from, and what stands in it."""

    template: str
    plan: DistrictPlan
    seeds: Seeds
    places: Places


@pytest.fixture(scope="session")
def whole_district(databases: Databases, district_template: tuple[str, DistrictPlan]) -> District:
    name = "template_contract"
    databases.cluster.create_database(name, district_template[0])
    world = World(databases.office(name), district_template[1])
    conninfo = databases.cluster.conninfo("owner", name)
    with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as owner:
        seeds = contract_world.build(world, owner)
        places = contract_world.survey(world, owner)
    world.office.engine.dispose()
    return District(name, world.plan, seeds, places)


@pytest.fixture(scope="session")
def theatre(databases: Databases, whole_district: District) -> Iterator[Theatre]:
    from app.main import create_app  # tests of what lies below need no pages

    office = databases.office(whole_district.template)
    app = create_app(office, Settings())
    with served(app) as address:
        theatre = Theatre(
            databases, whole_district.template, whole_district.plan, app=app, address=address
        )
        yield theatre
        theatre.close()
    office.engine.dispose()


@pytest.fixture(scope="session")
def specified(theatre: Theatre) -> dict[str, Any]:
    """The specification, as the server gives it."""
    address = theatre.stage().address
    found: dict[str, Any] = requests.get(f"{address}/api/v1/openapi.json", timeout=60).json()
    return found


@pytest.fixture
def quietly() -> Iterator[None]:
    """Without a line in the log for each of thousands of requests."""
    log.configure("ERROR")
    yield
    structlog.reset_defaults()
