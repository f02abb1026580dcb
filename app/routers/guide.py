"""The user guide as it stands in `docs/guide`: a Markdown file for each topic and language.

Read once. Links between topics lead to their pages, pictures to theirs; a link that leads outside
the guide is left as words, since the pages have nothing there. No markup but Markdown's is taken.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.core import i18n

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
BEGIN = "index"  # the topic that lists the others
PICTURES = {".jpg": "image/jpeg", ".svg": "image/svg+xml"}

_ENDS = {i18n.ENGLISH: ".md", i18n.CHINESE: ".zh.md"}
# The line that leads to the same topic in the other language: the pages have a button for it.
_OTHER = re.compile(r"^\[(中文|English)\]\([a-z-]+(\.zh)?\.md\)$", re.MULTILINE)
_TOPIC = re.compile(r"^([a-z-]+?)(?:\.zh)?\.md(#.*)?$")


@dataclass(frozen=True, slots=True)
class Topic:
    title: str
    body: Markup


@cache
def topics() -> frozenset[str]:
    """What the guide tells of, in both languages."""
    return frozenset(
        each.name.removesuffix(".zh.md")
        for each in GUIDE.glob("*.zh.md")
        if (GUIDE / each.name.replace(".zh.md", ".md")).exists()
    )


@cache
def pictures() -> Mapping[str, Path]:
    """Every picture by its address below the guide: nothing else of the disk can be asked for."""
    return {
        each.relative_to(GUIDE).as_posix(): each
        for each in GUIDE.rglob("*")
        if each.suffix in PICTURES
    }


@cache
def topic(name: str, locale: str) -> Topic:
    """One of `topics()`, as HTML without its heading."""
    text = (GUIDE / f"{name}{_ENDS[locale]}").read_text(encoding="utf-8")
    heading, _, rest = text.partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False})
    tokens = markdown.parse(_OTHER.sub("", rest))
    for token in tokens:
        token.children = _led(token.children or []) if token.type == "inline" else None
    body = markdown.renderer.render(tokens, markdown.options, {})
    return Topic(heading.removeprefix("# ").strip(), Markup(body))  # noqa: S704 - our own file


def _led(tokens: list[Token]) -> list[Token]:
    """The same with addresses of this application; links that lead elsewhere are taken out."""
    found: list[Token] = []
    outside = False
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrGet("href")))
            outside = address is None
            if address is not None:
                token.attrSet("href", address)
        elif token.type == "image":
            token.attrSet("src", f"/help/files/{posixpath.normpath(str(token.attrGet('src')))}")
        if token.type not in ("link_open", "link_close") or not outside:
            found.append(token)
        if token.type == "link_close":
            outside = False
    return found


def _address(href: str) -> str | None:
    known = _TOPIC.match(href)
    if known is None or known[1] not in topics():
        return None
    return "/help" if known[1] == BEGIN else f"/help/{known[1]}{known[2] or ''}"
