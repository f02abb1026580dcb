"""Which steps nobody could take."""

from app.domain.kinds import Kind
from app.domain.permissions import Role
from app.domain.profile.staffing import check_staffing, unheld
from tests.unit.workflow_world import discipline, holders


def test_a_fully_staffed_office_has_no_findings() -> None:
    assert check_staffing(discipline(), holders()) == ()
    assert unheld(discipline(), holders()) == ()


def test_a_role_that_nobody_holds_is_named_with_the_steps_that_need_it() -> None:
    found = check_staffing(discipline(), holders("chief"))
    files = [each for each in found if each.kind is Kind.LEAD and each.event == "file"]
    assert [each.code for each in files] == ["CH"]
    assert files[0].role is Role.CHIEF
    assert files[0].states == ("result_proposed",)
    assert unheld(discipline(), holders("chief")) == (Role.CHIEF,)


def test_a_role_that_no_step_stops_without_is_named_as_well() -> None:
    """Others may log a lead; that no inspection team can is still worth knowing."""
    assert check_staffing(discipline(), holders("inspector")) == ()
    assert unheld(discipline(), holders("inspector")) == (Role.INSPECTOR,)


def test_steps_that_nobody_could_ask_for_are_found() -> None:
    found = check_staffing(discipline(), holders("adjudicator"))
    asked = {each.event for each in found if "ask for it" in str(each.reason)}
    assert {"accept_file", "deliberate", "decide"} <= asked


def test_one_person_in_both_parts_of_a_step_is_found() -> None:
    held = holders()
    keeper = held[Role.KEEPER][0]
    held[Role.FINANCE] = (keeper,)
    found = check_staffing(discipline(), held)
    settle = [each for each in found if each.event == "settle"]
    assert "same single person" in str(settle[0].reason)
    assert settle[0].code is None
