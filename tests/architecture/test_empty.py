"""Every empty list offers the first act: no page leaves its reader before nothing."""

import re
from collections.abc import Iterator

from app.routers.templating import TEMPLATE_DIR

CALL = re.compile(r"\b(?:d|desk)\.empty\(")
# Not a list: a single thing that isn't there.
SINGLE = {"reporter.html", "released.html"}


def calls() -> Iterator[tuple[str, str]]:
    """Each template that shows something empty, and what it gives to `empty`."""
    for path in sorted((TEMPLATE_DIR / "pages").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        for match in CALL.finditer(text):
            yield path.name, text[match.end() : closing(text, match.end())]


def closing(text: str, at: int) -> int:
    """Where the parenthesis that opened before `at` ends."""
    depth, quoted = 1, False
    while depth:
        if text[at] == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return at - 1


def acts(given: str) -> str:
    """What stands behind the first comma that parts two arguments."""
    depth, quoted = 0, False
    for at, letter in enumerate(given):
        if letter == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(letter, 0)
            if letter == "," and depth == 0:
                return given[at + 1 :].strip()
    return ""


def test_the_arguments_are_told_apart() -> None:
    assert acts('_("Nothing, here."), Link(_("Go"), "/go")') == 'Link(_("Go"), "/go")'
    assert acts('_("Nothing, here.")') == ""


def test_every_empty_list_offers_an_act() -> None:
    found = [(name, given) for name, given in calls() if name not in SINGLE]
    assert len(found) > 10
    assert [name for name, given in found if acts(given) in ("", "None")] == []
