"""Money in double entry: every movement is a set of postings that sum to zero.

Pure: it builds the postings and says what may not be done; `app.services.ledger` records.
Received is minus the payer's account, held is the bank's, returned is the refund's, each for a
fund item. A bank line that names no known lead stays in suspense, for no item.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.errors import N_, Reason
from app.domain.money import Money


class Account(StrEnum):
    PAYER = "payer"  # whoever paid in
    BANK = "bank"  # the special account: what is held
    REFUND = "refund"  # gone back to those it was meant for
    TREASURY = "treasury"
    CRIMINAL_CASE = "criminal_case"  # went on with the criminal case
    RELEASED = "released"  # given back to its holder as unrelated
    SUSPENSE = "suspense"  # on the bank account, for nobody knows which lead
    BANK_ERROR = "bank_error"  # the bank's own mistake, until its correction


class EntryKind(StrEnum):
    RECEIPT = "receipt"
    RETURN = "return"
    TREASURY = "treasury"
    CRIMINAL_CASE = "criminal_case"
    RELEASE = "release"
    SUSPENSE = "suspense"
    ASSIGNMENT = "assignment"
    BANK_ERROR = "bank_error"
    REVERSAL = "reversal"


class Intake(StrEnum):
    """The five kinds are kept apart; a ledger may leave open which it was."""

    COLLECTED = "collected"  # 收缴
    CONFISCATED = "confiscated"  # 没收
    RESTITUTION = "restitution"  # 责令退赔
    SURRENDERED = "surrendered"  # 登记上交
    RECOVERED_LOSS = "recovered_loss"  # 追缴
    NOT_STATED = "not_stated"


INTAKES: Mapping[Intake, str] = {
    Intake.COLLECTED: N_("collected"),
    Intake.CONFISCATED: N_("confiscated"),
    Intake.RESTITUTION: N_("ordered restitution"),
    Intake.SURRENDERED: N_("registered surrender"),
    Intake.RECOVERED_LOSS: N_("recovered loss"),
    Intake.NOT_STATED: N_("kind not stated"),
}


class Signed(StrEnum):
    """How a villager signed for what they got."""

    SIGNATURE = "signature"
    FINGERPRINT = "fingerprint"
    BANK = "bank"
    NOT_YET = "not_yet"


SIGNED: Mapping[Signed, str] = {
    Signed.SIGNATURE: N_("by signature"),
    Signed.FINGERPRINT: N_("by fingerprint"),
    Signed.BANK: N_("by bank transfer"),
    Signed.NOT_YET: N_("not signed yet"),
}


class Unbalanced(ValueError):
    """The postings of an entry don't sum to zero, or are fewer than two."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A posting: an amount on an account, for a fund item where one is known."""

    account: Account
    amount: Money
    item: UUID | None = None

    def __neg__(self) -> Leg:
        return Leg(self.account, -self.amount, self.item)


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement that balances. `item` is the fund item that it is about."""

    kind: EntryKind
    legs: tuple[Leg, ...]
    item: UUID | None = None

    def __post_init__(self) -> None:
        if any(not isinstance(leg.amount, Money) for leg in self.legs):
            raise TypeError("a posting's amount is Money")
        if len(self.legs) < 2 or sum(leg.amount.fen for leg in self.legs) != 0:
            raise Unbalanced(f"{self.kind}: {[leg.amount.fen for leg in self.legs]}")
        if any(leg.amount.fen == 0 for leg in self.legs):
            raise Unbalanced(f"{self.kind}: a posting of nothing")


def receipt(item: UUID, amount: Money) -> Entry:
    """Money taken in for an item."""
    _positive(amount)
    legs = (Leg(Account.BANK, amount, item), Leg(Account.PAYER, -amount, item))
    return Entry(EntryKind.RECEIPT, legs, item)


def payment(kind: EntryKind, item: UUID, amount: Money) -> Entry:
    """Money that leaves an item for good, by where it goes."""
    _positive(amount)
    legs = (Leg(Account.BANK, -amount, item), Leg(_OUTWARD[kind], amount, item))
    return Entry(kind, legs, item)


_OUTWARD = {
    EntryKind.RETURN: Account.REFUND,
    EntryKind.TREASURY: Account.TREASURY,
    EntryKind.CRIMINAL_CASE: Account.CRIMINAL_CASE,
    EntryKind.RELEASE: Account.RELEASED,
}
PAYMENTS = frozenset(_OUTWARD)


def returned(item: UUID, amount: Money) -> Entry:
    return payment(EntryKind.RETURN, item, amount)


def to_treasury(item: UUID, amount: Money) -> Entry:
    return payment(EntryKind.TREASURY, item, amount)


def to_criminal_case(item: UUID, amount: Money) -> Entry:
    return payment(EntryKind.CRIMINAL_CASE, item, amount)


def released(item: UUID, amount: Money) -> Entry:
    return payment(EntryKind.RELEASE, item, amount)


def suspense(amount: Money) -> Entry:
    """A bank line that cites no known lead; a debit is negative."""
    return _unattached(EntryKind.SUSPENSE, Account.SUSPENSE, amount)


def bank_error(amount: Money) -> Entry:
    """A line that the bank wrote by mistake, or its correction; a debit is negative."""
    return _unattached(EntryKind.BANK_ERROR, Account.BANK_ERROR, amount)


def _unattached(kind: EntryKind, account: Account, amount: Money) -> Entry:
    return Entry(kind, (Leg(account, amount), Leg(Account.PAYER, -amount)))


def reversal(of: Entry) -> Entry:
    """The mirror of an entry."""
    return Entry(EntryKind.REVERSAL, tuple(-leg for leg in of.legs), of.item)


def reassigned(former: Entry, item: UUID) -> Entry:
    """The proper entry for a bank line that stood in suspense, or on another item.

    The former entry is reversed beside it.
    """
    if former.kind is not EntryKind.SUSPENSE and former.kind not in LINE_COMES:
        raise ValueError(f"{former.kind} is not a bank line that waits for its lead")
    account = Account.SUSPENSE if former.kind is EntryKind.SUSPENSE else Account.BANK
    amount = next(leg.amount for leg in former.legs if leg.account is account)
    if former.kind is EntryKind.TREASURY:
        return to_treasury(item, -amount)
    return receipt(item, amount) if amount.fen > 0 else returned(item, -amount)


def _positive(amount: Money) -> None:
    if not isinstance(amount, Money):
        raise TypeError("an amount is Money")
    if amount.fen <= 0:
        raise ValueError("an amount is more than nothing")


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of an item's money, as of a day and as known on one."""

    received: Money
    returned: Money
    remitted: Money
    released: Money
    held: Money

    @classmethod
    def of(cls, sums: Mapping[Account, Money]) -> Balance:
        """From the sum of the postings on each account."""

        def on(account: Account) -> Money:
            return sums.get(account, Money.zero())

        return cls(
            received=-on(Account.PAYER),
            returned=on(Account.REFUND),
            remitted=on(Account.TREASURY) + on(Account.CRIMINAL_CASE),
            released=on(Account.RELEASED),
            held=on(Account.BANK),
        )


