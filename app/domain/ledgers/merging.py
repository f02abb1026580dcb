"""Several rows that make one lead or one case: registers have one row a matter and person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

from app.domain.errors import N_, Reason
from app.domain.ledgers.findings import CellFinding, Problem, Severity, Source
from app.domain.ledgers.people import Subject
from app.domain.ledgers.rows.cases import CaseRow, register_state
from app.domain.ledgers.rows.leads import Claim, LeadRow, case_state
from app.domain.ledgers.sanctions import Handling, Sanction
from app.domain.money import Money

RowT = TypeVar("RowT", LeadRow, CaseRow)

ROWS_DISAGREE = Problem(
    "rows_disagree",
    Reason(N_("Rows of one matter differ here; the earliest date and the first text are taken.")),
    Reason(N_("Compare the rows with the papers and correct the matter.")),
    Severity.WARNING,
)

_HEAVIEST_FIRST = ("verification", "talk_letter", "hold", "referral", "close")
_STATES = ("filed", "verifying", "talk_letter", "held", "registered", "referred", "closed")
CASE_STATES = ("investigating", "adjudicating", "decided", "closed")
_LEAD_FACTS = ("received_on", "problem", "campaign", "source", "township", "village", "filed_on")
_CASE_FACTS = ("filed_on", "campaign", "lead_number", "township", "village")


@dataclass(frozen=True)
class Merged(Generic[RowT]):
    """`value` is the whole matter. `disposals` are each subject's, in a lead's register."""

    value: RowT
    rows: tuple[Source, ...]
    findings: tuple[CellFinding, ...]
    disposals: tuple[str | None, ...] = ()


def merge_leads(rows: Sequence[LeadRow]) -> Merged[LeadRow]:
    """One lead: its subjects with their outcomes; filed if any is, closed only if all are. The
    disposal is the heaviest. Money is added up, except an estimate that every row repeats."""
    first = rows[0]
    people = _People()
    for row in rows:
        sanctions = [_dated(sanction, row.outcomes_on) for sanction in row.sanctions]
        people.add(row.subjects, sanctions, row.handlings, row.claims, row.disposal)
    filed_on = min((row.filed_on for row in rows if row.filed_on), default=None)
    closed_on = _last_if_all([row.closed_on for row in rows])
    disposals = {row.disposal for row in rows}
    value = replace(
        first,
        received_on=min(row.received_on for row in rows),
        subjects=tuple(people.subjects),
        sanctions=tuple(people.sanctions),
        handlings=tuple(people.handlings),
        claims=tuple(people.claims),
        amount=_estimate([row.amount for row in rows]),
        recovered=_sum([row.recovered for row in rows]),
        returned=_sum([row.returned for row in rows]),
        disposal=next((method for method in _HEAVIEST_FIRST if method in disposals), None),
        filed_on=filed_on,
        closed_on=closed_on,
        outcomes_on=max((row.outcomes_on for row in rows if row.outcomes_on), default=None),
        reviewed=all(row.reviewed for row in rows),
        state=min((row.state for row in rows), key=_STATES.index),
        case_state=case_state(filed_on, closed_on),
        report="\n".join(dict.fromkeys(row.report for row in rows if row.report)),
        remark="\n".join(dict.fromkeys(row.remark for row in rows if row.remark)),
    )
    return Merged(value, _sources(rows), _disagreements(rows, _LEAD_FACTS), tuple(people.disposals))


def merge_cases(rows: Sequence[CaseRow]) -> Merged[CaseRow]:
    """One case: its people with their outcomes; closed only if it is for all."""
    first = rows[0]
    people = _People()
    for row in rows:
        sanctions = [_dated(sanction, row.outcomes_on) for sanction in row.sanctions]
        people.add(row.subjects, sanctions, row.handlings, row.claims, None)
    closed_on = _last_if_all([row.closed_on for row in rows])
    state = min((row.state for row in rows), key=CASE_STATES.index)
    accepted_on = min(
        (row.adjudication_accepted_on for row in rows if row.adjudication_accepted_on), default=None
    )
    adjudicated_on = _last_if_all([row.adjudicated_on for row in rows])
    value = replace(
        first,
        filed_on=min(row.filed_on for row in rows),
        subjects=tuple(people.subjects),
        sanctions=tuple(people.sanctions),
        handlings=tuple(people.handlings),
        claims=tuple(people.claims),
        adjudication_accepted_on=accepted_on,
        adjudicated_on=adjudicated_on,
        closed_on=closed_on,
        outcomes_on=max((row.outcomes_on for row in rows if row.outcomes_on), default=None),
        state=min(
            state,
            register_state(accepted_on, adjudicated_on, bool(people.sanctions), closed_on),
            key=CASE_STATES.index,
        ),
        brief="\n".join(dict.fromkeys(row.brief for row in rows if row.brief)),
        remark="\n".join(dict.fromkeys(row.remark for row in rows if row.remark)),
    )
    return Merged(value, _sources(rows), _disagreements(rows, _CASE_FACTS))


def _dated(sanction: Sanction, outcomes_on: date | None) -> Sanction:
    """Each row's outcomes count from its own day: the merged matter has only one."""
    return replace(sanction, decided_on=sanction.decided_on or outcomes_on)


