"""Units, and the installation that they belong to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from app.domain.units import UnitKind
from app.models.columns import MOMENT, LTree, key, one_of, preset, ref, words


class Unit(SQLModel, table=True):
    """A place in the unit tree. `path` begins with the district's label."""

    __tablename__ = "unit"
    __table_args__ = (
        one_of("kind", list(UnitKind)),
        Index("ix_unit_path", "path", postgresql_using="gist"),
        Index("ix_unit_name", "name"),
    )

    id: UUID = key()
    code: str = words(unique=True)
    name: str = words()
    kind: str = words()
    parent_id: UUID | None = ref("unit.id", nullable=True)
    path: str = Field(sa_type=LTree, unique=True)
    reporting: bool = preset(False)
    poor_village: bool = preset(False)
    closed_on: date | None = None


class Installation(SQLModel, table=True):
    """One row: what this database is. Only a demo database has a day of its own."""

    __tablename__ = "installation"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    district_id: UUID | None = ref("unit.id", nullable=True, index=False)
    body_name: str | None = words(nullable=True)
    body_name_en: str | None = words(nullable=True)
    demo: bool = preset(False)
    demo_day: date | None = None
    profile_name: str = preset("cn-discipline")
    created_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs={"server_default": text("now()")})


class Campaign(SQLModel, table=True):
    """A special-topic campaign 专项治理. `key` is its name without quotation marks and spaces."""

    __tablename__ = "campaign"

    id: UUID = key()
    key: str = words(unique=True)
    name: str = words()
    begins_on: date | None = None
    ends_on: date | None = None
