"""Cases 案件: the standard register, one row a case and person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from app.domain.ledgers.cells import Row
from app.domain.ledgers.findings import Source
from app.domain.ledgers.header import Header
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.people import Subject
from app.domain.ledgers.rows.agreement import check_person, check_report
from app.domain.ledgers.rows.leads import NEVER, Claim, campaign_key, read_claims
from app.domain.ledgers.rows.outcomes import read_handlings, read_sanctions
from app.domain.ledgers.rows.subjects import read_rank, read_subjects, with_particulars
from app.domain.ledgers.sanctions import Handling, Sanction
from app.domain.ledgers.texts import one_line


@dataclass(frozen=True, slots=True)
class CaseRow:
    """`claims` are amounts per kind, of this person: control totals until receipts come."""

    source_row: Source
    number: str
    key: str
    lead_number: str
    subjects: tuple[Subject, ...]
    age: int | None
    rank: str
    brief: str
    campaign: str
    campaign_text: str
    township: str
    village: str
    filed_on: date
    party_filed_on: date | None
    party_organ: str
    supervisory_filed_on: date | None
    supervisory_organ: str
    adjudication_accepted_on: date | None
    adjudicated_on: date | None
    adjudication_organ: str
    sanctions: tuple[Sanction, ...]
    handlings: tuple[Handling, ...]
    closed_on: date | None
    outcomes_on: date | None
    claims: tuple[Claim, ...]
    state: str
    reporting_unit: str
    remark: str


def register_state(
    accepted_on: date | None, adjudicated_on: date | None, decided: bool, closed_on: date | None
) -> str:
    """How far the register shows the case to be."""
    if closed_on is not None:
        return "closed"
    if adjudicated_on is not None and decided:
        return "decided"
    if accepted_on is not None or adjudicated_on is not None:
        return "adjudicating"
    return "investigating"


def _read_people(row: Row, township: str, village: str) -> tuple[Subject, ...]:
    row.text("subjects", required=True)
    subjects = read_subjects(row, (township + village, township, village))
    subjects = with_particulars(row, subjects)
    if len(subjects) == 1:
        eight_rules, confessed = row.flag("eight_rules"), row.flag("confessed")
        subjects = (replace(subjects[0], eight_rules=eight_rules, confessed=confessed),)
    for subject in subjects:
        check_person(row, subject)
    return subjects


def _read_filing(row: Row) -> tuple[date, date | None, date | None]:
    """(filed, by the Party's organ, by the supervisory one): one of the two may be all."""
    party, supervisory = row.date("party_filed_on"), row.date("supervisory_filed_on")
    earliest = min((day for day in (party, supervisory) if day), default=None)
    filed = row.date("filed_on", required=earliest is None)
    return filed or earliest or NEVER, party, supervisory


def read_case(row: Row, header: Header) -> CaseRow:
    number = row.number("number", required=True)
    filed_on, party_filed_on, supervisory_filed_on = _read_filing(row)
    township, village = row.known_text("township"), row.known_text("village")
    subjects = _read_people(row, township, village)
    accepted_on, adjudicated_on = row.date("adjudication_accepted_on"), row.date("adjudicated_on")
    closed_on, sanctioned_on = row.date("closed_on"), row.date("sanctioned_on")
    sanctions = read_sanctions(row, subjects, sanctioned_on or adjudicated_on)
    brief = row.text("brief")
    check_report(row, brief, subjects, filed_on=filed_on, sanctions=sanctions)
    campaign_text = one_line(row.known_text("campaign"))
    return CaseRow(
        source_row=row.source,
        number=number,
        key=number_key(number),
        lead_number=row.number("lead_number"),
        subjects=subjects,
        age=row.count("age"),
        rank=read_rank(row),
        brief=brief,
        campaign=campaign_key(campaign_text),
        campaign_text=campaign_text,
        township=township,
        village=village,
        filed_on=filed_on,
        party_filed_on=party_filed_on,
        party_organ=row.known_text("party_organ"),
        supervisory_filed_on=supervisory_filed_on,
        supervisory_organ=row.known_text("supervisory_organ"),
        adjudication_accepted_on=accepted_on,
        adjudicated_on=adjudicated_on,
        adjudication_organ=row.known_text("adjudication_organ"),
        sanctions=sanctions,
        handlings=read_handlings(row, subjects),
        closed_on=closed_on,
        outcomes_on=sanctioned_on or adjudicated_on or closed_on or header.cut_off,
        claims=read_claims(row, len(subjects)),
        state=register_state(accepted_on, adjudicated_on, bool(sanctions), closed_on),
        reporting_unit=row.known_text("reporting_unit") or header.office,
        remark=row.known_text("remark"),
    )
