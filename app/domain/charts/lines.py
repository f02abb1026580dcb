"""Lines over months."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.domain.charts.marks import Line, plain, scale_to
from app.domain.charts.paper import WIDTH, Paper, apart, labels_below, text_width

_TOP, _BASE = 30.0, 302.0


def lines(
    key: str, title: str, description: str, months: Sequence[str], series: Sequence[Line]
) -> Markup:
    """Lines over months, each named at its end with its last value; each month's dot opens."""
    highest = max((plain(v) for line in series for v in line.values), default=0.0)
    if not months or highest <= 0:
        return Markup("")
    paper = Paper(key, title, description)
    ticks = _ticks(highest)
    axis = [f"{tick:,}" for tick in ticks]
    left = max(text_width(each) for each in axis) + 10
    end = WIDTH - max(text_width(t) for line in series for t in (line.label, line.shown)) - 14
    scale = scale_to(_BASE - _TOP, max(highest, ticks[-1]))
    for tick, text in zip(ticks, axis, strict=True):
        y = _BASE - scale * tick
        paper.line("l-axis" if tick else "l-base", left, y, end, y)
        paper.text(left - 8, y + 4, text, "end t2")
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
            if href is not None:
                paper.dot(f"d-{line.style}", x, y)
                paper.opens(href, told, x - min(step, 24) / 2, y - 8, min(step, 24), 16)
    return paper.svg(_BASE + 28)


def _ticks(highest: float) -> list[int]:
    """Round numbers from zero to just below `highest`, at most five steps."""
    step, turn = 1, 0
    while step * 5 < highest:
        turn += 1
        step = (1, 2, 5)[turn % 3] * 10 ** (turn // 3)
    return [step * place for place in range(max(int(highest // step), 1) + 1)]
