"""The plan itself: the same for everyone, by real office days, with nobody real in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from time import perf_counter

import pytest

from app.domain.correcting import CORRECT
from app.domain.deadlines import WorkingCalendar
from app.domain.demo import calendar, days
from app.domain.demo.names import AREA_CODE, identity_number_is_right
from app.domain.demo.plan import Plan, make_plan
from app.domain.demo.staff import LEADERS
from app.domain.demo.steps import Value, Verb
from app.domain.kinds import Kind
from app.domain.permissions import Role
from app.domain.units import UnitKind
from tests.unit.demo_replay import replayed


@pytest.fixture(scope="module")
def plan() -> Plan:
    return replayed().plan


def test_the_same_seed_gives_the_same_plan(plan: Plan) -> None:
    assert make_plan(plan.seed) == plan


@pytest.mark.parametrize("seed", [1, 7, 42])
def test_other_seeds_give_other_districts_of_the_same_size(plan: Plan, seed: int) -> None:
    other = make_plan(seed)
    assert other.people != plan.people
    assert Counter(unit.kind for unit in other.units) == Counter(unit.kind for unit in plan.units)
    logged = sum(1 for step in other.steps if step.verb is Verb.LOG_LEAD)
    assert logged == 604


def test_it_is_made_quickly() -> None:
    make_plan(5)  # the calendar is read once
    began = perf_counter()
    make_plan(6)
    assert perf_counter() - began < 6  # about one second, on a machine that does nothing else


def test_units(plan: Plan) -> None:
    kinds = Counter(unit.kind for unit in plan.units)
    assert kinds[UnitKind.TOWNSHIP] == 14
    assert kinds[UnitKind.SUBDISTRICT] == 10
    assert kinds[UnitKind.VILLAGE] == 258
    assert sum(unit.reporting for unit in plan.units) == 167
    assert len({unit.code for unit in plan.units}) == len(plan.units)
    seen = set()
    for unit in plan.units:
        assert unit.parent is None or unit.parent in seen
        seen.add(unit.path)


def test_accounts(plan: Plan) -> None:
    roles = Counter(account.role for account in plan.accounts)
    assert roles[Role.INVESTIGATOR] == 40
    assert roles[Role.DEPARTMENT_HEAD] == 9
    assert set(roles) == set(Role) - {Role.OPERATOR}
    assert len({account.login for account in plan.accounts}) == len(plan.accounts)
    assert len({account.name for account in plan.accounts}) == len(plan.accounts)


def test_three_people_decide_disposals() -> None:
    """Whoever gives the last signature under a disposal."""
    replay = replayed()
    deciders = set()
    for before, step in _last_signatures(replay.plan):
        if before in {"talk", "verify", "hold", "close_direct"}:
            deciders.add(step)
    assert deciders == {"pengsheng", "gaojing", "qinzhengming"}


def _last_signatures(plan: Plan) -> Iterator[tuple[str, str]]:
    """(event, login) of the last signature under each request that was signed to the end."""
    asked: dict[str, str] = {}
    signed: dict[str, str] = {}
    for step in plan.steps:
        if step.verb is Verb.ACT:
            if step.matter in signed:
                yield asked[step.matter], signed.pop(step.matter)
            asked[step.matter] = str(step.arguments["event"])
        elif step.verb is Verb.SIGN:
            signed[step.matter] = step.actor
        elif step.verb is Verb.RETURN:
            signed.pop(step.matter, None)


def test_steps_fall_on_office_days_in_order(plan: Plan) -> None:
    china = WorkingCalendar("CN")
    before = date.min
    for step in plan.steps:
        assert before <= step.day <= plan.day
        assert china.is_working_day(step.day)
        before = step.day
    assert plan.day == date(2018, 9, 28)
    assert days.day(days.last()) == plan.day


def test_nobody_signs_what_they_asked_for(plan: Plan) -> None:
    asked: dict[str, str] = {}
    for step in plan.steps:
        if step.verb is Verb.ACT:
            asked[step.matter] = step.actor
        elif step.verb in {Verb.SIGN, Verb.RETURN}:
            assert step.actor != asked[step.matter], step


def test_findings_were_made_during_the_round(plan: Plan) -> None:
    villages = set(plan.round.villages)
    assert len(villages) == 52
    found = 0
    for live in replayed().matters.values():
        if live.kind is Kind.LEAD and live.arguments["source"] == "inspection":
            assert calendar.ROUND[0] <= live.opened_on <= calendar.ROUND[1]
            assert live.unit.value.replace(".", "-") in villages
            found += 1
    assert found == 75


def test_identity_numbers_are_right_and_nobodys(plan: Plan) -> None:
    numbers = [person.identity for person in plan.people if person.identity is not None]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        assert number.startswith(AREA_CODE)
        assert identity_number_is_right(number)


def test_without_a_number_one_name_stands_once_in_a_unit(plan: Plan) -> None:
    unnumbered = Counter(
        (person.name, person.unit) for person in plan.people if person.identity is None
    )
    assert max(unnumbered.values()) == 1


def test_telephone_numbers_are_nobodys_and_stand_only_with_reporters(plan: Plan) -> None:
    for step in plan.steps:
        for path, text in _texts(step.arguments):
            for number in re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text):
                assert number.startswith("1990000")
                assert path.startswith("reporter")


def _texts(value: Value, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, f"{path}.{key}".lstrip("."))
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each, path)


def test_no_text_holds_a_gap_that_was_never_filled(plan: Plan) -> None:
    for step in plan.steps:
        for _path, text in _texts(step.arguments):
            assert "{" not in text
            assert text.strip()


def test_only_a_lead_comes_back_for_what_is_said_of_leads(plan: Plan) -> None:
    returned = [step for step in plan.steps if step.verb is Verb.RETURN]
    elsewhere = [str(step.arguments["reason"]) for step in returned if step.matter[0] != "L"]
    assert elsewhere
    assert [reason for reason in elsewhere if "初步核实" in reason or "线索" in reason] == []


def test_titles_are_neutral(plan: Plan) -> None:
    verdicts = ("贪污", "套取", "骗取", "冒领", "截留", "虚报", "侵占")
    for step in plan.steps:
        title = step.arguments.get("title")
        if isinstance(title, str):
            assert not any(word in title for word in verdicts), title


def test_reporters_appear_nowhere_else(plan: Plan) -> None:
    """No subject, officer or leader bears a reporter's name, so that none can be guessed."""
    reporters = set()
    for step in plan.steps:
        reporter = step.arguments.get("reporter")
        if isinstance(reporter, Mapping):
            reporters.add(str(reporter["name"]))
    officers = {account.name for account in plan.accounts} | set(LEADERS)
    assert reporters
    assert not reporters & officers


def test_two_matters_are_decided_in_a_meeting_two_signatures_are_on_paper_and_a_correction_waits(
    plan: Plan,
) -> None:
    """Of those on paper one was compared, and its request went on; the other waits for that."""
    replay = replayed()
    done = Counter(step.verb for step in plan.steps)
    assert (done[Verb.MEET], done[Verb.ENTER_ON_PAPER], done[Verb.COMPARE_ON_PAPER]) == (1, 2, 1)
    (met,) = (step for step in plan.steps if step.verb is Verb.MEET)
    agenda = met.arguments["agenda"]
    assert isinstance(agenda, tuple)
    assert len(agenda) == 2
    entered = [live for live in replay.matters.values() if live.on_paper is not None]
    assert len(entered) == 1
    assert entered[0].request is not None
    asked = [live for live in replay.matters.values() if live.request is not None]
    assert [live.key for live in asked if live.request and live.request.event == CORRECT] == [
        step.matter for step in plan.steps if step.verb is Verb.ASK_CORRECTION
    ]
    assert done[Verb.ASK_CORRECTION] == 1
