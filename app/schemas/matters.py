"""Matters as the API takes and gives them. Days are ISO dates; amounts are decimal strings."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field, field_validator

from app.domain.kinds import Kind, Stage
from app.schemas.base import Answered, Code, OneLine, Paragraphs, Sent

AMOUNT = r"^\d{1,16}(\.\d{1,2})?$"


class ReportedIn(Sent):
    """Somebody whom the matter is about: of the register by id, or by name as reported."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    name: OneLine | None = Field(default=None, examples=["梁启元"])
    organisation: bool = False
    position: OneLine | None = Field(default=None, examples=["村主任"])
    rank: Code | None = Field(default=None, examples=["village_staff"])
    alleged: OneLine | None = Field(default=None, examples=["虚报造林面积"])
    member: bool | None = None
    public_employee: bool | None = None


class LeadCreate(Sent):
    """A lead needs a source, a date, what is alleged, and where; the rest may follow."""

    source: Code = Field(examples=["supervision"])
    received_on: date = Field(examples=["2018-09-28"])
    what: Paragraphs = Field(examples=["虚报2017年度造林面积，多领补助。"])
    unit_id: UUID
    title: OneLine | None = Field(default=None, examples=["青山村虚报造林面积"])
    place: OneLine | None = None
    happened: OneLine | None = Field(default=None, examples=["2017年"])
    amount: str | None = Field(default=None, pattern=AMOUNT, examples=["16800.00"])
    category: OneLine | None = None
    campaign_id: UUID | None = None
    responsible_leader: OneLine | None = None
    subjects: list[ReportedIn] = Field(default_factory=list, max_length=50)
    classification: Literal[0, 1, 2] = 0
    petition_id: UUID | None = None


class ReporterIn(Sent):
    """Who reported. Sealed as it comes in; no answer ever holds it."""

    name: OneLine
    contact: OneLine | None = None

    def __repr__(self) -> str:
        return "ReporterIn(sealed)"


class PetitionCreate(Sent):
    channel: Literal[
        "letter", "visit", "call", "online", "one_click", "superior", "transfer", "other"
    ] = Field(examples=["letter"])
    class_: Literal["report", "claim", "suggestion", "other"] = Field(
        alias="class", examples=["report"]
    )
    received_on: date = Field(examples=["2018-09-28"])
    content: Paragraphs = Field(examples=["反映危房改造补助未足额发放。"])
    unit_id: UUID
    title: OneLine | None = None
    place: OneLine | None = None
    reporter: ReporterIn | None = None
    subjects: list[ReportedIn] = Field(default_factory=list, max_length=50)
    responsible_leader: OneLine | None = None
    campaign_id: UUID | None = None


class MatterRow(Answered):
    """A matter in a list. `alleged` is true until a decision takes effect."""

    id: UUID
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    unit: str
    opened_on: date
    due_on: date | None
    closed_on: date | None
    holder: str | None
    subjects: list[str]
    waits_for: str | None
    alleged: bool
    doubtful: bool
    version: int


class SubjectRead(Answered):
    id: UUID
    code: str | None
    part: str
    person_id: UUID | None
    organisation_id: UUID | None
    name: str | None
    position: str | None
    rank: str | None
    alleged: str | None
    presumed: bool | None


class OutcomeRead(Answered):
    id: UUID
    involvement_id: UUID | None
    kind: str
    measure: str | None
    form: int | None
    quantity: int
    decided_on: date
    effective_on: date | None
    impact_until: date | None
    manner: str


class MemberRead(Answered):
    account_id: UUID
    name: str
    part: str
    begins_on: date


class ClockRead(Answered):
    rule: str
    amount: int
    unit: str
    started_on: date
    due_on: date
    stopped_on: date | None
    explanation: dict[str, Any]


class LinkRead(Answered):
    kind: str
    outward: bool
    other_id: UUID
    other_kind: Kind
    number: str
    title: str
    state: str


class EventRead(Answered):
    """A line of the timeline. `manner` is `ledger` for what an imported ledger shows."""

    version: int
    event: str
    from_state: str | None
    to_state: str
    actor_name: str | None
    manner: str
    reason: str | None
    happened_on: date
    recorded_at: datetime


