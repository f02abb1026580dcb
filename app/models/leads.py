"""Leads: what is peculiar to 问题线索."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, MONEY, Amount, key, one_of, preset, ref, words

METHODS = ["talk_letter", "verification", "hold", "close"]


class Lead(SQLModel, table=True):
    """`happened_from`/`happened_to` say when the facts are alleged to have happened.

    `method` is the disposal 处置方式 that was decided, None while not yet disposed of.
    """

    __tablename__ = "lead"
    __table_args__ = (
        one_of("method", METHODS),
        # What totals ask of a lead, in the order of its matter.
        Index(
            "ix_lead_counted", "id",
            postgresql_include=["received_on", "disposed_on", "filed_on", "method"],
        ),
        Index("ix_lead_words", text("md5(what)"), "id"),  # where a repeat is looked up
    )  # fmt: skip

    id: UUID = Field(primary_key=True, foreign_key="matter.id")
    received_on: date = Field(index=True)
    what: str = words()
    category: str | None = words(nullable=True)
    place: str | None = words(nullable=True)
    happened: str | None = words(nullable=True)
    amount: Amount | None = Field(default=None, sa_type=MONEY)
    method: str | None = words(nullable=True)
    disposed_on: date | None = Field(default=None, index=True)
    filed_on: date | None = None
    handled_by: str | None = words(nullable=True)
    round_id: UUID | None = ref("inspection_round.id", nullable=True)
    reviewed: bool = preset(False)
    remark: str | None = words(nullable=True)


class Disposal(SQLModel, table=True):
    """Each disposal that a lead ever had, as it stood when recorded: append-only, by a trigger.

    It answers how a past figure was counted, as of a day and as known on one.
    """

    __tablename__ = "disposal"

    id: UUID = key()
    lead_id: UUID = ref("lead.id")
    method: str | None = words(nullable=True)
    disposed_on: date | None = None
    filed_on: date | None = None
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class InspectionRound(SQLModel, table=True):
    """A round of inspection 巡察轮次, as far as leads name it: its dates bound its findings."""

    __tablename__ = "inspection_round"

    id: UUID = Field(primary_key=True)
    name: str = words(unique=True)
    begins_on: date
    ends_on: date


class Finding(SQLModel, table=True):
    """A finding of an inspection team in a village, which became a lead.

    `cited` is the key of the lead's number; the lead itself may be imported later.
    """

    __tablename__ = "finding"

    id: UUID = Field(primary_key=True)
    round_id: UUID = ref("inspection_round.id")
    team: str = words()
    village_id: UUID | None = ref("unit.id", nullable=True)
    lead_id: UUID | None = ref("matter.id", nullable=True)
    cited: str = words()
    what: str = words()
    found_on: date
    import_batch_id: UUID | None = Field(default=None, foreign_key="import_batch.id", index=True)
