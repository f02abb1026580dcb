"""Families of ledgers, and the fields that each can have, read from `headings/*.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path

from app.domain.errors import N_
from app.domain.ledgers.texts import squash

_FOLDER = Path(__file__).with_name("headings")
_LONGEST = 2000

ADDED_HEADINGS = (
    N_("Why it was returned"),
    N_("What to do"),
    N_("Row in the ledger"),
)
"""Columns that a workbook of rejected rows adds; imported again, they are left out."""

_ALWAYS_LEFT_OUT = (
    *(*ADDED_HEADINGS, "退回原因", "修改办法", "原行号"),
    *("序号", "编号序列", "序", "行号", "No.", "页码", "填表人", "填报人", "录入时间"),
)


class Family(StrEnum):
    UNITS = "units"
    PETITIONS = "petitions"
    LEADS = "leads"
    CASES = "cases"
    FINDINGS = "findings"
    BANK = "bank"
    RETURNS = "returns"


class FieldKind(StrEnum):
    """What a column's cells are: how they are read, and by what a column can be guessed."""

    NUMBER = "number"  # of a matter
    CODE = "code"
    TEXT = "text"
    UNIT = "unit"  # the name of a place or an office
    NAMES = "names"
    POST = "post"
    IDENTITY = "identity"
    PHONE = "phone"
    DATE = "date"
    MONTH = "month"
    PERIOD = "period"
    AMOUNT = "amount"
    COUNT = "count"
    CHOICE = "choice"
    FLAG = "flag"
    HANDLINGS = "handlings"
    SANCTION = "sanction"
    REPEAT = "repeat"


ADDED_UP = frozenset({FieldKind.AMOUNT, FieldKind.COUNT, FieldKind.HANDLINGS})


@dataclass(frozen=True)
class Field:
    """`sealed` cells tell who reported; `private` ones may: neither is repeated in findings."""

    name: str
    kind: FieldKind
    headings: tuple[str, ...]
    required: bool = False
    sealed: bool = False
    private: bool = False
    vocabulary: str | None = None
    longest: int = _LONGEST

    @property
    def withheld(self) -> bool:
        return self.sealed or self.private


@dataclass(frozen=True)
class FamilyFields:
    family: Family
    fields: tuple[Field, ...]
    ignored: frozenset[str]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def by_heading(self) -> dict[str, Field]:
        """By every synonym, with brackets read and without them; the first field named wins."""
        found: dict[str, Field] = {}
        for field in self.fields:
            for heading in field.headings:
                found.setdefault(squash(heading), field)
        for field in self.fields:
            for heading in field.headings:
                found.setdefault(squash(without_brackets(heading)), field)
        return found

    @property
    def required(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.required)


_BRACKETS = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")


def without_brackets(heading: str) -> str:
    return _BRACKETS.sub("", heading) or heading


@cache
def fields_of(family: Family) -> FamilyFields:
    with (_FOLDER / f"{family}.toml").open("rb") as source:
        table = tomllib.load(source)
    fields = tuple(
        Field(
            name=name,
            kind=FieldKind(entry["kind"]),
            headings=tuple(entry["headings"]),
            required=entry.get("required", False),
            sealed=entry.get("sealed", False),
            private=entry.get("private", False),
            vocabulary=entry.get("vocabulary"),
            longest=entry.get("longest", _LONGEST),
        )
        for name, entry in table["fields"].items()
    )
    ignored = frozenset(map(squash, (*_ALWAYS_LEFT_OUT, *table["ignored"])))
    return FamilyFields(family, fields, ignored)
