"""What happens to a fund item's money: it comes in, is listed for those it is meant for, goes out.

Each act locks the item and its lead or case, and moves the version of both. The workflow moves
the item's state; an act only asks whether the state allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.core.db import Row
from app.domain import errors, ledger
from app.domain.errors import N_
from app.domain.ledger import Balance, EntryKind, Hand, Intake, Signed
from app.domain.money import Money
from app.domain.permissions import Role
from app.repositories import funds
from app.repositories import ledger as journal
from app.repositories.work import Work
from app.services.ledger import (
    Posted,
    amount_in,
    balances,
    check_hand,
    day_in,
    may_record,
    post,
    text_in,
    written,
)
from app.services.matters import reads_less

DECIDED = {EntryKind.RETURN, EntryKind.TREASURY, EntryKind.CRIMINAL_CASE}
MOST_LINES = 500  # of a return list, paid in one go


@dataclass(frozen=True, kw_only=True)
class ItemFile:
    """A fund item with its money and its return list, which an auditor does not read."""

    item: Row
    balance: Balance
    payees: list[Row]
    listed: Money | None
    masked: bool


def open_item(
    tx: Work, item_id: UUID, *, day: date | None = None, known_on: date | None = None
) -> ItemFile:
    """Raises NotFound."""
    item = funds.item(tx, item_id)
    masked = reads_less(tx)
    lines = [] if masked else funds.payees(tx, item_id)
    listed = sum((Money.yuan(line["amount"]) for line in lines), Money.zero())
    return ItemFile(
        item={**item, "description": None, "title": None} if masked else item,
        balance=balances(tx, [item_id], day=day, known_on=known_on)[item_id],
        payees=lines,
        listed=None if masked else listed,
        masked=masked,
    )


def items_of(tx: Work, origin_id: UUID) -> list[tuple[Row, Balance]]:
    """The fund items of a lead or case, each with its money."""
    items = funds.items_of(tx, origin_id)
    found = balances(tx, [item["id"] for item in items])
    return [(item, found[item["id"]]) for item in items]


def record_receipt(
    tx: Work,
    item_id: UUID,
    *,
    amount: str | Decimal | Money,
    happened_on: date | None,
    bank_reference: str,
    paid_in_by: str | None = None,
    intake: Intake | None = None,
    seen_version: int | None = None,
) -> Posted:
    """Money came in for an item. `intake` is the item's own unless this instalment's differs.

    Raises NotFound, Forbidden, Invalid, Denied (state, four people), Conflict, Stale.
    """
    item = funds.item(tx, item_id)
    may_record(tx, item)
    gathered = errors.Gathered()
    with gathered.part():
        paid = amount_in(amount)
    with gathered.part():
        day = _day_in(tx, item_id, happened_on)
    with gathered.part():
        reference = _reference(bank_reference)
    with gathered.part():
        payer = text_in(paid_in_by, "paid_in_by")
    gathered.refuse()
    version = moving(tx, item, "money_received", seen_version, paid)
    item = _allowed(tx, item_id, EntryKind.RECEIPT, Hand.TAKEN_IN)
    if item["form"] == "property":
        raise errors.Denied((errors.Reason(ledger.PROPERTY),))
    if journal.reference_used(tx, item_id, reference):
        raise errors.Conflict(N_("A receipt with this bank reference is recorded already."))
    entry_id = post(tx, item, ledger.receipt(item_id, paid), happened_on=day)
    journal.insert_receipt(
        tx,
        entry_id,
        intake=(intake or Intake(item["intake"])).value,
        paid_in_by=payer,
        bank_reference=reference,
    )
    funds.lend_hand(tx, item_id, Hand.TAKEN_IN)
    return Posted(entry_id=entry_id, item_id=item_id, version=version)


def _day_in(tx: Work, item_id: UUID, given: date | None) -> date:
    """The day on which money came in. Raises Invalid, also where its matter came later."""
    day, began = day_in(tx, given), funds.origin_began(tx, item_id)
    if began is not None and day < began:
        early = N_("Money can't have come in before the matter did, on {day}.")
        raise errors.Invalid.of("happened_on", early, day=began.isoformat())
    return day


def _reference(text: str) -> str:
    reference = ledger.bank_reference(text)
    if reference is None:
        raise errors.Invalid.of(
            "bank_reference", N_("The bank's reference has 4 to 40 letters and digits.")
        )
    return reference


def moving(
    tx: Work, item: Row, event: str, seen_version: int | None, amount: Money, **more: str
) -> int:
    """Lock the item and its origin, and put the event on both timelines."""
    return journal.touch_money(
        tx,
        item["id"],
        event=event,
        seen_version=seen_version,
        form={"item": item["number"], "amount": str(amount), **more},
    )


def _allowed(tx: Work, item_id: UUID, kind: EntryKind, hand: Hand) -> Row:
    """The item as it is under the lock. Raises Denied where its state or the hand forbids."""
    item = funds.item(tx, item_id)
    refused = ledger.movement_refused(kind, item["state"])
    if refused is not None:
        raise errors.Denied((refused,))
    if kind in DECIDED and item["decided_by"] is None:
        raise errors.Denied((errors.Reason(N_("Nobody has decided yet where the money goes.")),))
    check_hand(tx, item, hand)
    return item


def day_out(tx: Work, item_id: UUID, kind: EntryKind | None, day: date | None) -> date:
    """The day on which money went out. Raises Invalid where it is none, and where nobody had
    decided by then that it may go there, if that is known."""
    found = day_in(tx, day)
    if kind is None or kind not in ledger.GOES_OUT_FROM:
        return found
    state, message = ledger.GOES_OUT_FROM[kind]
    since = funds.came_into(tx, item_id, state)
    if since is not None and found < since:
        raise errors.Invalid.of("happened_on", message, day=since.isoformat())
    return found


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A line of the return list that was paid. `amount` is compared with the list's."""

    payee_id: UUID
    amount: str | Decimal | Money
    signed: Signed = Signed.NOT_YET
    signed_on: date | None = None
    address: str | None = None


