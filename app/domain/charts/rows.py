"""Bars one below the other, within a phone's width."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.charts.marks import Point, plain, scale_to
from app.domain.charts.paper import Paper, cut, text_width

ROW = 26.0  # of a bar whose label stands beside it, or of a line of text
_TALL = 46.0  # of a bar whose label stands above it
_SHORT = 72.0  # the longest label beside a bar


def rows(paper: Paper, points: Sequence[Point], highest: float, top: float = 0.0) -> float:
    """A bar for each point from `top` on, `highest` being the longest of the chart; each with its
    value at its end and its label above it, or beside it where all are as short as a month's. The
    whole row opens. Returns where the last one ends."""
    widest = max(text_width(point.label) for point in points)
    beside = widest <= _SHORT
    left, tall = (widest + 10, ROW) if beside else (0.5, _TALL)
    right = max(text_width(point.shown) for point in points) + 8
    scale = scale_to(paper.width - left - right, highest)
    for point in points:
        width = scale * max(plain(point.value), 0.0)
        bar = top + (5 if beside else 22)
        if beside:
            paper.text(left - 10, bar + 13, point.label, "end")
        else:
            paper.text(0, top + 16, cut(point.label, paper.width))
        paper.rect(point.area or "f-bar", left, bar, width, 16)
        paper.text(left + width + 6, bar + 13, point.shown, "tb")
        paper.opens(point.href, f"{point.label} {point.shown}", 0, top, paper.width, tall)
        top += tall
    return top
