"""A study meeting decides; its chair signs each matter singly, as the procedure lets them."""

from contextlib import suppress
from threading import Barrier, Thread
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core.ids import new_id
from app.domain import errors
from app.services import meetings, requests
from tests import build_matters
from tests.build_matters import DAY
from tests.build_meetings import (
    closing,
    decide,
    held,
    meeting,
    of,
    pull,
    put_on,
    read,
    record,
    results,
    sign,
    verifying,
)
from tests.builders import Someone, World

Owner = psycopg.Connection[DictRow]


def denied(refused: pytest.ExceptionInfo[errors.Denied]) -> list[str]:
    return [str(each) for each in refused.value.reasons]


def keep_off(world: World, owner: Owner, lead: UUID, who: Someone) -> None:
    owner.execute(
        "INSERT INTO wall (id, matter_id, account_id, cause, made_by, made_on)"
        " VALUES (%s, %s, %s, 'declared', %s, %s)",
        [new_id(), lead, who.account_id, who.account_id, DAY],
    )


def state(world: World, lead: UUID) -> str:
    return build_matters.state(world, world.chief, lead)


def test_a_meeting_signs_each_matter_singly_as_its_chair(world: World) -> None:
    lead, request = closing(world)
    other, passed = verifying(world)
    third, returned = closing(world)
    found = meeting(world, request, passed, returned)
    decide(world, found, request, reason="同意了结。")
    decide(world, found, passed)
    decide(world, found, returned, "return", reason="先核对村账。")
    record(world, found)
    assert state(world, lead) == "disposal_proposed"
    sign(world, found)
    assert results(world, found) == ["carried_out", "passed_on", "returned"]
    assert [state(world, each) for each in (lead, other, third)] == [
        "closed", "disposal_proposed", "disposal_proposed",
    ]  # fmt: skip
    with world.open("requests.read", world.chief) as tx:
        hands = requests.signatures(tx, [request])
        assert [(row["name"], row["reason"], row["meeting_id"]) for row in hands] == [
            ("冯立新", "同意了结。", found)
        ]
        assert requests.open_request(tx, passed)["next_role"] == "chief"
        assert requests.open_request(tx, returned)["status"] == "returned"


def test_one_refusal_holds_up_no_other_matter(world: World) -> None:
    _lead, request = closing(world)
    other, following = closing(world)
    found = meeting(world, request, following)
    decide(world, found, request)
    decide(world, found, following)
    record(world, found)
    with world.open("requests.take_back", world.department_head) as tx:
        requests.take_back(tx, request)
    sign(world, found)
    it = read(world, world.lead_manager, found)
    assert [place.row["result"] for place in it.places] == ["refused", "carried_out"]
    assert it.places[0].row["result_reason"]["message"] == "This request is no longer open."
    assert state(world, other) == "closed"


def test_what_was_asked_again_is_another_request(world: World) -> None:
    lead, request = closing(world)
    found = meeting(world, request)
    decide(world, found, request)
    record(world, found)
    with world.open("requests.take_back", world.department_head) as tx:
        requests.take_back(tx, request)
    again = build_matters.act(
        world, world.department_head, lead, "close_direct", why="no_action"
    ).request_id
    sign(world, found)
    assert results(world, found) == ["refused"]
    with world.open("requests.read", world.chief) as tx:
        assert again is not None
        assert requests.open_request(tx, again)["status"] == "open"
        assert requests.signatures(tx, [again]) == []


def test_what_somebody_signed_meanwhile_is_not_signed_once_more(world: World) -> None:
    _lead, request = verifying(world)
    found = meeting(world, request)
    decide(world, found, request)
    record(world, found)
    second = world.hire("second-deputy", world.deputy.role, "YC")
    with world.open("requests.sign", second) as tx:
        requests.sign(tx, request, reason="同意。")
    sign(world, found)
    it = read(world, world.lead_manager, found)
    assert it.places[0].row["result_reason"]["message"] == (
        "The request has changed since the meeting decided on it."
    )
    with world.open("requests.read", world.chief) as tx:
        assert [row["account_id"] for row in requests.signatures(tx, [request])] == [
            second.account_id
        ]


