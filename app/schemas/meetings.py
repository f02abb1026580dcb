"""Study meetings: drawing one up, its agenda, what it decided, and what became of each matter."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Answered, Day, Paragraphs, Sent, Whole, example


class MeetingDraft(Sent):
    """`present` are those beside the chair; whoever sends it records the meeting."""

    model_config = example(held_on="2018-09-28", chair_id=AN_ID, present=[AN_ID])

    held_on: Day
    chair_id: UUID
    present: list[UUID] = Field(default_factory=list, max_length=60)


class PresentRead(Answered):
    account_id: UUID
    name: str
    unit_name: str | None


class RecusedRead(Answered):
    """Who left for an item: they said so, or are kept off the matter."""

    account_id: UUID
    name: str
    cause: str


class MeetingItemRead(Answered):
    """A matter on the agenda. `missing` says why the chair can't sign it as it stands; `result`
    what became of it: carried_out, passed_on, returned, or refused with `refused_because`."""

    id: UUID
    matter_id: UUID
    number: str
    request_id: UUID
    request_version: int
    event: str
    decision: str | None
    reason: str | None
    recused: list[RecusedRead]
    missing: list[str]
    pulled: str | None
    pulled_by_name: str | None
    result: str | None
    refused_because: str | None


class MeetingListed(Answered):
    """`matters` counts those that the reader may see."""

    id: UUID
    held_on: date
    unit_name: str
    chair_name: str
    recorder_name: str
    status: str
    matters: int


class MeetingRead(Answered):
    """Of its agenda, what the reader may see. `status` goes from drafted to recorded, when the
    recorder has signed, to signed, when the chair has."""

    id: UUID
    held_on: date
    unit_name: str
    chair_id: UUID
    chair_name: str
    recorder_id: UUID
    recorder_name: str
    present: list[PresentRead]
    status: str
    recorded_on: date | None
    signed_on: date | None
    called_off: str | None
    items: list[MeetingItemRead]
    version: int


class OfferedRead(Answered):
    """A request that could come onto the agenda."""

    id: UUID
    matter_id: UUID
    number: str
    event: str
    requested_by_name: str | None
    requested_on: date


class OnAgenda(Sent):
    model_config = example(request_id=AN_ID)

    request_id: UUID


class MeetingDecision(Sent):
    """`request_version` is the request's as the meeting had it before itself; `recused` are those
    who left for it."""

    model_config = example(decision="sign", reason="会议一致同意。", recused=[], request_version=1)

    decision: Literal["sign", "return"]
    reason: Paragraphs
    recused: list[UUID] = Field(default_factory=list, max_length=60)
    request_version: Whole = Field(ge=1, le=999_999_999)


class MeetingReason(Sent):
    model_config = example(reason="材料未齐，下次再议。")

    reason: Paragraphs
