"""Every page, as somebody who may see it finds it: in both languages, in light and in dark.

axe finds nothing; on a phone and at twice the size nothing scrolls sideways, and what is pressed is
large enough for a thumb; a Chinese page holds no English. Pictures of each stay in `screenshots` to
be looked at.
`make axe` has axe look at each in both languages and themes; the suite takes themes by turns, and
has axe look at the Chinese page.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from app.core import i18n
from tests.browser.standing import LEAVER, Standing
from tests.browser.visits import VISITS, Visit
from tests.browser.windows import DESKTOP, LARGE, PHONE, PICTURES, Theme, Window
from tests.build_matters import NAMESAKE

THUMB = 44  # pixels
LATIN_WORD = r"[A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9._-]+"

# What may stand in a Chinese page in Latin letters, beside codes, numbers and people's own names
# to sign in with: the other language's name, the operator's, kinds of files, a file's name.
LATIN = frozenset("English Operator csv xlsx xls ods leads.csv PDF JPEG PNG KB MB".split())


def looks(config: pytest.Config) -> list[tuple[Visit, str, Theme]]:
    """Each page in each language; in both themes if asked, else in one, by turns."""
    both: tuple[Theme, Theme] = ("light", "dark")
    every = config.getoption("--thorough")
    return [
        (visit, locale, theme)
        for at, visit in enumerate(VISITS)
        for turn, locale in enumerate(i18n.LOCALES)
        for theme in (both if every else (both[(at + turn) % 2],))
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "visit" in metafunc.fixturenames:
        found = looks(metafunc.config)
        names = [f"{visit.name}-{locale}-{theme}" for visit, locale, theme in found]
        metafunc.parametrize(("visit", "locale", "theme"), found, ids=names)


def test_a_page_is_fit_to_be_used(
    open_window: Callable[[str, Theme], Window], axe: Axe, standing: Standing,
    request: pytest.FixtureRequest,
    visit: Visit, locale: str, theme: Theme,
) -> None:  # fmt: skip
    window = open_window(locale, theme)
    window.size(*DESKTOP)
    window.become(getattr(standing.world, visit.who) if visit.who else None)
    assert window.open(visit.path(standing.ids)).status == visit.status
    if visit.then is not None:
        visit.then(window)
    # Both languages are set in the same page: what axe finds in one it finds in the other, save
    # for words, which `make axe` looks at.
    whole = locale == i18n.CHINESE or request.config.getoption("--thorough")
    found = faults(axe, window) if whole else []
    picture(window, visit.name, theme)
    for narrow in (LARGE, PHONE):
        window.size(*narrow)
        picture(window, visit.name, theme)
        if sideways(window) > narrow[0]:
            found.append(f"{sideways(window)} pixels wide in {narrow[0]}")
    found += too_small(window) + window.said_wrong()
    if locale == i18n.CHINESE:
        found += english(window, besides={*standing.world.plan.people, LEAVER, NAMESAKE})
    assert found == []


def faults(axe: Axe, window: Window) -> list[str]:
    """What axe finds, each with the first place where it does."""
    # Without `preload` it leaves the sheets alone: only its rule on turned screens reads them.
    options = {"resultTypes": ["violations"], "preload": False}
    found: list[dict[str, Any]] = axe.run(window.page, options=options).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def picture(window: Window, name: str, theme: Theme) -> None:
    size = window.page.viewport_size
    assert size is not None
    tag = i18n.LANGUAGE_TAGS[window.locale]
    path = PICTURES / f"{size['width']}" / f"{name}.{tag}.{theme}.jpg"
    window.page.screenshot(path=path, full_page=True, type="jpeg", quality=85)


def sideways(window: Window) -> int:
    """How wide the page is, whatever the window."""
    return int(window.page.evaluate("document.documentElement.scrollWidth"))


TOO_SMALL = """least => [...document.querySelectorAll(".button, .rail a")]
  .filter(each => each.getClientRects().length)
  .map(each => [each.textContent.trim(), each.getBoundingClientRect()])
  .filter(([, box]) => box.height < least || box.width < least)
  .map(([text, box]) => `${text}: ${box.width}x${box.height}`)"""


def too_small(window: Window) -> list[str]:
    return list(window.page.evaluate(TOO_SMALL, THUMB))


def english(window: Window, *, besides: Collection[str]) -> list[str]:
    """Words in Latin letters that belong to nobody's data, and aren't marked as English."""
    marked = latin(window.page.locator("main [lang=en]").all_inner_texts())
    allowed = {*LATIN, *besides, *marked}
    return [
        word
        for word in latin([window.page.locator("body").inner_text()])
        if not (word.isupper() or word in allowed or re.search(r"\d", word))
    ]


def latin(texts: list[str]) -> list[str]:
    return [word for text in texts for word in re.findall(LATIN_WORD, text)]


def test_a_page_that_asks_another_host_is_found(
    open_window: Callable[[str, Theme], Window],
) -> None:
    window = open_window(i18n.ENGLISH, "light")
    # Answered here: of a host that doesn't answer, browsers ask again and again.
    window.page.route("http://localhost:9/", lambda route: route.fulfill(body="elsewhere"))
    window.page.goto("http://localhost:9/")
    assert window.said_wrong() == ["another host was asked: localhost:9"]
