"""What each step needs, and what follows from it: guards, limits, outcomes, tasks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.domain.errors import Forbidden, IllegalTransition
from app.domain.kinds import Kind, Stage
from app.domain.money import Money
from app.domain.workflow import engine
from app.domain.workflow.facts import (
    Facts,
    Funds,
    LinkedMatter,
    OwedTask,
)
from app.domain.workflow.plans import Effect, Move, Request
from tests.unit.workflow_acts import carried, denied, move, running, started, take, wrong
from tests.unit.workflow_world import (
    ACTORS,
    STAFF,
    TODAY,
    discipline,
    done,
    known,
    matter,
    subject,
    whistleblowing,
)

PROFILE = discipline()
DAY = TODAY.isoformat()


# The table --------------------------------------------------------------------------------------


def test_a_step_that_the_table_does_not_have_is_illegal() -> None:
    with pytest.raises(IllegalTransition):
        take(Kind.LEAD, "submitted", "file", "department_head")
    with pytest.raises(IllegalTransition):
        take(Kind.LEAD, "submitted", "fly", "department_head")


def test_what_only_another_matters_approval_does_is_nobodys_to_do() -> None:
    with pytest.raises(IllegalTransition):
        take(Kind.CASE, "new", "filed_from_lead", "chief")


def test_a_step_of_another_role_is_forbidden() -> None:
    with pytest.raises(Forbidden, match="not yours"):
        take(Kind.LEAD, "registered", "assign", "department_head")


def test_whoever_keeps_off_a_matter_sees_no_step_and_takes_none() -> None:
    facts = done(PROFILE, Kind.LEAD, recused=frozenset({known("handler")}))
    it = matter(PROFILE, Kind.LEAD, "verifying")
    assert engine.actions(PROFILE, it, ACTORS["handler"], facts, TODAY) == ()
    with pytest.raises(Forbidden, match="keep off"):
        take(Kind.LEAD, "verifying", "supplement", "handler", facts=facts)


def test_the_list_says_what_is_missing_with_the_reasons_that_the_post_gives() -> None:
    facts = done(PROFILE, Kind.LEAD, repeats_checked=False)
    it = matter(PROFILE, Kind.LEAD, "submitted")
    shown = engine.actions(PROFILE, it, ACTORS["lead_manager"], facts, TODAY)
    register = next(each for each in shown if each.event == "register")
    assert not register.allowed
    said = denied(Kind.LEAD, "submitted", "register", "lead_manager", facts=facts)
    assert [str(reason) for reason in register.reasons] == [said]


# Leads --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lacking", ["source", "received_on", "what", "place"])
def test_a_lead_needs_source_date_what_and_where(lacking: str) -> None:
    facts = done(PROFILE, Kind.LEAD, **{lacking: None})
    assert "have to be stated" in denied(Kind.LEAD, "new", "submit", "handler", facts=facts)


def test_the_person_may_be_unknown() -> None:
    facts = done(PROFILE, Kind.LEAD, subjects=(), person_unknown=True)
    plan = move(Kind.LEAD, "new", "submit", "handler", facts=facts)
    assert (plan.to_state, plan.to_stage) == ("submitted", Stage.SHARE)
    assert started(plan) == {"registration": date(2018, 9, 30)}


def test_nobody_managed_by_a_higher_body_enters_the_platform() -> None:
    facts = done(PROFILE, Kind.LEAD, subjects=(subject(rank="superior_managed"),))
    assert "on paper" in denied(Kind.LEAD, "new", "submit", "handler", facts=facts)


def test_registering_starts_the_month_for_the_disposal_opinion() -> None:
    plan = move(Kind.LEAD, "submitted", "register", "lead_manager", {"repeats_checked": True})
    assert started(plan) == {"distribution": date(2018, 9, 30), "disposal": date(2018, 10, 29)}


def test_each_person_needs_a_code_before_registration() -> None:
    facts = done(PROFILE, Kind.LEAD, subjects=(subject(code=None),))
    assert "code" in denied(Kind.LEAD, "submitted", "register", "lead_manager", facts=facts)


def test_a_lead_goes_to_a_department_that_somebody_heads() -> None:
    form = {"department": str(known("YC.O03")), "no_conflict": True}
    assert isinstance(take(Kind.LEAD, "registered", "assign", "lead_manager", form), Request)
    facts = done(PROFILE, Kind.LEAD, holders={})
    found = wrong(Kind.LEAD, "registered", "assign", "lead_manager", form, facts)
    assert "Nobody heads this department" in found["department"]


def test_nobody_named_in_a_lead_handles_it() -> None:
    facts = done(PROFILE, Kind.LEAD, conflicted=frozenset({known("officer")}))
    form = {"handler": str(known("officer"))}
    found = wrong(Kind.LEAD, "assigned", "take_on", "department_head", form, facts)
    assert found == {"handler": "This person keeps off the matter."}
    form = {"handler": str(known("chief"))}
    found = wrong(Kind.LEAD, "assigned", "take_on", "department_head", form)
    assert found == {"handler": "This person does not handle matters."}


def test_a_verification_takes_two() -> None:
    lone = matter(PROFILE, Kind.LEAD, "disposal_proposed")
    lone = replace(lone, team=lone.team[:1])
    form = {"checkable": "c", "plan": "p", "team": [str(known("handler"))]}
    args = (Kind.LEAD, "disposal_proposed", "verify", "department_head")
    assert wrong(*args, form, it=lone) == {"team": "The team needs at least 2 members."}
    form["team"] = [str(known("handler")), str(known("officer"))]
    assert isinstance(take(*args, form, it=lone), Request)


def test_a_hold_is_renewed_twice_at_most() -> None:
    form = {"tried": "t", "not_excluded": "n"}
    for renewals in (0, 1):
        facts = done(PROFILE, Kind.LEAD, renewals=renewals)
        take(Kind.LEAD, "held", "renew_hold", "department_head", form, facts)
    facts = done(PROFILE, Kind.LEAD, renewals=2)
    said = denied(Kind.LEAD, "held", "renew_hold", "department_head", form, facts)
    assert "verify or close it now" in said


def test_the_reply_ends_its_limit_and_begins_that_of_the_report() -> None:
    it = matter(
        PROFILE, Kind.LEAD, "talk_letter", clocks=(running("reply"), running("chase_reply"))
    )
    form = {"kind": "reply", "from": "subject", "what": "It was spent on the road."}
    plan = move(Kind.LEAD, "talk_letter", "supplement", "handler", form, it=it)
    assert set(plan.clocks_stopped or ()) == {"reply", "chase_reply"}
    assert started(plan) == {"talk_report": date(2018, 10, 29)}
    form["kind"] = "new_facts"
    plan = move(Kind.LEAD, "talk_letter", "supplement", "handler", form, it=it)
    assert (plan.clocks_stopped, plan.clocks_started) == ((), ())


def test_a_limit_that_runs_is_not_started_again() -> None:
    it = matter(PROFILE, Kind.LEAD, "talk_letter", clocks=(running("talk_report"),))
    form = {"kind": "reply", "from": "subject", "what": "More."}
    plan = move(Kind.LEAD, "talk_letter", "supplement", "handler", form, it=it)
    assert plan.clocks_started == ()


def outcomes(**by: str) -> list[dict[str, str]]:
    return [{"subject": str(known(name)), "measure": measure} for name, measure in by.items()]


def conclude(rows: list[dict[str, str]], facts: Facts | None = None) -> dict[str, str]:
    args = (Kind.LEAD, "result_proposed", "conclude", "department_head")
    return wrong(*args, {"basis": "b", "outcomes": rows}, facts)


def test_every_subject_gets_an_outcome() -> None:
    assert conclude(outcomes(Liang="criticism"))["outcomes"].endswith("1 have no outcome yet.")


def test_an_outcome_is_one_that_this_matter_decides_for_somebody_in_it() -> None:
    rows = [*outcomes(Liang="party_warning", Qiu="criticism", Stranger="criticism")]
    found = conclude(rows)
    assert found["outcomes.0.measure"] == "This outcome is not decided here."
    assert found["outcomes.2.subject"] == "This person is not reported in the matter."


def test_not_borne_out_goes_with_nothing_else() -> None:
    rows = [*outcomes(Liang="unfounded"), *outcomes(Liang="criticism", Qiu="unfounded")]
    assert conclude(rows)["outcomes.1.measure"] == "Not borne out goes with no other outcome."


def test_a_filing_is_a_step_of_its_own() -> None:
    assert "step of its own" in conclude(outcomes(Liang="filed", Qiu="unfounded"))["outcomes"]


def result(event: str, form: Mapping[str, object]) -> Move:
    it, facts = matter(PROFILE, Kind.LEAD, "result_proposed"), done(PROFILE, Kind.LEAD)
    plan = take(Kind.LEAD, "result_proposed", event, "department_head", form, facts, it)
    return carried(plan, it, facts, who="department_head", last="chief")


def owed(plan: Move) -> set[tuple[str, str]]:
    names = {known("Liang"): "Liang", known("Qiu"): "Qiu"}
    return {(task.kind, names[task.involvement_id]) for task in plan.tasks if task.involvement_id}


def test_the_matter_follows_the_heaviest_and_the_others_are_owed_a_notice() -> None:
    form = {"facts_held": "f", "accountable": True, "organ": "party"}
    form["outcomes"] = outcomes(Liang="filed", Qiu="unfounded")
    plan = result("file", form)
    assert (plan.to_state, plan.terminal) == ("filed", True)
    assert owed(plan) == {("notice", "Qiu"), ("clearance", "Qiu")}
    assert {Effect.RECORD_OUTCOMES, Effect.OPEN_CASE} <= set(plan.effects)
    assert plan.clocks_stopped is None
    assert plan.changes == {"closed_on": DAY}


def test_without_another_word_a_case_is_filed_on_everybody() -> None:
    plan = result("file", {"facts_held": "f", "accountable": True, "organ": "both"})
    assert plan.form["outcomes"] == outcomes(Liang="filed", Qiu="filed")
    assert owed(plan) == set()


def test_everybody_is_told_and_whoever_is_cleared_is_cleared() -> None:
    form = {"basis": "b", "outcomes": outcomes(Liang="criticism", Qiu="unfounded")}
    plan = result("conclude", form)
    assert plan.to_state == "notifying"
    assert owed(plan) == {("notice", "Liang"), ("notice", "Qiu"), ("clearance", "Qiu")}
    assert started(plan) == {"notifying": date(2018, 10, 29)}


def test_closing_checks_what_is_still_owed() -> None:
    facts = done(PROFILE, Kind.LEAD, tasks=(OwedTask(kind="notice"),))
    said = denied(Kind.LEAD, "notifying", "close", "handler", {"unit_told_on": TODAY}, facts)
    assert "1 open" in said


def test_a_filed_lead_is_reopened_only_once_its_case_has_ended() -> None:
    case = LinkedMatter(id=known("case"), kind=Kind.CASE, state="investigating")
    facts = done(PROFILE, Kind.LEAD, cases=(case,))
    form = {"new_facts": "n"}
    assert "still open" in denied(Kind.LEAD, "filed", "reopen", "lead_manager", form, facts)
    facts = replace(facts, cases=(replace(case, closed=True),))
    assert isinstance(take(Kind.LEAD, "filed", "reopen", "lead_manager", form, facts), Request)


def test_a_reopened_lead_needs_somebody_to_handle_it() -> None:
    bare = matter(PROFILE, Kind.LEAD, "not_taken_up", team=(), assigned_path=None)
    args = (Kind.LEAD, "not_taken_up", "reopen", "lead_manager")
    assert set(wrong(*args, {"new_facts": "n"}, it=bare)) == {"department", "handler"}


# Cases --------------------------------------------------------------------------------------------


def test_the_investigation_is_reported_once_each_statement_is_answered() -> None:
    form = {"report": "r", "opinion_heard": "o", "proposal": "p", "crime_suspected": False}
    for heard, said in (
        ({"statement": False, "answered": False}, "not recorded: 1"),
        ({"answered": False}, "no answer yet: 1"),
    ):
        facts = done(PROFILE, Kind.CASE, subjects=(subject(), subject("Qiu", **heard)))
        assert said in denied(Kind.CASE, "fact_meeting", "report", "handler", form, facts)


def test_no_sanction_is_decided_before_statement_and_answer() -> None:
    form = {"outcomes": outcomes(Liang="party_warning"), "not_aggravated": True}
    facts = done(PROFILE, Kind.CASE, subjects=(subject(answered=False),))
    said = denied(Kind.CASE, "deliberating", "decide", "adjudicator", form, facts)
    assert "no answer yet" in said


@pytest.mark.parametrize(
    ("who", "measure", "said"),
    [
        ({"member": False}, "party_warning", "Only a Party member"),
        (
            {"public_employee": False, "rank": "village_staff"},
            "administrative_removal",
            "village manager",
        ),
        ({"public_employee": False}, "administrative_warning", "Only a public employee"),
        ({"organisation": True}, "party_warning", "An organisation"),
    ],
)
def test_nobody_gets_a_sanction_that_they_cannot_receive(
    who: dict[str, object], measure: str, said: str
) -> None:
    form = {"outcomes": outcomes(Liang=measure), "not_aggravated": True}
    facts = done(PROFILE, Kind.CASE, subjects=(subject(**who),))
    found = wrong(Kind.CASE, "deliberating", "decide", "adjudicator", form, facts)
    assert said in found["outcomes.0.measure"]


def test_one_sanction_of_a_kind_a_person() -> None:
    rows = [*outcomes(Liang="party_warning"), *outcomes(Liang="party_expulsion")]
    facts = done(PROFILE, Kind.CASE, subjects=(subject(),))
    form = {"outcomes": rows, "not_aggravated": True}
    found = wrong(Kind.CASE, "deliberating", "decide", "adjudicator", form, facts)
    assert found == {"outcomes.1.measure": "One sanction of a kind for the same person."}


def test_a_decision_is_served_only_with_the_review_that_is_open() -> None:
    form: dict[str, object] = {"served_on": TODAY, "opinion_signed": True}
    found = wrong(Kind.CASE, "decided", "serve", "handler", form)
    assert set(found) == {"reviews", "review_where", "review_until"}
    form |= {"reviews": ["reexamination"], "review_where": "Here", "review_until": "2018-09-27"}
    found = wrong(Kind.CASE, "decided", "serve", "handler", form)
    assert found == {"review_until": "This day is over."}
    form["review_until"] = "2018-10-28"
    assert isinstance(take(Kind.CASE, "decided", "serve", "handler", form), Request)


def test_a_suspected_crime_is_sent_before_the_case_closes() -> None:
    form = {"unit_report_on": TODAY}
    facts = done(PROFILE, Kind.CASE, prosecution="suspected")
    assert "prosecution first" in denied(Kind.CASE, "executing", "close", "handler", form, facts)
    facts = replace(facts, prosecution="sent")
    assert isinstance(take(Kind.CASE, "executing", "close", "handler", form, facts), Request)


def test_prosecution_comes_back_twice_at_most() -> None:
    form = {"returned_on": TODAY, "wanted": "w"}
    facts = done(PROFILE, Kind.CASE, prosecution="sent", prosecution_returns=2)
    said = denied(Kind.CASE, "decided", "prosecution_returned", "handler", form, facts)
    assert "2 times" in said


def test_money_is_settled_or_tracked_when_a_case_closes() -> None:
    facts = done(PROFILE, Kind.CASE, funds=Funds(open_items=2))
    form: dict[str, object] = {"unit_report_on": TODAY}
    found = wrong(Kind.CASE, "executing", "close", "handler", form, facts)
    assert "2 fund items" in found["money_tracked"]
    form["money_tracked"] = "Checked each month."
    assert isinstance(take(Kind.CASE, "executing", "close", "handler", form, facts), Request)


def test_a_lead_opens_its_case_with_the_year_running() -> None:
    it = matter(PROFILE, Kind.CASE, "new")
    plan = engine.opened(PROFILE, it, ACTORS["chief"], done(PROFILE, Kind.CASE), {}, TODAY)
    assert (plan.event, plan.to_state) == ("filed_from_lead", "filed")
    assert started(plan) == {"decision": date(2019, 9, 29)}


def test_a_concern_opens_its_investigation_by_the_same_function() -> None:
    profile = whistleblowing()
    it = matter(profile, Kind.CASE, "new")
    plan = engine.opened(profile, it, STAFF["handler"], done(profile, Kind.CASE), {}, TODAY)
    assert (plan.event, plan.to_state) == ("opened_from_concern", "opened")


def test_nothing_opens_a_lead() -> None:
    it = matter(PROFILE, Kind.LEAD, "new")
    with pytest.raises(IllegalTransition):
        engine.opened(PROFILE, it, ACTORS["chief"], done(PROFILE, Kind.LEAD), {}, TODAY)


# Funds --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["assessing", "held", "closed"])
def test_nothing_comes_in_before_a_verification_or_a_talk(state: str) -> None:
    origin = LinkedMatter(id=known("lead"), kind=Kind.LEAD, state=state)
    facts = done(PROFILE, Kind.FUND_ITEM, origin=origin)
    assert "Nothing can come in" in denied(
        Kind.FUND_ITEM, "new", "identify", "handler", facts=facts
    )


CONTROL = {"measure": "seizure", "controlled_on": DAY, "witness": "w", "list_signed": True}


def test_seizure_needs_a_filed_case() -> None:
    origin = LinkedMatter(id=known("lead"), kind=Kind.LEAD, state="verifying")
    facts = done(PROFILE, Kind.FUND_ITEM, origin=origin)
    found = wrong(Kind.FUND_ITEM, "identified", "control", "handler", CONTROL, facts)
    assert "need a filed case" in found["measure"]
    take(Kind.FUND_ITEM, "identified", "control", "handler", {**CONTROL, "measure": "surrender"})
    take(Kind.FUND_ITEM, "identified", "control", "handler", CONTROL)


def held(yuan: str) -> Facts:
    return done(PROFILE, Kind.FUND_ITEM, funds=Funds(received=Money.yuan(yuan)))


def split(**parts: str) -> dict[str, object]:
    return {"splits": [{"destination": key, "amount": part} for key, part in parts.items()]}


def test_the_parts_of_a_decision_add_up_to_what_is_held() -> None:
    args = (Kind.FUND_ITEM, "disposal_proposed", "decide_disposal", "adjudicator")
    found = wrong(*args, split(refund="10.00", treasury="5.00"), held("12.00"))
    assert found == {"splits": "The parts add up to 15.00 yuan, 12.00 are held."}
    take(*args, split(refund="7.00", treasury="5.00"), held("12.00"))


def test_the_return_list_adds_up_to_what_goes_back() -> None:
    form = {"list_published": True}
    funds = Funds(splits={"refund": Money.yuan("10")}, payees=2, payees_total=Money.yuan("9"))
    facts = done(PROFILE, Kind.FUND_ITEM, funds=funds)
    said = denied(Kind.FUND_ITEM, "decided", "list_payees", "finance", form, facts)
    assert "adds up to 9.00 yuan, the decision says 10.00" in said


def test_nothing_is_settled_while_money_is_held_or_somebody_waits() -> None:
    form = {"settled_on": DAY}
    funds = Funds(received=Money.yuan("3"), payees_unsigned=1)
    facts = done(PROFILE, Kind.FUND_ITEM, funds=funds)
    said = denied(Kind.FUND_ITEM, "settling", "settle", "finance", form, facts)
    assert "are not paid or have not signed: 1" in said
    assert "3.00 yuan are still in custody" in said


def test_who_pays_is_none_of_those_who_took_in_kept_or_decided() -> None:
    facts = done(PROFILE, Kind.FUND_ITEM)
    facts = replace(facts, funds=replace(facts.funds, kept_by=known("finance")))
    said = denied(
        Kind.FUND_ITEM, "decided", "list_payees", "finance", {"list_published": True}, facts
    )
    assert "four different people" in said
