"""A real PostgreSQL for the tests: one server per process, a fresh database per test.

Everything connects as the application's unprivileged role and commits for real; `owner` is the
way past row security for what a test wants to look at from outside.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from psycopg.rows import DictRow, dict_row

from app.core import db
from app.core.embedded import Cluster, running
from app.core.keys import Keys
from app.core.settings import Settings
from app.core.shelf import Shelf
from app.repositories.work import Office
from app.services.installation import install
from tests.builders import DistrictPlan, SetClock, World, build_district
from tests.clients import Doors
from tests.needs import leave_out, left_out

# Tests ask as fast as they can; those of the limit set it themselves.
os.environ["PLUMBLINE_REQUESTS_PER_MINUTE"] = "10000000"


# Each of these builds what its tests share, in half a minute or so: one process does it for all.
TOGETHER = ("browser", "matrix", "test_benchmarks", "test_canaries", "test_cli", "test_start")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out(config, items)
    tests = Path(__file__).parent
    for item in items:
        first = item.path.relative_to(tests).parts[0].removesuffix(".py")
        if first in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(first))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in left_out():
        terminalreporter.write_line(line, yellow=True)


# Nothing here needs to outlive the machine.
QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "autovacuum": "off",
}


MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of one's own is made in it)
ROOM = 4 * 2**30  # bytes free: more than two workers' databases ever take


def fast_folder() -> Path | None:
    """Memory, where there is enough of it: a database is copied for nearly every test, which
    takes a disk four times as long. None leaves it to the machine's folder for such things."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="see every page in each language and theme, and take every step at the browser",
    )
    parser.addoption("--guide", action="store_true", help="take the user guide's pictures anew")


@dataclass
class Databases:
    """Makes databases from templates, and drops what a test made when it ends."""

    cluster: Cluster
    keys: Keys
    secrets: Path
    numbers: Iterator[int] = field(default_factory=count)

    def fresh(self, template: str) -> str:
        name = f"test_{next(self.numbers)}"
        self.cluster.create_database(name, template)
        return name

    def office(self, name: str, *, pool_size: int = 8) -> Office:
        return Office(
            engine=db.make_engine(self.cluster.url("app", name), pool_size=pool_size),
            clock=SetClock(ZoneInfo("Asia/Shanghai")),
            keys=self.keys,
            shelf=Shelf(self.secrets / "papers"),
        )


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """One server for this process; with xdist, each worker has its own."""
    with (
        tempfile.TemporaryDirectory(prefix="plumbline-tests-", dir=fast_folder()) as folder,
        running(Path(folder) / "data", QUICK) as cluster,
    ):
        yield Databases(cluster, Keys.make(Path(folder) / "keys.json"), Path(folder))


@pytest.fixture(scope="session")
def installed_template(databases: Databases) -> str:
    """Migrated by Alembic, the profiles stored, and nobody there but the operator."""
    name = "template_installed"
    databases.cluster.create_database(name)
    install(
        databases.cluster.url("owner", name),
        secrets_folder=databases.secrets,
        clock=SetClock(ZoneInfo("Asia/Shanghai")),
        profile="cn-discipline",
    )
    return name


@pytest.fixture(scope="session")
def district_template(databases: Databases, installed_template: str) -> tuple[str, DistrictPlan]:
    """A district with people in every role, each with a live session."""
    name = "template_district"
    databases.cluster.create_database(name, installed_template)
    office = databases.office(name)
    password = (databases.secrets / "operator").read_text(encoding="ascii").strip()
    plan = build_district(office, operator_password=password)
    office.engine.dispose()
    return name, plan


@pytest.fixture
def empty_office(databases: Databases, installed_template: str) -> Iterator[Office]:
    """A first start: no unit, no account but the operator's."""
    yield from _opened(databases, installed_template)


@pytest.fixture
def office(databases: Databases, district_template: tuple[str, DistrictPlan]) -> Iterator[Office]:
    """A fresh database with the district of `world`."""
    yield from _opened(databases, district_template[0])


@pytest.fixture
def world(office: Office, district_template: tuple[str, DistrictPlan]) -> World:
    """The district as tests speak of it, on `office`'s database."""
    return World(office, district_template[1])


@pytest.fixture
def owner(databases: Databases, office: Office) -> Iterator[psycopg.Connection[DictRow]]:
    """The owner's own connection to `office`'s database, autocommitting, past row security."""
    name = office.engine.url.database
    assert name is not None
    conninfo = databases.cluster.conninfo("owner", name)
    with psycopg.connect(conninfo, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for the applications of this process."""
    with start_blocking_portal() as portal:
        yield portal


@pytest.fixture
def doors(portal: BlockingPortal, office: Office) -> Doors:
    """The application on `office`, with clients for whoever a test names."""
    from app.main import create_app  # tests of what lies below need no pages

    return Doors(portal, create_app(office, Settings()), office.keys)


def _opened(databases: Databases, template: str) -> Iterator[Office]:
    name = databases.fresh(template)
    office = databases.office(name)
    try:
        yield office
    finally:
        office.engine.dispose()
        databases.cluster.drop_database(name)
