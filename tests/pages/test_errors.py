"""Every error page says what happened, what was kept, and what to do."""

import pytest

from app.core import i18n
from app.domain.errors import N_, Unavailable
from app.repositories.work import Work
from app.routers.csrf import FIELD
from app.routers.errors import PROBLEM
from app.routers.problems import KINDS
from app.services import installation
from tests.builders import World
from tests.clients import ADDRESS, Doors
from tests.pages.served import served

WRITTEN = "反映2018年验收造林面积与实际不符。"


@pytest.mark.parametrize("code", KINDS)
def test_each_kind_of_refusal_says_what_to_do(doors: Doors, world: World, code: str) -> None:
    for language, locale in (("en", i18n.ENGLISH), ("zh-CN", i18n.CHINESE)):
        page = served(doors.browser(language=language).get(f"/problems/{code}"))
        assert i18n.translate(locale, KINDS[code].meaning) in page.words
        assert i18n.translate(locale, KINDS[code].todo) in page.words


def test_what_was_written_stands_on_the_page_that_refuses_it(world: World, doors: Doors) -> None:
    """A colleague's session asks for what isn't theirs: nothing typed is lost by it."""
    browser = doors.browser(world.auditor)
    form = served(browser.get("/me")).form("/me/password")
    answer = browser.post("/log", data={FIELD: form.fields[FIELD][0], "what": WRITTEN})
    page = served(answer, 403)
    assert "Nothing of what you sent was taken in. What you had written" in page.words
    assert WRITTEN in page.words
    assert "ask an administrator which role it takes" in page.words


def test_no_password_is_shown_again(world: World, doors: Doors) -> None:
    browser = doors.browser(world.auditor)
    mine = served(browser.get("/me")).form("/me/password").fields[FIELD][0]
    secret = "five words of a password"
    data = {FIELD: mine, "old": secret, "password": secret, "again": secret, "code": secret}
    page = served(browser.post("/log", data=data), 403)
    assert secret not in page.html
    assert "Nothing of what you sent was taken in." in page.words


