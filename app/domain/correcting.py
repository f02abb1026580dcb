"""What of a matter can be corrected, and what signatures rest on.

One table says it for every kind. What signatures rest on is what their requests showed: it is
frozen once somebody signed, and changes by a request to those who did. The rest is corrected at
once. Here as well: what a field takes, its versions, and how two of them differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from app.domain.errors import N_, Invalid, too_long
from app.domain.kinds import Kind
from app.domain.money import AmountError, Money
from app.domain.sources import CHANNELS, SOURCES

CORRECT = "correct"
"""The event of a request to correct something; no procedure's table has one of that name."""

LINE_LIMIT = 200
TEXT_LIMIT = 5000


class Where(StrEnum):
    """Which row holds a field."""

    MATTER = "matter"
    OWN = "own"  # of the matter's kind
    PERSON = "person"  # of somebody's part in the matter
    REGISTER = "register"  # of the register of persons or organisations


class Takes(StrEnum):
    """What a field takes."""

    LINE = "line"
    TEXT = "text"
    AMOUNT = "amount"
    SOURCE = "source"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    RANK = "rank"


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field that can be corrected. `rests`: signatures rest on it, so that they freeze it.
    `wording`: words that may tell who somebody is, which an auditor does not get."""

    name: str
    kinds: frozenset[Kind]
    where: Where
    takes: Takes
    rests: bool = False
    wording: bool = False

    @property
    def of_person(self) -> bool:
        return self.where in (Where.PERSON, Where.REGISTER)


_EVERY = frozenset(Kind)
_WITH_PEOPLE = frozenset({Kind.PETITION, Kind.LEAD, Kind.CASE})
_LEAD = frozenset({Kind.LEAD})


def _field(
    name: str,
    kinds: Iterable[Kind],
    where: Where,
    takes: Takes = Takes.LINE,
    *,
    rests: bool = False,
    wording: bool = False,
) -> Field:
    return Field(
        name=name, kinds=frozenset(kinds), where=where, takes=takes, rests=rests, wording=wording
    )


# Not here, and why: a number and its day never change; a unit by a transfer, a state and what was
# decided by steps, money by an entry that reverses another, a petition's class by a step.
FIELDS: Sequence[Field] = (
    _field("title", _EVERY, Where.MATTER, rests=True),
    _field("what", _LEAD, Where.OWN, Takes.TEXT, rests=True, wording=True),
    _field("brief", [Kind.CASE], Where.OWN, Takes.TEXT, rests=True, wording=True),
    _field("description", [Kind.FUND_ITEM], Where.OWN, Takes.TEXT, rests=True, wording=True),
    _field("amount", _LEAD, Where.OWN, Takes.AMOUNT, rests=True),
    _field("name", _WITH_PEOPLE, Where.REGISTER, rests=True, wording=True),
    _field("position", _WITH_PEOPLE, Where.PERSON, rests=True, wording=True),
    _field("rank", _WITH_PEOPLE, Where.PERSON, Takes.RANK, rests=True),
    _field("alleged", _WITH_PEOPLE, Where.PERSON, Takes.TEXT, rests=True, wording=True),
    _field("source", _EVERY, Where.MATTER, Takes.SOURCE),
    _field("campaign_id", _EVERY, Where.MATTER, Takes.CAMPAIGN),
    _field("responsible_leader", _EVERY, Where.MATTER),
    _field("channel", [Kind.PETITION], Where.OWN, Takes.CHANNEL),
    _field("place", [Kind.LEAD, Kind.PETITION], Where.OWN, wording=True),
    _field("category", _LEAD, Where.OWN),
    _field("happened", _LEAD, Where.OWN, wording=True),
    _field("remark", _LEAD, Where.OWN, Takes.TEXT, wording=True),
)


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """What can be corrected in matters of a kind, in the order in which pages list it."""
    return tuple(field for field in FIELDS if kind in field.kinds)


def field_of(kind: Kind, name: str) -> Field | None:
    return next((field for field in fields_of(kind) if field.name == name), None)


def checked(field: Field, value: str, codes: Mapping[Takes, Iterable[str]]) -> str:
    """What is to stand in a field, in its normal form. `codes` are those that the procedure and
    the installation know. Raises Invalid."""
    value = value.strip()
    if not value:
        raise Invalid.of("value", N_("Write something."))
    most = TEXT_LIMIT if field.takes is Takes.TEXT else LINE_LIMIT
    if len(value) > most:
        raise Invalid(too_long("value", most))
    if field.takes is Takes.AMOUNT:
        return _amount(value)
    known = {Takes.SOURCE: SOURCES, Takes.CHANNEL: CHANNELS, **codes}.get(field.takes)
    if known is not None and value not in known:
        raise Invalid.of("value", N_("Choose one of those listed."))
    return value


def _amount(value: str) -> str:
    try:
        money = Money.yuan(value)
    except AmountError:
        raise Invalid.of(
            "value", N_("An amount in yuan with at most two decimals, such as 1250.00.")
        ) from None
    if money.fen <= 0:
        raise Invalid.of("value", N_("An amount is more than nothing."))
    return str(money.decimal)


# Versions ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One field's former and later value, as recorded."""

    old: str | None
    new: str | None
    reason: str
    made_on: date
    made_by: str
    request_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Version:
    """What a field said from one day on, by whom, and why. `known` is false where the reader may
    not have the words; `reason` is empty for the first one, which was logged."""

    number: int
    value: str | None
    since: date
    by: str
    reason: str = ""
    request_id: UUID | None = None
    known: bool = True


