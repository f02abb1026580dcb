"""The guide in the application: reached from each page, in the reader's language."""

from tests.builders import World
from tests.clients import Doors
from tests.pages.served import served


def test_help_is_one_link_away_from_any_page(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    desk = served(browser.get("/desk"))
    guide = served(browser.get(desk.link("Help")))
    topic = served(browser.get(guide.link("For investigators")))
    assert "Mend what came back" in topic.words
    assert served(browser.get(topic.link("Help"))).words == guide.words


def test_the_guide_is_in_the_reader_s_language(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator, language="zh-CN")
    guide = served(browser.get("/help"))
    topic = served(browser.get(guide.link("承办人员")))
    assert "改好退回的" in topic.words
    assert "English" not in topic.words.split("帮助", 1)[1].split("显示")[0]


def test_who_can_t_sign_in_reads_how_to(world: World, doors: Doors) -> None:
    page = served(doors.browser().get("/help/signing-in"))
    assert "recovery codes" in page.words


def test_pictures_are_served_and_nothing_else_of_the_disk_is(world: World, doors: Doors) -> None:
    browser = doors.browser()
    page = served(browser.get("/help/machines"))
    assert 'src="/help/files/machines/cn-discipline/en/lead.svg"' in page.html
    drawing = browser.get("/help/files/machines/cn-discipline/en/lead.svg")
    assert drawing.status_code == 200
    assert drawing.headers["content-type"].startswith("image/svg+xml")
    for name in ("investigator.md", "..%2f..%2fpyproject.toml", "pictures/../../adr", ""):
        assert browser.get(f"/help/files/{name}").status_code == 404, name


def test_a_topic_that_isn_t_there_is_not_found(world: World, doors: Doors) -> None:
    for name in ("nothing", "investigator.zh", "%2e%2e%2fREADME", "INDEX"):
        assert doors.browser().get(f"/help/{name}").status_code == 404, name


def test_a_link_out_of_the_guide_stays_words(world: World, doors: Doors) -> None:
    page = served(doors.browser().get("/help/tour"))
    assert "localhost:8000" in page.words
    assert not [href for href in page.links.values() if href.startswith("http")]