class SignatureRead(Answered):
    position: int
    act: str
    role: str
    name: str | None
    verdict: str
    reason: str | None
    manner: str
    signed_on: date


class StepRead(Answered):
    """A place in a chain: who signs, and why they."""

    position: int
    act: str
    role: str
    path: str
    why: str


class RequestRead(Answered):
    id: UUID
    matter_id: UUID
    number: str
    event: str
    from_state: str | None
    to_state: str
    form: dict[str, Any]
    reason: str | None
    requested_by_name: str | None
    requested_on: date
    status: str
    next_position: int
    next_role: str | None
    chain: list[StepRead]
    signatures: list[SignatureRead]
    version: int


class TaskRead(Answered):
    id: UUID
    kind: str
    owed_to: str | None
    owed_since: date
    due_on: date | None
    done_on: date | None
    how: str | None


class NoteRead(Answered):
    id: UUID
    text: str
    made_by: str
    made_on: date


class MatterRead(Answered):
    """A matter whole. What its reader may not know is absent or masked."""

    id: UUID
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    unit_id: UUID
    unit: str
    assigned_unit_id: UUID | None
    assigned: str | None
    classification: int
    source: str | None
    responsible_leader: str | None
    campaign: str | None
    opened_on: date
    due_on: date | None
    closed_on: date | None
    alleged: bool
    masked: bool
    imported: bool
    particulars: dict[str, Any]
    team: list[MemberRead]
    people: list[SubjectRead]
    outcomes: list[OutcomeRead]
    tasks: list[TaskRead]
    requests: list[RequestRead]
    clocks: list[ClockRead]
    links: list[LinkRead]
    notes: list[NoteRead]
    version: int


class ActionRead(Answered):
    """A step that the caller could take: now, or once the reasons are met."""

    event: str
    label: str
    to_state: str
    allowed: bool
    reasons: list[str]
    needs_signatures: bool
    chain: list[StepRead]
    fields: list[dict[str, Any]]


class Act(Sent):
    """A step of the matter's own table. `form` holds the fields that the step asks for."""

    event: Code = Field(examples=["assign"])
    form: dict[str, Any] = Field(default_factory=dict, max_length=60)
    reason: Paragraphs | None = None

    @field_validator("form")
    @classmethod
    def _plain_names(cls, form: dict[str, Any]) -> dict[str, Any]:
        if any(len(name) > 64 for name in form):
            raise ValueError("a field's name is too long")
        return form


class Acted(Answered):
    """What came of it: moved, or a request that waits for signatures."""

    matter_id: UUID
    state: str
    moved: bool
    request_id: UUID | None
    version: int


class Signing(Sent):
    """`sitting` is what a committee's secretary records of it."""

    reason: Paragraphs = Field(examples=["同意初核，先核面积。"])
    sitting: dict[str, Any] = Field(default_factory=dict, max_length=20)


class Returning(Sent):
    reason: Paragraphs = Field(examples=["请先比对同村另一线索。"])


class NoteCreate(Sent):
    text: Paragraphs


class HandOver(Sent):
    to_account: UUID
    reason: Paragraphs


class Correct(Sent):
    field: Code = Field(examples=["place"])
    value: Paragraphs
    reason: Paragraphs


class SubjectCreate(ReportedIn):
    pass


class StatementCreate(Sent):
    involvement_id: UUID
    said: Paragraphs
    said_on: date | None = None


class StatementAnswer(Sent):
    answer: Paragraphs
    answered_on: date | None = None


class TaskDone(Sent):
    how: Paragraphs


class SummaryWrite(Sent):
    summary: Paragraphs


class LookAlike(Answered):
    """A matter that may tell of the same. `why`: person_and_unit, or words."""

    id: UUID
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    opened_on: date
    why: str


class ReporterRead(Answered):
    named: bool
    name: str | None
    contact: str | None


class CasePropose(Sent):
    """A case that no lead led to. `form` holds the fields of the step `propose_filing`."""

    title: OneLine
    unit_id: UUID
    brief: Paragraphs
    form: dict[str, Any] = Field(default_factory=dict, max_length=60)
    reason: Paragraphs
    subjects: list[ReportedIn] = Field(default_factory=list, max_length=50)
    classification: Literal[0, 1, 2] = 0
