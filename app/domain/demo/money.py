"""The money: which leads brought some in, how much, and what became of it, to the cent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain.demo import quotas
from app.domain.demo.chance import Dice
from app.domain.demo.issues import CAMPAIGNS
from app.domain.demo.names import Registry
from app.domain.demo.portfolio import LeadSeed
from app.domain.demo.quotas import CaseFate, LeadFate
from app.domain.units import UnitKind


class ItemFate(StrEnum):
    IDENTIFIED = "identified"
    CONTROLLED = "controlled"
    IN_CUSTODY = "in_custody"
    DISPOSAL_PROPOSED = "disposal_proposed"
    DECIDED = "decided"
    SETTLING = "settling"
    SETTLED = "settled"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class PayeeSeed:
    """A villager on a return list. `paid` is False for whoever hasn't been paid yet."""

    name: str
    identity: str
    address: str
    fen: int
    signed: str
    paid: bool = True


@dataclass(frozen=True, slots=True)
class ItemSeed:
    """A fund item. Without `receipts` it is property. It hangs on the case, if there is one."""

    key: str
    lead: LeadSeed
    fate: ItemFate
    intake: str
    destination: str
    receipts: tuple[int, ...] = ()
    payees: tuple[PayeeSeed, ...] = ()

    @property
    def fen(self) -> int:
        return sum(self.receipts)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """So many items of this fate, on leads or cases that stand there."""

    count: int
    fate: ItemFate
    destination: str
    lead: LeadFate = LeadFate.FILED
    case: CaseFate | None = None
    property: bool = False


_F, _C, _L = ItemFate, CaseFate, LeadFate
REFUND, TREASURY, CRIMINAL_CASE = "refund", "treasury", "criminal_case"
_ITEMS = (
    _Wanted(5, _F.SETTLING, REFUND, case=_C.EXECUTING),
    _Wanted(20, _F.SETTLED, REFUND, case=_C.CLOSED),
    _Wanted(26, _F.SETTLED, TREASURY, case=_C.CLOSED),
    _Wanted(1, _F.SETTLED, CRIMINAL_CASE, case=_C.CLOSED),
    _Wanted(2, _F.SETTLING, TREASURY, case=_C.EXECUTING),
    _Wanted(3, _F.DECIDED, TREASURY, case=_C.EXECUTING),
    _Wanted(2, _F.DISPOSAL_PROPOSED, TREASURY, case=_C.EXECUTING),
    _Wanted(2, _F.IN_CUSTODY, TREASURY, case=_C.EXECUTING),
    _Wanted(1, _F.DECIDED, TREASURY, case=_C.SERVED),
    _Wanted(2, _F.DISPOSAL_PROPOSED, TREASURY, case=_C.SERVED),
    _Wanted(1, _F.IN_CUSTODY, TREASURY, case=_C.SERVED),
    _Wanted(3, _F.IN_CUSTODY, TREASURY, case=_C.DECIDED),
    _Wanted(2, _F.DISPOSAL_PROPOSED, TREASURY, case=_C.DELIBERATING),
    _Wanted(2, _F.IN_CUSTODY, TREASURY, case=_C.DELIBERATING),
    _Wanted(4, _F.IN_CUSTODY, TREASURY, case=_C.ADJUDICATING),
    _Wanted(2, _F.IN_CUSTODY, TREASURY, case=_C.REPORTED),
    _Wanted(2, _F.IN_CUSTODY, TREASURY, case=_C.FACT_MEETING),
    _Wanted(6, _F.IN_CUSTODY, TREASURY, case=_C.INVESTIGATING),
    _Wanted(1, _F.CONTROLLED, TREASURY, case=_C.INVESTIGATING),
    _Wanted(8, _F.IN_CUSTODY, TREASURY, _L.VERIFYING),
    _Wanted(2, _F.CONTROLLED, TREASURY, _L.VERIFYING),
    _Wanted(8, _F.SETTLED, TREASURY, _L.CLOSED_MEASURE),
    _Wanted(2, _F.IN_CUSTODY, TREASURY, _L.NOTIFYING),
    _Wanted(2, _F.DISPOSAL_PROPOSED, TREASURY, _L.NOTIFYING),
    _Wanted(3, _F.IN_CUSTODY, TREASURY, _L.RESULT_PROPOSED),
    _Wanted(1, _F.IDENTIFIED, TREASURY, _L.VERIFYING, property=True),
    _Wanted(1, _F.IDENTIFIED, TREASURY, _L.RESULT_PROPOSED, property=True),
    _Wanted(1, _F.CONTROLLED, TREASURY, case=_C.INVESTIGATING, property=True),
    _Wanted(1, _F.IDENTIFIED, TREASURY, case=_C.INVESTIGATING, property=True),
    _Wanted(3, _F.RELEASED, TREASURY, case=_C.CLOSED, property=True),
)
# Of what is returned: fen and items per campaign. The village of the 125,000 yuan is one of the
# items, and its money comes on top.
_REFUNDS: dict[str, tuple[int, int]] = {
    "贫困户精准识别": (52000000, 6),
    "危房改造": (25040000, 5),
    "村级财务清查": (98000000, 9),
    "林业两补": (38000000, 5),
}
HOUSES = "危房改造"
_INTAKES = {  # by whether there is a case
    True: ("collected", "restitution", "recovered_loss", "confiscated"),
    False: ("surrendered", "collected"),
}
_SIGNED = ("signature", "signature", "signature", "fingerprint", "bank")


