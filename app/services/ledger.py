"""Posting to the journal, and reading it: as of a day, and as known on one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.core.db import Row
from app.domain import errors, ledger, masking
from app.domain.errors import N_
from app.domain.ledger import Account, Balance, Entry, EntryKind, Hand, Leg, Line
from app.domain.money import Money
from app.domain.numbers import RECEIPTS
from app.domain.permissions import Permission, Role
from app.domain.units import UnitPath
from app.repositories import funds, matters
from app.repositories import ledger as journal
from app.repositories.ledger import AsOf
from app.repositories.work import Work
from app.services.matters import reads_less, refuse_readers

REASON_LIMIT = 2000
_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # as people write one: no 1e2, no bare point
TEXT_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class Posted:
    """An entry that was recorded, and the item's version after it."""

    entry_id: UUID
    item_id: UUID
    version: int


def known_before(tx: Work, known_on: date | None) -> datetime | None:
    """The office's midnight after `known_on`: what was recorded before it was known that day."""
    if known_on is None:
        return None
    return tx.midnight_after(known_on)


def refuse_to_come(tx: Work, **days: date | None) -> None:
    """What is asked for by a day has come by the office's day: what it is later, nobody knows
    before. Raises Invalid, naming each day that is yet to come."""
    late = [name for name, day in days.items() if day is not None and day > tx.today]
    if late:
        reason = errors.Reason(N_("This day has not come yet."))
        raise errors.Invalid(*(errors.FieldError(name, reason) for name in late))


def as_of(tx: Work, day: date | None, known_on: date | None) -> AsOf:
    """Raises Invalid for a day that is yet to come."""
    refuse_to_come(tx, as_of=day, known_on=known_on)
    return AsOf(day or tx.today, known_before(tx, known_on))


def balances(
    tx: Work,
    items: Sequence[UUID],
    *,
    day: date | None = None,
    known_on: date | None = None,
) -> dict[UUID, Balance]:
    """Received, returned, remitted, released and held of each item."""
    if not items:
        return {}
    found: dict[UUID, dict[Account, Money]] = {item: {} for item in items}
    for row in journal.sums(tx, items, as_of(tx, day, known_on)):
        found[row["fund_item_id"]][Account(row["account"])] = Money.yuan(row["amount"])
    return {item: Balance.of(sums) for item, sums in found.items()}


def entries(
    tx: Work, matter_id: UUID, *, day: date | None = None, known_on: date | None = None
) -> list[Row]:
    """Every movement of a lead, case or fund item with its item's running balance.

    For an auditor the names and the bank's references are masked. Raises NotFound.
    """
    matters.find(tx, matter_id)
    rows = journal.entries(tx, matter_id, as_of(tx, day, known_on))
    return [masked(row) for row in rows] if reads_less(tx) else rows


def has_entries(tx: Work, matter_id: UUID) -> bool:
    """Whether any money moved on a lead, case or fund item."""
    return journal.has_entries(tx, matter_id)


def masked(row: Row) -> Row:
    """As somebody may know it who may not know names. Nobody vouches that a free text holds none:
    `told` says that there is one."""
    return {
        **row,
        "paid_in_by": masking.name(row["paid_in_by"]) if row.get("paid_in_by") else None,
        "beneficiary": masking.name(row["beneficiary"]) if row.get("beneficiary") else None,
        "bank_reference": masking.reference(row["bank_reference"])
        if row.get("bank_reference")
        else None,
        "description": None,
        "told": bool(row.get("description")),
    }


def amount_in(text: str | Decimal | Money, field: str = "amount") -> Money:
    """An exact amount of more than nothing. Raises Invalid that names `field`."""
    try:
        if isinstance(text, str) and not _AMOUNT.fullmatch(text):
            raise ValueError(text)
        amount = text if isinstance(text, Money) else Money.yuan(text)
    except ValueError:
        raise errors.Invalid.of(
            field, N_("An amount in yuan with at most two decimals, such as 1250.00.")
        ) from None
    if amount.fen <= 0:
        raise errors.Invalid.of(field, N_("The amount must be more than nothing."))
    return amount


