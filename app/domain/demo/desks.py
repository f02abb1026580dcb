"""The last days before the demo's own: what makes each desk worth sitting down at.

Recusals that were asked for and refused, people who came into a case late, a possible repeat
that nobody has decided on, a finding that keeps a petition open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.demo import days
from app.domain.demo.case_story import case_key
from app.domain.demo.chance import Dice, Rota
from app.domain.demo.money import ItemFate, ItemSeed
from app.domain.demo.petition_story import PetitionSeed
from app.domain.demo.quotas import CaseFate, LeadFate, PetitionFate
from app.domain.demo.roster import Duty, Turn
from app.domain.demo.signing import rank
from app.domain.demo.staff import (
    ADJUDICATION_HEAD,
    CHIEF,
    DEPUTY,
    GROUPS,
    INSPECTORS,
    INTAKE,
    KEEPER,
    LEAD_MANAGER,
    LIAISON,
    PETITIONS_HEAD,
    RECEIVER,
    SECOND_DEPUTY,
    SECRETARY,
)
from app.domain.demo.steps import Step, Value, Verb, account, matter, subject
from app.domain.demo.subjects import SubjectSeed

_REFUSED = (
    "与被反映人只是同乡，没有利害关系，不属于应当回避的情形。如有其他关系，请写明后再报。",
    "曾在同一单位工作但已隔五年，请说明是否还有往来，再作决定。",
    "没有写明关系的具体内容，请补充。",
    "请先说明是否接触过本件材料，再提出回避。",
)
_GROUNDS = (
    "与被反映人系同乡，自请回避。",
    "与被反映人曾为同事，自请回避。",
    "可能影响公正，自请回避。",
)
_RECEIVER = "邻区纪委监委"
_DESIGNATION = "被反映人已调任邻区，由当地办理更为便利，提请上级指定管辖。"
_NEWCOMER = "审理中发现其也经手该笔资金，补列为被审查调查人，待听取本人意见。"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who came into a case after it was put to adjudication."""

    case: str
    person: SubjectSeed


