"""What a name can be found by: itself, itself with one character off, its pinyin, its initials.

A name and what somebody types are both turned into such keys; where two are the same, the name is
found, and the key says why. A mark in front keeps the ways apart, so that no name is taken for the
initials of another.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain, islice, product

# Phrases tell how a word is read, not a name, and would take 20 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import Style, pinyin

from app.domain.people import bare_name

WHOLE, CHANGED, SHORTER, INITIALS, SPELT, PART = "=", "*", "-", "~", "@", "+"
LONGEST = 12  # a name of more characters is an organisation's, or no name
READINGS = 8  # of one name: 单解 alone has six

_DOTS = re.compile(r"[·•・‧∙⋅･.\u00b7\u30fb]")
_SPACES = re.compile(r"\s+")
_LATIN = re.compile(r"[a-zü]+")


class Way(StrEnum):
    """How a name agrees with what was asked."""

    WHOLE = "whole"
    PART = "part"
    INITIALS = "initials"
    PINYIN = "pinyin"
    ONE_OFF = "one_off"


_WAYS = {WHOLE: Way.WHOLE, PART: Way.PART, INITIALS: Way.INITIALS, SPELT: Way.PINYIN}


def folded(text: str) -> str:
    """As words are compared: full-width as half-width, small letters, no spaces."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text).lower())


def keys(name: str) -> list[str]:
    """All that the name is found by, in order: as it stands, and without what is no name in it."""
    return sorted(_keys(name) | _keys(bare_name(name)))


def _keys(name: str) -> set[str]:
    parts = [part for part in _DOTS.split(folded(name)) if part]
    bare = "".join(parts)
    if not bare:
        return set()
    found = {WHOLE + bare}
    if len(parts) > 1:
        found |= {PART + part for part in parts if len(part) > 1}
    if len(bare) <= LONGEST:
        found |= {CHANGED + each for each in _changed(bare)}
        found |= {SHORTER + each for each in _shorter(bare)}
        found |= set(_read(bare))
    return found


def _changed(bare: str) -> Iterator[str]:
    """With any one character open."""
    if len(bare) > 1:
        for at in range(len(bare)):
            yield f"{bare[:at]}_{bare[at + 1 :]}"


def _shorter(bare: str) -> Iterator[str]:
    """Without one character; what is left still says something."""
    if len(bare) > 2:
        for at in range(len(bare)):
            yield bare[:at] + bare[at + 1 :]


def _turned(bare: str) -> Iterator[str]:
    """With two neighbours the other way round."""
    for at in range(len(bare) - 1):
        yield bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :]


def _read(bare: str) -> Iterator[str]:
    if _LATIN.fullmatch(bare):
        return
    readings = [_readings(character) for character in bare]
    initials = [tuple(dict.fromkeys(each[0] for each in found)) for found in readings]
    yield from (SPELT + each for each in _together(readings))
    yield from (INITIALS + each for each in _together(initials))


def _together(readings: list[tuple[str, ...]]) -> list[str]:
    """The likeliest first: a surname in each of its readings before all the rest."""
    usual = product(readings[0], *(each[:1] for each in readings[1:]))
    each = islice(chain(usual, product(*readings)), 2 * READINGS)
    return list(dict.fromkeys(map("".join, each)))[:READINGS]


@lru_cache(maxsize=30_000)
def _readings(character: str) -> tuple[str, ...]:
    """Every way to read it, the usual one first; ü as v, as it is typed."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(each for each in found[0] if each) or (character,)


@dataclass(frozen=True)
class AskedName:
    """The keys of what somebody typed: `exact` says this very name, `near` one character off."""

    exact: frozenset[str]
    near: frozenset[str]

    @classmethod
    def of(cls, text: str) -> AskedName:
        bare = _DOTS.sub("", folded(text))
        if not bare:
            return cls(frozenset(), frozenset())
        exact = {WHOLE + bare, PART + bare}
        latin = bare.replace("ü", "v")
        if _LATIN.fullmatch(latin):
            return cls(frozenset({*exact, INITIALS + latin, SPELT + latin}), frozenset())
        if not 2 <= len(bare) <= LONGEST or bare.isdigit():
            return cls(frozenset(exact), frozenset())
        near = {
            *(CHANGED + each for each in _changed(bare)),
            SHORTER + bare,
            *(WHOLE + each for each in _shorter(bare)),
            *(WHOLE + each for each in _turned(bare)),
        }
        return cls(frozenset(exact), frozenset(near - exact))

    def way(self, name: str) -> Way | None:
        """How the name agrees with it; None where it doesn't."""
        own = frozenset(keys(name))
        met = {_WAYS[key[0]] for key in own & self.exact}
        if met:
            return min(met, key=list(Way).index)
        return Way.ONE_OFF if own & self.near else None
