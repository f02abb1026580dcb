"""What was asked to be unsealed of a petition, and what was decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, ref, words


class Release(SQLModel, table=True):
    """The reporter, the original wording, or both, for whoever asked: until `opens_until`, or
    `ended_at` where that came before.

    The application can't read these rows; functions of the guard do.
    """

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("reporter OR wording", name="of_something"),
        CheckConstraint("decided_by <> requested_by", name="decided_by_another"),
        CheckConstraint(
            "(approved IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decision IS NULL) = (decided_by IS NULL)"
            " AND (opens_until IS NOT NULL) = coalesce(approved, false)",
            name="decided_whole",
        ),
        CheckConstraint(
            "opens_until > decided_at AND opens_until <= decided_at + interval '31 days'",
            name="for_a_time",
        ),
        Index(
            "uq_release_waiting",
            "petition_id",
            "requested_by",
            unique=True,
            postgresql_where=text("decided_by IS NULL"),
        ),
    )

    id: UUID = key()
    petition_id: UUID = ref("petition.id")
    reporter: bool
    wording: bool
    requested_by: UUID = ref("account.id")
    reason: str = words()
    requested_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )
    decided_by: UUID | None = ref("account.id", nullable=True, index=False)
    approved: bool | None = None
    decision: str | None = words(nullable=True)
    decided_at: datetime | None = Field(default=None, sa_type=MOMENT)
    opens_until: datetime | None = Field(default=None, sa_type=MOMENT)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)
