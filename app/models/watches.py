"""What somebody watches, and when they were where last: each their own, and nobody else's."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Uuid, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, preset, ref

NOW = {"server_default": text("now()")}


class Watch(SQLModel, table=True):
    """A matter that somebody watches, or a view of a list that they keep.

    A matter's is behind that matter's policy: what its watcher may no longer see is watched no
    more, and nothing tells so. `looked_at` is when a view's matters were taken down last.
    """

    __tablename__ = "watch"
    __table_args__ = (
        CheckConstraint("num_nonnulls(matter_id, view_id) = 1", name="one_thing"),
        Index("uq_watch_matter", "account_id", "matter_id", unique=True),
        Index("uq_watch_view", "view_id", unique=True),
    )

    id: UUID = key()
    account_id: UUID = ref("account.id", index=False)
    matter_id: UUID | None = ref("matter.id", nullable=True)
    view_id: UUID | None = Field(
        default=None,
        sa_column=Column(Uuid, ForeignKey("saved_view.id", ondelete="CASCADE"), nullable=True),
    )
    begun_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=NOW)
    looked_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=NOW)


class WatchedMatter(SQLModel, table=True):
    """What stood in a watched view when its watcher looked last, each with its version."""

    __tablename__ = "watched_matter"

    watch_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("watch.id", ondelete="CASCADE"), primary_key=True)
    )
    matter_id: UUID = Field(primary_key=True, foreign_key="matter.id", sa_type=Uuid, index=True)
    version: int


class Visit(SQLModel, table=True):
    """When somebody was last at a matter of theirs, and which version they saw; without a matter,
    at their desk. The visit before stands beside it: what is new is new for a whole visit."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("uq_visit_matter", "account_id", "matter_id", unique=True),
        Index(
            "uq_visit_desk", "account_id", unique=True, postgresql_where=text("matter_id IS NULL")
        ),
    )

    id: UUID = key()
    account_id: UUID = ref("account.id", index=False)
    matter_id: UUID | None = ref("matter.id", nullable=True)
    version: int = preset(0)
    seen_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=NOW)
    former_version: int | None = None
    former_at: datetime | None = Field(default=None, sa_type=MOMENT)
