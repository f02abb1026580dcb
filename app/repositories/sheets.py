"""Papers to print: what stands on them, read as the reader may know it."""
# sql: the relation that is read from is a constant

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.repositories.ledger import DAY_REVERSED, known
from app.repositories.work import Work


def return_sheet(tx: Work, entry_id: UUID) -> Row:
    """One return to one villager, with the four hands it went through. `reversed_on` is the day on
    which somebody undid it, `reversed_from` the day from which it counts no longer. Raises
    NotFound."""
    found = tx.row(
        f"""
        SELECT r.beneficiary, r.address, r.amount, r.happened_on, r.signed, r.signed_on,
               m.id AS item_id, m.number, a.name AS taken_in_by, b.name AS kept_by,
               c.name AS decided_by, d.name AS paid_by, e.receipt_number,
               coalesce(x.day, u.happened_on) AS reversed_on, u.happened_on AS reversed_from
          FROM {known(tx, "money_return")} r
          JOIN journal_entry e ON e.id = r.entry_id
          JOIN fund_item f ON f.id = e.fund_item_id
          JOIN matter m ON m.id = f.id
          LEFT JOIN account a ON a.id = f.taken_in_by
          LEFT JOIN account b ON b.id = f.kept_by
          LEFT JOIN account c ON c.id = f.decided_by
          LEFT JOIN account d ON d.id = f.paid_by
          LEFT JOIN journal_entry u ON u.reverses_id = e.id
          LEFT JOIN LATERAL ({DAY_REVERSED}) x ON u.id IS NOT NULL
         WHERE e.id = %(id)s
        """,
        {"id": entry_id},
    )
    if found is None:
        raise errors.NotFound
    return found
