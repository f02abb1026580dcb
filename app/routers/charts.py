"""Charts as SVG, drawn on the server: pure functions from numbers to markup.

Each answers one question; labels stand at what they name, no legend, nothing moves. Colours are
classes of `figures.css` (f-* areas, l-* lines, k-* labels). Texts come in the reader's language.
The exact numbers stand in the table beside the drawing (`macros/figures.html`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import east_asian_width

from markupsafe import Markup, escape

Number = int | Decimal

WIDTH = 600
_CJK, _LATIN = 13.0, 7.3  # advance of a character at 13 px
_GAP = 2.0
_BAR = 28.0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what it is called, how much it is, and its area's class."""

    label: str
    value: Number
    area: str = "f-bar"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of `stacked_bars`; `total` is written at its end."""

    label: str
    parts: Sequence[Part]
    total: str


@dataclass(frozen=True, slots=True)
class Point:
    """One bar: its label and value; `shown` is how the value is written."""

    label: str
    value: Number
    shown: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line over time. `style` is in, out or held; `shown` is how its last value is written."""

    label: str
    values: Sequence[Number]
    shown: str
    style: str = "in"


def stacked_bars(key: str, title: str, description: str, bars: Sequence[Bar]) -> Markup:
    """Horizontal bars in pieces; each piece is named once, above the first bar."""
    left = _gutter([bar.label for bar in bars])
    right = max((_text_width(bar.total) for bar in bars), default=0) + 14
    longest = max((_sum(bar.parts) for bar in bars), default=Decimal(0))
    pieces = max((len(bar.parts) for bar in bars), default=0)
    scale = _scale(WIDTH - left - right - _GAP * pieces, longest)
    drawn: list[Markup] = []
    if bars:
        drawn.append(_part_names(bars[0], left, scale))
    for row, bar in enumerate(bars):
        top = 46 + row * 51
        drawn.append(_text(left - 10, top + 19, _cut(bar.label, left - 12), "end"))
        x = left
        for part in bar.parts:
            width = scale * float(part.value)
            if width <= 0:
                continue
            drawn.append(_rect(part.area, x, top, width, _BAR))
            number = f"{part.value:,}"
            if width >= _text_width(number) + 6:
                on = "mid" if part.area in ("f-hold", "f-open") else "mid on"
                drawn.append(_text(x + width / 2, top + 19, number, on))
            x += width + _GAP
        drawn.append(_text(x + 6, top + 19, bar.total, "tb"))
    return _svg(key, title, description, 46 + len(bars) * 51, drawn)


def horizontal_bars(
    key: str, title: str, description: str, points: Sequence[Point], area: str = "f-bar"
) -> Markup:
    """One bar a line, in the order given, its value at its end."""
    left = _gutter([point.label for point in points])
    right = max((_text_width(point.shown) for point in points), default=0) + 12
    scale = _scale(WIDTH - left - right, max((_plain(p.value) for p in points), default=0.0))
    drawn = []
    for row, point in enumerate(points):
        top = 6 + row * 34
        width = scale * max(_plain(point.value), 0.0)
        drawn.append(_text(left - 10, top + 16, _cut(point.label, left - 12), "end"))
        drawn.append(_rect(area, left, top, width, 22))
        drawn.append(_text(left + width + 6, top + 16, point.shown, "tb"))
    height = 6 + len(points) * 34
    drawn.append(_line("l-base", left, 0, left, height - 6))
    return _svg(key, title, description, height, drawn)


def bars(
    key: str, title: str, description: str, points: Sequence[Point], area: str = "f-bar"
) -> Markup:
    """Upright bars, such as months, each with its value above it."""
    top, base = 26.0, 230.0
    step = WIDTH / max(len(points), 1)
    width = min(step * 0.62, 56.0)
    scale = _scale(base - top, max((_plain(point.value) for point in points), default=0.0))
    drawn = []
    for place, point in enumerate(points):
        middle = (place + 0.5) * step
        height = scale * max(_plain(point.value), 0.0)
        drawn.append(_rect(area, middle - width / 2, base - height, width, height))
        if _text_width(point.shown) <= step + 4 or place == len(points) - 1:
            drawn.append(_text(middle, base - height - 7, point.shown, "mid tb"))
        drawn.append(_text(middle, base + 20, _cut(point.label, step), "mid t2"))
    drawn.append(_line("l-base", 0, base, WIDTH, base))
    return _svg(key, title, description, base + 30, drawn)


def lines(
    key: str, title: str, description: str, months: Sequence[str], series: Sequence[Line]
) -> Markup:
    """Lines over months, each named at its end with its last value."""
    highest = max((_plain(v) for line in series for v in line.values), default=0.0)
    ticks = _ticks(highest)
    axis = [f"{tick:,}" for tick in ticks]
    left = max(_text_width(each) for each in axis) + 10
    right = max((_text_width(t) for line in series for t in (line.label, line.shown)), default=0.0)
    end = WIDTH - right - 14
    top, base = 30.0, 302.0
    scale = (base - top) / max(highest, ticks[-1])
    drawn = []
    for tick, text in zip(ticks, axis, strict=True):
        y = base - scale * tick
        drawn.append(_line("l-axis" if tick else "l-base", left, y, end, y))
        drawn.append(_text(left - 8, y + 4, text, "end t2"))
    xs = [left + (end - left) * place / max(len(months) - 1, 1) for place in range(len(months))]
    drawn += _month_labels(months, xs, base + 20)
    for line, y_label in zip(series, _spread(series, base, scale), strict=True):
        points = [(x, base - scale * _plain(v)) for x, v in zip(xs, line.values, strict=False)]
        drawn.append(_polyline(f"l-{line.style}", points))
        drawn.append(_text(end + 10, y_label, line.label, f"tb k-{line.style}"))
        drawn.append(_text(end + 10, y_label + 16, line.shown, f"k-{line.style}"))
    return _svg(key, title, description, base + 28, drawn)


