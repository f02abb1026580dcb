"""Bars: in pieces, one a line, or upright such as months."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from app.domain.charts.marks import Bar, Part, Point, plain, scale_to
from app.domain.charts.paper import WIDTH, Paper, cut, gutter, labels_below, text_width
from app.domain.charts.rows import ROW, rows

_GAP = 2.0
_BAR = 28.0
_LINE = 34.0
_LIGHT = ("f-hold", "f-open")  # areas on which dark type is read


def stacked_bars(
    key: str, title: str, description: str, bars: Sequence[Bar], *, narrow: bool = False
) -> Markup:
    """Horizontal bars in pieces; each piece is named once, above the first bar. Narrow, the pieces
    stand one below the other, each with its name."""
    longest = max((_sum(bar.parts) for bar in bars), default=Decimal(0))
    if longest <= 0:
        return Markup("")
    paper = Paper(key, title, description, narrow=narrow)
    if narrow:
        return paper.svg(_pieces_below(paper, bars))
    left = gutter([bar.label for bar in bars])
    right = max(text_width(bar.total) for bar in bars) + 14
    pieces = max(len(bar.parts) for bar in bars)
    scale = scale_to(WIDTH - left - right - _GAP * pieces, float(longest))
    _part_names(paper, bars[0], left, scale)
    for row, bar in enumerate(bars):
        top = 46 + row * 51
        paper.text(left - 10, top + 19, cut(bar.label, left - 12), "end")
        x = left
        for part in bar.parts:
            width = scale * plain(part.value)
            if width > 0:
                _piece(paper, part, x, top, width)
                x += width + _GAP
        paper.text(x + 6, top + 19, bar.total, "tb")
    return paper.svg(46 + len(bars) * 51)


def horizontal_bars(
    key: str, title: str, description: str, points: Sequence[Point], *, narrow: bool = False
) -> Markup:
    """One bar a line, in the order given, its value at its end; the whole line opens."""
    highest = max((plain(point.value) for point in points), default=0.0)
    if highest <= 0:
        return Markup("")
    paper = Paper(key, title, description, narrow=narrow)
    if narrow:
        return paper.svg(rows(paper, points, highest))
    left = gutter([point.label for point in points])
    right = max(text_width(point.shown) for point in points) + 12
    scale = scale_to(WIDTH - left - right, highest)
    for row, point in enumerate(points):
        top = 6 + row * _LINE
        width = scale * max(plain(point.value), 0.0)
        paper.text(left - 10, top + 16, cut(point.label, left - 12), "end")
        paper.rect(point.area or "f-bar", left, top, width, 22)
        paper.text(left + width + 6, top + 16, point.shown, "tb")
        paper.opens(point.href, f"{point.label} {point.shown}", 0, top - 3, WIDTH, 28)
    height = 6 + len(points) * _LINE
    paper.line("l-base", left, 0, left, height - 6)
    return paper.svg(height)


def bars(
    key: str, title: str, description: str, points: Sequence[Point], *, narrow: bool = False
) -> Markup:
    """Upright bars, such as months, each with its value above it. Narrow, they lie one below the
    other where the values would find no room side by side."""
    highest = max((plain(point.value) for point in points), default=0.0)
    if highest <= 0:
        return Markup("")
    paper = Paper(key, title, description, narrow=narrow)
    top, base = 26.0, 230.0
    step = paper.width / len(points)
    width = min(step * 0.62, 56.0)
    scale = scale_to(base - top, highest)
    middles = [(place + 0.5) * step for place in range(len(points))]
    fits = max(text_width(point.shown) for point in points) + 4 <= step
    if narrow and not fits:
        return paper.svg(rows(paper, points, highest))
    for place, (point, middle) in enumerate(zip(points, middles, strict=True)):
        height = scale * max(plain(point.value), 0.0)
        paper.rect(point.area or "f-bar", middle - width / 2, base - height, width, height)
        if fits or place == len(points) - 1:
            half = text_width(point.shown) / 2
            paper.text(min(middle, paper.width - half), base - height - 7, point.shown, "mid tb")
        told = f"{point.label} {point.shown}"
        paper.opens(point.href, told, middle - step / 2, 0, step, base + 28)
    labels_below(paper, [point.label for point in points], middles, base + 20)
    paper.line("l-base", 0, base, paper.width, base)
    return paper.svg(base + 30)


def _piece(paper: Paper, part: Part, x: float, top: float, width: float) -> None:
    paper.rect(part.area, x, top, width, _BAR)
    number = f"{part.value:,}"
    if width >= text_width(number) + 6:
        on = "mid" if part.area in _LIGHT else "mid on"
        paper.text(x + width / 2, top + 19, number, on)
    paper.opens(part.href, f"{part.label} {number}", x, top, width, _BAR)


def _part_names(paper: Paper, bar: Bar, left: float, scale: float) -> None:
    """Names above the first bar; one that would touch its neighbour moves up a line."""
    ends = [0.0, 0.0]
    x = left
    for part in bar.parts:
        width = max(scale * plain(part.value), 0.0)
        middle, half = x + width / 2, text_width(part.label) / 2
        wanted = min(max(middle - half, 0.0), WIDTH - 2 * half)
        row = 0 if not ends[0] or wanted >= ends[0] + 4 else 1
        start = max(wanted, ends[row] + 4) if ends[row] else wanted
        ends[row] = start + 2 * half
        if row:
            paper.line("l-lead", middle, 20, middle, 44)
        paper.text(start + half, 36 - 22 * row, part.label, "mid t2")
        x += width + _GAP if width else 0.0


def _pieces_below(paper: Paper, bars: Sequence[Bar]) -> float:
    """Every bar's own name and sum, and its pieces under it, to one scale. Returns the height."""
    highest = max(plain(part.value) for bar in bars for part in bar.parts)
    top = 0.0
    for bar in bars:
        paper.text(0, top + 16, f"{bar.label} {bar.total}", "tb")
        pieces = [
            Point(part.label, part.value, f"{part.value:,}", part.href, part.area)
            for part in bar.parts
        ]
        top = rows(paper, pieces, highest, top + ROW)
    return top


def _sum(parts: Sequence[Part]) -> Decimal:
    return sum((Decimal(part.value) for part in parts), Decimal(0))
