"""A signature on paper stands once a second person has seen the scan; its signer can object."""

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.db import Row
from app.core.shelf import Shelf
from app.domain import errors
from app.domain.permissions import Role
from app.domain.totals import Cohort
from app.services import desks, matters, paper_signatures, papers, requests, totals, workflow
from tests.build_matters import DAY, act, state
from tests.build_paper_signatures import (
    answer,
    asked,
    compare,
    decide,
    enter,
    proposed,
    second_deputy,
)
from tests.build_papers import attach, mark, photo
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]
NEXT = date(2018, 9, 6)


@pytest.fixture
def waiting(world: World) -> tuple[UUID, UUID]:
    return asked(world)


@pytest.fixture
def lead(waiting: tuple[UUID, UUID]) -> UUID:
    return waiting[0]


@pytest.fixture
def request_(waiting: tuple[UUID, UUID]) -> UUID:
    return waiting[1]


def standing(world: World, entry: UUID, who: Someone | None = None) -> Row:
    with world.open("paper_signatures.read", who or world.deputy) as tx:
        return paper_signatures.entry(tx, entry)


def signatures(world: World, request: UUID) -> list[Row]:
    with world.open("requests.read", world.deputy) as tx:
        return requests.signatures(tx, [request])


def disposed_of(world: World) -> tuple[int, int]:
    """Leads, and how many of them are disposed of."""
    with world.open("totals", world.operator) as tx:
        counts = totals.totals(tx, Cohort(as_of=tx.today)).counts
    return counts.leads, counts.handled


def running(world: World, lead: UUID) -> set[str]:
    with world.open("matters.read", world.deputy) as tx:
        clocks = matters.open_matter(tx, lead).clocks
    return {row["rule"] for row in clocks if row["stopped_on"] is None}


# It stands once it was compared -------------------------------------------------------------------


def test_nothing_follows_from_an_entry_until_a_second_person_compared_it(
    world: World, lead: UUID, request_: UUID
) -> None:
    entry = enter(world, request_)
    assert state(world, world.deputy, lead) == "disposal_proposed"
    assert len(signatures(world, request_)) == 1
    done = compare(world, entry)
    assert done is not None
    assert done.state == state(world, world.deputy, lead) == "verifying"


def test_the_signature_is_the_signers_dated_as_the_paper_and_named_so(
    world: World, request_: UUID
) -> None:
    world.clock.set(NEXT)
    entry = enter(world, request_, day=date(2018, 9, 5))
    compare(world, entry)
    own, paper = signatures(world, request_)
    assert (own["manner"], own["standing"]) == ("own", None)
    assert (paper["manner"], paper["standing"]) == ("paper", "stands")
    assert paper["account_id"] == world.chief.account_id
    assert paper["signed_on"] == date(2018, 9, 5)
    assert paper["entered_by_name"] == world.department_head.name
    assert paper["compared_by_name"] == world.lead_manager.name


def test_limits_run_from_the_day_on_which_it_was_carried_out(world: World, request_: UUID) -> None:
    """Not from the paper's: nobody could work by it before it stood."""
    world.clock.set(NEXT)
    entry = enter(world, request_, day=DAY)
    done = compare(world, entry)
    assert done is not None
    with world.open("matters.read", world.deputy) as tx:
        clocks = matters.open_matter(tx, done.matter_id).clocks
    assert [row["started_on"] for row in clocks if row["rule"] == "verification"] == [NEXT]


def test_a_return_on_paper_sends_the_request_back(world: World, lead: UUID, request_: UUID) -> None:
    entry = enter(world, request_, verdict="return")
    compare(world, entry)
    assert state(world, world.deputy, lead) == "disposal_proposed"
    with world.open("requests.read", world.deputy) as tx:
        assert requests.open_request(tx, request_)["status"] == "returned"


def test_a_signature_that_is_not_the_last_passes_the_request_on(world: World) -> None:
    lead = proposed(world)
    team = [str(who.account_id) for who in (world.investigator, world.other_investigator)]
    done = act(
        world, world.department_head, lead, "verify", checkable="面积。", team=team, plan="实地。",
    )  # fmt: skip
    assert done.request_id is not None
    compare(world, enter(world, done.request_id, signer=world.deputy))
    with world.open("requests.sign", world.chief) as tx:
        assert requests.waits_for_me(tx, done.request_id)


# Forged -------------------------------------------------------------------------------------------


def test_whoever_entered_it_does_not_compare_it(world: World, request_: UUID) -> None:
    entry = enter(world, request_, by=world.lead_manager)
    with pytest.raises(errors.Forbidden):
        compare(world, entry, by=world.lead_manager)


