"""What stands in a person's file besides the register's row, and who opened it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, ref, words
from app.models.people import MONTH


class PersonOpening(SQLModel, table=True):
    """Somebody opened a person's file, in one session and for an hour.

    `matter_id` is what of theirs the opener handles; without one there is a `reason`, except for
    whoever entered the person that moment. The application can't read these rows: functions of the
    guard do, for the opener and for whoever supervises access.
    """

    __tablename__ = "person_opening"
    __table_args__ = (
        CheckConstraint("open_until > opened_at", name="for_a_time"),
        Index("ix_person_opening_opened_at", "opened_at", "id"),
    )

    id: UUID = key()
    person_id: UUID = ref("person.id")
    account_id: UUID = ref("account.id", index=False)
    session_id: UUID = Field(index=True)
    matter_id: UUID | None = ref("matter.id", nullable=True, index=False)
    reason: str | None = words(nullable=True)
    opened_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    open_until: datetime = Field(sa_type=MOMENT)


class FormerPost(SQLModel, table=True):
    """Where somebody worked before: in a unit of the tree, or at a `place` outside it.

    `begins` and `ends` are months, 2016-07, as far as they are known. What was entered by mistake
    is withdrawn, not erased.
    """

    __tablename__ = "former_post"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (place IS NULL)", name="somewhere"),
        CheckConstraint(f"begins ~ '{MONTH}'", name="begins_month"),
        CheckConstraint(f"ends ~ '{MONTH}'", name="ends_month"),
        CheckConstraint("ends >= begins", name="ends_after"),
    )

    id: UUID = key()
    person_id: UUID = ref("person.id")
    unit_id: UUID | None = ref("unit.id", nullable=True, index=False)
    place: str | None = words(nullable=True)
    position: str | None = words(nullable=True)
    begins: str | None = words(nullable=True)
    ends: str | None = words(nullable=True)
    recorded_by: UUID = ref("account.id", index=False)
    recorded_on: date
    withdrawn_on: date | None = None
