"""Correcting what a matter says: which fields there are, what they said, what they should say."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from app.schemas.base import Answered, Code, Paragraphs, Sent, example


class FieldQuery(BaseModel):
    """Whose field it is, where it is a person's."""

    involvement_id: UUID | None = Field(
        default=None, description="A person's or organisation's part in the matter"
    )


class FieldRead(Answered):
    """`frozen`: signatures rest on it, so that a correction is asked of those who signed.
    `involvement_id` and `person` say whose it is, where it is a person's."""

    field: str
    value: str | None
    frozen: bool
    involvement_id: UUID | None
    person: str | None


class VersionRead(Answered):
    """`known` is false where the reader may not have the words; `request_id` is the request by
    which those who signed agreed."""

    number: int
    value: str | None
    known: bool
    since: date
    by: str
    reason: str
    request_id: UUID | None


class Correct(Sent):
    """`involvement_id` says whose field it is, where it is a person's."""

    model_config = example(field="place", value="青山村三组", reason="录入时写错组别。")

    field: Code = Field(examples=["place"])
    value: Paragraphs
    reason: Paragraphs
    involvement_id: UUID | None = None
