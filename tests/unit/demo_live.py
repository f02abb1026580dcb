"""Matters of the replayed demo as they stand: what the services would have written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from app.domain.demo.steps import Ref, Step, Value
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.units import UnitPath
from app.domain.workflow.corrections import Held
from app.domain.workflow.facts import OwedTask, RequestSnapshot, RunningClock

SPACE = UUID("00000000-0000-0000-0000-000000990101")


def key_id(key: str) -> UUID:
    return uuid5(SPACE, key)


def ref(step: Step, name: str) -> str:
    """The key of something that a step names."""
    named = step.arguments[name]
    assert isinstance(named, Ref)
    return named.key


def rows(step: Step, name: str) -> list[dict[str, str]]:
    """A list in a step's arguments, such as its payees."""
    found = step.arguments.get(name) or ()
    assert isinstance(found, tuple)
    assert all(isinstance(each, Mapping) for each in found)
    return [{key: str(value) for key, value in each.items()} for each in found]


def fen(step: Step, name: str = "amount") -> int:
    return Money.yuan(str(step.arguments[name])).fen


@dataclass
class Involved:
    """Somebody's part in a matter."""

    person: str
    id: UUID
    rank: str | None
    said: bool = False
    answered: bool = False
    outcomes: list[tuple[str, date]] = field(default_factory=list)


@dataclass
class Returned:
    by: str
    asked_by: str
    event: str
    state: str


@dataclass
class Item:
    """The money of a fund item, by account."""

    form: str
    origin: str
    moved: dict[str, int] = field(default_factory=dict)
    payees: dict[str, int] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)
    splits: dict[str, Money] = field(default_factory=dict)
    hands: dict[str, set[str]] = field(default_factory=dict)

    def fen(self, kind: str) -> int:
        return self.moved.get(kind, 0)

    @property
    def held(self) -> int:
        out = ("return", "treasury", "criminal_case", "release")
        return self.fen("receipt") - sum(self.fen(kind) for kind in out)


@dataclass
class Live:
    """A matter as it stands in the replay."""

    key: str
    kind: Kind
    state: str
    unit: UnitPath
    made_by: str
    opened_on: date
    arguments: Mapping[str, Value]
    assigned: UnitPath | None = None
    team: list[tuple[str, str]] = field(default_factory=list)  # (login, part)
    clocks: dict[str, RunningClock] = field(default_factory=dict)
    request: RequestSnapshot | None = None
    request_by: str = ""
    came_from: str | None = None
    closed_on: date | None = None
    people: list[Involved] = field(default_factory=list)
    tasks: list[OwedTask] = field(default_factory=list)
    method: str | None = None
    filed_on: date | None = None
    adjudicated: bool = False
    crime: bool = False
    prosecution: str | None = None
    summary_by: str | None = None
    checked_by: str | None = None
    leads: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    merged_into: str | None = None
    item: Item | None = None
    repeats: list[str] = field(default_factory=list)
    last_return: Returned | None = None
    held: list[Held] = field(default_factory=list)  # signatures, with those of returned requests
    on_paper: Step | None = None  # entered, and not compared yet
    steps: int = 0

    @property
    def due_on(self) -> date | None:
        return min((clock.due_on for clock in self.clocks.values()), default=None)
