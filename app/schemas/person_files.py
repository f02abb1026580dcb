"""Opening a person's file, who did, and the former posts in it."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Answered, OneLine, Sent, example
from app.schemas.people import Month


class FileOpen(Sent):
    """`reason` may be left out by whoever handles a matter of the person's."""

    model_config = example(reason="核对分办前是否与承办人有关联。")

    reason: OneLine | None = None


class OpeningRead(Answered):
    """`number` is the matter by which the opener needed no reason, where the reader may see it."""

    id: UUID
    person_id: UUID
    person: str = Field(description="Masked for whoever reads no names")
    account_id: UUID
    account: str
    number: str | None
    reason: str | None
    opened_at: datetime
    open_until: datetime


class FormerPostCreate(Sent):
    """A unit of the tree, or a place outside it."""

    model_config = example(unit_id=AN_ID, position="村会计", begins="2012-03", ends="2016-07")

    unit_id: UUID | None = None
    place: OneLine | None = None
    position: OneLine | None = None
    begins: Month | None = None
    ends: Month | None = None


class FormerPostRead(Answered):
    id: UUID
    unit_id: UUID | None
    place: str
    position: str | None
    begins: str | None
    ends: str | None
