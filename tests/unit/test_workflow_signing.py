"""Signatures: in turn, once each, never by whoever asked, and the last one moves the matter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import Denied, Forbidden, IllegalTransition, Invalid
from app.domain.kinds import Kind
from app.domain.permissions import Role, RoleGrant
from app.domain.workflow import engine
from app.domain.workflow.facts import (
    Facts,
    MatterSnapshot,
    RequestSnapshot,
    SignatureSnapshot,
    TeamMember,
)
from app.domain.workflow.plans import Effect, Move, Plan, Request, Signed
from tests.unit.workflow_world import (
    ACTORS,
    TEAM,
    TODAY,
    discipline,
    done,
    known,
    matter,
    subject,
    whistleblowing,
)

PROFILE = discipline()
HOLD = {"tried": "Visited twice.", "not_excluded": "The account book is missing."}
SITTING = {
    "held_on": TODAY,
    "chair": "Chen",
    "present": ["Chen", "Feng", "Gao", "Xu"],
    "recused": [],
    "votes_for": 4,
    "votes_against": 0,
    "abstained": 0,
    "minutes": "No. 23",
}


def ask(
    kind: Kind,
    state: str,
    event: str,
    who: str,
    form: Mapping[str, object],
    facts: Facts | None = None,
    **more: object,
) -> tuple[MatterSnapshot, RequestSnapshot]:
    it = matter(PROFILE, kind, state, **more)
    facts = facts or done(PROFILE, kind)
    plan = engine.decide(PROFILE, it, event, ACTORS[who], facts, form, TODAY, reason="Because.")
    assert isinstance(plan, Request)
    request = RequestSnapshot(
        id=known("request"),
        event=plan.event,
        from_state=plan.from_state,
        to_state=plan.to_state,
        form=plan.form,
        requested_by=known(who),
        chain=plan.chain,
        next_position=1,
        reason=plan.reason,
    )
    return replace(it, request=request), request


def signed_by(request: RequestSnapshot, *names: str) -> RequestSnapshot:
    made = tuple(
        SignatureSnapshot(position=n, account_id=known(name))
        for n, name in enumerate(names, start=1)
    )
    return replace(request, signatures=made, next_position=len(names) + 1)


def sign(
    it: MatterSnapshot,
    request: RequestSnapshot,
    who: str,
    verdict: engine.Verdict = "sign",
    facts: Facts | None = None,
    form: Mapping[str, object] | None = None,
) -> Plan:
    facts = facts or done(PROFILE, it.kind)
    return engine.sign(
        PROFILE, it, request, ACTORS[who], verdict, facts, TODAY, reason="Agreed.", form=form or {}
    )


@pytest.fixture
def held() -> tuple[MatterSnapshot, RequestSnapshot]:
    """The head asks for a hold; the deputy reviews, the chief decides."""
    return ask(Kind.LEAD, "disposal_proposed", "hold", "department_head", HOLD)


def test_each_hand_takes_the_request_one_place_further(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    plan = sign(it, request, "deputy")
    assert isinstance(plan, Signed)
    assert (plan.signature.position, plan.signature.code) == (1, "DL")
    assert plan.next_step.code == "CH"


def test_the_last_signature_moves_the_matter(held: tuple[MatterSnapshot, RequestSnapshot]) -> None:
    it, request = held
    plan = sign(it, signed_by(request, "deputy"), "chief")
    assert isinstance(plan, Move)
    assert plan.to_state == "held"
    assert plan.request_ends == "approved"
    assert plan.signature is not None
    assert plan.signature.verdict == "sign"
    assert plan.method == "hold"
    assert [clock.rule for clock in plan.clocks_started] == ["hold_review"]
    assert plan.form["tried"] == HOLD["tried"]
    assert plan.reason == "Because."


def test_the_requester_cannot_sign(held: tuple[MatterSnapshot, RequestSnapshot]) -> None:
    it, request = held
    with pytest.raises(Forbidden, match="You asked for this"):
        sign(it, request, "department_head")


def test_the_requester_cannot_sign_in_another_role_either(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    boss = ACTORS["department_head"]
    both = replace(boss, grants=(*boss.grants, RoleGrant(Role.DEPUTY, it.unit_path)))
    with pytest.raises(Forbidden, match="You asked for this"):
        engine.sign(
            PROFILE, it, request, both, "sign", done(PROFILE, Kind.LEAD), TODAY, reason="Yes"
        )


def test_nobody_signs_twice(held: tuple[MatterSnapshot, RequestSnapshot]) -> None:
    it, request = held
    deputy = ACTORS["deputy"]
    both = replace(deputy, grants=(*deputy.grants, RoleGrant(Role.CHIEF, it.unit_path)))
    with pytest.raises(Forbidden, match="signed this already"):
        engine.sign(
            PROFILE,
            it,
            signed_by(request, "deputy"),
            both,
            "sign",
            done(PROFILE, Kind.LEAD),
            TODAY,
            reason="Yes",
        )


@pytest.mark.parametrize("who", ["chief", "liaison", "other_department_head", "handler"])
def test_nobody_signs_out_of_turn_or_without_the_role(
    held: tuple[MatterSnapshot, RequestSnapshot], who: str
) -> None:
    it, request = held
    with pytest.raises(Forbidden, match="not your turn"):
        sign(it, request, who)


def test_whoever_is_named_in_the_matter_cannot_sign(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    facts = done(PROFILE, Kind.LEAD, conflicted=frozenset({known("deputy")}))
    with pytest.raises(Forbidden, match="keep off"):
        sign(it, request, "deputy", facts=facts)


def test_a_return_ends_the_request_and_leaves_the_matter_where_it_is(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    plan = sign(it, request, "deputy", "return")
    assert isinstance(plan, Move)
    assert (plan.to_state, plan.request_ends) == ("disposal_proposed", "returned")
    assert plan.signature is not None
    assert plan.signature.verdict == "return"
    assert plan.clocks_stopped == ()
    assert plan.clocks_started == ()


def test_a_signature_and_a_return_need_a_reason(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    for verdict in ("sign", "return"):
        with pytest.raises(Invalid):
            engine.sign(
                PROFILE,
                it,
                request,
                ACTORS["deputy"],
                verdict,
                done(PROFILE, Kind.LEAD),
                TODAY,
                reason="  ",
            )


def test_a_request_from_a_state_that_has_passed_is_void(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    with pytest.raises(IllegalTransition):
        sign(replace(it, state="assessing"), request, "deputy")


def test_guards_are_judged_again_at_each_signature() -> None:
    form = {"basis": "No evidence.", "outcomes": _outcomes("unfounded")}
    facts = done(PROFILE, Kind.LEAD)
    it, request = ask(Kind.LEAD, "result_proposed", "conclude", "department_head", form, facts)
    nobody = replace(facts, subjects=())
    with pytest.raises(Denied, match="Name at least one person"):
        sign(it, request, "deputy", facts=nobody)


def _outcomes(measure: str) -> list[dict[str, str]]:
    return [{"subject": str(known(name)), "measure": measure} for name in ("Liang", "Qiu")]


def test_what_the_form_promised_is_checked_again_at_the_last_signature() -> None:
    decided = {"outcomes": _outcomes("party_warning"), "not_aggravated": True}
    facts = done(PROFILE, Kind.CASE)
    it, request = ask(Kind.CASE, "deliberating", "decide", "adjudicator", decided, facts)
    left = replace(facts, subjects=(subject("Liang"), subject("Qiu", member=False, code="02")))
    with pytest.raises(Denied, match="Only a Party member"):
        sign(it, request, "secretary", facts=left, form=SITTING)


# Taking back and reworking ------------------------------------------------------------------------


def test_the_requester_takes_back_before_the_first_signature(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, _ = held
    facts = done(PROFILE, Kind.LEAD)
    plan = engine.decide(PROFILE, it, "take_back", ACTORS["department_head"], facts, {}, TODAY)
    assert isinstance(plan, Move)
    assert (plan.to_state, plan.request_ends) == ("disposal_proposed", "taken_back")


def test_nothing_is_taken_back_once_somebody_signed(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    later = replace(it, request=signed_by(request, "deputy"))
    facts = done(PROFILE, Kind.LEAD)
    with pytest.raises(Denied, match="can only be returned"):
        engine.decide(PROFILE, later, "take_back", ACTORS["department_head"], facts, {}, TODAY)


def test_nobody_takes_back_what_another_asked_for(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, _ = held
    facts = done(PROFILE, Kind.LEAD)
    with pytest.raises(Forbidden):
        engine.decide(PROFILE, it, "take_back", ACTORS["deputy"], facts, {}, TODAY)


def test_the_next_signer_sends_a_proposal_back_to_be_done_again(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, _ = held
    facts, form = done(PROFILE, Kind.LEAD), {"reason": "The account book was not looked at."}
    plan = engine.decide(PROFILE, it, "rework", ACTORS["deputy"], facts, form, TODAY)
    assert isinstance(plan, Move)
    assert (plan.to_state, plan.request_ends) == ("assessing", "returned")
    assert plan.signature is not None
    assert plan.signature.verdict == "return"


def test_rework_goes_back_to_where_the_proposal_came_from() -> None:
    for origin in ("verifying", "talk_letter"):
        it = matter(PROFILE, Kind.LEAD, "result_proposed", came_from=origin)
        facts, form = done(PROFILE, Kind.LEAD), {"reason": "Again."}
        plan = engine.decide(PROFILE, it, "rework", ACTORS["department_head"], facts, form, TODAY)
        assert isinstance(plan, Move)
        assert plan.to_state == origin
        assert plan.request_ends is None


def test_return_by_the_list_of_steps_is_the_same_as_by_signing(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = held
    facts = done(PROFILE, Kind.LEAD)
    plan = engine.decide(
        PROFILE, it, "return", ACTORS["deputy"], facts, {}, TODAY, reason="Agreed."
    )
    assert plan == sign(it, request, "deputy", "return")


def test_while_a_request_waits_nothing_else_moves(
    held: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, _ = held
    facts = done(PROFILE, Kind.LEAD)
    with pytest.raises(Denied, match="waits for signatures"):
        engine.decide(PROFILE, it, "verify", ACTORS["department_head"], facts, {}, TODAY)
    chased = engine.decide(
        PROFILE,
        it,
        "chase",
        ACTORS["lead_manager"],
        facts,
        {"reply_by": TODAY + timedelta(days=5), "wanted": "Sign it."},
        TODAY,
    )
    assert isinstance(chased, Move)
    assert chased.request_ends is None


# The team -----------------------------------------------------------------------------------------


REPORT = {"allegations": "a", "findings": "b", "proposal": "c"}


def test_each_member_signs_their_own_place() -> None:
    third = TeamMember(account_id=known("other_investigator"), name="third")
    it, request = ask(
        Kind.LEAD, "verifying", "report_verification", "handler", REPORT, team=(*TEAM, third)
    )
    assert isinstance(sign(it, request, "officer"), Signed)
    with pytest.raises(Forbidden, match="not your turn"):
        sign(it, request, "other_investigator")
    assert isinstance(sign(it, signed_by(request, "officer"), "other_investigator"), Signed)


def test_a_report_whose_signer_has_left_the_team_can_be_sent_back_by_the_next() -> None:
    it, request = ask(Kind.LEAD, "verifying", "report_verification", "handler", REPORT)
    left = replace(it, team=TEAM[:1])
    with pytest.raises(Forbidden):
        sign(left, request, "officer")
    plan = sign(left, request, "department_head", "return")
    assert isinstance(plan, Move)
    assert plan.request_ends == "returned"
    with pytest.raises(Forbidden):
        sign(it, request, "department_head", "return")


def test_a_second_officer_is_another_member_of_the_team() -> None:
    form = {"announced_on": TODAY, "unit_told_on": TODAY, "plan": "p"}
    it, request = ask(Kind.CASE, "filed", "announce_filing", "handler", form)
    with pytest.raises(Forbidden):
        sign(it, request, "other_investigator")
    plan = sign(it, request, "officer")
    assert isinstance(plan, Move)
    assert plan.to_state == "investigating"


def test_the_decision_maker_is_outside_the_team() -> None:
    profile = whistleblowing()
    boss = TeamMember(account_id=known("chief"), name="chief")
    form = {"outcomes": _outcomes("substantiated"), "reason": "r"}
    facts = done(profile, Kind.CASE)
    it = matter(profile, Kind.CASE, "reported", team=(*TEAM, boss))
    with pytest.raises(Denied, match="can't be signed"):
        engine.decide(profile, it, "decide", ACTORS["handler"], facts, form, TODAY)


# Committees ---------------------------------------------------------------------------------------


@pytest.fixture
def sitting() -> tuple[MatterSnapshot, RequestSnapshot]:
    form = {"outcomes": _outcomes("party_warning"), "not_aggravated": True}
    return ask(Kind.CASE, "deliberating", "decide", "adjudicator", form)


def test_the_secretary_records_the_sitting_with_the_signature(
    sitting: tuple[MatterSnapshot, RequestSnapshot],
) -> None:
    it, request = sitting
    plan = sign(it, request, "secretary", form=SITTING)
    assert isinstance(plan, Move)
    assert Effect.RECORD_DECISION in plan.effects
    recorded = plan.form["sitting"]
    assert isinstance(recorded, dict)
    assert recorded["body"] == "standing_committee"
    assert recorded["votes_for"] == 4
    assert recorded["held_on"] == "2018-09-28"
    assert "chair" not in plan.form


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minutes": ""}, "minutes"),
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"present": ["Chen", "Feng"]}, "present"),
        ({"chair": "Nobody"}, "chair"),
        ({"recused": ["Feng"]}, "recused"),
        ({"votes_for": 5}, "votes_for"),
        ({"votes_for": 2, "votes_against": 2}, "votes_for"),
        ({"votes_against": -1}, "votes_against"),
    ],
)
def test_a_sitting_without_quorum_majority_or_minutes_decides_nothing(
    sitting: tuple[MatterSnapshot, RequestSnapshot], change: dict[str, object], field: str
) -> None:
    it, request = sitting
    with pytest.raises(Invalid) as caught:
        sign(it, request, "secretary", form={**SITTING, **change})
    assert field in {error.field for error in caught.value.errors}


def test_two_committees_record_a_sitting_each() -> None:
    facts = done(PROFILE, Kind.CASE, subjects=(subject(rank="next_lower_head"),))
    outcomes = [{"subject": str(known("Liang")), "measure": "party_warning"}]
    form = {"outcomes": outcomes, "not_aggravated": True}
    it, request = ask(Kind.CASE, "deliberating", "decide", "adjudicator", form, facts)
    first = sign(it, request, "secretary", facts=facts, form=SITTING)
    assert isinstance(first, Signed)
    assert first.sitting is not None
    assert first.sitting["body"] == "standing_committee"
    second = sign(
        it, signed_by(request, "secretary"), "second_secretary", facts=facts, form=SITTING
    )
    assert isinstance(second, Move)
    recorded = second.form["sitting"]
    assert isinstance(recorded, dict)
    assert recorded["body"] == "party_committee"


def test_the_head_who_takes_a_petition_names_its_handler_with_the_signature() -> None:
    form = {"department": str(known("YC.O03")), "summary_neutral": True}
    it, request = ask(Kind.PETITION, "accepted", "hand_over", "intake_officer", form)
    with pytest.raises(Invalid) as caught:
        sign(it, request, "department_head")
    assert [error.field for error in caught.value.errors] == ["handler"]
    plan = sign(it, request, "department_head", form={"handler": str(known("handler"))})
    assert isinstance(plan, Move)
    assert plan.form["handler"] == str(known("handler"))
    assert {Effect.ASSIGN, Effect.NAME_HANDLER} <= set(plan.effects)
