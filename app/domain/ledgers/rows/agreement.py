"""Whether a register's fields agree with its own report's text and with the identity number.

Offices check this by hand: name, sex, birthday, Party membership, filing date, sanction. Only
what the text says plainly is compared; a difference is a warning, the row is taken as written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from app.domain.errors import N_, Reason
from app.domain.ledgers.cells import Row
from app.domain.ledgers.dates import DateRules, read_date
from app.domain.ledgers.findings import Problem, Severity
from app.domain.ledgers.people import Membership, Subject
from app.domain.ledgers.sanctions import Sanction, SanctionKind, sanctions_in
from app.domain.ledgers.texts import narrow, without_spaces

_SEX = re.compile(r"[,，、;；(（](男|女)[,，、;；)）]")
_BORN = re.compile(r"(\d{4})年(\d{1,2})月(?:\d{1,2}日)?(?:出生|生)")
_JOINED = re.compile(r"(\d{4})年(\d{1,2})月(?:\d{1,2}日)?(?:加入中国共产党|入党)")
_NOT_MEMBER = re.compile(r"非中共党员|非党员|[,，、;；]群众[,，、;；]")
_MEMBER = re.compile(r"(?<!非)(?:中共党员|中国共产党党员)|加入中国共产党")
_FILED = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日)[^。;；]{0,20}?立案")
_GIVEN = re.compile(r"(?:给予|受到|决定给予)([^。;；]{0,40}?)处分")


def _differs(said: str) -> Problem:
    return Problem(
        "report_differs",
        Reason(N_("The report's text says “{said}”."), {"said": said}),
        Reason(N_("Compare the field with the report and correct the one that is wrong.")),
        Severity.WARNING,
    )


NAME_MISSING = Problem(
    "report_other_person",
    Reason(N_("This name doesn't occur in the report's text.")),
    Reason(N_("Compare the field with the report and correct the one that is wrong.")),
    Severity.WARNING,
)
NUMBER_SAYS_SEX = Problem(
    "identity_other_sex",
    Reason(N_("The identity number belongs to the other sex.")),
    Reason(N_("Compare both with the papers and correct the one that is wrong.")),
    Severity.WARNING,
)
NUMBER_SAYS_BORN = Problem(
    "identity_other_birthday",
    Reason(N_("The identity number has another month of birth.")),
    Reason(N_("Compare both with the papers and correct the one that is wrong.")),
    Severity.WARNING,
)


def check_person(row: Row, subject: Subject) -> None:
    """The columns about a person against the identity number."""
    if subject.identity is None:
        return
    if subject.male is not None and subject.male is not subject.identity.male:
        row.find("sex", NUMBER_SAYS_SEX)
    if subject.born and subject.born != subject.identity.born_on.isoformat()[:7]:
        row.find("born", NUMBER_SAYS_BORN)


def check_report(
    row: Row,
    report: str,
    subjects: Sequence[Subject],
    *,
    filed_on: date | None,
    sanctions: Sequence[Sanction],
) -> None:
    """The columns against the report's text, where the row has one of one person."""
    if len(subjects) != 1 or len(report) < 20:
        return
    text, subject = without_spaces(narrow(report)), subjects[0]
    if subject.name not in text:
        row.find("subjects", NAME_MISSING)
        return
    _check_sex(row, text, subject)
    _check_month(row, "born", _BORN, text, subject.born)
    _check_month(row, "joined_party", _JOINED, text, subject.joined_party)
    _check_membership(row, text, subject)
    _check_filing(row, text, filed_on)
    _check_sanctions(row, text, sanctions)


def _check_sex(row: Row, text: str, subject: Subject) -> None:
    said = _SEX.search(text)
    if said and subject.male is not None and (said[1] == "男") is not subject.male:
        row.find("sex", _differs(said[1]))


def _check_month(row: Row, field: str, pattern: re.Pattern[str], text: str, stated: str) -> None:
    said = pattern.search(text)
    if said and stated and stated != f"{said[1]}-{int(said[2]):02}":
        row.find(field, _differs(f"{said[1]}年{said[2]}月"))


def _check_membership(row: Row, text: str, subject: Subject) -> None:
    if said := _NOT_MEMBER.search(text):
        if subject.membership is Membership.MEMBER:
            row.find("membership", _differs(said[0].strip(",，、;；")))
    elif (said := _MEMBER.search(text)) and subject.membership is Membership.NOT_MEMBER:
        row.find("membership", _differs(said[0]))


def _check_filing(row: Row, text: str, filed_on: date | None) -> None:
    said = _FILED.search(text)
    if said is None or filed_on is None or not row.has("filed_on"):
        return
    day = read_date(said[1], DateRules(date.max))
    if isinstance(day, date) and day != filed_on:
        row.find("filed_on", _differs(said[1]))


def _check_sanctions(row: Row, text: str, sanctions: Sequence[Sanction]) -> None:
    said = {
        (kind, measure)
        for match in _GIVEN.finditer(text)
        for kind, measure, _ in sanctions_in(match[1], None)
    }
    if not said:
        return
    for kind, column in (
        (SanctionKind.PARTY, "party_sanction"),
        (SanctionKind.ADMINISTRATIVE, "administrative_sanction"),
    ):
        own = {s.measure for s in sanctions if s.kind is kind}
        theirs = {measure for sort, measure in said if sort is kind}
        if theirs and own != theirs and row.has(column):
            words = "、".join(match[1] for match in _GIVEN.finditer(text))
            row.find(column, _differs(words))
