"""What leaves the printer: papers of their own, without the frame, saying whose and when.

The papers stay in `screenshots/print`, to be looked at.
"""

import re
from collections.abc import Callable

import pytest

from app.core import i18n
from tests.browser.standing import Standing
from tests.browser.visits import VISITS
from tests.browser.windows import PICTURES, Theme, Window

BY_NAME = {visit.name: visit for visit in VISITS}
A4 = (595, 842)  # points
HIDDEN = ".top, .rail, .foot, .button, form, .filter, .no-print, .sheet-bar"


def printed(
    standing: Standing, open_window: Callable[[str, Theme], Window], name: str, locale: str
) -> tuple[Window, bytes]:
    """The page as the printer gets it, and the paper."""
    visit = BY_NAME[name]
    window = open_window(locale, "light")
    window.become(getattr(standing.world, visit.who))
    window.open(visit.path(standing.ids))
    window.page.emulate_media(media="print")
    path = PICTURES / "print" / f"{name}.{i18n.LANGUAGE_TAGS[locale]}.pdf"
    paper = window.page.pdf(path=path, prefer_css_page_size=True, print_background=False)
    return window, paper


def sizes(paper: bytes) -> list[tuple[int, int]]:
    """Width and height of each page, in points."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    return [(round(float(width)), round(float(height))) for width, height in found]


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("name", ["matter-lead", "matter-case", "request"])
def test_a_matter_is_printed_upright_with_unit_mark_and_printer(
    standing: Standing, open_window: Callable[[str, Theme], Window], name: str, locale: str
) -> None:
    window, paper = printed(standing, open_window, name, locale)
    assert set(sizes(paper)) == {A4}
    assert window.page.locator(HIDDEN).filter(visible=True).count() == 0
    head = window.page.locator(".print-head").inner_text()
    who = getattr(standing.world, BY_NAME[name].who)
    assert window.say("Classification: {mark}", mark=window.say("internal")) in head
    assert who.name in head
    assert "2018-09-28" in head
    window.page.emulate_media(media="screen")


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("name", ["leads", "figures", "money"])
def test_a_ledger_is_printed_across_with_its_head_on_each_sheet(
    standing: Standing, open_window: Callable[[str, Theme], Window], name: str, locale: str
) -> None:
    window, paper = printed(standing, open_window, name, locale)
    assert set(sizes(paper)) == {(A4[1], A4[0])}
    assert window.page.locator(HIDDEN).filter(visible=True).count() == 0
    heads = window.page.locator("thead").evaluate_all(
        "all => all.map(each => getComputedStyle(each).display)"
    )
    assert set(heads) <= {"table-header-group"}
    window.page.emulate_media(media="screen")


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_a_receipt_is_one_sheet_in_large_type_with_room_for_a_finger_and_two_witnesses(
    standing: Standing, open_window: Callable[[str, Theme], Window], locale: str
) -> None:
    window, paper = printed(standing, open_window, "money-sheet", locale)
    assert sizes(paper) == [A4]
    assert window.page.locator(".finger").is_visible()
    assert window.page.locator(".sign-boxes > div").count() == 3
    largest = window.page.locator(".sheet-amount .figure").evaluate(
        "each => parseFloat(getComputedStyle(each).fontSize)"
    )
    assert largest >= 24 * 96 / 72
    window.page.emulate_media(media="screen")
