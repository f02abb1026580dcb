"""One movement of money, read alone: what it is, what undid it, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_, Reason
from app.domain.ledger import LINE_COMES, EntryKind, Signed
from app.domain.permissions import Permission
from app.repositories import funds, matters
from app.repositories import ledger as journal
from app.repositories.work import Work
from app.services import bank_lines, ledger
from app.services.matters import only_reads, reads_less


@dataclass(frozen=True, kw_only=True)
class Movement:
    """An entry as its reader may know it.

    `item` is None for a bank line that waits for its matter; `hands` are the names of the four
    people around an item. `undone_on`: the day on which somebody undid it, or made it to undo
    another. `records`: the reader may move this item's money; `reverses`: they
    are of those who undo such an entry, and `fixed` says why they can't now, and is empty where
    they can. `unsigned`: its payee has yet to sign.
    """

    entry: Row
    item: Row | None
    hands: Row | None
    undone_by: Row | None
    undoes: Row | None
    undone_on: date | None
    records: bool
    reverses: bool
    moves_line: bool
    fixed: tuple[Reason, ...]
    stays: Reason | None
    unsigned: bool


def open_movement(tx: Work, entry_id: UUID) -> Movement:
    """Names and the bank's references are masked for whoever reads less. Raises NotFound."""
    entry = _read(tx, entry_id)
    if entry is None:
        raise errors.NotFound
    item = funds.item(tx, entry["fund_item_id"]) if entry["fund_item_id"] else None
    works = item is not None and not only_reads(tx, matters.matter(tx, item["id"]))
    records = works and tx.actor.may(Permission.MONEY_RECORD)
    undoes = records and item is not None and ledger.undoes(tx, entry, item)
    return Movement(
        entry=entry,
        item=item,
        hands=None if item is None else funds.hands(tx, item["id"]),
        undone_by=_read(tx, entry["reversed_by_id"]),
        undoes=_read(tx, entry["reverses_id"]),
        undone_on=journal.day_reversed(tx, entry["reverses_id"] or entry_id),
        records=records,
        reverses=undoes,
        moves_line=records
        and entry["bank_line_id"] is not None
        and entry["reversed_by_id"] is None
        and entry["kind"] in LINE_COMES
        and bank_lines.may_assign(tx),
        fixed=_fixed(tx, entry, item) if item is not None and undoes else (),
        stays=_stays(tx, entry, item),
        unsigned=entry["kind"] == EntryKind.RETURN
        and entry["signed"] == Signed.NOT_YET
        and entry["reversed_by_id"] is None,
    )


def _read(tx: Work, entry_id: UUID | None) -> Row | None:
    if entry_id is None or (found := journal.movement(tx, entry_id)) is None:
        return None
    return ledger.masked(found) if reads_less(tx) else found


def _fixed(tx: Work, entry: Row, item: Row) -> tuple[Reason, ...]:
    refused = ledger.irreversible(tx, entry, item)
    return () if refused is None else refused.whole


def _stays(tx: Work, entry: Row, item: Row | None) -> Reason | None:
    kind = EntryKind(entry["kind"])
    if item is None or kind not in LINE_COMES:
        return None
    return bank_lines.line_stays(tx, kind, entry["recorded_by"], item)


def unsigned(tx: Work, *, after: funds.Unsigned | None = None, limit: int) -> list[Row]:
    """Payments for which nobody has signed yet, oldest first: up to `limit` behind `after`.

    Raises Forbidden.
    """
    if not tx.actor.may(Permission.MONEY_READ):
        raise errors.Forbidden(N_("You may not read about money."))
    return funds.unsigned(tx, after=after, limit=limit)
