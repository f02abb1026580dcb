"""What somebody watches."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.domain.errors import N_
from app.domain.kinds import Kind
from app.schemas.base import AN_ID, Answered, Sent, example, refuse


class ViewRead(Answered):
    """A filter of a list that the reader keeps, as the list's address has it."""

    id: UUID
    kind: Kind
    name: str
    query: str


class Watch(Sent):
    """A matter, or a view that the reader keeps: one of them."""

    model_config = example(matter_id=AN_ID)

    matter_id: UUID | None = None
    view_id: UUID | None = None

    @field_validator("view_id")
    @classmethod
    def _not_both(cls, view_id: UUID | None, told: ValidationInfo) -> UUID | None:
        if view_id is not None and told.data.get("matter_id") is not None:
            refuse(N_("Say one thing to watch: a matter or a view."))
        return view_id

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.matter_id is None and self.view_id is None:
            refuse(N_("Say one thing to watch: a matter or a view."))
        return self


class WatchedStep(Answered):
    """What somebody else did on it since, by its name in the procedure or the history."""

    version: int
    event: str
    to_state: str
    recorded_at: datetime


class WatchedNumber(Answered):
    id: UUID
    number: str


class WatchRead(Answered):
    """Of a matter the newest `steps` of others since `seen_at`, of a view the matters that came
    into it, left it or changed in it; `too_many` where more stands in it than is compared."""

    id: UUID
    seen_at: datetime
    matter_id: UUID | None = None
    number: str | None = None
    steps: list[WatchedStep] = Field(default_factory=list)
    view: ViewRead | None = None
    came: list[WatchedNumber] = Field(default_factory=list)
    left: list[WatchedNumber] = Field(default_factory=list)
    changed: list[WatchedNumber] = Field(default_factory=list)
    too_many: bool = False
