"""Lines of the special account land: as receipts, returns and remittances of their leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.domain import ledger
from app.domain.ledger import EntryKind
from app.domain.ledgers.findings import Problem, Source
from app.domain.ledgers.reading import Reading
from app.domain.ledgers.rows.bank import BankRow
from app.domain.money import Money
from app.repositories.imports import money
from app.repositories.imports.lookups import KnownMatter
from app.repositories.imports.rows import BankLineLine
from app.services.imports.arrivals import Arrival, Desk
from app.services.imports.books import Books
from app.services.imports.ground import Ground
from app.services.imports.problems import LINE_DECIDED, LINE_KNOWN, SUSPENSE

_KINDS = {
    "receipt": EntryKind.RECEIPT,
    "return": EntryKind.RETURN,
    "treasury": EntryKind.TREASURY,
}


@dataclass(frozen=True, slots=True)
class _Posted:
    """A line with its entry, should the bank undo it."""

    line_id: UUID
    entry_id: UUID
    entry: ledger.Entry
    lead: KnownMatter | None


class BankLander:
    def __init__(self, ground: Ground, desk: Desk, reading: Reading) -> None:
        self._ground = ground
        self._desk = desk
        self._books = Books(ground)
        self._accounts = {plan.sheet.name: plan.header.account_number for plan in reading.plans}
        self._posted: dict[Source, _Posted] = {}
        self._serials: Counter[tuple[str, str, object]] = Counter()
        self._corrected: set[UUID] = set()

    def land(self, groups: Sequence[list[Arrival]]) -> None:
        arrivals = [arrival for group in groups for arrival in group]
        for sheet in dict.fromkeys(a.judged.source.sheet for a in arrivals):
            own = [a for a in arrivals if a.judged.source.sheet == sheet]
            account = self._accounts[sheet]
            serials = [a.value.serial for a in own if a.value.serial]
            known = money.lines_known(self._ground.tx, account, serials)
            earlier = self._earlier(account, own)
            for arrival in own:
                if (arrival.value.serial, arrival.value.happened_on) in known:
                    self._desk.say(arrival, "serial", LINE_KNOWN)
                else:
                    self._write(arrival, account, earlier)
        self._ground.flush()
        self._books.flush()

    def _earlier(self, account: str, arrivals: Sequence[Arrival]) -> list[Row]:
        """Lines of earlier statements for corrections whose mistake isn't in this file."""
        amounts = [
            (a.value.credit if a.value.credit.fen else a.value.debit).decimal
            for a in arrivals
            if a.value.correction
        ]
        return money.uncorrected(self._ground.tx, account, amounts) if amounts else []

    def _write(self, arrival: Arrival, account: str, earlier: Sequence[Row]) -> None:
        row: BankRow = arrival.value
        line_id = new_id()
        undone = self._undone(row, earlier) if row.correction else None
        serial = self._serial(arrival, account, row)
        self._ground.landing.put(
            BankLineLine(
                line_id, account, serial, row.happened_on, row.summary, row.cited,
                row.credit.decimal, row.debit.decimal,
                row.balance.decimal if row.balance is not None else None,
                row.counterparty or None, undone.line_id if undone else None,
                self._ground.batch_id,
            )
        )  # fmt: skip
        arrival.target_id = line_id
        if undone is not None:
            self._corrected.add(undone.line_id)
            self._books.post(
                ledger.reversal(undone.entry), day=row.happened_on, line_id=line_id,
                lead=undone.lead, reverses_id=undone.entry_id,
            )  # fmt: skip
            arrival.matter_id = undone.lead.id if undone.lead else None
            return
        lead = self._books.lead(row.cited)
        self._posted[row.source_row] = self._post(arrival, row, line_id, serial, lead)
        # Also where it waits: whoever is walled off from the lead reads nothing of it.
        arrival.matter_id = lead.id if lead else None

    def _serial(self, arrival: Arrival, account: str, row: BankRow) -> str:
        """The bank's own, or the row's hash where it gives none; a repeated one is told apart."""
        serial = row.serial or arrival.row_hash.hex()[:16]
        key = (account, serial, row.happened_on)
        self._serials[key] += 1
        return serial if self._serials[key] == 1 else f"{serial}/{self._serials[key]}"

    def _post(
        self, arrival: Arrival, row: BankRow, line_id: UUID, serial: str, lead: KnownMatter | None
    ) -> _Posted:
        day, books = row.happened_on, self._books
        amount = row.credit if row.credit.fen else row.debit
        kind = _kind(row)
        if lead is None or kind is None or not books.takes(lead, kind):
            decided = lead is not None and kind is not None
            return self._wait(arrival, row, line_id, LINE_DECIDED if decided else SUSPENSE)
        if kind is EntryKind.RECEIPT:
            entry_id, entry = books.receive(
                lead, amount, day, line_id, intake=row.intake or "not_stated",
                counterparty=row.counterparty, serial=serial,
            )  # fmt: skip
        elif kind is EntryKind.RETURN:
            entry_id, entry = books.give_back(
                lead, amount, day, line_id, cited=row.cited or "", counterparty=row.counterparty
            )
        else:
            entry_id, entry = books.remit(lead, amount, day, line_id)
        return _Posted(line_id, entry_id, entry, lead)

    def _wait(self, arrival: Arrival, row: BankRow, line_id: UUID, why: Problem) -> _Posted:
        """In suspense, or as the bank's own mistake, which nobody need look at."""
        mistake, signed = row.nature == "bank_error" and not row.cited, row.credit - row.debit
        entry = ledger.bank_error(signed) if mistake else ledger.suspense(signed)
        entry_id = self._books.post(entry, day=row.happened_on, line_id=line_id)
        if not mistake:
            self._desk.say(arrival, "summary", why)
        return _Posted(line_id, entry_id, entry, None)

    def _undone(self, row: BankRow, earlier: Sequence[Row]) -> _Posted | None:
        """What a correction takes back: the line that the reading found above it, else one of an
        earlier statement: rather the same counterparty's, rather with the same citation."""
        if row.corrects is not None and row.corrects in self._posted:
            return self._posted[row.corrects]
        amount = (row.credit if row.credit.fen else row.debit).decimal
        side = "debit" if row.credit.fen else "credit"
        fitting = [
            each
            for each in earlier
            if each[side] == amount
            and each["happened_on"] <= row.happened_on
            and each["line_id"] not in self._corrected
        ]
        if not fitting:
            return None
        best = max(
            fitting,
            key=lambda each: (
                bool(row.counterparty) and each["counterparty"] == row.counterparty,
                each["cited"] == row.cited,
                each["happened_on"],
            ),
        )
        return _as_posted(best)

    def finish(self) -> None:
        """Everything was written line by line."""


def _kind(row: BankRow) -> EntryKind | None:
    """As what a line is booked for its lead, if at all."""
    if row.nature == "treasury" and not row.debit.fen:
        return None
    return _KINDS.get(row.nature)


def _as_posted(row: Row) -> _Posted:
    legs = tuple(
        ledger.Leg(ledger.Account(account), Money.yuan(amount), UUID(item) if item else None)
        for account, item, amount in row["legs"]
    )
    lead = None
    if row["matter_id"] is not None:
        lead = KnownMatter(
            row["matter_id"], "", row["unit_id"], "", row["happened_on"], "", 0, None, None,
            None, row["fund_item_id"],
        )  # fmt: skip
    entry = ledger.Entry(ledger.EntryKind.RECEIPT, legs, row["fund_item_id"])
    return _Posted(row["line_id"], row["entry_id"], entry, lead)
