"""Signatures on paper: who entered one, who compared it, and what its signer says."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, one_of, preset, ref, words

TOLD = "'acknowledged', 'objected', 'upheld', 'set_aside'"


class PaperSignature(SQLModel, table=True):
    """What somebody copied from a paper, with its scan; nothing follows until another compared it.

    `entered`, then `withdrawn`, `rejected`, or `stands`: from there on a `Signature` of its place
    rests on it. The signer says that it is theirs, `acknowledged`, or objects; whoever decides on
    an objection has had no hand in it. Neither the requester nor the signer compares.
    """

    __tablename__ = "paper_signature"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "requested_by"],
            ["request.id", "request.requested_by"],
            name="fk_paper_signature_requester",
        ),
        one_of("verdict", ["sign", "return"]),
        CheckConstraint(
            f"status IN ('entered', 'withdrawn', 'rejected', 'stands', {TOLD})", name="status_known"
        ),
        CheckConstraint("compared_by <> entered_by", name="second_person"),
        CheckConstraint(
            "entered_by <> signer_id AND compared_by <> signer_id", name="not_by_the_signer"
        ),
        CheckConstraint(
            "signer_id <> requested_by AND compared_by <> requested_by", name="not_the_requester"
        ),
        CheckConstraint(
            "decided_by <> signer_id AND decided_by <> requested_by"
            " AND decided_by <> entered_by AND decided_by <> compared_by",
            name="decided_by_another",
        ),
        CheckConstraint("signed_on <= entered_on", name="not_ahead"),
        CheckConstraint(
            "(compared_by IS NULL) = (compared_on IS NULL)"
            " AND (compared_by IS NULL) = (status IN ('entered', 'withdrawn'))",
            name="compared_whole",
        ),
        CheckConstraint("(status = 'rejected') = (remark IS NOT NULL)", name="rejected_with_why"),
        CheckConstraint(
            f"(answered_on IS NOT NULL) = (status IN ({TOLD}))"
            " AND (objection IS NOT NULL) = (status IN ('objected', 'upheld', 'set_aside'))",
            name="answered_whole",
        ),
        CheckConstraint(
            "(decided_by IS NULL) = (decided_on IS NULL)"
            " AND (decided_by IS NULL) = (decision IS NULL)"
            " AND (decided_by IS NOT NULL) = (status IN ('upheld', 'set_aside'))",
            name="decided_whole",
        ),
        Index(
            "uq_paper_signature_entered",
            "request_id",
            "position",
            unique=True,
            postgresql_where=text("status = 'entered'"),
        ),
        Index(
            "uq_paper_signature_stands",
            "request_id",
            "position",
            unique=True,
            postgresql_where=text("status NOT IN ('entered', 'withdrawn', 'rejected')"),
        ),
        Index(
            "ix_paper_signature_waiting",
            "recorded_at",
            postgresql_where=text("status IN ('entered', 'stands', 'objected')"),
        ),
        Index(
            "ix_paper_signature_objected",
            "matter_id",
            postgresql_where=text("status = 'objected'"),
        ),
    )

    id: UUID = key()
    request_id: UUID = Field()
    matter_id: UUID = ref("matter.id")
    requested_by: UUID = Field()
    position: int
    signer_id: UUID = ref("account.id", index=False)
    verdict: str = words()
    reason: str = words()
    signed_on: date
    paper_id: UUID = ref("matter_paper.id")
    entered_by: UUID = ref("account.id", index=False)
    entered_on: date
    status: str = preset("entered")
    compared_by: UUID | None = ref("account.id", index=False, nullable=True)
    compared_on: date | None = None
    remark: str | None = words(nullable=True)
    answered_on: date | None = None
    objection: str | None = words(nullable=True)
    decided_by: UUID | None = ref("account.id", index=False, nullable=True)
    decided_on: date | None = None
    decision: str | None = words(nullable=True)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )
