"""One list of what a search found, with the reason in the reader's words."""

import pytest

from app.services.openings import Reported
from tests import build_matters
from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served


def test_a_search_finds_by_number_words_and_name(world: World, doors: Doors) -> None:
    build_matters.log(world, world.investigator)
    browser = doors.browser(world.chief)
    for words in ("YC2018-0001", "造林面积", "梁启元"):
        page = served(browser.get(f"/search?q={words}"))
        assert page.link("YC2018-0001").startswith("/matters/")


@pytest.mark.parametrize(
    ("language", "typed", "said"),
    [
        ("en", "梁启元", "person: 梁启元"),
        ("en", "梁起元", "person: 梁启元 (one character off)"),
        ("en", "lqy", "person: 梁启元 (pinyin initials)"),
        ("en", "YC2018-0001", "number"),
        ("zh-CN", "梁起元", "姓名：梁启元（相差一字）"),
        ("zh-CN", "lqy", "姓名：梁启元（拼音首字母）"),
        ("zh-CN", "YC2018-0001", "编号"),
    ],
)
def test_a_result_says_why_it_was_found(
    world: World, doors: Doors, language: str, typed: str, said: str
) -> None:
    build_matters.log(world, world.investigator)
    page = served(doors.browser(world.chief, language=language).get(f"/search?q={typed}"))
    assert said in page.words


def test_a_search_narrows_to_a_kind_and_back(world: World, doors: Doors) -> None:
    build_matters.log(world, world.investigator)
    browser = doors.browser(world.chief)
    page = served(browser.get("/search?q=梁启元"))
    assert "YC2018-0001" in served(browser.get(page.link("Leads"))).links
    cases = served(browser.get(page.link("Cases")))
    assert "YC2018-0001" not in cases.links
    assert "YC2018-0001" in served(browser.get(cases.link("Every kind"))).links


def test_what_was_found_goes_on_page_by_page(world: World, doors: Doors) -> None:
    for name in ("单建国", "单建军", "单建国"):
        build_matters.log(world, world.investigator, Reported(name=name))
    browser = doors.browser(world.chief)
    first = served(browser.get("/search?q=单建国&limit=2"))
    second = served(browser.get(first.link("Next page ›") + "&limit=2"))
    assert "2 rows shown" in first.words
    assert "1 row shown" in second.words
    assert "one character off" in second.words
    assert "one character off" not in first.words


def test_a_program_reads_why_as_a_person_does(world: World, doors: Doors) -> None:
    build_matters.log(world, world.investigator)
    api = doors.api(world.chief, language="zh-CN")
    (row,) = api.get("/api/v1/search", params={"q": "梁起元"}).json()["items"]
    assert row["number"] == "YC2018-0001"
    assert row["why"] == [
        {"by": "person", "name": "梁启元", "way": "one_off", "said": "姓名：梁启元（相差一字）"}
    ]
    assert api.get("/api/v1/search").status_code == 422
