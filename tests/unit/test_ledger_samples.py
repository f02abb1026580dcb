"""The six sample ledgers, read as they are: every figure of `totals.json` that rows can give."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from app.core import workbooks
from app.domain.ledgers.families import Family
from app.domain.ledgers.findings import Judged, Verdict
from app.domain.ledgers.opening import Options
from app.domain.ledgers.reading import Reading, open_ledger
from app.domain.ledgers.sanctions import SanctionKind
from app.domain.money import Money

FOLDER = Path(__file__).parent.parent / "data" / "district-2018"
FILES = {
    Family.UNITS: "units.csv",
    Family.LEADS: "leads-ledger.xlsx",
    Family.PETITIONS: "petitions-backlog.csv",
    Family.FINDINGS: "inspection-findings.xlsx",
    Family.BANK: "bank-statement.csv",
    Family.RETURNS: "returns-register.xlsx",
}
TOTALS: dict[str, Any] = json.loads((FOLDER / "totals.json").read_text(encoding="utf-8"))


@cache
def sample(family: Family) -> tuple[Reading, list[Judged[Any]]]:
    book = workbooks.read(FOLDER / FILES[family], FILES[family])
    reading = open_ledger(family, book.sheets, Options(today=date(2018, 9, 30)))
    return reading, list(reading.rows())


def values(family: Family) -> list[Any]:
    return [row.value for row in sample(family)[1]]


@pytest.mark.parametrize("family", FILES)
def test_every_row_is_accepted_and_every_column_settled_by_the_synonyms(family: Family) -> None:
    reading, rows = sample(family)
    assert reading.settled
    assert {row.verdict for row in rows} == {Verdict.ACCEPTED}


@pytest.mark.parametrize("family", FILES)
def test_the_ledgers_own_totals_agree_with_their_rows(family: Family) -> None:
    controls = sample(family)[0].controls
    assert [control for control in controls if not control.agrees] == []


def test_the_leads_ledger_states_twelve_figures_about_itself() -> None:
    stated = [(c.label, c.field, str(c.stated)) for c in sample(Family.LEADS)[0].controls]
    assert stated.count(("小计", "problem", "100")) == 6
    assert ("合计", "recovered", "6322900.00") in stated
    assert ("合计", "disposal", "396") in stated
    assert len(stated) == 12


def test_leads_give_the_published_counts() -> None:
    leads = values(Family.LEADS)
    states = Counter(lead.state for lead in leads)
    assert len(leads) == TOTALS["leads"]
    assert sum(lead.source == "inspection" for lead in leads) == TOTALS["inspection_leads"]
    assert sum(lead.handled for lead in leads) == TOTALS["handled"]
    assert states["registered"] == TOTALS["outstanding"]
    assert states["held"] == TOTALS["held"]
    assert states["filed"] == TOTALS["filed"]
    handlings = sum(handling.count for lead in leads for handling in lead.handlings)
    assert handlings == TOTALS["organisational_handlings"]


def test_sanctioned_persons_are_told_apart_by_number_or_by_name_and_unit() -> None:
    by_kind: dict[SanctionKind, set[tuple[str, ...]]] = defaultdict(set)
    numbers = {
        (subject.name, lead.township, lead.village): subject.identity.value
        for lead in values(Family.LEADS)
        for subject in lead.subjects
        if subject.identity
    }
    for lead in values(Family.LEADS):
        for sanction in lead.sanctions:
            subject = lead.subjects[sanction.subject]
            place = (subject.name, lead.township, lead.village)
            number = subject.identity.value if subject.identity else numbers.get(place)
            by_kind[sanction.kind].add((number,) if number else place)
    party, other = by_kind[SanctionKind.PARTY], by_kind[SanctionKind.ADMINISTRATIVE]
    assert len(party) == TOTALS["party_sanctioned_persons"]
    assert len(other) == TOTALS["administratively_sanctioned_persons"]
    assert len(party | other) == TOTALS["sanctioned_persons"]


def test_bank_lines_cite_leads_and_give_what_came_and_went() -> None:
    lines, keys = values(Family.BANK), {lead.key for lead in values(Family.LEADS)}
    cited = [line for line in lines if line.cited]
    assert {line.cited for line in cited} <= keys
    assert str(_sum(line.credit for line in cited)) == TOTALS["recovered_yuan"]
    assert str(_sum(line.debit for line in cited)) == TOTALS["returned_yuan"]
    assert len(lines) == TOTALS["bank_lines"]
    assert str(lines[-1].balance) == TOTALS["bank_closing_yuan"]


def test_the_banks_mistake_and_its_correction_are_a_pair() -> None:
    lines = values(Family.BANK)
    mistake, correction = (line for line in lines if line.nature == "bank_error")
    assert correction.corrects == mistake.source_row
    assert (correction.debit, correction.cited) == (mistake.credit, None)


def test_campaigns_however_spelled() -> None:
    received: dict[str, Money] = defaultdict(Money.zero)
    campaign_of = {lead.key: lead.campaign for lead in values(Family.LEADS)}
    for line in values(Family.BANK):
        if line.cited:
            received[campaign_of[line.cited]] += line.credit
    leads = Counter(lead.campaign for lead in values(Family.LEADS))
    filed = Counter(lead.campaign for lead in values(Family.LEADS) if lead.filed_on)
    assert {
        name: {
            "leads": leads[name],
            "filed": filed[name],
            "recovered_yuan": str(received[name]),
        }
        for name in leads
    } == TOTALS["campaigns"]


def test_returns_and_the_lead_with_the_most_villagers() -> None:
    returns = values(Family.RETURNS)
    people = Counter(row.key for row in returns)
    most, count = people.most_common(1)[0]
    assert len(returns) == TOTALS["beneficiaries"]
    assert str(_sum(row.amount for row in returns)) == TOTALS["returned_yuan"]
    assert count == TOTALS["village_return_people"]
    village = _sum(row.amount for row in returns if row.key == most)
    assert str(village) == TOTALS["village_return_yuan"]


def test_units_and_petitions() -> None:
    units = values(Family.UNITS)
    assert sum(unit.reporting for unit in units) == TOTALS["reporting_units"]
    assert sum(unit.kind == "village" for unit in units) == TOTALS["villages"]
    petitions = values(Family.PETITIONS)
    assert len(petitions) == TOTALS["petitions"]
    assert {petition.state for petition in petitions} == {
        "registered",
        "handed_over",
        "closed",
        "repeat_filed",
    }


def test_doubts_that_a_row_shows_by_itself() -> None:
    found = Counter(
        doubt.rule for family in FILES for row in sample(family)[1] for doubt in row.doubts
    )
    assert found == {
        rule: TOTALS["doubts"][rule]
        for rule in ("finding_outside_round", "handling_on_held_lead", "sanction_not_eligible")
    }


def test_the_header_says_up_to_when_and_whose() -> None:
    header = sample(Family.LEADS)[0].header
    assert header.cut_off == date.fromisoformat(TOTALS["as_of"])
    assert (header.district, header.office) == ("云川区", "区专项整治办")
    bank = sample(Family.BANK)[0].header
    assert bank.account_number == "99010100000000001"
    assert bank.account_holder == "云川区纪检监察暂扣款专户"


def _sum(amounts: Any) -> Money:
    return sum(amounts, Money.zero())