def test_what_the_procedure_reserves_no_meeting_signs(world: World, owner: Owner) -> None:
    """To the team by name, to a committee, and whatever else it doesn't open."""
    registered = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, registered, "register", repeats_checked=True)
    assign = build_matters.act(
        world, world.lead_manager, registered, "assign",
        department=str(world.unit("YC-O03").id), no_conflict=True,
    ).request_id  # fmt: skip
    verified = build_matters.verified(world)
    report = build_matters.act(
        world, world.investigator, verified, "report_verification",
        allegations="虚报面积。", findings="虚报二十五亩。", proposal="建议立案。",
    ).request_id  # fmt: skip
    found = meeting(world)
    for request, why in (
        (assign, "The procedure lets no study meeting give this signature."),
        (report, "This signature is reserved to a named person: a meeting can't give it."),
    ):
        assert request is not None
        with pytest.raises(errors.Denied) as refused:
            put_on(world, found, request)
        assert denied(refused) == [why]
    with world.open("meetings.offered", world.lead_manager) as tx:
        assert meetings.offered(tx, world.deputy.account_id) == []


def test_a_step_that_was_reserved_after_it_stood_on_the_agenda_is_refused_when_signed(
    world: World, owner: Owner
) -> None:
    lead, request = closing(world)
    found = meeting(world, request)
    decide(world, found, request)
    record(world, found)
    owner.execute(
        "UPDATE request SET chain = jsonb_set(chain, '{0,account}', to_jsonb(%s::text))"
        " WHERE id = %s",
        [str(world.deputy.account_id), request],
    )
    sign(world, found)
    it = read(world, world.lead_manager, found)
    assert it.places[0].row["result_reason"]["message"] == (
        "This signature is reserved to a named person: a meeting can't give it."
    )
    assert state(world, lead) == "disposal_proposed"


def test_the_chair_has_to_be_able_to_sign_it_by_themselves(world: World, owner: Owner) -> None:
    _lead, request = closing(world)
    walled, hidden = closing(world)
    for chair, why in (
        (world.department_head, "The chair asked for this: somebody else signs it."),
        (world.chief, "The chair doesn't hold the role that signs this now."),
    ):
        with pytest.raises(errors.Denied) as refused:
            meeting(world, request, chair=chair, present=(world.investigator, world.deputy))
        assert denied(refused) == [why]
    keep_off(world, owner, walled, world.deputy)
    with pytest.raises(errors.Denied) as refused:
        meeting(world, hidden)
    assert denied(refused) == ["The chair keeps off this matter."]


def test_a_chair_who_is_walled_off_meanwhile_signs_nothing_of_it(
    world: World, owner: Owner
) -> None:
    lead, request = closing(world)
    other, following = closing(world)
    found = meeting(world, request, following)
    decide(world, found, request)
    decide(world, found, following)
    record(world, found)
    keep_off(world, owner, lead, world.deputy)
    assert [place.row["request_id"] for place in read(world, world.deputy, found).places] == [
        following
    ]
    sign(world, found)
    it = read(world, world.lead_manager, found)
    assert [place.row["result"] for place in it.places] == ["refused", "carried_out"]
    assert it.places[0].row["result_reason"]["message"] == (
        "The chair can no longer sign this: somebody else decides."
    )
    assert [state(world, each) for each in (lead, other)] == ["disposal_proposed", "closed"]


def test_recorder_and_chair_are_two_people(world: World) -> None:
    world.clock.set(DAY)
    with pytest.raises(errors.Invalid) as refused:
        meeting(world, chair=world.lead_manager)
    assert [each.field for each in refused.value.errors] == ["chair_id"]
    head = world.department_head
    with pytest.raises(errors.Invalid):
        meeting(world, recorder=head, chair=head, present=())


def test_only_who_records_writes_and_only_the_chair_signs(world: World) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    for who in (world.deputy, world.chief):
        with pytest.raises(errors.Forbidden):
            decide(world, found, request, recorder=who)
    decide(world, found, request)
    with pytest.raises(errors.Conflict):
        sign(world, found)
    record(world, found)
    for who in (world.lead_manager, world.chief, world.investigator):
        with pytest.raises(errors.Forbidden):
            sign(world, found, chair=who)
    with pytest.raises(errors.NotFound):
        sign(world, found, chair=world.finance)
    with pytest.raises(errors.Forbidden), world.open("meetings.draft", world.chief) as tx:
        meetings.draft(tx, held_on=DAY, chair_id=world.deputy.account_id, present=[])


def test_nobody_puts_on_what_they_cannot_see(world: World, owner: Owner) -> None:
    lead, request = closing(world)
    found = meeting(world)
    keep_off(world, owner, lead, world.lead_manager)
    with pytest.raises(errors.Invalid) as refused:
        put_on(world, found, request)
    assert [each.field for each in refused.value.errors] == ["request_id"]
    with world.open("meetings.offered", world.lead_manager) as tx:
        assert meetings.offered(tx, world.deputy.account_id) == []


