"""Who investigated doesn't adjudicate, and who decided first doesn't hear the appeal."""

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.domain.permissions import Role
from app.domain.workflow import people as people_rules
from app.services import accounts, delegations, requests, workflow
from tests.build_cases import adjudicated, closed, decided, heard, investigated, served
from tests.build_matters import DAY, LIANG, STUDY, act, sign_all
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]
INVESTIGATED = "investigated"
REPORT = {
    "report": "虚报二十五亩。",
    "opinion_heard": "已听取并答复。",
    "proposal": "建议给予警告。",
    "crime_suspected": False,
}
HEARING = {"talk_held_on": DAY.isoformat(), "opinion": "事实清楚。", **STUDY}


def also(world: World, who: Someone, role: Role) -> None:
    """Who gets another role, as somebody who changed posts or stands in."""
    with world.open("tests.grant", world.operator) as tx:
        accounts.grant_role(tx, account_id=who.account_id, role=role, unit_id=world.district.id)


def submitted(world: World) -> UUID:
    """A case whose investigation was reported: adjudication takes it up next."""
    case_id = investigated(world, LIANG)
    heard(world, case_id)
    sign_all(world, act(world, world.investigator, case_id, "report", **REPORT))
    return case_id


def refused(world: World, who: Someone, matter_id: UUID, event: str, **form: object) -> str:
    with pytest.raises(errors.Forbidden) as caught:
        act(world, who, matter_id, event, **form)
    return str(caught.value)


def appealed(world: World) -> UUID:
    """A closed case, whose decision was let be appealed against."""
    case_id = investigated(world, LIANG)
    heard(world, case_id)
    adjudicated(world, case_id)
    decided(world, case_id)
    served(world, case_id)
    closed(world, case_id)
    world.clock.set(date(2018, 9, 10))
    sign_all(world, act(world, world.adjudicator, case_id, "reopen_decision", ground="appeal"))
    return case_id


def test_whoever_is_of_the_team_takes_no_step_of_adjudication(world: World) -> None:
    case_id = submitted(world)
    also(world, world.investigator, Role.ADJUDICATOR)
    assert INVESTIGATED in refused(world, world.investigator, case_id, "accept_file", complete=True)
    with world.open("matters.read", world.investigator) as tx:
        offered = {each.event for each in workflow.actions(tx, case_id)}
    assert "accept_file" not in offered


def test_whoever_verified_the_lead_of_the_case_and_left_it_does_not_adjudicate(
    world: World, owner: Owner
) -> None:
    case_id = submitted(world)
    leaver = world.hire("changed-post", Role.ADJUDICATOR, "YC")
    (lead,) = owner.execute(
        "SELECT from_id FROM matter_link WHERE to_id = %s AND kind = 'lead_case'", (case_id,)
    ).fetchall()
    owner.execute(
        "INSERT INTO team_member (id, matter_id, account_id, part, begins_on, ends_on)"
        " VALUES (%s, %s, %s, 'member', %s, %s)",
        (new_id(), lead["from_id"], leaver.account_id, DAY, DAY),
    )
    assert INVESTIGATED in refused(world, leaver, case_id, "accept_file", complete=True)


def test_whoever_was_on_the_team_of_what_was_merged_into_it_does_not_adjudicate(
    world: World, owner: Owner
) -> None:
    other = investigated(world, LIANG)
    case_id = submitted(world)
    person = world.hire("merged-team", Role.ADJUDICATOR, "YC")
    owner.execute(
        "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
        " VALUES (%s, %s, %s, 'member', %s)",
        (new_id(), other, person.account_id, DAY),
    )
    asked = act(world, person, case_id, "accept_file", complete=True)
    assert asked.request_id is not None
    with world.open("requests.take_back", person) as tx:
        requests.take_back(tx, asked.request_id)
    owner.execute(
        "INSERT INTO matter_link (id, kind, from_id, to_id, begins_on)"
        " VALUES (%s, 'merged_into', %s, %s, %s)",
        (new_id(), other, case_id, DAY),
    )
    assert INVESTIGATED in refused(world, person, case_id, "accept_file", complete=True)


