"""Matters with a past, written past row security as an import would leave them.

    past = Past(world, owner)
    lead = past.lead(received_on=date(2018, 3, 5), source="inspection", method="hold", ...)
    item = past.item(lead)
    past.receipt(item, "1200.00", date(2018, 4, 1))

Dates are whatever a test says; `recorded_at` too, since figures are asked *as known on* a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from app.core.ids import new_id
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.services import petitions
from app.services.petitions import NewPetition, Reporter
from tests import build_matters
from tests.builders import Place, Someone, World

STAGES = {
    "lead": {"registered": "share", "assessing": "assess", "held": "assess",
             "talk_letter": "investigate", "verifying": "investigate", "notifying": "review",
             "closed": "review", "filed": "review", "voided": "share", "merged": "share"},
    "case": {"filed": "investigate", "investigating": "investigate", "closed": "review"},
    "petition": {"registered": "share", "handed_over": "assess", "closed": "review",
                 "repeat_filed": "share"},
    "fund_item": {"identified": "assess", "controlled": "investigate", "in_custody": "investigate",
                  "disposal_proposed": "review", "decided": "review", "settling": "review",
                  "settled": "review", "released": "review"},
}  # fmt: skip


# What an import says of itself, with nothing to say.
TAKEN: dict[str, Any] = {
    "mapping": [], "controls": [], "notices": [], "same_file_at": None, "settled": True,
    "missing": [], "doubts": {}, "repeats": 0, "alike": [],
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A matter that was written."""

    id: UUID
    number: str
    kind: str


