"""When each story happened: its end falls so far before the demo's day as its state asks for."""

from __future__ import annotations

from datetime import date

from app.domain.demo import days
from app.domain.demo.chance import Dice
from app.domain.demo.quotas import CaseFate, LeadFate
from app.domain.demo.roster import Duty, Turn, at_work

FIRST_LEAD = date(2017, 1, 3)
ROUND = (date(2018, 4, 9), date(2018, 5, 26))  # 48 days on site
FIRST_PETITION = date(2015, 3, 2)

# Office days since the last step, in time and late.
_SINCE: dict[LeadFate, tuple[tuple[int, int], tuple[int, int]]] = {
    LeadFate.SUBMITTED: ((0, 1), (3, 6)),
    LeadFate.REGISTERED: ((0, 1), (3, 5)),
    LeadFate.ASSIGNED: ((0, 1), (3, 6)),
    LeadFate.ASSESSING: ((1, 13), (22, 34)),
    LeadFate.DISPOSAL_PROPOSED: ((0, 4), (8, 14)),
    LeadFate.HELD: ((1, 112), (132, 150)),
    LeadFate.TALK_LETTER: ((1, 11), (17, 22)),
    LeadFate.VERIFYING: ((2, 34), (44, 56)),
    LeadFate.RESULT_PROPOSED: ((0, 5), (6, 10)),
    LeadFate.NOTIFYING: ((1, 16), (22, 29)),
    LeadFate.REFERRAL_SENT: ((1, 8), (12, 16)),
    LeadFate.MERGED: ((1, 20), (1, 20)),
}
_SINCE_CASE: dict[CaseFate, tuple[tuple[int, int], tuple[int, int]]] = {
    CaseFate.FILED: ((0, 4), (10, 15)),
    CaseFate.INVESTIGATING: ((3, 60), (24, 30)),  # late: a year and a little after the filing
    CaseFate.FACT_MEETING: ((0, 5), (8, 12)),
    CaseFate.REPORTED: ((0, 4), (6, 10)),
    CaseFate.ADJUDICATING: ((0, 10), (22, 28)),
    CaseFate.DELIBERATING: ((0, 5), (6, 10)),
    CaseFate.DECIDED: ((0, 12), (22, 27)),
    CaseFate.SERVED: ((1, 15), (22, 27)),
    CaseFate.EXECUTING: ((1, 14), (24, 34)),
}
PACES = (1.0, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1)


def since(duty: Duty, chance: Dice) -> int:
    """Office days between a story's last step and the demo's day, for what is still at work."""
    fate, case_fate = duty.lead.fate, duty.lead.case_fate
    ranges = _SINCE.get(fate) if case_fate is None else _SINCE_CASE.get(case_fate)
    if ranges is None:
        return chance.randint(0, 3)
    in_time, late = ranges
    if duty.turn is not Turn.NOT_ASKED:
        in_time = (0, min(6, in_time[1]))
    return chance.randint(*(late if duty.overdue else in_time))


def start_of(duty: Duty, length: int, chance: Dice) -> int | None:
    """The office day on which a story of `length` days begins; None where it can't fit.

    What the inspection found and is still at work may begin after the round: then the story has
    to be told with more time in it, see `slack`.
    """
    fills = _inspected(duty) and duty.lead.fate is LeadFate.HELD  # a hold lasts for months
    if (at_work(duty.lead) and not fills) or duty.lead.fate is LeadFate.MERGED:
        start = days.last() - since(duty, chance) - length
        earliest = ROUND[0] if _inspected(duty) else FIRST_LEAD
        return start if start >= days.number(earliest) else None
    latest = days.last() - 1 - length
    if _inspected(duty):
        first, end = days.number(ROUND[0]), min(days.number_until(ROUND[1]), latest)
        return chance.randint(first, end) if end >= first else None
    first = days.number(FIRST_LEAD)
    if latest < first:
        return None
    # More came in as the campaign went on.
    return first + round((latest - first) * chance.betavariate(1.35, 1.0))


def slack(duty: Duty, start: int, chance: Dice) -> int:
    """How many office days too late a finding's story would begin."""
    last = days.number_until(ROUND[1])
    if not _inspected(duty) or start <= last:
        return 0
    return start - chance.randint(days.number(ROUND[0]) + 4, last)


def _inspected(duty: Duty) -> bool:
    return duty.lead.source == "inspection"


def early(start: int, chance: Dice) -> int:
    """The office day on which a backlog petition came in, long before it was taken up."""
    return chance.randint(days.number(FIRST_PETITION), start - 15)
