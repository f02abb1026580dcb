"""The demo adds up to the published figures, judged step by step by the real procedure."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from app.domain.demo import quotas
from app.domain.demo.steps import Verb
from app.domain.kinds import Kind
from app.domain.money import Money
from tests.unit.demo_replay import replayed
from tests.unit.demo_totals import held_accountable, one_click_reports, totals

SAMPLES = Path(__file__).parents[1] / "data" / "district-2018" / "totals.json"
OF_FILES = {"bank_lines", "bank_closing_yuan", "doubts", "as_of"}


def test_every_step_is_one_that_the_procedure_allows() -> None:
    """Wrong roles, own requests, missing signatures, forms: any of them stops the replay."""
    assert sum(live.steps for live in replayed().matters.values()) == len(replayed().plan.steps)


def test_the_district_adds_up_to_the_published_figures() -> None:
    published = json.loads(SAMPLES.read_text(encoding="utf-8"))
    wanted = {key: value for key, value in published.items() if key not in OF_FILES}
    assert totals(replayed()) == wanted


def test_sanctions_overlap_as_published() -> None:
    found = totals(replayed())
    party, administrative = (
        found["party_sanctioned_persons"],
        found["administratively_sanctioned_persons"],
    )
    assert isinstance(party, int)
    assert isinstance(administrative, int)
    assert party + administrative - quotas.SANCTIONED == 16


def test_one_click_reports_and_the_people_held_accountable_from_them() -> None:
    assert one_click_reports(replayed()) == quotas.ONE_CLICK
    assert held_accountable(replayed(), "one_click") == quotas.ACCOUNTABLE


def test_petitions_have_one_leader_each() -> None:
    petitions = [m for m in replayed().matters.values() if m.kind is Kind.PETITION]
    assert len(petitions) == quotas.BACKLOG + quotas.ONE_CLICK
    assert all(petition.arguments["responsible_leader"] for petition in petitions)


def test_money_is_conserved_in_every_item() -> None:
    for live in replayed().matters.values():
        if live.item is not None:
            assert live.item.held >= 0
            if live.state == "settled":
                assert live.item.held == 0


def test_the_banks_statement_states_what_the_books_hold_with_its_line() -> None:
    replay = replayed()
    [line] = [step for step in replay.plan.steps if step.verb is Verb.TAKE_STATEMENT]
    day = line.arguments["happened_on"]
    assert isinstance(day, date)
    moves = {Verb.RECORD_RECEIPT, Verb.PAY_RETURN, Verb.REMIT, Verb.REVERSE_PAYMENT}
    assert not {step.verb for step in replay.plan.steps if step.day > day} & moves
    held = sum(live.item.held for live in replay.matters.values() if live.item is not None)
    balance, credit = (str(line.arguments[each]) for each in ("balance", "credit"))
    assert Money.yuan(balance).fen == held + Money.yuan(credit).fen


def test_nobody_receives_what_they_cannot() -> None:
    """Village staff who are no public employees get three sanctions; only members Party ones."""
    replay = replayed()
    for live in replay.matters.values():
        for one in live.people:
            person = replay.people[one.person]
            for key, _day in one.outcomes:
                measure = replay.profile.measures[key]
                if measure.kind == "party_sanction":
                    assert person.member
                if measure.kind == "administrative_sanction" and not person.public_employee:
                    assert key.removeprefix("administrative_") in quotas.VILLAGE_MAY_RECEIVE


def test_unfounded_leads_say_why_and_people_are_cleared() -> None:
    replay = replayed()
    unfounded = [
        live
        for live in replay.matters.values()
        if live.kind is Kind.LEAD
        and live.state == "closed"
        and live.people
        and all(key == "unfounded" for one in live.people for key, _day in one.outcomes)
    ]
    assert len(unfounded) >= 24
    assert all(not live.tasks for live in unfounded)
