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

from pydantic import BeforeValidator, Field, JsonValue

from app.domain.deadlines import Unit
from app.domain.kinds import Kind, Stage
from app.domain.permissions import Role
from app.domain.profile.fields import Form, FormField, Name, Row, Sitting, Study, Text

SAME = "same"
ORIGIN = "origin"
NEW = "new"


class Scope(StrEnum):
    """Which holders of a role a table's code means."""

    UNIT = "unit"  # holds the role over the matter's unit
    ASSIGNED = "assigned"  # holds the role over the department that handles the matter
    NAMED = "named"  # holds the role over the department that the form names
    TEAM = "team"  # is of the team that handles the matter
    MAKER = "maker"  # logged the matter
    SIGNER = "signer"  # is whose signature the open request waits for
    REQUESTER = "requester"  # asked for the open request
    ANYONE = "anyone"  # works on the matter, in whatever role


class RoleRow(Row):
    """A code of the tables, such as HH: a role, and which holders of it are meant.

    `body` names the committee whose decision the holder records. `each` means that every other
    member of the team signs, not one of them. `outside_team` keeps the team's members out.
    """

    label: Text
    role: Role | None = None
    scope: Scope = Scope.UNIT
    body: Literal["party_committee", "standing_committee"] | None = None
    each: bool = False
    outside_team: bool = False


class Rank(Row):
    """The rank of a person. A village manager need not be a public employee.

    `paper_only`: matters about such people go up on paper and never enter the platform.
    """

    label: Text
    village_manager: bool = False
    paper_only: bool = False


class Amount(Row):
    """A length of time."""

    amount: int = Field(ge=0)
    unit: Unit


class Extension(Row):
    """How a limit may be lengthened: by how much, how often, and who decides at each turn."""

    by: Amount
    times: int = Field(ge=1)
    decided_by: tuple[str, ...] = Field(min_length=1)


class ClockRule(Row):
    """A limit. `basis` is the article or the paper that it rests on.

    Without `limit`, the form's field `by` names the day. `until_move`: it ends with the next
    change of state.
    """

    label: Text
    basis: Text
    limit: Amount | None = None
    by: str | None = None
    extension: Extension | None = None
    pausable: bool = False
    rolls: bool = True
    until_move: bool = False


def _spelled_out(row: object) -> object:
    return {"rule": row} if isinstance(row, str) else row


class ClockRef(Row):
    """A limit that a step starts or stops; `when` names a condition."""

    rule: str
    when: str | None = None


Clocks = tuple[Annotated[ClockRef, BeforeValidator(_spelled_out)], ...]


class TaskRow(Row):
    """Something owed once the step is done: to the matter, to each subject, to those who don't
    get the matter's heaviest outcome (`others`), or to those cleared."""

    kind: Name
    label: Text
    owed_to: Literal["matter", "each", "others", "cleared"] = "matter"
    limit: Amount | None = None


class State(Row):
    """`takes_money`: what is found in this state can be taken in. `proposal`: it waits for a
    decision, and can be sent back to be done again."""

    label: Text
    stage: Stage
    terminal: bool = False
    proposal: bool = False
    takes_money: bool = False


class Instead(Row):
    """Who decides instead of `approved_by`, if the condition holds."""

    by: str
    when: str


class Sets(Row):
    """A value that the step itself puts into its form, for its effects."""

    field: Name
    value: str
    when: str | None = None