def test_everybody_sees_of_a_meeting_what_they_may_see(world: World, owner: Owner) -> None:
    lead, request = closing(world)
    _other, following = closing(world)
    found = meeting(world, request, following, present=(world.chief, world.department_head))
    keep_off(world, owner, lead, world.chief)
    it = read(world, world.chief, found)
    assert [place.row["request_id"] for place in it.places] == [following]
    place = of(read(world, world.lead_manager, found), request)
    assert [(row["name"], row["cause"]) for row in place.recused] == [("陈正平", "kept_off")]
    # Who handles one of its matters sees that one; who handles none, not even that it was held.
    assert len(read(world, world.investigator, found).places) == 2
    for who in (world.finance, world.auditor, world.other_investigator):
        with pytest.raises(errors.NotFound):
            read(world, who, found)


def test_who_leaves_for_an_item_sees_nothing_of_it_and_is_not_counted(world: World) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    with pytest.raises(errors.Denied) as refused:
        decide(world, found, request, recused=[world.chief])
    assert denied(refused) == ["Too few stay for this matter: 3 at least, the chair among them."]
    with world.open("meetings.change", world.lead_manager) as tx:
        meetings.change(
            tx, found, held_on=DAY, chair_id=world.deputy.account_id,
            present=[
                each.account_id
                for each in (world.chief, world.investigator, world.department_head)
            ],
            seen_version=meetings.read(tx, found).head["version"],
        )  # fmt: skip
    decide(world, found, request, recused=[world.chief])
    assert read(world, world.chief, found).places == []
    with pytest.raises(errors.Forbidden):
        pull(world, world.chief, found, request)
    record(world, found)
    place = of(read(world, world.lead_manager, found), request)
    assert [row["name"] for row in place.recused] == ["陈正平"]


def test_the_chair_leaves_for_nothing(world: World) -> None:
    _lead, request = closing(world)
    found = meeting(world, request)
    with pytest.raises(errors.Invalid) as refused:
        decide(world, found, request, recused=[world.deputy])
    assert [each.field for each in refused.value.errors] == ["recused"]


def test_a_request_stands_on_one_agenda(world: World) -> None:
    _lead, request = closing(world)
    first = meeting(world, request)
    second = meeting(world)
    with pytest.raises(errors.Conflict):
        put_on(world, second, request)
    with world.open("meetings.call_off", world.deputy) as tx:
        seen = meetings.read(tx, first).head["version"]
        meetings.call_off(tx, first, reason="改期。", seen_version=seen)
    put_on(world, second, request)
    with pytest.raises(errors.Conflict):
        put_on(world, first, request)


def test_what_is_pulled_after_the_recorder_signed_takes_the_signature_with_it(
    world: World,
) -> None:
    lead, request = closing(world)
    _other, following = closing(world)
    found = meeting(world, request, following)
    decide(world, found, request)
    decide(world, found, following)
    record(world, found)
    pull(world, world.deputy, found, request)
    it = read(world, world.lead_manager, found)
    assert (it.head["status"], it.head["recorded_on"]) == ("drafted", None)
    with pytest.raises(errors.Conflict):
        sign(world, found)
    record(world, found)
    sign(world, found)
    assert results(world, found) == [None, "carried_out"]
    assert state(world, lead) == "disposal_proposed"
    with pytest.raises(errors.Conflict):
        pull(world, world.deputy, found, following)


def test_minutes_need_a_decision_on_every_matter_and_a_day_that_has_come(world: World) -> None:
    _lead, request = closing(world)
    found = meeting(world, request, day=DAY.replace(day=20))
    with pytest.raises(errors.Denied) as refused:
        record(world, found)
    assert [reason.split(" ", 1)[1] for reason in denied(refused)] == [
        "day of the meeting hasn't come yet.",
        "has no decision yet: decide on it, or pull it.",
    ]


def test_before_its_day_a_meeting_decides_on_nothing(world: World) -> None:
    _lead, request = closing(world)
    found = meeting(world, request, day=DAY.replace(day=4))
    with pytest.raises(errors.Denied) as refused:
        decide(world, found, request)
    assert denied(refused) == ["The day of the meeting hasn't come yet."]
    world.clock.set(DAY.replace(day=4))
    decide(world, found, request)
    record(world, found)


