"""The glossary: the words of the field, what they mean, and the article that they follow.

The words stand in `glossary.toml`. Stages and states are called as the profile calls them; what
they mean stands beside it, in its `meanings.toml`. Both files hold both languages.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import Field

from app.domain.kinds import Kind, Stage
from app.domain.profile import builtin_names, builtin_profile
from app.domain.profile.fields import Row, Text
from app.domain.profile.loading import BUILTIN
from app.domain.profile.model import NEW, Machine

WORDS = Path(__file__).with_name("glossary.toml")


class Meant(Row):
    """A word of `glossary.toml`; a rule is a law of its list and an article, "supervision 67"."""

    word: Text
    means: Text
    rules: tuple[str, ...] = ()


class Glossary(Row):
    laws: Mapping[str, Text]
    sections: Mapping[str, Text]
    terms: Mapping[str, Mapping[str, Meant]]


class Meanings(Row):
    """What the stages and states of one procedure mean; `common` is for every kind."""

    stages: Mapping[Stage, Text]
    common: Mapping[str, Text] = Field(default_factory=dict)
    petition: Mapping[str, Text] = Field(default_factory=dict)
    lead: Mapping[str, Text] = Field(default_factory=dict)
    case: Mapping[str, Text] = Field(default_factory=dict)
    fund_item: Mapping[str, Text] = Field(default_factory=dict)

    def of(self, kind: Kind) -> Mapping[str, Text]:
        own: Mapping[str, Text] = getattr(self, kind.value)
        return {**self.common, **own}


@dataclass(frozen=True, slots=True)
class Rule:
    """An article of a law."""

    law: Text
    article: str


@dataclass(frozen=True, slots=True)
class Entry:
    anchor: str
    word: Text
    means: Text
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`kind`: the states of that kind of matter, which `title` then calls by its name."""

    key: str
    title: Text
    entries: tuple[Entry, ...]
    kind: Kind | None = None


def anchor_of(key: str) -> str:
    return key.replace("_", "-")


def state_anchor(kind: Kind, state: str) -> str:
    return anchor_of(f"{kind.value}-{state}")


@cache
def sections(profile: str) -> tuple[Section, ...]:
    """The glossary of an office that works by this profile, in its order.

    A profile that doesn't come with the product has no meanings of its own, and the words alone.
    """
    words = Glossary.model_validate(tomllib.loads(WORDS.read_text(encoding="utf-8")))
    own = tuple(
        Section(key, words.sections[key], tuple(_entry(*each, words) for each in held.items()))
        for key, held in words.terms.items()
    )
    procedure = tuple(_of_procedure(profile, words)) if profile in builtin_names() else ()
    return (*procedure[:1], *own, *procedure[1:])


def anchors(profile: str) -> frozenset[str]:
    return frozenset(each.anchor for section in sections(profile) for each in section.entries)


def meanings(profile: str) -> Meanings:
    """Of a procedure that comes with the product."""
    path = BUILTIN / profile / "meanings.toml"
    return Meanings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def _entry(key: str, meant: Meant, words: Glossary) -> Entry:
    rules = (each.split(" ", 1) for each in meant.rules)
    named = tuple(Rule(words.laws[law], article) for law, article in rules)
    return Entry(anchor_of(key), meant.word, meant.means, named)


def _of_procedure(name: str, words: Glossary) -> Iterator[Section]:
    profile = builtin_profile(name)
    held = meanings(name)
    yield Section(
        "stages",
        words.sections["stages"],
        tuple(
            Entry(f"stage-{stage}", profile.stages[stage], held.stages[stage]) for stage in Stage
        ),
    )
    for kind, machine in profile.machines.items():
        yield Section(
            f"states-{anchor_of(kind)}", machine.label, _states(kind, machine, held), kind
        )


def _states(kind: Kind, machine: Machine, held: Meanings) -> tuple[Entry, ...]:
    """Every state that a matter can stand in; it stands in `new` for no one to see."""
    means = held.of(kind)
    return tuple(
        Entry(state_anchor(kind, key), state.label, means[key])
        for key, state in machine.states.items()
        if key != NEW
    )
