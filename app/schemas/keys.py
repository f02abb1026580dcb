"""Keys for programs."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.domain.permissions import Permission
from app.schemas.base import Answered, OneLine, Sent, Whole, example


class KeyCreate(Sent):
    model_config = example(name="statistics", scope=["units:read"], days=90)

    name: OneLine = Field(max_length=100)
    scope: list[Permission] = Field(min_length=1, max_length=len(Permission))
    days: Whole = Field(ge=1, le=366)


class KeyRead(Answered):
    """Sent as `Authorization: Bearer …` until `ends_at`."""

    id: UUID
    name: str
    scope: list[Permission]
    made_at: datetime
    used_at: datetime | None = Field(description="To the minute")
    ends_at: datetime


class KeyMade(KeyRead):
    """`key` is shown this once."""

    key: str
