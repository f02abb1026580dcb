"""Study meetings: who held them, their agenda, what was decided on each matter, who left for it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.columns import JSON, MOMENT, key, one_of, preset, ref, words

_NOW = {"server_default": text("now()")}


class StudyMeeting(SQLModel, table=True):
    """`drafted` until its recorder signs the minutes (`recorded`), then its chair (`signed`).

    `called_off`: it decided nothing. Two people sign.
    """

    __tablename__ = "study_meeting"
    __table_args__ = (
        one_of("status", ["drafted", "recorded", "signed", "called_off"]),
        CheckConstraint("chair_id <> recorder_id", name="two_people"),
        CheckConstraint(
            "(recorded_on IS NOT NULL) = (status IN ('recorded', 'signed'))"
            " AND (signed_on IS NOT NULL) = (status = 'signed')"
            " AND (called_off IS NOT NULL) = (status = 'called_off')",
            name="signed_in_turn",
        ),
    )

    id: UUID = key()
    unit_id: UUID = ref("unit.id")
    held_on: date
    chair_id: UUID = ref("account.id")
    recorder_id: UUID = ref("account.id")
    status: str = preset("drafted")
    recorded_on: date | None = None
    signed_on: date | None = None
    called_off: str | None = words(nullable=True)
    version: int = preset(1)
    made_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=_NOW)


class StudyAttendance(SQLModel, table=True):
    """Somebody who is present beside the chair and the recorder."""

    __tablename__ = "study_attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "account_id"),)

    id: UUID = key()
    meeting_id: UUID = ref("study_meeting.id", index=False)
    account_id: UUID = ref("account.id")


class StudyItem(SQLModel, table=True):
    """One matter on an agenda: the request that waits, and the decision on it with its reason.

    `seen_version` is the request's when it was decided on. `result` is what became of it once the
    chair had signed; `result_reason` says why it was refused. A request stands on one agenda.
    """

    __tablename__ = "study_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        one_of("decision", ["sign", "return"]),
        one_of("result", ["carried_out", "passed_on", "returned", "refused"]),
        CheckConstraint("(decision IS NULL) = (reason IS NULL)", name="decided_whole"),
        CheckConstraint("(pulled IS NULL) = (pulled_by IS NULL)", name="pulled_whole"),
        CheckConstraint("pulled IS NULL OR result IS NULL", name="pulled_or_signed"),
        CheckConstraint(
            "(result_reason IS NOT NULL) = (result IS NOT DISTINCT FROM 'refused')",
            name="refused_with_a_reason",
        ),
        Index(
            "uq_study_item_waiting",
            "request_id",
            unique=True,
            postgresql_where=text("pulled IS NULL AND result IS NULL"),
        ),
    )

    id: UUID = key()
    meeting_id: UUID = ref("study_meeting.id", index=False)
    matter_id: UUID = ref("matter.id")
    request_id: UUID = ref("request.id")
    position: int
    seen_version: int
    decision: str | None = words(nullable=True)
    reason: str | None = words(nullable=True)
    pulled: str | None = words(nullable=True)
    pulled_by: UUID | None = ref("account.id", nullable=True, index=False)
    result: str | None = words(nullable=True)
    result_reason: dict[str, Any] | None = Field(default=None, sa_type=JSON)


class StudyRecusal(SQLModel, table=True):
    """Somebody present who leaves for one item: said so, or kept off its matter."""

    __tablename__ = "study_recusal"
    __table_args__ = (
        UniqueConstraint("item_id", "account_id"),
        one_of("cause", ["declared", "kept_off"]),
    )

    id: UUID = key()
    item_id: UUID = ref("study_item.id", index=False)
    matter_id: UUID = ref("matter.id")
    account_id: UUID = ref("account.id")
    cause: str = words()
