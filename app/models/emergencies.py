"""Emergency reads: declared, read, and reviewed; and what was looked for so in vain.

The application can't read these rows; functions of the guard do.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, ref, words

_NOW = {"server_default": text("now()")}


class Emergency(SQLModel, table=True):
    """Open to who declared it until `opens_until`, or `ended_at` where that came before."""

    __tablename__ = "emergency"
    __table_args__ = (
        CheckConstraint(
            "opens_until > declared_at AND opens_until <= declared_at + interval '24 hours'",
            name="for_some_hours",
        ),
        CheckConstraint("review_by <= declared_at::date + 31", name="reviewed_soon"),
        CheckConstraint("reviewed_by <> account_id", name="reviewed_by_another"),
        CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)"
            " AND (justified IS NULL) = (reviewed_by IS NULL)"
            " AND (review IS NULL) = (reviewed_by IS NULL)"
            " AND (reviewed_by IS NULL OR ended_at IS NOT NULL)",
            name="reviewed_whole",
        ),
        Index("ix_emergency_unreviewed", "matter_id", postgresql_where=text("reviewed_at IS NULL")),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    account_id: UUID = ref("account.id")
    number: str = words()
    reason: str = words()
    declared_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=_NOW)
    opens_until: datetime = Field(sa_type=MOMENT)
    review_by: date
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
    reviewed_by: UUID | None = ref("account.id", nullable=True, index=False)
    justified: bool | None = None
    review: str | None = words(nullable=True)
    reviewed_at: datetime | None = Field(default=None, sa_type=MOMENT)


class EmergencyReading(SQLModel, table=True):
    """Written down before the matter opens to `session_id`. Sessions end; this stays."""

    __tablename__ = "emergency_reading"

    id: UUID = key()
    emergency_id: UUID = ref("emergency.id")
    matter_id: UUID = ref("matter.id", index=False)
    account_id: UUID = ref("account.id", index=False)
    session_id: UUID
    read_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=_NOW)


class EmergencyTry(SQLModel, table=True):
    """A number under which nothing opened: unknown, walled off, or of no role of theirs."""

    __tablename__ = "emergency_try"

    id: UUID = key()
    account_id: UUID = ref("account.id")
    number: str = words()
    reason: str = words()
    at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=_NOW)
