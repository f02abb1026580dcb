"""A paper in its frame: it is seen there, and what stands in it can do nothing."""

from collections.abc import Callable

import pytest

from tests.browser.standing import Standing
from tests.browser.windows import DESKTOP, Theme, Window


def test_a_page_is_seen_in_its_frame_which_runs_nothing(
    open_window: Callable[[str, Theme], Window], standing: Standing
) -> None:
    window = open_window("en", "light")
    window.size(*DESKTOP)
    window.become(standing.world.investigator)
    here = f"/matters/{standing.ids['lead']}/papers/{standing.ids['paper']}"
    assert window.open(here).status == 200
    frame = window.page.frame_locator("iframe.paper")
    box = frame.locator("img").bounding_box()
    outer = window.page.locator("iframe.paper").bounding_box()
    assert box is not None
    assert outer is not None
    assert 0.9 * outer["width"] < box["width"] < outer["width"]
    assert box["height"] > box["width"]  # a sheet of A4
    (inner,) = (each for each in window.page.frames if each.parent_frame is not None)
    window.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    inner.evaluate("document.write('<script>parent.ran = true; alert(1)</script>')")
    assert window.page.evaluate("window.ran === undefined")
    window.follow("Next page")
    window.page.wait_for_url("**?page=2")
    refused = window.said_wrong()
    assert refused
    known = ("sandboxed", "Content Security Policy")
    assert [each for each in refused if not any(words in each for words in known)] == []
