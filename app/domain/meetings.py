"""Study meetings: who records one, what one may sign, and when enough people are there."""

from __future__ import annotations

from uuid import UUID

from app.domain.errors import N_, Reason
from app.domain.guards.situation import Situation
from app.domain.profile import Profile
from app.domain.profile.model import Transition
from app.domain.workflow.chains import SignStep
from app.domain.workflow.facts import RequestSnapshot
from app.domain.workflow.people import barred, kept_off

LEAST = 2  # present, where a profile says nothing of its meetings
UNSEEN = Reason(N_("The chair can no longer sign this: somebody else decides."))


def opens(row: Transition | None) -> bool:
    """Whether a meeting may give any signature of a step."""
    return row is not None and bool(row.meeting)


def reserved(row: Transition | None, step: SignStep) -> Reason | None:
    """Why a meeting can't give this signature, whoever chairs it; None where it may."""
    if step.account_id is not None:
        return Reason(N_("This signature is reserved to a named person: a meeting can't give it."))
    if step.of_team:
        return Reason(N_("The team signs this itself: a meeting can't do it for them."))
    if step.body is not None:
        return Reason(N_("A committee decides this by vote: a study meeting can't."))
    if row is None or step.code not in row.meeting:
        return Reason(N_("The procedure lets no study meeting give this signature."))
    return None


def lacks(it: Situation, request: RequestSnapshot, chair: UUID, *, holds: bool) -> Reason | None:
    """Why the chair can't give the next signature, as the engine would refuse it. `holds`: they
    hold the place's role over its unit."""
    step = request.next_step
    if chair == request.requested_by:
        return Reason(N_("The chair asked for this: somebody else signs it."))
    if any(each.account_id == chair for each in request.signatures):
        return Reason(N_("The chair has signed this already."))
    if kept_off(it, chair) or chair in barred(
        it, request.event, request.from_state, step, request.form
    ):
        return Reason(N_("The chair keeps off this matter."))
    if not holds:
        return Reason(N_("The chair doesn't hold the role that signs this now."))
    return None


def quorum(profile: Profile) -> int:
    return profile.study.present_least if profile.study else LEAST


__all__ = ["LEAST", "UNSEEN", "lacks", "opens", "quorum", "reserved"]
