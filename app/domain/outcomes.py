"""What can come of a matter for each of its subjects, and which of it weighs most.

The measures, their eligibility and impact periods are the profile's; here is only how they are
read. A village manager who is no public employee receives the warning, the demerit and the
major demerit at most; somebody who is no Party member no Party sanction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.deadlines import months_after
from app.domain.errors import N_, Reason
from app.domain.kinds import Kind
from app.domain.profile.model import Measure, Profile
from app.domain.workflow.facts import Subject, SubjectOutcome

SANCTIONS = ("party_sanction", "administrative_sanction")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A line of the picker: a measure, and why this subject can't receive it, if so."""

    key: str
    measure: Measure
    refused: Reason | None = None

    @property
    def allowed(self) -> bool:
        return self.refused is None


def choices(profile: Profile, kind: Kind, subject: Subject) -> tuple[Choice, ...]:
    """Every outcome that a matter of this kind decides, lightest first."""
    found = [(key, row) for key, row in profile.measures.items() if kind in row.at]
    return tuple(
        Choice(key=key, measure=row, refused=eligible(profile, subject, key))
        for key, row in sorted(found, key=lambda pair: (pair[1].weight, pair[0]))
    )


def eligible_sanctions(profile: Profile, subject: Subject) -> tuple[Choice, ...]:
    """The sanction picker: Party and administrative sanctions, with reasons."""
    every = choices(profile, Kind.CASE, subject)
    return tuple(choice for choice in every if choice.measure.kind in SANCTIONS)


def eligible(profile: Profile, subject: Subject, key: str) -> Reason | None:
    """Why this subject can't receive a measure; None if they can."""
    measure = profile.measures[key]
    if subject.organisation:
        return _for_organisations(measure)
    if measure.eligible is None:
        return None
    if measure.eligible == "party_member":
        return _for_members(subject)
    return _for_public_employees(profile, subject, measure)


def _for_organisations(measure: Measure) -> Reason | None:
    if measure.organisations or measure.kind in ("unfounded", "filed", "referred", "dismissed"):
        return None
    return Reason(N_("An organisation can't receive this."))


def _for_members(subject: Subject) -> Reason | None:
    if subject.member is None:
        return Reason(N_("Record first whether the person is a Party member."))
    if not subject.member:
        return Reason(N_("Only a Party member receives a Party sanction."))
    return None


def _for_public_employees(profile: Profile, subject: Subject, measure: Measure) -> Reason | None:
    if subject.public_employee:
        return None
    rank = profile.ranks.get(subject.rank or "")
    manager = rank is not None and rank.village_manager
    if manager and measure.eligible == "public_employee_or_village_manager":
        return None
    if subject.public_employee is None:
        return Reason(N_("Record first whether the person is a public employee."))
    if manager:
        return Reason(
            N_(
                "A village manager who is no public employee receives only the warning,"
                " the demerit and the major demerit."
            )
        )
    return Reason(N_("Only a public employee receives an administrative sanction."))


def heaviest(profile: Profile, keys: Iterable[str]) -> str | None:
    """The outcome that the matter follows; None without any."""
    known = [key for key in keys if key in profile.measures]
    return max(known, key=lambda key: (profile.measures[key].weight, key), default=None)


def impact_until(
    profile: Profile, key: str, decided_on: date, standing: Iterable[SubjectOutcome] = ()
) -> date | None:
    """The day that ends the period in which a measure weighs; None where it has none.

    A sanction that falls into the period of an earlier one of its family adds what remained of
    that; administrative ones stay within the profile's most.
    """
    measure = profile.measures[key]
    if measure.impact is None:
        return None
    until = months_after(decided_on, measure.impact)
    if measure.kind not in SANCTIONS:
        return until
    earlier = [
        each.impact_until
        for each in standing
        if each.kind == measure.kind and each.impact_until and each.impact_until > decided_on
    ]
    if earlier:
        until += max(earlier) - decided_on
    if measure.kind == "administrative_sanction" and profile.concurrent_most is not None:
        until = min(until, months_after(decided_on, profile.concurrent_most))
    return until


_NOTHING_CAME = frozenset({"unfounded", "dismissed"})


def gives_way(kind: Kind, former: str, decided: Collection[str]) -> bool:
    """Whether what was decided for somebody before gives way to what is decided now.

    A case is decided anew as a whole. On a lead, measures that were taken stay taken, unless it
    is now found that nothing was there; that nothing was found gives way to anything else.
    """
    if kind is Kind.CASE or _NOTHING_CAME & set(decided):
        return True
    return former in _NOTHING_CAME or (former in ("filed", "referred") and former in decided)


def form_of_handling(profile: Profile, keys: Iterable[str]) -> int | None:
    """Which of the four forms somebody's outcomes amount to: the highest."""
    forms = [profile.measures[key].form for key in keys if key in profile.measures]
    return max((form for form in forms if form is not None), default=None)
