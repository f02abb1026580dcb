"""Sanctions and handlings as ledgers write them, and who can't receive which (DOMAIN.md §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from app.domain.ledgers.people import Membership, Standing, Subject
from app.domain.ledgers.texts import is_unknown, narrow, squash, without_spaces
from app.domain.ledgers.vocabulary import vocabulary


class SanctionKind(StrEnum):
    PARTY = "party_sanction"
    ADMINISTRATIVE = "administrative_sanction"
    EXEMPTION = "exemption"


VILLAGE_MAY_RECEIVE = frozenset({"warning", "demerit", "major_demerit"})
"""What village staff who are no public employees can receive administratively."""

_YEARS = re.compile(r"(\d|一|二|两)年")
_NOT_A_SANCTION = re.compile(r"处分|给予|决定|受到|的|党纪|政务|行政|其|因此")


@dataclass(frozen=True, slots=True)
class Sanction:
    """`measure` is a key such as serious_warning; `subject` the index of the person. `years` of a
    probation, where stated. `decided_on` where the ledger has its own date."""

    kind: SanctionKind
    measure: str
    subject: int
    years: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """Organisational handling in a ledger's wide sense. `measure` and `subject` are None where
    the ledger only counts: then it stays a count, nobody is invented."""

    count: int
    measure: str | None = None
    subject: int | None = None


@lru_cache(maxsize=8192)
def sanctions_in(
    text: str, kind: SanctionKind | None
) -> tuple[tuple[SanctionKind, str, int | None], ...]:
    """All sanctions that one person's part of a cell names. `kind` is the column's; without it
    the words must tell (党内警告, 政务警告): a bare 警告 is the Party's."""
    plain = without_spaces(narrow(text))
    if is_unknown(plain):
        return ()
    found: list[tuple[SanctionKind, str, int | None]] = []
    if exempt := vocabulary("no_sanction").all_in(plain):
        spared = [key for key, _ in exempt if key == "exemption"]
        return tuple((SanctionKind.EXEMPTION, key, None) for key in spared)
    years = _years(plain)
    if kind is not None:
        words = vocabulary(kind.value).all_in(plain)
        return tuple((kind, key, years if key == "probation" else None) for key, _ in words)
    for key, word in vocabulary("party_sanction").all_in(plain):
        if not re.search(f"(?:政务|行政){word}", plain):
            found.append((SanctionKind.PARTY, key, years if key == "probation" else None))
    without_party = plain
    for word in ("开除党籍", "党内严重警告", "严重警告", "党内警告"):
        without_party = without_party.replace(word, "")
    for key, word in vocabulary("administrative_sanction").all_in(without_party):
        if word not in {"警告"} or re.search("(?:政务|行政)警告", without_party):
            found.append((SanctionKind.ADMINISTRATIVE, key, None))
    return tuple(found)


def _years(text: str) -> int | None:
    match = _YEARS.search(text)
    return {"1": 1, "一": 1, "2": 2, "二": 2, "两": 2}.get(match[1]) if match else None


def can_receive(subject: Subject, kind: SanctionKind, measure: str) -> bool:
    """False only where the row itself says so: what is unknown contradicts nothing."""
    if kind is SanctionKind.PARTY:
        return subject.membership is not Membership.NOT_MEMBER
    if kind is SanctionKind.ADMINISTRATIVE:
        return subject.standing is not Standing.VILLAGE or measure in VILLAGE_MAY_RECEIVE
    return True


_COUNTED = re.compile(r"(\d+)(?:人次|人|次|名)?")


def handlings_in(text: str) -> list[tuple[str, int]]:
    """批评教育2人、诫勉谈话1人次 → each measure with its count, one where none is written."""
    plain = squash(text)
    found: list[tuple[str, int]] = []
    for key, word in vocabulary("handling").all_in(plain):
        behind = plain[plain.find(word) + len(word) :]
        count = _COUNTED.match(behind)
        found.append((key, int(count[1]) if count else 1))
    return found