class Transition(Row):
    """A row of the table: what leads from some states to another, and whose hands it takes.

    `requested_by` lists codes, each of which may ask. Without `approved_by` the step is one
    hand's alone. `reviewed_by` sign before the ranks between. `straight` leaves those out.
    `last` decides after `approved_by` where the subject's rank asks for it, or, with
    `last_when`, where that condition holds. Where `only_when` doesn't hold, there is no such
    step. `paper` lets a signature be given on paper, entered with a scan and compared: never where
    money, walls or releases are touched, nor where the step can't be taken back. `meeting`
    lists the codes whose signature a study meeting may give, by its chair who holds the role.

    `shared` rows are those of several kinds, `common` ones apply to every state of a sort.
    `source` is the file and row, for refusals.
    """

    event: Name
    label: Text
    from_: tuple[str, ...] = Field(alias="from", min_length=1)
    to: str
    requested_by: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()
    approved_by: str | None = None
    instead: tuple[Instead, ...] = ()
    last: str | None = None
    last_when: str | None = None
    straight: bool = False
    decided_by_limit: bool = False
    method: str | None = None
    only_when: str | None = None
    guards: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    form: str | None = None
    sign_form: str | None = None
    study: bool = False
    start: Clocks = ()
    stop: Clocks = ()
    pause: Clocks = ()
    resume: Clocks = ()
    record: Text | None = None
    effects: tuple[str, ...] = ()
    outcome_default: str | None = None
    outcome_from: str | None = None
    sets: tuple[Sets, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    touches: tuple[Literal["money", "walls", "release"], ...] = ()
    paper: bool = False
    meeting: tuple[str, ...] = ()
    on_request: bool = False
    reopening: bool = False
    by_system: bool = False
    common: bool = False
    shared: bool = False
    alone: bool = False
    source: str = ""

    def codes(self) -> tuple[str, ...]:
        """Every code whose hand the row may take."""
        deciding = (self.approved_by, *(each.by for each in self.instead), self.last)
        signing = (*self.reviewed_by, *(code for code in deciding if code))
        return (*self.requested_by, *signing)

    def target(self, state: str, came_from: str | None) -> str | None:
        """Where it leads from `state`; None where it leads back and nobody knows whence."""
        if self.to == SAME:
            return state
        return came_from if self.to == ORIGIN else self.to


class Machine(Row):
    """The states of one kind of matter and every step between them.

    `taken_up`: on whose desk a matter in such a state lies until somebody takes its next step.
    """

    kind: Kind
    label: Text
    number: str
    states: Mapping[str, State]
    taken_up: Mapping[Role, tuple[str, ...]] = {}
    forms: Mapping[str, Form]
    clocks: Mapping[str, ClockRule]
    transitions: tuple[Transition, ...]

    def of(self, event: str, state: str) -> Transition | None:
        return self._by_event.get((event, state))

    def leaving(self, state: str) -> tuple[Transition, ...]:
        return tuple(row for row in self.transitions if state in row.from_)

    def events(self) -> frozenset[str]:
        return frozenset(row.event for row in self.transitions)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code whose hand some step may take."""
        return frozenset(code for row in self.transitions for code in row.codes())

    @cached_property
    def _by_event(self) -> dict[tuple[str, str], Transition]:
        return {(row.event, state): row for row in self.transitions for state in row.from_}


class HowFarUp(Row):
    """Who decides for a rank: `top` for the methods named, or for all of them.

    `last` lets the row's last signer (a committee) decide after them.
    """

    ranks: tuple[str, ...] = Field(min_length=1)
    methods: tuple[str, ...] = ()
    top: str
    last: bool = False
    why: Text


class AmountLine(Row):
    """Above `line` yuan, `top` decides at least."""

    line: str
    top: str
    why: Text


class ThresholdRow(Row):
    """Working days before the due date at which a limit is due soon, and urgent."""

    soon: int = Field(ge=0)
    urgent: int = Field(ge=0)


class Measure(Row):
    """An outcome that a subject can get.

    `kind` is its family, `at` the kinds of matter that decide it. `weight` orders outcomes: a
    matter follows the heaviest. `impact` is the period in which it weighs. `form` is one of the
    four forms. `post` marks a post adjustment, which a committee decides. `clears` owes the
    person that their name is cleared.
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
    at: tuple[Kind, ...] = Field(min_length=1)
    form: int | None = Field(default=None, ge=1, le=4)
    impact: Amount | None = None
    eligible: (
        Literal["party_member", "public_employee", "public_employee_or_village_manager"] | None
    ) = None
    organisations: bool = False
    post: bool = False
    clears: bool = False


class Profile(Row):
    """Everything that a body's procedure says, with the hash by which matters keep to it."""

    name: str
    version: str
    label: Text
    calendar: str
    stages: Mapping[Stage, Text]
    thresholds: ThresholdRow
    limits: Mapping[str, int] = {}
    roles: Mapping[str, RoleRow]
    ladders: Mapping[str, tuple[str, ...]]
    ranks: Mapping[str, Rank] = {}
    methods: Mapping[str, Text] = {}
    amount: AmountLine | None = None
    how_far_up: tuple[HowFarUp, ...] = ()
    reason: FormField
    sitting: Sitting | None = None
    study: Study | None = None
    measures: Mapping[str, Measure]
    forms_of_handling: Mapping[int, Text] = {}
    concurrent_most: Amount | None = None
    reviews: Mapping[str, Text] = {}
    strong_measures: tuple[str, ...] = ()
    machines: Mapping[Kind, Machine]

    def machine(self, kind: Kind) -> Machine:
        return self.machines[kind]

    def has(self, kind: Kind) -> bool:
        return kind in self.machines

    def content(self) -> dict[str, JsonValue]:
        """As stored with each matter: plain JSON, from which `model_validate` makes it again."""
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def hash(self) -> str:
        """Over the whole content: two profiles with the same hash are the same."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()
