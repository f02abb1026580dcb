"""Asking for what is sealed of a petition, deciding on it, and reading what was released."""

from datetime import date, datetime
from uuid import UUID

from app.schemas.base import Answered, Flag, Paragraphs, Sent, example


class ReleaseAsk(Sent):
    """The reporter's name and contact, the original wording, or both."""

    model_config = example(reporter=False, wording=True, reason="摘要未写明发放日期，需核对原文。")

    reporter: Flag
    wording: Flag
    reason: Paragraphs


class PetitionBehind(Answered):
    """A petition from which a lead or case came: its number, and whether a name was given."""

    petition_id: UUID
    number: str
    named: bool
    received_on: date


class ReleaseRead(Answered):
    """`approved` is null while it waits; then `decision` is why. It is open while it `lasts`, to
    the end of `last_day`. `readings`: how often it was read."""

    id: UUID
    petition_id: UUID
    number: str
    reporter: bool
    wording: bool
    requester: str
    reason: str
    requested_at: datetime
    decider: str | None
    approved: bool | None
    decision: str | None
    last_day: date | None
    lasts: bool
    readings: int
    decidable: bool
    readable: bool


class ReleaseDecide(Sent):
    model_config = example(approved=True, reason="仅供核对发放日期。")

    approved: Flag
    reason: Paragraphs


class ReleasedRead(Answered):
    """What was asked for and is there; the rest is null."""

    name: str | None
    contact: str | None
    wording: str | None
