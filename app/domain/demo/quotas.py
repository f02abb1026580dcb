"""What the demo must add up to, spread over states: each table's sum is a published figure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEADS = 604
INSPECTION_LEADS = 75
HANDLED = 396
HELD = 49
FILED = 164
HANDLINGS = 258
SANCTIONED = 126
PARTY = 87
ADMINISTRATIVE = 55
RECOVERED = 632290000  # fen
RETURNED = 225540000
VILLAGE_RETURN = 12500000
VILLAGE_RETURN_PEOPLE = 53
BENEFICIARIES = 270
BACKLOG = 103
ONE_CLICK = 135
ACCOUNTABLE = 68  # people held accountable from one-click reports


class LeadFate(StrEnum):
    """Where a lead stands on the demo's day, and for closed ones how it came there."""

    SUBMITTED = "submitted"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    ASSESSING = "assessing"
    DISPOSAL_PROPOSED = "disposal_proposed"
    HELD = "held"
    TALK_LETTER = "talk_letter"
    VERIFYING = "verifying"
    RESULT_PROPOSED = "result_proposed"
    NOTIFYING = "notifying"
    REFERRAL_SENT = "referral_sent"
    REFERRED = "referred"
    MERGED = "merged"
    FILED = "filed"
    CLOSED_DIRECT = "closed_direct"
    CLOSED_UNFOUNDED = "closed_unfounded"
    CLOSED_TALK = "closed_talk"
    CLOSED_MEASURE = "closed_measure"


LEAD_FATES: dict[LeadFate, int] = {
    LeadFate.SUBMITTED: 6,
    LeadFate.REGISTERED: 9,
    LeadFate.ASSIGNED: 30,
    LeadFate.ASSESSING: 125,
    LeadFate.DISPOSAL_PROPOSED: 38,
    LeadFate.HELD: HELD,
    LeadFate.TALK_LETTER: 13,
    LeadFate.VERIFYING: 44,
    LeadFate.RESULT_PROPOSED: 14,
    LeadFate.NOTIFYING: 16,
    LeadFate.REFERRAL_SENT: 3,
    LeadFate.REFERRED: 4,
    LeadFate.MERGED: 3,
    LeadFate.FILED: FILED,
    LeadFate.CLOSED_DIRECT: 22,
    LeadFate.CLOSED_UNFOUNDED: 24,
    LeadFate.CLOSED_TALK: 16,
    LeadFate.CLOSED_MEASURE: 24,
}
UNDISPOSED = (
    LeadFate.SUBMITTED,
    LeadFate.REGISTERED,
    LeadFate.ASSIGNED,
    LeadFate.ASSESSING,
    LeadFate.DISPOSAL_PROPOSED,
)
CONCLUDED = (
    LeadFate.REFERRED,
    LeadFate.FILED,
    LeadFate.CLOSED_DIRECT,
    LeadFate.CLOSED_UNFOUNDED,
    LeadFate.CLOSED_TALK,
    LeadFate.CLOSED_MEASURE,
)

# Leads by source; what petitions and one-click reports bring is one lead each.
SOURCES: dict[str, int] = {
    "inspection": INSPECTION_LEADS,
    "one_click": 96,
    "petition": 62,
    "supervision": 86,
    "transfer": 96,
    "superior": 89,
    "sweep": 100,
}


class CaseFate(StrEnum):
    FILED = "filed"
    INVESTIGATING = "investigating"
    FACT_MEETING = "fact_meeting"
    REPORTED = "reported"
    ADJUDICATING = "adjudicating"
    DELIBERATING = "deliberating"
    DISMISSED = "dismissed"
    DECIDED = "decided"
    SERVED = "served"
    EXECUTING = "executing"
    CLOSED = "closed"


CASE_FATES: dict[CaseFate, int] = {
    CaseFate.FILED: 3,
    CaseFate.INVESTIGATING: 9,
    CaseFate.FACT_MEETING: 3,
    CaseFate.REPORTED: 3,
    CaseFate.ADJUDICATING: 6,
    CaseFate.DELIBERATING: 4,
    CaseFate.DISMISSED: 2,
    CaseFate.DECIDED: 4,
    CaseFate.SERVED: 4,
    CaseFate.EXECUTING: 14,
    CaseFate.CLOSED: 112,
}
DECIDED = (CaseFate.DECIDED, CaseFate.SERVED, CaseFate.EXECUTING, CaseFate.CLOSED)
SANCTIONED_TWICE = 2  # people whose second case also ended in a sanction
SANCTIONED_TOGETHER = 4  # cases with two people sanctioned