def test_the_requester_may_carry_the_paper_but_never_compares_it(
    world: World, request_: UUID
) -> None:
    entry = enter(world, request_, by=world.lead_manager)
    with pytest.raises(errors.Forbidden):
        compare(world, entry, by=world.department_head)


def test_two_of_the_team_can_not_sign_for_the_chief(world: World, request_: UUID) -> None:
    entry = enter(world, request_, by=world.department_head)
    with pytest.raises(errors.Forbidden):
        compare(world, entry, by=world.investigator)


def test_whoever_signed_before_does_not_compare_the_next(world: World, request_: UUID) -> None:
    entry = enter(world, request_)
    with pytest.raises(errors.Forbidden):
        compare(world, entry, by=world.deputy)


def test_nobody_enters_their_own_signature_or_one_in_the_requesters_name(
    world: World, request_: UUID
) -> None:
    for by, signer in (
        (world.chief, world.chief),
        (world.lead_manager, world.department_head),
        (world.lead_manager, world.deputy),
        (world.department_head, world.finance),
    ):
        with pytest.raises(errors.Invalid) as refused:
            enter(world, request_, by=by, signer=signer)
        assert [each.field for each in refused.value.errors] == ["signer_id"]


def test_a_signer_behind_a_wall_signs_on_no_paper_and_nobody_is_told_why(
    world: World, owner: Owner, request_: UUID, lead: UUID
) -> None:
    entry = enter(world, request_)
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, reason, made_by, made_on)"
        " VALUES (gen_random_uuid(), %s, %s, 'declared', 'x', %s, %s)",
        [lead, world.chief.account_id, world.chief.account_id, DAY],
    )
    for tried in (lambda: compare(world, entry), lambda: enter(world, request_)):
        with pytest.raises((errors.Conflict, errors.Invalid)) as refused:
            tried()
        assert "This person can't give this signature." in str(refused.value)
    assert state(world, world.deputy, lead) == "disposal_proposed"


def test_a_scan_of_another_matter_is_none_of_this_one(world: World, request_: UUID) -> None:
    other = proposed(world)
    scan = attach(world, world.lead_manager, other)
    with pytest.raises(errors.Invalid) as refused:
        enter(world, request_, scan=scan)
    assert [each.field for each in refused.value.errors] == ["paper_id"]


def test_a_scan_that_is_there_by_mistake_proves_nothing(
    world: World, request_: UUID, lead: UUID
) -> None:
    scan = attach(world, world.lead_manager, lead)
    entry = enter(world, request_, scan=scan)
    mark(world, world.deputy, lead, scan)
    with pytest.raises(errors.Conflict):
        compare(world, entry)
    assert compare(world, entry, matches=False) is None


def test_nobody_compares_a_scan_that_they_have_not_opened(
    world: World, request_: UUID, lead: UUID
) -> None:
    entry = enter(world, request_)
    for matches in (True, False):
        with (
            pytest.raises(errors.Conflict) as refused,
            world.open("compare", world.lead_manager) as tx,
        ):
            paper_signatures.compare(tx, entry, matches=matches, remark="签名不符。")
        assert refused.value.reason.message.startswith("Open the scan first")
    assert state(world, world.deputy, lead) == "disposal_proposed"


def test_of_a_scan_that_nobody_may_open_any_more_it_can_be_said_that_it_does_not_match(
    world: World, request_: UUID, lead: UUID
) -> None:
    scan = attach(world, world.lead_manager, lead)
    entry = enter(world, request_, scan=scan)
    mark(world, world.deputy, lead, scan)
    with world.open("papers.decide", world.department_head) as tx:
        papers.decide(tx, lead, scan, mistaken=True)
    with world.open("compare", world.lead_manager) as tx:
        paper_signatures.compare(tx, entry, matches=False, remark="系误附。")
    assert standing(world, entry)["status"] == "rejected"


def test_a_request_that_moved_on_is_not_signed_by_an_older_paper(
    world: World, request_: UUID
) -> None:
    entry = enter(world, request_)
    with world.open("requests.sign", world.chief) as tx:
        requests.sign(tx, request_, reason="同意。")
    with pytest.raises(errors.Conflict):
        compare(world, entry)
    with pytest.raises(errors.Conflict):
        enter(world, request_)


