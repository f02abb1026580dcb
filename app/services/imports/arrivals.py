"""Rows on their way in: what was said about each by its ledger, and what becomes of it."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.domain.ledgers.families import Family
from app.domain.ledgers.findings import CellFinding, Judged, Problem, Severity, Verdict
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.reading import Reading
from app.domain.ledgers.texts import shortened, tidy

# Where two equal rows of one file can both be true: two payments alike on one day.
_MAY_REPEAT = frozenset({Family.BANK, Family.RETURNS})
_SEVERAL_ROWS = frozenset({Family.LEADS, Family.CASES})


@dataclass(slots=True)
class Arrival:
    """A judged row. `known` means that the same row was imported before; `met` is the matter on
    record that something was said about it for."""

    judged: Judged[Any]
    row_hash: bytes
    known: bool = False
    said: list[CellFinding] = field(default_factory=list)
    matter_id: UUID | None = None
    target_id: UUID | None = None
    met: UUID | None = None

    @property
    def tells_of(self) -> UUID | None:
        """The matter that whoever reads of this row learns of."""
        return self.met or self.matter_id

    @property
    def value(self) -> Any:
        return self.judged.value

    @property
    def findings(self) -> list[CellFinding]:
        return [*self.judged.findings, *self.said]

    @property
    def rejected(self) -> bool:
        return self.judged.verdict is Verdict.REJECTED or any(
            finding.severity is Severity.ERROR for finding in self.said
        )

    @property
    def verdict(self) -> str:
        if self.rejected:
            return Verdict.REJECTED.value
        if self.known:
            return "known"
        if self.said or self.judged.findings or self.judged.doubts:
            return Verdict.WARNED.value
        return Verdict.ACCEPTED.value


class Desk:
    """Says something about a row in the words of its own ledger: heading, cell, value."""

    def __init__(self, reading: Reading) -> None:
        self._fields = reading.fields.by_name
        self._columns = {plan.sheet.name: plan.mapping.fields for plan in reading.plans}

    def say(self, arrival: Arrival, field_name: str, problem: Problem) -> None:
        """Note a problem about one of the row's cells. What a sealed cell holds is withheld."""
        source = arrival.judged.source
        column = self._columns[source.sheet].get(field_name)
        known = self._fields.get(field_name)
        withheld = known is not None and known.withheld
        value = ""
        if column is not None and not withheld:
            value = shortened(tidy(arrival.judged.cells[column.index]))
        heading = column.heading if column else known.headings[0] if known else ""
        arrival.said.append(CellFinding(source, heading, field_name, value, problem, withheld))

    def number(self, judged: Judged[Any]) -> str:
        """The key of the number that a row has, also where the row is rejected."""
        column = self._columns[judged.source.sheet].get("number")
        return number_key(tidy(judged.cells[column.index])) if column else ""


class Hashes:
    """Tells rows apart: equal content is one row, unless the family can have it twice."""

    def __init__(self, family: Family, context: str) -> None:
        self._repeat = family in _MAY_REPEAT
        self._context = context
        self._seen: Counter[bytes] = Counter()

    def of(self, judged: Judged[Any]) -> tuple[bytes, bool]:
        """(hash, whether the same row stood in this ledger before)."""
        found = judged.fingerprint
        if self._context:
            found = hashlib.sha256(self._context.encode() + found).digest()
        before = self._seen[found]
        self._seen[found] += 1
        if before and self._repeat:
            return hashlib.sha256(found + before.to_bytes(4, "big")).digest(), False
        return found, bool(before)


class Gathering:
    """Holds rows of one matter back until all of them are there.

    A first look over the numbers alone says how many rows each matter has; a ledger with one row
    a matter holds nothing back.
    """

    def __init__(self, reading: Reading) -> None:
        self._expected: dict[str, int] = {}
        self._waiting: dict[str, list[Arrival]] = defaultdict(list)
        if reading.family in _SEVERAL_ROWS:
            counts = Counter(_numbers(reading))
            self._expected = {key: count for key, count in counts.items() if count > 1}

    def take(self, key: str, arrival: Arrival) -> list[Arrival] | None:
        """All rows of the matter once the last of them has come, else None."""
        expected = self._expected.get(key, 1) if key else 1
        if expected == 1:
            return [arrival]
        waiting = self._waiting[key]
        waiting.append(arrival)
        if len(waiting) < expected:
            return None
        return self._waiting.pop(key)

    def rest(self) -> Iterator[list[Arrival]]:
        """Those that fewer rows came for than the first look expected."""
        groups = list(self._waiting.values())
        self._waiting.clear()
        yield from groups


def _numbers(reading: Reading) -> Iterator[str]:
    """The key of each row's number; a row without one goes with the row above."""
    for plan in reading.plans:
        column = plan.mapping.fields.get("number")
        if column is None:
            continue
        last = ""
        for at, cells in enumerate(plan.sheet.rows, 1):
            if at <= plan.mapping.last_row or column.index >= len(cells):
                continue
            last = number_key(tidy(cells[column.index])) or last
            if last and any(cell != "" and cell is not None for cell in cells):
                yield last


def tell_apart(group: Sequence[Arrival]) -> list[list[Arrival]]:
    """Rows with one number that tell of different matters: a register repeats what the matter is
    and adds a person; a number typed twice by mistake comes with another day and another text."""
    first = group[0].value
    same = [
        arrival
        for arrival in group
        if arrival.value is None
        or arrival is group[0]
        or first is None
        or _is_same_matter(first, arrival.value)
    ]
    others = [arrival for arrival in group if arrival not in same]
    return [same, others] if others else [same]


def _is_same_matter(first: Any, other: Any) -> bool:
    if any(subject.code for subject in other.subjects):
        return True
    day = "received_on" if hasattr(first, "received_on") else "filed_on"
    text = "problem" if hasattr(first, "problem") else "brief"
    return any(getattr(first, name) == getattr(other, name) for name in (day, text))