class _People:
    """Subjects of all rows, each once, with what is theirs."""

    def __init__(self) -> None:
        self.subjects: list[Subject] = []
        self.sanctions: list[Sanction] = []
        self.handlings: list[Handling] = []
        self.claims: list[Claim] = []
        self.disposals: list[str | None] = []

    def add(
        self,
        subjects: Sequence[Subject],
        sanctions: Sequence[Sanction],
        handlings: Sequence[Handling],
        claims: Sequence[Claim],
        disposal: str | None,
    ) -> None:
        place = [self._place_of(subject, disposal) for subject in subjects]
        for sanction in sanctions:
            moved = replace(sanction, subject=place[sanction.subject])
            if moved not in self.sanctions:
                self.sanctions.append(moved)
        only = place[0] if len(place) == 1 else None
        self.handlings += [
            replace(one, subject=only if one.subject is None else place[one.subject])
            for one in handlings
        ]
        self.claims += [
            replace(one, subject=None if one.subject is None else place[one.subject])
            for one in claims
        ]

    def _place_of(self, subject: Subject, disposal: str | None) -> int:
        for index, known in enumerate(self.subjects):
            if _same(known, subject):
                return index
        self.subjects.append(subject)
        self.disposals.append(disposal)
        return len(self.subjects) - 1


def _same(one: Subject, other: Subject) -> bool:
    if one.code and other.code:
        return one.code == other.code
    if one.identity and other.identity:
        return one.identity == other.identity
    return one.name == other.name and (not one.post or not other.post or one.post == other.post)


def _sources(rows: Sequence[LeadRow] | Sequence[CaseRow]) -> tuple[Source, ...]:
    return tuple(row.source_row for row in rows)


def _disagreements(
    rows: Sequence[LeadRow] | Sequence[CaseRow], facts: Iterable[str]
) -> tuple[CellFinding, ...]:
    return tuple(
        CellFinding(rows[-1].source_row, "", fact, "", ROWS_DISAGREE)
        for fact in facts
        if len({value for row in rows if (value := getattr(row, fact))}) > 1
    )


def _last_if_all(days: Sequence[date | None]) -> date | None:
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _sum(amounts: Sequence[Money | None]) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Money.zero()) if known else None


def _estimate(amounts: Sequence[Money | None]) -> Money | None:
    """Every row may repeat the lead's estimate, or give its own person's part of it."""
    known = [amount for amount in amounts if amount is not None]
    if len(known) == len(amounts) and len(set(known)) == 1:
        return known[0]
    return _sum(known)
