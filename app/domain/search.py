"""What somebody looks for, and why something was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import N_
from app.domain.name_keys import AskedName, Way, folded

# What an index of trigrams knows; in a database of the C locale, no Chinese.
_RUN = re.compile(r"[a-z0-9]{3,}")


class By(StrEnum):
    """What of a matter agrees with what was asked."""

    NUMBER = "number"
    TITLE = "title"
    PERSON = "person"
    ORGANISATION = "organisation"
    UNIT = "unit"
    NOTE = "note"


@dataclass(frozen=True)
class Reason:
    """Why a matter was found: `said` is the name that agrees, `way` how a person's does."""

    by: By
    said: str | None = None
    way: Way | None = None


@dataclass(frozen=True)
class Question:
    """What was typed. Several words are all wanted in one place; a name may be padded."""

    words: tuple[str, ...]
    name: AskedName

    @classmethod
    def of(cls, text: str) -> Question:
        words = tuple(folded(word) for word in text.split())
        if all(len(word) == 1 for word in words):
            words = ("".join(words),) if words else ()
        return cls(tuple(word for word in words if word), AskedName.of(text))

    @property
    def patterns(self) -> list[str]:
        """For LIKE, over folded text."""
        return [f"%{_escaped(word)}%" for word in self.words]

    @property
    def pairs(self) -> list[str]:
        """Every two characters side by side."""
        found = (word[at : at + 2] for word in self.words for at in range(len(word) - 1))
        return sorted(set(found))

    @property
    def long(self) -> str | None:
        """The pattern of the longest run of letters and digits, if the numbers' index knows it."""
        runs = [run for word in self.words for run in _RUN.findall(word)]
        return f"%{max(runs, key=len)}%" if runs else None

    def met_by(self, text: str | None) -> bool:
        said = folded(text or "")
        return bool(self.words) and all(word in said for word in self.words)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@dataclass(frozen=True)
class Searched:
    """What of a matter its reader may search in."""

    number: str
    title: str
    units: Sequence[str]
    people: Sequence[str]
    organisations: Sequence[str]
    notes: Sequence[str]


def reasons(question: Question, found: Searched) -> list[Reason]:
    """Why it was found, the closest first."""
    why = []
    if question.met_by(found.number):
        why.append(Reason(By.NUMBER))
    if question.met_by(found.title):
        why.append(Reason(By.TITLE))
    ways = [(name, way) for name in found.people if (way := question.name.way(name))]
    order = list(Way)
    why += [
        Reason(By.PERSON, name, way)
        for name, way in sorted(dict.fromkeys(ways), key=lambda each: order.index(each[1]))
    ]
    why += _named(question, By.ORGANISATION, found.organisations)
    why += _named(question, By.UNIT, found.units)
    if any(question.met_by(note) for note in found.notes):
        why.append(Reason(By.NOTE))
    exact = [each for each in why if each.way is not Way.ONE_OFF]
    return exact or why


def _named(question: Question, by: By, names: Iterable[str]) -> list[Reason]:
    return [Reason(by, name) for name in dict.fromkeys(names) if question.met_by(name)]


_WORDS = {
    By.NUMBER: N_("number"),
    By.TITLE: N_("title"),
    By.ORGANISATION: N_("organisation: {name}"),
    By.UNIT: N_("unit: {name}"),
    By.NOTE: N_("note"),
}
_NAMED = {
    Way.WHOLE: N_("person: {name}"),
    Way.PART: N_("person: {name} (part of the name)"),
    Way.INITIALS: N_("person: {name} (pinyin initials)"),
    Way.PINYIN: N_("person: {name} (pinyin)"),
    Way.ONE_OFF: N_("person: {name} (one character off)"),
}


def words(reason: Reason) -> tuple[str, dict[str, str]]:
    """(a message for the reader's language, its values)."""
    message = _NAMED[reason.way] if reason.way else _WORDS[reason.by]
    return message, {"name": reason.said} if reason.said else {}
