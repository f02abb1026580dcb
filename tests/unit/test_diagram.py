"""The machines as drawings."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.domain.diagram import Drawing, machine_svg
from app.domain.diagram_cards import CARD
from app.domain.diagram_text import width_of, wrapped
from app.domain.kinds import Kind, Stage
from app.domain.profile import Profile, builtin_profile

EVERY = [
    (name, kind)
    for name in ("cn-discipline", "whistleblowing")
    for kind in builtin_profile(name).machines
]
GUIDE = Path(__file__).parents[2] / "docs" / "guide"
SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    return [each.text or "" for each in root.iter(f"{SVG}text")]


@pytest.mark.parametrize(("name", "kind"), EVERY)
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_a_drawing_shows_every_state_and_every_step(name: str, kind: Kind, locale: str) -> None:
    profile = builtin_profile(name)
    machine = profile.machine(kind)
    found = re.sub(r"\s+", "", "".join(words(machine_svg(profile, kind, locale))))
    for state in machine.states.values():
        assert re.sub(r"\s+", "", state.label.words(locale)) in found
    for row in machine.transitions:
        assert re.sub(r"\s+", "", row.label.words(locale)) in found
    for stage in Stage:
        assert profile.stages[stage].words(locale) in found


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_a_drawing_needs_no_style_no_script_and_no_other_file(name: str, kind: Kind) -> None:
    svg = machine_svg(builtin_profile(name), kind, "en")
    for tag in ("style", "script", "image", "use", "foreignObject"):
        assert f"<{tag}" not in svg
    assert " style=" not in svg
    assert "href" not in svg


def test_a_drawing_is_the_same_every_time() -> None:
    profile = builtin_profile("cn-discipline")
    assert machine_svg(profile, Kind.LEAD, "en") == machine_svg(profile, Kind.LEAD, "en")


def test_a_drawing_names_itself_for_who_cannot_see_it() -> None:
    svg = machine_svg(builtin_profile("cn-discipline"), Kind.LEAD, "zh_CN")
    assert 'role="img"' in svg
    assert "<title>问题线索 · 纪检监察</title>" in svg
    assert 'lang="zh-CN"' in svg


def boxes(profile: Profile, kind: Kind, locale: str) -> list[tuple[float, float, float, float]]:
    drawing = Drawing(profile, profile.machine(kind), locale)
    return [
        (card.x, card.y, card.x + CARD, card.y + card.height) for card in drawing._cards.values()
    ]


@pytest.mark.parametrize(("name", "kind"), EVERY)
@pytest.mark.parametrize("locale", ["en", "zh_CN"])
def test_no_card_lies_over_another_and_no_line_runs_through_one(
    name: str, kind: Kind, locale: str
) -> None:
    profile = builtin_profile(name)
    cards = boxes(profile, kind, locale)
    for at, one in enumerate(cards):
        for other in cards[at + 1 :]:
            apart = (
                one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart
    for start, y, x, end_y, end in lines(machine_svg(profile, kind, locale)):
        for left, top, right, bottom in cards:
            level = [(min(start, x), max(start, x), y), (min(x, end), max(x, end), end_y)]
            for low, high, height in level:
                assert not (top < height < bottom and low < right - 1 and high > left + 1)
            upright = left < x < right and min(y, end_y) < bottom and max(y, end_y) > top
            assert not upright


def lines(svg: str) -> list[tuple[float, float, float, float, float]]:
    found = re.findall(
        r'class="m-arrow[^"]*" d="M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)H([\d.]+)"', svg
    )
    assert found
    return [tuple(float(each) for each in row) for row in found]  # type: ignore[misc]


@pytest.mark.parametrize(("name", "kind"), EVERY)
def test_every_text_fits_its_card(name: str, kind: Kind) -> None:
    profile = builtin_profile(name)
    for locale in ("en", "zh_CN"):
        drawing = Drawing(profile, profile.machine(kind), locale)
        for card in drawing._cards.values():
            for port in card.ports:
                assert all(width_of(line, 13) <= CARD - 12 for line in port.label)
                assert all(width_of(line, 11) <= CARD - 12 for line in port.hands)


def test_latin_breaks_between_words_and_chinese_before_no_closing_mark() -> None:
    assert wrapped("Hand in the verification report", 13, 100) == [
        "Hand in the",
        "verification",
        "report",
    ]
    assert wrapped("主要负责人，党委。", 10, 50) == ["主要负责", "人，党委。"]
    assert wrapped("", 10, 50) == []


@pytest.mark.parametrize(("locale", "page"), [("en", "machines.md"), ("zh_CN", "machines.zh.md")])
def test_the_guide_shows_each_machine_as_its_profile_draws_it(locale: str, page: str) -> None:
    """`plumbline profile diagram NAME --language L --out docs/guide/machines/NAME/L` does."""
    shown = re.findall(r"\]\((machines/[^)]+)\)", (GUIDE / page).read_text(encoding="utf-8"))
    assert shown == [f"machines/{name}/{locale}/{kind}.svg" for name, kind in EVERY]
    for (name, kind), path in zip(EVERY, shown, strict=True):
        kept = (GUIDE / path).read_text(encoding="utf-8")
        assert kept.strip() == machine_svg(builtin_profile(name), kind, locale).strip(), path
