"""Who signs, in which order: how far up a step goes, and what happens where somebody is missing."""

from dataclasses import replace

import pytest

from app.domain.deadlines import Unit
from app.domain.errors import Denied, Forbidden
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.domain.workflow import engine
from app.domain.workflow.chains import Seat, SignStep
from app.domain.workflow.facts import Facts, Holder, MatterSnapshot, RunningClock, TeamMember
from app.domain.workflow.plans import Request
from tests.unit.workflow_world import (
    ACTORS,
    OFFICE,
    TEAM,
    TODAY,
    VILLAGE,
    discipline,
    done,
    holders,
    known,
    matter,
    subject,
)

PROFILE = discipline()


def chain(
    kind: Kind, state: str, event: str, who: str, facts: Facts | None = None, **form: object
) -> tuple[SignStep, ...]:
    facts = facts or done(PROFILE, kind)
    it = matter(PROFILE, kind, state)
    return engine.chain_for(PROFILE, it, event, ACTORS[who], facts, form, TODAY)


def codes(steps: tuple[SignStep, ...]) -> str:
    return " > ".join(f"{step.code}{'' if step.decides else '?'}" for step in steps)


def about(*ranks: str | None, amount: str | None = None) -> Facts:
    people = tuple(subject(f"S{n}", rank=rank) for n, rank in enumerate(ranks))
    yuan = Money.yuan(amount) if amount else None
    return done(PROFILE, Kind.LEAD, subjects=people, amount=yuan)


def lead(event: str, *ranks: str | None, amount: str | None = None) -> str:
    state = "result_proposed" if event in ("file", "refer", "conclude") else "disposal_proposed"
    facts = about(*ranks, amount=amount)
    return codes(chain(Kind.LEAD, state, event, "department_head", facts))


@pytest.mark.parametrize("rank", ["village_staff", "group_staff"])
@pytest.mark.parametrize("event", ["talk", "hold", "close_direct"])
def test_for_village_and_group_staff_talk_hold_and_close_end_at_the_deputy(
    event: str, rank: str
) -> None:
    assert lead(event, rank) == "DL"


@pytest.mark.parametrize("event", ["verify", "file", "refer"])
def test_for_village_staff_verification_filing_and_referral_are_the_chiefs(event: str) -> None:
    assert lead(event, "village_staff") == "DL? > CH"


@pytest.mark.parametrize("event", ["talk", "verify", "file"])
def test_heads_of_next_lower_committees_go_to_the_chief_and_then_the_party_committee(
    event: str,
) -> None:
    assert lead(event, "next_lower_head") == "DL? > CH? > PC"


def test_the_party_committee_is_asked_only_where_the_table_names_it() -> None:
    assert lead("hold", "next_lower_head") == "DL? > CH"


def test_ranks_not_named_follow_the_table() -> None:
    assert lead("talk", "other") == "DL? > CH"
    assert lead("talk", None) == "DL? > CH"
    assert lead("talk") == "DL? > CH"


def test_the_highest_of_several_subjects_counts() -> None:
    assert lead("talk", "village_staff", "group_staff") == "DL"
    assert lead("talk", "village_staff", "other") == "DL? > CH"
    assert lead("talk", "village_staff", "next_lower_head") == "DL? > CH? > PC"


def test_above_the_line_the_chief_decides_at_least() -> None:
    assert lead("talk", "village_staff", amount="50000.00") == "DL"
    assert lead("talk", "village_staff", amount="50000.01") == "DL? > CH"
    assert lead("talk", "next_lower_head", amount="99999.00") == "DL? > CH? > PC"


def test_why_somebody_decides_is_said_in_the_profiles_own_words() -> None:
    steps = chain(Kind.LEAD, "disposal_proposed", "talk", "department_head", about("village_staff"))
    assert steps[0].rule is not None
    assert "end at the deputy in charge" in steps[0].rule["en"]
    assert "分管领导" in steps[0].rule["zh_CN"]
    above = about("village_staff", amount="60000")
    top = chain(Kind.LEAD, "disposal_proposed", "talk", "department_head", above)[-1]
    assert top.rule is not None
    assert top.rule["en"] == "the amount is above 50000.00 yuan"


def test_every_rank_between_reviews_in_order() -> None:
    assert codes(chain(Kind.CASE, "investigating", "dismiss", "handler")) == "HH? > DL? > CH"
    assert codes(chain(Kind.CASE, "fact_meeting", "report", "handler")) == "HH? > DL? > CH"
    assert codes(chain(Kind.CASE, "adjudicating", "return_for_evidence", "adjudicator")) == (
        "AD_HEAD? > DL"
    )


def test_what_is_sealed_goes_straight_to_its_approver() -> None:
    facts = done(PROFILE, Kind.PETITION)
    straight = chain(Kind.PETITION, "received", "seal", "intake_officer", facts)
    assert codes(straight) == "CH"
    up = chain(Kind.PETITION, "received", "seal", "intake_officer", facts, chief_reported=True)
    assert codes(up) == "SU"


