"""A colleague has the name of somebody who is reported: asked and answered by the pages."""

import pytest

from app.domain.permissions import Role
from app.services.openings import Reported
from tests import build_matters
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import followed, served

WORDS = {
    "en": ("A colleague has the name 司徒名同: same-name, ", "Is it them?",
           "Your answer is recorded.", "is somebody else than the colleague", "Say otherwise",
           "looked at who the people of this matter are"),
    "zh-CN": ("有同事与司徒名同同名：same-name", "是不是此人？", "您的答复已记录。", "是另一人",
              "改为另一答复", "核对了本事项的人员"),
}  # fmt: skip


FIRST = {
    "en": "Before it: say whether somebody reported is your colleague",
    "zh-CN": "在此之前：请先答复被反映人是不是本机关同事",
}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_whoever_heads_it_is_asked_on_the_matters_page_and_answers_with_a_reason(
    world: World, doors: Doors, language: str
) -> None:
    question, them, done, other, again, looked = WORDS[language]
    lead, involved, account = build_matters.namesake(world)
    here = f"/matters/{lead}/namesakes/{involved}/{account}"
    browser = doors.browser(world.lead_manager, language=language)
    page = served(browser.get(f"/matters/{lead}"))
    assert question in page.words
    assert them in page.words
    assert FIRST[language] in page.words
    form = served(browser.get(here)).form(here)
    assert form.submit(browser, answer="other", reason=" ").status_code == 422
    assert form.submit(browser, reason="邻县人").status_code == 422
    page = followed(browser, form.submit(browser, answer="other", reason="系同名村民。"))
    for said in (done, other, "系同名村民。", again, looked):
        assert said in page.words
    assert them not in page.words
    assert FIRST[language] not in page.words


def test_who_only_logged_it_or_reads_it_is_asked_nothing(world: World, doors: Doors) -> None:
    lead, involved, account = build_matters.namesake(world)
    for who in (world.auditor, world.secretary):
        browser = doors.browser(who)
        assert "Is it them?" not in served(browser.get(f"/matters/{lead}")).words
        refused = browser.get(f"/matters/{lead}/namesakes/{involved}/{account}").status_code
        assert refused in (403, 404)


def test_the_colleague_finds_nothing_there_as_if_there_were_nothing(
    world: World, doors: Doors
) -> None:
    them = world.hire("same-name", Role.LEAD_MANAGER, "YC", name="司徒名同")
    other = doors.browser(them)
    lead = build_matters.log(world, world.lead_manager, Reported(name="司徒名同"))
    served(other.get(f"/matters/{lead}"), 404)
    api = doors.api(them)
    assert api.get(f"/api/v1/matters/{lead}/namesakes").status_code == 404


DESK = {
    "en": ("Is this your colleague?", "Say whether it is them", "1 with a colleague’s name"),
    "zh-CN": ("是不是本机关同事？", "答复是否此人", "1个同名同事待确认"),
}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_question_stands_on_the_desk_of_whoever_must_answer_until_it_is_answered(
    world: World, doors: Doors, language: str
) -> None:
    lead, involved, account = build_matters.namesake(world)
    here = f"/matters/{lead}/namesakes/{involved}/{account}"
    for who in (world.lead_manager, world.deputy, world.chief):
        page = served(doors.browser(who, language=language).get("/desk"))
        for said in (*DESK[language], WORDS[language][0]):
            assert said in page.words, (who.login, said)
        assert page.link(DESK[language][1]) == here
    browser = doors.browser(world.deputy, language=language)
    form = served(browser.get(here)).form(here)
    assert form.submit(browser, answer="other", reason="系同名村民。").status_code == 303
    page = served(doors.browser(world.chief, language=language).get("/desk"))
    assert DESK[language][0] not in page.words


def test_no_desk_tells_the_colleague_or_who_has_nothing_to_say(world: World, doors: Doors) -> None:
    lead, _involved, _account = build_matters.namesake(world)
    them = world.hire("same-name-2", Role.CHIEF, "YC", name="司徒名同")
    for who in (them, world.auditor, world.investigator, world.petitions_head, world.secretary,
                world.department_head):  # fmt: skip
        page = served(doors.browser(who).get("/desk"))
        assert "Is this your colleague?" not in page.words, who.login
        assert str(lead) not in page.html


@pytest.mark.parametrize(("language", "said"), [
    ("en", "said on 3 September that 司徒名同 is somebody else than the colleague"),
    ("zh-CN", "是另一人"),
])  # fmt: skip
def test_answering_anew_shows_who_answered_what_when_and_why(
    world: World, doors: Doors, language: str, said: str
) -> None:
    lead, involved, account = build_matters.namesake(world)
    here = f"/matters/{lead}/namesakes/{involved}/{account}"
    browser = doors.browser(world.lead_manager, language=language)
    page = served(browser.get(here))
    assert "系同名村民。" not in page.words
    page.form(here).submit(browser, answer="other", reason="系同名村民。")
    page = served(doors.browser(world.deputy, language=language).get(here))
    for each in (world.lead_manager.name, said, "系同名村民。"):
        assert each in page.words, each


def test_a_person_just_entered_is_called_what_is_known_of_them(world: World, doors: Doors) -> None:
    lead = build_matters.log(world, world.lead_manager, Reported(name="初次见"))
    page = served(doors.browser(world.lead_manager).get(f"/matters/{lead}"))
    assert "presumed the same" not in page.words
    assert "known by name and unit alone, without an identity number" in page.words