def split(chance: Dice, total: int, parts: int, *, step: int, least: int) -> list[int]:
    """`total` fen in `parts` uneven parts; all but the last are multiples of `step`."""
    if total < least * parts:
        raise ValueError(f"{total} fen can't make {parts} parts of at least {least}")
    weights = [chance.lognormvariate(0, 0.7) for _ in range(parts)]
    free = total - least * parts
    found = [(least + int(free * w / sum(weights))) // step * step for w in weights]
    found[-1] += total - sum(found)
    return found


@dataclass(frozen=True, slots=True)
class _Deal:
    """An item to be, with what goes back to whom."""

    wanted: _Wanted
    lead: LeadSeed
    payees: tuple[PayeeSeed, ...] = ()

    @property
    def listed(self) -> int:
        return sum(payee.fen for payee in self.payees)


class Treasurer:
    """Deals the money out, campaign by campaign."""

    def __init__(self, chance: Dice, registry: Registry, leads: Sequence[LeadSeed]) -> None:
        self._chance = chance
        self._registry = registry
        self._leads = leads
        self._taken: set[str] = set()
        self._refunds: Counter[str] = Counter()

    def items(self) -> tuple[ItemSeed, ...]:
        deals = [_Deal(wanted, lead) for wanted in _ITEMS for lead in self._picked(wanted)]
        deals = self._with_payees(deals)
        found: list[ItemSeed] = []
        for campaign in CAMPAIGNS:
            own = [deal for deal in deals if deal.lead.campaign == campaign.key]
            amounts = self._amounts(campaign.recovered, own)
            for deal, fen in zip(own, amounts, strict=True):
                found.append(self._item(f"F{len(found) + 1:04d}", deal, fen))
        return tuple(found)

    def _picked(self, wanted: _Wanted) -> list[LeadSeed]:
        fitting = [
            lead
            for lead in self._leads
            if lead.fate is wanted.lead
            and lead.case_fate is wanted.case
            and lead.key not in self._taken
            and lead.subjects
            and _worthy(lead, wanted)
        ]
        if wanted.destination == REFUND:
            picked = self._spread(fitting, wanted)
        else:
            picked = self._chance.sample(fitting, wanted.count)
        if len(picked) != wanted.count:
            raise AssertionError(f"{len(picked)} leads for {wanted}")
        self._taken.update(lead.key for lead in picked)
        return picked

    def _spread(self, fitting: list[LeadSeed], wanted: _Wanted) -> list[LeadSeed]:
        """Those still at work come first, from anywhere; the rest fill up each campaign."""
        order = self._chance.shuffled(fitting)
        picked: list[LeadSeed] = []
        for lead in order:
            if len(picked) < wanted.count and self._wanting(lead.campaign):
                self._refunds[lead.campaign] += 1
                picked.append(lead)
        return picked

    def _wanting(self, campaign: str) -> bool:
        """Whether another refund is wanted in the campaign."""
        return self._refunds[campaign] < _REFUNDS[campaign][1]

    def _with_payees(self, deals: list[_Deal]) -> list[_Deal]:
        """Puts villagers on the return lists: 53 on one, the other 217 on the rest."""
        refunds = [deal for deal in deals if deal.wanted.destination == REFUND]
        village = next(
            deal
            for deal in refunds
            if deal.lead.campaign == HOUSES and deal.wanted.fate is ItemFate.SETTLED
        )
        lists = {village.lead.key: self._list(village.lead, quotas.VILLAGE_RETURN,
                                              quotas.VILLAGE_RETURN_PEOPLE)}  # fmt: skip
        others = [deal for deal in refunds if deal is not village]
        people = quotas.BENEFICIARIES - quotas.VILLAGE_RETURN_PEOPLE
        counts = iter(self._counts(people, len(others)))
        for campaign, (fen, _items) in _REFUNDS.items():
            own = [deal for deal in others if deal.lead.campaign == campaign]
            sums = split(self._chance, fen, len(own), step=100, least=500000)
            for deal, total in zip(own, sums, strict=True):
                paid = self._list(deal.lead, total, next(counts))
                lists[deal.lead.key] = paid + self._unpaid(deal, paid)
        return [replace(deal, payees=lists.get(deal.lead.key, ())) for deal in deals]

    def _counts(self, people: int, lists: int) -> list[int]:
        """How many villagers each list has: few on most, none as many as the village's."""
        counts = [2] * lists
        for _ in range(people - sum(counts)):
            index = self._chance.randrange(lists)
            while counts[index] >= 30:
                index = self._chance.randrange(lists)
            counts[index] += 1
        return counts

    def _list(self, lead: LeadSeed, total: int, count: int) -> tuple[PayeeSeed, ...]:
        least = max(20000, total // (count * 5) // 100 * 100)
        amounts = split(self._chance, total, count, step=1000, least=least)
        names: set[str] = set()
        return tuple(self._payee(lead, fen, names) for fen in amounts)

    def _unpaid(self, deal: _Deal, paid: tuple[PayeeSeed, ...]) -> tuple[PayeeSeed, ...]:
        """Villagers who are on the list and haven't been paid yet."""
        if deal.wanted.fate is not ItemFate.SETTLING:
            return ()
        names = {payee.name for payee in paid}
        amounts = [self._chance.randint(40, 400) * 1000 for _ in range(self._chance.randint(3, 6))]
        return tuple(replace(self._payee(deal.lead, fen, names), paid=False) for fen in amounts)

    def _payee(self, lead: LeadSeed, fen: int, names: set[str]) -> PayeeSeed:
        """A villager of the place; nobody on one list bears the name of another."""
        name = self._registry.name()
        while name in names:
            name = self._registry.name()
        names.add(name)
        town = lead.subjects[0].position.split(lead.place.name)[0]
        return PayeeSeed(
            name=name,
            identity=self._registry.identity(youngest=1985, oldest=1946),
            address=f"{town}{lead.place.name}{self._chance.randint(1, 12)}组",
            fen=fen,
            signed=self._chance.choice(_SIGNED),
        )

    def _amounts(self, total: int, deals: list[_Deal]) -> list[int]:
        """What each item brought in; a refund's list is exactly what it brought."""
        free = total - sum(deal.listed for deal in deals)
        takers = [d for d in deals if not d.wanted.property and d.wanted.destination != REFUND]
        shares = iter(split(self._chance, free, len(takers), step=500, least=80000))
        return [0 if deal.wanted.property else deal.listed or next(shares) for deal in deals]

    def _item(self, key: str, deal: _Deal, fen: int) -> ItemSeed:
        receipts: tuple[int, ...] = ()
        if fen:
            parts = self._chance.choice((1, 1, 1, 2, 2, 3)) if fen > 1000000 else 1
            receipts = tuple(split(self._chance, fen, parts, step=10000, least=10000))
        intakes = _INTAKES[deal.lead.case_fate is not None]
        intake = "restitution" if deal.payees else self._chance.choice(intakes)
        return ItemSeed(
            key=key,
            lead=deal.lead,
            fate=deal.wanted.fate,
            intake=intake,
            destination=deal.wanted.destination,
            receipts=receipts,
            payees=deal.payees,
        )


def _worthy(lead: LeadSeed, wanted: _Wanted) -> bool:
    """With the criminal case goes only what belongs to a crime; refunds go to villagers."""
    sanctions = [r.sanction for r in lead.case_results if r.sanction is not None]
    if wanted.destination == CRIMINAL_CASE:
        return any(sanction.party == "expulsion" for sanction in sanctions)
    if wanted.destination == REFUND:
        return lead.place.kind is UnitKind.VILLAGE and bool(sanctions)
    return True
