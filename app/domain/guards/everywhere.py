"""Guards that any kind of matter may need."""

from __future__ import annotations

from app.domain.errors import N_, Reason
from app.domain.guards.situation import Situation, missing
from app.domain.kinds import Kind


def described(it: Situation) -> Reason | None:
    """Source, date, what and where; the person may be unknown."""
    facts = it.facts
    if facts.source and facts.received_on and facts.what and facts.place:
        return None
    return missing(N_("Source, date, what is alleged and the place have to be stated."))


PAPER_ONLY = Reason(
    N_("A person managed by a higher body is reported on paper, sealed, and not here.")
)


def not_paper_only(it: Situation) -> Reason | None:
    """Reports about officials managed by a higher body never enter the platform."""
    ranks = [it.profile.ranks.get(subject.rank or "") for subject in it.facts.subjects]
    if it.facts.superior_managed or any(rank is not None and rank.paper_only for rank in ranks):
        return PAPER_ONLY
    return None


def repeats_decided(it: Situation) -> Reason | None:
    if it.facts.repeats_checked:
        return None
    return missing(N_("Possible repeats wait to be decided."))


def subjects_coded(it: Situation) -> Reason | None:
    if all(subject.code for subject in it.facts.subjects):
        return None
    return missing(N_("Each person reported needs a code of their own."))


def someone_reported(it: Situation) -> Reason | None:
    if it.facts.subjects:
        return None
    return missing(N_("Name at least one person or organisation: the result is decided for each."))


def several_subjects(it: Situation) -> Reason | None:
    if len(it.facts.subjects) > 1:
        return None
    return missing(N_("Only a matter about several people can be split."))


def team_big_enough(it: Situation) -> Reason | None:
    least = it.profile.limits.get("team_least", 1)
    if len({member.account_id for member in it.snapshot.team}) >= least:
        return None
    return missing(N_("The team needs at least {least} members."), least=least)


def tasks_done(it: Situation) -> Reason | None:
    owed = len(it.facts.tasks)
    if owed == 0:
        return None
    return missing(N_("What is still owed to people comes first: {count} open."), count=owed)


def nobody_signed(it: Situation) -> Reason | None:
    request = it.snapshot.request
    if request is None:
        return missing(N_("No request waits."))
    if request.signatures:
        return missing(N_("Somebody has signed it: it can only be returned."))
    return None


def nothing_rests_on_it(it: Situation) -> Reason | None:
    if it.facts.resting:
        return missing(N_("Links, money or outcomes rest on it: it can't be voided."))
    return None


def is_suspended(it: Situation) -> bool:
    """A suspension is a clock: it ends on the day when the matter must be looked at again."""
    return it.snapshot.clock("suspension") is not None


def limit_extendable(it: Situation) -> Reason | None:
    """Before expiry, and as often as its rule allows."""
    if extendable(it):
        return None
    return missing(N_("No limit that runs here can be extended: none allows it, or all are used."))


def extendable(it: Situation) -> tuple[str, ...]:
    """The running limits that can be lengthened: asked for before expiry, also if signed later."""
    rules = it.machine.clocks
    asked = it.snapshot.request is not None and it.snapshot.request.event == "extend"
    return tuple(
        clock.rule
        for clock in it.snapshot.clocks
        if clock.rule in rules
        and (extension := rules[clock.rule].extension) is not None
        and clock.extensions < extension.times
        and (asked or it.today <= clock.due_on)
    )


def no_open_case(it: Situation) -> Reason | None:
    if any(not case.closed for case in it.facts.cases if case.kind is Kind.CASE):
        return missing(N_("The case that was filed on it is still open: work on that."))
    return None


GUARDS = {
    each.__name__: each
    for each in (
        described,
        not_paper_only,
        repeats_decided,
        subjects_coded,
        someone_reported,
        several_subjects,
        team_big_enough,
        tasks_done,
        nobody_signed,
        nothing_rests_on_it,
        limit_extendable,
        no_open_case,
    )
}
