"""Cases: what is peculiar to 案件."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.models.columns import JSON, preset, words


class Case(SQLModel, table=True):
    """Party and supervisory filings have separate dates and organs.

    `review` states which review is open to the person, where and until when; a decision
    can't be served without it. `prosecution` is the parallel flag.
    """

    __tablename__ = "case"

    id: UUID = Field(primary_key=True, foreign_key="matter.id")
    filed_on: date | None = Field(default=None, index=True)
    party_filed_on: date | None = None
    supervisory_filed_on: date | None = None
    filing_organ: str | None = words(nullable=True)
    brief: str | None = words(nullable=True)
    source_lead: bool = preset(True)
    decided_on: date | None = None
    served_on: date | None = None
    closed_on: date | None = None
    review: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    prosecution: str | None = words(nullable=True)