def test_of_two_who_compare_at_once_one_carries_it_out(world: World, request_: UUID) -> None:
    entry = enter(world, request_)
    both = [world.lead_manager, second_deputy(world)]
    told: list[str] = []
    gate = threading.Barrier(2)

    def go(who: Someone) -> None:
        gate.wait()
        try:
            compare(world, entry, by=who)
            told.append("done")
        except errors.PlumblineError as error:
            told.append(type(error).__name__)

    threads = [threading.Thread(target=go, args=(who,)) for who in both]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["Conflict", "done"]
    assert len(signatures(world, request_)) == 2


def test_a_full_disk_leaves_no_entry_without_its_scan(
    world: World, request_: UUID, tmp_path: Path
) -> None:
    class Full(Shelf):
        def put(self, content: bytes) -> str:  # noqa: ARG002
            raise OSError(28, "No space left on device")

    brought = papers.look_at(photo(), "签批单.jpg")
    office = replace(world.office, shelf=Full(tmp_path))
    with (
        pytest.raises(errors.Unavailable),
        office.work(world.department_head.session, use_case="x") as tx,
    ):
        paper_signatures.enter(
            tx, request_, signer_id=world.chief.account_id, verdict="sign", reason="同意。",
            signed_on=DAY, scan=brought,
        )  # fmt: skip
    with world.open("read", world.deputy) as tx:
        assert paper_signatures.of_request(tx, request_) == []


def test_the_day_on_the_paper_is_between_the_asking_and_today(world: World, request_: UUID) -> None:
    for day in (date(2018, 9, 4), date(2018, 9, 2)):
        with pytest.raises(errors.Invalid) as refused:
            enter(world, request_, day=day)
        assert [each.field for each in refused.value.errors] == ["signed_on"]


def test_a_day_before_a_former_signature_is_refused_with_whose_and_of_when(world: World) -> None:
    lead = proposed(world)
    team = [str(who.account_id) for who in (world.investigator, world.other_investigator)]
    done = act(
        world, world.department_head, lead, "verify", checkable="面积。", team=team, plan="实地。",
    )  # fmt: skip
    assert done.request_id is not None
    world.clock.set(NEXT)
    with world.open("requests.sign", world.deputy) as tx:
        requests.sign(tx, done.request_id, reason="同意。")
    with pytest.raises(errors.Invalid) as refused:
        enter(world, done.request_id, day=date(2018, 9, 5))
    (told,) = refused.value.errors
    assert told.field == "signed_on"
    assert str(told.reason) == (
        f"This day lies before {world.deputy.name}’s signature of {NEXT}, which came first."
    )


def test_a_step_that_its_profile_does_not_open_takes_no_paper(world: World) -> None:
    lead = proposed(world)
    done = act(
        world, world.department_head, lead, "close_direct", why="not_checkable",
    )  # fmt: skip
    assert done.request_id is not None
    with pytest.raises(errors.Conflict):
        enter(world, done.request_id, signer=world.deputy)


def test_what_does_not_match_comes_to_nothing_and_is_entered_anew(
    world: World, request_: UUID, lead: UUID
) -> None:
    compare(world, enter(world, request_), matches=False)
    assert state(world, world.deputy, lead) == "disposal_proposed"
    compare(world, enter(world, request_))
    assert state(world, world.deputy, lead) == "verifying"


def test_whoever_entered_it_takes_it_back_and_nobody_else(world: World, request_: UUID) -> None:
    entry = enter(world, request_)
    for who, may in ((world.lead_manager, False), (world.department_head, True)):
        with world.open("paper_signatures.withdraw", who) as tx:
            if may:
                paper_signatures.withdraw(tx, entry)
            else:
                with pytest.raises(errors.Forbidden):
                    paper_signatures.withdraw(tx, entry)
    with pytest.raises(errors.Conflict):
        compare(world, entry)


# The signer is told, and can object ---------------------------------------------------------------


def test_the_signer_is_told_and_says_that_it_is_theirs(world: World, request_: UUID) -> None:
    entry = enter(world, request_)
    compare(world, entry)
    with world.open("desk", world.chief) as tx:
        assert [row["id"] for row in paper_signatures.waiting(tx)] == [entry]
    answer(world, entry, mine=True)
    with world.open("desk", world.chief) as tx:
        assert paper_signatures.waiting(tx) == []
    assert standing(world, entry)["status"] == "acknowledged"


def test_nobody_answers_for_the_signer(world: World, request_: UUID) -> None:
    entry = enter(world, request_)
    compare(world, entry)
    for who in (world.deputy, world.lead_manager, world.department_head, world.investigator):
        with pytest.raises(errors.Forbidden):
            answer(world, entry, mine=False, by=who)


