"""Requests for approval: what is asked, who signs, and what came of a step."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from app.schemas.base import Answered, Form, Paragraphs, Sent, example


class SignatureRead(Answered):
    """`manner` is `own`, `paper` (entered by one, compared by another) or `ledger`; `standing` says
    of one on paper whether its signer was told, owned it or objects. `study_item_id` where it was
    given in a study meeting, by its chair; `meeting_id` is the meeting's, for who may know it."""

    position: int
    act: str
    role: str
    name: str | None
    verdict: str
    reason: str | None
    manner: str
    study_item_id: UUID | None = None
    meeting_id: UUID | None = None
    signed_on: date
    standing: str | None = None
    entered_by_name: str | None = None
    compared_by_name: str | None = None


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


class Acted(Answered):
    """What came of it: moved, or a request that waits for signatures."""

    matter_id: UUID
    state: str
    moved: bool
    request_id: UUID | None
    version: int


class Signing(Sent):
    """`sitting` is what a committee's secretary records of it."""

    model_config = example(reason="同意初核，先核面积。")

    reason: Paragraphs = Field(examples=["同意初核，先核面积。"])
    sitting: Form = Field(default_factory=dict, max_length=20)


class Returning(Sent):
    model_config = example(reason="请先比对同村另一线索。")

    reason: Paragraphs = Field(examples=["请先比对同村另一线索。"])
