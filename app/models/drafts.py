"""What somebody typed and hasn't sent yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, preset, ref


class Draft(SQLModel, table=True):
    """A form that was begun, its fields sealed, for whoever typed them alone.

    `address` is the page of the form with its query. Where it is a matter's, the draft is behind
    that matter's policy: a wall takes it away with the matter. Two windows have a draft each.
    For an hour after `thrown_away_at` its writer can bring it back.
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_account_address", "account_id", "address", "saved_at"),)

    id: UUID = key()
    account_id: UUID = ref("account.id", index=False)
    address: str = Field(sa_type=Text)
    matter_id: UUID | None = ref("matter.id", nullable=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    version: int = preset(1)
    saved_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})
    thrown_away_at: datetime | None = Field(default=None, sa_type=MOMENT)
