"""The six sample ledgers, imported as an office would, give the figures that were published."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.ledgers.families import Family
from app.domain.totals import Cohort
from app.repositories.work import Office
from app.services import accounts, imports
from app.services.imports import Report, Source
from app.services.totals import totals
from tests.builders import SESSION
from tests.conftest import Databases

FOLDER = Path(__file__).parents[1] / "data" / "district-2018"
FILES = {
    Family.UNITS: "units.csv",
    Family.LEADS: "leads-ledger.xlsx",
    Family.PETITIONS: "petitions-backlog.csv",
    Family.FINDINGS: "inspection-findings.xlsx",
    Family.BANK: "bank-statement.csv",
    Family.RETURNS: "returns-register.xlsx",
}
TOTALS: dict[str, Any] = json.loads((FOLDER / "totals.json").read_text(encoding="utf-8"))


@pytest.fixture
def operator(empty_office: Office, databases: Databases) -> str:
    """The operator's session on an installation where nothing was done yet."""
    password = (databases.secrets / "operator").read_text(encoding="ascii").strip()
    return accounts.sign_in(
        empty_office, login="operator", password=password, lifetime=SESSION
    ).session


def take(office: Office, session: str, family: Family, *, commit: bool = True) -> Report:
    with office.work(session, use_case="imports.take") as tx:
        report, _ = imports.import_file(
            tx, Source(FOLDER / FILES[family], FILES[family]), family, commit=commit
        )
    return report


def published(office: Office, session: str) -> dict[str, object]:
    with office.work(session, use_case="totals.read") as tx:
        return totals(tx, Cohort(as_of=date(2018, 9, 30))).published()


ORDERS: Sequence[Sequence[Family]] = (
    (Family.UNITS, Family.LEADS, Family.PETITIONS, Family.FINDINGS, Family.BANK, Family.RETURNS),
    (Family.UNITS, Family.RETURNS, Family.BANK, Family.FINDINGS, Family.PETITIONS, Family.LEADS),
    (Family.UNITS, Family.BANK, Family.LEADS, Family.RETURNS, Family.FINDINGS, Family.PETITIONS),
    (Family.UNITS, Family.FINDINGS, Family.RETURNS, Family.LEADS, Family.PETITIONS, Family.BANK),
)


@pytest.mark.parametrize("order", ORDERS)
def test_the_samples_give_the_published_totals_in_any_order(
    empty_office: Office, operator: str, order: Sequence[Family]
) -> None:
    for family in order:
        report = take(empty_office, operator, family)
        assert (report.rejected, report.differences) == (0, [])
    found = published(empty_office, operator)
    assert {key: found[key] for key in TOTALS} == TOTALS
