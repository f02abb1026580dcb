"""A profile: the states, steps, limits and outcomes of one body's procedure, as data.

A profile is a folder of TOML files, read by `app.domain.profile.loading`. What is here is the
shape of it: every limit, label, rank and threshold lives in the files, none in code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from app.domain.deadlines import Unit
from app.domain.kinds import Kind, Stage
from app.domain.permissions import Role

SAME = "same"
ORIGIN = "origin"
NEW = "new"


class Row(BaseModel):
    """A table of the profile: nothing unknown is taken, nothing is changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _filled(words: str) -> str:
    if not words.strip():
        raise ValueError("a label is missing")
    return words


Words = Annotated[str, AfterValidator(_filled)]


class Text(Row):
    """The same words in every language of the product."""

    en: Words
    zh_CN: Words  # noqa: N815 - the locale's own name

    def words(self, locale: str) -> str:
        return self.zh_CN if locale.startswith("zh") else self.en


class Scope(StrEnum):
    """Which holders of a role a table's code means."""

    UNIT = "unit"  # holds the role over the matter's unit
    ASSIGNED = "assigned"  # holds the role over the department that the matter is assigned to
    NAMED = "named"  # holds the role over the department that the form names
    ORIGIN = "origin"  # holds the role over the department that the matter's lead or case is with
    TEAM = "team"  # is of the team that handles the matter
    MAKER = "maker"  # logged the matter
    SIGNER = "signer"  # is whose signature the open request waits for, else who signs proposals
    REQUESTER = "requester"  # asked for the open request
    ANYONE = "anyone"  # works on matters at all, in whatever role


class RoleRow(Row):
    """A code of the tables, such as HH: a role, and which holders of it are meant.

    `body` names the committee whose decision the holder records. `each` means that every other
    member of the team signs, not one of them.
    """

    label: Text
    role: Role | None = None
    scope: Scope = Scope.UNIT
    body: Literal["party_committee", "standing_committee"] | None = None
    each: bool = False


class Rank(Row):
    """The rank of a person. A village manager need not be a public employee."""

    label: Text
    village_manager: bool = False
    paper_only: bool = False


class Amount(Row):
    amount: int = Field(ge=0)
    unit: Unit


class Extension(Row):
    """How a limit may be lengthened: by how much, how often, and who decides at each turn."""

    by: Amount
    times: int = Field(ge=1)
    decided_by: tuple[str, ...] = Field(min_length=1)


class ClockRule(Row):
    """A limit. `basis` is the article or the sentence that it rests on.

    Without `amount` the form's field `by` names the day. `from_field` names the field of the
    facts whose day starts it, else it starts on the day of the step.
    """

    label: Text
    basis: Text
    limit: Amount | None = None
    by: str | None = None
    from_clock: str | None = None
    extension: Extension | None = None
    pausable: bool = False
    rolls: bool = True


class ClockStart(Row):
    rule: str
    when: str | None = None


class FieldType(StrEnum):
    LINE = "line"
    TEXT = "text"
    DAY = "day"  # a day that has come
    DATE = "date"  # a day yet to come, or today
    NUMBER = "number"
    MONEY = "money"
    YES = "yes"  # has to be ticked
    BOOL = "bool"
    CHOICE = "choice"
    CHOICES = "choices"
    DEPARTMENT = "department"
    UNIT = "unit"
    ACCOUNT = "account"
    ACCOUNTS = "accounts"
    MATTER = "matter"
    NAMES = "names"
    OUTCOMES = "outcomes"  # one outcome per subject
    SPLITS = "splits"  # parts of an amount by destination
    CLOCK = "clock"  # one of the matter's running limits


class Option(Row):
    value: str
    label: Text


