"""A filter that somebody comes back to stands under a name, and is theirs alone."""

import pytest

from app.services import saved_views
from tests.build_matters import log
from tests.builders import World
from tests.clients import Client, Doors
from tests.pages.served import Served, served

ASKED = "/leads?open=open&due=overdue"


def keep(browser: Client, name: str, address: str = ASKED) -> Served:
    answer = served(browser.get(address)).form("/views").submit(browser, name=name)
    assert answer.status_code == 303, answer.text
    return served(browser.get(answer.headers["location"]))


def test_a_view_is_one_press_away_and_marked_where_it_is_looked_at(
    world: World, doors: Doors
) -> None:
    log(world, world.investigator)
    browser = doors.browser(world.chief)
    page = keep(browser, "逾期未结")
    assert "not yet ended×, overdue×" in page.words
    assert 'aria-current="page">逾期未结' in page.html
    everything = served(browser.get("/leads"))
    assert everything.link("逾期未结") == ASKED
    assert "Keep this view" not in everything.words  # nothing was asked for
    assert "逾期未结" not in served(browser.get("/cases")).links


def test_a_name_that_is_there_stands_for_the_new_filter(world: World, doors: Doors) -> None:
    browser = doors.browser(world.chief)
    keep(browser, "看一看")
    keep(browser, "看一看", "/leads?open=ended")
    page = served(browser.get("/leads"))
    assert page.link("看一看") == "/leads?open=ended"
    assert page.words.count("看一看") == 1


def test_a_view_that_was_forgotten_can_be_kept_again(world: World, doors: Doors) -> None:
    browser = doors.browser(world.chief)
    page = keep(browser, "逾期未结")
    gone = page.form("/forget").submit(browser)
    after = served(browser.get(gone.headers["location"]))
    assert "“逾期未结” is forgotten." in after.words
    assert "逾期未结" not in served(browser.get("/leads")).links
    again = after.form("/views").submit(browser)
    assert served(browser.get(again.headers["location"])).link("逾期未结") == ASKED


def test_a_view_is_its_owners_alone(world: World, doors: Doors) -> None:
    mine, theirs = doors.browser(world.chief), doors.browser(world.deputy)
    page = keep(mine, "逾期未结")
    assert "逾期未结" not in served(theirs.get(ASKED)).links
    form = page.form("/forget")
    form.fields["csrf_token"] = served(theirs.get(ASKED)).form("/views").fields["csrf_token"]
    assert form.submit(theirs).status_code == 404
    assert "逾期未结" in served(mine.get(ASKED)).links


@pytest.mark.parametrize("name", ["", " ", "长" * 41])
def test_a_view_needs_a_name_that_fits(world: World, doors: Doors, name: str) -> None:
    browser = doors.browser(world.chief)
    form = served(browser.get(ASKED)).form("/views")
    assert form.submit(browser, name=name).status_code == 422


def test_too_many_views_are_refused_in_words(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_views, "MOST", 1)
    browser = doors.browser(world.chief)
    keep(browser, "一")
    refused = served(browser.get("/leads?open=ended")).form("/views").submit(browser, name="二")
    assert "You keep 1 views already" in served(refused, 409).words


def test_only_what_a_list_understands_is_kept(world: World, doors: Doors) -> None:
    browser = doors.browser(world.chief)
    form = served(browser.get(ASKED)).form("/views")
    form.fields["query"] = ["open=nonsense&javascript=1&unit=YC-T01#x"]
    answer = form.submit(browser, name="乡镇")
    assert answer.headers["location"] == "/leads?unit=YC-T01%23x"
    form = served(browser.get(ASKED)).form("/views")
    form.fields["query"] = ["unit=YC-T01%00&source=%00&text=%00"]
    assert form.submit(browser, name="无字").headers["location"] == "/leads?unit=YC-T01"
    form.fields["kind"] = ["account"]
    assert form.submit(browser, name="乡镇").status_code == 404
