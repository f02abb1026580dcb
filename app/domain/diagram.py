"""A machine as a drawing: its four stages as lanes, its states as cards, its steps as arrows.

Every state has a row of its own, so a line that leaves a card meets no other. Lines to the same
card share one track beside it. The drawing stands alone, needs no style sheet, and is the same
every time; its classes let a page's own sheet take over the colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from app.domain.diagram_cards import (
    CARD,
    EMPTY,
    FONT,
    GUTTER,
    HAIRLINE,
    HEAD,
    HUES,
    INK,
    LANE_HEAD,
    LINE,
    MARGIN,
    NOTE,
    PAPER,
    QUIET,
    ROW_GAP,
    STEP,
    TRACK,
    Arrow,
    Card,
    Port,
)
from app.domain.diagram_text import drawn, step_lines, words_of, wrapped
from app.domain.kinds import Kind, Stage
from app.domain.profile.model import ORIGIN, SAME, Machine, Profile, Transition


def machine_svg(profile: Profile, kind: Kind, locale: str) -> str:
    """The machine of one kind of matter as a standalone SVG, in the reader's language."""
    machine = profile.machine(kind)
    drawing = Drawing(profile, machine, locale)
    return drawing.svg()


class Drawing:
    """Places the cards, routes the arrows, and writes both down."""

    def __init__(self, profile: Profile, machine: Machine, locale: str) -> None:
        self._profile, self._machine, self._locale = profile, machine, locale
        self._stages = list(Stage)
        self._cards = {card.key: card for card in self._ordered()}
        self._filled = {card.lane for card in self._cards.values()}
        bottom = self._stack()
        self._arrows = list(self._routed())
        self._tracks = self._tracked()
        self._width = self._spread()
        self._notes = _notes(profile, machine, locale, self._width / 2 - 2 * MARGIN)
        self._lanes_end = bottom
        longest = max(len(lines) for lines in self._notes)
        self._height = bottom + 22 + longest * (NOTE + 6) + MARGIN

    def _own(self) -> Iterator[Transition]:
        return (row for row in self._machine.transitions if drawn(row))

    def _ordered(self) -> list[Card]:
        """The order of the file, each end right below the last state that leads to it."""
        own = list(self._own())
        used = {state for row in own for state in (*row.from_, row.to)}
        order = [key for key in self._machine.states if key in used and not self._ends(key)]
        for key in self._machine.states:
            if key in used and self._ends(key):
                before = [
                    order.index(state)
                    for row in own
                    if row.to == key
                    for state in row.from_
                    if state in order
                ]
                order.insert(max(before, default=len(order) - 1) + 1, key)
        return [self._card(key, [row for row in own if key in row.from_]) for key in order]

    def _ends(self, key: str) -> bool:
        return self._machine.states[key].terminal

    def _card(self, key: str, rows: Sequence[Transition]) -> Card:
        state = self._machine.states[key]
        return Card(
            key=key,
            name=wrapped(state.label.words(self._locale), 14, CARD - 30),
            lane=self._stages.index(state.stage),
            stage=state.stage,
            terminal=state.terminal,
            ports=[
                Port(row=row, label=label, hands=hands)
                for row in rows
                for label, hands in [
                    step_lines(self._profile, self._machine, row, self._locale, CARD - 20)
                ]
            ],
        )

    def _stack(self) -> float:
        """Give each card its place, from the top; says where the last one ends.

        A card stands no higher than the first that leads to it, below the others of its lane,
        and where no line has to pass through it or through another because of it.
        """
        top: float = MARGIN + HEAD + LANE_HEAD + 8
        placed: list[Card] = []
        for order, card in enumerate(self._cards.values()):
            card.order = order
            leading = [each.y for each in placed if self._leads(each, card)]
            above = [each.y + each.height + ROW_GAP for each in placed if each.lane == card.lane]
            self._settle(card, max([top, min(leading, default=top), *above]))
            while any(self._crossed(card, each) for each in placed):
                self._settle(card, card.y + 6)
            placed.append(card)
        return max(card.y + card.height for card in placed) + ROW_GAP

    def _leads(self, source: Card, target: Card) -> bool:
        return any(port.row.to == target.key for port in source.ports)

    def _settle(self, card: Card, y: float) -> None:
        card.y = y
        at = y + card.head + 2
        for port in card.ports:
            port.y = at + LINE / 2 + 2
            at += port.height

    def _crossed(self, one: Card, other: Card) -> bool:
        """Whether a line of one of two cards would run through the other."""
        return self._runs_through(one, other) or self._runs_through(other, one)

    def _runs_through(self, source: Card, card: Card) -> bool:
        low, high = card.y - 6, card.y + card.height + 6
        return any(
            low <= port.y <= high and card.lane in self._passed(source, port)
            for port in source.ports
        )

    def _passed(self, source: Card, port: Port) -> range:
        """The lanes that the level part of a step's line goes through."""
        target = self._cards.get(port.row.to)
        if target is None or target.lane == source.lane:
            return range(0)
        if target.lane > source.lane:
            return range(source.lane + 1, target.lane)
        return range(target.lane + 1, source.lane)

    def _routed(self) -> Iterator[Arrow]:
        for card in self._cards.values():
            for port in card.ports:
                target = self._cards.get(port.row.to)
                if port.row.to in (SAME, ORIGIN) or target is None:
                    continue
                down = target.order > card.order
                same = target.lane == card.lane
                from_right = target.lane < card.lane or (same and down)
                gutter = target.lane + (1 if from_right else 0)
                yield Arrow(
                    port=port, source=card, target=target, gutter=gutter, from_right=from_right
                )

    def _tracked(self) -> dict[tuple[int, str, bool], int]:
        """A track for each card's side: short ones nearest to the card, none over another."""
        spans: dict[tuple[int, str, bool], tuple[float, float]] = {}
        for arrow in self._arrows:
            ends = (arrow.port.y, arrow.target.entry)
            low, high = spans.get(arrow.track, (min(ends), max(ends)))
            spans[arrow.track] = (min(low, *ends), max(high, *ends))
        taken: dict[tuple[int, bool], list[list[tuple[float, float]]]] = {}
        found: dict[tuple[int, str, bool], int] = {}
        for key, span in sorted(spans.items(), key=lambda each: (each[1][1] - each[1][0], each[0])):
            tracks = taken.setdefault((key[0], key[2]), [])
            at = next((n for n, used in enumerate(tracks) if _clear(used, span)), len(tracks))
            if at == len(tracks):
                tracks.append([])
            tracks[at].append(span)
            found[key] = at
        return found

    def _count(self, gutter: int, *, from_right: bool) -> int:
        return 1 + max(
            (n for (g, _, side), n in self._tracks.items() if g == gutter and side is from_right),
            default=-1,
        )

    def _spread(self) -> float:
        """Place the lanes beside each other, with gaps wide enough for their tracks."""
        x: float = MARGIN
        self._gutters: list[tuple[float, float]] = []
        self._lanes: list[tuple[float, float]] = []
        for lane in range(len(self._stages) + 1):
            tracks = self._count(lane, from_right=True) + self._count(lane, from_right=False)
            width = GUTTER + tracks * TRACK
            self._gutters.append((x, x + width))
            x += width
            if lane == len(self._stages):
                break
            wide = CARD if lane in self._filled else EMPTY
            self._lanes.append((x, x + wide))
            for card in self._cards.values():
                if card.lane == lane:
                    card.x = x
            x += wide
        return x + MARGIN

    def _x(self, arrow: Arrow) -> float:
        left, right = self._gutters[arrow.gutter]
        at = self._tracks[arrow.track]
        if arrow.from_right:
            return left + GUTTER / 2 + at * TRACK + 3
        return right - GUTTER / 2 - at * TRACK - 3

    # Writing it down ------------------------------------------------------------------------------

    def svg(self) -> str:
        labels = (self._machine.label, self._profile.label)
        name = " · ".join(label.words(self._locale) for label in labels)
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="machine" role="img"'
            f' viewBox="0 0 {self._width:.0f} {self._height:.0f}" width="{self._width:.0f}"'
            f' height="{self._height:.0f}" lang="{escape(self._locale.replace("_", "-"))}"'
            f' font-family="{FONT}">',
            f"<title>{escape(name)}</title>",
            f'<rect class="m-paper" width="100%" height="100%" fill="{PAPER}"/>',
            _text(MARGIN, MARGIN + 22, name, 20, INK, bold=True),
            *self._lane_parts(),
            *self._arrow_parts(),
            *(part for card in self._cards.values() for part in self._card_parts(card)),
            *self._note_parts(),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _lane_parts(self) -> Iterator[str]:
        top = MARGIN + HEAD - 18
        for at, stage in enumerate(self._stages):
            hue, tint = HUES[stage]
            left = (self._gutters[at][0] + self._gutters[at][1]) / 2 if at else MARGIN
            right = (self._gutters[at + 1][0] + self._gutters[at + 1][1]) / 2
            right = right if at < len(self._stages) - 1 else self._width - MARGIN
            words = self._profile.stages[stage].words(self._locale)
            yield (
                f'<rect class="m-lane s-{stage}" x="{left:.1f}" y="{top}" fill="{tint}"'
                f' width="{right - left:.1f}" height="{LANE_HEAD - 6}"/>'
            )
            yield _text((left + right) / 2, top + 19, words, 15, hue, bold=True, middle=True)
            if at:
                yield (
                    f'<path class="m-rule" d="M{left:.1f} {top}V{self._lanes_end:.0f}"'
                    f' stroke="{HAIRLINE}" stroke-dasharray="2 4"/>'
                )

    def _arrow_parts(self) -> Iterator[str]:
        """Ways back first, then the longest: what is drawn later crosses over with a rim."""
        order = sorted(
            self._arrows, key=lambda each: (not each.back, -abs(each.port.y - each.target.entry))
        )
        for arrow in order:
            hue = HUES[arrow.target.stage][0]
            path = self._path(arrow)
            dash = ' stroke-dasharray="5 3"' if arrow.back else ""
            yield f'<path class="m-rim" d="{path}" fill="none" stroke="{PAPER}" stroke-width="4"/>'
            yield (
                f'<path class="m-arrow s-{arrow.target.stage}" d="{path}" fill="none"'
                f' stroke="{hue}" stroke-width="1.3" stroke-linejoin="round"{dash}/>'
            )
        for card, right in dict.fromkeys((each.target.key, each.from_right) for each in order):
            yield self._head(self._cards[card], from_right=right)

    def _head(self, card: Card, *, from_right: bool) -> str:
        x = card.x + CARD + 1 if from_right else card.x - 1
        out = 8 if from_right else -8
        return (
            f'<path class="m-head s-{card.stage}" fill="{HUES[card.stage][0]}"'
            f' d="M{x:.1f} {card.entry:.1f}l{out} -4v8z"/>'
        )

    def _path(self, arrow: Arrow) -> str:
        source, target, x = arrow.source, arrow.target, self._x(arrow)
        start = source.x + CARD if x > source.x else source.x
        end = target.x + CARD if arrow.from_right else target.x
        return f"M{start:.1f} {arrow.port.y:.1f}H{x:.1f}V{target.entry:.1f}H{end:.1f}"

    def _card_parts(self, card: Card) -> Iterator[str]:
        hue, tint = HUES[card.stage]
        x, y = card.x, card.y
        yield (
            f'<rect class="m-card s-{card.stage}" x="{x:.1f}" y="{y:.1f}" width="{CARD}"'
            f' height="{card.height:.1f}" rx="7" fill="#ffffff" stroke="{hue}"'
            f' stroke-width="{2.4 if card.terminal else 1.2}"/>'
        )
        if card.ports:
            yield (
                f'<path class="m-top s-{card.stage}" fill="{tint}" d="M{x + 0.6:.1f}'
                f" {y + card.head:.1f}V{y + 6.4:.1f}q0 -5.8 5.8 -5.8H{x + CARD - 6.4:.1f}"
                f'q5.8 0 5.8 5.8V{y + card.head:.1f}z"/>'
            )
        if card.terminal:
            yield f'<circle cx="{x + 14:.1f}" cy="{card.entry:.1f}" r="3.6" fill="{hue}"/>'
        for at, line in enumerate(card.name):
            indent = 25 if card.terminal else 10
            yield _text(x + indent, y + 19 + at * LINE, line, 14, INK, bold=True)
        for port in card.ports:
            yield from self._port_parts(card, port)

    def _port_parts(self, card: Card, port: Port) -> Iterator[str]:
        y = port.y + 4
        stays = port.row.to == SAME
        for at, line in enumerate(port.label):
            words = f"↻ {line}" if stays and at == 0 else line
            yield _text(card.x + 10, y + at * LINE, words, STEP, INK)
        y += len(port.label) * LINE - 1
        for at, line in enumerate(port.hands):
            yield _text(card.x + 10, y + at * (LINE - 2), line, 11, QUIET)

    def _note_parts(self) -> Iterator[str]:
        top = self._lanes_end + 14
        yield (
            f'<path class="m-rule" d="M{MARGIN} {top - 18:.0f}H{self._width - MARGIN:.0f}"'
            f' stroke="{HAIRLINE}"/>'
        )
        for column, lines in enumerate(self._notes):
            x = MARGIN + column * (self._width - MARGIN) / 2
            for at, line in enumerate(lines):
                yield _text(x, top + at * (NOTE + 6), line, NOTE, QUIET)


def _clear(used: Iterable[tuple[float, float]], span: tuple[float, float]) -> bool:
    return all(span[1] + 10 < low or high + 10 < span[0] for low, high in used)


def _text(
    x: float, y: float, words: str, size: int, ink: str, *, bold: bool = False, middle: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{ink}"{weight}{anchor}>'
        f"{escape(words)}</text>"
    )


def _notes(
    profile: Profile, machine: Machine, locale: str, width: float
) -> tuple[list[str], list[str]]:
    """What every state shares stands below in two columns, so that the drawing shows the way."""
    blocks = [wrapped(words, NOTE, width) for words in words_of(profile, machine, locale)]
    half = (sum(len(block) for block in blocks) + 1) // 2
    columns: tuple[list[str], list[str]] = ([], [])
    for block in blocks:
        columns[0 if len(columns[0]) < half else 1].extend(block)
    return columns
