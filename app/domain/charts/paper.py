"""What charts are drawn with: texts that fit, shapes, and links that lie over them.

A picture is one image with a name and a description. Its links lie in a second drawing above it,
since nothing within an image can be pressed: they are for a pointer. Whoever reads by ear or works
by keyboard has the same addresses in the table.

Each chart is drawn twice: for a wide window, and narrow, for a phone, where a wide one would have
to be slid or made too small to read. The style sheets show one of the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from markupsafe import Markup, escape

WIDTH = 600
NARROW = 340  # a phone's page, without its margins, at nearly its own size
CJK, LATIN = 13.0, 7.3  # advance of a character at 13 px


@dataclass(slots=True)
class Paper:
    """Takes the marks of one chart; `key` makes its ids its own on the page. A `narrow` one is as
    wide as a phone, and has its name and description from the wide one beside it."""

    key: str
    title: str
    description: str
    width: float = WIDTH
    narrow: bool = False
    _drawn: list[str] = field(default_factory=list)
    _over: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.narrow:
            self.width = NARROW

    def rect(self, area: str, x: float, y: float, width: float, height: float) -> None:
        self._drawn.append(f'<rect class="{escape(area)}" {_box(x, y, width, height)}/>')

    def text(self, x: float, y: float, text: str, classes: str = "") -> None:
        of = f' class="{escape(classes)}"' if classes else ""
        self._drawn.append(f'<text{of} x="{short(x)}" y="{short(y)}">{escape(text)}</text>')

    def line(self, style: str, x1: float, y1: float, x2: float, y2: float) -> None:
        self._drawn.append(
            f'<line class="{escape(style)}" x1="{short(x1)}" y1="{short(y1)}"'
            f' x2="{short(x2)}" y2="{short(y2)}"/>'
        )

    def polyline(self, style: str, points: Sequence[tuple[float, float]]) -> None:
        if len(points) == 1:
            (x, y) = points[0]
            points = [(x - 3, y), (x + 3, y)]
        path = " ".join(f"{short(x)},{short(y)}" for x, y in points)
        self._drawn.append(f'<polyline class="{escape(style)}" points="{path}"/>')

    def dot(self, area: str, x: float, y: float) -> None:
        self._drawn.append(
            f'<circle class="{escape(area)}" cx="{short(x)}" cy="{short(y)}" r="3"/>'
        )

    def path(self, area: str, path: str) -> None:
        self._drawn.append(f'<path class="{escape(area)}" d="{escape(path)}"/>')

    def opens(self, href: str | None, told: str, x: float, y: float, w: float, h: float) -> None:
        """A rectangle that leads to what a mark counts; written as a path, it weighs half."""
        left, top = short(x), short(y)
        self._open(href, told, f'<path d="M{left} {top}h{short(w)}v{short(h)}H{left}z"/>')

    def opens_path(self, href: str | None, told: str, path: str) -> None:
        self._open(href, told, f'<path d="{escape(path)}"/>')

    def _open(self, href: str | None, told: str, shape: str) -> None:
        """A phone has no pointer that could rest on a mark to be told of it."""
        if href is not None:
            said = "" if self.narrow else f"<title>{escape(told)}</title>"
            self._over.append(f'<a href="{escape(href)}" tabindex="-1">{said}{shape}</a>')

    def svg(self, height: float) -> Markup:
        box, k = f"0 0 {self.width:g} {height:g}", escape(self.key)
        # A name may stand in what isn't shown: the narrow drawing's stands in the wide one.
        said = (
            ""
            if self.narrow
            else (
                f'<title id="{k}-t">{escape(self.title)}</title>'
                f'<desc id="{k}-d">{escape(self.description)}</desc>'
            )
        )
        over = (
            f'<svg class="over" viewBox="{box}" aria-hidden="true" focusable="false">'
            f"{''.join(self._over)}</svg>"
        )
        # Of numbers, and of texts that were escaped one by one: a page has thousands of them.
        return Markup(  # noqa: S704
            f'<div class="picture {self._class()}">'
            f'<svg viewBox="{box}" role="img" aria-labelledby="{k}-t {k}-d" focusable="false">'
            f"{said}{''.join(self._drawn)}</svg>{over if self._over else ''}</div>"
        )

    def _class(self) -> str:
        if self.narrow:
            return "narrow"
        return "wide broad" if self.width > WIDTH else "wide"


def both(draw: Callable[[bool], Markup]) -> Markup:
    """Drawn wide, and narrow."""
    return draw(False) + draw(True)


def short(place: float) -> str:
    """To a tenth, in as few characters: a page has thousands of them."""
    return f"{place:.1f}".removesuffix(".0")


def text_width(text: str) -> float:
    return sum(CJK if east_asian_width(each) in "WF" else LATIN for each in text)


def cut(text: str, room: float) -> str:
    """The text, cut at its end where it finds no room."""
    if text_width(text) <= room:
        return text
    kept = text
    while kept and text_width(kept) + CJK > room:
        kept = kept[:-1]
    return kept + "…"


def wrapped(text: str, room: float, most: int) -> list[str]:
    """The text in at most so many lines, broken between words, or anywhere within Chinese; what
    finds no room is cut at the end of the last."""
    lines = [""]
    for word in re.findall(r"[ -~]+? |[ -~]+|.", text):
        if lines[-1] and text_width((lines[-1] + word).rstrip()) > room:
            lines.append("")
        lines[-1] += word
    kept = [*lines[: most - 1], "".join(lines[most - 1 :])]
    return [cut(line.rstrip(), room) for line in kept if line]


def gutter(labels: Sequence[str], most: float = 190.0) -> float:
    """Room for labels beside bars."""
    return min(max((text_width(label) for label in labels), default=0.0) + 14, most)


def labels_below(paper: Paper, labels: Sequence[str], xs: Sequence[float], y: float) -> None:
    """As many of the labels as find room, the last among them."""
    if not labels:
        return
    room = (xs[-1] - xs[0]) / (len(xs) - 1) if len(xs) > 1 else paper.width
    widest = max(text_width(label) for label in labels) + 8
    every = max(1, -(-int(widest) // max(int(room), 1)))
    last = len(labels) - 1
    for place, (label, x) in enumerate(zip(labels, xs, strict=True)):
        if (last - place) % every == 0:
            half = text_width(label) / 2
            paper.text(min(max(x, half), paper.width - half), y, label, "mid t2")


def apart(wanted: Sequence[float], gap: float, top: float, bottom: float) -> list[float]:
    """Heights near the wanted ones, at least `gap` from each other, between top and bottom."""
    order = sorted(range(len(wanted)), key=lambda each: wanted[each])
    placed = [0.0] * len(wanted)
    free = top
    for each in order:
        placed[each] = max(wanted[each], free)
        free = placed[each] + gap
    free = bottom
    for each in reversed(order):
        placed[each] = min(placed[each], free)
        free = placed[each] - gap
    return placed


def _box(x: float, y: float, width: float, height: float) -> str:
    return f'x="{short(x)}" y="{short(y)}" width="{short(width)}" height="{short(height)}"'
