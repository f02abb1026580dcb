"""A real browser before the pages: the machine's own Chromium, one for these tests of a process.

The application is served on a socket of this machine. A browser that isn't there is a failure
with a sentence, never a skipped test.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from tests.browser.windows import Windows
from tests.clients import Doors, served
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
