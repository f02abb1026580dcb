"""Charts: to scale, named where they are drawn, escaped, and fit for a strict policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from app.routers import charts
from app.routers.charts import Bar, Line, Part, Point

CAMPAIGNS = [
    Bar("危房改造", [Part("初核", 40, "f-done"), Part("未处置", 20, "f-open")], "60条"),
    Bar("村级财务清查", [Part("初核", 10, "f-done"), Part("未处置", 0, "f-open")], "10条"),
]
MONTHS = ["1月", "2月", "3月"]
ACCOUNT = [
    Line("累计收到", [Decimal(100), Decimal(200), Decimal(400)], "400.00", "in"),
    Line("累计退还", [Decimal(0), Decimal(50), Decimal(390)], "390.00", "out"),
]
TEAMS = [Point("第1联组", 12, "12"), Point("第2联组", 24, "24"), Point("第3联组", 0, "0")]

Drawing = Callable[[], Markup]
DRAWINGS: dict[str, Drawing] = {
    "stacked": lambda: charts.stacked_bars("k", "t", "d", CAMPAIGNS),
    "horizontal": lambda: charts.horizontal_bars("k", "t", "d", TEAMS),
    "upright": lambda: charts.bars("k", "t", "d", TEAMS),
    "lines": lambda: charts.lines("k", "t", "d", MONTHS, ACCOUNT),
    "tiles": lambda: charts.tiles("k", "t", "d", TEAMS),
}
EMPTY: dict[str, Drawing] = {
    "stacked": lambda: charts.stacked_bars("k", "t", "d", []),
    "stacked, nothing in it": lambda: charts.stacked_bars(
        "k", "t", "d", [Bar("a", [Part("b", 0)], "0")]
    ),
    "horizontal": lambda: charts.horizontal_bars("k", "t", "d", []),
    "upright": lambda: charts.bars("k", "t", "d", []),
    "lines": lambda: charts.lines("k", "t", "d", [], []),
    "lines, all zero": lambda: charts.lines("k", "t", "d", MONTHS, [Line("a", [0, 0, 0], "0")]),
    "lines, one month": lambda: charts.lines("k", "t", "d", ["1月"], [Line("a", [5], "5")]),
    "tiles": lambda: charts.tiles("k", "t", "d", []),
}


def parsed(drawing: Markup) -> ET.Element:
    return ET.fromstring(str(drawing))  # noqa: S314 - our own text


def rects(drawing: Markup, area: str) -> list[ET.Element]:
    return [each for each in parsed(drawing).iter("rect") if each.get("class") == area]


def number(element: ET.Element, name: str) -> float:
    return float(element.attrib[name])


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_a_chart_has_a_name_and_a_description_for_those_who_do_not_see_it(draw: Drawing) -> None:
    svg = parsed(draw())
    named = {child.get("id"): child.text for child in svg if child.tag in ("title", "desc")}
    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby") or "").split() == list(named)
    assert list(named.values()) == ["t", "d"]


@pytest.mark.parametrize("draw", [*DRAWINGS.values(), *EMPTY.values()])
def test_a_chart_is_drawn_with_classes_only_and_real_numbers(draw: Drawing) -> None:
    text = str(draw())
    assert "style" not in text
    assert not re.search(r"\b(nan|inf)\b|-\d+\.\d+\" height", text)
    parsed(draw())


def test_labels_are_escaped() -> None:
    hostile = [Point("<script>&", 1, "<1>")]
    drawing = charts.horizontal_bars("k", "<t>", "<d>", hostile)
    texts = [each.text for each in parsed(drawing).iter("text")]
    assert "<script>&" in texts
    assert "<script>" not in str(drawing)


def test_bars_are_to_scale() -> None:
    widths = [number(each, "width") for each in rects(DRAWINGS["horizontal"](), "f-bar")]
    assert widths[1] == pytest.approx(2 * widths[0], abs=0.2)
    assert widths[2] == 0


def test_pieces_of_all_bars_share_one_scale() -> None:
    drawing = DRAWINGS["stacked"]()
    done = [number(each, "width") for each in rects(drawing, "f-done")]
    undone = [number(each, "width") for each in rects(drawing, "f-open")]
    assert done[0] == pytest.approx(4 * done[1], abs=0.3)
    assert undone == [pytest.approx(done[0] / 2, abs=0.2)]


def test_names_of_thin_pieces_do_not_run_into_each_other() -> None:
    parts = [Part("proposed for a talk", 1), Part("closed as unfounded", 1), Part("verified", 300)]
    drawing = charts.stacked_bars("k", "t", "d", [Bar("a", parts, "302")])
    names = {each.text: each for each in parsed(drawing).iter("text")}
    first, second, third = (names[part.label] for part in parts)
    assert number(first, "y") != number(second, "y")
    assert number(second, "y") != number(third, "y")
    assert number(third, "x") - number(first, "x") > 100


def test_labels_at_the_ends_of_lines_stand_apart() -> None:
    close = [Line(name, [100, 100 + n], "x", "in") for n, name in enumerate("abc")]
    drawing = charts.lines("k", "t", "d", MONTHS[:2], close)
    heights = sorted(
        number(each, "y") for each in parsed(drawing).iter("text") if each.text in ("a", "b", "c")
    )
    assert all(below - above >= 37 for above, below in pairwise(heights))


def test_no_line_leaves_the_drawing() -> None:
    drawing = DRAWINGS["lines"]()
    ys = [
        float(point.split(",")[1])
        for each in parsed(drawing).iter("polyline")
        for point in each.attrib["points"].split()
    ]
    assert min(ys) >= 0
    assert max(ys) <= 302


def test_months_that_find_no_room_are_left_out_but_never_the_last() -> None:
    months = [f"2018-{month:02d}" for month in range(1, 13)] * 4
    drawing = charts.lines("k", "t", "d", months, [Line("a", [1] * 48, "1")])
    shown = [each.text for each in parsed(drawing).iter("text") if "-" in (each.text or "")]
    assert len(shown) < 20
    assert shown[-1] == "2018-12"


def test_a_place_with_more_is_darker() -> None:
    drawing = charts.tiles("k", "t", "d", [Point("a", 1, "1"), Point("b", 9, "9")])
    shades = [each.get("class") for each in parsed(drawing).iter("rect")]
    assert shades == ["f-tile-1", "f-tile-4"]


def test_a_long_label_is_cut_at_its_end() -> None:
    drawing = charts.horizontal_bars("k", "t", "d", [Point("松山乡下田峪村" * 4, 1, "1")])
    label = next(each.text or "" for each in parsed(drawing).iter("text"))
    assert label.startswith("松山乡")
    assert label.endswith("…")
