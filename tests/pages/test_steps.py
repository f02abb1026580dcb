"""Steps by the forms that pages serve: a lead's whole way, and what a wrong form gets."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.permissions import Role
from app.services import matters
from tests import build_matters
from tests.builders import Someone, World
from tests.clients import Doors
from tests.pages.served import Form, Served, Typed, followed, served

DAY = date(2018, 9, 3)


def step(doors: Doors, who: Someone, matter: object, event: str, language: str = "en") -> Form:
    browser = doors.browser(who, language=language)
    return served(browser.get(f"/matters/{matter}/act/{event}")).form(f"/act/{event}")


def take(
    doors: Doors, who: Someone, matter: object, event: str, *, language: str = "en", **typed: Typed
) -> Served:
    """Fill in a step's own form and follow it to the matter."""
    browser = doors.browser(who, language=language)
    form = step(doors, who, matter, event, language)
    return followed(browser, form.submit(browser, **typed))


def signed(
    doors: Doors, people: list[Someone], matter: object, *, language: str = "en", **last: Typed
) -> None:
    """Each reads the request that waits and signs it by the form served to them."""
    for who in people:
        browser = doors.browser(who, language=language)
        page = served(browser.get(f"/matters/{matter}"))
        link = "Read and sign" if language == "en" else "阅读并签批"
        page = served(browser.get(page.link(link)))
        typed: dict[str, Typed] = dict(last) if who is people[-1] else {}
        answer = page.form("/sign").submit(browser, reason="同意。", **typed)
        assert answer.status_code == 303, served(answer, answer.status_code).words


STUDY = {
    "study_held_on": "2018-09-03",
    "study_chair": "王振华",
    "study_present": "王振华\n李志强\n周海燕",
    "study_recorder": "周海燕",
}


def person(world: World, matter: UUID) -> str:
    with world.open("read", world.chief) as tx:
        return str(matters.open_matter(tx, matter).people[0]["id"])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_lead_goes_its_whole_way_by_forms_alone(
    world: World, doors: Doors, language: str
) -> None:
    lead = build_matters.log(world, world.investigator)
    speaks = {"language": language}
    take(doors, world.lead_manager, lead, "register", repeats_checked="yes", **speaks)
    take(
        doors, world.lead_manager, lead, "assign", department=str(world.unit("YC-O03").id),
        no_conflict="yes", reason="属该室联系地区。", **speaks,
    )  # fmt: skip
    signed(doors, [world.deputy], lead, **speaks)
    take(
        doors, world.department_head, lead, "take_on",
        handler=str(world.investigator.account_id), **speaks,
    )  # fmt: skip
    take(
        doors, world.investigator, lead, "propose_disposal", method="verification",
        plan="先核面积。", reason="具体可查。", **STUDY, **speaks,
    )  # fmt: skip
    signed(doors, [world.department_head], lead, **speaks)
    take(
        doors, world.department_head, lead, "verify", checkable="面积可查。",
        team__2=str(world.other_investigator.account_id), plan="两人一组。", reason="可查。",
        **speaks,
    )  # fmt: skip
    signed(doors, [world.deputy, world.chief], lead, **speaks)
    take(
        doors, world.investigator, lead, "report_verification", allegations="虚报。",
        findings="虚报二十五亩。", proposal="立案。", reason="事实清楚。", **speaks,
    )  # fmt: skip
    signed(doors, [world.other_investigator, world.department_head], lead, **speaks)
    take(
        doors, world.department_head, lead, "file", facts_held="验收表与影像不符。",
        accountable="yes", organ="party", reason="需要追究责任。", **speaks,
    )  # fmt: skip
    signed(doors, [world.deputy, world.chief], lead, **speaks)
    browser = doors.browser(world.investigator, language=language)
    page = served(browser.get(f"/matters/{lead}"))
    assert page.link("AJ2018-0001").startswith("/matters/")
    assert ("filed" if language == "en" else "已立案") in page.words


def test_who_will_sign_and_why_stands_before_the_form_is_sent(world: World, doors: Doors) -> None:
    lead = build_matters.verified(world)
    page = served(doors.browser(world.investigator).get(f"/matters/{lead}/act/report_verification"))
    first, second = (
        page.words.index("周海燕 (member of the team) reviews"),
        page.words.index("王振华 (department head) decides"),
    )
    assert first < second < page.words.index("Main allegations")
    assert "Signs as a member of the team: every one of them does." in page.words


