"""Who asked to be told of changes at an address of theirs, and what was sent there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Identity, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, ref, words

_NOW = {"server_default": text("now()")}


class Webhook(SQLModel, table=True):
    """Sends once another administrator confirmed it, by a key of its own: `key_id` is that key's
    session. `cursor` is where its feed of changes goes on."""

    __tablename__ = "webhook"
    __table_args__ = (CheckConstraint("confirmed_by <> account_id", name="confirmed_by_another"),)

    id: UUID = key()
    account_id: UUID = ref("account.id")
    name: str = words()
    address: str = words()
    events: list[str] = Field(sa_type=ARRAY(Text))
    key_id: UUID
    key_sealed: bytes = Field(sa_type=LargeBinary)
    secret_sealed: bytes = Field(sa_type=LargeBinary)
    cursor: str | None = words(nullable=True)
    made_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=_NOW)
    confirmed_by: UUID | None = ref("account.id", index=False, nullable=True)
    confirmed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    ended_at: datetime | None = Field(default=None, sa_type=MOMENT)


class WebhookDelivery(SQLModel, table=True):
    """One message: on which matter something happened, by name. What it says of the matter is
    read when it is sent. `place` is its order; without a matter it tells to begin anew."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'delivered', 'withheld')", name="state_known"),
        Index("ix_webhook_delivery_webhook_id_place", "webhook_id", "place"),
        Index(
            "ix_webhook_delivery_waiting", "webhook_id", "matter_id", "place",
            postgresql_where=text("state = 'waiting'"),
        ),
    )  # fmt: skip

    id: UUID = key()
    place: int = Field(sa_type=BigInteger, sa_column_args=(Identity(always=True),))
    webhook_id: UUID = ref("webhook.id", index=False)
    matter_id: UUID | None = ref("matter.id", index=False, nullable=True)
    events: list[str] = Field(sa_type=ARRAY(Text))
    at: datetime = Field(sa_type=MOMENT)
    state: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("'waiting'")})
    attempts: int = Field(sa_column_kwargs={"server_default": text("0")})
    status: int | None = Field(default=None)
    next_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=_NOW)
    tried_at: datetime | None = Field(default=None, sa_type=MOMENT)
