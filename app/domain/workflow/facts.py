"""What the engine judges: a matter as it stands, and the facts around it.

The services read both in the transaction that locks the matter; nothing here reads anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from app.domain.deadlines import Unit
from app.domain.kinds import Kind, Stage
from app.domain.money import Money
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.domain.workflow.chains import SignStep


@dataclass(frozen=True, kw_only=True)
class TeamMember:
    account_id: UUID
    name: str = ""
    part: Literal["lead_handler", "member"] = "member"


@dataclass(frozen=True, kw_only=True)
class RunningClock:
    """A limit that runs on the matter. `extensions` counts how often it was lengthened."""

    rule: str
    started_on: date
    amount: int
    unit: Unit
    due_on: date
    extensions: int = 0
    extended: int = 0
    paused_on: date | None = None
    paused_days: int = 0


@dataclass(frozen=True, kw_only=True)
class SignatureSnapshot:
    """One hand under the open request."""

    position: int
    account_id: UUID
    verdict: Literal["sign", "return"] = "sign"


@dataclass(frozen=True, kw_only=True)
class RequestSnapshot:
    """A request that waits for signatures, as stored."""

    id: UUID
    event: str
    from_state: str
    to_state: str
    form: Mapping[str, object]
    requested_by: UUID
    chain: tuple[SignStep, ...]
    next_position: int
    signatures: tuple[SignatureSnapshot, ...] = ()
    reason: str | None = None
    passed_to: UUID | None = None  # who stands in the requester's place

    @property
    def taken_back_by(self) -> UUID:
        """Who may take it back."""
        return self.passed_to or self.requested_by

    @property
    def next_step(self) -> SignStep:
        return self.chain[self.next_position - 1]


@dataclass(frozen=True, kw_only=True)
class MatterSnapshot:
    """A matter as it stands. A matter that is about to be made is in the state `new`.

    `came_from` is the last other state that it was in; `made_by` logged it.
    """

    id: UUID
    kind: Kind
    state: str
    unit_path: UnitPath
    made_by: UUID
    assigned_path: UnitPath | None = None
    origin_path: UnitPath | None = None
    version: int = 1
    episode: int = 1
    stage: Stage | None = None
    came_from: str | None = None
    opened_on: date | None = None
    team: tuple[TeamMember, ...] = ()
    clocks: tuple[RunningClock, ...] = ()
    request: RequestSnapshot | None = None

    def of_team(self, account_id: UUID) -> bool:
        return any(member.account_id == account_id for member in self.team)

    def clock(self, rule: str) -> RunningClock | None:
        return next((clock for clock in self.clocks if clock.rule == rule), None)


@dataclass(frozen=True, kw_only=True)
class SubjectOutcome:
    """What was decided about a subject and stands. `measure` is a key of the profile."""

    kind: str
    measure: str | None = None
    form: int | None = None
    decided_on: date | None = None
    impact_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Somebody whom the matter is about. None means: not known.

    `answered` is true once the statement has its answer. `weighing` are sanctions of the same
    person in other matters, whose impact may not have ended.
    """

    involvement_id: UUID
    name: str = ""
    code: str | None = None
    organisation: bool = False
    member: bool | None = None
    public_employee: bool | None = None
    rank: str | None = None
    statement: bool = False
    answered: bool = False
    outcomes: tuple[SubjectOutcome, ...] = ()
    weighing: tuple[SubjectOutcome, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LinkedMatter:
    """Another matter that this one hangs together with."""

    id: UUID
    kind: Kind
    state: str
    number: str = ""
    closed: bool = False
    has_outcome: bool = False


@dataclass(frozen=True, kw_only=True)
class OwedTask:
    kind: str
    involvement_id: UUID | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Somebody who holds a role, and the unit on whose subtree."""

    account_id: UUID
    name: str
    unit: UnitPath


@dataclass(frozen=True, kw_only=True)
class Funds:
    """The money of a fund item, or of all items of a lead or case."""

    intake: str | None = None
    form: Literal["money", "property"] = "money"
    measure: str | None = None
    received: Money = field(default_factory=Money.zero)
    returned: Money = field(default_factory=Money.zero)
    treasury: Money = field(default_factory=Money.zero)
    criminal_case: Money = field(default_factory=Money.zero)
    released: Money = field(default_factory=Money.zero)
    payees: int = 0
    payees_total: Money = field(default_factory=Money.zero)
    payees_unsigned: int = 0
    splits: Mapping[str, Money] = field(default_factory=dict)
    taken_in_by: UUID | None = None
    kept_by: UUID | None = None
    decided_by: UUID | None = None
    paid_by: UUID | None = None
    open_items: int = 0

    @property
    def held(self) -> Money:
        out = self.returned + self.treasury + self.criminal_case + self.released
        return self.received - out


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What guards need to know besides the matter's own state.

    `holders` says who holds which role where, as far as the step needs it; None means that it
    wasn't read, and then nobody's absence is judged. `units` resolves unit ids that a form may
    name. `conflicted` are accounts that must keep off the matter, `asked_about` those whose name
    somebody in it has, while nobody said whether it is them. `renewals` counts how often a hold
    was renewed in this episode. `tasks` are the open ones, a case's leads' with its own.
    `resting`: something was built on the matter (what led to it doesn't count).
    """

    subjects: tuple[Subject, ...] = ()
    person_unknown: bool = False
    conflicted: frozenset[UUID] = frozenset()
    asked_about: frozenset[UUID] = frozenset()
    recused: frozenset[UUID] = frozenset()
    # who had a hand in it, its leads and what was merged into them; in what is appealed against
    investigators: frozenset[UUID] = frozenset()
    adjudicators: frozenset[UUID] = frozenset()
    original_hands: frozenset[UUID] = frozenset()
    # somebody says that a signature on paper in their name isn't theirs
    objected: bool = False
    repeats_checked: bool = False
    tasks: tuple[OwedTask, ...] = ()
    # what was reported
    source: str | None = None
    source_named: bool = False
    received_on: date | None = None
    category: str | None = None
    what: str | None = None
    place: str | None = None
    amount: Money | None = None
    method: str | None = None
    renewals: int = 0
    # petitions
    class_: str | None = None
    channel: str | None = None
    named: bool | None = None
    chief_reported: bool = False
    superior_managed: bool = False
    summary: bool = False
    summary_checked_by: UUID | None = None
    summary_written_by: UUID | None = None
    recheck_open: bool = False
    # links
    leads: tuple[LinkedMatter, ...] = ()
    cases: tuple[LinkedMatter, ...] = ()
    fund_items: tuple[LinkedMatter, ...] = ()
    origin: LinkedMatter | None = None
    merged_into: UUID | None = None
    resting: bool = False
    # cases
    without_lead: bool = False
    review_stated: bool = False
    prosecution: str | None = None
    prosecution_returns: int = 0
    crime_suspected: bool = False
    # money
    funds: Funds = field(default_factory=Funds)
    # what a form names
    matters: Mapping[str, LinkedMatter] = field(default_factory=dict)
    # who is there
    holders: Mapping[Role, tuple[Holder, ...]] | None = None
    units: Mapping[str, UnitPath] = field(default_factory=dict)
    handlers: Mapping[UUID, str] | None = None
    in_expiry: bool = False
