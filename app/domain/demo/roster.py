"""Who handles what: joint teams by area, nobody with a desk that is empty or too full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.demo import quotas
from app.domain.demo.chance import Dice
from app.domain.demo.money import ItemFate, ItemSeed
from app.domain.demo.portfolio import LeadSeed
from app.domain.demo.quotas import CaseFate, LeadFate
from app.domain.demo.staff import DEPUTY, GROUP_OF, GROUPS, INSPECTORS, SECOND_DEPUTY, Group

_TEAMS = GROUPS[:6]
_OFFICES = GROUPS[6:]
_AT_WORK = tuple(f for f in quotas.LEAD_FATES if f not in quotas.CONCLUDED)
_WITH_A_TEAM = (LeadFate.VERIFYING, LeadFate.RESULT_PROPOSED, LeadFate.NOTIFYING)
_UNNAMED = (LeadFate.SUBMITTED, LeadFate.REGISTERED, LeadFate.ASSIGNED)
_OPEN_CASES = tuple(
    f for f in quotas.CASE_FATES if f not in {CaseFate.CLOSED, CaseFate.DISMISSED}
)


class Turn(StrEnum):
    """What the request stands at that is asked for next in a matter still at work."""

    NOT_ASKED = "not_asked"
    WAITS_FIRST = "waits_first"  # for the first signature
    WAITS_LAST = "waits_last"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Duty:
    """A lead with those who handle it, and where it stands on the demo's day."""

    lead: LeadSeed
    group: Group
    handler: str
    members: tuple[str, ...]
    turn: Turn = Turn.NOT_ASKED
    overdue: bool = False

    @property
    def deputy(self) -> str:
        """The deputies share the departments between them."""
        return DEPUTY if GROUPS.index(self.group) % 2 == 0 else SECOND_DEPUTY

    @property
    def team(self) -> tuple[str, ...]:
        return (self.handler, *self.members)

    @property
    def officer(self) -> str:
        """The second officer: another investigator of the team."""
        return self.members[0]


def at_work(lead: LeadSeed) -> bool:
    """Whether somebody handles it on the demo's day, the lead itself or its case."""
    if lead.fate is LeadFate.FILED:
        return lead.case_fate in _OPEN_CASES
    return lead.fate in _AT_WORK


def _area(lead: LeadSeed) -> int:
    """The joint team of its township: four of them to a team."""
    label = lead.place.path.value.split(".")[1]
    return (int(label[1:]) + (14 if label[0] == "S" else 0)) % len(_TEAMS)


class Roster:
    """Deals the leads out. Open ones go to whoever has least; the rest follow the area."""

    def __init__(self, chance: Dice) -> None:
        self._chance = chance
        self._load: Counter[str] = Counter()
        self._turn = 0

    def dealt(self, leads: Iterable[LeadSeed], petitioned: Iterable[str]) -> dict[str, Duty]:
        """`petitioned` are the leads whose petition is still open: each handler gets one."""
        wanted = list(leads)
        waiting = set(petitioned)
        order = {fate: at for at, fate in enumerate(quotas.LEAD_FATES)}
        first = [lead for lead in wanted if at_work(lead)]
        first.sort(key=lambda lead: (lead.key not in waiting, order[lead.fate]))
        found = {lead.key: self._open(lead) for lead in first}
        for lead in wanted:
            if lead.key not in found:
                found[lead.key] = self._past(lead)
        return {lead.key: found[lead.key] for lead in wanted}

    def _open(self, lead: LeadSeed) -> Duty:
        groups = (_TEAMS[_area(lead)], *_OFFICES)
        candidates = [login for group in groups for login in group.handlers]
        least = min(self._load[login] for login in self._load) if self._load else 0
        handler = min(candidates, key=lambda login: (self._load[login], login))
        if self._load[handler] > least + 2:
            everybody = [login for group in GROUPS for login in group.handlers]
            handler = min(everybody, key=lambda login: (self._load[login], login))
        group = GROUP_OF[handler]
        if lead.fate in _UNNAMED:  # nobody has it yet: the heads take them in turn
            self._turn += 1
            group = GROUPS[self._turn % len(GROUPS)]
            handler = group.handlers[0]
        if lead.fate is LeadFate.DISPOSAL_PROPOSED:
            self._turn += 1
            group = GROUPS[self._turn % len(GROUPS)]
            handler = min(group.handlers, key=lambda login: (self._load[login], login))
        if lead.fate not in _UNNAMED:
            self._load[handler] += 2 if lead.fate is LeadFate.FILED else 1
        members = self._members(lead, group, handler)
        return Duty(lead, group, handler, members)

    def _members(self, lead: LeadSeed, group: Group, handler: str) -> tuple[str, ...]:
        """Whoever else is of the team, or will be once a verification is approved."""
        others = sorted((m for m in group.handlers if m != handler), key=lambda m: self._load[m])
        count = 2 if len(others) > 2 and self._chance.likely(0.25) else 1
        members = tuple(others[:count])
        if lead.fate in _WITH_A_TEAM or lead.fate is LeadFate.FILED:
            self._load.update(members)
        if lead.source == "inspection" and lead.fate in _WITH_A_TEAM:
            members = (*members, self._chance.choice(INSPECTORS))
        return members

    def _past(self, lead: LeadSeed) -> Duty:
        group = _TEAMS[_area(lead)]
        if self._chance.likely(0.3 if lead.fate is LeadFate.FILED else 0.15):
            group = self._chance.choice(_OFFICES)
        team = self._chance.sample(group.handlers, 3)
        members = team[1:] if self._chance.likely(0.3) else team[1:2]
        return Duty(lead, group, team[0], tuple(members))


