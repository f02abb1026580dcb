"""Where matters at work stand on the demo's day, so that each desk has something of everything:
something that waits, something returned, something late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain.demo.chance import Dice
from app.domain.demo.money import ItemFate, ItemSeed
from app.domain.demo.quotas import CaseFate, LeadFate
from app.domain.demo.roster import Duty, Turn
from app.domain.demo.staff import ADJUDICATORS, GROUPS, LEAD_MANAGER, SECOND_LEAD_MANAGER

# In which kind of lead a handler is late: in turn, the next kind where there is none.
_LATE = (
    LeadFate.ASSESSING,
    LeadFate.VERIFYING,
    LeadFate.ASSESSING,
    LeadFate.HELD,
    LeadFate.TALK_LETTER,
    LeadFate.ASSESSING,
    LeadFate.NOTIFYING,
)


class Standing:
    """Marks duties, each once: what was marked isn't marked again."""

    def __init__(self, duties: dict[str, Duty], items: Iterable[ItemSeed], chance: Dice) -> None:
        self._duties = dict(duties)
        self._items = {item.lead.key: item for item in items}
        self._chance = chance
        self._marked: set[str] = set()
        self._turn = 0

    def marked(self) -> dict[str, Duty]:
        for group in GROUPS:
            for handler in group.handlers:
                self._handler(handler)
            self._head(group.head)
        self._offices()
        self._cases()
        self._money()
        return self._duties

    def _leads(self, fate: LeadFate, *, handler: str = "", head: str = "") -> list[str]:
        """Unmarked leads of this fate, not from the inspection: those fill their own time."""
        return [
            key
            for key, duty in self._duties.items()
            if duty.lead.fate is fate
            and key not in self._marked
            and duty.lead.source != "inspection"
            and handler in {"", duty.handler}
            and head in {"", duty.group.head}
        ]

    def _of_case(
        self, fate: CaseFate, item: ItemFate | None = None, *, refund: bool | None = None
    ) -> list[str]:
        found = []
        for key, duty in self._duties.items():
            if duty.lead.case_fate is not fate or key in self._marked:
                continue
            own = self._items.get(key)
            if item is not None and (own is None or own.fate is not item):
                continue
            if refund is None or (own is not None and bool(own.payees) is refund):
                found.append(key)
        return found

    def _mark(
        self,
        keys: list[str],
        turn: Turn = Turn.NOT_ASKED,
        *,
        count: int = 1,
        late: bool = False,
        by: str | None = None,
    ) -> None:
        """`by` names on whose desk the request stands."""
        for key in self._chance.sample(keys, min(count, len(keys))):
            duty = self._duties[key]
            self._duties[key] = replace(duty, turn=turn, overdue=late, asker=by)
            self._marked.add(key)

    def _handler(self, handler: str) -> None:
        self._mark(self._leads(LeadFate.ASSESSING, handler=handler), Turn.RETURNED)
        self._turn += 1
        at = self._turn % len(_LATE)
        for fate in (*_LATE[at:], *_LATE[:at]):
            if keys := self._leads(fate, handler=handler):
                self._mark(keys, late=True)
                return

    def _head(self, head: str) -> None:
        self._mark(self._leads(LeadFate.ASSESSING, head=head), Turn.WAITS_FIRST, count=3)
        self._mark(self._leads(LeadFate.VERIFYING, head=head), Turn.WAITS_LAST)
        self._mark(self._leads(LeadFate.ASSIGNED, head=head), late=True)
        self._mark(self._leads(LeadFate.ASSIGNED, head=head), Turn.WAITS_LAST)
        proposed = LeadFate.DISPOSAL_PROPOSED
        self._mark(self._leads(proposed, head=head), Turn.RETURNED)

    def _offices(self) -> None:
        """Petitions, lead managers, deputies and the chief."""
        proposed, result = LeadFate.DISPOSAL_PROPOSED, LeadFate.RESULT_PROPOSED
        self._mark(self._leads(proposed), Turn.WAITS_FIRST, count=5)
        self._mark(self._leads(proposed), Turn.WAITS_FIRST, count=2, late=True)
        self._mark(self._leads(proposed), Turn.WAITS_LAST, count=5)
        self._mark(self._leads(proposed), Turn.WAITS_LAST, late=True)
        self._mark(self._leads(result), Turn.WAITS_FIRST, count=2)
        self._mark(self._leads(result), Turn.WAITS_LAST, count=3)
        self._mark(self._leads(LeadFate.NOTIFYING), Turn.WAITS_FIRST, count=4)
        registered = LeadFate.REGISTERED
        for manager in (LEAD_MANAGER, SECOND_LEAD_MANAGER):
            self._mark(self._leads(registered), Turn.RETURNED, by=manager)
        self._mark(self._leads(registered), Turn.WAITS_FIRST, count=2)
        self._mark(self._leads(registered), count=2, late=True)
        self._mark(self._leads(LeadFate.SUBMITTED), count=2, late=True)
        self._mark(self._leads(LeadFate.REFERRAL_SENT), late=True)

    def _cases(self) -> None:
        investigating = self._of_case(CaseFate.INVESTIGATING)
        old = [key for key in investigating if self._duties[key].lead.source != "inspection"]
        self._mark(old[:1], Turn.WAITS_FIRST)
        self._mark(old[1:2], Turn.WAITS_FIRST, late=True)
        first, second, third = ADJUDICATORS
        self._mark(self._of_case(CaseFate.REPORTED), Turn.RETURNED, by=second)
        self._mark(self._of_case(CaseFate.REPORTED), Turn.WAITS_FIRST)
        adjudicating = CaseFate.ADJUDICATING
        self._mark(self._of_case(adjudicating), Turn.RETURNED, by=first)
        self._mark(self._of_case(adjudicating), Turn.RETURNED, by=third)
        self._mark(self._of_case(adjudicating), Turn.WAITS_FIRST, late=True)
        self._mark(self._of_case(adjudicating), Turn.WAITS_LAST)
        self._mark(self._of_case(adjudicating), late=True, by=first)
        deliberating = self._of_case(CaseFate.DELIBERATING)
        slow = [key for key in deliberating if self._duties[key].lead.source != "inspection"]
        self._mark(slow[:1], Turn.WAITS_FIRST, late=True)
        self._mark(self._of_case(CaseFate.DELIBERATING), Turn.WAITS_FIRST, count=2)
        self._mark(self._of_case(CaseFate.DECIDED), Turn.WAITS_FIRST)
        self._mark(self._of_case(CaseFate.DECIDED), late=True)
        self._mark(self._of_case(CaseFate.FACT_MEETING), Turn.WAITS_LAST)

    def _money(self) -> None:
        executing = CaseFate.EXECUTING
        self._mark(self._of_case(executing, ItemFate.DECIDED), Turn.RETURNED)
        self._mark(self._of_case(executing, ItemFate.DECIDED), Turn.WAITS_LAST)
        settling = ItemFate.SETTLING
        self._mark(self._of_case(executing, settling, refund=False), Turn.WAITS_LAST)
        self._mark(self._of_case(executing, settling, refund=True), Turn.WAITS_LAST)
        self._mark(self._of_case(executing, settling, refund=True), late=True)
        self._mark(self._of_case(executing, ItemFate.IN_CUSTODY), Turn.WAITS_FIRST, count=2)
        self._mark(self._of_case(executing), late=True)
