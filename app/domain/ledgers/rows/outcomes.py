"""What came of a row's people: sanctions and organisational handlings, whose, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.errors import N_, Reason
from app.domain.ledgers.amounts import NOT_A_COUNT, read_count
from app.domain.ledgers.cells import Row, unknown_word
from app.domain.ledgers.findings import Problem, RowDoubt, Severity
from app.domain.ledgers.people import Apart, Subject, apart
from app.domain.ledgers.sanctions import (
    Handling,
    Sanction,
    SanctionKind,
    can_receive,
    handlings_in,
    sanctions_in,
)
from app.domain.ledgers.texts import is_unknown, tidy
from app.domain.ledgers.vocabulary import vocabulary

WHOSE = Problem(
    "outcome_unclear",
    Reason(N_("The row has several people: whom this concerns can't be told.")),
    Reason(N_("Write the name before it: 张三：警告；李四：记过.")),
)
NOT_IN_ROW = Problem(
    "outcome_of_other",
    Reason(N_("Somebody is named here who is not among the people of this row.")),
    Reason(N_("Correct the name, or add the person to the people reported.")),
)

_COLUMNS: tuple[tuple[str, SanctionKind | None], ...] = (
    ("party_sanction", SanctionKind.PARTY),
    ("administrative_sanction", SanctionKind.ADMINISTRATIVE),
    ("sanction", None),
)


def read_sanctions(
    row: Row, subjects: Sequence[Subject], decided_on: date | None
) -> tuple[Sanction, ...]:
    """Each person's sanctions. One that the person can't receive is taken, and doubted."""
    found: list[Sanction] = []
    for name, kind in _COLUMNS:
        text = row.known_text(name) if row.has(name) else ""
        if not text:
            continue
        for index, words in _each(row, name, text, subjects):
            several = sanctions_in(words, kind)
            if not several and not _says_none(words):
                known = vocabulary(kind.value if kind else "party_sanction")
                row.find(name, unknown_word(known.examples(), Severity.ERROR))
            found += [
                Sanction(sort, measure, index, years, decided_on)
                for sort, measure, years in several
            ]
    for sanction in found:
        if not can_receive(subjects[sanction.subject], sanction.kind, sanction.measure):
            row.doubts.append(
                RowDoubt(
                    "sanction_not_eligible",
                    sanction.subject,
                    {"kind": sanction.kind.value, "measure": sanction.measure},
                )
            )
    return tuple(found)


def _says_none(words: str) -> bool:
    return is_unknown(words) or vocabulary("no_sanction").find(words) is not None


def _each(row: Row, name: str, text: str, subjects: Sequence[Subject]) -> list[tuple[int, str]]:
    """(person, words) for every part of the cell; unclear parts are findings."""
    if not subjects:
        row.find(name, NOT_IN_ROW)
        return []
    parts: Apart = apart(text, [subject.name for subject in subjects])
    if parts.others:
        row.find(name, NOT_IN_ROW)
    if parts.unclear:
        row.find(name, WHOSE)
    return [(index, words) for index, own in enumerate(parts.of) for words in own if words]


def read_handlings(row: Row, subjects: Sequence[Subject]) -> tuple[Handling, ...]:
    """A number stays a count. Words become measures, of a person where the cell says whose."""
    cell = row.raw("handlings")
    if cell is None or cell == "" or is_unknown(tidy(cell)):
        return ()
    count = read_count(cell)
    if isinstance(count, int):
        row.added["handlings"] = count
        return (Handling(count),) if count else ()
    found: list[Handling] = []
    parts = apart(tidy(cell), [subject.name for subject in subjects])
    for index, own in enumerate(parts.of):
        for words in own:
            found += [Handling(n, measure, index) for measure, n in handlings_in(words)]
    for words in parts.unclear:
        found += [Handling(n, measure) for measure, n in handlings_in(words)]
    if parts.others:
        row.find("handlings", NOT_IN_ROW)
    if not found and not parts.others:
        problem = unknown_word(vocabulary("handling").examples(), Severity.ERROR)
        row.find("handlings", NOT_A_COUNT if isinstance(cell, int | float) else problem)
    row.added["handlings"] = sum(handling.count for handling in found)
    return tuple(found)
