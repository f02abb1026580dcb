"""Persons and organisations, in and out. An identity number comes in whole and never leaves so."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from app.schemas.base import Answered, Change, Flag, OneLine, Sent, unchanged

Number = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=15, max_length=30, pattern=r"^[^\x00-\x1f\x7f]*$"
    ),
]


Month = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$"),
    Field(description="Year and month", examples=["1966-07"]),
]


class PersonCreate(Sent):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "张三",
                    "id_number": "990101197503120016",
                    "position": "村会计",
                    "member": True,
                    "public_employee": False,
                }
            ]
        }
    )

    name: OneLine
    id_number: Number | None = Field(default=None, description="18 characters")
    position: OneLine | None = None
    rank: OneLine | None = None
    unit_id: UUID | None = None
    member: Flag | None = Field(default=None, description="Party member; null while unknown")
    public_employee: Flag | None = Field(default=None, description="Null while unknown")
    male: Flag | None = Field(default=None, description="An identity number tells it itself")
    born: Month | None = None
    ethnicity: OneLine | None = None
    joined_party: Month | None = None
    education: OneLine | None = None


class PersonUpdate(Change):
    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "examples": [{"position": "村主任"}]}
    )

    name: OneLine = unchanged(str)
    id_number: Number = unchanged(str, description="Mended by another one, never taken away")
    position: OneLine | None = None
    rank: OneLine | None = None
    unit_id: UUID | None = None
    member: Flag | None = None
    public_employee: Flag | None = None
    male: Flag | None = None
    born: Month | None = None
    ethnicity: OneLine | None = None
    joined_party: Month | None = None
    education: OneLine | None = None


class PersonLookup(Sent):
    model_config = ConfigDict(json_schema_extra={"examples": [{"id_number": "990101197503120016"}]})

    id_number: Number


class PersonListed(Answered):
    """As lists show somebody: what matters need to name them. The rest is the person's file."""

    id: UUID
    name: str
    position: str | None
    rank: str | None
    unit_id: UUID | None
    unit_code: str | None
    unit_name: str | None
    member: bool | None
    public_employee: bool | None
    presumed: bool = Field(description="Known by name and unit only")


class PersonRead(Answered):
    """A person's file, while it is open."""

    id: UUID
    name: str
    id_number: str | None = Field(description="Masked", examples=["990101********1234"])
    position: str | None
    rank: str | None
    unit_id: UUID | None
    unit_code: str | None
    unit_name: str | None
    member: bool | None
    public_employee: bool | None
    presumed: bool = Field(description="Known by name and unit only")
    male: bool | None
    born: str | None
    ethnicity: str | None
    joined_party: str | None
    education: str | None
    version: int
    recorded_at: datetime


class OrganisationCreate(Sent):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "松山乡农机合作社"}]})

    name: OneLine
    unit_id: UUID | None = None


class OrganisationUpdate(Change):
    model_config = ConfigDict(
        json_schema_extra={"minProperties": 1, "examples": [{"name": "松山乡农机专业合作社"}]}
    )

    name: OneLine = unchanged(str)
    unit_id: UUID | None = None


class OrganisationRead(Answered):
    id: UUID
    name: str
    unit_id: UUID | None
    unit_code: str | None
    unit_name: str | None
    version: int
    recorded_at: datetime
