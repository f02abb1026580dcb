"""Reading a ledger: sheets of raw cells in, typed and judged rows out, one at a time.

Nothing is kept but sums and numbers, so that a file of any length needs little memory.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from app.domain.errors import N_, FieldError, Invalid, Reason
from app.domain.ledgers.cells import Row, SheetFields
from app.domain.ledgers.columns import ColumnMapping, Mapping
from app.domain.ledgers.dates import DateRules
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
from app.domain.ledgers.rows.bank import BankBook, book_for
from app.domain.ledgers.rows.cases import read_case
from app.domain.ledgers.rows.findings import read_finding
from app.domain.ledgers.rows.leads import read_lead
from app.domain.ledgers.rows.petitions import read_petition
from app.domain.ledgers.rows.returns import read_return
from app.domain.ledgers.rows.units import read_unit
from app.domain.ledgers.texts import Cell
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
_BANK_SAMPLE = 60
_HASHED_AS_READ = ADDED_UP | {FieldKind.DATE}

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


class _Kind(Enum):
    DATA = "data"
    TOTAL = "total"
    BALANCE = "balance"


_Line = tuple[Row, _Kind, re.Match[str] | None]
"""A row, what it is, and a total's label."""


class _SheetReader:
    """The loop over one sheet."""

    def __init__(self, reading: Reading, plan: SheetPlan, book: Sums) -> None:
        self.reading = reading
        self.plan = plan
        columns = plan.mapping.fields
        self.rules = DateRules(reading.options.today, epoch_1904=reading.options.epoch_1904)
        self.shared = SheetFields(columns, reading.fields, self.rules)
        self.width = max((c.index for c in plan.mapping.columns), default=0) + 1
        self.keys = key_columns(plan.mapping, reading.fields)
        self.key_headings = {c.index: c.heading for c in plan.mapping.columns}
        self.checker = Checker(plan.mapping, reading.fields, book)
        self.book = self._bank_book()
        self.build = self.book.read if self.book else _BUILDERS[reading.family]
        self.previous: Row | None = None
        self.merged = _merged_down(plan, columns, reading.fields)
        self.spanning: list[tuple[int, int]] = []
        self.continues = reading.family in {Family.LEADS, Family.CASES}
        hashed = [
            (name, column.index, reading.fields.by_name[name].kind in _HASHED_AS_READ)
            for name, column in sorted(columns.items())
            if not reading.fields.by_name[name].sealed
        ]
        self.hashed = [(f"{name}=", index) for name, index, as_read in hashed if not as_read]
        self.hashed_as_read = [(name, index) for name, index, as_read in hashed if as_read]
        self.family = str(reading.family)

    def _bank_book(self) -> BankBook | None:
        if self.reading.family is not Family.BANK:
            return None
        sample = [self._row(0, cells) for cells in self.plan.sample[:_BANK_SAMPLE]]
        book = book_for(sample, self.reading.options.citations)
        if book.swapped:
            reason = Reason(
                N_("The balances show that this is an office's own book: 借方 came in.")
            )
            self.reading.notices.append(Notice("bank_swapped", reason, self.plan.sheet.name))
        return book

    def _row(self, number: int, cells: list[Cell]) -> Row:
        short = self.width - len(cells)
        full = cells + [""] * short if short > 0 else cells
        return self.shared.row(Source(self.plan.sheet.name, number), full)

    def rows(self) -> Iterator[Judged[Any]]:
        lines: Iterable[_Line] = self._lines()
        backwards: dict[int, Judged[Any]] = {}
        if self.book is not None and self.book.descending:
            lines = list(lines)
            backwards = self._judge_backwards(lines)
        for row, kind, label in lines:
            if kind is _Kind.BALANCE and self.book is not None and not backwards:
                self.book.take_balance(row)
            elif kind is _Kind.TOTAL and label is not None:
                self.reading.controls += self.checker.check(row.source, row.cells, label)
            elif kind is _Kind.DATA:
                judged = backwards.get(row.source.number) or self._judge(row)
                self.checker.take(row)
                yield judged
        self.checker.end_block()
        if self.book is not None:
            header, name = self.plan.header, self.plan.sheet.name
            self.reading.controls += self.book.closing_controls(header, name)

    def _judge_backwards(self, lines: Sequence[_Line]) -> dict[int, Judged[Any]]:
        """A statement whose newest line stands first is judged from its end: a correction comes
        after what it corrects. By row number."""
        judged: dict[int, Judged[Any]] = {}
        for row, kind, _ in reversed(lines):
            if kind is _Kind.DATA:
                judged[row.source.number] = self._judge(row)
            elif kind is _Kind.BALANCE and self.book is not None:
                self.book.take_balance(row)
        return judged

    def _lines(self) -> Iterator[_Line]:
        """The rows below the heading that hold anything, and what each is."""
        counts = self.reading.counts
        first = True
        for number, cells in enumerate(self.plan.sheet.rows, 1):
            if number <= self.plan.mapping.last_row:
                continue
            row = self._row(number, cells)
            texts = [text for text in row.texts if text]
            if not texts:
                counts.blank += 1
                continue
            was_first, first = first, False
            if was_first and numbers_columns(texts):
                continue
            if self.book is not None and self.book.is_balance_line(row):
                counts.totals += 1
                yield row, _Kind.BALANCE, None
            elif (label := total_label(row, self.keys)) is not None:
                counts.totals += 1
                yield row, _Kind.TOTAL, label
            elif len(texts) <= _MOST_IN_FOOTER and is_footer(texts):
                counts.footers += 1
            elif not self._is_heading_again(row):
                yield row, _Kind.DATA, None

    def _is_heading_again(self, row: Row) -> bool:
        """Printed at the head of each page: the key columns hold their own headings."""
        if not self.keys:
            return False
        for index in self.keys:
            text = row.texts[index]
            if not text or not self.key_headings[index].endswith(text):
                return False
        return True

    def _judge(self, row: Row) -> Judged[Any]:
        if self.previous is not None:
            self._carry_down(row, self.previous)
        value = self.build(row, self.plan.header)
        self.spanning += self.merged.get(row.source.number, ())
        self.previous = row
        verdict = _verdict(row)
        rejected = verdict is Verdict.REJECTED
        doubts = () if rejected else tuple(row.doubts)
        self.reading.counts.take(verdict, bool(doubts))
        return Judged(
            source=row.source,
            cells=tuple(row.cells),
            value=None if rejected else value,
            verdict=verdict,
            findings=tuple(row.findings),
            doubts=doubts,
            fingerprint=self._fingerprint(row),
        )

    def _carry_down(self, row: Row, above: Row) -> None:
        """What merged cells hold goes for every row that they span; a row without a number and
        a date that names somebody continues the row above."""
        if self.spanning:
            number = row.source.number
            self.spanning = [span for span in self.spanning if span[1] >= number]
            for index, _ in self.spanning:
                row.carry(index, above)
        if not self.continues or row.written("number") or row.written("received_on"):
            return
        if row.written("subjects"):
            for name in _CARRIED & self.shared.at.keys():
                row.carry(self.shared.at[name], above)
            row.find("number", CONTINUES)

    def _fingerprint(self, row: Row) -> bytes:
        """Dates and amounts as they were read, so that their spelling doesn't matter; as they
        are written where they could not be read."""
        texts = row.texts
        parts = [label + texts[index] for label, index in self.hashed if texts[index]]
        parts += [f"{name}={day}" for name, day in row.days.items()]
        parts += [
            f"{name}={value.fen if isinstance(value, Money) else value}"
            for name, value in row.added.items()
        ]
        if row.findings:
            parts += [
                f"{name}~{texts[index]}"
                for name, index in self.hashed_as_read
                if texts[index] and name not in row.days and name not in row.added
            ]
        parts.append(self.family)
        return hashlib.sha256("\x1f".join(parts).encode()).digest()


def _verdict(row: Row) -> Verdict:
    if not row.findings:
        return Verdict.ACCEPTED
    return Verdict.REJECTED if row.rejected else Verdict.WARNED


def _merged_down(
    plan: SheetPlan, columns: dict[str, ColumnMapping], fields: FamilyFields
) -> dict[int, list[tuple[int, int]]]:
    """By the first row (from 1) that they span: (column, last row) of cells merged over several
    rows of data. Amounts and counts stay with the first row, else they would count twice."""
    kept = {
        column.index
        for name, column in columns.items()
        if fields.by_name[name].kind not in ADDED_UP
    }
    spans: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in plan.sheet.merged:
        if bottom > top >= plan.mapping.last_row and left == right and left in kept:
            spans.setdefault(top + 1, []).append((left, bottom + 1))
    return spans
