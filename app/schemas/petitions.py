"""Petitions as they are logged, their summaries, and their sealed reporters."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from app.schemas.base import AN_ID, Answered, Day, OneLine, Paragraphs, Sent, example
from app.schemas.matters import ReportedIn
from app.schemas.people import Number


class ReporterIn(Sent):
    """Who reported. Sealed as it comes in; no answer ever holds it."""

    name: OneLine
    contact: OneLine | None = None
    person_id: UUID | None = Field(
        default=None, description="Who of the register it is; walls them off, and is read by nobody"
    )
    id_number: Number | None = Field(
        default=None, description="The same by number, which is not kept", examples=[None]
    )

    def __repr__(self) -> str:
        return "ReporterIn(sealed)"


class PetitionCreate(Sent):
    model_config = example(
        **{"class": "report"},
        channel="letter",
        received_on="2018-09-28",
        content="反映危房改造补助未足额发放。",
        unit_id=AN_ID,
        reporter={"name": "田有福", "contact": "13900000000"},
    )

    channel: Literal[
        "letter", "visit", "call", "online", "one_click", "superior", "transfer", "other"
    ] = Field(examples=["letter"])
    class_: Literal["report", "claim", "suggestion", "other"] = Field(
        alias="class", examples=["report"]
    )
    received_on: Day = Field(examples=["2018-09-28"])
    content: Paragraphs = Field(examples=["反映危房改造补助未足额发放。"])
    unit_id: UUID
    title: OneLine | None = None
    place: OneLine | None = None
    reporter: ReporterIn | None = None
    subjects: list[ReportedIn] = Field(default_factory=list, max_length=50)
    responsible_leader: OneLine | None = None
    campaign_id: UUID | None = None


class SummaryWrite(Sent):
    model_config = example(summary="反映某村危房改造补助未足额发放。")

    summary: Paragraphs


class ReporterTie(Sent):
    """One of the two, or both."""

    model_config = example(person_id=AN_ID)

    person_id: UUID | None = None
    id_number: Number | None = None

    def __repr__(self) -> str:
        return "ReporterTie(sealed)"


class ReporterRead(Answered):
    named: bool
    name: str | None
    contact: str | None


class ReporterToTell(Answered):
    """`rule` is the limit that runs, `event` the step that records that it was done."""

    matter_id: UUID
    number: str
    title: str
    rule: str
    event: str
    due_on: date
