"""Leads as they are logged, and what they are compared with."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.domain.kinds import Kind, Stage
from app.schemas.base import AN_ID, Amount, Answered, Code, Day, OneLine, Paragraphs, Sent, example
from app.schemas.matters import ReportedIn


class LeadCreate(Sent):
    """A lead needs a source, a date, what is alleged, and where; the rest may follow."""

    model_config = example(
        source="supervision",
        received_on="2018-09-28",
        what="虚报2017年度造林面积，多领补助。",
        unit_id=AN_ID,
        title="青山村虚报造林面积",
        amount="16800.00",
        subjects=[{"name": "梁启元", "position": "村主任", "rank": "village_staff"}],
    )

    source: Code = Field(examples=["supervision"])
    received_on: Day = Field(examples=["2018-09-28"])
    what: Paragraphs = Field(examples=["虚报2017年度造林面积，多领补助。"])
    unit_id: UUID
    title: OneLine | None = Field(default=None, examples=["青山村虚报造林面积"])
    place: OneLine | None = None
    happened: OneLine | None = Field(default=None, examples=["2017年"])
    amount: Amount | None = None
    category: OneLine | None = None
    campaign_id: UUID | None = None
    responsible_leader: OneLine | None = None
    subjects: list[ReportedIn] = Field(default_factory=list, max_length=50)
    classification: Literal[0, 1, 2] = 0
    petition_id: UUID | None = None


class LookAlike(Answered):
    """A matter that may tell of the same. `why`: person_and_unit, or words."""

    id: UUID
    kind: Kind
    number: str
    title: str
    state: str
    stage: Stage
    opened_on: date
    why: str
