"""Streams from where things come, over what was decided, to what becomes of them, as wide as what
they carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from app.domain.charts.marks import Number, Point, plain, scale_to
from app.domain.charts.paper import Paper, apart, cut, text_width

WIDE = 900
_SIDE = 230.0  # room for the labels of either side
_NODE = 10.0
_GAP = 12.0
_LABEL = 20.0  # a label's line
_TOP = 10.0


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
) -> Markup:
    """Columns of nodes from left to right, in the order given; each stream opens. What stands in
    the first is named before it, in any other behind it."""
    whole = sum(plain(each.value) for each in streams if each.column == 0)
    if whole <= 0:
        return Markup("")
    paper = Paper(key, title, description, width=WIDE)
    rows = max(len(points) for points in columns)
    height = max(300.0, rows * (_LABEL + _GAP) + 60)
    scale = scale_to(height - _GAP * (rows - 1), whole)
    step = (WIDE - 2 * _SIDE - _NODE) / (len(columns) - 1)
    placed = [_stacked(points, scale, height) for points in columns]
    for at, (from_, to) in enumerate(pairwise(placed)):
        between = (_SIDE + at * step + _NODE, _SIDE + (at + 1) * step)
        _streams(paper, [each for each in streams if each.column == at], scale, from_, to, between)
    for at, (points, nodes) in enumerate(zip(columns, placed, strict=True)):
        _nodes(paper, points, nodes, _SIDE + at * step, height, last=at == len(columns) - 1)
    return paper.svg(height + 2 * _TOP)


def _nodes(
    paper: Paper, points: Sequence[Point], nodes: Sequence[_Node], x: float, height: float,
    *, last: bool,
) -> None:  # fmt: skip
    """The nodes of a column at `x`, and their names."""
    first = x == _SIDE
    wanted = [node.top + node.height / 2 + 5 for node in nodes]
    heights = apart(wanted, _LABEL, _TOP + 12, _TOP + height)
    room = _SIDE - 22 if first or last else (WIDE - 2 * _SIDE) / 2 - 22
    # Streams run on behind what stands within.
    side = "end" if first else "" if last else "halo"
    for point, node, y in zip(points, nodes, heights, strict=True):
        paper.rect(point.area or "f-bar", x, node.top, _NODE, node.height)
        _label(paper, point, x - 10 if first else x + _NODE + 10, y, side, room)


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
        paper.opens_path(each.href, each.told, path)
        leaves[each.source] += wide
        comes[each.end] += wide


def _label(paper: Paper, point: Point, x: float, y: float, side: str, room: float) -> None:
    """A name, cut where it finds no room, and its number, which never is."""
    said = f"{cut(point.label, room - text_width(point.shown) - 8)} {point.shown}"
    paper.text(x, y, said, side)
    start = x - text_width(said) if side == "end" else x
    paper.opens(point.href, f"{point.label} {point.shown}", start, y - 15, text_width(said), 20)
