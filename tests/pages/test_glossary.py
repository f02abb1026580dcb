"""The glossary as readers find it: from any page, and from words that are new to them."""

import re

from tests.build_matters import verified
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served


def anchors(html: str) -> set[str]:
    return set(re.findall(r'<div id="([a-z-]+)"', html))


def test_whoever_has_not_signed_in_reads_it_too(world: World, doors: Doors) -> None:
    page = served(doors.browser().get("/glossary"))
    assert "preliminary verification" in page.words
    assert "Supervision Law, article 67" in page.words
    assert "Sign out" not in page.words


def test_a_reader_keeps_the_frame_of_their_role(world: World, doors: Doors) -> None:
    page = served(doors.browser(world.investigator).get("/glossary"))
    assert "Sign out" in page.words
    assert "/units" in page.links.values()


def test_chinese_readers_find_the_english_word_beside_theirs(world: World, doors: Doors) -> None:
    page = served(doors.browser(world.investigator, language="zh-CN").get("/glossary"))
    assert "初步核实" in page.words
    assert '<span class="quiet" lang="en">preliminary verification</span>' in page.html
    assert "《中华人民共和国监察法》第67条" in page.words


def test_where_a_matter_stands_leads_to_what_that_means(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    matter = served(browser.get(f"/matters/{verified(world)}"))
    address, _, anchor = matter.link("verifying").partition("#")
    page = served(browser.get(address))
    assert anchor in anchors(page.html)
    assert "A team of at least two checks the facts." in page.words


def test_a_session_that_is_over_reads_it_as_anybody(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    signed_out = served(browser.get("/me"))
    signed_out.form("/sign-out").submit(browser)
    assert "Sign out" not in served(browser.get("/glossary")).words
