"""Petitions: which limits run for whom, and what intake owes to whoever reported."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import IllegalTransition
from app.domain.kinds import Kind
from app.domain.workflow.facts import LinkedMatter
from app.domain.workflow.plans import Effect, Request
from tests.unit.workflow_acts import (
    PROFILE,
    asked,
    carried,
    denied,
    move,
    running,
    started,
    take,
    wrong,
)
from tests.unit.workflow_world import TODAY, done, known, matter, whistleblowing

FACTS = done(PROFILE, Kind.PETITION)


def registered(class_: str, *, named: bool) -> dict[str, date]:
    form = {"class": class_, "named": named}
    facts = replace(FACTS, class_=None, named=None)
    return started(move(Kind.PETITION, "received", "register", "intake_officer", form, facts))


def test_a_petition_is_registered_the_day_it_comes() -> None:
    plan = move(Kind.PETITION, "new", "receive", "intake_officer")
    assert started(plan) == {"registration": TODAY}


def test_a_named_report_is_answered_in_fifteen_working_days() -> None:
    assert registered("report", named=True) == {
        "forwarding": date(2018, 10, 10),
        "notice_report": date(2018, 10, 24),
    }


def test_an_anonymous_report_owes_nobody_a_notice() -> None:
    assert set(registered("report", named=False)) == {"forwarding"}


@pytest.mark.parametrize("class_", ["claim", "suggestion", "other"])
def test_other_petitions_are_handled_or_answered_in_fifteen_days(class_: str) -> None:
    assert registered(class_, named=True)["notice_other"] == date(2018, 10, 15)


ACCEPT = {"jurisdiction": True, "first_report": True}


@pytest.mark.parametrize(
    ("class_", "limits"),
    [("claim", {"claim": date(2018, 11, 27)}), ("report", {}), ("suggestion", {})],
)
def test_the_sixty_days_are_for_claims_and_never_for_reports(
    class_: str, limits: dict[str, date]
) -> None:
    it = matter(PROFILE, Kind.PETITION, "registered", clocks=(running("notice_other"),))
    facts = replace(FACTS, class_=class_)
    plan = take(Kind.PETITION, "registered", "accept", "intake_officer", ACCEPT, facts, it)
    done_ = carried(plan, it, facts, who="intake_officer", last="petitions_head")
    assert started(done_) == limits
    assert ("notice_other" in (done_.clocks_stopped or ())) is (class_ == "claim")


HANDED = {"department": str(known("YC.O03")), "summary_neutral": True}


def handed(**more: object) -> str:
    facts = replace(FACTS, **more)  # type: ignore[arg-type]
    return denied(Kind.PETITION, "accepted", "hand_over", "intake_officer", HANDED, facts)


def test_a_petition_is_handed_over_with_a_lead_and_a_checked_summary() -> None:
    assert "at least one lead" in handed(leads=())
    assert "Write a summary" in handed(summary=False)
    assert "second person" in handed(summary_checked_by=None)
    same = known("petitions_head")
    assert "second person" in handed(summary_checked_by=same, summary_written_by=same)
    plan = take(Kind.PETITION, "accepted", "hand_over", "intake_officer", HANDED)
    assert isinstance(plan, Request)
    assert [step.code for step in plan.chain] == ["HH_NAMED"]


def test_a_claim_may_go_with_a_handling_task_instead_of_a_lead() -> None:
    facts = replace(FACTS, class_="claim", leads=())
    args = (Kind.PETITION, "accepted", "hand_over", "intake_officer")
    assert set(wrong(*args, HANDED, facts)) == {"handling_task"}
    assert isinstance(take(*args, {**HANDED, "handling_task": "Visit them."}, facts), Request)


def test_an_item_assigned_by_a_superior_has_three_months() -> None:
    it = matter(PROFILE, Kind.PETITION, "accepted")
    for channel, limits in (("superior", {"assigned_item": date(2018, 12, 28)}), ("letter", {})):
        facts = replace(FACTS, channel=channel)
        plan = take(Kind.PETITION, "accepted", "hand_over", "intake_officer", HANDED, facts, it)
        named = {"handler": str(known("handler"))}
        done_ = carried(plan, it, facts, who="intake_officer", last="department_head", form=named)
        assert started(done_) == limits


def test_a_petition_is_concluded_once_all_its_leads_have_outcomes() -> None:
    open_lead = LinkedMatter(id=known("l"), kind=Kind.LEAD, state="verifying")
    facts = replace(FACTS, leads=(*FACTS.leads, open_lead))
    said = denied(Kind.PETITION, "handed_over", "conclude", "handler", {"result": "r"}, facts)
    assert said == "1 of its leads have no outcome yet."


def test_a_named_reporter_hears_the_result_before_the_archive() -> None:
    waiting = matter(PROFILE, Kind.PETITION, "concluded", clocks=(running("result_notice"),))
    said = denied(Kind.PETITION, "concluded", "archive", "intake_officer", it=waiting)
    assert "has not been told the result" in said
    anonymous = replace(FACTS, named=False)
    assert isinstance(
        take(Kind.PETITION, "concluded", "archive", "intake_officer", {}, anonymous), Request
    )


def test_there_is_nobody_to_tell_of_an_anonymous_report() -> None:
    form = {"fed_back_on": TODAY, "how": "letter", "objects": False}
    anonymous = replace(FACTS, named=False)
    with pytest.raises(IllegalTransition):
        take(Kind.PETITION, "concluded", "feed_back", "intake_officer", form, facts=anonymous)


def test_an_objection_is_written_down() -> None:
    form = {"fed_back_on": TODAY, "how": "letter", "objects": True}
    args = (Kind.PETITION, "concluded", "feed_back", "intake_officer")
    assert set(wrong(*args, form)) == {"objection"}
    assert isinstance(take(*args, {**form, "objects": False}), Request)


def test_a_claim_stays_open_while_a_recheck_may_be_applied_for() -> None:
    args = (Kind.PETITION, "fed_back", "archive", "intake_officer")
    facts = replace(FACTS, class_="claim")
    window = running("recheck", due_on=TODAY)
    it = matter(PROFILE, Kind.PETITION, "fed_back", clocks=(window,))
    assert "until 2018-09-28" in denied(*args, facts=facts, it=it)
    over = replace(it, clocks=(replace(window, due_on=TODAY - timedelta(days=1)),))
    assert isinstance(take(*args, facts=facts, it=over), Request)
    assert "not answered yet" in denied(*args, facts=replace(facts, recheck_open=True), it=over)


SEAL = {"on_paper": True, "chief_reported": False}


def test_a_report_on_a_superiors_cadre_leaves_a_blind_count_and_nothing_else() -> None:
    it = matter(PROFILE, Kind.PETITION, "received", clocks=(running("registration"),))
    plan = take(Kind.PETITION, "received", "seal", "intake_officer", SEAL, it=it)
    done_ = carried(plan, it, FACTS, who="intake_officer", last="chief")
    assert (done_.to_state, done_.terminal, done_.clocks_stopped) == ("sealed", True, None)
    assert {Effect.ERASE_CONTENT, Effect.BLIND_COUNT} == set(done_.effects)


def test_a_report_on_the_chief_goes_straight_to_the_superior() -> None:
    plan = take(
        Kind.PETITION, "received", "seal", "intake_officer", {**SEAL, "chief_reported": True}
    )
    assert [step.code for step in asked(plan, "intake_officer").chain] == ["SU"]


def test_what_is_sealed_is_not_reopened() -> None:
    machine = PROFILE.machine(Kind.PETITION)
    assert machine.of("reopen", "forwarded") is not None
    assert machine.of("reopen", "sealed") is None


def test_a_report_is_acknowledged_in_seven_days_and_answered_in_three_calendar_months() -> None:
    profile = whistleblowing()
    plan = move(Kind.PETITION, "new", "receive", "intake_officer", profile=profile)
    assert started(plan) == {"acknowledgement": date(2018, 10, 5)}
    it = matter(profile, Kind.PETITION, "received", clocks=(running("acknowledgement"),))
    form = {"acknowledged_on": TODAY}
    plan = move(
        Kind.PETITION, "received", "acknowledge", "intake_officer", form, it=it, profile=profile
    )
    assert started(plan) == {"feedback": date(2018, 12, 28)}
    assert plan.clocks_stopped == ("acknowledgement",)


def test_a_concern_about_retaliation_has_a_limit_of_its_own() -> None:
    profile = whistleblowing()
    facts = done(profile, Kind.LEAD, category="retaliation")
    args = (Kind.LEAD, "new", "submit", "intake_officer")
    logged = move(*args, facts=facts, profile=profile)
    assert started(logged) == {"retaliation": date(2018, 10, 8)}
    facts = replace(facts, category="theft")
    assert started(move(*args, facts=facts, profile=profile)) == {}