def test_an_objection_holds_every_step_until_it_is_decided(
    world: World, request_: UUID, lead: UUID
) -> None:
    entry = enter(world, request_)
    compare(world, entry)
    answer(world, entry, mine=False)
    form = {"allegations": "虚报。", "findings": "属实。", "proposal": "调离。"}
    with pytest.raises(errors.Denied):
        act(world, world.investigator, lead, "report_verification", **form)
    with world.open("actions", world.investigator) as tx:
        blocked = {each.event: each.allowed for each in workflow.actions(tx, lead)}
    assert blocked["report_verification"] is False
    assert blocked["supplement"] is True
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, lead, text="等待处理。")


def test_whoever_had_a_hand_in_it_does_not_decide_and_who_does_must_head_the_matter(
    world: World, request_: UUID
) -> None:
    entry = enter(world, request_)
    compare(world, entry)
    answer(world, entry, mine=False)
    for who in (world.lead_manager, world.department_head, world.chief, world.investigator):
        with pytest.raises(errors.Forbidden):
            decide(world, entry, stands=False, by=who)


def test_setting_it_aside_takes_the_step_back_with_its_limits_and_method(
    world: World, request_: UUID, lead: UUID
) -> None:
    before = running(world, lead)
    entry = enter(world, request_)
    compare(world, entry)
    assert running(world, lead) != before
    assert disposed_of(world) == (1, 1)
    answer(world, entry, mine=False)
    decide(world, entry, stands=False, by=world.deputy)
    assert state(world, world.deputy, lead) == "disposal_proposed"
    assert running(world, lead) == before
    with world.open("read", world.deputy) as tx:
        file = matters.open_matter(tx, lead)
        assert file.own["method"] is None
        assert [row["event"] for row in file.history[:2]] == [
            "undo_paper", "paper_signature_set_aside"
        ]  # fmt: skip
    assert disposed_of(world) == (1, 0)
    # It is asked for anew, and signed by a hand.
    _, again = asked(world, lead)
    with world.open("requests.sign", world.chief) as tx:
        requests.sign(tx, again, reason="同意。")
    assert state(world, world.deputy, lead) == "verifying"


def test_setting_an_earlier_signature_aside_returns_the_request(world: World) -> None:
    lead = proposed(world)
    team = [str(who.account_id) for who in (world.investigator, world.other_investigator)]
    done = act(
        world, world.department_head, lead, "verify", checkable="面积。", team=team, plan="实地。",
    )  # fmt: skip
    assert done.request_id is not None
    entry = enter(world, done.request_id, signer=world.deputy)
    compare(world, entry)
    answer(world, entry, mine=False, by=world.deputy)
    with world.open("requests.sign", world.chief) as tx, pytest.raises(errors.Denied):
        requests.sign(tx, done.request_id, reason="同意。")
    decide(world, entry, stands=False, by=world.chief)
    with world.open("read", world.deputy) as tx:
        assert requests.open_request(tx, done.request_id)["status"] == "returned"
    with world.open("desk", world.department_head) as tx:
        (back,) = desks.my_desk(tx).returned
    assert (back["returned_by"], back["return_reason"]) == (world.chief.name, "经核对笔迹。")


def test_against_the_signers_word_only_who_could_have_signed_there_lets_it_stand(
    world: World, request_: UUID, lead: UUID
) -> None:
    entry = enter(world, request_)
    compare(world, entry)
    answer(world, entry, mine=False)
    with pytest.raises(errors.Forbidden):
        decide(world, entry, stands=True, by=world.deputy)
    another = world.hire("second-chief", Role.CHIEF, "YC")
    decide(world, entry, stands=True, by=another)
    assert standing(world, entry)["status"] == "upheld"
    assert state(world, world.deputy, lead) == "verifying"


def test_what_was_built_on_it_since_stays_and_goes_on_by_ordinary_steps(
    world: World, request_: UUID, lead: UUID
) -> None:
    entry = enter(world, request_)
    compare(world, entry)
    with world.open("act", world.department_head) as tx:
        done = workflow.act(
            tx, lead, event="suspend", reason="等待鉴定。",
            form={"why": "appraisal", "review_on": "2018-12-03"},
        )  # fmt: skip
    assert done.request_id is not None
    with world.open("requests.sign", world.deputy) as tx:
        requests.sign(tx, done.request_id, reason="同意。")
    answer(world, entry, mine=False)
    decide(world, entry, stands=False, by=world.deputy)
    assert standing(world, entry)["status"] == "set_aside"
    assert state(world, world.deputy, lead) == "verifying"
