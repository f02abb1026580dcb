"""Fund items and their return lists."""
# sql: fragments are constants of this module

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, update

from app.core.db import Row
from app.core.ids import new_id
from app.domain import errors
from app.domain.ledger import Hand
from app.models.columns import table_of
from app.models.funds import FundItem, Payee
from app.repositories.ledger import known
from app.repositories.titles import title
from app.repositories.work import Work

_ITEMS = table_of(FundItem)
_PAYEES = table_of(Payee)


def insert_item(
    tx: Work,
    item_id: UUID,
    *,
    origin_id: UUID,
    form: str,
    intake: str,
    description: str,
    holder_involvement_id: UUID | None,
    measure: str | None,
) -> None:
    tx.insert(
        FundItem,
        id=item_id,
        origin_id=origin_id,
        form=form,
        intake=intake,
        description=description,
        holder_involvement_id=holder_involvement_id,
        measure=measure,
    )


_ITEM = f"""
SELECT f.id, m.number, {title()} AS title, m.state, m.stage, m.version, m.unit_id, m.opened_on,
       m.closed_on, m.due_on, m.unit_path::text AS unit_path, u.name AS unit_name, m.effective,
       f.origin_id, o.number AS origin_number, o.kind AS origin_kind, f.form, f.intake,
       f.description, f.holder_involvement_id, f.measure, f.controlled_on, f.destination,
       f.taken_in_by, f.kept_by, f.decided_by, f.paid_by, f.undivided, f.splits
  FROM fund_item f JOIN matter m ON m.id = f.id JOIN unit u ON u.id = m.unit_id
  LEFT JOIN matter o ON o.id = f.origin_id
"""


def item(tx: Work, item_id: UUID) -> Row:
    """Raises NotFound, also where it is hidden."""
    found = tx.row(_ITEM + " WHERE f.id = %(id)s", {"id": item_id})
    if found is None:
        raise errors.NotFound
    return found


def hands(tx: Work, item_id: UUID) -> Row:
    """The names of the four who take in, keep, decide and pay, as far as somebody did. Raises
    NotFound."""
    found = tx.row(
        "SELECT a.name AS taken_in_by, b.name AS kept_by, c.name AS decided_by, d.name AS paid_by"
        "  FROM fund_item f"
        "  LEFT JOIN account a ON a.id = f.taken_in_by LEFT JOIN account b ON b.id = f.kept_by"
        "  LEFT JOIN account c ON c.id = f.decided_by LEFT JOIN account d ON d.id = f.paid_by"
        " WHERE f.id = %(id)s",
        {"id": item_id},
    )
    if found is None:
        raise errors.NotFound
    return found


def items_of(tx: Work, origin_id: UUID) -> list[Row]:
    """The fund items of a lead or case, oldest first."""
    return tx.rows(_ITEM + " WHERE f.origin_id = %(id)s ORDER BY m.number", {"id": origin_id})


def origin_began(tx: Work, item_id: UUID) -> date | None:
    """When the item's lead or case came in: before that day no money can have come in for it.

    Through the guard, since who keeps the money may not see the lead.
    """
    found: date | None = tx.value("SELECT guard.origin_began(%(id)s)", {"id": item_id})
    return found


def came_into(tx: Work, item_id: UUID, state: str) -> date | None:
    """The day on which an item last came into a state: of a signature on paper, the paper's. None
    where it never did, as far as is recorded."""
    found: date | None = tx.value(
        "SELECT coalesce((SELECT max(s.signed_on) FROM signature s"
        "                  WHERE s.request_id = t.request_id AND s.verdict = 'sign'),"
        "                t.happened_on)"
        "  FROM transition t WHERE t.matter_id = %(id)s AND t.to_state = %(state)s"
        "   AND t.from_state IS DISTINCT FROM t.to_state ORDER BY t.version DESC LIMIT 1",
        {"id": item_id, "state": state},
    )
    return found


