"""The exceptions that every kind of matter has: void, suspend, extend, merge, transfer, recuse."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.deadlines import Unit
from app.domain.errors import Forbidden, IllegalTransition
from app.domain.kinds import Kind
from app.domain.workflow import engine
from app.domain.workflow.facts import MatterSnapshot
from app.domain.workflow.plans import Effect, Move, Request
from tests.unit.workflow_acts import PROFILE, carried, denied, move, running, take, wrong
from tests.unit.workflow_world import ACTORS, TODAY, done, known, matter, subject

FACTS = done(PROFILE, Kind.LEAD)
VERIFYING = matter(PROFILE, Kind.LEAD, "verifying", clocks=(running("verification"),))


def events(it: MatterSnapshot, who: str) -> set[str]:
    facts = done(PROFILE, it.kind)
    return {each.event for each in engine.actions(PROFILE, it, ACTORS[who], facts, TODAY)}


# Void -------------------------------------------------------------------------------------------


def test_only_whoever_logged_it_asks_to_void_it() -> None:
    form = {"mistake": "Entered twice."}
    own = matter(PROFILE, Kind.LEAD, "submitted", made_by=known("reporting_unit"))
    plan = take(Kind.LEAD, "submitted", "void", "reporting_unit", form, it=own)
    assert isinstance(plan, Request)
    with pytest.raises(Forbidden):
        take(Kind.LEAD, "submitted", "void", "lead_manager", form, it=own)


def test_nothing_is_voided_on_which_something_rests() -> None:
    own = matter(PROFILE, Kind.LEAD, "submitted", made_by=known("handler"))
    facts = done(PROFILE, Kind.LEAD, resting=True)
    form = {"mistake": "m"}
    assert "rest on it" in denied(Kind.LEAD, "submitted", "void", "handler", form, facts, own)


def test_a_lead_managers_own_mistake_is_voided_by_the_other_lead_manager() -> None:
    own = matter(PROFILE, Kind.LEAD, "registered", made_by=known("lead_manager"))
    plan = take(Kind.LEAD, "registered", "void", "lead_manager", {"mistake": "m"}, it=own)
    assert isinstance(plan, Request)
    assert plan.chain[0].candidates == ("second_lead_manager",)


def test_a_drafted_case_that_nobody_approved_can_be_voided() -> None:
    own = matter(PROFILE, Kind.CASE, "new", made_by=known("handler"))
    assert "void" in events(own, "handler")
    assert "chase" not in events(own, "lead_manager")


# Suspend and resume -------------------------------------------------------------------------------


SUSPENSION = running("suspension", unit=Unit.DAY, amount=30)


def test_a_suspension_names_the_day_on_which_it_is_looked_at_again() -> None:
    form = {"why": "appraisal", "review_on": "2018-12-03"}
    plan = take(Kind.LEAD, "verifying", "suspend", "department_head", form, it=VERIFYING)
    done_ = carried(plan, VERIFYING, FACTS, who="department_head", last="deputy")
    assert Effect.PAUSE_CLOCKS in done_.effects
    (clock,) = done_.clocks_started
    assert (clock.rule, clock.due.due_on, clock.due.named) == (
        "suspension",
        date(2018, 12, 3),
        True,
    )
    assert done_.to_state == "verifying"


def test_what_is_suspended_moves_no_further_until_it_is_resumed() -> None:
    it = replace(VERIFYING, clocks=(*VERIFYING.clocks, SUSPENSION))
    form = {"allegations": "a", "findings": "f", "proposal": "p"}
    said = denied(Kind.LEAD, "verifying", "report_verification", "handler", form, it=it)
    assert "resume it first" in said
    assert "suspend" not in events(it, "department_head")
    assert "resume" in events(it, "department_head")
    assert "resume" not in events(VERIFYING, "department_head")
    resumed = take(
        Kind.LEAD, "verifying", "resume", "department_head", {"what_changed": "w"}, it=it
    )
    done_ = carried(resumed, it, FACTS, who="department_head", last="deputy")
    assert done_.clocks_stopped == ("suspension",)
    assert Effect.RESUME_CLOCKS in done_.effects


def test_a_case_is_suspended_by_the_chief() -> None:
    form = {"why": "appraisal", "review_on": "2018-12-03"}
    plan = take(Kind.CASE, "investigating", "suspend", "department_head", form)
    assert isinstance(plan, Request)
    assert [step.code for step in plan.chain] == ["DL", "CH"]


# Extend -------------------------------------------------------------------------------------------


def extended(it: MatterSnapshot, rule: str, last: str) -> Move:
    facts = done(PROFILE, it.kind)
    plan = take(it.kind, it.state, "extend", "handler", {"clock": rule}, facts, it)
    return carried(plan, it, facts, who="handler", last=last)


def test_an_extension_counts_from_the_start_with_what_was_added() -> None:
    clock = running("verification", started_on=date(2018, 8, 9), amount=2,
                    due_on=date(2018, 10, 9))  # fmt: skip
    plan = extended(replace(VERIFYING, clocks=(clock,)), "verification", "deputy")
    assert plan.extension is not None
    assert plan.extension.due.due_on == date(2018, 11, 9)
    assert (plan.extension.by, plan.extension.extensions) == (1, 1)
    assert plan.to_state == "verifying"
    assert plan.clocks_stopped == ()
    said = " ".join(str(each) for each in plan.extension.due.explain())
    assert "2 months after 2018-08-09" in said
    assert "Extended by one month." in said


def test_a_second_extension_is_added_to_the_first() -> None:
    clock = running("verification", started_on=date(2018, 7, 9), amount=2, extensions=1,
                    extended=1, due_on=date(2018, 10, 9))  # fmt: skip
    plan = extended(replace(VERIFYING, clocks=(clock,)), "verification", "chief")
    assert plan.extension is not None
    assert plan.extension.due.due_on == date(2018, 11, 9)
    assert (plan.extension.by, plan.extension.extensions) == (2, 2)


def test_the_year_of_a_case_is_lengthened_by_six_months() -> None:
    clock = running("decision", started_on=date(2017, 10, 9), amount=1, unit=Unit.YEAR,
                    due_on=date(2018, 10, 9))  # fmt: skip
    it = matter(PROFILE, Kind.CASE, "investigating", clocks=(clock,))
    plan = extended(it, "decision", "liaison")
    assert plan.extension is not None
    assert plan.extension.due.due_on == date(2019, 4, 9)


def test_a_limit_is_extended_before_it_expires_and_only_so_often() -> None:
    late = running("verification", due_on=TODAY - timedelta(days=1))
    used = running("verification", extensions=2)
    for clock in (late, used, running("acceptance")):
        it = replace(VERIFYING, clocks=(clock,))
        said = denied(Kind.LEAD, "verifying", "extend", "handler", {"clock": clock.rule}, it=it)
        assert "No limit that runs here can be extended" in said


def test_an_extension_asked_for_in_time_may_be_signed_later() -> None:
    clock = running("verification", due_on=TODAY)
    it = replace(VERIFYING, clocks=(clock,))
    plan = take(Kind.LEAD, "verifying", "extend", "handler", {"clock": "verification"}, it=it)
    late = replace(it, clocks=(replace(clock, due_on=TODAY - timedelta(days=1)),))
    assert carried(plan, late, FACTS, who="handler", last="deputy").extension is not None


# Merge, split, transfer, reopen -------------------------------------------------------------------


def test_nothing_is_merged_into_itself() -> None:
    form = {"survivor": str(VERIFYING.id), "same_facts": True}
    found = wrong(Kind.LEAD, "verifying", "merge", "lead_manager", form, it=VERIFYING)
    assert found == {"survivor": "A matter can't be merged into itself."}


def test_a_merge_ends_work_and_limits_and_can_be_undone() -> None:
    form = {"survivor": str(known("another")), "same_facts": True}
    plan = take(Kind.LEAD, "verifying", "merge", "lead_manager", form, it=VERIFYING)
    merged = carried(plan, VERIFYING, FACTS, who="lead_manager", last="deputy")
    assert (merged.to_state, merged.clocks_stopped) == ("merged", None)
    it = matter(PROFILE, Kind.LEAD, "merged", came_from="verifying")
    plan = take(Kind.LEAD, "merged", "unmerge", "lead_manager", {"wrongly": "w"}, it=it)
    undone = carried(plan, it, FACTS, who="lead_manager", last="deputy")
    assert undone.to_state == "verifying"
    assert undone.changes == {"closed_on": None, "effective": False}
    assert Effect.UNMERGE in undone.effects


def test_nobody_knows_where_to_what_came_from_nowhere() -> None:
    it = matter(PROFILE, Kind.LEAD, "merged", came_from=None)
    said = denied(Kind.LEAD, "merged", "unmerge", "lead_manager", {"wrongly": "w"}, it=it)
    assert "not known where this came from" in said


def child(*names: str) -> dict[str, object]:
    return {"title": "The road", "subjects": [str(known(name)) for name in names]}


@pytest.mark.parametrize(
    ("children", "field"),
    [
        ([child("Liang", "Qiu")], "children"),
        ([child("Stranger")], "children.0.subjects"),
        ([child("Liang"), child("Liang")], "children.1.subjects"),
        ([{"title": "x"}], "children.0"),
    ],
)
def test_a_split_leaves_somebody_and_gives_each_to_one(
    children: list[dict[str, object]], field: str
) -> None:
    args = (Kind.LEAD, "verifying", "split", "handler")
    assert field in wrong(*args, {"children": children}, it=VERIFYING)
    assert isinstance(take(*args, {"children": [child("Liang")]}, it=VERIFYING), Request)


def test_a_matter_about_one_person_is_not_split() -> None:
    facts = done(PROFILE, Kind.LEAD, subjects=(subject(),))
    form = {"children": [child("Liang")]}
    assert "several people" in denied(Kind.LEAD, "verifying", "split", "handler", form, facts)


def test_designated_jurisdiction_is_the_superiors() -> None:
    for how, signed in (("transfer", ["DL", "CH"]), ("designation", ["DL", "CH", "SU"])):
        form = {"how": how, "receiver": "City commission"}
        plan = take(Kind.LEAD, "verifying", "transfer", "lead_manager", form, it=VERIFYING)
        assert isinstance(plan, Request)
        assert [step.code for step in plan.chain] == signed


def test_a_transfer_that_comes_back_returns_to_the_state_before() -> None:
    it = matter(PROFILE, Kind.LEAD, "transfer_sent", came_from="assessing",
                clocks=(running("transfer_receipt"), running("disposal")))  # fmt: skip
    form = {"reason": "Not theirs."}
    plan = move(Kind.LEAD, "transfer_sent", "transfer_refused", "lead_manager", form, it=it)
    assert (plan.to_state, plan.clocks_stopped) == ("assessing", ("transfer_receipt",))
    assert plan.reason == "Not theirs."


def test_reopening_starts_a_new_episode_with_a_new_limit() -> None:
    form = {"new_facts": "A second account book."}
    it = matter(PROFILE, Kind.LEAD, "closed")
    plan = take(Kind.LEAD, "closed", "reopen", "lead_manager", form, it=it)
    done_ = carried(plan, it, FACTS, who="lead_manager", last="chief")
    assert (done_.to_state, Effect.NEW_EPISODE in done_.effects) == ("assessing", True)
    assert [clock.rule for clock in done_.clocks_started] == ["disposal"]
    assert done_.changes["closed_on"] is None


@pytest.mark.parametrize("state", ["voided", "merged"])
def test_what_was_voided_or_merged_is_not_reopened(state: str) -> None:
    with pytest.raises(IllegalTransition):
        take(Kind.LEAD, state, "reopen", "lead_manager", {"new_facts": "n"})


# Chase and recuse ---------------------------------------------------------------------------------


def test_a_second_chase_replaces_the_first_and_a_move_ends_both() -> None:
    it = replace(VERIFYING, clocks=(*VERIFYING.clocks, running("chase_reply")))
    form = {"reply_by": "2018-10-12", "wanted": "w"}
    plan = move(Kind.LEAD, "verifying", "chase", "deputy", form, it=it)
    assert plan.clocks_stopped == ("chase_reply",)
    assert [(c.rule, c.due.due_on) for c in plan.clocks_started] == [
        ("chase_reply", date(2018, 10, 12))
    ]
    chased = matter(PROFILE, Kind.LEAD, "assigned", clocks=(running("chase_reply"),))
    taken = move(
        Kind.LEAD,
        "assigned",
        "take_on",
        "department_head",
        {"handler": str(known("handler"))},
        it=chased,
    )
    assert taken.clocks_stopped == ("chase_reply",)


def test_a_chase_asks_for_an_answer_by_a_day_to_come() -> None:
    form = {"reply_by": "2018-09-27", "wanted": "w"}
    assert set(wrong(Kind.LEAD, "verifying", "chase", "deputy", form)) == {"reply_by"}


def recusal(recused: str, handler: str | None = None) -> dict[str, object]:
    form: dict[str, object] = {"recused": str(known(recused)), "ground": "near_relative"}
    return form | ({"handler": str(known(handler))} if handler else {})


def test_a_recused_handler_is_replaced() -> None:
    args = (Kind.LEAD, "verifying", "recuse", "handler")
    assert set(wrong(*args, recusal("handler"))) == {"handler"}
    assert isinstance(take(*args, recusal("handler", "officer")), Request)
    assert isinstance(take(*args, recusal("officer")), Request)


def test_nobody_takes_over_from_themselves() -> None:
    found = wrong(Kind.LEAD, "verifying", "recuse", "officer", recusal("handler", "handler"))
    assert found == {"handler": "This person keeps off the matter."}


def test_whoever_is_recused_does_not_decide_on_it() -> None:
    facts = done(PROFILE, Kind.FUND_ITEM)
    plan = take(Kind.LEAD, "verifying", "recuse", "handler", recusal("department_head"))
    assert isinstance(plan, Request)
    assert [step.code for step in plan.chain] == ["SU"]
    assert "department_head" not in plan.chain[0].candidates
    assert facts.holders is not None