def test_every_member_of_the_team_signs_the_verification_report() -> None:
    third = TeamMember(account_id=known("third"), name="third")
    it = matter(PROFILE, Kind.LEAD, "verifying", team=(*TEAM, third))
    facts = done(PROFILE, Kind.LEAD)
    steps = engine.chain_for(
        PROFILE, it, "report_verification", ACTORS["handler"], facts, {}, TODAY
    )
    assert [step.account_id for step in steps] == [known("officer"), known("third"), None]
    assert [step.role for step in steps] == [Seat.TEAM, Seat.TEAM, Role.DEPARTMENT_HEAD]
    assert codes(steps) == "TEAM? > TEAM? > HH"


def test_a_second_officer_signs_and_no_role_opens_the_matter_to_others() -> None:
    (step,) = chain(Kind.CASE, "decided", "serve", "handler")
    assert step.of_team
    assert step.as_json()["role"] == "team"


def test_the_standing_committee_decides_and_the_party_committee_after_it() -> None:
    facts = done(PROFILE, Kind.CASE)
    assert codes(chain(Kind.CASE, "deliberating", "decide", "adjudicator", facts)) == "SC"
    head = replace(facts, subjects=(subject(rank="next_lower_head"),))
    steps = chain(Kind.CASE, "deliberating", "decide", "adjudicator", head)
    assert codes(steps) == "SC > PC"
    assert [step.body for step in steps] == ["standing_committee", "party_committee"]


def test_a_post_adjustment_is_a_recommendation_that_the_party_committee_decides() -> None:
    person = str(known("Liang"))
    facts = done(PROFILE, Kind.LEAD, subjects=(subject(),))
    for measure, signed in (("criticism", "DL? > CH"), ("transfer", "DL? > CH? > PC")):
        outcomes = [{"subject": person, "measure": measure}]
        found = chain(
            Kind.LEAD, "result_proposed", "conclude", "department_head", facts, outcomes=outcomes
        )
        assert codes(found) == signed


def test_the_measure_decides_who_approves_it() -> None:
    for measure, signed in (("retention", "HH? > DL"), ("seizure", "HH? > DL? > CH")):
        found = chain(Kind.FUND_ITEM, "identified", "control", "handler", measure=measure)
        assert codes(found) == signed


def test_money_is_kept_by_the_keeper_or_by_finance() -> None:
    for kept_by, signed in (("keeper", "CU"), ("finance", "FI")):
        assert (
            codes(chain(Kind.FUND_ITEM, "controlled", "keep", "handler", kept_by=kept_by)) == signed
        )


def clocked(kind: Kind, state: str, rule: str, extensions: int = 0) -> MatterSnapshot:
    clock = RunningClock(
        rule=rule, started_on=TODAY, amount=2, unit=Unit.MONTH, due_on=TODAY, extensions=extensions
    )
    return matter(PROFILE, kind, state, clocks=(clock,))


@pytest.mark.parametrize(("extensions", "signed"), [(0, "HH? > DL"), (1, "HH? > DL? > CH")])
def test_a_limit_is_lengthened_by_the_deputy_once_and_then_by_the_chief(
    extensions: int, signed: str
) -> None:
    it = clocked(Kind.LEAD, "verifying", "verification", extensions)
    facts = done(PROFILE, Kind.LEAD)
    form = {"clock": "verification"}
    steps = engine.chain_for(PROFILE, it, "extend", ACTORS["handler"], facts, form, TODAY)
    assert codes(steps) == signed


def test_the_superior_lengthens_the_year_of_a_case() -> None:
    it = clocked(Kind.CASE, "investigating", "decision")
    facts, form = done(PROFILE, Kind.CASE), {"clock": "decision"}
    steps = engine.chain_for(PROFILE, it, "extend", ACTORS["handler"], facts, form, TODAY)
    assert codes(steps) == "HH? > DL? > CH? > SU"


def test_a_heads_own_recusal_is_the_superiors_to_decide() -> None:
    facts = done(PROFILE, Kind.LEAD)
    for recused, signed in (("officer", "HH"), ("department_head", "SU"), ("chief", "SU")):
        form = {"recused": str(known(recused))}
        it = matter(PROFILE, Kind.LEAD, "verifying")
        steps = engine.chain_for(PROFILE, it, "recuse", ACTORS["handler"], facts, form, TODAY)
        assert codes(steps) == signed


def test_the_head_of_the_department_that_the_form_names_takes_a_petition() -> None:
    form = {"department": str(known("YC.O07"))}
    (step,) = chain(Kind.PETITION, "accepted", "hand_over", "intake_officer", None, **form)
    assert step.path == UnitPath("YC.O07")
    assert step.candidates == ("other_department_head",)


