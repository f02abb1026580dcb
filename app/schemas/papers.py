"""Papers of a matter: what is told of one, and saying that one was attached by mistake."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import Answered, Flag, Paragraphs, Sent, example

Media = Literal["application/pdf", "image/jpeg", "image/png"]


class PaperRead(Answered):
    """`media` by its content. Since `marked_on` somebody says that it was attached by mistake;
    since `withdrawn_on` that is confirmed, and only whoever heads the matter opens it."""

    id: UUID
    matter_id: UUID
    title: str
    file_name: str
    media: Media
    size: int = Field(description="In bytes")
    pages: int
    original: bool = Field(description="Shows who reported, or how: seen by intake alone")
    attached_by: str
    attached_on: date
    recorded_at: datetime
    marked_by: str | None
    marked_on: date | None
    mark_reason: str | None
    withdrawn_by: str | None
    withdrawn_on: date | None


class PaperMark(Sent):
    model_config = example(reason="这是另一条线索的收据。")

    reason: Paragraphs


class PaperDecide(Sent):
    """Whether it was a mistake, as somebody else said."""

    model_config = example(mistaken=True)

    mistaken: Flag


class ReleasedPaperRead(Answered):
    """A scan of the original, while its wording is released to the reader."""

    id: UUID
    petition_id: UUID
    title: str
    media: Media
    size: int = Field(description="In bytes")
    pages: int
    attached_on: date