class FormField(Row):
    """One field of a step's form. `when` is `other_field=value`: asked for only then."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    type: FieldType
    label: Text
    hint: Text | None = None
    required: bool = True
    options: tuple[Option, ...] = ()
    options_from: Literal["measures", "reviews", "sanctions"] | None = None
    least: int | None = None
    most: int | None = None
    when: str | None = None


class Form(Row):
    fields: tuple[FormField, ...] = ()


class TaskRow(Row):
    """Something owed once the step is done, to each subject or to the matter."""

    kind: str
    label: Text
    owed_to: Literal["matter", "each", "others"] = "matter"
    when: str | None = None
    limit: Amount | None = None


class State(Row):
    label: Text
    stage: Stage
    terminal: bool = False
    proposal: bool = False


class Transition(Row):
    """A row of the table: what leads from some states to another, and whose hands it takes.

    `requested_by` lists codes, each of which may ask. Without `approved_by` the step is one
    hand's alone. `straight` leaves out the ranks between. `last` decides after `approved_by`
    where the subject's rank asks for it, or where `last_when` holds.
    """

    event: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Text
    from_: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str
    requested_by: tuple[str, ...] = Field(min_length=1)
    reviewed_by: tuple[str, ...] = ()
    approved_by: str | None = None
    decided_by_limit: bool = False
    last: str | None = None
    last_when: str | None = None
    instead: str | None = None
    instead_when: str | None = None
    straight: bool = False
    method: str | None = None
    guards: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    form: str | None = None
    start: tuple[ClockStart, ...] = ()
    stop: tuple[str, ...] = ()
    record: Text | None = None
    effects: tuple[str, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    touches: tuple[Literal["money", "walls", "release"], ...] = ()
    paper: bool = False
    study: bool = False
    on_request: bool = False
    reopening: bool = False
    by_system: bool = False
    source: str = Field(default="", exclude=True)
    alone: bool = False

    def names(self) -> str:
        """How validation speaks of the row."""
        return f"{self.source}: {self.event} ({', '.join(self.from_)} → {self.to})"


class Machine(Row):
    """The states of one kind of matter and every step between them."""

    kind: Kind
    label: Text
    number: str
    states: Mapping[str, State]
    forms: Mapping[str, Form]
    clocks: Mapping[str, ClockRule]
    transitions: tuple[Transition, ...]
    source: str = Field(default="", exclude=True)

    def of(self, event: str, state: str) -> Transition | None:
        return self._by_event.get((event, state))

    def leaving(self, state: str) -> tuple[Transition, ...]:
        return tuple(row for row in self.transitions if state in row.from_)

    @cached_property
    def _by_event(self) -> dict[tuple[str, str], Transition]:
        return {(row.event, state): row for row in self.transitions for state in row.from_}


class HowFarUp(Row):
    """Who decides for a rank: `top` for the methods named (none: for all), then `then`."""

    ranks: tuple[str, ...]
    methods: tuple[str, ...] = ()
    top: str
    then: bool = False
    why: Text


class Thresholds(Row):
    """Working days before the due date at which a limit is due soon, and urgent."""

    soon: int = Field(ge=0)
    urgent: int = Field(ge=0)


class Measure(Row):
    """An outcome that a subject can get.

    `kind` is its family. `impact` is the period in which it weighs. `weight` orders outcomes:
    the matter follows the heaviest. `form` is 1 to 4 of the four forms, where the profile has
    them. `post` marks a post adjustment, which only a committee decides.
    """

    kind: Literal[
        "unfounded",
        "handling",
        "party_sanction",
        "administrative_sanction",
        "exemption",
        "filed",
        "referred",
        "dismissed",
    ]
    label: Text
    weight: int
    form: int | None = Field(default=None, ge=1, le=4)
    impact: Amount | None = None
    eligible: str | None = None
    villagers: bool = False
    post: bool = False
    strict: bool = False
    stages: tuple[Kind, ...] = ()


class FourForm(Row):
    label: Text


class Profile(Row):
    """Everything that a body's procedure says, with the hash by which matters keep to it."""

    name: str
    version: str
    label: Text
    calendar: str
    roles: Mapping[str, RoleRow]
    ranks: Mapping[str, Rank]
    methods: Mapping[str, Text]
    amount_line: str | None = None
    amount_top: str | None = None
    ladders: Mapping[str, tuple[str, ...]]
    how_far_up: tuple[HowFarUp, ...] = ()
    thresholds: Thresholds
    stages: Mapping[Stage, Text]
    measures: Mapping[str, Measure]
    forms_of_handling: Mapping[str, FourForm] = {}
    concurrent_most: Amount | None = None
    reasons: Mapping[str, Text] = {}
    machines: Mapping[Kind, Machine]

    def machine(self, kind: Kind) -> Machine:
        return self.machines[kind]

    def has(self, kind: Kind) -> bool:
        return kind in self.machines

    def content(self) -> dict[str, JsonValue]:
        """As stored with each matter's profile version: plain JSON."""
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def hash(self) -> str:
        """Over the whole content: two profiles with the same hash are the same."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