def pay_returns(
    tx: Work,
    item_id: UUID,
    payments: Sequence[Payment],
    *,
    happened_on: date | None,
    seen_version: int | None = None,
) -> list[Posted]:
    """Money went back to people of the return list, each by an entry of their own. All or none.

    The finance officer's act. Raises NotFound, Forbidden, NotFresh, Invalid, Denied, Conflict for
    a line that was paid already, Stale.
    """
    item = funds.item(tx, item_id)
    may_record(tx, item, Role.FINANCE)
    tx.require_fresh()
    if not 0 < len(payments) <= MOST_LINES:
        raise errors.Invalid.of("payments", N_("One to {most} lines at a time."), most=MOST_LINES)
    gathered = errors.Gathered()
    with gathered.part():
        day = day_out(tx, item_id, EntryKind.RETURN, happened_on)
    amounts = []
    for at, each in enumerate(payments):
        with gathered.part():
            amounts.append(amount_in(each.amount, f"payments.{at}.amount"))
    gathered.refuse()
    total = sum(amounts, Money.zero())
    version = moving(tx, item, "money_returned", seen_version, total)
    item = _allowed(tx, item_id, EntryKind.RETURN, Hand.PAID)
    day_out(tx, item_id, EntryKind.RETURN, day)
    done = []
    for at, (each, amount) in enumerate(zip(payments, amounts, strict=True)):
        with gathered.part():
            done.append(_pay(tx, item, each, amount, day=day, field=f"payments.{at}"))
    gathered.refuse()
    funds.lend_hand(tx, item_id, Hand.PAID)
    return [Posted(entry_id=entry_id, item_id=item_id, version=version) for entry_id in done]


def _pay(tx: Work, item: Row, payment: Payment, amount: Money, *, day: date, field: str) -> UUID:
    with errors.named_in(f"{field}.payee_id"):
        line = funds.payee(tx, item["id"], payment.payee_id)
    if line["paid_entry_id"] is not None:
        raise errors.Conflict(N_("This line of the return list is paid already."))
    if Money.yuan(line["amount"]) != amount:
        raise errors.Invalid.of(
            f"{field}.amount",
            N_("The return list says {listed} yuan for this person."),
            listed=Money.yuan(line["amount"]),
        )
    signed_on = _signed_on(
        tx, payment.signed, payment.signed_on or day, day, field=f"{field}.signed_on"
    )
    entry_id = post(tx, item, ledger.returned(item["id"], amount), happened_on=day)
    journal.insert_return(
        tx,
        entry_id=entry_id,
        matter_id=item["origin_id"],
        beneficiary_id=line["person_id"],
        beneficiary=line["name"],
        address=text_in(payment.address, f"{field}.address"),
        amount=amount.decimal,
        happened_on=day,
        signed=payment.signed.value,
        signed_on=signed_on,
    )
    funds.mark_paid(tx, line["id"], entry_id)
    return entry_id


def _signed_on(tx: Work, signed: Signed, given: date, paid: date, *, field: str) -> date | None:
    if signed is Signed.NOT_YET:
        return None
    return _not_before(tx, given, paid, field=field)


def _not_before(tx: Work, given: date | None, paid: date, *, field: str) -> date:
    day = day_in(tx, given, field)
    if day < paid:
        raise errors.Invalid.of(field, N_("Nobody signs before they are paid."))
    return day