def test_what_another_site_sends_is_shown_to_nobody(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    data = {FIELD: "made up", "what": WRITTEN}
    for headers in ({}, {"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        page = served(browser.post("/log", data=data, headers=headers), 403)
        assert WRITTEN not in page.html
        assert "Nothing of what you sent was taken in." in page.words


def test_a_form_of_ours_that_has_expired_shows_what_was_written(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    data = {FIELD: "made up", "what": WRITTEN}
    for headers in ({"Origin": ADDRESS}, {"Sec-Fetch-Site": "same-origin"}):
        page = served(browser.post("/log", data=data, headers=headers), 403)
        assert "Not from this page" in page.words
        assert WRITTEN in page.words


def test_whoever_isn_t_signed_in_any_more_is_led_to_the_door_and_back(
    world: World, doors: Doors
) -> None:
    """The form was open; its cookie is gone, or its session is over."""
    headers = {"Referer": f"{ADDRESS}/log?petition="}
    page = served(doors.browser().post("/log", data={"what": WRITTEN}, headers=headers), 401)
    assert page.link("Sign in") == "/sign-in?back=%2Flog%3Fpetition%3D"
    assert page.link("Back") == "/log?petition="
    assert "My desk" not in page.links
    bare = served(doors.browser().post("/log", data={"what": WRITTEN}), 401)
    assert bare.link("Sign in") == "/sign-in?back=%2Flog"
    browser = doors.browser(world.investigator)
    form = served(browser.get("/me")).form("/sign-out")
    kept = dict(browser.cookies)
    assert browser.post("/sign-out", data=form.fields).status_code == 303
    browser.cookies.update(kept)
    for answer in (browser.get("/no-such-page"), browser.post("/log", data={FIELD: "made up"})):
        page = served(answer, answer.status_code)
        assert page.link("Sign in").startswith("/sign-in")
        assert "My desk" not in page.links


def test_back_leads_to_the_page_that_the_reader_came_from(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    here = f"{ADDRESS}/leads?open=open"
    page = served(browser.get("/admin", headers={"Referer": here}), 403)
    assert page.link("Back") == "/leads?open=open"
    for elsewhere in ("https://elsewhere.example/leads", f"{ADDRESS}//elsewhere.example/leads"):
        page = served(browser.get("/admin", headers={"Referer": elsewhere}), 403)
        assert "Back" not in page.links
        assert page.link("My desk") == "/desk"


def test_a_page_that_isn_t_there_says_how_to_find_it(world: World, doors: Doors) -> None:
    page = served(doors.browser(world.investigator).get(f"/matters/{world.township.id}"), 404)
    assert "Look for it by its number above." in page.words
    assert "Nothing of what you sent" not in page.words


def test_a_browser_at_an_address_of_the_api_gets_a_page(world: World, doors: Doors) -> None:
    """A link of ours led there, or somebody changed its day by hand."""
    bad = "/api/v1/exports/totals.csv?as_of=2018-02-30"
    for language, heading in (("en", "Something needs mending"), ("zh-CN", "有需要更正之处")):
        browser = doors.browser(world.auditor, language=language)
        answer = browser.get(bad, headers={"Referer": f"{ADDRESS}/figures"})
        assert answer.headers["content-type"].startswith("text/html")
        page = served(answer, 422)
        assert heading in page.words
        assert "/figures" in page.links.values()
    program = doors.api(world.auditor).get(bad)
    assert (program.status_code, program.headers["content-type"]) == (422, PROBLEM)
    outside = doors.browser().get("/api/v1/exports/totals.csv")
    assert served(outside, 401).link("Sign in") == "/sign-in"


def test_whoever_is_signed_in_is_led_back_and_not_to_the_door(world: World, doors: Doors) -> None:
    """Where nobody had asked yet who they are: no such page, too much, a form of another session,
    one that lost its version. What is kept, and what to do, it says all the same."""
    browser = doors.browser(world.investigator)
    mine = served(browser.get("/me")).form("/me/password").fields[FIELD][0]
    matter = f"/matters/{world.township.id}/keep-off"
    written = {"reason": WRITTEN}
    refused = {
        404: browser.get("/no-such-page"),
        413: browser.post("/log", data={FIELD: mine, "what": "x" * 2**20}),
        403: browser.post("/log", data={FIELD: "made up", "what": WRITTEN}),
        428: browser.post(matter, data={FIELD: mine, **written}),
    }
    for status, answer in refused.items():
        page = served(answer, status)
        assert world.investigator.name in page.words, status
        assert page.link("My desk") == "/desk"
        assert page.link("Ledgers") == "/leads"  # the way on that stands around every page
        assert page.form("/search").fields == {"q": [""]}
        assert "Sign in" not in page.links
        assert page.form("/sign-out").fields[FIELD] == [mine]
        assert status == 404 or "Nothing of what you sent was taken in." in page.words
    whole = served(refused[428], 428)
    assert "If-Match" not in whole.words
    assert WRITTEN in whole.words
    assert (
        "Say which version you saw: send If-Match" in browser.get("/problems/version-required").text
    )
    outside = served(doors.browser().get("/no-such-page"), 404)
    assert outside.link("Sign in") == "/sign-in"
    assert "Ledgers" not in outside.links
    assert "Sign in first: what is yours to see opens then." in outside.words
    assert "number above" not in outside.words


def test_a_database_that_is_busy_is_not_asked_again_for_the_page_that_says_so(
    world: World, doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def busy(tx: Work) -> None:
        asked.append(tx)
        raise Unavailable(N_("The system is busy. Nothing was changed; try again."))

    monkeypatch.setattr(installation, "about", busy)
    page = served(doors.browser(world.investigator).get("/desk"), 503)
    assert world.investigator.name in page.words
    assert len(asked) == 1


def test_a_refused_form_leads_back_to_its_page(world: World, doors: Doors) -> None:
    browser = doors.browser(world.investigator)
    data = {FIELD: "made up"}
    own = browser.post("/log", data=data, headers={"Referer": f"{ADDRESS}/log"})
    assert served(own, 403).link("Back") == "/log"
    alone = "/preferences"  # a form's address, where no page is
    headers = {"Referer": f"{ADDRESS}{alone}", "Sec-Fetch-Site": "cross-site"}
    page = served(browser.post(alone, data=data, headers=headers), 403)
    assert "Back" not in page.links
