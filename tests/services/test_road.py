"""The first half of the road: from a lead's first line to the case that grows out of it."""

import pytest

from app.domain import errors
from app.services import matters, requests
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
