"""Assigning several matters at once, and what became of each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Uuid, text
from sqlmodel import Field, SQLModel

from app.models.columns import JSON, MOMENT, key, one_of, ref, words

OUTCOMES = ["moved", "asked", "there", "refused"]


class Assignment(SQLModel, table=True):
    """One sending of a list: `key` names it for its sender, `digest` is over what was sent, so that
    the same sending is known again. What was typed stands in each matter's history, not here."""

    __tablename__ = "assignment"
    __table_args__ = (Index("uq_assignment_key", "account_id", "key", unique=True),)

    id: UUID = key()
    account_id: UUID = ref("account.id", index=False)
    key: str = words()
    digest: bytes = Field(sa_type=LargeBinary)
    kind: str = words()
    event: str = words()
    begun_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class AssignedMatter(SQLModel, table=True):
    """One of them. Without a matter where its sender could see none; without an outcome while it
    waits for its turn. `problem` says why it was refused, as texts to be translated."""

    __tablename__ = "assigned_matter"
    __table_args__ = (
        one_of("outcome", OUTCOMES),
        CheckConstraint("(outcome = 'refused') = (problem IS NOT NULL)", name="problem_if_refused"),
        Index("ix_assigned_matter_assignment", "assignment_id", "position"),
    )

    id: UUID = key()
    assignment_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("assignment.id", ondelete="CASCADE"), nullable=False)
    )
    position: int
    matter_id: UUID | None = ref("matter.id", nullable=True)
    seen_version: int | None = None
    outcome: str | None = words(nullable=True)
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON)
