"""The journal: entries and postings, which are written and never changed."""
# sql: fragments are constants of this module

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update

from app.core.db import Row
from app.core.ids import new_id
from app.domain import ledger
from app.models.columns import table_of
from app.models.funds import JournalEntry, MoneyReceipt, MoneyReturn, Posting
from app.repositories.work import Work

_RETURNS = table_of(MoneyReturn)


def known(tx: Work, table: str) -> str:
    """Where the actor reads a table of money that holds names: whole, or with them masked."""
    return table if tx.actor.reads_content else f"guard.masked_{table}"


def next_receipt(tx: Work, district: str, year: int) -> int:
    """The next of the series; its row stays locked until commit, so that no number is lost."""
    return int(
        tx.value(
            "SELECT guard.next_number('receipt', %(district)s, %(year)s)",
            {"district": district, "year": year},
        )
    )


def insert_entry(
    tx: Work,
    entry: ledger.Entry,
    *,
    matter_id: UUID | None,
    unit_id: UUID | None,
    happened_on: date,
    description: str | None = None,
    bank_line_id: UUID | None = None,
    reverses_id: UUID | None = None,
    receipt_number: str | None = None,
) -> UUID:
    """The entry, then its postings: the database weighs them when the transaction commits."""
    entry_id = new_id()
    tx.insert(
        JournalEntry,
        id=entry_id,
        kind=entry.kind.value,
        matter_id=matter_id,
        fund_item_id=entry.item,
        unit_id=unit_id,
        happened_on=happened_on,
        description=description,
        bank_line_id=bank_line_id,
        reverses_id=reverses_id,
        receipt_number=receipt_number,
        recorded_by=tx.actor.account_id,
    )
    tx.run(
        insert(Posting),
        [
            {
                "id": new_id(),
                "entry_id": entry_id,
                "account": leg.account.value,
                "fund_item_id": leg.item,
                "amount": leg.amount.decimal,
            }
            for leg in entry.legs
        ],
    )
    return entry_id


def insert_receipt(
    tx: Work, entry_id: UUID, *, intake: str, paid_in_by: str | None, bank_reference: str | None
) -> None:
    tx.insert(
        MoneyReceipt,
        entry_id=entry_id,
        intake=intake,
        paid_in_by=paid_in_by,
        bank_reference=bank_reference,
    )


def insert_return(
    tx: Work,
    *,
    entry_id: UUID,
    matter_id: UUID,
    beneficiary_id: UUID | None,
    beneficiary: str,
    address: str | None,
    amount: object,
    happened_on: date,
    signed: str,
    signed_on: date | None,
) -> UUID:
    return_id = new_id()
    tx.insert(
        MoneyReturn,
        id=return_id,
        entry_id=entry_id,
        matter_id=matter_id,
        beneficiary_id=beneficiary_id,
        beneficiary=beneficiary,
        address=address,
        amount=amount,
        happened_on=happened_on,
        signed=signed,
        signed_on=signed_on,
    )
    return return_id


def sign_return(tx: Work, entry_id: UUID, *, signed: str, signed_on: date) -> None:
    """Raises Stale where nothing waits for a signature under this entry."""
    tx.change(
        update(_RETURNS)
        .where(_RETURNS.c.entry_id == entry_id, _RETURNS.c.signed == "not_yet")
        .values(signed=signed, signed_on=signed_on)
    )


def touch_money(
    tx: Work,
    item_id: UUID,
    *,
    event: str,
    seen_version: int | None,
    reason: str | None = None,
    form: dict[str, Any] | None = None,
) -> int:
    """Lock the item and its origin, and move the version of both. Returns the item's.

    Raises Stale where `seen_version` is given and is not the item's present one, NotFound.
    """
    return int(
        tx.value(
            "SELECT guard.touch_money(%(item)s, %(seen)s, %(step)s, %(origin_step)s, %(event)s,"
            " %(day)s, %(reason)s, %(form)s::jsonb)",
            {
                "item": item_id,
                "seen": seen_version,
                "step": new_id(),
                "origin_step": new_id(),
                "event": event,
                "day": tx.today,
                "reason": reason,
                "form": json.dumps(form or {}, default=str, ensure_ascii=False),
            },
        )
    )


@dataclass(frozen=True, slots=True)
class AsOf:
    """A day, and the moment before which something must have been recorded to be known."""

    day: date
    before: datetime | None = None


_IN_TIME = (
    "e.happened_on <= %(day)s"
    " AND (%(before)s::timestamptz IS NULL OR e.recorded_at < %(before)s::timestamptz)"
)


def sums(tx: Work, items: Sequence[UUID], at: AsOf) -> list[Row]:
    """Per item and account, the sum of what was posted."""
    return tx.rows(
        "SELECT p.fund_item_id, p.account, sum(p.amount) AS amount"
        "  FROM posting p JOIN journal_entry e ON e.id = p.entry_id"
        f" WHERE p.fund_item_id = ANY (%(items)s) AND {_IN_TIME}"
        " GROUP BY p.fund_item_id, p.account HAVING sum(p.amount) <> 0",
        {"items": list(items), "day": at.day, "before": at.before},
    )


def held_lines(tx: Work, item_id: UUID) -> list[Row]:
    """What came and went on an item's bank account, day by day."""
    return tx.rows(
        "SELECT e.happened_on, sum(p.amount) AS held"
        "  FROM posting p JOIN journal_entry e ON e.id = p.entry_id"
        " WHERE p.fund_item_id = %(item)s AND p.account = 'bank'"
        " GROUP BY e.happened_on ORDER BY e.happened_on",
        {"item": item_id},
    )