@dataclass
class Past:
    world: World
    owner: psycopg.Connection[DictRow]
    numbers: Any = field(default_factory=lambda: count(1))

    def accused_handler(self, matter: UUID, *, declared: str | None = None) -> tuple[UUID, UUID]:
        """Another on the team of a matter, whom a linked report accuses; (account, report). With
        `declared` they keep off it already."""
        world = self.world
        name = "严守诚" if declared else "韩立群"
        who = world.hire(f"accused-{new_id().hex[-6:]}", Role.INVESTIGATOR, "YC-O03", name=name)
        person, report = new_id(), build_matters.log(world, world.lead_manager)
        self.insert("person", id=person, name=name)
        self.insert(
            "involvement", id=new_id(), matter_id=report, code="02", part="subject",
            person_id=person, begins_on=build_matters.DAY,
        )  # fmt: skip
        self.owner.execute(
            "UPDATE account SET person_id = %s WHERE id = %s", [person, who.account_id]
        )
        self.insert(
            "team_member", id=new_id(), matter_id=matter, account_id=who.account_id, part="member",
            begins_on=build_matters.DAY,
        )  # fmt: skip
        self.insert(
            "matter_link", id=new_id(), kind="repeat_of", from_id=report, to_id=matter,
            begins_on=build_matters.DAY,
        )  # fmt: skip
        if declared:
            self.insert(
                "wall", id=new_id(), matter_id=matter, account_id=who.account_id, cause="declared",
                reason=declared, made_by=who.account_id, made_on=build_matters.DAY,
            )  # fmt: skip
        return who.account_id, report

    def petition_of(self, who: Someone, *, reporter: str) -> UUID:
        """A named report with a checked summary that `who` handles."""
        world = self.world
        with world.open("petitions.log", world.intake_officer) as tx:
            petition: UUID = petitions.log_petition(
                tx,
                NewPetition(
                    channel="letter", class_="report", received_on=build_matters.DAY,
                    content="我在村里开店，亲眼看到补助少发。", title="反映补助未足额发放",
                    unit_id=world.village.id, reporter=Reporter(name=reporter),
                ),
            )  # fmt: skip
            petitions.write_summary(tx, petition, summary="反映补助未足额发放。")
        with world.open("petitions.check", world.petitions_head) as tx:
            petitions.check_summary(tx, petition)
        self.insert(
            "team_member", id=new_id(), matter_id=petition, account_id=who.account_id,
            part="lead_handler", begins_on=build_matters.DAY,
        )  # fmt: skip
        return petition

    def insert(self, table: str, **values: Any) -> None:
        named = {key: value for key, value in values.items() if value is not None}
        columns = ", ".join(f'"{key}"' for key in named)
        marks = ", ".join(f"%({key})s" for key in named)
        self.owner.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'.encode(), named)

    @property
    def profile_id(self) -> UUID:
        row = self.owner.execute(
            "SELECT p.id FROM profile_version p JOIN installation i ON i.profile_name = p.name"
            " ORDER BY p.recorded_at DESC, p.id DESC LIMIT 1"
        ).fetchone()
        assert row is not None, "the installation has no profile"
        return UUID(str(row["id"]))

    def campaign(self, key: str) -> UUID:
        made = new_id()
        self.insert("campaign", id=made, key=key, name=key)
        return made

    def matter(
        self,
        kind: str,
        *,
        opened_on: date,
        steps: Sequence[tuple[str, date]],
        unit: Place | None = None,
        recorded_at: datetime | None = None,
        made_by: Someone | None = None,
        **more: Any,
    ) -> Made:
        """`steps` are the states that it went through, each with its day."""
        place = unit or self.world.village
        made = Made(new_id(), f"{kind[:2].upper()}2018-{next(self.numbers):04d}", kind)
        state = steps[-1][0]
        self.insert(
            "matter", id=made.id, kind=kind, district="YC", number=made.number,
            title=more.pop("title", "反映的问题"), state=state, stage=STAGES[kind][state],
            unit_id=place.id, unit_path=place.path.value,
            made_by=(made_by or self.world.operator).account_id, profile_id=self.profile_id,
            opened_on=opened_on, version=len(steps), recorded_at=recorded_at, **more,
        )  # fmt: skip
        before = None
        for version, (to_state, day) in enumerate(steps, start=1):
            self.insert(
                "transition", id=new_id(), matter_id=made.id, version=version, event="imported",
                from_state=before, to_state=to_state, manner="ledger", happened_on=day,
                recorded_at=recorded_at,
            )  # fmt: skip
            before = to_state
        return made

    def lead(
        self,
        *,
        received_on: date,
        steps: Sequence[tuple[str, date]] = (),
        method: str | None = None,
        disposed_on: date | None = None,
        filed_on: date | None = None,
        **more: Any,
    ) -> Made:
        made = self.matter(
            "lead", opened_on=received_on, steps=[("registered", received_on), *steps], **more
        )
        self.insert(
            "lead", id=made.id, received_on=received_on, what="虚报面积冒领补助", method=method,
            disposed_on=disposed_on, filed_on=filed_on,
        )  # fmt: skip
        return made

    def case(
        self, lead: Made, *, filed_on: date, closed_on: date | None = None, **more: Any
    ) -> Made:
        steps = [("investigating", filed_on), *([("closed", closed_on)] if closed_on else [])]
        made = self.matter("case", opened_on=filed_on, steps=steps, **more)
        self.insert("case", id=made.id, filed_on=filed_on, closed_on=closed_on)
        self.insert(
            "matter_link", id=new_id(), kind="lead_case", from_id=lead.id, to_id=made.id,
            begins_on=filed_on,
        )  # fmt: skip
        return made

    def petition(
        self, *, received_on: date, channel: str = "letter", backlog: bool = True, **more: Any
    ) -> Made:
        made = self.matter(
            "petition", opened_on=received_on, steps=[("registered", received_on)], **more
        )
        self.owner.execute(
            "INSERT INTO petition (id, received_on, channel, class, content, backlog)"
            " VALUES (%s, %s, %s, 'report', '反映村干部', %s)",
            (made.id, received_on, channel, backlog),
        )
        return made

    def person(self, name: str) -> UUID:
        made = new_id()
        self.insert("person", id=made, name=name, unit_id=self.world.village.id)
        return made

    def outcome(
        self,
        matter: Made,
        kind: str,
        decided_on: date,
        *,
        person: UUID | None = None,
        measure: str | None = None,
        quantity: int = 1,
        replaces: UUID | None = None,
        recorded_at: datetime | None = None,
    ) -> UUID:
        involvement = None
        if person is not None:
            row = self.owner.execute(
                "SELECT id FROM involvement WHERE matter_id = %s AND person_id = %s",
                (matter.id, person),
            ).fetchone()
            involvement = UUID(str(row["id"])) if row else new_id()
            if row is None:
                self.insert(
                    "involvement", id=involvement, matter_id=matter.id, part="subject",
                    person_id=person, begins_on=decided_on,
                )  # fmt: skip
        made = new_id()
        self.insert(
            "outcome", id=made, matter_id=matter.id, involvement_id=involvement, kind=kind,
            measure=measure, quantity=quantity, decided_on=decided_on, manner="ledger",
            recorded_at=recorded_at,
        )  # fmt: skip
        if replaces is not None:
            self.insert("replacement", outcome_id=replaces, by_id=made, matter_id=matter.id)
        return made

    def item(self, origin: Made, *, state: str = "in_custody", **more: Any) -> Made:
        """A fund item of the origin's unit and colours, in the state given."""
        row = self.owner.execute(
            "SELECT opened_on, campaign_id, source, responsible_leader, unit_id,"
            " unit_path::text AS unit_path, classification FROM matter WHERE id = %s",
            (origin.id,),
        ).fetchone()
        assert row is not None
        hands = {hand: more.pop(hand, None) for hand in ("taken_in_by", "kept_by", "decided_by")}
        splits = more.pop("splits", None)
        place = Place(row["unit_id"], "", "", UnitPath(row["unit_path"]))
        made = self.matter(
            "fund_item", opened_on=row["opened_on"], steps=[(state, row["opened_on"])],
            unit=place, campaign_id=row["campaign_id"], source=row["source"],
            classification=row["classification"], **more,
        )  # fmt: skip
        self.insert(
            "fund_item", id=made.id, origin_id=origin.id, intake="not_stated",
            description="退缴违纪款", splits=Jsonb(splits) if splits else None,
            **{hand: someone.account_id for hand, someone in hands.items() if someone},
        )  # fmt: skip
        return made

    def item_to_repay(self, state: str) -> Made:
        """12,000 yuan that were taken in, with two people on the return list."""
        world = self.world
        lead = self.lead(received_on=date(2018, 3, 1), steps=[("verifying", date(2018, 3, 20))])
        self.join(lead, world.investigator)
        made = self.item(
            lead, state=state, taken_in_by=world.investigator, kept_by=world.keeper,
            decided_by=world.chief if state == "settling" else None,
        )  # fmt: skip
        self.receipt(lead, made, "12000.00", date(2018, 5, 2))
        for name, amount in (("石桂芳", "2360.00"), ("丁有田", "1250.00")):
            self.insert(
                "payee", id=self.person(name), fund_item_id=made.id, name=name, amount=amount
            )
        return made

    def join(self, matter: Made, someone: Someone) -> None:
        self.insert(
            "team_member", id=new_id(), matter_id=matter.id, account_id=someone.account_id,
            part="lead_handler", begins_on=date(2018, 1, 1),
        )  # fmt: skip

    def post(
        self,
        kind: str,
        happened_on: date,
        legs: Sequence[tuple[str, UUID | None, str]],
        *,
        matter: Made | None = None,
        item: Made | None = None,
        line: UUID | None = None,
        reverses: UUID | None = None,
        recorded_at: datetime | None = None,
    ) -> UUID:
        """An entry as the bank's import writes it."""
        made = new_id()
        with self.owner.transaction():
            self.insert(
                "journal_entry", id=made, kind=kind, matter_id=matter.id if matter else None,
                fund_item_id=item.id if item else None, happened_on=happened_on,
                bank_line_id=line, reverses_id=reverses, recorded_at=recorded_at,
                recorded_by=self.world.operator.account_id,
            )  # fmt: skip
            for account, of, amount in legs:
                self.insert(
                    "posting", id=new_id(), entry_id=made, account=account, fund_item_id=of,
                    amount=amount,
                )  # fmt: skip
        return made

    def receipt(
        self, origin: Made, item: Made, amount: str, happened_on: date, **more: Any
    ) -> UUID:
        intake = more.pop("intake", "not_stated")
        line = self.line(amount, happened_on, recorded_at=more.get("recorded_at"))
        made = self.post(
            "receipt", happened_on,
            [("bank", item.id, amount), ("payer", item.id, f"-{amount}")],
            matter=origin, item=item, line=line, **more,
        )  # fmt: skip
        self.insert("money_receipt", entry_id=made, intake=intake)
        return made

    def repaid(
        self, origin: Made, item: Made, amount: str, happened_on: date, name: str, **more: Any
    ) -> UUID:
        line = self.line(f"-{amount}", happened_on, counterparty=name)
        made = self.post(
            "return", happened_on,
            [("bank", item.id, f"-{amount}"), ("refund", item.id, amount)],
            matter=origin, item=item, line=line, **more,
        )  # fmt: skip
        self.insert(
            "money_return", id=new_id(), entry_id=made, matter_id=origin.id, beneficiary=name,
            amount=amount, happened_on=happened_on, signed="signature",
        )  # fmt: skip
        return made

    def line(
        self,
        amount: str,
        happened_on: date,
        *,
        counterparty: str | None = None,
        balance: str | None = None,
        recorded_at: datetime | None = None,
    ) -> UUID:
        """A line of the statement; a debit is negative."""
        made, batch = new_id(), new_id()
        self.insert(
            "import_batch", id=batch, family="bank", file_name="流水.csv", file_hash=b"1",
            made_by=self.world.operator.account_id, happened_on=happened_on,
            recorded_at=recorded_at, report=Jsonb(TAKEN),
        )  # fmt: skip
        self.insert(
            "bank_line", id=made, account_number="99010100000000001",
            serial=f"{next(self.numbers):08d}", happened_on=happened_on, summary="退缴违纪款",
            credit="0" if amount.startswith("-") else amount,
            debit=amount.removeprefix("-") if amount.startswith("-") else "0",
            counterparty=counterparty, balance=balance, import_batch_id=batch,
        )  # fmt: skip
        return made

    def doubt(self, matter: Made, rule: str, **more: Any) -> UUID:
        made, batch = new_id(), new_id()
        self.insert(
            "import_batch", id=batch, family="leads", file_name="台账.csv", file_hash=b"2",
            made_by=self.world.operator.account_id, happened_on=date(2018, 9, 30),
            report=Jsonb(TAKEN),
        )  # fmt: skip
        self.insert("doubt", id=made, rule=rule, batch_id=batch, matter_id=matter.id, **more)
        return made

    def suspended(self, amount: str, happened_on: date, **more: Any) -> UUID:
        """A bank line in suspense; returns the line."""
        line = self.line(amount, happened_on, **more)
        other = amount.removeprefix("-") if amount.startswith("-") else f"-{amount}"
        self.post(
            "suspense", happened_on, [("suspense", None, amount), ("payer", None, other)],
            line=line,
        )  # fmt: skip
        return line
