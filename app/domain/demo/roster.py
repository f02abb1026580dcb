"""Who handles what: joint teams by area, nobody with a desk that is empty or too full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.demo import quotas
from app.domain.demo.chance import Dice
from app.domain.demo.portfolio import LeadSeed
from app.domain.demo.quotas import CaseFate, LeadFate
from app.domain.demo.staff import DEPUTY, GROUP_OF, GROUPS, INSPECTORS, SECOND_DEPUTY, Group

_TEAMS = GROUPS[:6]
_OFFICES = GROUPS[6:]
_AT_WORK = tuple(f for f in quotas.LEAD_FATES if f not in quotas.CONCLUDED)
_WITH_A_TEAM = (LeadFate.VERIFYING, LeadFate.RESULT_PROPOSED, LeadFate.NOTIFYING)
_UNNAMED = (LeadFate.SUBMITTED, LeadFate.REGISTERED, LeadFate.ASSIGNED)
_OPEN_CASES = tuple(f for f in quotas.CASE_FATES if f not in {CaseFate.CLOSED, CaseFate.DISMISSED})


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
    asker: str | None = None  # whose request it is, where it stands on a certain desk

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