_ENTRIES = """
WITH movement AS (
  SELECT e.id, e.kind, e.matter_id, e.fund_item_id, e.happened_on, e.recorded_at, e.recorded_by,
         e.description, e.bank_line_id, e.reverses_id, e.receipt_number,
         -coalesce(sum(p.amount) FILTER (WHERE p.account = 'payer'), 0) AS received,
         coalesce(sum(p.amount) FILTER (WHERE p.account = 'refund'), 0) AS returned,
         coalesce(sum(p.amount) FILTER (WHERE p.account IN ('treasury', 'criminal_case')), 0)
           AS remitted,
         coalesce(sum(p.amount) FILTER (WHERE p.account = 'released'), 0) AS released,
         coalesce(sum(p.amount) FILTER (WHERE p.account = 'bank'), 0) AS held
    FROM journal_entry e JOIN posting p ON p.entry_id = e.id
   WHERE {which} AND {in_time}
   GROUP BY e.id)
SELECT v.id, v.kind, v.matter_id, v.fund_item_id, v.happened_on, v.recorded_at, v.recorded_by,
       v.bank_line_id, v.reverses_id, v.receipt_number, v.received, v.returned, v.remitted,
       v.released, v.held,
       coalesce(v.description, l.summary) AS description, m.number AS item_number,
       sum(v.held) OVER (PARTITION BY v.fund_item_id
                         ORDER BY v.happened_on, v.recorded_at, v.id) AS balance,
       a.name AS recorded_by_name, r.intake, r.paid_in_by, r.bank_reference,
       t.id AS return_id, t.beneficiary, t.signed, t.signed_on, x.id AS reversed_by_id
  FROM movement v
  LEFT JOIN matter m ON m.id = v.fund_item_id
  LEFT JOIN account a ON a.id = v.recorded_by
  LEFT JOIN {receipts} r ON r.entry_id = v.id
  LEFT JOIN {returns} t ON t.entry_id = v.id
  LEFT JOIN {lines} l ON l.id = v.bank_line_id
  LEFT JOIN journal_entry x ON x.reverses_id = v.id
 ORDER BY v.happened_on, v.recorded_at, v.id
"""


def has_entries(tx: Work, matter_id: UUID) -> bool:
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM journal_entry e"
            " WHERE %(id)s IN (e.matter_id, e.fund_item_id))",
            {"id": matter_id},
        )
    )


def entries(tx: Work, matter_id: UUID, at: AsOf) -> list[Row]:
    """Every movement of a fund item, or of all items of a lead or case, in order of time.

    `balance` is what its item holds after it.
    """
    return _movements(tx, "%(id)s IN (e.matter_id, e.fund_item_id)", matter_id, at)


def movement(tx: Work, entry_id: UUID) -> Row | None:
    """One of them, without what its item held after it. None also where it is hidden."""
    found = _movements(tx, "e.id = %(id)s", entry_id, AsOf(date.max))
    return found[0] if found else None


def _movements(tx: Work, which: str, id_: UUID, at: AsOf) -> list[Row]:
    return tx.rows(
        _ENTRIES.format(
            which=which,
            in_time=_IN_TIME,
            receipts=known(tx, "money_receipt"),
            returns=known(tx, "money_return"),
            lines=known(tx, "bank_line"),
        ),
        {"id": id_, "day": at.day, "before": at.before},
    )


# On which day somebody undid the entry `e`, or gave its bank line to another item: the movement
# that undoes it bears the day from which that counts.
DAY_REVERSED = (
    "SELECT t.happened_on AS day FROM transition t WHERE t.matter_id = e.fund_item_id"
    "   AND (t.event = 'money_reversed' AND t.form ->> 'entry' = e.id::text"
    "        OR t.event = 'bank_line_taken_away' AND t.recorded_at > e.recorded_at"
    "           AND t.form ->> 'line' = e.bank_line_id::text)"
    " ORDER BY t.recorded_at LIMIT 1"
)


def day_reversed(tx: Work, entry_id: UUID) -> date | None:
    found: date | None = tx.value(
        f"SELECT x.day FROM journal_entry e JOIN LATERAL ({DAY_REVERSED}) x ON true"
        " WHERE e.id = %(id)s",
        {"id": entry_id},
    )
    return found


def entry(tx: Work, entry_id: UUID) -> Row | None:
    return tx.row(
        "SELECT e.*, x.id AS reversed_by_id FROM journal_entry e"
        "  LEFT JOIN journal_entry x ON x.reverses_id = e.id WHERE e.id = %(id)s",
        {"id": entry_id},
    )


def legs(tx: Work, entry_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT account, fund_item_id, amount FROM posting WHERE entry_id = %(id)s",
        {"id": entry_id},
    )


def reference_used(tx: Work, item_id: UUID, reference: str) -> bool:
    """Whether a receipt of this item that stands has the bank's reference already."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM money_receipt r JOIN journal_entry e ON e.id = r.entry_id"
            "  WHERE e.fund_item_id = %(item)s AND r.bank_reference = %(reference)s"
            "    AND NOT EXISTS (SELECT 1 FROM journal_entry x WHERE x.reverses_id = e.id))",
            {"item": item_id, "reference": reference},
        )
    )


def recorders(tx: Work, item_id: UUID) -> list[Row]:
    """Who typed which kinds of movement of an item; what the bank's lines say is nobody's act."""
    return tx.rows(
        "SELECT DISTINCT e.kind, e.recorded_by FROM journal_entry e"
        " WHERE e.fund_item_id = %(item)s AND e.bank_line_id IS NULL",
        {"item": item_id},
    )
