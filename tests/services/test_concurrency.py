"""Many hands on one matter: one wins, the others are told so, and numbers have no gap."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain import errors
from app.services import leads, requests, workflow
from app.services.leads import NewLead
from tests.build_matters import DAY, act, log, state
from tests.builders import World

HANDS = 20


def test_twenty_sessions_on_one_matter_give_one_winner_and_nineteen_conflicts(
    world: World,
) -> None:
    lead_id = log(world, world.investigator)

    def register(_hand: int) -> str:
        try:
            with world.open("leads.register", world.lead_manager) as tx:
                workflow.act(
                    tx, lead_id, event="register", form={"repeats_checked": True}, seen_version=1
                )
        except errors.Stale:
            return "stale"
        return "won"

    with ThreadPoolExecutor(HANDS) as pool:
        results = list(pool.map(register, range(HANDS)))

    assert sorted(results) == ["stale"] * (HANDS - 1) + ["won"]
    assert state(world, world.chief, lead_id) == "registered"


def test_two_signers_at_once_leave_one_signature(world: World) -> None:
    lead_id = log(world, world.lead_manager)
    second = world.hire("second-deputy", world.deputy.role, "YC")
    asked = act(
        world, world.lead_manager, lead_id, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True,
    )  # fmt: skip
    assert asked.request_id is not None
    request_id = asked.request_id

    def sign(who: object) -> str:
        try:
            with world.open("requests.sign", who) as tx:  # type: ignore[arg-type]
                requests.sign(tx, request_id, reason="同意。", seen_version=1)
        except (errors.Conflict, errors.Stale, errors.Forbidden, errors.NotFound):
            return "refused"
        return "signed"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(sign, [world.deputy, second]))

    assert sorted(results) == ["refused", "signed"]


def test_numbers_have_no_repeat_and_no_gap_whatever_fails_in_between(
    world: World, owner: object
) -> None:
    world.clock.set(DAY)

    def one(at: int) -> None:
        try:
            with world.open("leads.log", world.investigator) as tx:
                leads.log_lead(
                    tx,
                    NewLead(
                        source="supervision", received_on=DAY, what=f"第{at}件",
                        unit_id=world.village.id,
                    ),
                )  # fmt: skip
                if at % 3 == 0:
                    raise KeyboardInterrupt
        except KeyboardInterrupt:
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(24)))

    with world.open("leads.read", world.chief) as tx:
        rows = tx.rows("SELECT number FROM matter WHERE kind = 'lead' ORDER BY number")
    assert [row["number"] for row in rows] == [f"YC2018-{at:04d}" for at in range(1, 17)]


@pytest.mark.parametrize("version", [None, 7])
def test_a_stale_version_changes_nothing(world: World, version: int | None) -> None:
    lead_id = log(world, world.investigator)
    if version is None:
        act(world, world.lead_manager, lead_id, "register", repeats_checked=True)
        version = 1
    with (
        pytest.raises(errors.Stale),
        world.open("leads.assign", world.lead_manager) as tx,
    ):
        workflow.act(
            tx, lead_id, event="assign",
            form={"department": str(world.unit("YC-O03").id), "no_conflict": True},
            reason="x", seen_version=version,
        )  # fmt: skip
