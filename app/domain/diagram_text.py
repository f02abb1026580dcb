"""The words of a machine's drawing: steps, whose hands they take, and what all states share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from app.domain.deadlines import Unit
from app.domain.profile.model import ORIGIN, SAME, Amount, Machine, Profile, Transition

_UNITS = {
    Unit.DAY: ("{n} days", "{n}日"),
    Unit.WORKING_DAY: ("{n} working days", "{n}个工作日"),
    Unit.MONTH: ("{n} months", "{n}个月"),
    Unit.YEAR: ("{n} years", "{n}年"),
    Unit.HOUR: ("{n} hours", "{n}小时"),
}
_ONE = {
    Unit.DAY: "1 day",
    Unit.WORKING_DAY: "1 working day",
    Unit.MONTH: "1 month",
    Unit.YEAR: "1 year",
    Unit.HOUR: "1 hour",
}


def wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def width_of(text: str, size: float) -> float:
    """About how wide a text is, in the same units as its size."""
    return sum(size if wide(char) else size * 0.54 for char in text)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Lines of at most this width: Latin breaks at spaces, Chinese anywhere."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


_CLOSES = "，。；：、）」』！？,.;:)"


def _pieces(text: str) -> Iterator[str]:
    """A word with the space behind it, or one wide character with what closes after it."""
    piece = ""
    for char in text:
        if char in _CLOSES:
            piece += char
        elif wide(char):
            if piece:
                yield piece
            piece = char
        elif piece and (wide(piece[-1]) or piece[-1] == " ") and char != " ":
            yield piece
            piece = char
        else:
            piece += char
    if piece:
        yield piece


def drawn(row: Transition) -> bool:
    """Whether a step stands in the drawing: below it stands what several states share."""
    return not row.shared and not (row.to == SAME and len(row.from_) > 1)


def step_lines(
    profile: Profile, machine: Machine, row: Transition, locale: str, width: float
) -> tuple[list[str], list[str]]:
    """A step's name, and below it whose hands it takes and which limit it starts."""
    hands = hands_of(profile, row, locale)
    limits = limits_of(machine, row, locale)
    below = " · ".join(part for part in (hands, limits) if part)
    return wrapped(row.label.words(locale), 13, width), wrapped(below, 11, width)


def hands_of(profile: Profile, row: Transition, locale: str) -> str:
    """As the tables write it: who asks → who reviews, who decides (who decides last)."""

    def names(*codes: str) -> str:
        return ("、" if _zh(locale) else ", ").join(
            dict.fromkeys(profile.roles[code].label.words(locale) for code in codes)
        )

    asks = names(*row.requested_by)
    if row.decided_by_limit:
        return asks + (" → 依期限而定" if _zh(locale) else " → by the limit")
    deciding = [code for code in (row.approved_by, *(each.by for each in row.instead)) if code]
    either = " / ".join(names(code) for code in deciding)
    signs = ("、" if _zh(locale) else ", ").join(
        part for part in (names(*row.reviewed_by), either) if part
    )
    last = _bracketed(names(row.last), locale) if row.last else ""
    if row.paper:
        last += "，可纸质签批" if _zh(locale) else ", on paper too"
    return f"{asks} → {signs}{last}" if signs else asks


def _bracketed(words: str, locale: str) -> str:
    return f"（{words}）" if _zh(locale) else f" ({words})"


def _zh(locale: str) -> bool:
    return locale.startswith("zh")


def limits_of(machine: Machine, row: Transition, locale: str) -> str:
    """The limits that the step starts, shortest words first."""
    limits = [machine.clocks[ref.rule].limit for ref in row.start]
    texts = [_length(limit, locale) for limit in limits if limit is not None and limit.amount]
    return " / ".join(dict.fromkeys(texts))


def _length(limit: Amount, locale: str) -> str:
    en, zh = _UNITS[limit.unit]
    if _zh(locale):
        return zh.format(n=limit.amount)
    return _ONE[limit.unit] if limit.amount == 1 else en.format(n=limit.amount)


def words_of(profile: Profile, machine: Machine, locale: str) -> Iterator[str]:
    """One sentence for each step that the drawing leaves out, because all states share it."""
    zh = _zh(locale)
    yield "各状态共有的步骤：" if zh else "Besides, in every open state unless others are named:"
    seen: set[tuple[str, str, str]] = set()
    for row in machine.transitions:
        if drawn(row):
            continue
        hands = hands_of(profile, row, locale)
        key = (row.event, row.to, hands)
        if key in seen:
            continue
        seen.add(key)
        start = _where_from(machine, row, locale)
        end = _where_to(machine, row, locale)
        yield f"{row.label.words(locale)}{'：' if zh else ': '}{hands}{start}{end}"


def _where_from(machine: Machine, row: Transition, locale: str) -> str:
    opened = [key for key, state in machine.states.items() if not state.terminal and key != "new"]
    if len(row.from_) >= len(opened) - 2 and not row.reopening:
        return ""
    separator = "、" if _zh(locale) else ", "
    names = separator.join(machine.states[key].label.words(locale) for key in row.from_)
    return f"，自{names}" if _zh(locale) else f", from {names}"


def _where_to(machine: Machine, row: Transition, locale: str) -> str:
    if row.to == SAME:
        return ""
    if row.to == ORIGIN:
        return "，回到原状态" if _zh(locale) else ", to the state before"
    name = machine.states[row.to].label.words(locale)
    return f"，转为{name}" if _zh(locale) else f", to {name}"
