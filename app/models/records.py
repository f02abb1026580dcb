"""What the system keeps about its own doings: events, exports, answers to repeated requests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import JSON, MOMENT, Xid8, key, preset, ref, words


class AuditEvent(SQLModel, table=True):
    """Every insert, update and delete of business rows, written by triggers; append-only.

    Partitioned by month of `at`. `xid` is the writing transaction: a reader that follows
    (xid, seq) below the oldest running transaction misses nothing. Personal values stand here
    only as `sha256(salt || value)`.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_xid_seq", "xid", "seq"),
        Index("ix_audit_event_matter_id_xid_seq", "matter_id", "xid", "seq"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    at: datetime = Field(primary_key=True, sa_type=MOMENT)
    id: UUID = Field(primary_key=True)
    seq: int = Field(
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("nextval('audit_event_seq')")},
    )
    xid: int = Field(
        sa_type=Xid8, sa_column_kwargs={"server_default": text("pg_current_xact_id()")}
    )
    matter_id: UUID | None = Field(default=None)
    table_: str = Field(sa_type=Text, sa_column_kwargs={"name": "table_name"})
    row_id: UUID | None = Field(default=None)
    op: str = Field(sa_type=Text)
    actor_id: UUID | None = Field(default=None)
    use_case: str | None = words(nullable=True)
    request_id: str | None = words(nullable=True)
    database_user: str = Field(sa_type=Text)
    changes: dict[str, Any] = Field(sa_type=JSON)


class HistoryEra(SQLModel, table=True):
    """Since when the order of events is one: a restored database begins anew behind `after_seq`,
    since its transactions are counted from lower on again."""

    __tablename__ = "history_era"

    id: UUID = key()
    after_seq: int = Field(sa_type=BigInteger)
    begun_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class AuditPersonal(SQLModel, table=True):
    """The personal values that an event commits to; the row may be erased by a retention rule.

    `values` is {field: [salt, value]}, the salt in hexadecimal.
    """

    __tablename__ = "audit_personal"

    event_id: UUID = Field(primary_key=True)
    event_at: datetime = Field(sa_type=MOMENT)
    values: dict[str, Any] = Field(sa_type=JSON)


class ExportRecord(SQLModel, table=True):
    """An export that was made: by whom, over what, and whether it held names."""

    __tablename__ = "export_record"

    id: UUID = key()
    made_by: UUID = ref("account.id")
    what: str = words()
    format: str = words()
    definition: dict[str, Any] = Field(sa_type=JSON)
    names: bool = preset(False)
    reason: str | None = words(nullable=True)
    rows: int | None = None
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class IdempotentAnswer(SQLModel, table=True):
    """The answer to a request that carried a key, to be given again for 24 hours."""

    __tablename__ = "idempotent_answer"

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    key: str = Field(primary_key=True, sa_type=Text)
    route: str = words()
    body_hash: bytes = Field(sa_type=LargeBinary)
    status: int | None = None
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    headers: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )
