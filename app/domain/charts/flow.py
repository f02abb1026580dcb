"""Streams from where things come, over what was decided, to what becomes of them, as wide as what
they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from app.domain.charts.marks import Number, Point, plain, scale_to
from app.domain.charts.paper import NARROW, Paper, apart, cut, text_width, wrapped

WIDE = 900
_SIDE = 230.0  # room for the labels of either side
_NODE = 10.0
_GAP = 12.0
_LINE = 15.0  # of a label
_TOP = 10.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the columns stand, how much room their labels have, and in how many lines."""

    xs: Sequence[float]
    rooms: Sequence[float]
    lines: int
    before: bool  # the first column's labels stand before it

    @classmethod
    def of(cls, columns: int, *, narrow: bool) -> _Layout:
        if narrow:
            wide = (NARROW - columns * _NODE) / columns
            xs = [at * (wide + _NODE) for at in range(columns - 1)]
            return cls([*xs, NARROW - _NODE], [wide - 10] * columns, 3, before=False)
        step = (WIDE - 2 * _SIDE - _NODE) / (columns - 1)
        within = (WIDE - 2 * _SIDE) / 2 - 22
        rooms = [_SIDE - 22, *[within] * (columns - 2), _SIDE - 22]
        return cls([_SIDE + at * step for at in range(columns)], rooms, 1, before=True)


@dataclass(frozen=True, slots=True)
class Stream:
    """From one column's node to the next one's, each by its place in its column."""

    column: int
    source: int
    end: int
    value: Number
    told: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Node:
    top: float
    height: float


def flow(
    key: str,
    title: str,
    description: str,
    columns: Sequence[Sequence[Point]],
    streams: Sequence[Stream],
    *,
    narrow: bool = False,
) -> Markup:
    """Columns of nodes from left to right, in the order given; each stream opens. What stands in
    the first is named before it, in any other behind it. Narrow, all names stand upon the streams,
    in several lines where they must, and they alone open: a finger finds no single stream."""
    whole = sum(plain(each.value) for each in streams if each.column == 0)
    if whole <= 0:
        return Markup("")
    paper = Paper(key, title, description, width=WIDE, narrow=narrow)
    layout = _Layout.of(len(columns), narrow=narrow)
    said = [
        [_said(point, room, layout.lines) for point in points]
        for points, room in zip(columns, layout.rooms, strict=True)
    ]
    pitch = _LINE * max(len(lines) for column in said for lines in column) + 5
    rows = max(len(points) for points in columns)
    height = max(300.0, rows * (max(pitch, 20 + _GAP)) + 60)
    scale = scale_to(height - _GAP * (rows - 1), whole)
    placed = [_stacked(points, scale, height) for points in columns]
    for at, (from_, to) in enumerate(pairwise(placed)):
        between = (layout.xs[at] + _NODE, layout.xs[at + 1])
        _streams(paper, [each for each in streams if each.column == at], scale, from_, to, between)
    for at, (points, nodes) in enumerate(zip(columns, placed, strict=True)):
        middles = [node.top + node.height / 2 for node in nodes]
        heights = apart(middles, pitch, _TOP + pitch / 2 - 3, _TOP + height - pitch / 2 + 5)
        for point, node, lines, y in zip(points, nodes, said[at], heights, strict=True):
            paper.rect(point.area or "f-bar", layout.xs[at], node.top, _NODE, node.height)
            _label(paper, point, lines, y, _side(layout, at))
    return paper.svg(height + 2 * _TOP)


def _said(point: Point, room: float, most: int) -> list[str]:
    """A name, cut where it finds no room, and its number, which never is."""
    if most == 1:
        return [f"{cut(point.label, room - text_width(point.shown) - 8)} {point.shown}"]
    *lines, last = wrapped(point.label, room, most) or [""]
    if text_width(f"{last} {point.shown}") <= room:
        return [*lines, f"{last} {point.shown}".strip()]
    return [*lines, last, point.shown]


def _side(layout: _Layout, at: int) -> tuple[float, str]:
    """Where a column's labels begin or end, and how; streams run on behind what stands within."""
    x, last = layout.xs[at], at == len(layout.xs) - 1
    if layout.before:
        inner = "" if last else "halo"
        return (x - 10, "end") if at == 0 else (x + _NODE + 10, inner)
    return (x - 5, "end halo") if last else (x + _NODE + 5, "halo")


def _stacked(points: Sequence[Point], scale: float, height: float) -> list[_Node]:
    """One below the other, the shorter side in the middle."""
    full = scale * sum(plain(each.value) for each in points) + _GAP * (len(points) - 1)
    top = _TOP + (height - full) / 2
    nodes = []
    for each in points:
        nodes.append(_Node(top, scale * plain(each.value)))
        top += nodes[-1].height + _GAP
    return nodes


def _streams(
    paper: Paper,
    streams: Sequence[Stream],
    scale: float,
    from_: Sequence[_Node],
    to: Sequence[_Node],
    between: tuple[float, float],
) -> None:
    """Ordered on both sides, so that no two streams cross that needn't."""
    leaves = [node.top for node in from_]
    comes = [node.top for node in to]
    left, right = between
    bend = (left + right) / 2
    for each in sorted(streams, key=lambda stream: (stream.source, stream.end)):
        wide = scale * plain(each.value)
        if wide <= 0:
            continue
        a, b = leaves[each.source], comes[each.end]
        path = (
            f"M{left:.1f} {a:.1f}C{bend:.1f} {a:.1f} {bend:.1f} {b:.1f} {right:.1f} {b:.1f}"
            f"V{b + wide:.1f}"
            f"C{bend:.1f} {b + wide:.1f} {bend:.1f} {a + wide:.1f} {left:.1f} {a + wide:.1f}Z"
        )
        paper.path("f-stream", path)
        if not paper.narrow:
            paper.opens_path(each.href, each.told, path)
        leaves[each.source] += wide
        comes[each.end] += wide


def _label(
    paper: Paper, point: Point, lines: Sequence[str], middle: float, side: tuple[float, str]
) -> None:
    x, how = side
    first = middle + 5 - (len(lines) - 1) * _LINE / 2
    for at, line in enumerate(lines):
        paper.text(x, first + at * _LINE, line, how)
    wide = max(map(text_width, lines))
    start = x - wide if "end" in how else x
    told = f"{point.label} {point.shown}"
    paper.opens(point.href, told, start, first - 15, wide, 5 + _LINE * len(lines))
