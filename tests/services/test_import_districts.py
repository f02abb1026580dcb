"""Ten other districts, each imported whole on an empty installation, give their own totals."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.domain.ledgers.families import Family
from app.domain.totals import Cohort
from app.repositories.work import Office
from app.services import accounts, imports
from app.services.imports import Report, Source
from app.services.totals import totals
from tests.builders import SESSION, SetClock
from tests.conftest import Databases
from tests.unit.ledger_districts import AS_OF, SEEDS, district
from tests.unit.ledger_sheets import files

ORDERS: Sequence[Sequence[Family]] = (
    (Family.LEADS, Family.PETITIONS, Family.FINDINGS, Family.BANK, Family.RETURNS),
    (Family.RETURNS, Family.BANK, Family.FINDINGS, Family.PETITIONS, Family.LEADS),
    (Family.BANK, Family.FINDINGS, Family.LEADS, Family.RETURNS, Family.PETITIONS),
)


@pytest.fixture
def operator(empty_office: Office, databases: Databases) -> str:
    assert isinstance(empty_office.clock, SetClock)
    empty_office.clock.set(AS_OF)
    password = (databases.secrets / "operator").read_text(encoding="ascii").strip()
    return accounts.sign_in(
        empty_office, login="operator", password=password, lifetime=SESSION
    ).session


def take(office: Office, session: str, seed: int, family: Family, folder: Path) -> Report:
    """As an office would, with the columns named that no table of headings knows."""
    file = files(seed)[family]
    path = folder / file.name
    path.write_bytes(file.content)
    with office.work(session, use_case="imports.take") as tx:
        report, _ = imports.import_file(
            tx, Source(path, file.name), family, commit=True, heading_map=file.map,
            accept_guesses=True,
        )  # fmt: skip
    return report


@pytest.mark.parametrize("seed", SEEDS)
def test_a_district_adds_up_to_its_own_totals(
    empty_office: Office, operator: str, seed: int, tmp_path: Path
) -> None:
    for family in (Family.UNITS, *ORDERS[seed % len(ORDERS)]):
        report = take(empty_office, operator, seed, family, tmp_path)
        assert report.rejected == 0, (family, report.said[:3])
        assert report.differences == [], family
    with empty_office.work(operator, use_case="totals.read") as tx:
        found: dict[str, Any] = totals(tx, Cohort(as_of=AS_OF)).published()
    expected = district(seed).totals
    expected = {**expected, "doubts": {k: v for k, v in expected["doubts"].items() if v}}
    assert {key: found[key] for key in expected} == expected
