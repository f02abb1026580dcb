"""Requests for approval, their signatures, and what committees decided."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, LTree, empty, key, one_of, preset, ref, words


class Request(SQLModel, table=True):
    """A step that waits for signatures, with the form's content as it was asked for.

    `matter_version` is the version that the requester saw. One open request an event a matter.
    `passed_to` stands in the requester's place once they leave: is told, and may take it back.
    """

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("id", "requested_by"),
        one_of("status", ["open", "approved", "returned", "taken_back"]),
        one_of("manner", ["own", "ledger"]),
        Index(
            "uq_request_open",
            "matter_id",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        Index("ix_request_waiting", "next_role", postgresql_where=text("status = 'open'")),
        Index("ix_request_returned", "requested_by", postgresql_where=text("status = 'returned'")),
        Index("ix_request_passed", "passed_to", postgresql_where=text("passed_to IS NOT NULL")),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    event: str = words()
    from_state: str | None = words(nullable=True)
    to_state: str = words()
    form: dict[str, Any] = empty(dict)
    reason: str | None = words(nullable=True)
    requested_by: UUID | None = ref("account.id", nullable=True)
    passed_to: UUID | None = ref("account.id", nullable=True, index=False)
    requested_on: date
    chain: list[dict[str, Any]] = empty(list)
    next_position: int = preset(1)
    next_role: str | None = words(nullable=True)
    next_path: str | None = Field(default=None, sa_type=LTree)
    status: str = preset("open")
    manner: str = preset("own")
    matter_version: int
    version: int = preset(1)
    ended_on: date | None = None
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class Signature(SQLModel, table=True):
    """One hand under a request: append-only.

    The requester is copied into the row, so that the database itself refuses the requester's
    own signature; a second one by the same hand breaks a unique key. One *on paper* belongs to
    whoever signed, and rests on a `PaperSignature`. One *from a ledger* names its signer as the
    ledger does and belongs to no account. One given in a study meeting names its agenda's item.
    """

    __tablename__ = "signature"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "requested_by"],
            ["request.id", "request.requested_by"],
            name="fk_signature_requester",
        ),
        UniqueConstraint("request_id", "position"),
        Index(
            "uq_signature_one_hand",
            "request_id",
            "account_id",
            unique=True,
        ),
        Index("ix_signature_hand_at", "account_id", "recorded_at"),
        CheckConstraint("account_id <> requested_by", name="not_the_requester"),
        CheckConstraint("(manner = 'ledger') = (account_id IS NULL)", name="own_has_an_account"),
        CheckConstraint(
            "manner = 'ledger' OR requested_by IS NOT NULL", name="own_has_a_requester"
        ),
        CheckConstraint("study_item_id IS NULL OR manner = 'own'", name="met_in_person"),
        Index(
            "uq_signature_study_item",
            "study_item_id",
            unique=True,
            postgresql_where=text("study_item_id IS NOT NULL"),
        ),
        one_of("act", ["review", "decide"]),
        one_of("verdict", ["sign", "return"]),
        one_of("manner", ["own", "paper", "ledger"]),
    )

    id: UUID = key()
    request_id: UUID = ref("request.id", index=False)
    matter_id: UUID = ref("matter.id")
    requested_by: UUID | None = Field(default=None)
    position: int
    act: str = words()
    role: str = words()
    account_id: UUID | None = ref("account.id", nullable=True)
    signer_name: str | None = words(nullable=True)
    verdict: str = words()
    reason: str | None = words(nullable=True)
    manner: str = preset("own")
    study_item_id: UUID | None = ref("study_item.id", nullable=True, index=False)
    signed_on: date
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class CommitteeDecision(SQLModel, table=True):
    """What the Party committee or standing committee decided, as its secretary recorded it."""

    __tablename__ = "committee_decision"
    __table_args__ = (
        one_of("body", ["party_committee", "standing_committee"]),
        CheckConstraint(
            "votes_for >= 0 and votes_against >= 0 and abstained >= 0", name="votes_count"
        ),
        CheckConstraint(
            "votes_for + votes_against + abstained <= cardinality(present)",
            name="votes_within_present",
        ),
    )

    id: UUID = key()
    request_id: UUID = ref("request.id")
    matter_id: UUID = ref("matter.id")
    body: str = words()
    held_on: date
    chair: str = words()
    present: list[str] = Field(sa_type=ARRAY(Text))
    recused: list[str] = Field(sa_type=ARRAY(Text))
    votes_for: int
    votes_against: int
    abstained: int
    minutes: str = words()
    recorded_by: UUID = ref("account.id", index=False)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )
