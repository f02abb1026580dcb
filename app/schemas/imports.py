"""Imports of ledgers: what is said about a file, its columns and its rows."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from app.domain.ledgers.families import Family
from app.schemas.base import Answered, Flag, Sent, example

Map = dict[str, str]


class MapChosen(Sent):
    """By heading, as it stands in the file, which field a column is; `ignore` leaves it out."""

    model_config = example(map={"线索登记号": "number", "经办备注": "ignore"})

    map: Map = Field(max_length=200, examples=[{"线索登记号": "number", "经办备注": "ignore"}])


class CommitAsked(Sent):
    """`accept_guesses` takes guessed columns as guessed, and leaves unknown ones out."""

    model_config = example(accept_guesses=True)

    accept_guesses: Flag = False


class FindingRead(Answered):
    """What is wrong with a cell, and what to do. `value` is empty where it is withheld."""

    column: str
    field: str
    value: str
    withheld: bool
    severity: Literal["warning", "error"]
    code: str
    reason: str
    todo: str


class ImportRowRead(Answered):
    """A row that was not simply taken. `doubts` are rules that it contradicts as written."""

    sheet: str
    row: int = Field(description="As the spreadsheet numbers it, from 1")
    verdict: Literal["accepted", "warned", "rejected", "known"]
    findings: list[FindingRead]
    doubts: list[str]


class ColumnRead(Answered):
    """What a column is taken for, how that is known, and why."""

    sheet: str
    letter: str
    heading: str
    field: str | None
    how: Literal["synonym", "guess", "map", "ignored", "unknown"]
    reason: str


class ControlRead(Answered):
    """A figure that the ledger states about itself, beside what its rows give."""

    sheet: str
    row: int
    label: str
    column: str
    stated: str
    computed: str
    difference: str
    unit: str
    agrees: bool


class NoticeRead(Answered):
    code: str
    reason: str
    sheet: str
    row: int | None


class AlikeRead(Answered):
    """Two matters that look like the same one; they are never merged unasked."""

    number: str
    other_number: str
    why: dict[str, Any]


class ImportRead(Answered):
    """`committed_at` is null while it is only tried; `held` says whether the file still waits.

    `known` rows were imported before and change nothing. `settled`: no column is open.
    """

    id: UUID
    family: Family
    file_name: str
    recorded_at: datetime
    committed_at: datetime | None
    held: bool
    same_file_at: datetime | None = Field(description="When this very file was imported before")
    cut_off: date | None = Field(description="Up to which day the ledger says it goes")
    rows: int
    accepted: int
    warned: int
    rejected: int
    known: int
    settled: bool
    missing: list[str] = Field(description="Fields for which a column must be named")
    map: Map
    mapping: list[ColumnRead]
    controls: list[ControlRead]
    notices: list[NoticeRead]
    doubts: dict[str, int]
    repeats: int
    version: int
    alike: list[AlikeRead] = Field(description="The first of the possible repeats")
