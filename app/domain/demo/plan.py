"""The whole plan: units, people, and every step in the order in which it was taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.domain.demo import calendar, days
from app.domain.demo.chance import Dice, Rota, dice
from app.domain.demo.desks import Desks
from app.domain.demo.district import BODY_NAME, BODY_NAME_EN, UnitSeed, make_district
from app.domain.demo.issues import CAMPAIGNS, Allegation, CampaignSeed, allegation
from app.domain.demo.loose import LoosePetitions
from app.domain.demo.money import ItemSeed, Treasurer
from app.domain.demo.names import Registry
from app.domain.demo.otherwise import Otherwise
from app.domain.demo.petition_story import EARLY, PetitionSeed
from app.domain.demo.petitions import Petitions
from app.domain.demo.plot import Cast, Plot
from app.domain.demo.portfolio import LeadSeed, Portfolio
from app.domain.demo.quotas import LeadFate, PetitionFate
from app.domain.demo.roster import Duty, Roster, at_work
from app.domain.demo.signing import rank
from app.domain.demo.staff import (
    INSPECTORS,
    INTAKE,
    LEAD_MANAGER,
    SECOND_LEAD_MANAGER,
    AccountSeed,
    make_accounts,
)
from app.domain.demo.standing import Standing
from app.domain.demo.statement import waiting_line, with_balances
from app.domain.demo.steps import Step, Verb
from app.domain.demo.subjects import People, Post, SubjectSeed

INSPECTED = 52
_REPORTS = {  # which reporting unit's account sends what
    "松山乡": "unit-songshan",
    "龙湾镇": "unit-longwan",
    "贫困户精准识别": "unit-fupin",
    "林业两补": "unit-linye",
}


class PersonSeed(NamedTuple):
    """Somebody for the register. Without an identity number they are known by name and unit."""

    key: str
    name: str
    identity: str | None
    position: str | None
    rank: str | None
    unit: str
    member: bool | None
    public_employee: bool | None


@dataclass(frozen=True, slots=True)
class RoundSeed:
    """The inspection round: its villages, and the findings that became leads."""

    name: str
    begins_on: date
    ends_on: date
    villages: tuple[str, ...]
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the demo's district is made of, in the order in which it came about."""

    seed: int
    day: date
    body_name: str
    body_name_en: str
    units: tuple[UnitSeed, ...]
    accounts: tuple[AccountSeed, ...]
    campaigns: tuple[CampaignSeed, ...]
    people: tuple[PersonSeed, ...]
    round: RoundSeed
    steps: tuple[Step, ...]
    duties: dict[str, Duty]
    petitions: tuple[PetitionSeed, ...]
    items: tuple[ItemSeed, ...]


def make_plan(seed: int = 2018) -> Plan:
    """The same seed gives the same plan."""
    return _Author(seed).plan()


