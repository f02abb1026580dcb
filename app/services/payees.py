"""The return list 退还清册: who is to get how much of an item, before a step freezes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.domain import errors, ledger
from app.domain.errors import N_
from app.domain.money import Money
from app.domain.permissions import Permission, Role
from app.repositories import funds
from app.repositories import ledger as journal
from app.repositories.work import Work
from app.services import people
from app.services.funds import MOST_LINES, moving
from app.services.ledger import amount_in, balances, reason_in, text_in


@dataclass(frozen=True, kw_only=True)
class NewPayee:
    """A line of a return list 退还清册."""

    name: str
    amount: str | Decimal | Money
    person_id: UUID | None = None


def list_payees(
    tx: Work, item_id: UUID, lines: Sequence[NewPayee], *, seen_version: int | None = None
) -> tuple[list[UUID], int]:
    """Add lines to the return list: (their ids, the item's version). All or none.

    Raises NotFound, Forbidden, Invalid that names the line, Denied once the list is approved or
    where more is listed than is held, Stale.
    """
    item = funds.item(tx, item_id)
    may_list(tx)
    if not 0 < len(lines) <= MOST_LINES:
        raise errors.Invalid.of("payees", N_("One to {most} lines at a time."), most=MOST_LINES)
    checked = _checked(tx, lines)
    total = sum((amount for _, amount, _ in checked), Money.zero())
    version = moving(tx, item, "payees_listed", seen_version, total)
    _listing(tx, item_id)
    listed = sum((Money.yuan(row["amount"]) for row in funds.payees(tx, item_id)), Money.zero())
    held = balances(tx, [item_id])[item_id].held
    if listed + total > held:
        reason = errors.Reason(
            N_("The return list would add up to {listed} yuan, and {held} is held."),
            {"listed": str(listed + total), "held": str(held)},
        )
        raise errors.Denied((reason,))
    ids = [
        funds.insert_payee(tx, item_id, person_id=person_id, name=name, amount=amount.decimal)
        for name, amount, person_id in checked
    ]
    return ids, version


def _checked(tx: Work, lines: Sequence[NewPayee]) -> list[tuple[str, Money, UUID | None]]:
    """Name, amount and person of each line. Raises Invalid that names all that is wrong."""
    gathered = errors.Gathered()
    names: list[str] = []
    amounts: list[Money] = []
    known: list[UUID | None] = []
    for at, line in enumerate(lines):
        with gathered.part():
            names.append(str(text_in(line.name, f"payees.{at}.name", required=True)))
        with gathered.part():
            amounts.append(amount_in(line.amount, f"payees.{at}.amount"))
        with gathered.part():
            known.append(_of_the_register(tx, line.person_id, f"payees.{at}.person_id"))
    gathered.refuse()
    return list(zip(names, amounts, known, strict=True))


def unlist_payee(
    tx: Work, item_id: UUID, payee_id: UUID, *, reason: str, seen_version: int | None = None
) -> int:
    """Take a line off the return list. Returns the item's version.

    Raises NotFound, Forbidden, Denied once the list is approved, Stale.
    """
    item = funds.item(tx, item_id)
    may_list(tx)
    reason = reason_in(reason)
    line = funds.payee(tx, item_id, payee_id)
    version = journal.touch_money(
        tx, item_id, event="payee_unlisted", seen_version=seen_version, reason=reason,
        form={"item": item["number"], "amount": str(Money.yuan(line["amount"]))},
    )  # fmt: skip
    _listing(tx, item_id)
    funds.delete_payee(tx, item_id, payee_id)
    return version


def _of_the_register(tx: Work, person_id: UUID | None, field: str) -> UUID | None:
    if person_id is not None:
        with errors.named_in(field):
            people.look_at(tx, person_id)
    return person_id


def may_list(tx: Work) -> None:
    if not (tx.actor.may(Permission.MONEY_RECORD) or tx.actor.holds(Role.ADJUDICATOR)):
        raise errors.Forbidden(N_("You may read about this money, not move it."))


def _listing(tx: Work, item_id: UUID) -> None:
    if funds.item(tx, item_id)["state"] not in ledger.LISTS_PAYEES:
        raise errors.Denied(
            (errors.Reason(N_("The return list is open from custody until it is approved.")),)
        )
