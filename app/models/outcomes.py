"""Who is involved in a matter, and what came of it for each of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, MONEY, Amount, key, later_ref, one_of, preset, ref, words

RECORDED = {"server_default": text("now()")}


class Involvement(SQLModel, table=True):
    """A person's or an organisation's part in a matter; never the reporter's.

    `code` is the subject's code within the matter (线索编码+人员编码). `position`, `rank` are
    as of then; the register holds the present ones. `eight_rules`: against the Eight-point
    Regulation; `confessed`: told of it unasked; None while nobody said.
    """

    __tablename__ = "involvement"
    __table_args__ = (
        one_of("part", ["subject", "witness", "beneficiary", "relative"]),
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one_of_both"),
        Index(
            "uq_involvement_person",
            "matter_id",
            "person_id",
            "part",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL AND ended_on IS NULL"),
        ),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    code: str | None = words(nullable=True)
    part: str = words()
    person_id: UUID | None = ref("person.id", nullable=True)
    organisation_id: UUID | None = ref("organisation.id", nullable=True)
    position: str | None = words(nullable=True)
    rank: str | None = words(nullable=True)
    alleged: str | None = words(nullable=True)
    eight_rules: bool | None = None
    confessed: bool | None = None
    begins_on: date
    ended_on: date | None = None


class Outcome(SQLModel, table=True):
    """What was decided about one subject: append-only; a later one may replace it.

    `kind`: disposal, unfounded, measure (handling), sanction, exemption, filed, referral.
    `measure` is a key of the profile's outcomes. `form` is 1 to 4 of the four forms.
    `quantity` counts person-times where a ledger holds counts only.
    """

    __tablename__ = "outcome"
    __table_args__ = (
        one_of(
            "kind",
            [
                "unfounded",
                "handling",
                "party_sanction",
                "administrative_sanction",
                "exemption",
                "filed",
                "referred",
                "dismissed",
            ],
        ),
        CheckConstraint("form between 1 and 4", name="form_known"),
        CheckConstraint("quantity > 0", name="quantity_counts"),
        one_of("manner", ["own", "ledger"]),
        Index("ix_outcome_decided_on", "decided_on"),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    involvement_id: UUID | None = ref("involvement.id", nullable=True)
    kind: str = words()
    measure: str | None = words(nullable=True)
    form: int | None = None
    quantity: int = preset(1)
    decided_on: date
    effective_on: date | None = None
    impact_until: date | None = None
    transition_id: UUID | None = later_ref("transition.id")
    manner: str = preset("own")
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class Replacement(SQLModel, table=True):
    """An outcome that no longer stands, and the later one that took its place."""

    __tablename__ = "replacement"

    outcome_id: UUID = Field(primary_key=True, foreign_key="outcome.id")
    by_id: UUID = ref("outcome.id")
    matter_id: UUID = ref("matter.id")


class Statement(SQLModel, table=True):
    """What the person said to the facts, and the answer given to it."""

    __tablename__ = "statement"

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    involvement_id: UUID = ref("involvement.id")
    said: str = words()
    said_on: date
    answer: str | None = words(nullable=True)
    answered_on: date | None = None
    recorded_by: UUID = ref("account.id", index=False)
    version: int = preset(1)


class Task(SQLModel, table=True):
    """What is still owed to somebody (a notice, a clearance, an announcement)."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_open", "matter_id", postgresql_where=text("done_on IS NULL")),)

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    involvement_id: UUID | None = ref("involvement.id", nullable=True)
    kind: str = words()
    due_on: date | None = None
    owed_since: date
    done_on: date | None = None
    done_by: UUID | None = ref("account.id", nullable=True, index=False)
    how: str | None = words(nullable=True)
    version: int = preset(1)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class ClaimedAmount(SQLModel, table=True):
    """An amount that a register states per person and kind of intake; a control total."""

    __tablename__ = "claimed_amount"

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    involvement_id: UUID | None = ref("involvement.id", nullable=True)
    kind: str = words()
    amount: Amount = Field(sa_type=MONEY)
