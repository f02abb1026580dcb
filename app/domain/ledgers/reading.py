"""Reading a ledger: sheets of raw cells in, typed and judged rows out, one at a time.

Nothing is kept but sums and numbers, so that a file of any length needs little memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import N_, FieldError, Invalid, Reason
from app.domain.ledgers.cells import Row
from app.domain.ledgers.columns import ColumnMapping, Mapping
from app.domain.ledgers.dates import DateRules, read_date
from app.domain.ledgers.families import ADDED_UP, Family, FamilyFields, FieldKind, fields_of
from app.domain.ledgers.findings import (
    ControlTotal,
    Judged,
    Notice,
    Problem,
    Severity,
    Source,
    Verdict,
)
from app.domain.ledgers.header import Header, is_footer, numbers_columns
from app.domain.ledgers.opening import Options, RawSheet, SheetPlan, plan_sheets
from app.domain.ledgers.rows.bank import BankBook
from app.domain.ledgers.rows.cases import read_case
from app.domain.ledgers.rows.findings import read_finding
from app.domain.ledgers.rows.leads import read_lead
from app.domain.ledgers.rows.petitions import read_petition
from app.domain.ledgers.rows.returns import read_return
from app.domain.ledgers.rows.units import read_unit
from app.domain.ledgers.texts import Cell, tidy
from app.domain.ledgers.totals import Checker, Sums, key_columns, total_label
from app.domain.money import Money

CONTINUES = Problem(
    "row_continues",
    Reason(N_("The row has no number: it is taken as a further person of the row above.")),
    Reason(N_("Nothing needs to be done if it is right; else write the number.")),
    Severity.WARNING,
)

_CARRIED = frozenset(
    {"number", "received_on", "source", "problem", "campaign", "township", "village", "place"}
    | {"disposal", "approver", "approved_on", "team", "handler", "filed_on", "closed_on"}
    | {"organ", "reporting_unit", "brief", "lead_number", "party_filed_on", "party_organ"}
    | {"supervisory_filed_on", "supervisory_organ"}
)
_MOST_IN_FOOTER = 6

Build = Callable[[Row, Header], Any]

_BUILDERS: dict[Family, Build] = {
    Family.UNITS: read_unit,
    Family.PETITIONS: read_petition,
    Family.LEADS: read_lead,
    Family.CASES: read_case,
    Family.FINDINGS: read_finding,
    Family.RETURNS: read_return,
}


@dataclass(slots=True)
class Counts:
    """Rows by verdict; `doubtful` ones are among the accepted and warned."""

    rows: int = 0
    accepted: int = 0
    warned: int = 0
    rejected: int = 0
    doubtful: int = 0
    blank: int = 0
    totals: int = 0
    footers: int = 0

    def take(self, verdict: Verdict, doubtful: bool) -> None:
        self.rows += 1
        match verdict:
            case Verdict.ACCEPTED:
                self.accepted += 1
            case Verdict.WARNED:
                self.warned += 1
            case Verdict.REJECTED:
                self.rejected += 1
        self.doubtful += doubtful


def open_ledger(family: Family, sheets: Sequence[RawSheet], options: Options) -> Reading:
    """Find the headings of every sheet. Raises LedgerNotRecognised, or Invalid for a map that
    names a field which the family has not."""
    fields = fields_of(family)
    plans, notices = plan_sheets(fields, sheets, options)
    return Reading(fields, plans, notices, options)


class Reading:
    """A ledger whose headings are known. Iterate once over `rows()`; afterwards `counts`,
    `controls` and `notices` are complete."""

    def __init__(
        self,
        fields: FamilyFields,
        plans: tuple[SheetPlan, ...],
        notices: list[Notice],
        options: Options,
    ) -> None:
        self.fields = fields
        self.family = fields.family
        self.plans = plans
        self.notices = notices
        self.options = options
        self.counts = Counts()
        self.controls: list[ControlTotal] = []

    @property
    def mapping(self) -> Mapping:
        """Of the first sheet."""
        return self.plans[0].mapping

    @property
    def header(self) -> Header:
        """Of the first sheet."""
        return self.plans[0].header

    @property
    def settled(self) -> bool:
        """No column of any sheet is guessed, unknown or missing."""
        return all(plan.mapping.settled for plan in self.plans)

    def rows(self) -> Iterator[Judged[Any]]:
        """Every row with its verdict, in the order of the file. Raises Invalid if a required
        column is missing: then there is nothing to judge by."""
        missing = [
            FieldError(
                f"map.{field.name}",
                Reason(
                    N_("No column was found for “{heading}”: name it in a map."),
                    {"heading": field.headings[0]},
                ),
            )
            for plan in self.plans
            for field in plan.mapping.missing
        ]
        if missing:
            raise Invalid(*missing)
        book = Sums()
        for plan in self.plans:
            yield from _SheetReader(self, plan, book).rows()


class _SheetReader:
    """The loop over one sheet."""

    def __init__(self, reading: Reading, plan: SheetPlan, book: Sums) -> None:
        self.reading = reading
        self.plan = plan
        self.fields = reading.fields
        self.columns = plan.mapping.fields
        self.rules = DateRules(reading.options.today, epoch_1904=reading.options.epoch_1904)
        self.width = max((c.index for c in plan.mapping.columns), default=0) + 1
        self.keys = key_columns(plan.mapping, self.fields)
        self.key_headings = {c.index: c.heading for c in plan.mapping.columns}
        self.checker = Checker(plan.mapping, self.fields, book)
        self.build = self._builder()
        self.previous: list[Cell] = []
        self.merged = _merged_down(plan, self.columns, self.fields)
        self.number_at = self.columns["number"].index if "number" in self.columns else None
        self.continues = reading.family in {Family.LEADS, Family.CASES}
        self.hashed = sorted(
            (name, column.index, self.fields.by_name[name].kind)
            for name, column in self.columns.items()
            if not self.fields.by_name[name].sealed
        )

    def _builder(self) -> Build:
        if self.reading.family is not Family.BANK:
            return _BUILDERS[self.reading.family]
        return BankBook(self.reading.options.citations).read

    def rows(self) -> Iterator[Judged[Any]]:
        heading_ends = self.plan.mapping.last_row
        first = True
        for number, read in enumerate(self.plan.sheet.rows, 1):
            if number <= heading_ends:
                continue
            short = self.width - len(read)
            cells = read + [""] * short if short > 0 else read
            texts = [cell for cell in cells if cell != "" and cell is not None]
            if not texts or not any(map(tidy, texts)):
                self.reading.counts.blank += 1
                continue
            was_first, first = first, False
            if was_first and numbers_columns([tidy(cell) for cell in texts]):
                continue
            source = Source(self.plan.sheet.name, number)
            if not self._stands_apart(source, cells, texts):
                yield self._judge(source, cells)
        self.checker.end_block()

    def _stands_apart(self, source: Source, cells: list[Cell], texts: Sequence[Cell]) -> bool:
        """Whether the row is a total, a heading printed again, or a note below the rows."""
        counts = self.reading.counts
        if (label := total_label(cells, self.keys)) is not None:
            counts.totals += 1
            self.reading.controls += self.checker.check(source, cells, label)
            return True
        if len(texts) <= _MOST_IN_FOOTER and is_footer([tidy(cell) for cell in texts]):
            counts.footers += 1
            return True
        return self._is_heading_again(cells)

    def _is_heading_again(self, cells: list[Cell]) -> bool:
        """Printed at the head of each page: the key columns hold their own headings."""
        if not self.keys:
            return False
        for index in self.keys:
            text = tidy(cells[index])
            if not text or not self.key_headings[index].endswith(text):
                return False
        return True

    def _judge(self, source: Source, cells: list[Cell]) -> Judged[Any]:
        raw = tuple(cells)
        row = Row(source, cells, self.columns, self.fields, self.rules)
        if self.previous:
            self._carry_down(row)
        value = self.build(row, self.plan.header)
        self.checker.take(row, "" if self.number_at is None else tidy(cells[self.number_at]))
        self.previous = cells
        verdict = _verdict(row)
        rejected = verdict is Verdict.REJECTED
        doubts = () if rejected else tuple(row.doubts)
        self.reading.counts.take(verdict, bool(doubts))
        return Judged(
            source=source,
            cells=raw,
            value=None if rejected else value,
            verdict=verdict,
            findings=tuple(row.findings),
            doubts=doubts,
            fingerprint=self._fingerprint(row),
        )

    def _carry_down(self, row: Row) -> None:
        """What merged cells hold goes for every row that they span; a row without a number and
        a date that names somebody continues the row above."""
        for index, top, bottom in self.merged:
            if top < row.source.number <= bottom and not tidy(row.cells[index]):
                row.cells[index] = self.previous[index]
        if not self.continues or tidy(row.raw("number")) or tidy(row.raw("received_on")):
            return
        if not tidy(row.raw("subjects")):
            return
        for name in _CARRIED & self.columns.keys():
            index = self.columns[name].index
            if not tidy(row.cells[index]):
                row.cells[index] = self.previous[index]
        row.find("number", CONTINUES)

    def _fingerprint(self, row: Row) -> bytes:
        parts = [self.reading.family.value]
        for name, index, kind in self.hashed:
            cell = row.cells[index]
            if cell == "" or cell is None:
                continue
            if kind is FieldKind.DATE:
                found = read_date(cell, self.rules)
                text = found.isoformat() if isinstance(found, date) else tidy(cell)
            elif kind in ADDED_UP and name in row.added:
                value = row.added[name]
                text = str(value.fen) if isinstance(value, Money) else str(value)
            else:
                text = tidy(cell)
            if text:
                parts.append(f"{name}={text}")
        return hashlib.sha256("\x1f".join(parts).encode()).digest()


def _verdict(row: Row) -> Verdict:
    if not row.findings:
        return Verdict.ACCEPTED
    return Verdict.REJECTED if row.rejected else Verdict.WARNED


def _merged_down(
    plan: SheetPlan, columns: dict[str, ColumnMapping], fields: FamilyFields
) -> list[tuple[int, int, int]]:
    """(column, first row, last row) of cells merged over several rows of data, rows from 1;
    amounts and counts stay with the first row, else they would count twice."""
    kept = {
        column.index
        for name, column in columns.items()
        if fields.by_name[name].kind not in ADDED_UP
    }
    return [
        (left, top + 1, bottom + 1)
        for (top, left), (bottom, right) in plan.sheet.merged
        if bottom > top and top + 1 > plan.mapping.last_row and left == right and left in kept
    ]