def tiles(key: str, title: str, description: str, points: Sequence[Point]) -> Markup:
    """A tile a place, in the order given, four in a line; darker where there is more."""
    values = [_plain(point.value) for point in points]
    drawn = []
    for place, point in enumerate(points):
        x, y = 0.5 + place % 4 * 150, 0.5 + place // 4 * 78
        shade = _shade(values[place], min(values), max(values))
        drawn.append(_rect(f"f-tile-{shade}", x, y, 146, 74))
        ink = f" k{shade}" if shade >= 3 else ""
        drawn.append(_text(x + 11.5, y + 27.5, _cut(point.label, 128), ink.strip()))
        drawn.append(_text(x + 11.5, y + 53.5, point.shown, f"tb{ink}"))
    return _svg(key, title, description, max((len(points) + 3) // 4, 1) * 78, drawn)


# How it is laid out ---------------------------------------------------------


def _part_names(bar: Bar, left: float, scale: float) -> Markup:
    """Names above the first bar; one that would touch its neighbour moves up a line."""
    ends = [0.0, 0.0]
    named: list[Markup] = []
    x = left
    for part in bar.parts:
        width = max(scale * float(part.value), 0.0)
        middle, half = x + width / 2, _text_width(part.label) / 2
        wanted = max(middle - half, 0.0)
        row = 0 if not ends[0] or wanted >= ends[0] + 4 else 1
        start = max(wanted, ends[row] + 4) if ends[row] else wanted
        ends[row] = start + 2 * half
        if row:
            named.append(_line("l-lead", middle, 20, middle, 44))
        named.append(_text(start + half, 36 - 22 * row, part.label, "mid t2"))
        x += width + _GAP if width else 0.0
    return Markup("").join(named)


def _month_labels(months: Sequence[str], xs: Sequence[float], y: float) -> list[Markup]:
    """As many of the labels as find room, the first and the last among them."""
    if not months:
        return []
    room = (xs[-1] - xs[0]) / max(len(months) - 1, 1) if len(months) > 1 else float(WIDTH)
    widest = max(_text_width(month) for month in months) + 8
    every = max(1, -(-int(widest) // max(int(room), 1)))
    last = len(months) - 1
    return [
        _text(x, y, month, "mid t2")
        for place, (month, x) in enumerate(zip(months, xs, strict=True))
        if (last - place) % every == 0
    ]


def _spread(series: Sequence[Line], base: float, scale: float) -> list[float]:
    """Where each line's label stands: at its last point, two labels never over each other."""
    wanted = [(base - scale * _plain(line.values[-1]) if line.values else base) for line in series]
    order = sorted(range(len(series)), key=lambda each: wanted[each])
    placed = [0.0] * len(series)
    free_from, free_to = 14.0, base - 16
    for each in order:
        placed[each] = max(wanted[each] - 4, free_from)
        free_from = placed[each] + 38
    for each in reversed(order):
        placed[each] = min(placed[each], free_to)
        free_to = placed[each] - 38
    return placed


def _ticks(highest: float) -> list[int]:
    """Round numbers from zero to just below `highest`, at most five steps."""
    step, turn = 1, 0
    while step * 5 < highest:
        turn += 1
        step = (1, 2, 5)[turn % 3] * 10 ** (turn // 3)
    return [step * place for place in range(max(int(highest // step), 1) + 1)]


def _shade(value: float, lowest: float, highest: float) -> int:
    """One of four shades, even over the range that there is."""
    if highest <= lowest:
        return 1
    return min(1 + int(4 * (value - lowest) / (highest - lowest)), 4)


def _gutter(labels: Sequence[str]) -> float:
    return min(max((_text_width(label) for label in labels), default=0.0) + 14, 190.0)


def _scale(room: float, highest: float | Decimal) -> float:
    return room / float(highest) if highest > 0 else 0.0


def _sum(parts: Sequence[Part]) -> Decimal:
    return sum((Decimal(part.value) for part in parts), Decimal(0))


def _plain(value: Number) -> float:
    """For a place on the drawing only; what is written stays exact."""
    return float(value)


def _text_width(text: str) -> float:
    return sum(_CJK if east_asian_width(each) in "WF" else _LATIN for each in text)


def _cut(text: str, room: float) -> str:
    """The text, cut at its end where it finds no room."""
    if _text_width(text) <= room:
        return text
    kept = text
    while kept and _text_width(kept) + _CJK > room:
        kept = kept[:-1]
    return kept + "…"


# Markup ---------------------------------------------------------------------


def _svg(key: str, title: str, description: str, height: float, drawn: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-labelledby="{k}-t {k}-d" focusable="false">'
        '<title id="{k}-t">{title}</title><desc id="{k}-d">{desc}</desc>{drawn}</svg>'
    ).format(
        w=WIDTH,
        h=f"{height:g}",
        k=key,
        title=title,
        desc=description,
        drawn=Markup("").join(drawn),
    )


def _rect(area: str, x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        escape(area), x, y, width, height
    )


def _text(x: float, y: float, text: str, classes: str) -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}">{}</text>').format(classes, x, y, text)


def _line(style: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        style, x1, y1, x2, y2
    )


def _polyline(style: str, points: Sequence[tuple[float, float]]) -> Markup:
    if len(points) == 1:
        (x, y) = points[0]
        points = [(x - 3, y), (x + 3, y)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup('<polyline class="{}" points="{}"/>').format(style, path)
