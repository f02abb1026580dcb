"""Ten other districts' ledgers, in other words and forms, give what their worlds add up to."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import Any

import pytest

from app.core import workbooks
from app.domain.ledgers.columns import How
from app.domain.ledgers.families import Family
from app.domain.ledgers.findings import Judged, Verdict
from app.domain.ledgers.numbers import Citations
from app.domain.ledgers.opening import Options
from app.domain.ledgers.reading import Reading, open_ledger
from app.domain.ledgers.sanctions import SanctionKind
from app.domain.money import Money
from tests.unit.ledger_districts import AS_OF, SEEDS, district
from tests.unit.ledger_sheets import files

FAMILIES = (
    *(Family.UNITS, Family.LEADS, Family.PETITIONS, Family.FINDINGS, Family.BANK, Family.RETURNS),
)
EVERY = [(seed, family) for seed in SEEDS for family in FAMILIES]


@cache
def reading_of(seed: int, family: Family) -> tuple[Reading, list[Judged[Any]]]:
    """The bank's statement is read with the district's numbers known, as after its leads."""
    file = files(seed)[family]
    book = workbooks.read(file.content, file.name)
    citations = Citations()
    if family is Family.BANK:
        citations.learn(lead.number for lead in values(seed, Family.LEADS))
    options = Options(AS_OF, file.map, book.epoch_1904, citations)
    reading = open_ledger(family, book.sheets, options)
    return reading, list(reading.rows())


def values(seed: int, family: Family) -> list[Any]:
    return [row.value for row in reading_of(seed, family)[1]]


@pytest.mark.parametrize(("seed", "family"), EVERY)
def test_every_column_is_what_the_district_means_by_it(seed: int, family: Family) -> None:
    mapping = reading_of(seed, family)[0].mapping
    assert {c.heading: c.field for c in mapping.columns if c.heading} == files(seed)[family].columns


@pytest.mark.parametrize(("seed", "family"), EVERY)
def test_no_row_is_rejected_and_nothing_is_left_unknown(seed: int, family: Family) -> None:
    reading, rows = reading_of(seed, family)
    assert [row.findings for row in rows if row.verdict is Verdict.REJECTED] == []
    assert reading.mapping.unknown == ()
    assert reading.counts.rows == len(rows)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_heading_that_no_table_has_is_guessed_and_says_why(seed: int) -> None:
    guessed = reading_of(seed, Family.LEADS)[0].mapping.guessed
    assert [(c.heading, c.field) for c in guessed] == [("承办同志", "handler")] * (seed % 2)
    assert all(column.how is How.GUESS and "承办人" in str(column.reason) for column in guessed)


@pytest.mark.parametrize("seed", SEEDS)
def test_subtotals_and_totals_agree(seed: int) -> None:
    for family in (Family.LEADS, Family.RETURNS):
        controls = reading_of(seed, family)[0].controls
        assert controls
        assert [control for control in controls if not control.agrees] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_leads_add_up(seed: int) -> None:
    leads, totals = values(seed, Family.LEADS), district(seed).totals
    states = Counter(lead.state for lead in leads)
    found = {
        "leads": len(leads),
        "inspection_leads": sum(lead.source == "inspection" for lead in leads),
        "handled": sum(lead.handled for lead in leads),
        "outstanding": states["registered"],
        "held": states["held"],
        "filed": states["filed"],
        "organisational_handlings": sum(h.count for lead in leads for h in lead.handlings),
        "recovered_yuan": _yuan(lead.recovered for lead in leads),
        "returned_yuan": _yuan(lead.returned for lead in leads),
        **_persons(leads),
    }
    assert found == {key: totals[key] for key in found}
    assert reading_of(seed, Family.LEADS)[0].header.cut_off == AS_OF
    assert reading_of(seed, Family.LEADS)[0].header.district == district(seed).name


def _persons(leads: list[Any]) -> dict[str, int]:
    by_kind: dict[SanctionKind, set[tuple[str, str, str]]] = defaultdict(set)
    for lead in leads:
        for sanction in lead.sanctions:
            name = lead.subjects[sanction.subject].name
            by_kind[sanction.kind].add((name, lead.township, lead.village))
    party, other = by_kind[SanctionKind.PARTY], by_kind[SanctionKind.ADMINISTRATIVE]
    return {
        "sanctioned_persons": len(party | other),
        "party_sanctioned_persons": len(party),
        "administratively_sanctioned_persons": len(other),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_of_the_bank_finds_its_lead(seed: int) -> None:
    world, lines = district(seed), values(seed, Family.BANK)
    ordered = sorted(lines, key=lambda line: line.serial)
    by_key = {lead.key: lead for lead in values(seed, Family.LEADS)}
    expected = [line.lead.number if line.lead else None for line in world.lines]
    assert [by_key[line.cited].number if line.cited else None for line in ordered] == expected
    totals = world.totals
    cited = [line for line in lines if line.cited]
    assert _yuan(line.credit for line in cited) == totals["recovered_yuan"]
    assert _yuan(line.debit for line in cited) == totals["returned_yuan"]
    assert len(lines) == totals["bank_lines"]
    assert str(ordered[-1].balance) == totals["bank_closing_yuan"]
    correction = next(line for line in lines if line.correction)
    mistake = next(line for line in lines if line.source_row == correction.corrects)
    assert (mistake.credit, mistake.cited) == (correction.debit, None)


@pytest.mark.parametrize("seed", SEEDS)
def test_campaigns_and_returns_add_up(seed: int) -> None:
    leads, returns = values(seed, Family.LEADS), values(seed, Family.RETURNS)
    totals = district(seed).totals
    assert {
        name: {
            "leads": sum(lead.campaign == name for lead in leads),
            "filed": sum(lead.campaign == name and lead.filed_on is not None for lead in leads),
            "recovered_yuan": _yuan(lead.recovered for lead in leads if lead.campaign == name),
        }
        for name in {lead.campaign for lead in leads}
    } == totals["campaigns"]
    people = Counter(row.key for row in returns)
    key, most = people.most_common(1)[0]
    assert most == totals["village_return_people"]
    assert _yuan(row.amount for row in returns if row.key == key) == totals["village_return_yuan"]
    assert len(returns) == totals["beneficiaries"]


@pytest.mark.parametrize("seed", SEEDS)
def test_units_petitions_and_doubts_add_up(seed: int) -> None:
    units, totals = values(seed, Family.UNITS), district(seed).totals
    assert sum(unit.kind == "village" for unit in units) == totals["villages"]
    assert sum(unit.reporting for unit in units) == totals["reporting_units"]
    petitions = values(seed, Family.PETITIONS)
    assert len(petitions) == totals["petitions"]
    assert [p.state == "repeat_filed" for p in petitions] == [
        petition.repeat for petition in district(seed).petitions
    ]
    assert [p.reporter.name for p in petitions] == [p.reporter for p in district(seed).petitions]
    doubts = Counter(
        doubt.rule
        for family in FAMILIES
        for row in reading_of(seed, family)[1]
        for doubt in row.doubts
    )
    for rule in ("finding_outside_round", "handling_on_held_lead", "sanction_not_eligible"):
        assert doubts[rule] == totals["doubts"][rule]


def _yuan(amounts: Any) -> str:
    return str(sum((amount for amount in amounts if amount is not None), Money.zero()))
