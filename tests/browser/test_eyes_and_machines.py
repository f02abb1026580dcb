"""Whatever somebody reads with: their own colours, no scripts, one screen of an old desktop.

The suite opens some pages of each make; `make axe` all of them.
"""

import re

import pytest

from app.core import i18n
from tests.browser.standing import Standing
from tests.browser.test_every_page import picture
from tests.browser.visits import VISITS, Visit
from tests.browser.windows import DESKTOP, PHONE, Theme, Window, Windows

SOME = frozenset(
    "figures matter-lead matter-fund-item request leads-filtered money-return step-refused "
    "desk-deputy log-lead search".split()
)
PRINT = "Print"  # the browser's own command is there without scripts


def visits(config: pytest.Config) -> list[Visit]:
    every = config.getoption("--thorough")
    return [each for each in VISITS if not each.then and (every or each.name in SOME)]


def enter(window: Window, standing: Standing, visit: Visit) -> None:
    window.become(getattr(standing.world, visit.who) if visit.who else None)
    window.open(visit.path(standing.ids))


UNSEEN = """() => {
  const colour = name => {
    const probe = document.createElement("i");
    probe.style.color = name;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  };
  const ground = colour("Canvas"), found = [];
  for (const each of document.querySelectorAll(".chart svg:not(.over) text")) {
    const inside = each.classList.contains("on");
    if ((getComputedStyle(each).fill === ground) !== inside) found.push(each.textContent);
  }
  for (const each of document.querySelectorAll(".chart svg:not(.over) :is(rect, path, polyline)")) {
    const style = getComputedStyle(each);
    const drawn = paint => paint !== "none" && paint !== ground;
    if (!drawn(style.fill) && !drawn(style.stroke)) found.push(each.outerHTML);
  }
  for (const each of document.querySelectorAll(".button, .due b, .glyph")) {
    if (!each.getClientRects().length) continue;
    const style = getComputedStyle(each);
    if (parseFloat(style.borderTopWidth) < 1) found.push(each.textContent);
  }
  return found;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_in_the_reader_s_own_colours_every_mark_and_button_is_seen(
    windows_before: Windows, standing: Standing, request: pytest.FixtureRequest, theme: Theme
) -> None:
    window = windows_before.open(i18n.CHINESE, theme=theme, own_colours=True)
    found = {}
    for visit in visits(request.config):
        enter(window, standing, visit)
        picture(window, f"own-colours/{visit.name}", theme)
        found[visit.name] = window.page.evaluate(UNSEEN)
    window.said_wrong()
    assert {name: lost for name, lost in found.items() if lost} == {}


def test_without_scripts_nothing_is_lost_that_a_browser_doesn_t_do_itself(
    windows_before: Windows, standing: Standing, request: pytest.FixtureRequest
) -> None:
    windows = [windows_before.open(i18n.CHINESE, scripts=on) for on in (True, False)]
    besides = windows[0].say(PRINT)
    for visit in visits(request.config):
        for window in windows:
            enter(window, standing, visit)
        with_scripts, without = (
            [line for line in window.page.locator("main").inner_text().splitlines() if line.strip()]
            for window in windows
        )
        lost = [line for line in with_scripts if line not in without and line != besides]
        assert not lost or visit.name in SAYS_ANOTHER_WAY, visit.name


def test_on_a_phone_each_chart_is_called_by_its_question_and_says_its_numbers(
    windows_before: Windows, standing: Standing
) -> None:
    """The narrow drawing has its name from the wide one, which isn't shown there."""
    window = windows_before.open(i18n.ENGLISH, size=PHONE)
    enter(window, standing, next(each for each in VISITS if each.name == "figures"))
    charts = window.page.locator(".picture.narrow > svg[role=img]").all()
    assert charts
    for chart in charts:
        name = chart.aria_snapshot()
        assert re.search(r"\?.+\d", name), name


# Pages that hold a code of their own each time, or say what a passkey needs.
SAYS_ANOTHER_WAY = frozenset("first-start not-found forbidden second-factor passkeys".split())

FOOT = """() => Object.fromEntries(
  ["h1", ".stage-line", ".facts", ".main-action", ".acts"]
    .map(name => [name, document.querySelector(name)])
    .filter(([, each]) => each)
    .map(([name, each]) => [name, Math.ceil(each.getBoundingClientRect().bottom)])
)"""
MATTERS = [
    each for each in VISITS if each.name.startswith("matter-") and each.name != "matter-print"
]


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("visit", MATTERS, ids=lambda each: each.name)
def test_a_matter_answers_on_its_first_screen(
    windows_before: Windows, standing: Standing, visit: Visit, locale: str
) -> None:
    """What it is, where it stands, who holds it, what is next and by when, what one may do."""
    window = windows_before.open(locale, size=DESKTOP)
    enter(window, standing, visit)
    feet = window.page.evaluate(FOOT)
    assert {"h1", ".stage-line", ".facts", ".acts"} <= set(feet)
    assert {name: foot for name, foot in feet.items() if foot > DESKTOP[1]} == {}