def standing(
    duties: dict[str, Duty], items: Iterable[ItemSeed], chance: Dice
) -> dict[str, Duty]:
    """Puts on every desk something returned and something overdue, and spreads what waits."""
    found = dict(duties)
    by_lead = {item.lead.key: item for item in items}

    def pick(fate: LeadFate, who: str | None = None, *, head: str | None = None) -> list[str]:
        return [
            key
            for key, duty in found.items()
            if duty.lead.fate is fate
            and duty.turn is Turn.NOT_ASKED
            and not duty.overdue
            and duty.lead.source != "inspection"
            and (who is None or duty.handler == who)
            and (head is None or duty.group.head == head)
        ]

    def mark(keys: list[str], count: int, turn: Turn = Turn.NOT_ASKED, *, late: bool = False) -> None:
        for key in chance.sample(keys, min(count, len(keys))):
            found[key] = replace(found[key], turn=turn, overdue=late)

    def case(fate: CaseFate, item: ItemFate | None = None, *, refund: bool | None = None) -> list[str]:
        return [
            key
            for key, duty in found.items()
            if duty.lead.case_fate is fate
            and duty.turn is Turn.NOT_ASKED
            and not duty.overdue
            and (item is None or (key in by_lead and by_lead[key].fate is item))
            and (refund is None or (key in by_lead and bool(by_lead[key].payees) is refund))
        ]

    turns = _Turns()
    for group in GROUPS:
        for handler in group.handlers:
            mark(pick(LeadFate.ASSESSING, handler), 1, Turn.RETURNED)
            late = next((keys for fate in turns.next() if (keys := pick(fate, handler))), [])
            mark(late, 1, late=True)
        mark(pick(LeadFate.ASSESSING, head=group.head), 3, Turn.WAITS_FIRST)
        mark(pick(LeadFate.VERIFYING, head=group.head), 1, Turn.WAITS_LAST)
        mark(pick(LeadFate.ASSIGNED, head=group.head), 1, late=True)
        mark(pick(LeadFate.DISPOSAL_PROPOSED, head=group.head), 1, Turn.RETURNED)
        mark(pick(LeadFate.DISPOSAL_PROPOSED, head=group.head), 1, Turn.WAITS_FIRST)
        mark(pick(LeadFate.DISPOSAL_PROPOSED, head=group.head), 1, Turn.WAITS_LAST)
    mark(pick(LeadFate.RESULT_PROPOSED), 3, Turn.WAITS_FIRST)
    mark(pick(LeadFate.RESULT_PROPOSED), 3, Turn.WAITS_LAST)
    mark(pick(LeadFate.NOTIFYING), 4, Turn.WAITS_FIRST)
    mark(pick(LeadFate.REGISTERED), 1, Turn.RETURNED)
    mark(pick(LeadFate.REGISTERED), 2, Turn.WAITS_FIRST)
    mark(pick(LeadFate.REGISTERED), 2, late=True)
    mark(pick(LeadFate.SUBMITTED), 2, late=True)
    mark(pick(LeadFate.REFERRAL_SENT), 1, late=True)
    mark(case(CaseFate.EXECUTING, ItemFate.DECIDED), 1, Turn.RETURNED)
    mark(case(CaseFate.EXECUTING, ItemFate.DECIDED), 1, Turn.WAITS_LAST)
    mark(case(CaseFate.EXECUTING, ItemFate.SETTLING, refund=False), 1, Turn.WAITS_LAST)
    mark(case(CaseFate.EXECUTING, ItemFate.SETTLING, refund=True), 1, late=True)
    mark(case(CaseFate.EXECUTING, ItemFate.IN_CUSTODY), 2, Turn.WAITS_FIRST)
    mark(case(CaseFate.EXECUTING), 1, late=True)
    mark(case(CaseFate.REPORTED), 1, Turn.WAITS_FIRST)
    mark(case(CaseFate.ADJUDICATING), 1, Turn.RETURNED)
    mark(case(CaseFate.ADJUDICATING), 1, Turn.WAITS_FIRST)
    mark(case(CaseFate.ADJUDICATING), 1, Turn.WAITS_LAST)
    mark(case(CaseFate.ADJUDICATING), 1, late=True)
    mark(case(CaseFate.DELIBERATING), 3, Turn.WAITS_FIRST)
    mark(case(CaseFate.DECIDED), 1, Turn.WAITS_FIRST)
    mark(case(CaseFate.DECIDED), 1, late=True)
    mark(case(CaseFate.FACT_MEETING), 1, Turn.WAITS_LAST)
    return found


_LATE = (
    LeadFate.ASSESSING,
    LeadFate.VERIFYING,
    LeadFate.ASSESSING,
    LeadFate.HELD,
    LeadFate.TALK_LETTER,
    LeadFate.ASSESSING,
    LeadFate.NOTIFYING,
)


class _Turns:
    """Whose desk gets which kind of lateness: in turn, with the next kind if there is none."""

    def __init__(self) -> None:
        self._at = 0

    def next(self) -> tuple[LeadFate, ...]:
        self._at += 1
        at = self._at % len(_LATE)
        return (*_LATE[at:], *_LATE[:at])
