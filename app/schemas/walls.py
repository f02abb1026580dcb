"""Deciding who keeps off a matter, and lifting what was declared or decided."""

from datetime import date
from typing import Literal
from uuid import UUID

from app.schemas.base import AN_ID, Answered, Flag, Paragraphs, Sent, example


class LinkToDecide(Answered):
    """Somebody handles a matter, and a linked one names them or a near relative. `readings`: how
    often they opened it since."""

    matter_id: UUID
    number: str
    account_id: UUID
    name: str
    linked_id: UUID
    linked_number: str
    since: date
    due_on: date
    readings: int


class LinkDecide(Sent):
    model_config = example(
        account_id=AN_ID,
        linked_id=AN_ID,
        keeps_off=False,
        reason="举报未提出具体事实，可继续办理。",
    )

    account_id: UUID
    linked_id: UUID
    keeps_off: Flag
    reason: Paragraphs


class NamesakeRead(Answered):
    """A colleague has the name of somebody on the matter. `answer` is null until somebody says
    whether it is them."""

    involvement_id: UUID
    account_id: UUID
    person: str
    name: str
    login: str
    unit_name: str | None
    answer: Literal["them", "other"] | None
    reason: str | None
    answered_by: str | None
    answered_on: date | None


class NamesakeAnswer(Sent):
    model_config = example(
        involvement_id=AN_ID,
        account_id=AN_ID,
        them=False,
        reason="被反映人系同名村民，年龄、住址均不符。",
    )

    involvement_id: UUID
    account_id: UUID
    them: Flag
    reason: Paragraphs


class WallRead(Answered):
    """`reason` as it was declared, or of the request that decided it."""

    account_id: UUID
    name: str
    cause: Literal["declared", "decided", "linked"]
    reason: str | None
    made_by: str
    made_on: date


class WallLift(Sent):
    model_config = example(reason="已查明并无亲属关系。")

    reason: Paragraphs