def test_a_wrong_form_says_where_and_loses_nothing(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    form = step(doors, world.lead_manager, lead, "assign")
    browser = doors.browser(world.lead_manager)
    page = served(form.submit(browser, reason="属该室联系地区。"), 422)
    assert "Department: This has to be filled in." in page.words
    assert 'href="#department"' in page.html
    assert page.form("/act/assign").fields["reason"] == ["属该室联系地区。"]
    assert 'id="no_conflict-e"' in page.html


def test_a_step_that_lacks_something_says_so_instead_of_a_form(world: World, doors: Doors) -> None:
    case = build_matters.filed_case(world)
    for event, form in (
        ("announce_filing", {"announced_on": "2018-09-03", "unit_told_on": "2018-09-03",
                             "plan": "两人以上。"}),
        ("meet_on_facts", {"evidence_for": "验收表。", "evidence_against": "旱灾。"}),
    ):  # fmt: skip
        build_matters.sign_all(
            world, build_matters.act(world, world.investigator, case, event, **form)
        )
    page = served(doors.browser(world.investigator).get(f"/matters/{case}/act/report"))
    assert "Statements to the facts that are not recorded: 1. Record statements" in page.words
    assert not [form for form in page.forms if form.action.endswith("/act/report")]


@pytest.mark.parametrize("event", ["assign", "register", "file", "return", "nonsense"])
def test_a_step_that_is_not_theirs_has_no_page(world: World, doors: Doors, event: str) -> None:
    lead = build_matters.log(world, world.investigator)
    assert doors.browser(world.investigator).get(f"/matters/{lead}/act/{event}").status_code == 404


def test_a_step_that_somebody_else_took_meanwhile_keeps_what_was_typed(
    world: World, doors: Doors
) -> None:
    lead = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    form = step(doors, world.lead_manager, lead, "assign")
    with world.open("note", world.investigator) as tx:
        matters.add_note(tx, lead, text="补充一点。")
    browser = doors.browser(world.lead_manager)
    typed = {"department": str(world.unit("YC-O03").id), "no_conflict": "yes"}
    page = served(form.submit(browser, reason="属该室联系地区。", **typed), 412)
    assert "Somebody changed this in the meantime." in page.words
    assert "李志强 added a note." in page.words
    again = page.form("/act/assign")
    assert again.fields["department"] == [typed["department"]]
    assert again.fields["reason"] == ["属该室联系地区。"]
    assert "What you typed is still here." in page.words
    assert "Your request is on its way." in followed(browser, again.submit(browser)).words


def test_a_step_that_is_gone_shows_what_was_typed(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    form = step(doors, world.lead_manager, lead, "not_take_up")
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    browser = doors.browser(world.lead_manager)
    typed = {"why": "no_substance", "sender_told_on": "2018-09-03"}
    page = served(form.submit(browser, reason="无实质内容，已告知。", **typed), 409)
    assert "it is now “registered”, and this step is no longer open" in page.words
    assert "What you typed is still here." not in page.words
    for each in ("What you had typed", "无实质内容，已告知。", "Ground no substance", "2018-09-03"):
        assert each in page.words, each


def test_a_form_without_a_version_is_asked_for_it(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    form = step(doors, world.lead_manager, lead, "register")
    del form.fields["version"]
    answer = form.submit(doors.browser(world.lead_manager), repeats_checked="yes")
    assert answer.status_code == 428


def test_a_department_that_is_made_up_is_refused(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    form = step(doors, world.lead_manager, lead, "assign")
    browser = doors.browser(world.lead_manager)
    held = {**form.fields, "department": ["x"], "no_conflict": ["yes"], "reason": ["x"]}
    page = served(browser.post(form.action, data=held), 422)
    assert "Department: Choose one of those listed." in page.words


# Outcomes -----------------------------------------------------------------------------------------


def reported(world: World, *, member: bool) -> UUID:
    """A lead whose result the department head decides on."""
    lead = build_matters.verified(world)
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, lead, "report_verification",
            allegations="虚报。", findings="属实。", proposal="处理。",
        ),
    )  # fmt: skip
    assert member
    return lead


def test_an_outcome_is_chosen_for_each_person_from_those_they_can_get(
    world: World, doors: Doors
) -> None:
    lead = reported(world, member=True)
    form = step(doors, world.department_head, lead, "conclude")
    (name, besides) = (key for key in form.choices if key.startswith("outcomes-"))
    assert person(world, lead) in name
    assert "reminder_talk" in form.choices[name]
    assert not {"filed", "referred", "party_warning"} & set(form.choices[name])
    browser = doors.browser(world.department_head)
    page = served(form.send(browser, {"basis": "属实。", "reason": "属实。"}), 422)
    assert "Outcome for each person: This has to be filled in." in page.words
    both = {name: "unfounded", besides: "reminder_talk", "basis": "属实。", "reason": "属实。"}
    page = served(form.send(browser, dict(both)), 422)
    assert f'id="{besides}-e"' in page.html
    assert "Not borne out goes with no other outcome." in page.words
    assert page.form("/act/conclude").fields[name] == ["unfounded"]
    fine = {name: "reminder_talk", "basis": "属实。", "reason": "属实。"}
    words = followed(browser, form.send(browser, dict(fine))).words
    assert "Proposed: reminder talk" in words


def test_a_matter_is_named_by_its_number(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    other = build_matters.log(world, world.investigator)
    form = step(doors, world.lead_manager, lead, "merge")
    browser = doors.browser(world.lead_manager)
    typed: dict[str, Typed] = {"same_facts": "yes", "reason": "同一事实。"}
    page = served(form.submit(browser, survivor="YC2018-0999", **typed), 422)
    assert "There is no such matter that you may open." in page.words
    assert page.form("/act/merge").fields["survivor"] == ["YC2018-0999"]
    page = served(form.submit(browser, survivor="YC2018-0001", **typed), 422)
    assert "A matter can't be merged into itself." in page.words
    after = followed(browser, form.submit(browser, survivor="YC2018-0002", **typed))
    assert "赵敏 asked for: Merge" in after.words
    signed(doors, [world.deputy], lead)
    assert "Goes on in this matter" in served(browser.get(f"/matters/{lead}")).words
    assert other


def test_parts_of_an_amount_go_where_the_form_says(world: World, doors: Doors) -> None:
    from app.domain.ledger import Intake
    from app.services import fund_items, funds
    from app.services.fund_items import NewItem

    lead = build_matters.verified(world)
    with world.open("items", world.investigator) as tx:
        item = fund_items.create_fund_item(
            tx, lead, NewItem(intake=Intake.SURRENDERED, description="退缴现金")
        )
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, item, "control", measure="surrender",
            controlled_on="2018-09-03", witness="王五", list_signed=True,
        ),
    )  # fmt: skip
    with world.open("money", world.investigator) as tx:
        funds.record_receipt(tx, item, amount="12000", happened_on=DAY, bank_reference="00000396")
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, item, "keep", kept_by="keeper", count_agrees=True
        ),
    )
    build_matters.act(
        world, world.department_head, item, "propose_disposal_without_case",
        nature="违纪款", owner="七户村民",
    )  # fmt: skip
    form = step(doors, world.department_head, item, "decide_disposal_without_case")
    browser = doors.browser(world.department_head)
    page = served(form.submit(browser, splits__refund="11000", reason="退还群众。"), 422)
    assert "The parts add up to 11,000.00 yuan, 12,000.00 are held." in page.words
    page = served(form.submit(browser, splits__refund="一万二", reason="退还群众。"), 422)
    assert 'id="splits-refund-e"' in page.html
    assert page.form(f"/act/{form.action.rsplit('/', 1)[1]}").fields["splits-refund"] == ["一万二"]
    typed: dict[str, Typed] = {"splits-refund": "11000", "splits-treasury": "1000", "reason": "分"}
    followed(browser, form.send(browser, typed))
    deputy = doors.browser(world.deputy)
    page = served(deputy.get(served(deputy.get("/sign")).link("Read and sign")))
    assert "back to those it was meant for: 11,000.00 yuan" in page.words
    assert "treasury: 1,000.00 yuan" in page.words


def test_people_of_the_department_are_offered_first(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.investigator)
    build_matters.act(world, world.lead_manager, lead, "register", repeats_checked=True)
    department = str(world.unit("YC-O03").id)
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.lead_manager, lead, "assign", department=department, no_conflict=True
        ),
    )
    form = step(doors, world.department_head, lead, "take_on")
    own = {str(world.investigator.account_id), str(world.other_investigator.account_id)}
    assert set(form.choices["handler"][1:3]) == own
    assert str(world.team_member.account_id) in form.choices["handler"]
    assert world.investigator.role is Role.INVESTIGATOR
