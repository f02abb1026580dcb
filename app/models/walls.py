"""Who is kept off which matter, and the near relatives for whom it holds as well.

Whom a matter names needs no row here: that is asked of the register each time.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, one_of, ref, words

KINSHIPS = ["spouse", "parent", "child", "sibling", "in_law", "other_near"]


class Wall(SQLModel, table=True):
    """Somebody keeps off a matter: they declared it, or a head decided it, by a request or because
    a linked matter names them.

    The application can't read these rows; functions of the guard do, and say of a matter who
    keeps off it, to those who may know.
    """

    __tablename__ = "wall"
    __table_args__ = (
        one_of("cause", ["declared", "decided", "linked"]),
        Index(
            "uq_wall_standing",
            "matter_id",
            "account_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
        Index("ix_wall_account_id", "account_id", postgresql_where=text("ended_on IS NULL")),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id", index=False)
    account_id: UUID = ref("account.id", index=False)
    cause: str = words()
    reason: str | None = words(nullable=True)
    request_id: UUID | None = ref("request.id", nullable=True, index=False)
    made_by: UUID = ref("account.id", index=False)
    made_on: date
    ended_on: date | None = None
    lifted_by: UUID | None = ref("account.id", nullable=True, index=False)
    lifted_reason: str | None = words(nullable=True)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class LinkedDecision(SQLModel, table=True):
    """Whether a handler keeps off a matter because `linked_id`, which is linked to it, names them.

    Neither table of these can be read by the application; functions of the guard read them.
    """

    __tablename__ = "linked_decision"
    __table_args__ = (
        UniqueConstraint("matter_id", "account_id", "linked_id"),
        CheckConstraint("account_id <> decided_by", name="not_about_oneself"),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id", index=False)
    account_id: UUID = ref("account.id", index=False)
    linked_id: UUID = ref("matter.id", index=False)
    keeps_off: bool
    reason: str = words()
    decided_by: UUID = ref("account.id", index=False)
    decided_on: date
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class Namesake(SQLModel, table=True):
    """A colleague has the name of somebody whom a matter names: is it them? Until it is answered
    they keep off, unless they worked on the matter when it came up (`works`). `answer`: them, or
    another of that name.

    The application can't read these rows either.
    """

    __tablename__ = "namesake"
    __table_args__ = (
        UniqueConstraint("involvement_id", "account_id"),
        CheckConstraint("answer IN ('them', 'other')", name="answer_known"),
        CheckConstraint(
            "num_nonnulls(answer, reason, answered_by, answered_on) IN (0, 4)",
            name="answered_whole",
        ),
        CheckConstraint("account_id <> answered_by", name="not_about_oneself"),
        Index("ix_namesake_asked", "matter_id", postgresql_where=text("answer IS NULL")),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    involvement_id: UUID = ref("involvement.id", index=False)
    account_id: UUID = ref("account.id")
    works: bool
    answer: str | None = words(nullable=True)
    reason: str | None = words(nullable=True)
    answered_by: UUID | None = ref("account.id", nullable=True, index=False)
    answered_on: date | None = None
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class LinkedReading(SQLModel, table=True):
    """A handler opened a matter while it was open whether they keep off it."""

    __tablename__ = "linked_reading"

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    account_id: UUID = ref("account.id", index=False)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class Relative(SQLModel, table=True):
    """Two persons are near relatives (近亲属): `relative_id` is the `kinship` of `person_id`."""

    __tablename__ = "relative"
    __table_args__ = (
        one_of("kinship", KINSHIPS),
        CheckConstraint("person_id <> relative_id", name="two_people"),
        Index(
            "uq_relative_standing",
            "person_id",
            "relative_id",
            unique=True,
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: UUID = key()
    person_id: UUID = ref("person.id")
    relative_id: UUID = ref("person.id")
    kinship: str = words()
    declared_by: UUID = ref("account.id", index=False)
    declared_on: date
    ended_on: date | None = None


class AccessGrant(SQLModel, table=True):
    """Somebody may see one matter for a time, and for a reason: they read it, and no more. The end
    exclusive."""

    __tablename__ = "access_grant"
    __table_args__ = (
        CheckConstraint("ends_on > begins_on AND ends_on <= begins_on + 92", name="for_a_time"),
        CheckConstraint("account_id <> granted_by", name="not_to_oneself"),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    account_id: UUID = ref("account.id")
    reason: str = words()
    begins_on: date
    ends_on: date
    granted_by: UUID = ref("account.id", index=False)
    ended_on: date | None = None
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )
