"""Petitions, and the sealed identity of who reported."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, one_of, preset, ref, words

CHANNELS = ["letter", "visit", "call", "online", "one_click", "superior", "transfer", "other"]
CLASSES = ["report", "claim", "suggestion", "other"]


class Petition(SQLModel, table=True):
    """信访件. `class_` decides its clocks: a report 检举控告 has no 60+30 days, a claim has."""

    __tablename__ = "petition"
    __table_args__ = (one_of("class", CLASSES), one_of("channel", CHANNELS))

    id: UUID = Field(primary_key=True, foreign_key="matter.id")
    received_on: date
    channel: str = words()
    class_: str = Field(sa_type=Text, sa_column_kwargs={"name": "class"})
    named: bool = preset(False)
    place: str | None = words(nullable=True)
    content: str = words()
    summary: str | None = words(nullable=True)
    summary_checked_by: UUID | None = ref("account.id", nullable=True, index=False)
    backlog: bool = preset(False)
    forwarded_to: str | None = words(nullable=True)


class ReporterIdentity(SQLModel, table=True):
    """A reporter's name and contact: encrypted, apart, and in no trigger's reach.

    `wrapped` is the petition's data key, wrapped by the key `key_id` of the key file; null where
    that key sealed the value itself, as it did before there were data keys. Only intake of that
    petition can read the row; release to others is a step of its own.
    """

    __tablename__ = "reporter_identity"

    petition_id: UUID = Field(primary_key=True, foreign_key="petition.id")
    key_id: str = words(index=True)
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)
    sealed: bytes = Field(sa_type=LargeBinary)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class SealedWords(SQLModel, table=True):
    """What was written down when a reporter was told: the form and reason of a request, a step or
    a signature of the same id, which holds neither. Only functions of the guard touch it; whoever
    keeps the petition's reporter reads it through them. It is in no event.
    """

    __tablename__ = "sealed_words"

    id: UUID = key()
    matter_id: UUID = ref("petition.id")
    form: dict[str, Any] = Field(sa_type=JSONB)
    reason: str | None = words(nullable=True)


class ReporterTie(SQLModel, table=True):
    """That a petition's reporter is somebody of the register: a token under a key that isn't here.

    Only functions of the guard touch it, and `person_token`. It is in no event.
    """

    __tablename__ = "reporter_tie"

    petition_id: UUID = Field(primary_key=True, foreign_key="petition.id")
    token: bytes = Field(primary_key=True, sa_type=LargeBinary, index=True)


class PersonToken(SQLModel, table=True):
    """The tokens of whoever has an account, and of their near relatives: `by` the person, and by
    the identity number. Of nobody else one is kept, so that a tie to them tells nothing."""

    __tablename__ = "person_token"
    __table_args__ = (one_of("by", ["person", "number"]),)

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    by: str = Field(primary_key=True, sa_type=Text)
    token: bytes = Field(sa_type=LargeBinary, index=True)


class BlindCount(SQLModel, table=True):
    """A report on a cadre managed by a higher body: passed up on paper, counted, not kept."""

    __tablename__ = "blind_count"

    id: UUID = key()
    unit_id: UUID = ref("unit.id")
    received_on: date
    recorded_by: UUID = ref("account.id", index=False)
