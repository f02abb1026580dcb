"""Units, in and out."""

from datetime import date
from uuid import UUID

from pydantic import ConfigDict, Field

from app.domain.units import UnitKind
from app.schemas.base import Answered, Code, Flag, OneLine, Sent


class UnitCreate(Sent):
    """A unit below `parent_id`; only a district has none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "YC-T15",
                    "name": "新田镇",
                    "kind": "township",
                    "parent_id": "01920000-0000-7000-8000-000000000001",
                    "reporting": True,
                }
            ]
        }
    )

    code: Code
    name: OneLine
    kind: UnitKind
    parent_id: UUID | None = None
    reporting: Flag = Field(default=False, description="Reports at the information tree's times")
    poor_village: Flag = False


class UnitRead(Answered):
    """`path` is the place in the tree: a unit covers every path that begins with its own."""

    id: UUID
    code: str
    name: str
    kind: UnitKind
    parent_id: UUID | None
    parent_code: str | None
    path: str
    reporting: bool
    poor_village: bool
    closed_on: date | None