class PetitionFate(StrEnum):
    RECEIVED = "received"
    REGISTERED = "registered"
    ACCEPTED = "accepted"
    FORWARD_SENT = "forward_sent"
    HANDED_OVER = "handed_over"
    CONCLUDED = "concluded"
    FED_BACK = "fed_back"
    CLOSED = "closed"
    FORWARDED = "forwarded"
    REPEAT_FILED = "repeat_filed"
    NOT_ACCEPTED = "not_accepted"


BACKLOG_FATES: dict[PetitionFate, int] = {
    PetitionFate.REGISTERED: 2,
    PetitionFate.ACCEPTED: 1,
    PetitionFate.HANDED_OVER: 22,
    PetitionFate.CONCLUDED: 3,
    PetitionFate.FED_BACK: 2,
    PetitionFate.CLOSED: 56,
    PetitionFate.FORWARDED: 4,
    PetitionFate.REPEAT_FILED: 12,
    PetitionFate.NOT_ACCEPTED: 1,
}
ONE_CLICK_FATES: dict[PetitionFate, int] = {
    PetitionFate.RECEIVED: 2,
    PetitionFate.REGISTERED: 3,
    PetitionFate.ACCEPTED: 4,
    PetitionFate.FORWARD_SENT: 2,
    PetitionFate.HANDED_OVER: 30,
    PetitionFate.CONCLUDED: 3,
    PetitionFate.FED_BACK: 2,
    PetitionFate.CLOSED: 66,
    PetitionFate.FORWARDED: 8,
    PetitionFate.REPEAT_FILED: 10,
    PetitionFate.NOT_ACCEPTED: 5,
}
# Petitions that are claims 申诉求决: they were handed over as a task and brought no lead.
BACKLOG_CLAIMS = 21
ONE_CLICK_CLAIMS = 5
CLAIMS_OPEN = 2  # of each list's claims, those that are still being handled
HANDED_ON = (
    PetitionFate.HANDED_OVER,
    PetitionFate.CONCLUDED,
    PetitionFate.FED_BACK,
    PetitionFate.CLOSED,
)


@dataclass(frozen=True, slots=True)
class Sanction:
    """What somebody received: keys of the profile's measures, None where there is none."""

    party: str | None
    administrative: str | None

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(
            f"{kind}_{measure}"
            for kind, measure in (("party", self.party), ("administrative", self.administrative))
            if measure is not None
        )


# One row per sanctioned person: 71 Party alone, 39 administrative alone, 16 both.
SANCTIONS: tuple[tuple[Sanction, int], ...] = (
    (Sanction("warning", None), 24),
    (Sanction("serious_warning", None), 24),
    (Sanction("removal_from_posts", None), 7),
    (Sanction("probation", None), 8),
    (Sanction("expulsion", None), 8),
    (Sanction(None, "warning"), 18),
    (Sanction(None, "demerit"), 13),
    (Sanction(None, "major_demerit"), 8),
    (Sanction("warning", "warning"), 3),
    (Sanction("warning", "demerit"), 4),
    (Sanction("serious_warning", "major_demerit"), 4),
    (Sanction("removal_from_posts", "removal"), 2),
    (Sanction("probation", "demotion"), 2),
    (Sanction("expulsion", "dismissal"), 1),
)
VILLAGE_MAY_RECEIVE = ("warning", "demerit", "major_demerit")

# Person-times of organisational handling: how many matters bring 0, 1, 2, 3 of them.
LEAD_HANDLINGS: dict[LeadFate, tuple[int, ...]] = {
    LeadFate.CLOSED_TALK: (4, 12),
    LeadFate.CLOSED_MEASURE: (0, 14, 8, 2),
    LeadFate.NOTIFYING: (4, 10, 2),
}
CASE_HANDLINGS: tuple[int, ...] = (18, 46, 60, 10)
