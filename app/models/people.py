"""Registers of persons and of organisations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from app.models.columns import MOMENT, key, preset, ref, words

MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"


class Person(SQLModel, table=True):
    """Somebody involved in a matter, or who acts in one; never a reporter as such.

    `id_number` is encrypted (AES-GCM, bound to the row) and `id_index` is its blind index, an
    HMAC: enough to find the same number again, useless without the key. `member` and
    `public_employee` are None while unknown. `presumed` means matched by name and unit only.
    The last five are what the standard registers ask; `born` and `joined_party` are months,
    1966-07. An identity number tells `male` and `born` itself.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_name_unit", "name", "unit_id"),
        Index("ix_person_id_index", "id_index"),
        Index("ix_person_bare", text("guard.bare_name(name)")),
        CheckConstraint("(id_number is null) = (id_index is null)", name="id_number_indexed"),
        CheckConstraint(f"born ~ '{MONTH}'", name="born_month"),
        CheckConstraint(f"joined_party ~ '{MONTH}'", name="joined_party_month"),
    )

    id: UUID = key()
    name: str = words()
    id_number: bytes | None = Field(default=None, sa_type=LargeBinary)
    id_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    position: str | None = words(nullable=True)
    rank: str | None = words(nullable=True)
    unit_id: UUID | None = ref("unit.id", nullable=True)
    member: bool | None = None
    public_employee: bool | None = None
    presumed: bool = preset(False)
    male: bool | None = None
    born: str | None = words(nullable=True)
    ethnicity: str | None = words(nullable=True)
    joined_party: str | None = words(nullable=True)
    education: str | None = words(nullable=True)
    version: int = preset(1)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class Organisation(SQLModel, table=True):
    """An organisation that can be reported, may answer for something, or receives a referral."""

    __tablename__ = "organisation"

    id: UUID = key()
    name: str = words(index=True)
    unit_id: UUID | None = ref("unit.id", nullable=True)
    version: int = preset(1)
    recorded_at: datetime = Field(
        sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")}
    )


class PersonKey(SQLModel, table=True):
    """What a person's name can be found by, and where it stands in lists; written by the
    application, gone with the name."""

    __tablename__ = "person_key"
    __table_args__ = (
        Index("ix_person_key_keys", "keys", postgresql_using="gin"),
        Index("ix_person_key_pinyin", "pinyin", "person_id"),
        Index("ix_person_key_strokes", "strokes", "person_id"),
    )

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    keys: list[str] = Field(sa_type=ARRAY(Text))
    pinyin: str | None = Field(default=None, sa_type=Text(collation="C"))
    strokes: str | None = Field(default=None, sa_type=Text(collation="C"))
