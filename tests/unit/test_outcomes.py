"""Who can receive what, which of it weighs most, and until when it weighs."""

from datetime import date

import pytest

from app.domain.kinds import Kind
from app.domain.outcomes import (
    choices,
    eligible,
    eligible_sanctions,
    form_of_handling,
    heaviest,
    impact_until,
)
from app.domain.workflow.facts import Subject, SubjectOutcome
from tests.unit.workflow_world import discipline, subject, whistleblowing

PROFILE = discipline()
VILLAGER = subject(member=False, public_employee=False, rank="village_staff")


def allowed(who: Subject) -> set[str]:
    return {choice.key for choice in eligible_sanctions(PROFILE, who) if choice.allowed}


ADMINISTRATIVE = {
    "administrative_warning",
    "administrative_demerit",
    "administrative_major_demerit",
    "administrative_demotion",
    "administrative_removal",
    "administrative_dismissal",
}
LIGHT = {"administrative_warning", "administrative_demerit", "administrative_major_demerit"}
PARTY = {
    "party_warning",
    "party_serious_warning",
    "party_removal_from_posts",
    "party_probation",
    "party_probation_two_years",
    "party_expulsion",
}


def test_a_party_member_in_public_employment_can_receive_every_sanction() -> None:
    assert allowed(subject()) == ADMINISTRATIVE | PARTY


def test_a_village_manager_who_is_no_public_employee_receives_the_lightest_three() -> None:
    assert allowed(VILLAGER) == LIGHT
    assert allowed(subject(public_employee=False, rank="group_staff")) == LIGHT | PARTY


def test_a_village_manager_who_is_a_public_employee_can_receive_all_administrative_ones() -> None:
    assert allowed(subject(member=False, rank="village_staff")) == ADMINISTRATIVE


def test_nobody_outside_the_party_gets_a_party_sanction() -> None:
    assert allowed(subject(member=False)) == ADMINISTRATIVE
    why = eligible(PROFILE, subject(member=False), "party_warning")
    assert str(why) == "Only a Party member receives a Party sanction."


def test_somebody_who_is_neither_receives_no_sanction_at_all() -> None:
    assert allowed(subject(member=False, public_employee=False)) == set()


def test_what_is_not_known_has_to_be_recorded_first() -> None:
    unknown = subject(member=None, public_employee=None)
    said = {str(choice.refused) for choice in eligible_sanctions(PROFILE, unknown)}
    assert said == {
        "Record first whether the person is a Party member.",
        "Record first whether the person is a public employee.",
    }


def test_a_village_manager_of_unknown_employment_can_receive_the_light_ones() -> None:
    unknown = subject(member=False, public_employee=None, rank="village_staff")
    assert allowed(unknown) == LIGHT
    assert "Record first" in str(eligible(PROFILE, unknown, "administrative_removal"))


def test_an_organisation_receives_no_sanction_but_can_be_ordered_to_rectify() -> None:
    office = subject("Office", organisation=True)
    assert allowed(office) == set()
    open_to = {choice.key for choice in choices(PROFILE, Kind.LEAD, office) if choice.allowed}
    assert {"rectify", "circular", "unfounded"} <= open_to
    assert "admonition" not in open_to


def test_the_picker_offers_what_the_kind_of_matter_decides_lightest_first() -> None:
    found = choices(PROFILE, Kind.LEAD, subject())
    assert not any(choice.measure.kind == "party_sanction" for choice in found)
    weights = [choice.measure.weight for choice in found]
    assert weights == sorted(weights)


@pytest.mark.parametrize(
    ("key", "until"),
    [
        ("party_warning", date(2019, 9, 28)),
        ("party_serious_warning", date(2020, 3, 28)),
        ("party_removal_from_posts", date(2020, 9, 28)),
        ("party_probation", date(2021, 9, 28)),
        ("party_probation_two_years", date(2022, 9, 28)),
        ("administrative_warning", date(2019, 3, 28)),
        ("administrative_demerit", date(2019, 9, 28)),
        ("administrative_major_demerit", date(2020, 3, 28)),
        ("administrative_demotion", date(2020, 9, 28)),
        ("admonition", date(2019, 3, 28)),
        ("administrative_dismissal", None),
        ("criticism", None),
    ],
)
def test_how_long_a_measure_weighs(key: str, until: date | None) -> None:
    assert impact_until(PROFILE, key, date(2018, 9, 28)) == until


def test_a_new_party_sanction_adds_what_remains_of_the_old_one() -> None:
    old = SubjectOutcome(
        kind="party_sanction", measure="party_warning", impact_until=date(2018, 10, 28)
    )
    assert impact_until(PROFILE, "party_warning", date(2018, 9, 28), [old]) == date(2019, 10, 28)


def test_an_old_sanction_that_has_run_out_adds_nothing() -> None:
    old = SubjectOutcome(kind="party_sanction", impact_until=date(2018, 9, 1))
    assert impact_until(PROFILE, "party_warning", date(2018, 9, 28), [old]) == date(2019, 9, 28)


def test_administrative_periods_together_stay_within_forty_eight_months() -> None:
    old = SubjectOutcome(kind="administrative_sanction", impact_until=date(2021, 9, 1))
    until = impact_until(PROFILE, "administrative_demotion", date(2018, 9, 28), [old])
    assert until == date(2022, 9, 28)


def test_the_matter_follows_the_heaviest_outcome() -> None:
    assert heaviest(PROFILE, ["criticism", "filed", "unfounded"]) == "filed"
    assert heaviest(PROFILE, ["unfounded", "criticism"]) == "criticism"
    assert heaviest(PROFILE, []) is None
    assert heaviest(whistleblowing(), ["inconclusive", "substantiated"]) == "substantiated"


def test_the_form_of_handling_is_that_of_the_heaviest() -> None:
    assert form_of_handling(PROFILE, ["criticism"]) == 1
    assert form_of_handling(PROFILE, ["criticism", "removal"]) == 2
    assert form_of_handling(PROFILE, ["party_warning", "administrative_removal"]) == 3
    assert form_of_handling(PROFILE, ["party_expulsion", "judicial_transfer"]) == 4
    assert form_of_handling(PROFILE, ["unfounded"]) is None
