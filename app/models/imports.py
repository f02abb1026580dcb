"""Imports of ledgers: where each row came from, and what contradicts a rule."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.columns import JSON, MOMENT, empty, key, one_of, preset, ref, words

FAMILIES = ["units", "petitions", "leads", "cases", "findings", "bank", "returns"]
RECORDED = {"server_default": text("now()")}


class ImportBatch(SQLModel, table=True):
    """One file that was read. The file itself is not kept once committed; its hash is."""

    __tablename__ = "import_batch"
    __table_args__ = (one_of("family", FAMILIES),)

    id: UUID = key()
    family: str = words()
    file_name: str = words()
    file_hash: bytes = Field(sa_type=LargeBinary, index=True)
    made_by: UUID = ref("account.id")
    unit_id: UUID | None = ref("unit.id", nullable=True, index=False)
    mapping: dict[str, Any] = empty(dict)
    report: dict[str, Any] = empty(dict)
    cut_off: date | None = None
    rows: int = preset(0)
    accepted: int = preset(0)
    warned: int = preset(0)
    rejected: int = preset(0)
    known: int = preset(0)
    version: int = preset(1)
    happened_on: date
    committed_at: datetime | None = Field(default=None, sa_type=MOMENT)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class ImportUpload(SQLModel, table=True):
    """The file of a batch that waits to be committed, sealed; gone once it is, or in a week."""

    __tablename__ = "import_upload"

    batch_id: UUID = Field(primary_key=True, foreign_key="import_batch.id")
    sealed: bytes = Field(sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class ImportRow(SQLModel, table=True):
    """A row of a ledger that became something: its number in the file and a hash of its cells."""

    __tablename__ = "import_row"
    __table_args__ = (UniqueConstraint("family", "row_hash"),)

    id: UUID = key()
    batch_id: UUID = ref("import_batch.id")
    family: str = words()
    sheet: str = preset("")
    row: int
    row_hash: bytes = Field(sa_type=LargeBinary)
    matter_id: UUID | None = ref("matter.id", nullable=True)
    target_id: UUID | None = Field(default=None)


class ImportFinding(SQLModel, table=True):
    """What was said about one row that was not simply taken; the maker of its batch reads it.

    `findings` is a list of {column, field, value, code, reason, todo}, the last two with their
    values, to be put into words for the reader. `matter_id` is the matter that they tell of:
    whoever is walled off from it doesn't see the row. A trial's is gone: it refers to nothing.
    """

    __tablename__ = "import_finding"
    __table_args__ = (one_of("verdict", ["accepted", "warned", "rejected", "known"]),)

    id: UUID = key()
    batch_id: UUID = ref("import_batch.id")
    sheet: str = words()
    row: int
    verdict: str = words()
    findings: list[dict[str, Any]] = Field(sa_type=JSON)
    matter_id: UUID | None = None


class Doubt(SQLModel, table=True):
    """A row taken as written though it contradicts a rule, until explained or corrected."""

    __tablename__ = "doubt"
    __table_args__ = (Index("ix_doubt_open", "rule", postgresql_where=text("settled_on IS NULL")),)

    id: UUID = key()
    rule: str = words()
    batch_id: UUID = ref("import_batch.id")
    row: int | None = None
    matter_id: UUID | None = ref("matter.id", nullable=True)
    person_id: UUID | None = ref("person.id", nullable=True)
    subject_id: UUID | None = Field(default=None)
    values: dict[str, Any] = empty(dict)
    settled_on: date | None = None
    settled_by: UUID | None = ref("account.id", nullable=True, index=False)
    settlement: str | None = words(nullable=True)
    settled_at: datetime | None = Field(default=None, sa_type=MOMENT)
    explanation: str | None = words(nullable=True)
    version: int = preset(1)
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)


class PossibleRepeat(SQLModel, table=True):
    """Two matters that look like the same one, and why; decided by the lead manager."""

    __tablename__ = "possible_repeat"
    __table_args__ = (
        UniqueConstraint("matter_id", "other_id"),
        one_of("decision", ["same", "different"]),
    )

    id: UUID = key()
    matter_id: UUID = ref("matter.id")
    other_id: UUID = ref("matter.id")
    why: dict[str, Any] = empty(dict)
    decision: str | None = words(nullable=True)
    decided_by: UUID | None = ref("account.id", nullable=True, index=False)
    decided_on: date | None = None
    recorded_at: datetime = Field(sa_type=MOMENT, sa_column_kwargs=RECORDED)