def test_minutes_wait_for_their_recorder_from_the_day_on_and_then_for_the_chair(
    world: World,
) -> None:
    _lead, request = closing(world)
    found = meeting(world, request, day=DAY.replace(day=4))

    def waits(who: Someone) -> list[tuple[str, int]]:
        with world.open("meetings.to_sign", who) as tx:
            return [(row["status"], row["undecided"]) for row in meetings.to_sign(tx)]

    assert waits(world.lead_manager) == []
    world.clock.set(DAY.replace(day=4))
    assert (waits(world.lead_manager), waits(world.deputy)) == ([("drafted", 1)], [])
    decide(world, found, request)
    assert waits(world.lead_manager) == [("drafted", 0)]
    record(world, found)
    assert (waits(world.lead_manager), waits(world.deputy)) == ([], [("recorded", 0)])
    sign(world, found)
    assert (waits(world.lead_manager), waits(world.deputy)) == ([], [])


def test_two_windows_sign_once(world: World) -> None:
    lead, request = verifying(world)
    found = meeting(world, request)
    decide(world, found, request)
    record(world, found)
    seen = read(world, world.deputy, found).head["version"]
    both, outcomes = Barrier(2), []

    def window() -> None:
        both.wait()
        try:
            with world.open("meetings.sign", world.deputy) as tx:
                meetings.sign(tx, found, seen_version=seen)
        except (errors.Stale, errors.Conflict) as refused:
            outcomes.append(type(refused).__name__)
        else:
            outcomes.append("signed")
        with suppress(errors.Conflict):
            meetings.carry_out(lambda use_case: world.open(use_case, world.deputy), found)

    windows = [Thread(target=window) for _ in range(2)]
    for each in windows:
        each.start()
    for each in windows:
        each.join()
    assert sorted(outcomes)[1] == "signed" or outcomes.count("signed") == 1
    assert results(world, found) == ["passed_on"]
    with world.open("requests.read", world.chief) as tx:
        assert len(requests.signatures(tx, [request])) == 1
    assert state(world, lead) == "disposal_proposed"


def test_what_was_interrupted_is_carried_on(world: World) -> None:
    """The process ended after the chair had signed the minutes."""
    lead, request = closing(world)
    found = meeting(world, request)
    decide(world, found, request)
    record(world, found)
    with world.open("meetings.sign", world.deputy) as tx:
        seen = meetings.read(tx, found).head["version"]
        meetings.sign(tx, found, seen_version=seen)
    assert results(world, found) == [None]
    with pytest.raises(errors.Forbidden):
        meetings.carry_out(lambda use_case: world.open(use_case, world.lead_manager), found)
    meetings.carry_out(lambda use_case: world.open(use_case, world.deputy), found)
    assert results(world, found) == ["carried_out"]
    assert state(world, lead) == "closed"


def test_the_next_signer_can_have_it_on_a_meeting_of_their_own(world: World) -> None:
    lead, request = verifying(world)
    held(world, request)
    found = meeting(world, request, chair=world.chief, present=(world.deputy, world.investigator))
    decide(world, found, request)
    record(world, found)
    sign(world, found, chair=world.chief)
    assert results(world, found) == ["carried_out"]
    assert state(world, lead) == "verifying"


def test_nobody_writes_a_signature_of_a_meeting_that_did_not_decide_it(world: World) -> None:
    """The database itself refuses it, whatever the code says."""
    _lead, request = closing(world)
    found = meeting(world, request)
    decide(world, found, request, "return")
    for signed in (False, True):
        if signed:
            record(world, found)
            with world.open("meetings.sign", world.deputy) as tx:
                seen = meetings.read(tx, found).head["version"]
                meetings.sign(tx, found, seen_version=seen)
        item = of(read(world, world.deputy, found), request).row
        with pytest.raises(errors.Forbidden), world.open("requests.sign", world.deputy) as tx:
            requests.sign(tx, request, reason="同意。", study=item)


def test_signed_minutes_stay_as_they_are(world: World, owner: Owner) -> None:
    _lead, request = closing(world)
    found = held(world, request)
    for statement in (
        "UPDATE study_meeting SET version = version + 1",
        "UPDATE study_item SET reason = 'x'",
        "DELETE FROM study_attendance",
    ):
        for who in (world.lead_manager, world.deputy):
            with suppress(errors.PlumblineError, psycopg.Error), world.open("tests", who) as tx:
                tx.execute(statement)
    it = read(world, world.lead_manager, found)
    assert it.places[0].row["reason"] == "会议一致同意。"
    assert [row["name"] for row in it.present] == ["陈正平", "李志强"]
    assert it.head["status"] == "signed"
    assert owner.execute("SELECT count(*) AS n FROM audit_event WHERE table_name = 'study_item'")
