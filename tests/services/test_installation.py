"""The first start: the schema, the procedures, the one account that exists before any other."""

import io
import stat
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from app.core.clock import Clock
from app.domain.errors import Unavailable
from app.domain.permissions import Permission, Role
from app.domain.profile import builtin_names
from app.domain.units import UnitKind, UnitPath
from app.repositories.work import Office
from app.services import accounts, installation, units
from tests.architecture.source import ROOT
from tests.conftest import Databases

CLOCK = Clock(ZoneInfo("Asia/Shanghai"))

INSTALL = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from app.core.clock import Clock
from app.services.installation import install
install(sys.argv[1], secrets_folder=Path(sys.argv[2]), clock=Clock(ZoneInfo("UTC")),
        profile="cn-discipline")
"""


@pytest.fixture
def bare(databases: Databases) -> Iterator[str]:
    """A database in which nothing is yet."""
    name = f"bare_{next(databases.numbers)}"
    databases.cluster.create_database(name)
    yield name
    databases.cluster.drop_database(name)


def _operators(databases: Databases, name: str) -> list[DictRow]:
    conninfo = databases.cluster.conninfo("owner", name)
    with psycopg.connect(conninfo, row_factory=dict_row) as connection:
        return connection.execute("SELECT login FROM account").fetchall()


def _sign_in(office: Office, folder: Path) -> str:
    password = (folder / installation.OPERATOR).read_text(encoding="ascii").strip()
    return accounts.sign_in(
        office, login=installation.OPERATOR, password=password, lifetime=timedelta(hours=1)
    ).session


def test_the_operators_password_is_for_one_reader(
    databases: Databases, bare: str, tmp_path: Path
) -> None:
    url = databases.cluster.url("owner", bare)
    installation.install(url, secrets_folder=tmp_path, clock=CLOCK, profile="cn-discipline")

    file = tmp_path / installation.OPERATOR
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    office = databases.office(bare)
    with office.work(_sign_in(office, tmp_path), use_case="test") as tx:
        assert tx.actor.holds(Role.OPERATOR, UnitPath("ANYWHERE"))
        assert not tx.actor.may(Permission.MATTERS_READ)
    office.engine.dispose()


def test_a_second_start_changes_nothing(databases: Databases, bare: str, tmp_path: Path) -> None:
    url = databases.cluster.url("owner", bare)
    for _ in range(2):
        installation.install(url, secrets_folder=tmp_path, clock=CLOCK, profile="cn-discipline")
        password = (tmp_path / installation.OPERATOR).read_text(encoding="ascii")
    installation.install(url, secrets_folder=tmp_path, clock=CLOCK, profile="whistleblowing")
    assert (tmp_path / installation.OPERATOR).read_text(encoding="ascii") == password
    assert len(_operators(databases, bare)) == 1
    office = databases.office(bare)
    with office.work(None, use_case="test") as tx:
        assert installation.about(tx).profile_name == "cn-discipline"
    office.engine.dispose()


def test_the_databases_days_are_those_of_the_installations_zone(
    databases: Databases, empty_office: Office, tmp_path: Path
) -> None:
    url = databases.cluster.url("owner", str(empty_office.engine.url.database))
    elsewhere = ZoneInfo("Etc/GMT-14" if datetime.now(UTC).hour >= 10 else "Etc/GMT+12")

    def installed(zone: ZoneInfo) -> None:
        installation.install(
            url, secrets_folder=tmp_path, clock=Clock(zone), profile="cn-discipline"
        )

    installed(elsewhere)
    with empty_office.work(None, use_case="test") as tx:
        assert tx.lasting_day() == datetime.now(elsewhere).date() != datetime.now(UTC).date()
        with pytest.raises(Unavailable, match="PLUMBLINE_TIMEZONE"):
            installation.check_schema(tx)
    with pytest.raises(Unavailable, match="knows no time zone"):
        installed(_unknown_zone())
    installed(CLOCK.zone)
    with empty_office.work(None, use_case="test") as tx:
        installation.check_schema(tx)


def _unknown_zone() -> ZoneInfo:
    """Python's list of zones isn't PostgreSQL's."""
    utc = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, 4) + bytes(6) + b"UTC\0"
    return ZoneInfo.from_file(io.BytesIO(utc), key="Elsewhere/Nowhere")


def test_two_first_starts_at_once_make_one_operator(
    databases: Databases, bare: str, tmp_path: Path
) -> None:
    url = databases.cluster.url("owner", bare)
    command = [sys.executable, "-c", INSTALL, url, str(tmp_path)]
    starts = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [start.wait(60) for start in starts] == [0, 0]

    assert len(_operators(databases, bare)) == 1
    office = databases.office(bare)
    assert _sign_in(office, tmp_path)
    office.engine.dispose()


def test_the_builtin_procedures_are_stored_with_their_hash(
    empty_office: Office, databases: Databases
) -> None:
    session = _sign_in(empty_office, databases.secrets)
    with empty_office.work(session, use_case="test") as tx:
        stored = tx.rows("SELECT name, hash, content FROM profile_version")
    assert {row["name"] for row in stored} == set(builtin_names())
    for row in stored:
        lead = row["content"]["machines"]["lead"]["transitions"]
        assert all({"event", "from", "alone"} <= each.keys() for each in lead)


def test_an_empty_installation_takes_its_first_district(
    empty_office: Office, databases: Databases
) -> None:
    session = _sign_in(empty_office, databases.secrets)
    with empty_office.work(session, use_case="test") as tx:
        district = units.create_unit(tx, code="LX", name="陇西县", kind=UnitKind.DISTRICT)
        second = units.create_unit(tx, code="WY", name="渭源县", kind=UnitKind.DISTRICT)
    with empty_office.work(None, use_case="test") as tx:
        assert installation.about(tx).district_id == district != second


def test_who_made_a_database_newer_is_told_so(empty_office: Office) -> None:
    assert installation.knows(installation.newest_revision())
    assert not installation.knows("9999")
    with empty_office.work(None, use_case="test") as tx:
        installation.check_schema(tx)
