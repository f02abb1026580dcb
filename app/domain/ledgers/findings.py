"""What is said about a cell, a row and a ledger: verdicts, reasons, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from app.domain.errors import Reason
from app.domain.ledgers.records import record
from app.domain.ledgers.texts import Cell

RowT = TypeVar("RowT")


class Severity(StrEnum):
    WARNING = "warning"
    ERROR = "error"


class Verdict(StrEnum):
    ACCEPTED = "accepted"
    WARNED = "warned"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row stands: `number` counts from 1, as the spreadsheet shows it."""

    sheet: str
    number: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell can't be taken as it is, and what to do; `code` is stable."""

    code: str
    reason: Reason
    todo: Reason
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class CellFinding:
    """A problem at its place. `value` is as written, shortened; empty where it is `withheld`:
    what a sealed column holds is never repeated. `column` is empty for the row as a whole."""

    source: Source
    column: str
    field: str
    value: str
    problem: Problem
    withheld: bool = False

    @property
    def severity(self) -> Severity:
        return self.problem.severity

    @property
    def code(self) -> str:
        return self.problem.code

    @property
    def reason(self) -> Reason:
        return self.problem.reason

    @property
    def todo(self) -> Reason:
        return self.problem.todo


@dataclass(frozen=True, slots=True)
class RowDoubt:
    """A rule that the row contradicts though it is taken as written. `subject` is the index of
    the person concerned among the row's subjects, None for the row."""

    rule: str
    subject: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@record
class Judged(Generic[RowT]):
    """A row with its verdict. `value` is None if it is rejected. `cells` are as they were read.

    `fingerprint` is equal for the same content in the same family, whatever the file's format,
    order of columns or row number; sealed cells don't enter it.
    """

    source: Source
    cells: tuple[Cell, ...] = field(repr=False)
    value: RowT | None = field(repr=False)
    verdict: Verdict
    findings: tuple[CellFinding, ...]
    doubts: tuple[RowDoubt, ...]
    fingerprint: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A figure that the ledger states about its own rows, beside what the rows give.

    Amounts in yuan. `label` is as written (小计, 合计 …). `rejected` rows are counted in
    `computed` as far as their cell can be read, so that a rejected row makes no difference.
    """

    source: Source
    label: str
    column: str
    field: str
    stated: Decimal
    computed: Decimal
    unit: str
    step: Decimal = Decimal(1)

    @property
    def difference(self) -> Decimal:
        """Stated minus computed."""
        return self.stated - self.computed

    @property
    def agrees(self) -> bool:
        return self.difference == 0

    @property
    def within_rounding(self) -> bool:
        """Whether the difference is no more than the stated figure's last digit can hide."""
        return abs(self.difference) * 2 <= self.step


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know about the ledger as a whole, not about one row."""

    code: str
    reason: Reason
    sheet: str = ""
    row: int | None = None
