"""What an import says: row by row, and about the ledger as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.errors import Reason
from app.domain.ledgers.findings import CellFinding, ControlTotal, Judged, Notice
from app.domain.ledgers.reading import Reading
from app.services.imports.arrivals import Arrival

MOST_LISTED = 200

Spoken = dict[str, Any]
"""A sentence that is put into the reader's language where it is shown."""


def spoken(reason: Reason) -> Spoken:
    return {"message": reason.message, "values": dict(reason.values)}


def heard(words: Spoken) -> Reason:
    return Reason(words["message"], words.get("values", {}))


@dataclass(frozen=True, slots=True)
class RowSaid:
    """A row that was not simply taken, and why."""

    sheet: str
    row: int
    verdict: str
    findings: tuple[Spoken, ...]
    tells_of: UUID | None = None


@dataclass
class Report:
    """`known` rows were imported before. `trial`: nothing was kept. `doubts` counts by rule what
    this import contradicts, `repeats` names pairs of matters that look like the same one."""

    family: str
    file_name: str
    trial: bool
    same_file_at: datetime | None = None
    cut_off: date | None = None
    rows: int = 0
    accepted: int = 0
    warned: int = 0
    rejected: int = 0
    known: int = 0
    doubts: Counter[str] = field(default_factory=Counter)
    doubtful: list[Spoken] = field(default_factory=list)
    repeats: list[Spoken] = field(default_factory=list)
    repeat_count: int = 0
    controls: list[Spoken] = field(default_factory=list)
    notices: list[Spoken] = field(default_factory=list)
    mapping: list[Spoken] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    settled: bool = True
    said: list[RowSaid] = field(default_factory=list)
    turned_back: list[Judged[Any]] = field(default_factory=list)
    hidden: frozenset[UUID] = frozenset()

    @property
    def differences(self) -> list[Spoken]:
        """Control totals that don't agree, beyond rounding."""
        return [each for each in self.controls if not each["agrees"]]

    @property
    def clean(self) -> bool:
        """Nothing was rejected, every stated sum agrees, every column is settled."""
        return not (self.rejected or self.differences or not self.settled)

    def take(self, arrival: Arrival, *, keep: bool) -> None:
        """Count a row; what was said about it is kept, a rejected row itself only if wanted."""
        verdict = arrival.verdict
        self.rows += 1
        setattr(self, verdict, getattr(self, verdict) + 1)
        findings = arrival.findings
        if findings or arrival.judged.doubts:
            source = arrival.judged.source
            words = tuple(_finding(each) for each in findings)
            words += tuple(
                {"code": doubt.rule, "doubt": True, "values": dict(doubt.values)}
                for doubt in arrival.judged.doubts
            )
            self.said.append(RowSaid(source.sheet, source.number, verdict, words, arrival.tells_of))
        if keep and arrival.rejected and arrival.tells_of not in self.hidden:
            self.turned_back.append(_with_findings(arrival))

    def withhold(self) -> None:
        """For whoever reads this very report: rows that tell of what they are walled off from
        were simply taken, and pairs and doubts of it are none."""
        for each in [row for row in self.said if row.tells_of in self.hidden]:
            self.said.remove(each)
            setattr(self, each.verdict, getattr(self, each.verdict) - 1)
            self.accepted += 1
        for pair in [each for each in self.repeats if self._tells(each, "matter_id", "other_id")]:
            self.repeats.remove(pair)
            self.repeat_count -= 1
        for doubt in [each for each in self.doubtful if self._tells(each, "matter_id")]:
            self.doubtful.remove(doubt)
            self.doubts[doubt["rule"]] -= 1
        self.doubts = +self.doubts

    def _tells(self, told: Spoken, *keys: str) -> bool:
        return any(told[key] in self.hidden for key in keys)

    def conclude(self, reading: Reading) -> None:
        """What the whole ledger says about itself, once all of it was read."""
        self.controls = [_control(each) for each in reading.controls]
        self.notices = [_notice(each) for each in reading.notices]
        self.describe(reading)

    def describe(self, reading: Reading) -> None:
        """How its columns became fields."""
        self.cut_off = reading.header.cut_off
        self.settled = reading.settled
        self.mapping = [
            {
                "sheet": plan.sheet.name,
                "letter": column.letter,
                "heading": column.heading,
                "field": column.field,
                "how": column.how.value,
                "reason": spoken(column.reason),
                "sealed": column.sealed,
            }
            for plan in reading.plans
            for column in plan.mapping.columns
        ]
        self.missing = [field_.name for plan in reading.plans for field_ in plan.mapping.missing]

    def add_doubts(self, rows: Sequence[Row]) -> None:
        self.doubts.update(row["rule"] for row in rows)
        self.doubtful = [
            {key: row[key] for key in ("rule", "row", "number", "values", "matter_id")}
            for row in rows
        ]

    def add_repeats(self, rows: Iterable[Row]) -> None:
        self.repeats = [dict(row) for row in rows]
        self.repeat_count = len(self.repeats)

    def summary(self) -> Spoken:
        """For the batch's own row: everything but the rows."""
        return {
            "trial": self.trial,
            "same_file_at": self.same_file_at.isoformat() if self.same_file_at else None,
            "cut_off": self.cut_off.isoformat() if self.cut_off else None,
            "rows": self.rows,
            "accepted": self.accepted,
            "warned": self.warned,
            "rejected": self.rejected,
            "known": self.known,
            "doubts": dict(sorted(self.doubts.items())),
            "doubtful": _without(self.doubtful[:MOST_LISTED], "matter_id"),
            "repeats": self.repeat_count,
            "alike": _without(self.repeats[:MOST_LISTED], "matter_id", "other_id"),
            "controls": self.controls,
            "notices": self.notices,
            "mapping": self.mapping,
            "missing": self.missing,
            "settled": self.settled,
        }


def _without(rows: Sequence[Spoken], *keys: str) -> list[Spoken]:
    return [{key: value for key, value in row.items() if key not in keys} for row in rows]


def _finding(finding: CellFinding) -> Spoken:
    return {
        "column": finding.column,
        "field": finding.field,
        "value": finding.value,
        "withheld": finding.withheld,
        "severity": finding.severity.value,
        "code": finding.code,
        "reason": spoken(finding.reason),
        "todo": spoken(finding.todo),
    }


def _control(control: ControlTotal) -> Spoken:
    return {
        "sheet": control.source.sheet,
        "row": control.source.number,
        "label": control.label,
        "column": control.column,
        "field": control.field,
        "stated": str(control.stated),
        "computed": str(control.computed),
        "difference": str(control.difference),
        "unit": control.unit,
        "agrees": control.agrees or control.within_rounding,
    }


def _notice(notice: Notice) -> Spoken:
    return {
        "code": notice.code,
        "reason": spoken(notice.reason),
        "sheet": notice.sheet,
        "row": notice.row,
    }


def _with_findings(arrival: Arrival) -> Judged[Any]:
    """The row with everything that was said about it, for the workbook of rejected rows."""
    judged = arrival.judged
    return Judged(
        source=judged.source,
        cells=judged.cells,
        value=None,
        verdict=judged.verdict,
        findings=tuple(arrival.findings),
        doubts=(),
        fingerprint=judged.fingerprint,
    )
