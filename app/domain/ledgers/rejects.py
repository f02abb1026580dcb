"""Rejected rows as the office wrote them, with why and what to do beside each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.errors import N_, Reason
from app.domain.ledgers.families import ADDED_HEADINGS, FieldKind
from app.domain.ledgers.findings import CellFinding, Judged, Severity
from app.domain.ledgers.opening import SheetPlan
from app.domain.ledgers.reading import Reading
from app.domain.ledgers.texts import Cell

Say = Callable[[Reason], str]
"""Puts a reason into the reader's language."""

_TYPED_DIGITS = frozenset({FieldKind.IDENTITY, FieldKind.NUMBER, FieldKind.CODE, FieldKind.PHONE})


@dataclass(frozen=True, slots=True)
class RejectedRow:
    cells: tuple[Cell, ...]
    marked: frozenset[int]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RejectSheet:
    """What `app.core.workbooks.write_rejects` takes."""

    name: str
    above: tuple[tuple[Cell, ...], ...]
    headings: tuple[tuple[Cell, ...], ...]
    added: tuple[str, ...]
    rows: tuple[RejectedRow, ...]
    text_columns: frozenset[int]


def reject_sheets(
    reading: Reading, rejected: Iterable[Judged[Any]], say: Say, *, include_sealed: bool
) -> list[RejectSheet]:
    """A sheet for each of the ledger's that has rejected rows. Cells that tell who reported, and
    columns that nobody explained where reporters occur, are left empty unless `include_sealed`:
    that is for the intake officer who uploaded the file."""
    rows: dict[str, list[Judged[Any]]] = defaultdict(list)
    for judged in rejected:
        rows[judged.source.sheet].append(judged)
    return [
        _sheet(reading, plan, rows[plan.sheet.name], say, include_sealed=include_sealed)
        for plan in reading.plans
        if rows.get(plan.sheet.name)
    ]


def _sheet(
    reading: Reading,
    plan: SheetPlan,
    rejected: list[Judged[Any]],
    say: Say,
    *,
    include_sealed: bool,
) -> RejectSheet:
    hidden = frozenset() if include_sealed else plan.mapping.sealed_columns()
    by_heading = {c.field: c.index for c in plan.mapping.columns if c.field}
    kinds = {c.index: reading.fields.by_name[c.field].kind for c in plan.mapping.columns if c.field}
    return RejectSheet(
        name=plan.sheet.name,
        above=plan.above,
        headings=plan.headings,
        added=tuple(say(Reason(heading)) for heading in ADDED_HEADINGS),
        rows=tuple(_row(judged, by_heading, hidden, say) for judged in rejected),
        text_columns=frozenset(index for index, kind in kinds.items() if kind in _TYPED_DIGITS),
    )


def _row(
    judged: Judged[Any], columns: dict[str, int], hidden: frozenset[int], say: Say
) -> RejectedRow:
    errors = [f for f in judged.findings if f.severity is Severity.ERROR]
    return RejectedRow(
        cells=tuple("" if index in hidden else cell for index, cell in enumerate(judged.cells)),
        marked=frozenset(columns[f.field] for f in errors if f.field in columns),
        said=(
            "\n".join(_why(finding, say) for finding in errors),
            "\n".join(dict.fromkeys(say(finding.todo) for finding in errors)),
            str(judged.source.number),
        ),
    )


_AT = N_("{column}: {reason}")
_AT_VALUE = N_("{column} “{value}”: {reason}")


def _why(finding: CellFinding, say: Say) -> str:
    reason = say(finding.reason)
    if not finding.column:
        return reason
    values = {"column": finding.column, "value": finding.value, "reason": reason}
    return say(Reason(_AT_VALUE if finding.value else _AT, values))