def versions(
    present: str | None, corrections: Sequence[Correction], *, since: date, by: str
) -> tuple[Version, ...]:
    """Every version of a field, the oldest first. `corrections` are in the order of their making;
    `since` and `by` are of whoever logged the matter."""
    first = corrections[0].old if corrections else present
    found = [Version(number=1, value=first, since=since, by=by)]
    found += [
        Version(
            number=n, value=each.new, since=each.made_on, by=each.made_by, reason=each.reason,
            request_id=each.request_id,
        )
        for n, each in enumerate(corrections, start=2)
    ]  # fmt: skip
    return tuple(found)


Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it differs from the other version."""


def differences(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Two versions character by character: what is only in the one, and only in the other.

    Where hardly anything is the same, the whole differs: single letters in common say nothing.
    Nor are long passages compared letter by letter, which can take minutes.
    """
    begin = _same(old, new)
    end = _same(old[begin:][::-1], new[begin:][::-1])
    here, there = old[begin : len(old) - end], new[begin : len(new) - end]
    matcher = SequenceMatcher(None, here, there, autojunk=False)
    if len(here) * len(there) > COMPARED or (not begin and not end and matcher.ratio() < ALIKE):
        sides = [[(here, True)], [(there, True)]]
    else:
        sides = [list(_side(matcher, here, 0)), list(_side(matcher, there, 1))]
    around = (old[:begin], False), (old[len(old) - end :], False)
    first, second = (_pieces([around[0], *side, around[1]]) for side in sides)
    return first, second


ALIKE = 0.3
COMPARED = 500_000


def _same(old: str, new: str) -> int:
    """How many characters both begin with."""
    pairs = zip(old, new, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _side(matcher: SequenceMatcher[str], text: str, side: int) -> Iterator[tuple[str, bool]]:
    for tag, *places in matcher.get_opcodes():
        yield text[places[2 * side] : places[2 * side + 1]], tag != "equal"


def _pieces(found: Iterable[tuple[str, bool]]) -> Pieces:
    joined: list[tuple[str, bool]] = []
    for text, changed in found:
        if joined and joined[-1][1] is changed:
            joined[-1] = (joined[-1][0] + text, changed)
        elif text:
            joined.append((text, changed))
    return tuple(joined)
