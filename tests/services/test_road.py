"""The first half of the road: from a lead's first line to the case that grows out of it."""

import pytest

from app.domain import errors
from app.domain.permissions import Role
from app.services import matters, requests, walls
from tests.build_matters import act, filed_case, log, state, verified
from tests.builders import World


def test_a_lead_is_registered_assigned_assessed_and_verified(world: World) -> None:
    lead_id = verified(world)
    assert state(world, world.chief, lead_id) == "verifying"


def test_the_requester_cannot_sign_their_own_request(world: World) -> None:
    lead_id = log(world, world.lead_manager)
    done = act(
        world, world.lead_manager, lead_id, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True,
    )  # fmt: skip
    assert done.request_id is not None
    with (
        pytest.raises(errors.Forbidden),
        world.open("requests.sign", world.lead_manager) as tx,
    ):
        requests.sign(tx, done.request_id, reason="同意。")


def test_filing_a_lead_opens_its_case_with_the_same_signatures(world: World) -> None:
    case_id = filed_case(world)
    with world.open("matters.read", world.chief) as tx:
        case = matters.open_matter(tx, case_id)
        (link,) = [each for each in case.links if each["kind"] == "lead_case"]
        lead = matters.open_matter(tx, link["other_id"])
    assert (lead.head["state"], case.head["state"]) == ("filed", "filed")
    assert case.history[-1]["request_id"] == lead.history[0]["request_id"]
    assert [row["name"] for row in case.people] == ["梁启元"]
    assert {row["account_id"] for row in case.team} == {
        world.investigator.account_id,
        world.other_investigator.account_id,
    }


def test_where_an_office_lacks_a_second_person_the_superior_units_holder_signs(
    world: World,
) -> None:
    above = world.hire("head-above", Role.DEPARTMENT_HEAD, "YC-O02", name="何超")
    lead_id = verified(world)
    with world.open("access.keep_off", world.department_head) as tx:
        walls.keep_off(tx, lead_id, reason="亲属在该村。")
    done = act(
        world, world.investigator, lead_id, "report_verification",
        allegations="虚报面积。", findings="虚报二十五亩。", proposal="建议立案。",
    )  # fmt: skip
    assert done.request_id is not None
    with world.open("requests.read", world.chief) as tx:
        chain = requests.open_request(tx, done.request_id)["chain"]
    assert [step["risen"] for step in chain] == [False, True]
    assert chain[-1]["candidates"] == ["何超"]
    with world.open("requests.sign", world.other_investigator) as tx:
        requests.sign(tx, done.request_id, reason="同意。")
    with world.open("requests.sign", above) as tx:
        done = requests.sign(tx, done.request_id, reason="同意。")
    assert done.moved
    assert state(world, world.chief, lead_id) == "result_proposed"
