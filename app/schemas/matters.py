"""Matters as the API takes and gives them. Days are ISO dates; amounts are decimal strings."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.kinds import Kind, Stage
from app.schemas.base import (
    AN_ID,
    Answered,
    Change,
    Code,
    Day,
    Flag,
    Form,
    OneLine,
    Paragraphs,
    Sent,
    example,
)
from app.schemas.requests import RequestRead, StepRead


class ReportedIn(Sent):
    """Somebody whom the matter is about: of the register by id, or by name as reported."""

    person_id: UUID | None = None
    organisation_id: UUID | None = None
    name: OneLine | None = Field(default=None, examples=["梁启元"])
    organisation: Flag = False
    position: OneLine | None = Field(default=None, examples=["村主任"])
    rank: Code | None = Field(default=None, examples=["village_staff"])
    alleged: OneLine | None = Field(default=None, examples=["虚报造林面积"])
    member: Flag | None = None
    public_employee: Flag | None = None


class MatterQuery(BaseModel):
    """Which matters a list is asked for."""

    kind: Kind | None = None
    stage: Stage | None = None
    state: Code | None = Field(default=None, description="A state of the profile")
    open: bool | None = None
    unit: Code | None = Field(default=None, description="A unit's code: it and all below it")
    source: Code | None = None
    holder: UUID | None = Field(default=None, description="An account on the handling team")
    due_by: Day | None = None
    overdue: bool | None = None
    sort: Literal["due", "opened", "number"] = "due"


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
    eight_rules: bool | None = Field(description="Against the Eight-point Regulation")
    confessed: bool | None = Field(description="Told of it unasked")
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

    model_config = example(event="register", form={"repeats_checked": True})

    event: Code = Field(examples=["assign"])
    form: Form = Field(default_factory=dict, max_length=60)
    reason: Paragraphs | None = None


class NoteCreate(Sent):
    model_config = example(text="周三到村里核对造林图。")

    text: Paragraphs


class HandOver(Sent):
    model_config = example(to_account=AN_ID, reason="承办人休假。")

    to_account: UUID
    reason: Paragraphs


class SubjectCreate(ReportedIn):
    model_config = example(
        name="梁启元", position="村主任", rank="village_staff", alleged="虚报造林面积"
    )


class SubjectDescribe(Change):
    """What the register of cases asks of each person; null makes it unknown."""

    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "examples": [{"confessed": True}]}
    )

    eight_rules: Flag | None = None
    confessed: Flag | None = None


class StatementCreate(Sent):
    model_config = example(involvement_id=AN_ID, said="面积是照上年数报的。")

    involvement_id: UUID
    said: Paragraphs
    said_on: Day | None = None


class StatementAnswer(Sent):
    model_config = example(answer="已核对上年验收表，所述不实。")

    answer: Paragraphs
    answered_on: Day | None = None


class TaskDone(Sent):
    model_config = example(how="已当面反馈。")

    how: Paragraphs
