"""Filters of lists that somebody keeps under a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, ref, words


class SavedView(SQLModel, table=True):
    """What a list was asked for, as its address has it: one's own, and only what was asked.

    What it finds is asked anew each time, of what its owner may see by then.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("uq_saved_view_name", "account_id", "kind", "name", unique=True),
        CheckConstraint("char_length(name) between 1 and 40", name="name_length"),
        CheckConstraint("char_length(query) <= 1000", name="query_length"),
    )

    id: UUID = key()
    account_id: UUID = ref("account.id", index=False)
    kind: str = words()
    name: str = words()
    query: str = words()
    saved_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
