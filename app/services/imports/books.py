"""Writing money: entries that balance, and the one item per lead on which they hang."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.core.ids import new_id
from app.domain import errors, ledger
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.ledger import EntryKind
from app.domain.ledgers.numbers import number_key
from app.domain.ledgers.people import tidy_name
from app.domain.money import Money
from app.repositories.imports import money
from app.repositories.imports.lookups import KnownMatter
from app.repositories.imports.money import WaitingReturn
from app.repositories.imports.rows import (
    EntryLine,
    FundItemLine,
    PostingLine,
    ReceiptLine,
    ReturnLine,
)
from app.services.imports import matters
from app.services.imports.ground import Ground
from app.services.imports.matters import Step, Told
from app.services.imports.places import Place

_ITEM = "{number}-款"
_ITEM_AGAIN = "{number}-款{again}"
_IN_CUSTODY = "in_custody"

Paid = tuple[str, str, Decimal, date]
"""By which a bank's line and a row of the returns register are one: lead, name, amount, day."""


def paid(cited: str | None, name: str, amount: Decimal, day: date) -> Paid:
    return (cited or "", tidy_name(name), amount, day)


class Unpaired:
    """Returns that wait for their other half, the longest waiting first."""

    def __init__(self, waiting: Iterable[WaitingReturn]) -> None:
        self._waiting: dict[Paid, deque[UUID]] = defaultdict(deque)
        for each in waiting:
            self.add(paid(each.cited, each.beneficiary, each.amount, each.happened_on), each.id)

    def add(self, key: Paid, return_id: UUID) -> None:
        self._waiting[key].append(return_id)

    def take(self, key: Paid) -> UUID | None:
        waiting = self._waiting.get(key)
        return waiting.popleft() if waiting else None


class Books:
    """Posts for leads that are known, and keeps what is not in suspense."""

    def __init__(self, ground: Ground) -> None:
        if not ground.has(Kind.FUND_ITEM, _IN_CUSTODY):
            raise errors.Invalid.of(
                "family", N_("The procedure of this installation keeps no money: see its profile.")
            )
        self._ground = ground
        self._leads = ground.known(Kind.LEAD)
        self._unsigned = Unpaired(money.returns_without_line(ground.tx))
        self._paid: list[tuple[UUID, UUID, UUID]] = []
        self._event = matters.event_of(
            ground, Kind.FUND_ITEM, matters.NEW, "identified", "identify"
        )

    def lead(self, cited: str | None) -> KnownMatter | None:
        """The lead that a line cites, if it is known and the actor imports for its unit."""
        found = self._leads.get(cited) if cited else None
        return found if found and self._ground.places.covers(found.unit_path) else None

    def takes(self, lead: KnownMatter, kind: EntryKind) -> bool:
        """Whether a line may be booked for a lead: where it is decided already what becomes of
        the money of its item, nobody would decide about this."""
        state = lead.fund_item_state
        return state is None or ledger.line_refused(kind, "money", state) is None

    def post(
        self,
        entry: ledger.Entry,
        *,
        day: date,
        line_id: UUID | None,
        lead: KnownMatter | None = None,
        reverses_id: UUID | None = None,
    ) -> UUID:
        entry_id = new_id()
        self._ground.landing.put(
            EntryLine(
                entry_id, entry.kind.value, lead.id if lead else None, entry.item,
                lead.unit_id if lead else None, day, None, line_id, reverses_id,
                self._ground.actor_id,
            )
        )  # fmt: skip
        for leg in entry.legs:
            self._ground.landing.put(
                PostingLine(new_id(), entry_id, leg.account.value, leg.item, leg.amount.decimal)
            )
        return entry_id

    def receive(
        self, lead: KnownMatter, amount: Money, day: date, line_id: UUID, *,
        intake: str, counterparty: str, serial: str,
    ) -> tuple[UUID, ledger.Entry]:  # fmt: skip
        entry = ledger.receipt(self.item(lead, day), amount)
        entry_id = self.post(entry, day=day, line_id=line_id, lead=lead)
        self._ground.landing.put(
            ReceiptLine(entry_id, intake, counterparty or None, serial or None)
        )
        return entry_id, entry

    def give_back(
        self, lead: KnownMatter, amount: Money, day: date, line_id: UUID, *,
        cited: str, counterparty: str,
    ) -> tuple[UUID, ledger.Entry]:  # fmt: skip
        """What went back, and to whom: the villager who signed for it, if the register came
        first, else whoever the bank names, who has yet to sign."""
        entry = ledger.returned(self.item(lead, day), amount)
        entry_id = self.post(entry, day=day, line_id=line_id, lead=lead)
        signed = self._unsigned.take(paid(cited, counterparty, amount.decimal, day))
        if signed is not None:
            self._paid.append((signed, entry_id, lead.id))
        else:
            self._ground.landing.put(
                ReturnLine(
                    new_id(), entry_id, lead.id, cited, None, counterparty, None, amount.decimal,
                    day, ledger.Signed.NOT_YET.value, None, self._ground.batch_id,
                )
            )  # fmt: skip
        return entry_id, entry

    def remit(
        self, lead: KnownMatter, amount: Money, day: date, line_id: UUID
    ) -> tuple[UUID, ledger.Entry]:
        entry = ledger.to_treasury(self.item(lead, day), amount)
        return self.post(entry, day=day, line_id=line_id, lead=lead), entry

    def item(self, lead: KnownMatter, day: date) -> UUID:
        """The lead's undivided item: made when its first money comes."""
        if lead.fund_item_id is not None:
            return lead.fund_item_id
        key = number_key(lead.number)
        present = self._leads[key]
        if present.fund_item_id is not None:
            return present.fund_item_id
        item_id = self._new_item(present, day)
        self._leads[key] = present._replace(fund_item_id=item_id, fund_item_state=_IN_CUSTODY)
        return item_id

    def _new_item(self, lead: KnownMatter, day: date) -> UUID:
        team = (lead.assigned_unit_id, lead.assigned_path)
        told = Told(
            kind=Kind.FUND_ITEM,
            number=self._free_number(lead.number),
            title=lead.number,
            place=Place.of_matter(lead.unit_id, lead.unit_path),
            opened_on=day,
            steps=[Step(self._event, _IN_CUSTODY, day)],
            team=(team[0], team[1]) if team[0] and team[1] else None,
            classification=lead.classification,
        )
        matters.write(self._ground, told)
        self._ground.landing.put(
            FundItemLine(told.id, lead.id, "money", "not_stated", lead.number, True)
        )
        matters.link(self._ground, "lead_fund_item", lead.id, told.id, day)
        return told.id

    def _free_number(self, lead_number: str) -> str:
        taken = self._ground.known(Kind.FUND_ITEM)
        number, again = _ITEM.format(number=lead_number), 1
        while number_key(number) in taken:
            again += 1
            number = _ITEM_AGAIN.format(number=lead_number, again=again)
        return number

    def flush(self) -> None:
        """After the entries are written: receipts that waited for them."""
        for return_id, entry_id, lead_id in self._paid:
            money.pay_return(self._ground.tx, return_id, entry_id=entry_id, matter_id=lead_id)
        self._paid.clear()
