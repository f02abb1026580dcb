"""A grid of places."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.domain.charts.marks import Point, plain
from app.domain.charts.paper import Paper, cut


def tiles(
    key: str, title: str, description: str, points: Sequence[Point], *, narrow: bool = False
) -> Markup:
    """A tile a place, in the order given, four in a line, or two on a phone; darker where there
    is more, and with its number, so that nothing is told by the shade alone."""
    values = [plain(point.value) for point in points]
    if not any(values):
        return Markup("")
    paper = Paper(key, title, description, narrow=narrow)
    many, wide = (2, 170) if narrow else (4, 150)
    for place, point in enumerate(points):
        x, y = 0.5 + place % many * wide, 0.5 + place // many * 78
        shade = _shade(values[place], min(values), max(values))
        paper.rect(f"f-tile-{shade}", x, y, wide - 4, 74)
        ink = f" k{shade}" if shade >= 3 else ""
        paper.text(x + 11.5, y + 27.5, cut(point.label, wide - 22), ink.strip())
        paper.text(x + 11.5, y + 53.5, point.shown, f"tb{ink}")
        paper.opens(point.href, f"{point.label} {point.shown}", x, y, wide - 4, 74)
    return paper.svg(-(-len(points) // many) * 78)


def _shade(value: float, lowest: float, highest: float) -> int:
    """One of four shades, even over the range that there is."""
    if highest <= lowest:
        return 1
    return min(1 + int(4 * (value - lowest) / (highest - lowest)), 4)