def day_in(tx: Work, day: date | None, field: str = "happened_on") -> date:
    """Raises Invalid for none, and for a day that is yet to come."""
    if day is None:
        raise errors.Invalid.of(field, N_("A date such as 2018-09-28."))
    if day > tx.today:
        raise errors.Invalid.of(field, N_("This day is yet to come."))
    return day


def text_in(text: str | None, field: str, *, required: bool = False) -> str | None:
    """Tidied text of a line. Raises Invalid where it is too long, or missing though required."""
    tidy = " ".join((text or "").split())
    if not tidy and required:
        raise errors.Invalid.of(field, N_("Write something."))
    if len(tidy) > TEXT_LIMIT:
        raise errors.Invalid.of(field, N_("At most {limit} characters."), limit=TEXT_LIMIT)
    return tidy or None


def reason_in(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise errors.Invalid.of("reason", N_("Say why."))
    if len(reason) > REASON_LIMIT:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=REASON_LIMIT)
    return reason


def may_record(tx: Work, item: Row, *roles: Role) -> None:
    """Raises Forbidden for whoever may not move this item's money, or only reads about it."""
    path = UnitPath(item["unit_path"])
    if not tx.actor.may(Permission.MONEY_RECORD):
        raise errors.Forbidden(N_("You may read about this money, not move it."))
    if roles and not any(tx.actor.holds(role, path) for role in roles):
        raise errors.Forbidden(N_("Only the finance officer moves money out."))
    refuse_readers(tx, item["id"])


def check_hand(tx: Work, item: Row, hand: Hand) -> None:
    """Raises Denied where the actor lent another of the four hands."""
    hands = {each: {item[each.value]} - {None} for each in (Hand.TAKEN_IN, Hand.KEPT, Hand.DECIDED)}
    hands[Hand.PAID] = {item["paid_by"]} - {None}
    for row in journal.recorders(tx, item["id"]):
        if row["kind"] == EntryKind.RECEIPT:
            hands[Hand.TAKEN_IN].add(row["recorded_by"])
        elif row["kind"] in ledger.PAYMENTS:
            hands[Hand.PAID].add(row["recorded_by"])
    refused = ledger.hand_refused(hands, hand, tx.actor.account_id)
    if refused is not None:
        raise errors.Denied((refused,))


def post(
    tx: Work,
    item: Row,
    entry: Entry,
    *,
    happened_on: date,
    description: str | None = None,
    reverses_id: UUID | None = None,
    bank_line_id: UUID | None = None,
) -> UUID:
    """Write an entry for an item whose version has moved already, which locked it. What goes back
    to somebody gets the next number of a receipt.

    Raises Denied where less is held on that day, or later, than would go out.
    """
    moved = sum(leg.amount.fen for leg in entry.legs if leg.account is Account.BANK)
    if moved < 0 and bank_line_id is None:
        check_held(tx, item["id"], Money(-moved), happened_on)
    return journal.insert_entry(
        tx,
        entry,
        matter_id=item["origin_id"],
        unit_id=item["unit_id"],
        happened_on=happened_on,
        description=description,
        reverses_id=reverses_id,
        bank_line_id=bank_line_id,
        receipt_number=_receipt_number(tx, item) if entry.kind is EntryKind.RETURN else None,
    )


def _receipt_number(tx: Work, item: Row) -> str:
    district, year = UnitPath(item["unit_path"]).root.value, tx.today.year
    seq = journal.next_receipt(tx, district, year)
    return RECEIPTS.write(district=district, year=year, seq=seq)


def check_held(tx: Work, item_id: UUID, amount: Money, day: date) -> None:
    """Raises Denied where `amount` is more than is held from `day` on."""
    lines = [
        Line(row["happened_on"], Money.yuan(row["held"])) for row in journal.held_lines(tx, item_id)
    ]
    held = ledger.lowest_held(lines, since=day)
    if held < amount:
        reason = errors.Reason(
            N_("{held} yuan is held from that day on: {amount} can't go out."),
            {"held": str(held), "amount": str(amount)},
        )
        raise errors.Denied((reason,))


