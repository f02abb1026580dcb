"""Lines over months."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.domain.charts.marks import Line, plain, scale_to
from app.domain.charts.paper import Paper, apart, labels_below, text_width

_TOP, _BASE = 30.0, 302.0
_FINGER = 24.0


def lines(
    key: str, title: str, description: str, months: Sequence[str], series: Sequence[Line],
    *, narrow: bool = False,
) -> Markup:  # fmt: skip
    """Lines over months, each named at its end with its last value; each month's dot opens, but
    where they are too close for a finger."""
    highest = max((plain(v) for line in series for v in line.values), default=0.0)
    if not months or highest <= 0:
        return Markup("")
    paper = Paper(key, title, description, narrow=narrow)
    end = paper.width - 14
    end -= max(text_width(text) for line in series for text in (line.label, line.shown))
    ticks = _ticks(highest)
    scale = scale_to(_BASE - _TOP, max(highest, ticks[-1]))
    left = _axis(paper, ticks, scale, end)
    step = (end - left) / max(len(months) - 1, 1)
    xs = [left + step * place for place in range(len(months))]
    labels_below(paper, months, xs, _BASE + 20)
    lasts = [_BASE - scale * plain(line.values[-1]) - 4 for line in series]
    for line, y_label in zip(series, apart(lasts, 38, 14, _BASE - 16), strict=True):
        points = [(x, _BASE - scale * plain(v)) for x, v in zip(xs, line.values, strict=True)]
        paper.polyline(f"l-{line.style}", points)
        paper.text(end + 10, y_label, line.label, f"tb k-{line.style}")
        paper.text(end + 10, y_label + 16, line.shown, f"k-{line.style}")
        for (x, y), href, told in zip(points, line.hrefs, line.told, strict=False):
            if href is not None and not (narrow and step < _FINGER):
                paper.dot(f"d-{line.style}", x, y)
                paper.opens(href, told, x - min(step, 24) / 2, y - 8, min(step, 24), 16)
    return paper.svg(_BASE + 28)


def _axis(paper: Paper, ticks: Sequence[int], scale: float, end: float) -> float:
    """Lines at round numbers, which stand before them, or on them where the drawing is narrow.
    Returns where the first month is."""
    axis = [f"{tick:,}" for tick in ticks]
    left = 0.0 if paper.narrow else max(map(text_width, axis)) + 10
    for tick, text in zip(ticks, axis, strict=True):
        y = _BASE - scale * tick
        paper.line("l-axis" if tick else "l-base", left, y, end, y)
        if paper.narrow:
            paper.text(0, y - 4, text, "t2")
        else:
            paper.text(left - 8, y + 4, text, "end t2")
    return left


def _ticks(highest: float) -> list[int]:
    """Round numbers from zero to just below `highest`, at most five steps."""
    step, turn = 1, 0
    while step * 5 < highest:
        turn += 1
        step = (1, 2, 5)[turn % 3] * 10 ** (turn // 3)
    return [step * place for place in range(max(int(highest // step), 1) + 1)]
