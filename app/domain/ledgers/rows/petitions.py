"""Petitions 信访件. Who reported is carried in one sealed place and nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from app.domain.errors import N_, Reason
from app.domain.ledgers.cells import Row
from app.domain.ledgers.findings import Problem, Severity, Source
from app.domain.ledgers.header import Header
from app.domain.ledgers.numbers import is_like_a_number, number_key, tidy_number
from app.domain.ledgers.people import Subject
from app.domain.ledgers.rows.leads import NEVER, campaign_key
from app.domain.ledgers.rows.subjects import read_subjects
from app.domain.ledgers.texts import is_unknown, one_line
from app.domain.ledgers.vocabulary import vocabulary

_NOBODY = frozenset({"匿名举报", "匿名信", "群众", "村民", "部分群众", "部分村民"})

NAMED_ANYWAY = Problem(
    "anonymous_with_name",
    Reason(N_("The row says anonymous, yet names somebody. The name is sealed all the same.")),
    Reason(N_("Correct one of the two cells if it is a mistake.")),
    Severity.WARNING,
)
NOT_NAMED = Problem(
    "named_without_name",
    Reason(N_("The row says that the report is signed, but no name stands there.")),
    Reason(N_("Add the name to the sealed contact when it is found: a notice is owed.")),
    Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class SealedReporter:
    """Who reported, and how to reach them. Never shown, compared, hashed or put in a finding."""

    name: str = field(repr=False)
    contact: str = field(repr=False)
    address: str = field(repr=False)
    identity: str = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.name or self.contact or self.address or self.identity)


@dataclass(frozen=True, slots=True)
class PetitionRow:
    """`repeat_of` is the first petition's number where the ledger gives it."""

    source_row: Source
    number: str
    key: str
    received_on: date
    channel: str
    channel_text: str
    named: bool
    reporter: SealedReporter = field(repr=False)
    subjects: tuple[Subject, ...]
    content: str = field(repr=False)
    petition_class: str
    campaign: str
    campaign_text: str
    place: str
    township: str
    village: str
    repeat: bool
    repeat_of: str
    leader: str
    handling_unit: str
    result: str | None
    result_text: str
    closed_on: date | None
    state: str
    remark: str = field(repr=False)


def petition_state(repeat: bool, result: str | None, closed_on: date | None) -> str:
    if repeat:
        return "repeat_filed"
    if result is None:
        return "closed" if closed_on else "registered"
    return result


def read_petition(row: Row, header: Header) -> PetitionRow:  # noqa: ARG001
    number = row.number("number", required=True)
    content = row.text("content", required=True)
    reporter = _reporter(row)
    township, village = row.known_text("township"), row.known_text("village")
    place = row.known_text("place")
    repeat, repeat_of = _repeat(row, number)
    result, closed_on = row.choice("result"), row.date("closed_on")
    campaign_text = one_line(row.known_text("campaign"))
    return PetitionRow(
        source_row=row.source,
        number=number,
        key=number_key(number),
        received_on=row.date("received_on", required=True) or NEVER,
        channel=row.choice("channel") or "other",
        channel_text=row.known_text("channel"),
        named=_named(row, reporter),
        reporter=reporter,
        subjects=read_subjects(row, (township + village, township, village, place)),
        content=content,
        petition_class=row.choice("petition_class") or "report",
        campaign=campaign_key(campaign_text),
        campaign_text=campaign_text,
        place=place,
        township=township,
        village=village,
        repeat=repeat,
        repeat_of=repeat_of,
        leader=row.person("leader"),
        handling_unit=row.known_text("handling_unit"),
        result=result,
        result_text=row.known_text("result"),
        closed_on=closed_on,
        state=petition_state(repeat, result, closed_on),
        remark=row.known_text("remark"),
    )


def _reporter(row: Row) -> SealedReporter:
    name = row.person("reporter")
    return SealedReporter(
        "" if name in _NOBODY else name,
        row.known_text("reporter_contact"),
        row.known_text("reporter_address"),
        row.known_text("reporter_identity"),
    )


def _named(row: Row, reporter: SealedReporter) -> bool:
    """As the ledger says; where it doesn't, whether somebody is named."""
    said = row.flag("named")
    if said is None:
        return bool(reporter.name)
    if said and row.has("reporter") and not reporter.name:
        row.find("named", NOT_NAMED)
    if not said and reporter.name:
        row.find("named", NAMED_ANYWAY)
    return said


def _repeat(row: Row, number: str) -> tuple[bool, str]:
    """是, or the number of the petition that it repeats; 第3次 is a repeat too."""
    text = row.written("repeat")
    if is_unknown(text):
        return False, ""
    key = vocabulary("flag").exactly(text)
    if key is not None:
        return key == "yes", ""
    if is_like_a_number(text):
        first = tidy_number(text)
        return number_key(first) != number_key(number), first
    if re.search(r"重复|重信|重访|多次|第[二三四五六七八九十\d]+次", text):
        return not re.search(r"非重复|不重复|初次|首次", text), ""
    return row.flag("repeat") or False, ""
