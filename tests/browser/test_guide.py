"""The user guide's pictures show what the pages show.

Each page is opened as the guide's reader finds it, and the words that stand in its picture are
compared with those on the page. Where they differ the guide is to be looked through, and
`make guide` takes the pictures anew. Words, not dots: another Chromium draws other dots.
"""

import hashlib
from collections.abc import Callable

import pytest

from app.core import i18n
from tests.browser.guide_pictures import PICTURES, QUALITY, SEEN, SIZE, TAKEN, Picture
from tests.browser.standing import Standing
from tests.browser.windows import Theme, Window

# The texts whose boxes lie within the window, in the order of the page.
WITHIN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const shown = [...range.getClientRects()].some(
      box => box.width > 1 && box.height > 1 && box.top < innerHeight && box.bottom > 0);
    const words = node.data.replace(/\\s+/g, " ").trim();
    if (shown && words) found.push(words);
  }
  return found.join("\\n");
}"""


def recorded() -> dict[str, str]:
    """What stood in each picture when it was taken."""
    lines = SEEN.read_text(encoding="utf-8").splitlines() if SEEN.exists() else []
    return dict(line.split(" ", 1) for line in lines)


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("picture", TAKEN, ids=[each.name for each in TAKEN])
def test_a_picture_of_the_guide_shows_the_page_as_it_is(
    open_window: Callable[[str, Theme], Window], standing: Standing,
    request: pytest.FixtureRequest, picture: Picture, locale: str,
) -> None:  # fmt: skip
    window = open_window(locale, "light")
    window.size(*SIZE)
    window.become(getattr(standing.world, picture.who))
    assert window.open(picture.address.format(**standing.ids)).status == 200
    words = str(window.page.evaluate(WITHIN))
    mark = hashlib.sha256(words.encode()).hexdigest()[:16]
    if request.config.getoption("--guide"):
        _take(window, picture.file(locale), mark)
    stale = f"{picture.file(locale)} is stale: mend the guide, then make guide. It shows\n{words}"
    assert recorded().get(picture.file(locale)) == mark, stale


def _take(window: Window, name: str, mark: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    window.page.screenshot(path=PICTURES / name, type="jpeg", quality=QUALITY)
    kept = {**recorded(), name: mark}
    SEEN.write_text("".join(f"{each} {kept[each]}\n" for each in sorted(kept)), encoding="utf-8")