def test_a_head_of_department_who_stands_in_for_adjudication_does_not_sign(world: World) -> None:
    case_id = submitted(world)
    with world.open("delegations.make", world.adjudication_head) as tx:
        delegations.delegate(
            tx, login=world.department_head.login, reason="外出学习", begins_on=None,
            last_day=tx.now.date() + timedelta(days=30),
        )  # fmt: skip
    asked = act(world, world.adjudicator, case_id, "accept_file", complete=True)
    assert asked.request_id is not None
    with (
        world.open("requests.sign", world.department_head) as tx,
        pytest.raises(errors.Forbidden, match=INVESTIGATED),
    ):
        requests.sign(tx, asked.request_id, reason="同意。")
    with world.open("requests.read", world.adjudicator) as tx:
        row = requests.open_request(tx, asked.request_id)
    assert row["chain"][0]["candidates"] == ["沈家和"]


def test_whoever_joins_the_team_after_asking_is_refused_and_so_is_the_picker(world: World) -> None:
    case_id = submitted(world)
    sign_all(world, act(world, world.adjudicator, case_id, "accept_file", complete=True))
    sign_all(
        world,
        act(world, world.adjudicator, case_id, "return_for_evidence", gap="补银行流水"),
    )
    with pytest.raises(errors.Invalid, match="adjudicated the matter"):
        act(
            world, world.investigator, case_id, "recuse",
            recused=str(world.investigator.account_id), ground="near_relative",
            handler=str(world.adjudicator.account_id),
        )  # fmt: skip
    with world.open("matters.read", world.investigator) as tx:
        judged = workflow.judged(tx, case_id)
    assert world.adjudicator.account_id in judged.facts.adjudicators


def test_the_original_decisions_hands_do_not_hear_the_appeal(world: World) -> None:
    case_id = appealed(world)
    assert "original decision" in refused(
        world, world.adjudicator, case_id, "deliberate", **HEARING
    )
    another = world.hire("adjudicator-2", Role.ADJUDICATOR, "YC")
    with pytest.raises(errors.Denied, match="nobody else holds its role"):
        act(world, another, case_id, "deliberate", **HEARING)
    second = world.hire("adjudication-head-2", Role.ADJUDICATION_HEAD, "YC")
    asked = act(world, another, case_id, "deliberate", **HEARING)
    assert asked.request_id is not None
    with (
        world.open("requests.sign", world.adjudication_head) as tx,
        pytest.raises(errors.Forbidden, match="original decision"),
    ):
        requests.sign(tx, asked.request_id, reason="同意。")
    sign_all(world, asked, others={Role.ADJUDICATION_HEAD: second})
    decided(world, case_id, by=another)


def test_a_decision_reopened_for_a_judgment_stays_with_its_adjudicators(world: World) -> None:
    case_id = investigated(world, LIANG)
    heard(world, case_id)
    adjudicated(world, case_id)
    decided(world, case_id)
    served(world, case_id)
    closed(world, case_id)
    sign_all(world, act(world, world.adjudicator, case_id, "reopen_decision", ground="judgment"))
    assert act(world, world.adjudicator, case_id, "deliberate", **HEARING).request_id


def test_the_database_refuses_it_when_the_program_forgets(
    world: World, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = submitted(world)
    appeal = appealed(world)
    also(world, world.investigator, Role.ADJUDICATOR)
    also(world, world.other_investigator, Role.ADJUDICATION_HEAD)
    monkeypatch.setattr(people_rules, "apart", lambda *_: None)
    with pytest.raises(errors.Conflict, match="does not adjudicate"):
        act(world, world.investigator, case_id, "accept_file", complete=True)
    with pytest.raises(errors.Conflict, match="does not hear the appeal"):
        act(world, world.adjudicator, appeal, "deliberate", **HEARING)
    asked = act(world, world.adjudicator, case_id, "accept_file", complete=True)
    assert asked.request_id is not None
    with (
        pytest.raises(errors.Conflict, match="does not adjudicate"),
        world.open("requests.sign", world.other_investigator) as tx,
    ):
        requests.sign(tx, asked.request_id, reason="同意。")
    with pytest.raises(psycopg.errors.CheckViolation, match="adjudicated-it"):
        owner.execute(
            "INSERT INTO team_member (id, matter_id, account_id, part, begins_on)"
            " VALUES (%s, %s, %s, 'member', %s)",
            (new_id(), case_id, world.adjudicator.account_id, DAY),
        )
