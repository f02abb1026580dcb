"""A grid of places."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.domain.charts.marks import Point, plain
from app.domain.charts.paper import Paper, cut


def tiles(key: str, title: str, description: str, points: Sequence[Point]) -> Markup:
    """A tile a place, in the order given, four in a line; darker where there is more, and with
    its number, so that nothing is told by the shade alone."""
    values = [plain(point.value) for point in points]
    if not any(values):
        return Markup("")
    paper = Paper(key, title, description)
    for place, point in enumerate(points):
        x, y = 0.5 + place % 4 * 150, 0.5 + place // 4 * 78
        shade = _shade(values[place], min(values), max(values))
        paper.rect(f"f-tile-{shade}", x, y, 146, 74)
        ink = f" k{shade}" if shade >= 3 else ""
        paper.text(x + 11.5, y + 27.5, cut(point.label, 128), ink.strip())
        paper.text(x + 11.5, y + 53.5, point.shown, f"tb{ink}")
        paper.opens(point.href, f"{point.label} {point.shown}", x, y, 146, 74)
    return paper.svg((len(points) + 3) // 4 * 78)


def _shade(value: float, lowest: float, highest: float) -> int:
    """One of four shades, even over the range that there is."""
    if highest <= lowest:
        return 1
    return min(1 + int(4 * (value - lowest) / (highest - lowest)), 4)
