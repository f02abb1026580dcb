"""Guards of petitions: what intake owes to reporters, and what it must never do."""

from __future__ import annotations

from app.domain.errors import N_, Reason
from app.domain.guards.situation import Situation, missing


def channel_stated(it: Situation) -> Reason | None:
    if it.facts.channel:
        return None
    return missing(N_("Say by which channel it came."))


def lead_or_claim(it: Situation) -> Reason | None:
    if it.facts.leads or it.facts.class_ == "claim":
        return None
    return missing(N_("Log at least one lead from it first."))


def summary_checked(it: Situation) -> Reason | None:
    """The department gets a summary without what points to the reporter."""
    facts = it.facts
    if not facts.summary:
        return missing(N_("Write a summary without what points to the reporter."))
    if facts.summary_checked_by in (None, facts.summary_written_by):
        return missing(N_("A second person has to check the summary."))
    return None


def leads_have_outcomes(it: Situation) -> Reason | None:
    waiting = sum(1 for lead in it.facts.leads if not (lead.closed or lead.has_outcome))
    if waiting == 0:
        return None
    return missing(N_("{count} of its leads have no outcome yet."), count=waiting)


def reporter_told(it: Situation) -> Reason | None:
    """A named reporter hears of the acceptance, and the result, before the archive."""
    if it.facts.named and it.snapshot.clock("notice_report") is not None:
        return missing(N_("The reporter gave a name and has not been told of the acceptance."))
    if it.facts.named and it.snapshot.clock("result_notice") is not None:
        return missing(N_("The reporter gave a name and has not been told the result."))
    return None


def recheck_over(it: Situation) -> Reason | None:
    """A claim stays open until recheck and final review are answered or not applied for."""
    if it.facts.recheck_open:
        return missing(N_("A recheck or final review is not answered yet."))
    window = it.snapshot.clock("recheck")
    if window is not None and it.today <= window.due_on:
        return missing(
            N_("A recheck may still be applied for, until {day}."), day=window.due_on.isoformat()
        )
    return None


GUARDS = {
    each.__name__: each
    for each in (
        channel_stated,
        lead_or_claim,
        summary_checked,
        leads_have_outcomes,
        reporter_told,
        recheck_over,
    )
}
