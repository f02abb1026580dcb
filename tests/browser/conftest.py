"""A real browser before the pages: the machine's own Chromium, one for these tests of a process.

The application is served on a socket of this machine. A browser that isn't there is a failure
with a sentence, never a skipped test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache

import psycopg
import pytest
from anyio.from_thread import BlockingPortal
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from psycopg.rows import dict_row

from app.core.settings import Settings
from app.main import create_app
from tests.browser.standing import Standing, build_standing
from tests.browser.windows import Theme, Window, Windows
from tests.builders import DistrictPlan, World
from tests.clients import Doors, served
from tests.conftest import Databases
from tools.machine import PROGRAMS


def chromium_program() -> str:
    """Where the machine's Chromium is."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        pytest.fail(
            "These tests need a Chromium: install one (on Debian: apt install chromium), "
            "or run make test, which says what else is missing.",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Closed once the browser tests are through: other tests want event loops of their own."""
    program = chromium_program()
    # Chromium's sandbox refuses root, and a container gives it little shared memory.
    flags = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def windows(chromium: Browser, doors: Doors) -> Iterator[Windows]:
    """Browser windows before the application on this test's database."""
    with served(doors.app) as address, Windows(chromium, address, doors.keys) as opened:
        yield opened


@pytest.fixture(scope="package")
def standing(
    databases: Databases, district_template: tuple[str, DistrictPlan], portal: BlockingPortal
) -> Iterator[Standing]:
    name = databases.fresh(district_template[0])
    office = databases.office(name)
    world = World(office, district_template[1])
    conninfo = databases.cluster.conninfo("owner", name)
    try:
        with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as owner:
            doors = Doors(portal, create_app(office, Settings()), office.keys)
            yield build_standing(world, doors, owner)
    finally:
        office.engine.dispose()
        databases.cluster.drop_database(name)


@pytest.fixture
def windows_before(chromium: Browser, standing: Standing) -> Iterator[Windows]:
    """Windows of one's own before the district that stands."""
    with (
        served(standing.doors.app) as address,
        Windows(chromium, address, standing.doors.keys) as windows,
    ):
        yield windows


@pytest.fixture(scope="package")
def open_window(chromium: Browser, standing: Standing) -> Iterator[Callable[[str, Theme], Window]]:
    """One window for each language and theme, which keeps the sheets and scripts that it has."""
    with (
        served(standing.doors.app) as address,
        Windows(chromium, address, standing.doors.keys) as windows,
    ):

        @cache
        def opened(locale: str, theme: Theme) -> Window:
            return windows.open(locale, theme=theme)

        yield opened
