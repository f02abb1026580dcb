"""Charts: to scale, named where they are drawn, escaped, and fit for a strict policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from app.domain import charts
from app.domain.charts import Bar, Line, Part, Point, Stream
from app.domain.charts.paper import text_width

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
SOURCES = [Point("信访举报", 30, "30", "/s"), Point("巡察移交的问题线索", 10, "10")]
ENDS = [Point("初核", 25, "25"), Point("未处置", 15, "15")]
OUTCOMES = [Point("已立案", 8, "8"), Point("办理中", 32, "32")]
STREAMS = [
    Stream(0, 0, 0, 20, "信访举报 → 初核 20", "/figures/leads?source=petition&method=verification"),
    Stream(0, 0, 1, 10, "信访举报 → 未处置 10"),
    Stream(0, 1, 0, 5, "巡察 → 初核 5"),
    Stream(0, 1, 1, 5, "巡察 → 未处置 5"),
    Stream(1, 0, 0, 8, "初核 → 已立案 8"),
    Stream(1, 0, 1, 17, "初核 → 办理中 17"),
    Stream(1, 1, 1, 15, "未处置 → 办理中 15"),
]
QUARTERS = [Point(f"20{n // 4 + 10} Q{n % 4 + 1}", n * 40, f"{n * 40}", "/q") for n in range(36)]
LONG = [Point(f"handed over by the {n}th other body", n * n, f"{n * n:,}") for n in range(14)]
CROSSED = [Stream(0, n, min(n, 8), n * n, "x") for n in range(14)] + [
    Stream(1, n, min(n, 4), n * n, "x") for n in range(9)
]

Drawing = Callable[[], Markup]
DRAWINGS: dict[str, Drawing] = {
    "stacked": lambda: charts.stacked_bars("k", "t", "d", CAMPAIGNS),
    "horizontal": lambda: charts.horizontal_bars("k", "t", "d", TEAMS),
    "upright": lambda: charts.bars("k", "t", "d", TEAMS),
    "lines": lambda: charts.lines("k", "t", "d", MONTHS, ACCOUNT),
    "tiles": lambda: charts.tiles("k", "t", "d", TEAMS),
    "flow": lambda: charts.flow("k", "t", "d", [SOURCES, ENDS, OUTCOMES], STREAMS),
    "stacked, narrow": lambda: charts.stacked_bars("k", "t", "d", CAMPAIGNS, narrow=True),
    "horizontal, narrow": lambda: charts.horizontal_bars("k", "t", "d", TEAMS, narrow=True),
    "upright, narrow": lambda: charts.bars("k", "t", "d", TEAMS, narrow=True),
    "many, narrow": lambda: charts.bars("k", "t", "d", QUARTERS, narrow=True),
    "lines, narrow": lambda: charts.lines("k", "t", "d", MONTHS, ACCOUNT, narrow=True),
    "tiles, narrow": lambda: charts.tiles("k", "t", "d", TEAMS, narrow=True),
    "flow, narrow": lambda: charts.flow(
        "k", "t", "d", [SOURCES, ENDS, OUTCOMES], STREAMS, narrow=True
    ),
    "flow of long names, narrow": lambda: charts.flow(
        "k", "t", "d", [LONG, LONG[:9], LONG[:5]], CROSSED, narrow=True
    ),
}
NARROW = [name for name in DRAWINGS if name.endswith("narrow")]
EMPTY: dict[str, Drawing] = {
    "stacked": lambda: charts.stacked_bars("k", "t", "d", []),
    "stacked, nothing in it": lambda: charts.stacked_bars(
        "k", "t", "d", [Bar("a", [Part("b", 0)], "0")]
    ),
    "horizontal": lambda: charts.horizontal_bars("k", "t", "d", []),
    "upright": lambda: charts.bars("k", "t", "d", []),
    "lines": lambda: charts.lines("k", "t", "d", [], []),
    "lines, all zero": lambda: charts.lines("k", "t", "d", MONTHS, [Line("a", [0, 0, 0], "0")]),
    "tiles": lambda: charts.tiles("k", "t", "d", []),
    "tiles, all zero": lambda: charts.tiles("k", "t", "d", [Point("a", 0, "0")]),
    "flow": lambda: charts.flow("k", "t", "d", [], []),
}


def whole(drawing: Markup) -> ET.Element:
    return ET.fromstring(str(drawing))  # noqa: S314 - our own text


def parsed(drawing: Markup) -> ET.Element:
    """The picture, without the links that lie over it."""
    return whole(drawing)[0]


def extents(each: ET.Element) -> tuple[float, float]:
    """From where to where a text stands, as wide as its characters are taken to be."""
    wide, x = text_width(each.text or ""), number(each, "x")
    classes = (each.get("class") or "").split()
    start = x - wide if "end" in classes else x - wide / 2 if "mid" in classes else x
    return start, start + wide


def rects(drawing: Markup, area: str) -> list[ET.Element]:
    return [each for each in parsed(drawing).iter("rect") if each.get("class") == area]


def number(element: ET.Element, name: str) -> float:
    return float(element.attrib[name])


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_a_chart_has_a_name_and_a_description_for_those_who_do_not_see_it(draw: Drawing) -> None:
    svg = parsed(draw())
    named = {child.get("id"): child.text for child in svg if child.tag in ("title", "desc")}
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "k-t k-d"
    # A narrow one is named by the wide one beside it.
    assert named == (
        {} if svg.get("viewBox", "").startswith("0 0 340 ") else {"k-t": "t", "k-d": "d"}
    )


@pytest.mark.parametrize("draw", EMPTY.values(), ids=EMPTY.keys())
def test_a_chart_of_nothing_is_no_picture(draw: Drawing) -> None:
    assert draw() == ""


@pytest.mark.parametrize("draw", DRAWINGS.values(), ids=DRAWINGS.keys())
def test_no_label_runs_into_another_or_leaves_the_picture(draw: Drawing) -> None:
    svg = parsed(draw())
    _x, _y, width, height = map(float, svg.attrib["viewBox"].split())
    texts = [(each.text, *extents(each), number(each, "y")) for each in svg.iter("text")]
    for text, start, end, y in texts:
        assert start >= -0.5, text
        assert end <= width + 0.5, text
        assert 10 <= y <= height, text
    for (one, start, end, y), (other, begins, ends, at) in combinations(texts, 2):
        apart = abs(y - at) >= 13 or end <= begins or ends <= start
        assert apart, (one, other)


@pytest.mark.parametrize("name", NARROW)
def test_a_narrow_drawing_is_no_wider_than_a_phone_and_names_and_counts_all(name: str) -> None:
    """What the wide one says is said: nothing needs to be slid or made larger to be read."""
    svg = parsed(DRAWINGS[name]())
    assert float(svg.attrib["viewBox"].split()[2]) <= 358
    if (wide := DRAWINGS.get(name.removesuffix(", narrow"))) is not None:
        said = "".join(_texts(svg)).replace(" ", "")
        assert not [each for each in _texts(parsed(wide())) if each.replace(" ", "") not in said]


def _texts(svg: ET.Element) -> list[str]:
    return [each.text or "" for each in svg.iter("text")]


def test_every_quarter_of_a_long_time_has_its_number_on_a_phone() -> None:
    said = _texts(parsed(DRAWINGS["many, narrow"]()))
    assert {each for point in QUARTERS for each in (point.label, point.shown)} <= set(said)


def test_rows_of_a_phone_are_wide_enough_for_a_finger() -> None:
    for drawing in (
        charts.horizontal_bars("k", "t", "d", SOURCES, narrow=True), DRAWINGS["many, narrow"](),
    ):  # fmt: skip
        hits = [each.get("d", "") for each in whole(drawing)[1].iter("path")]
        assert hits
        heights = [float(re.findall(r"v([\d.]+)", hit)[0]) for hit in hits]
        assert min(heights) >= 24


def test_a_name_on_a_phone_goes_on_in_the_next_line() -> None:
    said = _texts(parsed(DRAWINGS["flow of long names, narrow"]()))
    assert "handed over" in said
    assert not [each for each in said if each.endswith("…")]
    assert {f"{n * n:,}" for n in range(14)} <= {each.rpartition(" ")[2] for each in said}


def test_both_drawings_of_a_chart_have_one_name_which_is_written_once() -> None:
    drawn = charts.both(lambda narrow: charts.bars("k", "t", "d", TEAMS, narrow=narrow))
    assert re.findall(r' id="([^"]+)"', drawn) == ["k-t", "k-d"]
    assert drawn.count('aria-labelledby="k-t k-d"') == 2
    assert drawn.count('<div class="picture wide">') == 1
    assert drawn.count('<div class="picture narrow">') == 1


def test_a_stream_is_as_wide_as_what_it_carries() -> None:
    """At both of its ends; what comes out of a source fills it, and what goes to an end as well."""
    svg = parsed(DRAWINGS["flow"]())
    shapes = [re.findall(r"-?\d+\.\d+", each.attrib["d"]) for each in svg.iter("path")]
    there = [float(shape[8]) - float(shape[7]) for shape in shapes]
    back = [float(shape[14]) - float(shape[1]) for shape in shapes]
    nodes = [number(each, "height") for each in svg.iter("rect")]
    unit = there[0] / 20
    assert there == [pytest.approx(unit * float(each.value), abs=0.2) for each in STREAMS]
    assert back == [pytest.approx(wide, abs=0.2) for wide in there]
    assert nodes == [pytest.approx(unit * n, abs=0.2) for n in (30, 10, 25, 15, 8, 32)]


def test_many_small_sources_are_still_named_apart() -> None:
    sources = [Point(f"source {n}", 1 if n else 500, "1" if n else "500") for n in range(14)]
    streams = [Stream(0, n, 0, 1 if n else 500, "x") for n in range(14)]
    drawing = charts.flow("k", "t", "d", [sources, [Point("held", 513, "513")]], streams)
    svg = parsed(drawing)
    ys = sorted(number(e, "y") for e in svg.iter("text") if (e.text or "").startswith("source"))
    assert all(below - above >= 19 for above, below in pairwise(ys))
    assert ys[-1] <= float(svg.attrib["viewBox"].split()[3])


def test_a_mark_opens_what_it_counts_and_says_so_and_the_picture_stays_one_image() -> None:
    drawing = DRAWINGS["flow"]()
    assert not list(parsed(drawing).iter("a"))
    over = whole(drawing)[1]
    assert over.get("aria-hidden") == "true"
    links = list(over.iter("a"))
    assert [each.get("href") for each in links] == [
        "/figures/leads?source=petition&method=verification", "/s",
    ]  # fmt: skip
    assert [each.get("tabindex") for each in links] == ["-1", "-1"]
    assert links[0][0].text == "信访举报 → 初核 20"


def test_a_chart_that_opens_nothing_has_no_links() -> None:
    assert len(whole(DRAWINGS["horizontal"]())) == 1


def test_money_is_written_to_the_cent_however_large() -> None:
    exact = Decimal("12345678901234567.89")
    drawing = charts.lines("k", "t", "d", ["1月"], [Line("a", [exact], f"{exact:,.2f}")])
    assert "12,345,678,901,234,567.89" in [each.text for each in parsed(drawing).iter("text")]


def test_each_month_of_a_line_opens_and_one_without_an_address_does_not() -> None:
    line = Line("a", [1, 2], "2", "in", ["/jan", None], ["1月 a 1", "2月 a 2"])
    drawing = charts.lines("k", "t", "d", MONTHS[:2], [line])
    assert [each.get("href") for each in whole(drawing)[1].iter("a")] == ["/jan"]
    assert len(list(parsed(drawing).iter("circle"))) == 1


def test_pieces_are_told_apart_by_words_and_not_by_colour_alone() -> None:
    texts = [each.text for each in parsed(DRAWINGS["stacked"]()).iter("text")]
    assert {"初核", "未处置"} <= set(texts)
    styles = [each.get("class") for each in parsed(DRAWINGS["lines"]()).iter("polyline")]
    assert len(set(styles)) == len(styles)


@pytest.mark.parametrize("draw", DRAWINGS.values())
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
