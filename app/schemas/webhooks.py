"""Subscriptions to changes, and what was sent for them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.domain.changes import Change
from app.domain.kinds import Kind
from app.domain.webhooks import State
from app.schemas.base import Answered, OneLine, Sent, Whole, example


class WebhookCreate(Sent):
    """`events` are those wanted; none means all."""

    model_config = example(
        name="archive", address="https://archive.example/plumbline", events=["step"], days=90
    )

    name: OneLine = Field(max_length=100)
    address: OneLine = Field(max_length=2000)
    events: list[Change] = Field(default=[], max_length=len(Change))
    days: Whole = Field(ge=1, le=366)


class WebhookRead(Answered):
    """Nothing is sent before an administrator confirmed it."""

    id: UUID
    name: str
    address: str
    events: list[Change]
    made_at: datetime
    confirmed_at: datetime | None
    confirmed_by_name: str | None


class WebhookMade(WebhookRead):
    """`secret` is shown this once; messages are signed by it (Standard Webhooks)."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class WebhookOfSomebody(WebhookRead):
    """As administrators see it."""

    account_id: UUID
    account_name: str


class DeliveryRead(Answered):
    """`status` is that of the last answer, null where nobody answered. Without a matter it told to
    read everything anew."""

    id: UUID
    matter_id: UUID | None
    kind: Kind | None
    number: str | None
    events: list[Change]
    at: datetime
    state: State
    attempts: int
    status: int | None
    next_at: datetime
    tried_at: datetime | None
