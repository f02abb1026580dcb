"""Ten invented districts and what their ledgers must add up to, each from its seed.

No two number their leads alike, speak alike of the same things, or keep their files alike. The
files are made in `ledger_sheets`; the totals here are counted from what was invented, never
from the files. Identity numbers use the unassigned area code 990101.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any

SEEDS = range(1, 11)
AS_OF = date(2019, 6, 30)

_NAMES = (
    *(
        "平湖区",
        "清河县",
        "南屏市",
        "石桥区",
        "临江县",
        "望山区",
        "东陵县",
        "白沙市",
        "双溪区",
        "云岭县",
    ),
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂建华国立新"
_PLACES = "东西南北上下大小青红白金银石松竹梅杏桃柳龙凤"
_NATURE = "山河溪湾坪塘岭寨桥店田洲潭坝"
_CAMPAIGNS = (
    *(
        "危房改造",
        "低保兜底",
        "扶贫资金",
        "农机补贴",
        "生态补偿",
        "村级账务",
        "教育扶贫",
        "产业项目",
    ),
)
_VILLAGE_POSTS = ("村主任", "党支部书记", "会计", "组长", "文书")
_PUBLIC_POSTS = ("副镇长", "财政所所长", "民政办主任", "林业站站长")
PARTY = ("警告", "严重警告", "撤销党内职务", "留党察看", "开除党籍")
ADMINISTRATIVE = ("警告", "记过", "记大过")
TOO_HEAVY = ("降级", "撤职")


@dataclass
class Person:
    name: str
    identity: str
    township: str
    village: str
    post: str
    member: bool

    @property
    def unit(self) -> tuple[str, str]:
        return self.township, self.village


@dataclass
class Lead:
    number: str
    source: str
    received_on: date
    people: list[Person]
    problem: str
    campaign: str
    amount: int
    disposal: str | None = None
    approved_on: date | None = None
    filed_on: date | None = None
    handlings: int = 0
    party: dict[str, str] = field(default_factory=dict)
    administrative: dict[str, str] = field(default_factory=dict)
    closed_on: date | None = None
    receipts: list[tuple[date, int]] = field(default_factory=list)
    returns: list[tuple[date, int, Person]] = field(default_factory=list)

    @property
    def recovered(self) -> int:
        return sum(fen for _, fen in self.receipts)

    @property
    def returned(self) -> int:
        return sum(fen for _, fen, _ in self.returns)


@dataclass
class Line:
    happened_on: date
    summary: str
    fen: int
    counterparty: str
    lead: Lead | None = None
    cited: str = ""
    balance: int = 0


@dataclass
class Petition:
    number: str
    received_on: date
    channel: str
    named: bool
    reporter: str
    phone: str
    person: Person
    content: str
    repeat: bool
    leader: str
    result: str


@dataclass
class Finding:
    lead: Lead
    team: str
    found_on: date


class District:
    """Everything of one district. `random` goes on where the world ended: for its files."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.name = _NAMES[(seed - 1) % len(_NAMES)]
        self.code = f"D{seed:02}"
        self.opening = 0 if seed % 3 else self.random.randrange(10_000, 9_000_000)
        self.round = (date(2018, 9, 3), date(2018, 11, 9))
        self.campaigns = self.random.sample(_CAMPAIGNS, 3 + seed % 3)
        self._used: set[object] = set()
        self.townships = self._townships()
        self.departments = [
            f"{self.name}{word}" for word in ("民政局", "财政局", "农业局", "林业局")
        ]
        self.people = list(self._people())
        self.leads = list(self._leads())
        self._give_money()
        self.lines = self._lines()
        self.petitions = list(self._petitions())
        self.findings = list(self._findings())

    # --- places and people

    def _place(self, ending: str) -> str:
        while True:
            name = self.random.choice(_PLACES) + self.random.choice(_NATURE) + ending
            if name not in self._used:
                self._used.add(name)
                return name

    def _townships(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for number in range(5 + self.seed % 4):
            ending = ("乡", "镇", "街道")[number % 3]
            below = "社区" if ending == "街道" else "村"
            villages = [self._place(below) for _ in range(3 + self.random.randrange(4))]
            found[self._place(ending)] = villages
        return found

    def _name(self) -> str:
        given = "".join(self.random.choices(_GIVEN, k=self.random.choice((1, 2, 2))))
        return self.random.choice(_SURNAMES) + given

    def _identity(self) -> str:
        born = date(1955, 1, 1) + timedelta(days=self.random.randrange(12_000))
        digits = f"990101{born:%Y%m%d}{self.random.randrange(1000):03}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(d) * w for d, w in zip(digits, weights, strict=True))
        return digits + "10X98765432"[total % 11]

    def person(self, township: str, village: str, post: str) -> Person:
        name = self._name()
        while (name, township, village) in self._used:
            name = self._name()
        self._used.add((name, township, village))
        member = self.random.random() < 0.65
        return Person(name, self._identity(), township, village, post, member)

    def _people(self) -> Iterator[Person]:
        for township, villages in self.townships.items():
            for village in villages:
                for post in self.random.sample(_VILLAGE_POSTS, 3):
                    yield self.person(township, village, post)
            for post in self.random.sample(_PUBLIC_POSTS, 2):
                yield self.person(township, "", post)

    # --- leads

    def number(self, year: int, count: int) -> str:
        """Every district has its own way."""
        return (
            f"FH-{year % 100}-{count:03}",
            f"{year}〔{count}〕号",
            f"LX{year}{count:04}",
            f"QHJ-{year}-{count:03}",
            f"{self.code}/{year}/{count:04}",
            f"XS{year % 100}{count:04}",
            f"南纪线〔{year}〕{count}号",
            f"A{year}-{count:05}",
            f"{year}-{count:04}",
            f"YL{year}Q{count:03}",
        )[self.seed % 10]

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.random.randrange(max(1, (last - first).days)))

    def _leads(self) -> Iterator[Lead]:
        days = sorted(self._day(date(2017, 2, 1), date(2019, 3, 30)) for _ in range(70 + self.seed))
        counts: Counter[int] = Counter()
        for day in days:
            counts[day.year] += 1
            yield self._lead(self.number(day.year, counts[day.year]), day)

    def _lead(self, number: str, day: date) -> Lead:
        random = self.random
        first = random.choice(self.people)
        beside = [p for p in self.people if p.unit == first.unit and p is not first]
        people = [first, *random.sample(beside, k=1 if beside and random.random() < 0.3 else 0)]
        in_round = self.round[0] <= day <= self.round[1] + timedelta(days=30)
        source = (
            "巡察移交"
            if in_round
            else random.choice(("信访举报", "上级交办", "部门移送", "大起底"))
        )
        campaign = random.choice(self.campaigns)
        amount = random.choice((0, random.randrange(10_000, 9_000_000)))
        lead = Lead(number, source, day, people, f"反映{campaign}中的问题", campaign, amount)
        fate = random.random()
        if fate < 0.35:
            return lead
        lead.approved_on = day + timedelta(days=random.randrange(5, 30))
        closed_on = lead.approved_on + timedelta(days=random.randrange(10, 60))
        if fate < 0.45:
            lead.disposal = "暂存待查"
            lead.handlings = int(random.random() < 0.2)
        elif fate < 0.6:
            lead.disposal, lead.closed_on = "予以了结", closed_on
        elif fate < 0.7:
            lead.disposal, lead.handlings = "谈话函询", random.randrange(3)
            lead.closed_on = closed_on if random.random() < 0.6 else None
        else:
            self._verify(lead, closed_on)
        return lead

    def _verify(self, lead: Lead, closed_on: date) -> None:
        random = self.random
        lead.disposal, lead.handlings = "初步核实", random.randrange(3)
        if random.random() < 0.7:
            lead.filed_on = closed_on
            later = closed_on + timedelta(days=random.randrange(20, 90))
            if random.random() < 0.75 and later <= AS_OF:
                lead.closed_on = later
            for person in lead.people:
                self._sanction(lead, person)
        elif random.random() < 0.5:
            lead.closed_on = closed_on

    def _sanction(self, lead: Lead, person: Person) -> None:
        """Now and then one that the person can't receive: it must be doubted."""
        random = self.random
        if random.random() < (0.6 if person.member else 0.06):
            lead.party[person.name] = random.choice(PARTY)
        if random.random() < 0.4:
            heavy = not person.village or random.random() < 0.15
            lead.administrative[person.name] = random.choice(TOO_HEAVY if heavy else ADMINISTRATIVE)

    # --- money

    def _give_money(self) -> None:
        random = self.random
        filed = [lead for lead in self.leads if lead.filed_on]
        for lead in filed[: max(6, len(filed) // 2)]:
            first = lead.received_on + timedelta(days=40)
            if random.random() < 0.2:
                early = lead.received_on - timedelta(days=3)
                lead.receipts.append((early, random.randrange(100, 500_000)))
            for _ in range(random.randrange(1, 4)):
                day = min(self._day(first, first + timedelta(days=60)), AS_OF - timedelta(days=9))
                lead.receipts.append((day, random.randrange(100, 5_000_000)))
        with_money = [lead for lead in filed if lead.receipts]
        for share, lead in enumerate(random.sample(with_money, k=min(4, len(with_money)))):
            self._return(lead, 3 + 4 * share)

    def _return(self, lead: Lead, people: int) -> None:
        left = lead.recovered - lead.recovered // 5
        early = self.random.random() < 0.2
        last = min(day for day, _ in lead.receipts) if early else max(d for d, _ in lead.receipts)
        place = lead.people[0]
        for remaining in range(people, 0, -1):
            fen = (
                left if remaining == 1 else self.random.randrange(1, max(2, 2 * left // remaining))
            )
            fen = max(1, min(fen, left - remaining + 1))
            left -= fen
            villager = self.person(place.township, place.village or "镇区", "村民")
            day = min(last + timedelta(days=self.random.randrange(-1 if early else 1, 30)), AS_OF)
            lead.returns.append((day, fen, villager))

    def _lines(self) -> list[Line]:
        lines = [
            Line(day, "退缴违纪款", fen, lead.people[0].name, lead)
            for lead in self.leads
            for day, fen in lead.receipts
        ]
        lines += [
            Line(day, "退还群众", -fen, villager.name, lead)
            for lead in self.leads
            for day, fen, villager in lead.returns
        ]
        wrong = self.random.randrange(1_000, 90_000)
        middle = sorted(line.happened_on for line in lines)[len(lines) // 2]
        lines += [
            Line(middle, "他行误汇 待退回", wrong, "某商贸行"),
            Line(middle + timedelta(days=2), "冲正 退回误汇款", -wrong, "某商贸行"),
        ]
        lines.sort(key=lambda line: line.happened_on)
        balances = accumulate((line.fen for line in lines), initial=self.opening)
        for line, balance in zip(lines, list(balances)[1:], strict=True):
            line.balance = balance
            line.cited = self._mistyped(line.lead.number) if line.lead else ""
        return lines

    def _mistyped(self, number: str) -> str:
        way = self.random.randrange(8)
        if way == 0:
            return number.lower().replace("-", " - ")
        if way == 1:
            return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in number)
        if way == 2:
            return number.replace("〔", "[").replace("〕", "]").replace("-", "—")
        if way == 3 and number[0].isascii() and number[0].isalpha():
            return number.replace("-", "").replace("/", "")
        if way == 4:
            return number.replace("〔", "（").replace("〕", "）")
        return number

    # --- petitions and findings

    def _petitions(self) -> Iterator[Petition]:
        random = self.random
        earlier: list[Petition] = []
        for count in range(1, 25 + self.seed):
            repeat = bool(earlier) and random.random() < 0.2
            base = random.choice(earlier) if repeat else None
            named = base.named if base else random.random() < 0.5
            petition = Petition(
                number=f"信{2018}{count:04}" if self.seed % 2 else f"P{self.code}-{count:03}",
                received_on=date(2018, 1, 3) + timedelta(days=10 * count),
                channel=random.choice(("来信", "来访", "来电", "网络")),
                named=named,
                reporter=(base.reporter if base else self._name()) if named else "",
                phone=f"1990000{random.randrange(10_000):04}" if named else "",
                person=base.person if base else random.choice(self.people),
                content=base.content if base else f"反映{random.choice(self.campaigns)}不公",
                repeat=repeat,
                leader=random.choice(("赵领", "钱导")),
                result=random.choice(("已化解", "正在办理", "")),
            )
            earlier.append(petition)
            yield petition

    def _findings(self) -> Iterator[Finding]:
        for number, lead in enumerate(lead for lead in self.leads if lead.source == "巡察移交"):
            outside = self.random.random() < 0.15
            early = self.round[0] - timedelta(days=20)
            within = min(max(self.round[0], lead.received_on - timedelta(days=2)), self.round[1])
            day = early if outside else within
            yield Finding(lead, f"第{number % 4 + 1}巡察组", day)

    # --- what it all must add up to

    @property
    def totals(self) -> dict[str, Any]:
        leads, lines = self.leads, self.lines
        party = {(p, who.unit) for p, who in self._sanctioned("party")}
        other = {(p, who.unit) for p, who in self._sanctioned("administrative")}
        most = max(leads, key=lambda lead: len(lead.returns))
        return {
            "leads": len(leads),
            "petitions": len(self.petitions),
            "inspection_leads": sum(lead.source == "巡察移交" for lead in leads),
            "handled": sum(lead.disposal is not None for lead in leads),
            "outstanding": sum(lead.disposal is None for lead in leads),
            "held": sum(lead.disposal == "暂存待查" for lead in leads),
            "filed": sum(lead.filed_on is not None for lead in leads),
            "organisational_handlings": sum(lead.handlings for lead in leads),
            "sanctioned_persons": len(party | other),
            "party_sanctioned_persons": len(party),
            "administratively_sanctioned_persons": len(other),
            "recovered_yuan": yuan(sum(lead.recovered for lead in leads)),
            "returned_yuan": yuan(sum(lead.returned for lead in leads)),
            "village_return_yuan": yuan(most.returned),
            "village_return_people": len(most.returns),
            "reporting_units": len(self.townships) + len(self.departments),
            "villages": sum(map(len, self.townships.values())),
            "bank_lines": len(lines),
            "bank_closing_yuan": yuan(lines[-1].balance),
            "beneficiaries": sum(len(lead.returns) for lead in leads),
            "campaigns": self._campaign_totals(),
            "doubts": self._doubts(),
            "as_of": AS_OF.isoformat(),
        }

    def _sanctioned(self, kind: str) -> Iterator[tuple[str, Person]]:
        for lead in self.leads:
            for name in getattr(lead, kind):
                yield name, next(person for person in lead.people if person.name == name)

    def _campaign_totals(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for name in sorted({lead.campaign for lead in self.leads}):
            own = [lead for lead in self.leads if lead.campaign == name]
            found[name] = {
                "leads": len(own),
                "filed": sum(lead.filed_on is not None for lead in own),
                "recovered_yuan": yuan(sum(lead.recovered for lead in own)),
            }
        return found

    def _doubts(self) -> dict[str, int]:
        heavy = [1 for lead in self.leads for s in lead.administrative.values() if s in TOO_HEAVY]
        public = [
            1
            for lead in self.leads
            for person in lead.people
            if lead.administrative.get(person.name) in TOO_HEAVY and not person.village
        ]
        no_member = [
            1
            for lead in self.leads
            for person in lead.people
            if person.name in lead.party and not person.member
        ]
        held = [lead for lead in self.leads if lead.disposal == "暂存待查" and lead.handlings]
        return {
            "finding_outside_round": sum(f.found_on < self.round[0] for f in self.findings),
            "handling_on_held_lead": len(held),
            "received_before_lead": sum(
                line.happened_on < line.lead.received_on for line in self.lines if line.lead
            ),
            "returned_before_received": sum(map(_overdrawn, self.leads)),
            "sanction_not_eligible": len(heavy) - len(public) + len(no_member),
        }


def _overdrawn(lead: Lead) -> bool:
    """Whether more had gone out than come in at the end of some day."""
    moved: dict[date, int] = defaultdict(int)
    for day, fen in lead.receipts:
        moved[day] += fen
    for day, fen, _ in lead.returns:
        moved[day] -= fen
    return any(held < 0 for held in accumulate(moved[day] for day in sorted(moved)))


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


@cache
def district(seed: int) -> District:
    return District(seed)
