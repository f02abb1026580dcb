"""Guards of leads and cases: fairness to the person, and what a committee needs to decide."""

from __future__ import annotations

from app.domain.errors import N_, Reason
from app.domain.guards.situation import Situation, missing


def hold_renewable(it: Situation) -> Reason | None:
    most = it.profile.limits.get("hold_renewals", 0)
    if it.facts.renewals < most:
        return None
    return missing(N_("A hold is renewed {most} times at most: verify or close it now."), most=most)


def no_lead(it: Situation) -> Reason | None:
    if it.facts.leads:
        return missing(N_("There is a lead: the case is filed by approving the lead's result."))
    return None


def statements_answered(it: Situation) -> Reason | None:
    """The facts are shown to each person, what they say is heard, and it is answered."""
    if not it.facts.subjects:
        return missing(N_("Nobody is named whose statement could be heard."))
    silent = sum(1 for subject in it.facts.subjects if not subject.statement)
    if silent:
        return missing(N_("Statements to the facts that are not recorded: {count}."), count=silent)
    unanswered = sum(1 for subject in it.facts.subjects if not subject.answered)
    if unanswered:
        return missing(N_("Statements that have no answer yet: {count}."), count=unanswered)
    return None


def not_yet_sent(it: Situation) -> Reason | None:
    if it.facts.prosecution in ("sent", "decided"):
        return missing(N_("It was sent for prosecution already."))
    return None


def sent_for_prosecution(it: Situation) -> Reason | None:
    if it.facts.prosecution == "sent":
        return None
    return missing(N_("It is not with the procuratorate."))


def returns_left(it: Situation) -> Reason | None:
    most = it.profile.limits.get("prosecution_returns", 0)
    if it.facts.prosecution_returns < most:
        return None
    return missing(N_("It came back for supplementary investigation {most} times."), most=most)


def crime_sent(it: Situation) -> Reason | None:
    """Where a crime is suspected, opinion, file and property go to the procuratorate together."""
    if it.facts.crime_suspected or it.facts.prosecution in ("suspected", "returned"):
        if it.facts.prosecution in ("sent", "decided"):
            return None
        return missing(N_("A crime is suspected: send it for prosecution first."))
    return None


GUARDS = {
    each.__name__: each
    for each in (
        hold_renewable,
        no_lead,
        statements_answered,
        not_yet_sent,
        sent_for_prosecution,
        returns_left,
        crime_sent,
    )
}
