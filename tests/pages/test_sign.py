"""Signing: read first, then two equal answers; the next one waits behind it."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.permissions import Role
from app.repositories import repeats as repeat_rows
from app.services import corrections, matters, petitions, walls
from app.services.corrections import Said
from app.services.demo_door import Card, DemoDoor
from app.services.petitions import NewPetition
from tests import build_matters
from tests.build_matters import asked
from tests.builders import PASSWORD, Someone, World
from tests.clients import Doors
from tests.pages.served import Served, followed, served

LANGUAGES = ("en", "zh-CN")


def request_page(doors: Doors, who: Someone, request: UUID, language: str = "en") -> Served:
    return served(doors.browser(who, language=language).get(f"/requests/{request}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_says_what_is_asked_what_it_rests_on_and_who_signs(
    world: World, doors: Doors, language: str
) -> None:
    _lead, request = asked(world)
    words = request_page(doors, world.deputy, request, language).words
    said = {
        "en": (
            "赵敏 asks for “Assign to a department”: 西塘桥村虚报造林面积.",
            "Department 第一纪检监察室",
            "Why it is asked 按程序办理",
            "No conflict of interest is known there yes",
            "With this signature it becomes “assigned”. A signature can’t be taken back.",
        ),
        "zh-CN": (
            "赵敏提请“分办”：西塘桥村虚报造林面积。",
            "承办部门 第一纪检监察室",
            "提请理由 按程序办理",
            "您同意后转为“已分办”；签批送出后不能撤回。",
        ),
    }
    for text in said[language]:
        assert text in words


def test_signing_and_returning_are_two_equal_forms_with_nothing_preselected(
    world: World, doors: Doors
) -> None:
    _lead, request = asked(world)
    page = request_page(doors, world.deputy, request)
    sign, back = page.form("/sign"), page.form("/return")
    assert sign.fields["reason"] == back.fields["reason"] == [""]
    assert sign.fields["version"] == back.fields["version"]
    assert "checked" not in page.html.split("<main")[1].split("</main>")[0]
    assert page.html.count('<button class="button" type="submit">') == 2


def test_an_answer_needs_a_reason_and_keeps_the_other_form(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    browser = doors.browser(world.deputy)
    page = served(request_page(doors, world.deputy, request).form("/sign").submit(browser), 422)
    assert "Say why." in page.words
    assert 'id="agree-e"' in page.html
    assert 'id="return-e"' not in page.html
    assert build_matters.state(world, world.chief, lead) == "registered"


def test_the_last_signature_moves_the_matter_and_leads_to_the_next_request(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    _other, following = asked(world)
    browser = doors.browser(world.deputy)
    page = served(browser.get("/sign"))
    assert "2 requests wait for you" in page.words
    page = served(browser.get(page.link("Read and sign")))
    assert "1 of 2" in page.words
    answer = page.form("/sign").submit(browser, reason="同意。")
    assert answer.headers["location"] == f"/requests/{following}?done=carried_out&of={lead}"
    page = followed(browser, answer)
    assert "It was the last signature: the step is taken." in page.words
    assert page.link("Back to the matter just answered") == f"/matters/{lead}"
    assert build_matters.state(world, world.chief, lead) == "assigned"
    page = followed(browser, page.form("/sign").submit(browser, reason="同意。"))
    assert "Nothing waits for your signature." in page.words
    page = served(browser.get(page.link("What I signed")))
    assert page.words.count("同意。") == 2
    assert request


def test_a_return_says_why_to_whoever_asked(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    browser = doors.browser(world.deputy)
    form = request_page(doors, world.deputy, request).form("/return")
    followed(browser, form.submit(browser, reason="请先比对同村另一线索。"))
    page = served(doors.browser(world.lead_manager).get("/desk"))
    assert "冯立新, 3 September: “请先比对同村另一线索。”" in page.words
    assert page.link("Ask again") == f"/matters/{lead}/act/assign"
    page = served(doors.browser(world.lead_manager).get(f"/matters/{lead}"))
    assert "冯立新 (deputy in charge) returned it “请先比对同村另一线索。”" in page.words
    assert "冯立新 returned: Assign to a department." in page.words


def test_whoever_asked_takes_it_back_before_the_first_signature(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    browser = doors.browser(world.lead_manager)
    page = request_page(doors, world.lead_manager, request)
    assert not [form for form in page.forms if form.action.endswith("/sign")]
    page = followed(browser, page.form("/take-back").submit(browser))
    assert "Your request is taken back." in page.words
    assert "赵敏 took the request back." in page.words
    assert page.link("Assign to a department") == f"/matters/{lead}/act/assign"


def test_nobody_signs_what_they_asked_for_or_what_is_not_theirs(world: World, doors: Doors) -> None:
    _lead, request = asked(world)
    form = request_page(doors, world.deputy, request).form("/sign")
    for who, status in ((world.lead_manager, 403), (world.chief, 403), (world.finance, 404)):
        browser = doors.browser(who)
        token = served(browser.get("/me")).form("/me/password").fields["csrf_token"][0]
        sent = {**form.fields, "csrf_token": [token], "reason": ["同意。"]}
        answer = browser.post(form.action, data=sent)
        assert answer.status_code == status, (who.role, answer.text[-300:])


def test_a_request_that_somebody_else_answered_is_not_answered_again(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    second = world.hire("second-deputy", world.deputy.role, "YC")
    form = request_page(doors, second, request).form("/sign")
    page = request_page(doors, world.deputy, request)
    browser = doors.browser(world.deputy)
    followed(browser, page.form("/sign").submit(browser, reason="同意。"))
    answer = form.submit(doors.browser(second), reason="同意。")
    assert answer.status_code == 409
    page = Served(answer.text)
    assert "This request is no longer open." in page.words
    assert "approved" in page.words
    assert build_matters.state(world, world.chief, lead) == "assigned"


def test_a_matter_changed_since_it_was_read_is_read_again(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    form = request_page(doors, world.deputy, request).form("/sign")
    form.fields["version"] = ["7"]
    page = served(form.submit(doors.browser(world.deputy), reason="同意，注意保密。"), 412)
    assert "Somebody changed this in the meantime." in page.words
    assert page.form("/sign").fields["reason"] == ["同意，注意保密。"]
    assert page.form("/return").fields["reason"] == [""]
    assert lead


def test_what_was_corrected_since_it_was_asked_stands_with_the_evidence(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    with world.open("correct", world.investigator) as tx:
        corrections.correct(tx, lead, Said(field="title", value="虚报造林", reason="抄录有误"))
    page = request_page(doors, world.deputy, request)
    assert "Corrected since it was asked title Before" in page.words
    assert "李志强, 3 September: 抄录有误" in page.words
    assert "<del>" in page.html


def test_whoever_read_a_request_before_a_correction_reads_it_again(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    form = request_page(doors, world.deputy, request).form("/sign")
    with world.open("correct", world.investigator) as tx:
        corrections.correct(tx, lead, Said(field="title", value="虚报造林", reason="抄录有误"))
    browser = doors.browser(world.deputy)
    page = served(form.submit(browser, reason="同意。"), 412)
    assert "Corrected since it was asked title" in page.words
    assert build_matters.state(world, world.chief, lead) == "registered"
    followed(browser, page.form("/sign").submit(browser))
    assert build_matters.state(world, world.chief, lead) == "assigned"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_secretary_records_the_sitting_to_sign(
    world: World, doors: Doors, language: str
) -> None:
    lead = build_matters.verified(world)
    build_matters.sign_all(
        world,
        build_matters.act(
            world, world.investigator, lead, "report_verification",
            allegations="虚报。", findings="属实。", proposal="调离。",
        ),
    )  # fmt: skip
    with world.open("read", world.chief) as tx:
        person = str(matters.open_matter(tx, lead).people[0]["id"])
    done = build_matters.act(
        world, world.department_head, lead, "conclude", basis="属实。",
        outcomes=[{"subject": person, "measure": "transfer"}],
    )  # fmt: skip
    assert done.request_id is not None
    for who in (world.deputy, world.chief):
        browser = doors.browser(who)
        form = request_page(doors, who, done.request_id).form("/sign")
        followed(browser, form.submit(browser, reason="同意。"))
    browser = doors.browser(world.secretary, language=language)
    form = request_page(doors, world.secretary, done.request_id, language).form("/sign")
    sitting = {
        "held_on": "2018-09-03", "chair": "陈正平", "present": "陈正平\n冯立新\n王振华\n沈家和",
        "votes_for": "4", "votes_against": "0", "abstained": "0", "minutes": "第12号",
    }  # fmt: skip
    empty = served(form.submit(browser), 422)
    said = {
        "en": ("Say why.", "This has to be filled in."), "zh-CN": ("请说明理由。", "此项必填。"),
    }[language]  # fmt: skip
    assert all(missing in empty.words for missing in said)
    wrong = served(form.submit(browser, reason="会议同意。", **{**sitting, "chair": "外人"}), 422)
    assert wrong.form("/sign").fields["minutes"] == ["第12号"]
    assert 'id="chair-e"' in wrong.html
    followed(browser, form.submit(browser, reason="会议同意。", **sitting))
    words = served(doors.browser(world.chief).get(f"/matters/{lead}")).words
    assert "4 present, 0 recused; 4 for, 0 against, 0 abstained; minutes 第12号." in words
    assert "notifying" in words


def test_in_a_demo_one_may_go_on_as_whoever_signs_next(world: World, doors: Doors) -> None:
    lead, request = asked(world)
    for address in (f"/matters/{lead}", f"/requests/{request}"):
        assert "Continue as" not in doors.browser(world.lead_manager).get(address).text
    deputy = world.deputy
    # Another deputy, whom no card introduces, stands before this one by name.
    other = world.hire("otherdeputy", Role.DEPUTY, "YC", name="丁平")
    doors.app.state.demo = DemoDoor(
        cards=(Card(deputy.login, deputy.name, deputy.role, {}),),
        passwords={deputy.login: PASSWORD, other.login: PASSWORD},
    )
    browser = doors.browser(world.lead_manager)
    page = served(browser.get(f"/matters/{lead}"))
    form = next(form for form in page.forms if "as" in form.fields)
    answer = form.submit(browser)
    assert answer.headers["location"] == f"/requests/{request}"
    page = served(browser.get(answer.headers["location"]))
    assert page.form("/sign")
    assert "冯立新" in page.words
    assert world.clock.today() == date(2018, 9, 3)


def test_whoever_keeps_off_is_named_neither_as_a_signer_nor_to_go_on_as(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    other = world.hire("otherdeputy", Role.DEPUTY, "YC", name="丁平")
    doors.app.state.demo = DemoDoor(cards=(), passwords={other.login: PASSWORD})
    browser = doors.browser(world.lead_manager)
    shown = [served(browser.get(each)) for each in (f"/matters/{lead}", f"/requests/{request}")]
    assert all("Continue as 丁平" in each.html and "丁平" in each.words for each in shown)
    with world.open("matters.keep_off", other) as tx:
        walls.keep_off(tx, lead, reason="亲属。")
    for address in (f"/matters/{lead}", f"/requests/{request}"):
        chain = served(browser.get(address)).words.split("History")[0]
        assert "丁平" not in chain
        assert "冯立新" in chain


def repeated_petition(world: World) -> tuple[UUID, UUID]:
    """A petition whose acceptance was asked for; since then it looks like another one."""
    with world.open("petitions.log", world.intake_officer) as tx:
        one, other = (
            petitions.log_petition(
                tx,
                NewPetition(
                    channel="letter", class_="report", received_on=date(2018, 9, 3),
                    content=content, unit_id=world.village.id,
                ),
            )
            for content in ("反映补助未发。", "反映补助至今未发。")
        )  # fmt: skip
    done = build_matters.act(
        world, world.intake_officer, one, "accept", jurisdiction=True, first_report=True
    )
    assert done.request_id is not None
    with world.open("imports.take", world.intake_officer) as tx:
        repeat_rows.notice(tx, one, other, why={"reason": "words"})
    return one, done.request_id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_can_t_be_signed_yet_says_why_before_anybody_tries(
    world: World, doors: Doors, language: str
) -> None:
    said = {
        "en": ("Not to be signed yet", "Possible repeats wait to be decided."),
        "zh-CN": ("暂不能签", "有疑似重复件等待认定。"),
    }[language]
    petition, request = repeated_petition(world)
    browser = doors.browser(world.petitions_head, language=language)
    for address in ("/desk", "/sign", f"/requests/{request}"):
        words = served(browser.get(address)).words
        assert all(each in words for each in said), (address, words)
    page = served(browser.get(f"/requests/{request}"))
    refused = served(page.form("/sign").submit(browser, reason="同意。"), 409)
    assert said[1] in refused.words
    returned = page.form("/return").submit(browser, reason="先确认是否重复。")
    assert returned.headers["location"] == f"/sign?done=returned&of={petition}"
    assert build_matters.state(world, world.chief, petition) == "registered"


def test_a_pair_that_looks_alike_waits_on_the_desk_of_whoever_decides_on_its_kind(
    world: World, doors: Doors
) -> None:
    repeated_petition(world)
    alike = "alike in words, in the same place"
    for who, shown in ((world.intake_officer, True), (world.lead_manager, False)):
        words = served(doors.browser(who).get("/desk")).words
        assert (alike in words) is shown


def test_what_came_back_stands_on_the_desk_once_with_its_reason(world: World, doors: Doors) -> None:
    _lead, request = asked(world)
    browser = doors.browser(world.deputy)
    page = served(browser.get(f"/requests/{request}"))
    page.form("/return").submit(browser, reason="先说明有无回避情形。")
    words = served(doors.browser(world.lead_manager).get("/desk")).words
    assert "1 thing: 1 returned" in words
    assert words.count("YC2018-0001") == 1
    assert "先说明有无回避情形。" in words


def test_what_waits_goes_on_to_a_next_page_and_the_count_is_of_all(
    world: World, doors: Doors
) -> None:
    _lead, first = asked(world)
    _lead, second = asked(world)
    browser = doors.browser(world.deputy)
    page = served(browser.get("/sign?limit=1"))
    assert "2 requests wait for you" in page.words
    assert f"/requests/{first}" in page.html
    assert f"/requests/{second}" not in page.html
    following = page.html.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    later = served(browser.get(following.replace("&amp;", "&")))
    assert f"/requests/{second}" in later.html
    assert "2 of 2" in served(browser.get(f"/requests/{second}")).words


def test_a_signature_sent_twice_is_answered_twice_and_given_once(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    browser = doors.browser(world.deputy)
    form = served(browser.get(f"/requests/{request}")).form("/sign")
    first, second = (form.submit(browser, reason="同意。") for _ in range(2))
    assert (first.status_code, first.headers["location"]) == (303, second.headers["location"])
    assert build_matters.state(world, world.deputy, lead) == "assigned"


def test_asked_again_a_form_is_as_it_was_returned_but_for_what_is_vouched_for(
    world: World, doors: Doors
) -> None:
    lead, request = asked(world)
    browser = doors.browser(world.deputy)
    form = request_page(doors, world.deputy, request).form("/return")
    again = f"/matters/{lead}/act/assign"

    def asking(who: Someone) -> dict[str, list[str]]:
        return served(doors.browser(who).get(again)).form("/act/assign").fields

    followed(browser, form.submit(browser, reason="请先比对同村另一线索。"))
    begun = asking(world.lead_manager)
    assert begun["department"] == [str(world.unit("YC-O03").id)]
    assert "no_conflict" not in begun
    assert begun["reason"] == [""]
    other = world.hire("second-manager", Role.LEAD_MANAGER, "YC")
    assert asking(other)["department"] == [""]
