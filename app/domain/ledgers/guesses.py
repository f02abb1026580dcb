"""What an unknown column may be: by the likeness of its heading and by what its cells hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from app.domain.errors import N_, Reason
from app.domain.ledgers.amounts import YUAN, read_amount
from app.domain.ledgers.dates import DateRules, read_date
from app.domain.ledgers.families import Field, FieldKind
from app.domain.ledgers.identity import DIGITS_LOST, IdentityNumber, read_identity
from app.domain.ledgers.numbers import is_like_a_number
from app.domain.ledgers.people import is_organisation, split_names
from app.domain.ledgers.sanctions import sanctions_in
from app.domain.ledgers.texts import Cell, is_unknown, narrow, squash, tidy
from app.domain.ledgers.vocabulary import vocabulary
from app.domain.money import Money

_ANY_DAY = DateRules(today=date.max, earliest=date.min)
_MOSTLY = 0.6
_ENOUGH = 0.55
_ENOUGH_WITH_CONTENT = 0.45  # where the cells themselves speak for the field
_WITHOUT_LIKENESS = 0.9
_UNMISTAKABLE = frozenset(
    {FieldKind.IDENTITY, FieldKind.NUMBER, FieldKind.SANCTION, FieldKind.CHOICE, FieldKind.FLAG}
    | {FieldKind.DATE, FieldKind.AMOUNT, FieldKind.NAMES}
)


@dataclass(frozen=True, slots=True)
class Guess:
    field: Field
    score: float
    reason: Reason


def likeness(one: str, other: str) -> float:
    """0 to 1: how many pairs of letters two headings share, a shared ending counting more."""
    a, b = squash(one), squash(other)
    if not a or not b:
        return 0.0
    if a == b:
        return 1.0
    return max(_dice(_pairs(a), _pairs(b)), 0.9 * _dice(frozenset(a), frozenset(b)), _inside(a, b))


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset(text)


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b))


def _inside(a: str, b: str) -> float:
    short, long = sorted((a, b), key=len)
    return 0.75 if len(short) >= 3 and short in long else 0.0


def holds(field: Field, cells: Sequence[Cell]) -> float | None:
    """Which share of the cells could be this field's; None where there are none to look at."""
    known = [cell for cell in cells if not is_unknown(tidy(cell))]
    if not known:
        return None
    return sum(_fits(field, cell) for cell in known) / len(known)


def _fits(field: Field, cell: Cell) -> bool:
    text = tidy(cell)
    match field.kind:
        case FieldKind.DATE | FieldKind.MONTH:
            return isinstance(read_date(cell, _ANY_DAY), date)
        case FieldKind.IDENTITY:
            found = read_identity(text.split("、")[0] if isinstance(cell, str) else cell)
            return isinstance(found, IdentityNumber) or found is DIGITS_LOST
        case FieldKind.AMOUNT:
            return isinstance(read_amount(cell, YUAN), Money) and not isinstance(
                read_date(cell, _ANY_DAY), date
            )
        case FieldKind.COUNT | FieldKind.HANDLINGS:
            return isinstance(cell, int | float) and float(cell).is_integer() and cell < 1000
        case FieldKind.NUMBER:
            return is_like_a_number(text)
        case FieldKind.PHONE:
            digits = "".join(letter for letter in narrow(text) if letter.isdigit())
            return 7 <= len(digits) <= 13 and len(digits) >= len(text) - 4
        case FieldKind.NAMES:
            return _is_names(text)
        case FieldKind.CHOICE | FieldKind.FLAG:
            return field.vocabulary is not None and bool(vocabulary(field.vocabulary).find(text))
        case FieldKind.SANCTION:
            return bool(sanctions_in(text, None))
        case _:
            return isinstance(cell, str) and not isinstance(read_date(cell, _ANY_DAY), date)


def _is_names(text: str) -> bool:
    people, _ = split_names(text)
    return bool(people) and all(
        2 <= len(one.name) <= 4
        and not is_organisation(one.name)
        and not any(map(str.isdigit, one.name))
        for one in people
    )


_REPORTER = re.compile(
    "(?<!被)(?:举报|反映|信访|检举|控告|投诉|申诉|诉求|来信|来访|上访)(?:人|者|群众)"
)


def names_reporter(heading: str) -> bool:
    """Whether a heading speaks of whoever reported: 反映人, and not 被反映人."""
    return _REPORTER.search(heading) is not None


def best_guesses(
    open_columns: dict[int, tuple[str, Sequence[Cell]]], open_fields: Sequence[Field]
) -> dict[int, Guess]:
    """For each column its field, the likeliest pairs first, each field once."""
    pairs = sorted(
        (
            (guess.score, -index, index, guess)
            for index, (heading, cells) in open_columns.items()
            for field in open_fields
            if (guess := _guess(heading, cells, field)) is not None
        ),
        key=lambda pair: pair[:2],
        reverse=True,
    )
    taken: set[str] = set()
    found: dict[int, Guess] = {}
    for _, _, index, guess in pairs:
        if index not in found and guess.field.name not in taken:
            found[index] = guess
            taken.add(guess.field.name)
    return found


def _guess(heading: str, cells: Sequence[Cell], field: Field) -> Guess | None:
    if names_reporter(heading) and not field.sealed:
        return None  # 反映人 is as like 被反映人 as a heading can be
    alike, word = max(
        ((likeness(part, word), word) for word in field.headings for part in _parts(heading)),
        default=(0.0, ""),
    )
    share = holds(field, cells)
    if share is None:
        if alike < 0.7:
            return None
        return Guess(
            field,
            alike * 0.8,
            Reason(N_("The heading is like “{word}”; the column is empty."), {"word": word}),
        )
    if share < _MOSTLY:
        return None
    if alike >= (_ENOUGH_WITH_CONTENT if field.kind in _UNMISTAKABLE else _ENOUGH):
        return Guess(
            field,
            alike + 0.3 * share,
            Reason(
                N_("The heading is like “{word}”, and {share} of the cells fit."),
                {"word": word, "share": f"{share:.0%}"},
            ),
        )
    if share >= _WITHOUT_LIKENESS and field.kind in _UNMISTAKABLE and field.required:
        return Guess(
            field,
            0.3 + 0.2 * alike,
            Reason(
                N_("{share} of the cells look like “{word}”, which no other column holds."),
                {"word": field.headings[0], "share": f"{share:.0%}"},
            ),
        )
    return None


def _parts(heading: str) -> tuple[str, ...]:
    tiers = heading.split("/")
    return ("".join(tiers), tiers[-1]) if len(tiers) > 1 else (heading,)
