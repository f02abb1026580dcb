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
    form = served(browser.get(here)).form(here)
    assert form.submit(browser, answer="other", reason=" ").status_code == 422
    assert form.submit(browser, reason="邻县人").status_code == 422
    page = followed(browser, form.submit(browser, answer="other", reason="系同名村民。"))
    for said in (done, other, "系同名村民。", again, looked):
        assert said in page.words
    assert them not in page.words


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