def change_fund_item(tx: Work, item_id: UUID, **columns: object) -> None:
    """Raises Stale where the item is not the actor's to change."""
    tx.change(update(_ITEMS).where(_ITEMS.c.id == item_id).values(**columns))


def lend_hand(tx: Work, item_id: UUID, hand: Hand) -> None:
    """The actor is the first who takes in, keeps, decides or pays; whoever was first stays."""
    column = _ITEMS.c[hand.value]
    tx.run(
        update(_ITEMS)
        .where(_ITEMS.c.id == item_id, column.is_(None))
        .values({hand.value: tx.actor.account_id})
    )


def payees(tx: Work, item_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT y.id, y.person_id, y.name, y.amount, y.paid_entry_id, t.signed, t.signed_on,"
        "       t.happened_on AS paid_on, e.receipt_number FROM payee y"
        "  LEFT JOIN money_return t ON t.entry_id = y.paid_entry_id"
        "  LEFT JOIN journal_entry e ON e.id = y.paid_entry_id"
        " WHERE y.fund_item_id = %(id)s ORDER BY y.name, y.id",
        {"id": item_id},
    )


def payee(tx: Work, item_id: UUID, payee_id: UUID) -> Row:
    """Raises NotFound."""
    found = tx.row(
        "SELECT id, person_id, name, amount, paid_entry_id FROM payee"
        " WHERE id = %(payee)s AND fund_item_id = %(item)s",
        {"payee": payee_id, "item": item_id},
    )
    if found is None:
        raise errors.NotFound
    return found


def insert_payee(
    tx: Work, item_id: UUID, *, person_id: UUID | None, name: str, amount: object
) -> UUID:
    payee_id = new_id()
    tx.insert(
        Payee, id=payee_id, fund_item_id=item_id, person_id=person_id, name=name, amount=amount
    )
    return payee_id


def delete_payee(tx: Work, item_id: UUID, payee_id: UUID) -> None:
    """Raises Stale where the line is gone or paid."""
    tx.change(
        delete(_PAYEES)
        .where(_PAYEES.c.id == payee_id, _PAYEES.c.fund_item_id == item_id)
        .where(_PAYEES.c.paid_entry_id.is_(None))
    )


def mark_paid(tx: Work, payee_id: UUID, entry_id: UUID) -> None:
    """Raises Stale where the line was paid already."""
    tx.change(
        update(_PAYEES)
        .where(_PAYEES.c.id == payee_id, _PAYEES.c.paid_entry_id.is_(None))
        .values(paid_entry_id=entry_id)
    )


def mark_unpaid(tx: Work, entry_id: UUID) -> None:
    """The payment was reversed; an entry that paid no line changes none."""
    tx.run(update(_PAYEES).where(_PAYEES.c.paid_entry_id == entry_id).values(paid_entry_id=None))


# The place of a payment among those that nobody has signed for: its day and id.
Unsigned = tuple[date, UUID]


def unsigned(tx: Work, *, after: Unsigned | None, limit: int) -> list[Row]:
    """Payments that stand and for which nobody has signed yet, oldest first."""
    day, last = after or (None, None)
    following = " AND (e.happened_on, e.id) > (%(day)s, %(last)s)"
    return tx.rows(
        "SELECT e.id, e.happened_on, e.receipt_number, t.beneficiary, t.amount, m.number,"
        "       m.id AS item_id"
        f"  FROM {known(tx, 'money_return')} t JOIN journal_entry e ON e.id = t.entry_id"
        "  JOIN matter m ON m.id = e.fund_item_id"
        " WHERE t.signed = 'not_yet' AND t.entry_id IS NOT NULL"
        "   AND NOT EXISTS (SELECT 1 FROM journal_entry x WHERE x.reverses_id = e.id)"
        f"{following if after else ''} ORDER BY e.happened_on, e.id LIMIT %(limit)s",
        {"day": day, "last": last, "limit": limit},
    )