def test_who_could_sign_is_shown_by_name() -> None:
    steps = chain(Kind.LEAD, "disposal_proposed", "talk", "department_head")
    assert [step.candidates for step in steps] == [("deputy",), ("chief",)]


# Somebody is missing ----------------------------------------------------------------------------


def asked(facts: Facts, it: MatterSnapshot | None = None) -> Request:
    it = it or matter(PROFILE, Kind.LEAD, "notifying")
    form = {"unit_told_on": TODAY, "reason": "Told."}
    plan = engine.decide(PROFILE, it, "close", ACTORS["handler"], facts, form, TODAY)
    assert isinstance(plan, Request)
    return plan


def test_a_step_rises_to_the_superior_units_holder_where_nobody_below_holds_the_role() -> None:
    township = UnitPath("YC.T01.O01")
    held = holders("department_head")
    it = matter(PROFILE, Kind.LEAD, "notifying", assigned_path=township)
    (step,) = asked(done(PROFILE, Kind.LEAD, holders=held), it).chain
    assert step.risen
    assert step.path == UnitPath("YC.O07")
    assert step.candidates == ("other_department_head",)
    assert "superior unit" in str(step.why)


def test_a_holder_below_is_preferred_to_one_above() -> None:
    (step,) = asked(done(PROFILE, Kind.LEAD)).chain
    assert not step.risen
    assert step.path == OFFICE


def test_a_step_whose_only_holder_asks_for_it_rises_too() -> None:
    boss = Holder(account_id=known("handler"), name="handler", unit=OFFICE)
    other = Holder(account_id=known("above"), name="above", unit=UnitPath("YC.O09"))
    held = {**holders(), Role.DEPARTMENT_HEAD: (boss, other)}
    (step,) = asked(done(PROFILE, Kind.LEAD, holders=held)).chain
    assert step.risen
    assert step.candidates == ("above",)


def test_the_rule_is_not_relaxed_where_nobody_holds_the_role_anywhere() -> None:
    held = holders("department_head", "other_department_head")
    with pytest.raises(Denied, match="can't be signed"):
        asked(done(PROFILE, Kind.LEAD, holders=held))


def test_two_places_need_two_people() -> None:
    one = Holder(account_id=known("deputy"), name="deputy", unit=UnitPath("YC"))
    held = {**holders(), Role.CHIEF: (one,)}
    form = {"tried": "a", "not_excluded": "b", "reason": "c"}
    it = matter(PROFILE, Kind.LEAD, "disposal_proposed")
    facts = done(PROFILE, Kind.LEAD, holders=held)
    with pytest.raises(Denied, match="Place 2 of 2"):
        engine.decide(PROFILE, it, "hold", ACTORS["department_head"], facts, form, TODAY)


def test_one_person_with_two_roles_is_no_hindrance_where_somebody_else_can_take_one() -> None:
    both = Holder(account_id=known("deputy"), name="deputy", unit=UnitPath("YC"))
    held = holders()
    held = {**held, Role.CHIEF: (*held[Role.CHIEF], both)}
    form = {"tried": "a", "not_excluded": "b", "reason": "c"}
    it = matter(PROFILE, Kind.LEAD, "disposal_proposed")
    facts = done(PROFILE, Kind.LEAD, holders=held)
    plan = engine.decide(PROFILE, it, "hold", ACTORS["department_head"], facts, form, TODAY)
    assert isinstance(plan, Request)


def test_people_who_keep_off_are_no_candidates() -> None:
    facts = done(PROFILE, Kind.LEAD, conflicted=frozenset({known("department_head")}))
    (step,) = asked(facts).chain
    assert "department_head" not in step.candidates


def test_the_four_hands_of_money_are_four_people() -> None:
    facts = done(PROFILE, Kind.FUND_ITEM)
    taken = replace(facts.funds, taken_in_by=known("keeper"))
    form = {"kept_by": "keeper", "count_agrees": True, "reason": "Counted."}
    it = matter(PROFILE, Kind.FUND_ITEM, "controlled")
    with pytest.raises(Denied, match="can't be signed"):
        engine.decide(
            PROFILE, it, "keep", ACTORS["handler"], replace(facts, funds=taken), form, TODAY
        )


def test_a_chain_is_shown_only_to_whom_the_step_belongs() -> None:
    with pytest.raises(Forbidden):
        chain(Kind.LEAD, "disposal_proposed", "talk", "handler")


def test_a_chain_survives_storage() -> None:
    facts = about("next_lower_head")
    for step in chain(Kind.LEAD, "disposal_proposed", "talk", "department_head", facts):
        assert SignStep.from_json(step.as_json()) == step
    (step,) = chain(Kind.CASE, "decided", "serve", "handler")
    assert SignStep.from_json(step.as_json()) == step
    assert step.path == VILLAGE
