"""Which petitions there are: those that brought leads, claims, repeats, and what went elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.demo import quotas
from app.domain.demo.chance import Dice, Rota
from app.domain.demo.district import District
from app.domain.demo.issues import (
    CAMPAIGNS,
    CLAIMS,
    ISSUES,
    REPEATED,
    Allegation,
    allegation,
)
from app.domain.demo.names import Registry
from app.domain.demo.petition_story import PetitionSeed, ReporterSeed
from app.domain.demo.portfolio import LeadSeed
from app.domain.demo.quotas import LeadFate, PetitionFate
from app.domain.demo.roster import Turn
from app.domain.demo.signing import rank
from app.domain.demo.staff import LEADERS

_CHANNELS = ("letter", "visit", "call", "online", "superior")
_ONE_CLICK, _BACKLOG = "one_click", "petition"
_QUICK = (LeadFate.CLOSED_DIRECT, LeadFate.CLOSED_UNFOUNDED, LeadFate.CLOSED_TALK)


@dataclass(frozen=True, slots=True)
class _Stock:
    """One of the two lists: the backlog, or one-click reports."""

    fates: Mapping[PetitionFate, int]
    source: str
    claims: int
    open_claims: int

    @property
    def backlog(self) -> bool:
        return self.source == _BACKLOG


_STOCKS = (
    _Stock(quotas.BACKLOG_FATES, _BACKLOG, quotas.BACKLOG_CLAIMS, quotas.CLAIMS_OPEN),
    _Stock(quotas.ONE_CLICK_FATES, _ONE_CLICK, quotas.ONE_CLICK_CLAIMS, quotas.CLAIMS_OPEN),
)


class Petitions:
    """Makes the petitions: `by_lead` those that brought one, `alone` the rest."""

    def __init__(self, chance: Dice, rota: Rota, district: District, registry: Registry) -> None:
        self._chance = chance
        self._rota = rota
        self._district = district
        self._registry = registry
        self._made = 0
        self.by_lead: dict[str, PetitionSeed] = {}
        self.alone: list[PetitionSeed] = []

    def make(self, leads: Sequence[LeadSeed], told: Mapping[str, Allegation]) -> None:
        for stock in _STOCKS:
            own = [lead for lead in leads if lead.source == stock.source]
            self._with_leads(stock, own, told)
            self._without_leads(stock)
        self._stand_open()

    def _with_leads(
        self, stock: _Stock, leads: list[LeadSeed], told: Mapping[str, Allegation]
    ) -> None:
        ended = {fate: stock.fates.get(fate, 0) for fate in quotas.HANDED_ON}
        ended[PetitionFate.HANDED_OVER] -= stock.open_claims
        ended[PetitionFate.CLOSED] -= stock.claims - stock.open_claims
        # What is not archived yet ended lately: with a lead that closes quickly.
        order = self._chance.shuffled(leads)
        order.sort(key=lambda lead: (not lead.concluded, lead.fate not in _QUICK))
        fates = [
            fate
            for fate in (PetitionFate.CONCLUDED, PetitionFate.FED_BACK, PetitionFate.CLOSED)
            for _ in range(ended[fate])
        ]
        fates += [PetitionFate.HANDED_OVER] * ended[PetitionFate.HANDED_OVER]
        for lead, fate in zip(order, fates, strict=True):
            text = told[lead.key]
            must = fate in {PetitionFate.CONCLUDED, PetitionFate.FED_BACK}
            self.by_lead[lead.key] = PetitionSeed(
                key=self._key(), fate=fate, backlog=stock.backlog, channel=self._channel(stock),
                class_="report", title=f"反映{text.title}", content=text.what, place=lead.place,
                where=self._district.place(lead.place), leader=self._leader(),
                campaign=lead.campaign, reporter=self._reporter(sure=must), lead=lead.key,
                subjects=tuple(
                    {"person": person.key, "position": person.position, "rank": rank(person)}
                    for person in lead.subjects
                ),
            )  # fmt: skip

    def _without_leads(self, stock: _Stock) -> None:
        claims = [PetitionFate.HANDED_OVER] * stock.open_claims
        claims += [PetitionFate.CLOSED] * (stock.claims - stock.open_claims)
        self.alone += [self._claim(stock, fate) for fate in claims]
        for fate, count in stock.fates.items():
            if fate is PetitionFate.REPEAT_FILED:
                self.alone += [self._repeat(stock) for _ in range(count)]
            elif fate not in quotas.HANDED_ON:
                self.alone += [self._other(stock, fate) for _ in range(count)]

    def _key(self) -> str:
        self._made += 1
        return f"X{self._made:04d}"

    def _channel(self, stock: _Stock) -> str:
        return self._chance.choice(_CHANNELS) if stock.backlog else _ONE_CLICK

    def _leader(self) -> str:
        return self._rota.next(LEADERS)

    def _reporter(self, *, sure: bool = False) -> ReporterSeed | None:
        if not sure and not self._chance.likely(0.45):
            return None
        return ReporterSeed(self._registry.name(), self._registry.telephone())

    def _claim(self, stock: _Stock, fate: PetitionFate) -> PetitionSeed:
        text = self._rota.next(CLAIMS).format(
            year=self._chance.randint(2013, 2016),
            n=self._chance.randint(3, 20),
            yuan=f"{self._chance.randint(8, 90) * 100:,}",
        )
        return self._plain(stock, fate, "claim", "群众诉求", text, named=True)

    def _other(self, stock: _Stock, fate: PetitionFate) -> PetitionSeed:
        if fate in {PetitionFate.FORWARDED, PetitionFate.FORWARD_SENT}:
            return self._plain(stock, fate, "other", "工程质量", "反映道路工程质量差，雨后开裂。")
        if fate is PetitionFate.NOT_ACCEPTED:
            text = "对林权确权决定不服，要求改变。"
            return self._plain(stock, fate, "claim", "林权争议", text, named=True)
        place = self._chance.choice(self._district.villages)
        issue = self._chance.choice(ISSUES)
        told = allegation(
            self._chance, self._rota, issue, place=place.name, who="村干部", fen=None,
            year=self._chance.randint(2014, 2016),
        )  # fmt: skip
        plain = self._plain(stock, fate, "report", "", told.what)
        return replace(
            plain, title=f"反映{told.title}", place=place, where=self._district.place(place),
            campaign=issue.campaign,
        )  # fmt: skip

    def _plain(
        self, stock: _Stock, fate: PetitionFate, class_: str, topic: str, text: str,
        *, named: bool = False,
    ) -> PetitionSeed:  # fmt: skip
        place = self._chance.choice(self._district.villages)
        return PetitionSeed(
            key=self._key(), fate=fate, backlog=stock.backlog, channel=self._channel(stock),
            class_=class_, title=f"{place.name}{topic}问题", content=text, place=place,
            where=self._district.place(place), leader=self._leader(),
            campaign=self._chance.choice(CAMPAIGNS).key, reporter=self._reporter(sure=named),
        )  # fmt: skip

    def _repeat(self, stock: _Stock) -> PetitionSeed:
        """The same once more, by the same hand, after the first was received."""
        firsts = [
            seed
            for seed in self.by_lead.values()
            if seed.backlog == stock.backlog
            and seed.fate is PetitionFate.CLOSED
            and all(other.repeats != seed.key for other in self.alone)
        ]
        first = self._chance.choice(firsts)
        return replace(
            first, key=self._key(), fate=PetitionFate.REPEAT_FILED, lead=None, repeats=first.key,
            content=self._rota.next(REPEATED) + first.content, turn=Turn.NOT_ASKED,
        )  # fmt: skip

    def _stand_open(self) -> None:
        """Which requests of intake stand open, or were returned, on the demo's day."""
        self.alone = self._turned(self.alone, PetitionFate.REGISTERED, Turn.WAITS_FIRST)
        self.alone = self._turned(self.alone, PetitionFate.REGISTERED, Turn.RETURNED)
        keys = list(self.by_lead)
        seeds = list(self.by_lead.values())
        for fate, turn in (
            (PetitionFate.CONCLUDED, Turn.WAITS_FIRST),
            (PetitionFate.CONCLUDED, Turn.RETURNED),
            (PetitionFate.FED_BACK, Turn.WAITS_FIRST),
            (PetitionFate.FED_BACK, Turn.WAITS_FIRST),
        ):
            seeds = self._turned(seeds, fate, turn)
        self.by_lead = dict(zip(keys, seeds, strict=True))
        for turn in (Turn.WAITS_LAST, Turn.WAITS_LAST, Turn.WAITS_FIRST):
            self.alone = self._turned(self.alone, PetitionFate.HANDED_OVER, turn)

    @staticmethod
    def _turned(seeds: list[PetitionSeed], fate: PetitionFate, turn: Turn) -> list[PetitionSeed]:
        """The first of this fate that stands nowhere yet gets its turn."""
        for at, seed in enumerate(seeds):
            if seed.fate is fate and seed.turn is Turn.NOT_ASKED:
                return [*seeds[:at], replace(seed, turn=turn), *seeds[at + 1 :]]
        raise AssertionError(f"no petition that is {fate}")
