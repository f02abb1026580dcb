"""Who can see a matter and why, and keeping off one."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Answered, Code, Paragraphs, Sent, Whole, example


class ReasonRead(Answered):
    """One way in, in the reader's words; `role` and `unit` where a role opens it."""

    door: Literal["role", "team", "grant", "signature", "logged", "audit", "emergency"]
    role: str | None
    unit: str | None
    says: str


class SeerRead(Answered):
    account_id: UUID
    name: str
    reasons: list[ReasonRead]


class KeptOffRead(Answered):
    account_id: UUID
    name: str


class AccessRead(Answered):
    """`kept_off` has names without reasons: why somebody keeps off is told to nobody here."""

    mine: list[ReasonRead]
    seen_by: list[SeerRead]
    kept_off: list[KeptOffRead]
    grants: list["GrantRead"]


class GrantRead(Answered):
    """Until `ends_on`, exclusive."""

    id: UUID
    account_id: UUID
    name: str
    reason: str
    begins_on: date
    ends_on: date
    granted_by: str


class LetSee(Sent):
    model_config = example(login="zhouhaiyan", reason="抽调参加本案账目核对。", days=14)

    login: Code
    reason: Paragraphs
    days: Whole = Field(ge=1, le=92)


class KeepOff(Sent):
    model_config = example(reason="被反映人是我的妻兄。")

    reason: Paragraphs


class RelativeDeclare(Sent):
    model_config = example(relative_id=AN_ID, kinship="sibling")

    relative_id: UUID
    kinship: Literal["spouse", "parent", "child", "sibling", "in_law", "other_near"]


class RelativeRead(Answered):
    """`reverse` where the other one declared it: then this person is the other's `kinship`."""

    id: UUID
    person_id: UUID
    name: str
    unit_name: str | None
    kinship: str
    reverse: bool
