"""Letting a colleague see a matter, and standing in, by the pages."""

import pytest

from tests.build_matters import verified
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import followed, served


@pytest.mark.parametrize(("language", "until"), [("en", ", until "), ("zh-CN", "，至")])
def test_a_head_lets_a_colleague_see_a_matter_for_a_time(
    world: World, doors: Doors, language: str, until: str
) -> None:
    lead = verified(world)
    head = doors.browser(world.department_head, language=language)
    form = served(head.get(f"/matters/{lead}/access")).form("/access")
    served(form.submit(head, login=world.team_member.login, days="500", reason=""), 422)
    answer = form.submit(head, login=world.team_member.login, days="7", reason="核对账目")
    page = followed(head, answer)
    assert world.team_member.name + until in page.words
    colleague = doors.browser(world.team_member, language=language)
    served(colleague.get(f"/matters/{lead}"))
    followed(head, page.form("/end").submit(head))
    served(colleague.get(f"/matters/{lead}"), 404)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_somebody_stands_in_and_it_is_ended(world: World, doors: Doors, language: str) -> None:
    browser = doors.browser(world.deputy, language=language)
    page = served(browser.get("/me/standing-in"))
    form = page.form("/me/standing-in")
    served(form.submit(browser, login="", last_day="", reason=""), 422)
    with world.open("today", world.deputy) as tx:
        last = tx.value("SELECT (guard.today() + 3)::text")
    page = followed(
        browser, form.submit(browser, login=world.team_member.login, last_day=last, reason="休假")
    )
    assert world.team_member.name in page.words
    stands = doors.browser(world.team_member, language=language)
    assert world.deputy.name in served(stands.get("/me/standing-in")).words
    page = followed(browser, page.form("/end").submit(browser))
    assert "休假" not in page.words
