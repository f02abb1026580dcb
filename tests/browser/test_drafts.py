"""What is typed is kept while it is typed, and a cable that is cut takes nothing away."""

import re

from playwright.sync_api import expect

from tests.browser.windows import Window, Windows
from tests.builders import Someone, World

WHAT = "2016年申报危房改造补助时多报面积。"


def begin(windows: Windows, who: Someone) -> Window:
    window = windows.open("en")
    window.become(who)
    window.open("/log")
    return window


def type_what(window: Window, text: str = WHAT) -> None:
    window.page.locator("[name=what]").fill(text)


def said(window: Window, text: str) -> None:
    expect(window.page.locator("[data-draft-said]")).to_have_text(re.compile(text), timeout=20_000)


def test_what_is_typed_is_kept_by_itself_and_filled_in_again(
    world: World, windows: Windows
) -> None:
    window = begin(windows, world.investigator)
    type_what(window)
    said(window, "Kept at")
    window.open("/log")
    expect(window.page.locator("[name=what]")).to_have_value(WHAT)
    expect(window.page.locator(".draft-note").first).to_contain_text("filled in again")


def test_a_cut_cable_is_waited_out(world: World, windows: Windows) -> None:
    window = begin(windows, world.investigator)
    window.page.context.set_offline(True)
    type_what(window)
    said(window, "Not kept: no connection")
    window.page.context.set_offline(False)
    assert all("ERR_INTERNET_DISCONNECTED" in each for each in window.said_wrong())
    said(window, "Kept at")
    window.open("/log")
    expect(window.page.locator("[name=what]")).to_have_value(WHAT)


def test_a_form_that_is_sent_in_the_middle_of_being_kept_leaves_no_draft(
    world: World, windows: Windows
) -> None:
    window = begin(windows, world.investigator)
    page = window.page
    page.locator("[name=source]").select_option("petition")
    page.locator("[name=where]").fill("上岩洲镇西塘桥村")
    type_what(window)
    said(window, "Kept at")
    with page.expect_request("**/drafts"):
        type_what(window, WHAT + "已核对。")
    with page.expect_event("domcontentloaded"):
        page.locator("main form button[type=submit]").first.click()
    assert window.path.startswith("/matters/"), window.words
    window.open("/drafts")
    assert "No form is begun" in window.words


def without_a_connection(window: Window) -> None:
    """Types, and waits until the tab holds what the server can't be told."""
    window.page.route("**/drafts", lambda route: route.abort())
    type_what(window)
    said(window, "Not kept: no connection")
    window.page.unroute("**/drafts")
    assert all("ERR_FAILED" in each for each in window.said_wrong())


def test_a_tab_that_is_ended_without_a_connection_has_it_again(
    world: World, windows: Windows
) -> None:
    window = begin(windows, world.investigator)
    without_a_connection(window)
    window.page.reload()
    expect(window.page.locator("[name=what]")).to_have_value(WHAT)
    said(window, "Kept at")
    window.open("/drafts")
    assert "Log a lead" in window.words


def test_what_a_tab_holds_is_wiped_at_sign_out_and_before_anybody_else(
    world: World, windows: Windows
) -> None:
    window = begin(windows, world.investigator)
    held = "Object.keys(sessionStorage).length"
    without_a_connection(window)
    assert window.page.evaluate(held) == 1
    window.become(world.other_investigator)
    window.open("/log")
    assert window.page.evaluate(held) == 0
    expect(window.page.locator("[name=what]")).to_have_value("")
    without_a_connection(window)
    window.press("Sign out")
    window.page.wait_for_url("**/sign-in*")
    assert window.page.evaluate(held) == 0


def test_a_form_that_was_answered_is_not_filled_in_again(world: World, windows: Windows) -> None:
    window = begin(windows, world.investigator)
    page = window.page
    page.locator("[name=source]").select_option("petition")
    page.locator("[name=where]").fill("上岩洲镇西塘桥村")
    without_a_connection(window)
    with page.expect_event("domcontentloaded"):
        page.locator("main form button[type=submit]").first.click()
    assert window.path.startswith("/matters/"), window.words
    window.open("/log")
    expect(page.locator("[name=what]")).to_have_value("")


def test_who_reported_is_never_held_in_a_tab(world: World, windows: Windows) -> None:
    window = windows.open("en")
    window.become(world.intake_officer)
    window.open("/log/petition")
    window.page.context.set_offline(True)
    window.page.locator("[name=reporter_name]").fill("周小英")
    window.page.locator("[name=content]").fill("多报面积。")
    said(window, "Not kept: no connection")
    assert all("ERR_INTERNET_DISCONNECTED" in each for each in window.said_wrong())
    held = window.page.evaluate("JSON.stringify(Object.entries(sessionStorage))")
    assert "多报面积" in held
    assert "周小英" not in held
