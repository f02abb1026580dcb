"""Who comes back to a form that was sent sees that it was, and sends no half-empty second one.

Pages are fetched anew on the way back, and Chromium fills in again what it may remember: never a
field with autocomplete="off", as nearly all of ours are, so that no name stays on a machine.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.windows import DESKTOP, PHONE, PICTURES, Typed, Window, Windows
from tests.builders import World

WHAT = "2016年申报危房改造补助时多报面积。"
LEAD: dict[str, Typed] = {
    "source": "petition", "what": WHAT, "where": "上岩洲镇西塘桥村", "name": "周小英",
    "amount": "1300.00", "happened": "2016", "place": "村委会",
}  # fmt: skip
ALREADY = "This form was sent already, and it was carried out once."


def logged(windows: Windows, world: World, language: str = "en", *, scripts: bool = True) -> Window:
    window = windows.open(language, scripts=scripts)
    window.become(world.investigator)
    window.open("/desk")
    window.open("/log")
    send(window)
    assert window.path.startswith("/matters/"), window.words
    return window


def send(window: Window) -> None:
    form = window.form("/log")
    window.fill(form, LEAD)
    with window.page.expect_event("domcontentloaded"):
        form.locator("button[type=submit]:not([name])").first.click()


def told(window: Window) -> str:
    expect(window.page.locator("#sent")).to_be_visible()
    return " ".join(window.page.locator("#sent").inner_text().split())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_back_at_a_lead_that_was_logged_its_number_and_words_stand_in_place_of_the_form(
    world: World, windows: Windows, language: str
) -> None:
    window = logged(windows, world, language)
    made = window.path
    window.page.go_back()
    words = told(window)
    assert window.say(ALREADY) in words
    for each in ("YC2026-0001", WHAT, "周小英", "上岩洲镇西塘桥村", "1300.00"):
        assert each in words, each
    expect(window.form("/log")).to_be_hidden()
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        window.size(*size)
        window.page.screenshot(path=PICTURES / f"sent-{language}-{name}.png", full_page=True)
    window.size(*DESKTOP)
    window.page.get_by_role("link", name=window.say("Open {number}", number="YC2026-0001")).click()
    window.page.wait_for_url(f"**{made}*")
    window.open("/drafts")
    window.see("No form is begun. What you type into a longer form is kept here until you send it.")


def test_the_way_on_from_there_is_an_empty_form_of_its_own(world: World, windows: Windows) -> None:
    window = logged(windows, world)
    window.page.go_back()
    told(window)
    window.follow("Begin with an empty form")
    form = window.form("/log")
    expect(form).to_be_visible()
    expect(form.locator("[name=what]")).to_have_value("")
    send(window)
    window.see("YC2026-0002")


def test_back_without_a_connection_the_half_empty_form_is_sent_under_its_former_key(
    world: World, windows: Windows
) -> None:
    window = logged(windows, world)
    window.page.route("**/sent/*", lambda route: route.abort())
    window.page.go_back()
    form = window.form("/log")
    expect(form.locator("[name=what]")).to_have_value(WHAT)  # what the browser may remember
    expect(form.locator("[name=where]")).to_have_value("")
    expect(form.locator("[name=name]")).to_have_value("")
    window.fill(form, {"where": "上岩洲镇"})
    window.send(form)
    window.see("This form was sent already, with other words in it. What you sent now wasn’t done.")
    window.see("YC2026-0001")
    assert "周小英" in window.words
    assert all("ERR_FAILED" in each for each in window.said_wrong())


def test_a_form_that_was_refused_comes_back_as_it_is(world: World, windows: Windows) -> None:
    window = windows.open("en")
    window.become(world.investigator)
    window.open("/log")
    with window.page.expect_event("domcontentloaded"):
        window.form("/log").locator("button[type=submit]:not([name])").first.click()
    assert "to mend" in window.words
    window.open("/desk")
    window.open("/log")
    expect(window.form("/log")).to_be_visible()
    expect(window.page.locator("#sent")).to_have_count(0)


def test_a_form_that_is_opened_anew_is_one_of_its_own(world: World, windows: Windows) -> None:
    window = logged(windows, world)
    window.open("/log")
    expect(window.form("/log")).to_be_visible()
    send(window)
    window.see("YC2026-0002")


def test_nobody_else_reads_what_was_sent_under_a_key(world: World, windows: Windows) -> None:
    window = logged(windows, world)
    window.page.go_back()
    told(window)
    key = window.page.locator("[name=form_key]").first.input_value()
    window.become(world.other_investigator)
    answer = window.open(f"/sent/{key}")
    assert answer.status == 404
    assert WHAT not in window.words


def test_a_button_that_stands_alone_is_pressed_anew_after_the_way_back(
    world: World, windows: Windows
) -> None:
    """Its page says what it does by now; under its former key nothing would be done."""
    window = logged(windows, world)
    watch = f"{window.path}/watch"
    window.send(window.form(watch))
    window.open("/watched")
    with window.page.expect_event("domcontentloaded"):
        window.page.get_by_role("button", name=window.say("Stop watching")).click()
    while not window.page.evaluate("window.history.state?.sent?.action.endsWith('/watch')"):
        window.page.go_back()
    window.send(window.form(watch))
    window.open("/watched")
    window.see("YC2026-0001")
