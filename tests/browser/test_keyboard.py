"""Without a mouse: a lead or a petition is logged within a minute, a request is signed, people are
paid, and the focus is always seen.

A minute is counted in keys, not by the clock: 0.28 seconds each, three of them a Chinese
character, and 1.35 seconds to think before each field (the keystroke-level model).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg
import pytest
from psycopg.rows import DictRow

from app.core import i18n
from tests.browser.windows import Window, Windows
from tests.build_history import Past
from tests.build_matters import asked
from tests.builders import World

NAMED = """() => {
  const at = document.activeElement;
  return (at.labels && at.labels.length ? at.labels[0] : at).textContent.trim();
}"""
KEY, CHARACTER, THOUGHT = 0.28, 3 * 0.28, 1.35
STOPS = 150  # no page has as many places to stop at
WHAT = "2016年申报危房改造补助时多报面积，多领的补助没有发到户。"
WHERE = "上岩洲镇西塘桥村"


@dataclass
class Hands:
    """Two hands on a keyboard, and how long they take."""

    window: Window
    seconds: float = 0.0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.window.page.keyboard.press(key)
            self.seconds += KEY

    def type(self, text: str) -> None:
        self.window.page.keyboard.insert_text(text)
        self.seconds += len(text) * CHARACTER

    def next_field(self, *keys: str) -> None:
        self.press("Tab", *keys)
        self.seconds += THOUGHT

    def enter(self) -> None:
        """Follow or send what has the focus."""
        with self.window.page.expect_event("domcontentloaded"):
            self.press("Enter")

    def to_the_first_act(self) -> None:
        """Past the frame to what the page offers first."""
        self.press("Tab", "Enter", "Tab")
        self.enter()
        # The form's first field takes the focus once the page is drawn; hands are slower than that.
        self.window.page.locator("main :focus").wait_for()

    def stop_at(self, name: str) -> None:
        """On by the Tab key to the field, box or button of this name."""
        for _ in range(STOPS):
            self.press("Tab")
            if self.window.page.evaluate(NAMED) == name:
                return
        raise AssertionError(f"the Tab key never stops at {name} on {self.window.path}")

    def log(self, chosen: Sequence[str], *, form: str) -> None:
        """From the desk by the first act to its form. In each of the form's choices, which come
        first, so many keys down; then the day, which stands there, what is alleged and where."""
        self.window.open("/desk")
        self.to_the_first_act()
        assert self.window.path == form
        first, *others = chosen
        self.press(*first.split())  # the first field has the focus already
        for keys in others:
            self.next_field(*keys.split())
        self.next_field()
        self.next_field()
        self.type(WHAT)
        self.next_field()
        self.type(WHERE)
        self.enter()
        assert self.window.path.startswith("/matters/"), self.window.words
        assert WHAT in self.window.words
        assert self.seconds < 60


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_lead_is_logged_by_keys_within_a_minute(
    windows: Windows, world: World, scripts: bool
) -> None:
    window = windows.open(i18n.CHINESE, scripts=scripts)
    window.become(world.investigator)
    Hands(window).log(["ArrowDown ArrowDown"], form="/log")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_petition_is_logged_by_keys_within_a_minute(
    windows: Windows, world: World, scripts: bool
) -> None:
    window = windows.open(i18n.CHINESE, scripts=scripts)
    window.become(world.intake_officer)
    Hands(window).log(["ArrowDown", "ArrowDown"], form="/log/petition")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_request_is_read_and_signed_by_keys(
    windows: Windows, world: World, scripts: bool
) -> None:
    _lead, first = asked(world)
    asked(world)
    window = windows.open(i18n.CHINESE, scripts=scripts)
    window.become(world.deputy)
    window.open("/desk")
    hands = Hands(window)
    hands.press("Tab", "Enter")  # past the frame
    hands.stop_at("阅读并签批")
    hands.enter()
    assert window.path == f"/requests/{first}"
    hands.stop_at("同意的意见")
    hands.type("同意分办。")
    hands.press("Tab")
    hands.enter()
    assert window.path.startswith("/requests/")
    assert window.path != f"/requests/{first}"
    hands.stop_at("退回的理由")
    hands.type("承办部门写错了。")
    hands.press("Tab")
    hands.enter()
    assert window.path == "/sign"
    window.open("/sign/signed")
    assert "同意分办。" in window.words
    assert "承办部门写错了。" in window.words


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_people_are_paid_by_keys(
    windows: Windows, world: World, owner: psycopg.Connection[DictRow], scripts: bool
) -> None:
    world.clock.set(date(2018, 9, 28))
    item = Past(world, owner).item_to_repay("settling")
    window = windows.open(i18n.CHINESE, scripts=scripts)
    window.become(world.finance)
    window.open(f"/matters/{item.id}")
    hands = Hands(window)
    hands.press("Tab", "Enter")
    hands.stop_at("按清册退还群众")
    hands.enter()
    assert window.path == f"/money/{item.id}/return"
    hands.stop_at("石桂芳")
    hands.press("Space")
    hands.stop_at("签字")
    hands.press("ArrowDown")
    hands.stop_at("登记这些付款")
    hands.enter()
    assert "2,360.00" in window.words
    window.open(f"/matters/{item.id}")
    assert "9,640.00" in window.words  # what is still in custody


FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  return {
    name: at.tagName + " " + (at.id || at.textContent.trim().slice(0, 40)),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    in_sight: box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("path", ["/desk", "/log", "/leads", "/units", "/sign-in"])
def test_every_stop_of_the_tab_key_is_seen(windows: Windows, world: World, path: str) -> None:
    window = windows.open()
    if path != "/sign-in":
        window.become(world.investigator)
    window.open(path)
    window.page.evaluate("document.activeElement.blur()")  # a form begins in its first field
    stops = []
    for _ in range(STOPS):
        window.page.keyboard.press("Tab")
        stop = window.page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    assert 2 < len(stops) < STOPS
    assert [stop["name"] for stop in stops if not (stop["outlined"] and stop["in_sight"])] == []


def test_keys_lead_to_the_search_and_to_the_rail(windows: Windows, world: World) -> None:
    window = windows.open()
    window.become(world.investigator)
    window.open("/desk")
    window.page.keyboard.press("/")
    assert window.page.evaluate("document.activeElement.id") == "q"
    window.page.evaluate("document.activeElement.blur()")
    with window.page.expect_navigation():
        window.page.keyboard.press("g")
        window.page.keyboard.press("l")
    assert window.path == "/leads"


def test_a_question_mark_leads_to_the_list_of_keys_and_typing_one_does_not(
    windows: Windows, world: World
) -> None:
    window = windows.open("zh_CN")
    window.become(world.investigator)
    window.open("/log")
    window.page.locator("[name=what]").press("?")
    assert window.path == "/log"
    window.open("/desk")
    with window.page.expect_navigation():
        window.page.keyboard.press("?")
    assert window.path == "/help/keys"
    assert "快捷键" in window.words
