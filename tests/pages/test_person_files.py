"""A person's file by its pages: what is asked first, what stands in it, and who opened it."""

import pytest

from app.services.openings import Reported
from tests.build_matters import log, verified
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import followed, served


@pytest.mark.parametrize(
    ("language", "asks", "missing", "section"),
    [
        ("en", "say why you open the file", "Say why.", "Former posts"),
        ("zh-CN", "请说明为何打开其档案", "请说明理由。", "曾任职务"),
    ],
)
def test_who_handles_nothing_of_theirs_is_asked_why_before_anything_is_shown(
    world: World, doors: Doors, language: str, asks: str, missing: str, section: str
) -> None:
    log(world, world.investigator, Reported(name="梁启元", position="村主任"))
    browser = doors.browser(world.chief, language=language)
    address = served(browser.get("/people?name=梁")).link("梁启元")
    asked = served(browser.get(address), 403)
    assert asks in asked.words
    assert section not in asked.words
    again = served(asked.form("/open").submit(browser, reason=" "), 422)
    assert missing in again.words
    page = followed(browser, again.form("/open").submit(browser, reason="核对登记信息。"))
    assert section in page.words
    assert section in served(browser.get(address)).words


def test_a_handler_is_asked_nothing(world: World, doors: Doors) -> None:
    verified(world, Reported(name="梁启元"))
    browser = doors.browser(world.investigator)
    address = served(browser.get("/people?name=梁")).link("梁启元")
    assert "Former posts" in served(browser.get(address)).words


def test_a_form_that_came_from_elsewhere_opens_no_file(world: World, doors: Doors) -> None:
    log(world, world.investigator, Reported(name="梁启元"))
    browser = doors.browser(world.chief)
    address = served(browser.get("/people?name=梁")).link("梁启元")
    assert browser.post(f"{address}/open", data={"reason": "核对。"}).status_code == 403
    served(browser.get(address), 403)


def test_the_file_is_asked_for_before_it_is_changed(world: World, doors: Doors) -> None:
    log(world, world.investigator, Reported(name="梁启元"))
    browser = doors.browser(world.lead_manager)
    address = served(browser.get("/people?name=梁")).link("梁启元")
    asked = served(browser.get(f"{address}/change"), 403)
    assert "Identity number" not in asked.words
    followed(browser, asked.form("/open").submit(browser, reason="补充登记。"))
    assert "Identity number" in served(browser.get(f"{address}/change")).words


def test_former_posts_are_entered_and_withdrawn_on_the_page(world: World, doors: Doors) -> None:
    verified(world, Reported(name="梁启元"))
    browser = doors.browser(world.investigator)
    address = served(browser.get("/people?name=梁")).link("梁启元")
    form = served(browser.get(address)).form("/posts")
    page = followed(
        browser,
        form.submit(
            browser, unit_id=str(world.village.id), position="村会计", begins="2012-03",
            ends="2016-07",
        ),
    )  # fmt: skip
    assert "村会计, 2012-03 – 2016-07" in page.words
    page = followed(
        browser, page.form("/posts").submit(browser, unit_id="elsewhere", place="邻县财政所")
    )
    assert "邻县财政所" in page.words
    gone = next(form for form in page.forms if form.action.endswith("/end"))
    page = followed(browser, gone.submit(browser))
    assert page.words.count("Entered by mistake") == 1


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_whoever_supervises_reads_who_opened_a_file_and_why(
    world: World, doors: Doors, language: str
) -> None:
    verified(world, Reported(name="梁启元"))
    reader = doors.browser(world.inspector)
    address = served(reader.get("/people?name=梁")).link("梁启元")
    form = served(reader.get(address), 403).form("/open")
    followed(reader, form.submit(reader, reason="核对登记信息。"))
    chief = served(doors.browser(world.chief, language=language).get("/openings"))
    assert f"{world.inspector.name}" in chief.words
    assert "核对登记信息。" in chief.words
    assert "梁启元" in chief.words
    auditor = served(doors.browser(world.auditor, language=language).get("/openings"))
    assert "核对登记信息。" in auditor.words
    assert "梁××" in auditor.words
    assert "梁启元" not in auditor.words
    other = served(doors.browser(world.deputy, language=language).get("/openings"))
    assert "核对登记信息。" not in other.words