class Hand(StrEnum):
    """The four people around an item; the names are those of its columns."""

    TAKEN_IN = "taken_in_by"
    KEPT = "kept_by"
    DECIDED = "decided_by"
    PAID = "paid_by"


_FOUR_PEOPLE = {
    Hand.TAKEN_IN: N_("You took this money in: four different people handle it."),
    Hand.KEPT: N_("You keep this money: four different people handle it."),
    Hand.DECIDED: N_("You decided on this money: four different people handle it."),
    Hand.PAID: N_("You paid this money out: four different people handle it."),
}


def hand_refused(hands: Mapping[Hand, Collection[UUID]], hand: Hand, actor: UUID) -> Reason | None:
    """Why `actor` can't lend `hand`: who takes in, keeps, decides and pays are four people.

    `hands` holds everybody who lent each hand so far: two may take in, or pay, in turn.
    """
    for other, people in hands.items():
        if other is not hand and actor in people:
            return Reason(_FOUR_PEOPLE[other])
    return None


# In which states of its item money may move. The workflow moves the state; money never does.
MAY_MOVE: Mapping[EntryKind, frozenset[str]] = {
    EntryKind.RECEIPT: frozenset({"controlled", "in_custody"}),
    EntryKind.RETURN: frozenset({"settling"}),
    EntryKind.TREASURY: frozenset({"settling"}),
    EntryKind.CRIMINAL_CASE: frozenset({"settling"}),
    EntryKind.RELEASE: frozenset({"released"}),
}
LISTS_PAYEES = frozenset({"in_custody", "disposal_proposed", "decided"})

