"""Leads 问题线索: what a row of a ledger or of the standard register states, and its state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.errors import N_, Reason
from app.domain.ledgers.cells import Row
from app.domain.ledgers.findings import Problem, RowDoubt, Severity, Source
from app.domain.ledgers.header import Header
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.people import Subject
from app.domain.ledgers.records import record
from app.domain.ledgers.rows.agreement import check_person, check_report
from app.domain.ledgers.rows.outcomes import read_handlings, read_sanctions
from app.domain.ledgers.rows.subjects import read_rank, read_subjects, with_particulars
from app.domain.ledgers.sanctions import Handling, Sanction
from app.domain.ledgers.texts import one_line, squash
from app.domain.money import Money

INTAKES = ("collected", "confiscated", "restitution", "surrendered", "recovered_loss")
"""The five kinds of intake, as columns of the standard registers."""

_STEPS = frozenset({"approved_on", "filed_on", "closed_on", "sanctioned_on"})
METHODS = frozenset({"talk_letter", "verification", "hold", "close"})

NEVER = date.min
"""Stands for a required date that can't be read: the row is rejected then, and nobody sees it."""

OUT_OF_ORDER = Problem(
    "dates_out_of_order",
    Reason(N_("This date lies before the lead was received.")),
    Reason(N_("Look both dates up in the papers; the row is taken as written.")),
    Severity.WARNING,
)
AFTER_CUT_OFF = Problem(
    "date_after_cut_off",
    Reason(N_("This date lies after the day that the ledger's title says it goes up to.")),
    Reason(N_("Look the date up in the papers; the row is taken as written.")),
    Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An amount that a register states for a kind of intake, of one person where it has one."""

    kind: str
    amount: Money
    subject: int | None


def read_claims(row: Row, people: int) -> tuple[Claim, ...]:
    """The five columns of a standard register; zeros say nothing."""
    if row.sheet.at.keys().isdisjoint(INTAKES):
        return ()
    subject = 0 if people == 1 else None
    return tuple(
        Claim(kind, money, subject)
        for kind in INTAKES
        if (money := row.amount(kind)) is not None and money.fen
    )


@record
class LeadRow:
    """`recovered` and `returned` are the ledger's own statements: control totals, no postings.

    `disposal` is one of METHODS, or `referral`; None where the lead is not yet disposed of.
    `outcomes_on` is the day from which outcomes without a date of their own count.
    """

    source_row: Source
    number: str
    key: str
    received_on: date
    source: str | None
    source_text: str
    subjects: tuple[Subject, ...]
    problem: str
    campaign: str
    campaign_text: str
    amount: Money | None
    township: str
    village: str
    place: str
    disposal: str | None
    approver: str
    approved_on: date | None
    team: str
    handler: str
    filed_on: date | None
    case_number: str
    handlings: tuple[Handling, ...]
    sanctions: tuple[Sanction, ...]
    recovered: Money | None
    returned: Money | None
    claims: tuple[Claim, ...]
    closed_on: date | None
    outcomes_on: date | None
    reviewed: bool
    state: str
    case_state: str | None
    rank: str
    report: str
    reporting_unit: str
    organ: str
    remark: str

    @property
    def handled(self) -> bool:
        """With any disposal: the opposite of *not yet disposed of*."""
        return self.disposal is not None


def campaign_key(text: str) -> str:
    """林业“两补”, 林业'两补' and 林业两补 are one campaign."""
    return squash(text)


def lead_state(disposal: str | None, filed_on: date | None, closed_on: date | None) -> str:
    """By which a ledger's row becomes a matter. 已复核 is an event, not a state."""
    if filed_on is not None:
        return "filed"
    if disposal is None:
        return "closed" if closed_on else "registered"
    if disposal == "hold" and closed_on is None:
        return "held"
    if closed_on is not None or disposal == "close":
        return "closed"
    return {"talk_letter": "talk_letter", "referral": "referred"}.get(disposal, "verifying")


def case_state(filed_on: date | None, closed_on: date | None) -> str | None:
    """Of the case that a filed lead has."""
    if filed_on is None:
        return None
    return "closed" if closed_on else "investigating"


@dataclass(slots=True)
class _Course:
    """How far a row says that its lead came."""

    disposal: str | None
    approved_on: date | None
    filed_on: date | None
    closed_on: date | None
    sanctioned_on: date | None


def _read_course(row: Row) -> _Course:
    return _Course(
        disposal=row.choice("disposal", severity=Severity.ERROR),
        approved_on=row.date("approved_on"),
        filed_on=row.date("filed_on"),
        closed_on=row.date("closed_on"),
        sanctioned_on=row.date("sanctioned_on"),
    )


def _read_people(row: Row, township: str, village: str) -> tuple[Subject, ...]:
    subjects = read_subjects(row, (township + village, township, village))
    if row.has("subject_code") or row.has("sex") or row.has("born"):
        subjects = with_particulars(row, subjects)
        for subject in subjects:
            check_person(row, subject)
    return subjects


def _read_outcomes(
    row: Row, subjects: tuple[Subject, ...], course: _Course
) -> tuple[tuple[Handling, ...], tuple[Sanction, ...]]:
    handlings = read_handlings(row, subjects)
    sanctions = read_sanctions(row, subjects, course.sanctioned_on)
    if course.disposal == "hold" and (handlings or sanctions):
        row.doubts.append(RowDoubt("handling_on_held_lead"))
    if report := row.written("report"):
        check_report(row, report, subjects, filed_on=course.filed_on, sanctions=sanctions)
    return handlings, sanctions


def read_lead(row: Row, header: Header) -> LeadRow:
    number = row.number("number", required=True)
    received_on = row.date("received_on", required=True) or NEVER
    township, village = row.known_text("township"), row.known_text("village")
    subjects = _read_people(row, township, village)
    course = _read_course(row)
    handlings, sanctions = _read_outcomes(row, subjects, course)
    _check_order(row, header, received_on)
    campaign_text = one_line(row.known_text("campaign"))
    return LeadRow(
        source_row=row.source,
        number=number,
        key=number_key(number),
        received_on=received_on,
        source=row.choice("source"),
        source_text=row.known_text("source"),
        subjects=subjects,
        problem=row.known_text("problem"),
        campaign=campaign_key(campaign_text),
        campaign_text=campaign_text,
        amount=row.amount("amount", about=True),
        township=township,
        village=village,
        place=row.known_text("place"),
        disposal=course.disposal,
        approver=row.person("approver"),
        approved_on=course.approved_on,
        team=row.known_text("team"),
        handler=row.person("handler"),
        filed_on=course.filed_on,
        case_number=row.number("case_number"),
        handlings=handlings,
        sanctions=sanctions,
        recovered=row.amount("recovered"),
        returned=row.amount("returned"),
        claims=read_claims(row, len(subjects)),
        closed_on=course.closed_on,
        outcomes_on=course.sanctioned_on or course.closed_on or header.cut_off,
        reviewed=bool(row.flag("reviewed")),
        state=lead_state(course.disposal, course.filed_on, course.closed_on),
        case_state=case_state(course.filed_on, course.closed_on),
        rank=read_rank(row),
        report=row.text("report"),
        reporting_unit=row.known_text("reporting_unit") or header.office,
        organ=row.known_text("organ"),
        remark=row.known_text("remark"),
    )


def _check_order(row: Row, header: Header, received_on: date) -> None:
    for name, day in row.days.items():
        if name in _STEPS and day < received_on:
            row.find(name, OUT_OF_ORDER)
        if header.cut_off is not None and day > header.cut_off:
            row.find(name, AFTER_CUT_OFF)
