"""Lines of the bank's statement: what they stand for, and those that wait for their matter."""
# sql: the relation that is read from is a constant

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import update

from app.core.db import Row
from app.models.columns import table_of
from app.models.funds import MoneyReturn
from app.repositories.ledger import known
from app.repositories.work import Work

_RETURNS = table_of(MoneyReturn)


def standing_of_line(tx: Work, bank_line_id: UUID) -> Row | None:
    """The entry that a bank line stands for now: in suspense, or on the item that it went to."""
    return tx.row(
        "SELECT e.id, e.kind, e.fund_item_id, e.bank_line_id, e.recorded_by, l.happened_on,"
        "       l.summary, l.counterparty, l.serial, l.cited, l.credit, l.debit"
        "  FROM journal_entry e JOIN bank_line l ON l.id = e.bank_line_id"
        " WHERE e.bank_line_id = %(line)s AND e.kind <> 'reversal'"
        "   AND NOT EXISTS (SELECT 1 FROM journal_entry x WHERE x.reverses_id = e.id)",
        {"line": bank_line_id},
    )


def detach_return(tx: Work, entry_id: UUID) -> None:
    """What a villager signed for waits again: its bank line goes elsewhere."""
    tx.run(
        update(_RETURNS)
        .where(_RETURNS.c.entry_id == entry_id)
        .values(entry_id=None, matter_id=None)
    )


def attach_waiting_return(
    tx: Work, entry_id: UUID, *, matter_id: UUID, name: str, amount: object, happened_on: date
) -> bool:
    """Give a row of a returns register the bank line that paid it, if one waits for it.

    A row that cites another matter is another's; one that cites none known is matched by name,
    amount and day.
    """
    found = tx.value(
        "SELECT t.id FROM money_return t WHERE t.entry_id IS NULL AND t.amount = %(amount)s"
        "   AND t.happened_on = %(day)s AND t.beneficiary = %(name)s"
        "   AND (t.matter_id IS NULL OR t.matter_id = %(matter)s)"
        " ORDER BY t.matter_id NULLS LAST, t.id LIMIT 1",
        {"amount": amount, "day": happened_on, "name": name, "matter": matter_id},
    )
    if found is None:
        return False
    tx.change(
        update(_RETURNS)
        .where(_RETURNS.c.id == found, _RETURNS.c.entry_id.is_(None))
        .values(entry_id=entry_id, matter_id=matter_id)
    )
    return True


_IN_SUSPENSE = (
    " WHERE e.kind = 'suspense'"
    "   AND NOT EXISTS (SELECT 1 FROM journal_entry x WHERE x.reverses_id = e.id)"
)


def count_in_suspense(tx: Work) -> int:
    return int(tx.value("SELECT count(*) FROM journal_entry e" + _IN_SUSPENSE))


def in_suspense(tx: Work, *, after: UUID | None, limit: int) -> list[Row]:
    """Bank lines that name no known lead, oldest first: up to `limit` behind the line `after`.

    Their place is looked up here: a cursor would show the serial number to who may not know it.
    """
    lines = known(tx, "bank_line")
    following = (
        " AND (l.happened_on, l.serial, l.id) >"
        f"     (SELECT w.happened_on, w.serial, w.id FROM {lines} w WHERE w.id = %(after)s)"
    )
    return tx.rows(
        "SELECT e.id AS entry_id, l.id AS bank_line_id, l.happened_on, l.serial, l.summary,"
        "       l.cited, l.credit, l.debit, l.counterparty FROM journal_entry e"
        f"  JOIN {lines} l ON l.id = e.bank_line_id"
        f"{_IN_SUSPENSE}{following if after else ''}"
        " ORDER BY l.happened_on, l.serial, l.id LIMIT %(limit)s",
        {"after": after, "limit": limit},
    )