_WHEN = {
    EntryKind.RECEIPT: N_("Money comes in while the item is controlled or in custody."),
    EntryKind.RETURN: N_("Money goes back once the return list is approved."),
    EntryKind.TREASURY: N_("Money is remitted once the disposal is approved."),
    EntryKind.CRIMINAL_CASE: N_("Money goes with the criminal case once the disposal is approved."),
    EntryKind.RELEASE: N_("Money is released once its release is approved."),
}


_DECIDED = N_("Nothing goes there before that was decided, on {day}.")
# The state that an item came into on the first day on which money may go out so, and what is said
# of an earlier one.
GOES_OUT_FROM: Mapping[EntryKind, tuple[str, str]] = {
    EntryKind.RETURN: (
        "settling",
        N_("Nobody is paid before the return list was signed, on {day}."),
    ),
    EntryKind.TREASURY: ("decided", _DECIDED),
    EntryKind.CRIMINAL_CASE: ("decided", _DECIDED),
    EntryKind.RELEASE: (
        "released",
        N_("Nothing is released before its release was signed, on {day}."),
    ),
}


def movement_refused(kind: EntryKind, state: str) -> Reason | None:
    """Why money can't move so while the item is in `state`."""
    return None if state in MAY_MOVE[kind] else Reason(_WHEN[kind])


# A line of the bank's own tells of money that moved on a day gone by. It may also come to what is
# only proposed, since the decision counts it; what comes in after that, nobody would decide on.
_UNDECIDED = MAY_MOVE[EntryKind.RECEIPT] | {"disposal_proposed"}
LINE_COMES: Mapping[EntryKind, frozenset[str]] = {
    EntryKind.RECEIPT: _UNDECIDED,
    EntryKind.RETURN: _UNDECIDED | MAY_MOVE[EntryKind.RETURN],
    EntryKind.TREASURY: _UNDECIDED | MAY_MOVE[EntryKind.TREASURY],
}
PROPERTY = N_("This item is property: money is logged as an item of its own.")
_NOT_TAKEN_IN = N_("Nothing of this item is taken in yet: that comes first.")
_IS_DECIDED = N_(
    "It is decided where this item’s money goes: this would stay behind. Name another item."
)
RESTS = N_("A decision rests on this entry: have the item reworked first.")


def line_refused(kind: EntryKind, form: str, state: str) -> Reason | None:
    """Why a bank line can't be given, as an entry of `kind`, to an item in `state`."""
    if form == "property":
        return Reason(PROPERTY)
    if state in LINE_COMES[kind]:
        return None
    return Reason(_NOT_TAKEN_IN if state == "identified" else _IS_DECIDED)


def line_stays(kind: EntryKind, state: str) -> Reason | None:
    """Why a bank line that counts for an item, as an entry of `kind`, can't go elsewhere."""
    return None if state in LINE_COMES[kind] else Reason(RESTS)


NO_ITEM = N_("This entry hangs on no fund item: assign its bank line instead.")
BANKS_OWN = N_("The bank's own line says so: it can only be given to another item.")
OWN_ENTRY = N_("Whoever recorded an entry can't reverse it: ask a colleague.")
STAYS_REVERSED = N_("A reversal is not reversed: record the movement again.")


def reversal_refused(kind: EntryKind, state: str) -> Reason | None:
    """Why an entry of `kind` can't be reversed while the item is in `state`.

    A receipt on which a proposal or decision rests, and a payment of a settled item, are first
    brought back by the workflow.
    """
    if kind is EntryKind.REVERSAL:
        return Reason(STAYS_REVERSED)
    if kind not in MAY_MOVE:
        return Reason(NO_ITEM)
    if state not in MAY_MOVE[kind]:
        return Reason(RESTS)
    return None


_REFERENCE = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_.-]{3,39}")


def bank_reference(text: str) -> str | None:
    """A bank's reference, tidied; None where it can't be one: 4 to 40 letters and digits."""
    tidy = text.strip()
    return tidy if _REFERENCE.fullmatch(tidy) else None


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of an item, for its running balance."""

    happened_on: date
    held: Money


def lowest_held(lines: Iterable[Line], *, since: date) -> Money:
    """The least that was held at the end of any day from `since` on.

    What leaves on that day may not exceed it, or some later day would show less than nothing.
    """
    by_day: dict[date, int] = {}
    for line in lines:
        day = max(line.happened_on, since)
        by_day[day] = by_day.get(day, 0) + line.held.fen
    lowest = running = by_day.pop(since, 0)
    for day in sorted(by_day):
        running += by_day[day]
        lowest = min(lowest, running)
    return Money(lowest)