class _Author:
    """Makes one part after the other, each with chance of its own."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.district = make_district(seed)
        self.accounts = make_accounts(self.district)
        self.registry = Registry(self._part("registry"))
        self.registry.reserve(*(each.name for each in self.accounts))
        self.rota = Rota(self._part("rota"))
        villages = [v for v in self.district.villages if v.path.value.startswith("YC.T")]
        self.inspected = tuple(self._part("round").sample(villages, INSPECTED))
        self.received: dict[str, int] = {}
        self._late_people: list[SubjectSeed] = []

    def _part(self, name: str) -> Dice:
        return dice(f"{self.seed}:{name}")

    def plan(self) -> Plan:
        people = People(self._part("people"), self.district, self.registry)
        leads = Portfolio(self._part("portfolio"), people, self.inspected).make()
        leads, survivors = _merged(self._part("merged"), leads)
        items = Treasurer(self._part("money"), self.registry, leads).items()
        by_lead = {item.lead.key: item for item in items}
        told = {lead.key: self._allegation(lead, by_lead.get(lead.key)) for lead in leads}
        petitions = Petitions(self._part("petitions"), self.rota, self.district, self.registry)
        petitions.make(leads, told)
        duties = self._duties(leads, petitions, items)
        casts = [
            self._cast(
                duties[lead.key], told[lead.key], petitions, by_lead.get(lead.key), survivors
            )
            for lead in leads
        ]
        steps = [step for cast in casts for step in self._placed(cast)]
        loose = LoosePetitions(self._part("loose"), self.rota)
        for seed in petitions.alone:
            steps += loose.told(seed, self.received)
        self._newcomers = People(self._part("newcomers"), self.district, self.registry, "N")
        desks = Desks(
            duties, items, (*petitions.by_lead.values(), *petitions.alone), self._part("desks"),
            self.rota,
        )  # fmt: skip
        steps += desks.steps(self._newcomer)
        steps = [*Otherwise(duties, desks.touched).told(steps), waiting_line(items)]
        return self._assembled(leads, items, petitions, duties, steps)

    def _newcomer(self, duty: Duty) -> SubjectSeed:
        """A station's officer who handled the same money."""
        station = self._part(duty.lead.key).choice(self.district.stations)
        person = self._newcomers.subject(station, Post.STATION_STAFF, member=True)
        self._late_people.append(person)
        return person

    def _assembled(
        self,
        leads: tuple[LeadSeed, ...],
        items: tuple[ItemSeed, ...],
        petitions: Petitions,
        duties: dict[str, Duty],
        steps: list[Step],
    ) -> Plan:
        return Plan(
            seed=self.seed,
            day=days.TODAY,
            body_name=BODY_NAME,
            body_name_en=BODY_NAME_EN,
            units=self.district.units,
            accounts=self.accounts,
            campaigns=CAMPAIGNS,
            people=(*_register(leads, items), *map(_person, self._late_people)),
            round=RoundSeed(
                "第二轮", *calendar.ROUND, tuple(u.code for u in self.inspected),
                tuple(f"第{n}巡察组" for n in range(1, 7)),
            ),
            steps=_with_bank_references(
                with_balances(sorted(steps, key=lambda step: step.day))
            ),
            duties=duties,
            petitions=(*petitions.by_lead.values(), *petitions.alone),
            items=items,
        )  # fmt: skip

    def _allegation(self, lead: LeadSeed, item: ItemSeed | None) -> Allegation:
        chance = self._part(f"told:{lead.key}")
        taken = item.fen if item is not None else 0
        if taken:
            fen = (taken * chance.randint(100, 130) // 100) // 10000 * 10000 + 10000
        elif chance.likely(0.12):
            fen = chance.randint(520, 2400) * 10000
        else:
            fen = chance.randint(8, 490) * 10000
        who = lead.subjects[0].referred_to if lead.subjects else "经办人"
        year = chance.randint(2014, 2016)
        place = lead.place.name if lead.place in self.district.villages else self.district.place(
            lead.place
        )  # fmt: skip
        return allegation(chance, self.rota, lead.issue, place=place, who=who, fen=fen, year=year)

    def _duties(
        self, leads: tuple[LeadSeed, ...], petitions: Petitions, items: tuple[ItemSeed, ...]
    ) -> dict[str, Duty]:
        still_open = [
            key for key, seed in petitions.by_lead.items() if seed.fate is PetitionFate.HANDED_OVER
        ]
        dealt = Roster(self._part("roster")).dealt(leads, still_open)
        return Standing(dealt, items, self._part("standing")).marked()

    def _cast(
        self,
        duty: Duty,
        told: Allegation,
        petitions: Petitions,
        item: ItemSeed | None,
        survivors: dict[str, str],
    ) -> Cast:
        lead = duty.lead
        petition = petitions.by_lead.get(lead.key)
        swept = lead.source == "sweep" and lead.fate in {
            LeadFate.FILED,
            LeadFate.CLOSED_UNFOUNDED,
            LeadFate.CLOSED_MEASURE,
        }
        return Cast(
            duty=duty,
            told=told,
            logged_by=INTAKE if petition else self._logs(duty),
            petition=petition,
            item=item,
            survivor=survivors.get(lead.key),
            held_before=swept and not at_work(lead) and self._part(lead.key).likely(0.4),
        )

    def _logs(self, duty: Duty) -> str:
        """Who enters a lead that no petition brought."""
        lead, manager = duty.lead, self.rota.next((LEAD_MANAGER, SECOND_LEAD_MANAGER))
        if lead.source == "inspection":
            return self.rota.next(INSPECTORS)
        if lead.source == "transfer":
            town = self.district.town_of(lead.place)
            sent = _REPORTS.get(town.name if town else "") or _REPORTS.get(lead.campaign)
            sent = sent or "unit-caizheng"
            wanted = lead.fate is LeadFate.SUBMITTED or self._part(lead.key).likely(0.4)
            return sent if wanted else manager
        if lead.source == "supervision" or lead.fate is LeadFate.SUBMITTED:
            return duty.handler
        return manager

    def _placed(self, cast: Cast) -> Iterator[Step]:
        """The story at the first pace at which it fits into the calendar.

        What would begin too late for its round is told again with more time in it.
        """
        duty = cast.duty
        for pace in calendar.PACES:
            name, more = f"{duty.lead.key}:{pace}", 0
            for _ in range(5):
                story = Plot(cast, self._part(name), self.rota, pace=pace, slack=more).told()
                start = calendar.start_of(duty, story.tick, self._part(f"{name}:start"))
                if start is None:
                    break
                late = calendar.slack(duty, start, self._part(f"{name}:slack"))
                if not late:
                    return story.placed(start, before=self._receive(cast, start))
                more += late
        raise AssertionError(f"the story of {duty.lead} doesn't fit into the calendar")

    def _receive(self, cast: Cast, start: int) -> dict[int, int]:
        """Notes when the petition came in; a backlog one long before the story begins."""
        if cast.petition is None:
            return {}
        received = start
        if cast.petition.backlog:
            received = calendar.early(start, self._part(f"{cast.petition.key}:early"))
        self.received[cast.petition.key] = received
        return {EARLY: received - start}


def _merged(
    chance: Dice, leads: tuple[LeadSeed, ...]
) -> tuple[tuple[LeadSeed, ...], dict[str, str]]:
    """Makes each lead that is merged tell of the same people and place as its survivor."""
    hosts = chance.shuffled(
        [lead for lead in leads if lead.fate is LeadFate.VERIFYING and lead.subjects]
    )
    found: list[LeadSeed] = []
    survivors: dict[str, str] = {}
    for lead in leads:
        if lead.fate is LeadFate.MERGED:
            host = next(
                other
                for other in hosts
                if other.campaign == lead.campaign and other.key not in survivors.values()
            )
            survivors[lead.key] = host.key
            found.append(replace(lead, issue=host.issue, place=host.place, subjects=host.subjects))
        else:
            found.append(lead)
    return tuple(found), survivors


def _register(leads: tuple[LeadSeed, ...], items: tuple[ItemSeed, ...]) -> Iterator[PersonSeed]:
    """Everybody who is reported or repaid, once."""
    seen: set[str] = set()
    for lead in leads:
        for person in lead.subjects:
            if person.key not in seen:
                seen.add(person.key)
                yield _person(person)
    for item in items:
        for payee in item.payees:
            yield PersonSeed(
                payee.identity, payee.name, payee.identity, None, None, item.lead.place.code,
                None, None,
            )  # fmt: skip


def _person(subject: SubjectSeed) -> PersonSeed:
    return PersonSeed(
        subject.key, subject.name, subject.identity, subject.position, rank(subject),
        subject.unit.code, subject.member, subject.public_employee,
    )  # fmt: skip


def _with_bank_references(steps: list[Step]) -> tuple[Step, ...]:
    """Gives each receipt, and each line of the bank's, the number under which the bank booked it,
    in the order of booking."""
    found: list[Step] = []
    booked = 0
    for step in steps:
        if step.verb in {Verb.RECORD_RECEIPT, Verb.TAKE_STATEMENT}:
            booked += 1
            arguments = {**step.arguments, "bank_reference": f"{booked:08d}"}
            found.append(replace(step, arguments=arguments))
        else:
            found.append(step)
    return tuple(found)