def reverse_entry(
    tx: Work,
    entry_id: UUID,
    *,
    reason: str,
    happened_on: date | None = None,
    seen_version: int | None = None,
) -> Posted:
    """Undo an entry by its mirror; another hand than the one that recorded it does so.

    `happened_on` is the day of the mistake itself unless the money truly came back later.
    Raises NotFound, Forbidden, NotFresh, Invalid, Denied, Conflict where it was reversed already,
    Stale.
    """
    found = journal.entry(tx, entry_id)
    if found is None:
        raise errors.NotFound
    kind = EntryKind(found["kind"])
    if found["fund_item_id"] is None:
        raise errors.Denied((errors.Reason(ledger.NO_ITEM),))
    item = funds.item(tx, found["fund_item_id"])
    may_record(tx, item)
    tx.require_fresh()
    if (refused := irreversible(tx, found, item)) is not None:
        raise refused
    gathered = errors.Gathered()
    with gathered.part():
        reason = reason_in(reason)
    with gathered.part():
        day = day_in(tx, happened_on or found["happened_on"])
        if day < found["happened_on"]:
            early = N_("An entry can't be undone before it happened.")
            raise errors.Invalid.of("happened_on", early)
    gathered.refuse()
    entry = written(tx, found)
    amount = max(leg.amount for leg in entry.legs)
    version = journal.touch_money(
        tx, item["id"], event="money_reversed", seen_version=seen_version, reason=reason,
        form={"entry": str(entry_id), "kind": kind.value, "item": item["number"],
              "amount": str(amount)},
    )  # fmt: skip
    now = journal.entry(tx, entry_id)
    if (refused := irreversible(tx, now or found, funds.item(tx, item["id"]))) is not None:
        raise refused
    mirror = ledger.reversal(entry)
    reversal_id = post(tx, item, mirror, happened_on=day, description=reason, reverses_id=entry_id)
    funds.mark_unpaid(tx, entry_id)
    return Posted(entry_id=reversal_id, item_id=item["id"], version=version)


def undoes(tx: Work, entry: Row, item: Row) -> bool:
    """Whether the actor is of those who undo such an entry: of what was paid out the keeper and
    finance alone."""
    path = UnitPath(item["unit_path"])
    desk = any(tx.actor.holds(role, path) for role in (Role.KEEPER, Role.FINANCE))
    return desk or EntryKind(entry["kind"]) not in ledger.PAYMENTS


def irreversible(tx: Work, entry: Row, item: Row) -> errors.PlumblineError | None:
    """Why the actor can't undo this entry as it and its item stand: what reversing would raise."""
    if not undoes(tx, entry, item):
        return errors.Forbidden(N_("What was paid out the keeper or finance undoes."))
    if EntryKind(entry["kind"]) is EntryKind.REVERSAL:
        return errors.Denied((errors.Reason(ledger.STAYS_REVERSED),))
    if entry["reversed_by_id"] is not None:
        return errors.Conflict(N_("This entry was reversed already."))
    if entry["bank_line_id"] is not None:
        return errors.Denied((errors.Reason(ledger.BANKS_OWN),))
    if entry["recorded_by"] == tx.actor.account_id:
        return errors.Forbidden(ledger.OWN_ENTRY)
    refused = ledger.reversal_refused(EntryKind(entry["kind"]), item["state"])
    return None if refused is None else errors.Denied((refused,))


def written(tx: Work, row: Row) -> Entry:
    """An entry as it stands in the journal."""
    return Entry(
        EntryKind(row["kind"]),
        tuple(
            Leg(Account(leg["account"]), Money.yuan(leg["amount"]), leg["fund_item_id"])
            for leg in journal.legs(tx, row["id"])
        ),
        row["fund_item_id"],
    )