class Desks:
    """Adds the last steps. Each matter is touched once."""

    def __init__(
        self,
        duties: Mapping[str, Duty],
        items: tuple[ItemSeed, ...],
        petitions: tuple[PetitionSeed, ...],
        chance: Dice,
        rota: Rota,
    ) -> None:
        self._duties = duties
        self._items = items
        self._petitions = petitions
        self._chance = chance
        self._rota = rota
        self._touched: set[str] = set()

    def steps(self, newcomers: Callable[[Duty], SubjectSeed]) -> Iterator[Step]:
        yield from self._recusals()
        yield from self._heads_recusals()
        yield from self._designation()
        yield from self._newcomers(newcomers)
        yield from self._repeats()

    @property
    def touched(self) -> frozenset[str]:
        """Once the steps were taken: matters that have some of them."""
        return frozenset(self._touched)

    # Choosing ------------------------------------------------------------

    def _lead(self, *fates: LeadFate, late: bool = False, member: str = "") -> Duty:
        """An untouched lead that nobody asked anything about, of the first fate that has one."""
        for fate in fates:
            found = self._leads(fate, late=late, member=member)
            if found:
                self._touched.add(found[0].lead.key)
                return found[0]
        raise AssertionError(f"no lead for a desk: {fates}")

    def _leads(
        self, fate: LeadFate, *, late: bool = False, member: str = "", head: str = ""
    ) -> list[Duty]:
        return [
            duty
            for key, duty in self._duties.items()
            if duty.lead.fate is fate
            and duty.turn is Turn.NOT_ASKED
            and duty.overdue is late
            and key not in self._touched
            and (not member or member in duty.team)
            and head in {"", duty.group.head}
        ]

    def _case(self, fate: CaseFate, turn: Turn = Turn.NOT_ASKED, *, late: bool = False) -> Duty:
        for key, duty in self._duties.items():
            if (
                duty.lead.case_fate is fate
                and duty.turn is turn
                and duty.overdue is late
                and key not in self._touched
            ):
                self._touched.add(key)
                return duty
        raise AssertionError(f"no case that is {fate} for a desk")

    def _item(self, *fates: ItemFate) -> ItemSeed:
        """An untouched item about which nobody asked anything, of the first of these fates that
        has one."""
        for fate in fates:
            for item in self._items:
                asked = item.fen and self._duties[item.lead.key].turn is not Turn.NOT_ASKED
                if item.fate is fate and not asked and item.key not in self._touched:
                    if fate is ItemFate.CONTROLLED and item.fen:
                        continue  # waits for the keeper's signature
                    self._touched.add(item.key)
                    return item
        raise AssertionError(f"no fund item for a desk: {fates}")

    def _petition(self, fate: PetitionFate, turn: Turn = Turn.NOT_ASKED) -> PetitionSeed:
        for seed in self._petitions:
            if seed.fate is fate and seed.turn is turn and seed.key not in self._touched:
                self._touched.add(seed.key)
                return seed
        raise AssertionError(f"no petition that is {fate} for a desk")

    # Recusals ------------------------------------------------------------

    def _step(self, ago: int, actor: str, verb: Verb, key: str, **arguments: Value) -> Step:
        return Step(days.day(days.last() - ago), actor, verb, key, arguments)

    def _asks(self, who: str, key: str, ago: int, handler: str | None = None) -> Step:
        form: dict[str, Value] = {"recused": account(who), "ground": "other"}
        if handler is not None:
            form["handler"] = account(handler)
        reason = self._rota.next(_GROUNDS)
        return self._step(ago, who, Verb.ACT, key, event="recuse", form=form, reason=reason)

    def _refused(self, who: str, key: str, by: str, ago: int = 1) -> Iterator[Step]:
        yield self._asks(who, key, ago)
        yield self._step(0, by, Verb.RETURN, key, reason=self._rota.next(_REFUSED))

    def _recusals(self) -> Iterator[Step]:
        """Everybody whose own requests are rare asked to keep off something, and was refused."""
        lead = self._lead(LeadFate.ASSESSING)
        yield from self._refused(CHIEF, lead.lead.key, LIAISON)
        for deputy, other in ((DEPUTY, SECOND_DEPUTY), (SECOND_DEPUTY, DEPUTY)):
            lead = self._lead(LeadFate.REGISTERED, late=True)
            yield from self._refused(deputy, lead.lead.key, other)
        case = self._case(CaseFate.DELIBERATING)
        yield from self._refused(SECRETARY, case_key(case.lead.key), ADJUDICATION_HEAD)
        case = self._case(CaseFate.INVESTIGATING)
        yield from self._refused(LIAISON, case_key(case.lead.key), case.group.head)
        case = self._case(CaseFate.ADJUDICATING)
        yield from self._refused(ADJUDICATION_HEAD, case_key(case.lead.key), LIAISON)
        petition = self._petition(PetitionFate.CONCLUDED)
        yield from self._refused(PETITIONS_HEAD, petition.key, LIAISON)
        item = self._item(ItemFate.CONTROLLED, ItemFate.SETTLING)
        yield from self._refused(KEEPER, item.key, self._duties[item.lead.key].group.head)
        item = self._item(ItemFate.DECIDED, ItemFate.SETTLING)
        yield from self._refused(RECEIVER, item.key, self._duties[item.lead.key].group.head)
        for inspector in INSPECTORS:
            lead = self._lead(
                LeadFate.RESULT_PROPOSED, LeadFate.VERIFYING, LeadFate.NOTIFYING, member=inspector
            )
            yield from self._refused(inspector, lead.lead.key, lead.group.head)

    def _heads_recusals(self) -> Iterator[Step]:
        """Two heads ask to keep off; theirs is the superior's to decide, who has not yet."""
        asked = 0
        for group in self._chance.shuffled(GROUPS):
            leads = self._leads(LeadFate.ASSESSING, head=group.head)
            if leads and asked < 2:
                asked += 1
                self._touched.add(leads[0].lead.key)
                yield self._asks(group.head, leads[0].lead.key, self._chance.randint(0, 1))

    def _designation(self) -> Iterator[Step]:
        """A lead that the superior was asked to give to another body. Since then it looks like one
        that is known already, and until somebody decides, it can't be passed on."""
        lead = self._lead(LeadFate.ASSESSING)
        known = self._lead(LeadFate.HELD)
        form: dict[str, Value] = {"how": "designation", "receiver": _RECEIVER}
        key = lead.lead.key
        yield self._step(
            3, LEAD_MANAGER, Verb.ACT, key, event="transfer", form=form, reason=_DESIGNATION
        )
        yield self._step(2, SECOND_DEPUTY, Verb.SIGN, key, reason="同意报上级指定管辖。")
        yield self._step(1, CHIEF, Verb.SIGN, key, reason="同意，请上级指定。")
        yield self._step(
            0, LEAD_MANAGER, Verb.NOTICE_REPEAT, key, other=matter(known.lead.key), why="words"
        )

    # People and repeats ------------------------------------------------------------

    def _newcomers(self, newcomer: Callable[[Duty], SubjectSeed]) -> Iterator[Step]:
        """In four cases somebody was added whose statement nobody has heard yet: until then
        neither a deliberation nor a decision can be signed."""
        for fate, turn, late in (
            (CaseFate.ADJUDICATING, Turn.NOT_ASKED, True),
            (CaseFate.ADJUDICATING, Turn.WAITS_FIRST, True),
            (CaseFate.ADJUDICATING, Turn.WAITS_LAST, False),
            (CaseFate.DELIBERATING, Turn.WAITS_FIRST, False),
        ):
            duty = self._case(fate, turn, late=late)
            person = newcomer(duty)
            yield self._step(
                0, duty.handler, Verb.ADD_SUBJECT, case_key(duty.lead.key),
                person=subject(person.key), position=person.position, rank=rank(person),
                alleged=_NEWCOMER,
            )  # fmt: skip

    def _repeats(self) -> Iterator[Step]:
        """Petitions and a lead that may tell of what is known already: until somebody decides,
        they are not accepted or registered."""
        first = next(seed for seed in self._petitions if seed.fate is PetitionFate.HANDED_OVER)
        for fate, turn in (
            (PetitionFate.REGISTERED, Turn.WAITS_FIRST),
            (PetitionFate.REGISTERED, Turn.NOT_ASKED),
        ):
            seed = self._petition(fate, turn)
            yield self._step(
                0, INTAKE, Verb.NOTICE_REPEAT, seed.key, other=matter(first.key), why="words"
            )
        lead = self._lead(LeadFate.SUBMITTED, late=True)
        known = self._lead(LeadFate.HELD)
        yield self._step(
            0,
            LEAD_MANAGER,
            Verb.NOTICE_REPEAT,
            lead.lead.key,
            other=matter(known.lead.key),
            why="words",
        )