def sign_for_return(
    tx: Work,
    entry_id: UUID,
    *,
    signed: Signed,
    signed_on: date | None,
    seen_version: int | None = None,
) -> Posted:
    """A villager who was paid has now signed. Raises NotFound, Forbidden, Invalid, Conflict for a
    payment that was reversed, Stale."""
    found = journal.entry(tx, entry_id)
    if found is None or found["kind"] != EntryKind.RETURN or found["fund_item_id"] is None:
        raise errors.NotFound
    item = funds.item(tx, found["fund_item_id"])
    may_record(tx, item)
    if found["reversed_by_id"] is not None:
        raise errors.Conflict(N_("This payment was reversed: nobody signs for it."))
    gathered = errors.Gathered()
    with gathered.part():
        if signed is Signed.NOT_YET:
            raise errors.Invalid.of("signed", N_("Say how they signed."))
    with gathered.part():
        day = _not_before(tx, signed_on, found["happened_on"], field="signed_on")
    gathered.refuse()
    amount = max(leg.amount for leg in written(tx, found).legs)
    version = moving(tx, item, "return_signed", seen_version, amount, entry=str(entry_id))
    journal.sign_return(tx, entry_id, signed=signed.value, signed_on=day)
    return Posted(entry_id=entry_id, item_id=item["id"], version=version)


_REMITTED = {
    EntryKind.TREASURY: "money_remitted",
    EntryKind.CRIMINAL_CASE: "money_to_criminal_case",
    EntryKind.RELEASE: "money_released",
}


def remit(
    tx: Work,
    item_id: UUID,
    *,
    to: EntryKind | None,
    amount: str | Decimal | Money,
    happened_on: date | None,
    note: str | None = None,
    seen_version: int | None = None,
) -> Posted:
    """Money went to the treasury, with the criminal case, or back to its holder as unrelated.

    The finance officer's act. Where the decision splits the money, no more goes to a
    destination than it decided. Raises NotFound, Forbidden, NotFresh, Invalid, Denied, Stale.
    """
    item = funds.item(tx, item_id)
    may_record(tx, item, Role.FINANCE)
    tx.require_fresh()
    gathered = errors.Gathered()
    with gathered.part():
        to = _destination(to)
    with gathered.part():
        out = amount_in(amount)
    with gathered.part():
        day = day_out(tx, item_id, to, happened_on)
    with gathered.part():
        text = text_in(note, "note")
    gathered.refuse()
    version = moving(tx, item, _REMITTED[to], seen_version, out)
    item = _allowed(tx, item_id, to, Hand.PAID)
    day_out(tx, item_id, to, day)
    _within_split(tx, item, to, out)
    entry_id = post(tx, item, ledger.payment(to, item_id, out), happened_on=day, description=text)
    funds.lend_hand(tx, item_id, Hand.PAID)
    return Posted(entry_id=entry_id, item_id=item_id, version=version)


def _destination(to: EntryKind | None) -> EntryKind:
    if to not in _REMITTED:
        raise errors.Invalid.of("to", N_("Say where the money goes."))
    return to


def destinations(tx: Work, item: Row) -> dict[EntryKind, Money]:
    """Where an item's money may go now other than to those on its list, and how much at most: what
    was decided and hasn't gone there, as far as it is held. Empty where nothing may."""
    held = balances(tx, [item["id"]])[item["id"]].held
    found = {
        to: held if (left := _left(tx, item, to)) is None else min(left, held)
        for to in _REMITTED
        if ledger.movement_refused(to, item["state"]) is None
    }
    return {to: most for to, most in found.items() if most.fen > 0}


def _left(tx: Work, item: Row, to: EntryKind) -> Money | None:
    """What the decision still gives to a destination; None where it splits nothing."""
    if not item["splits"] or to is EntryKind.RELEASE:
        return None
    return Money.yuan(item["splits"].get(to.value, 0)) - _gone(tx, item, to)


def _gone(tx: Work, item: Row, to: EntryKind) -> Money:
    for row in journal.sums(tx, [item["id"]], journal.AsOf(date.max)):
        if row["account"] == to.value:
            return Money.yuan(row["amount"])
    return Money.zero()


def _within_split(tx: Work, item: Row, to: EntryKind, out: Money) -> None:
    """Raises Denied where more would go to a destination than was decided."""
    left = _left(tx, item, to)
    if left is not None and out > left:
        gone = _gone(tx, item, to)
        reason = errors.Reason(
            N_("The decision gives {most} yuan to this destination; {gone} went there already."),
            {"most": str(left + gone), "gone": str(gone)},
        )
        raise errors.Denied((reason,))
