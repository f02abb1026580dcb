"""Lines of the bank's statement that name no known lead, and giving them to their item."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.domain import errors, ledger, masking
from app.domain.errors import N_
from app.domain.ledger import Account, Entry, EntryKind, Signed
from app.domain.money import Money
from app.domain.permissions import Permission, Role
from app.domain.units import UnitPath
from app.repositories import bank_lines, funds
from app.repositories import ledger as journal
from app.repositories.work import Work
from app.services.ledger import Posted, check_held, post, reason_in, written
from app.services.matters import reads_less

ASSIGNERS = (Role.FINANCE, Role.KEEPER, Role.LEAD_MANAGER)


def waiting_lines(tx: Work, *, after: UUID | None = None, limit: int) -> list[Row]:
    """Bank lines in suspense, oldest first: up to `limit` behind the line `after`. Raises
    Forbidden."""
    if not tx.actor.may(Permission.MONEY_READ):
        raise errors.Forbidden(N_("You may not read the bank's statement."))
    rows = bank_lines.in_suspense(tx, after=after, limit=limit)
    return [_masked_line(row) for row in rows] if reads_less(tx) else rows


def open_line(tx: Work, bank_line_id: UUID) -> Row:
    """A line with the entry (`id`) that it stands for now: it waits, or counts for an item. Raises
    Forbidden, NotFound also for what the bank took back itself.

    `stays` says why it can't go to another item, where it can't.
    """
    if not tx.actor.may(Permission.MONEY_READ):
        raise errors.Forbidden(N_("You may not read the bank's statement."))
    found = bank_lines.standing_of_line(tx, bank_line_id)
    if found is None or found["kind"] == EntryKind.BANK_ERROR:
        raise errors.NotFound
    of = funds.item(tx, found["fund_item_id"]) if found["fund_item_id"] else None
    stays = None if of is None else line_stays(tx, kind_of(found), found["recorded_by"], of)
    return {**(_masked_line(found) if reads_less(tx) else found), "stays": stays}


def line_stays(tx: Work, kind: EntryKind, recorder: UUID, item: Row) -> errors.Reason | None:
    """Why the actor can't give a line on that counts for `item` as `recorder` recorded it: what it
    stands for would be undone, which takes another hand."""
    rests = ledger.line_stays(kind, item["state"])
    own = recorder == tx.actor.account_id
    return rests or (errors.Reason(ledger.OWN_ENTRY) if own else None)


def may_assign(tx: Work) -> bool:
    """Whether the actor may give lines to items of some unit."""
    return any(grant.role in ASSIGNERS for grant in tx.actor.grants)


def waiting_lines_count(tx: Work) -> int:
    """How many bank lines are in suspense, as far as the actor may see them."""
    return bank_lines.count_in_suspense(tx)


def _masked_line(row: Row) -> Row:
    """As an item's page shows it to the same reader, the serial number as a bank reference."""
    named = row["counterparty"]
    return {
        **row,
        "serial": masking.reference(row["serial"]),
        "summary": None,
        "counterparty": masking.name(named) if named else None,
    }


def assign_line(
    tx: Work,
    bank_line_id: UUID,
    *,
    item_id: UUID,
    reason: str,
    seen_version: int | None = None,
    standing: UUID | None = None,
) -> Posted:
    """Give a bank line to the item that it is for: out of suspense, or from a wrong item.

    The line keeps its day. What it stood for is reversed and the proper entry posted in the same
    transaction, by another hand than the one that gave it there. `standing` is the entry that the
    line stood for when the actor read it. Raises NotFound, Forbidden, Denied where the item can't
    take it or the former one can't let it go, Conflict, Stale.
    """
    with errors.named_in("fund_item_id"):
        item = funds.item(tx, item_id)
    if not any(tx.actor.holds(role, UnitPath(item["unit_path"])) for role in ASSIGNERS):
        raise errors.Forbidden(N_("You may read about this money, not move it."))
    reason = reason_in(reason)
    line = _standing(tx, bank_line_id)
    version = journal.touch_money(
        tx, item_id, event="bank_line_assigned", seen_version=seen_version, reason=reason,
        form=_told(line, item),
    )  # fmt: skip
    line = _standing(tx, bank_line_id)  # as it is under the lock
    if standing is not None and line["id"] != standing:
        raise errors.Conflict(
            N_("Somebody gave this bank line to an item in the meantime. Look at it again.")
        )
    if line["fund_item_id"] == item_id:
        raise errors.Conflict(N_("This bank line is this item's already."))
    _refuse_item(line, funds.item(tx, item_id))
    waiting = written(tx, line)
    if waiting.kind is EntryKind.BANK_ERROR:
        raise errors.Denied((errors.Reason(N_("The bank took this line back itself.")),))
    if waiting.item is not None:
        _take_away(tx, line, waiting.item, reason)
    entry_id = _move_line(tx, line, waiting, item, reason)
    return Posted(entry_id=entry_id, item_id=item_id, version=version)


def _refuse_item(line: Row, item: Row) -> None:
    """Raises Denied where the item can't take the line."""
    if item["closed_on"] is not None:
        raise errors.Denied((errors.Reason(N_("This item is settled: name another.")),))
    refused = ledger.line_refused(kind_of(line), item["form"], item["state"])
    if refused is not None:
        raise errors.Denied((refused,))


def kind_of(line: Row) -> EntryKind:
    """As what a line counts for an item: money in, paid back, or remitted as the bank says."""
    if line["kind"] == EntryKind.TREASURY:
        return EntryKind.TREASURY
    return EntryKind.RECEIPT if line["credit"] else EntryKind.RETURN


def _take_away(tx: Work, line: Row, item_id: UUID, reason: str) -> None:
    """Raises Forbidden for whoever gave it there, Denied where a decision or a payment of its item
    rests on the line."""
    if line["recorded_by"] == tx.actor.account_id:
        raise errors.Forbidden(ledger.OWN_ENTRY)
    journal.touch_money(
        tx, item_id, event="bank_line_taken_away", seen_version=None, reason=reason,
        form=_told(line, funds.item(tx, item_id)),
    )  # fmt: skip
    stays = ledger.line_stays(kind_of(line), funds.item(tx, item_id)["state"])
    if stays is not None:
        raise errors.Denied((stays,))
    if line["credit"]:
        check_held(tx, item_id, Money.yuan(line["credit"]), line["happened_on"])


def _standing(tx: Work, bank_line_id: UUID) -> Row:
    found = bank_lines.standing_of_line(tx, bank_line_id)
    if found is None:
        raise errors.NotFound
    return found


def _told(line: Row, item: Row) -> dict[str, str]:
    """What both timelines keep of a line that came to an item, or left it."""
    amount = Money.yuan(line["credit"] or line["debit"])
    return {"line": str(line["bank_line_id"]), "item": item["number"], "amount": str(amount)}


def _move_line(tx: Work, line: Row, waiting: Entry, item: Row, reason: str) -> UUID:
    former = funds.item(tx, waiting.item) if waiting.item is not None else None
    journal.insert_entry(
        tx,
        ledger.reversal(waiting),
        matter_id=former["origin_id"] if former else None,
        unit_id=former["unit_id"] if former else None,
        happened_on=line["happened_on"],
        description=reason,
        bank_line_id=line["bank_line_id"],
        reverses_id=line["id"],
    )
    proper = ledger.reassigned(waiting, item["id"])
    entry_id = post(
        tx,
        item,
        proper,
        happened_on=line["happened_on"],
        bank_line_id=line["bank_line_id"],
    )
    name = "".join((line["counterparty"] or "").split())
    if proper.kind is EntryKind.RECEIPT:
        journal.insert_receipt(
            tx, entry_id, intake=item["intake"], paid_in_by=name or None,
            bank_reference=line["serial"],
        )  # fmt: skip
        return entry_id
    if proper.kind is EntryKind.TREASURY:
        return entry_id
    amount = next(leg.amount for leg in proper.legs if leg.account is Account.REFUND)
    bank_lines.detach_return(tx, line["id"])
    if not bank_lines.attach_waiting_return(
        tx, entry_id, matter_id=item["origin_id"], name=name, amount=amount.decimal,
        happened_on=line["happened_on"],
    ):  # fmt: skip
        journal.insert_return(
            tx, entry_id=entry_id, matter_id=item["origin_id"], beneficiary_id=None,
            beneficiary=name or "—", address=None, amount=amount.decimal,
            happened_on=line["happened_on"], signed=Signed.BANK.value,
            signed_on=line["happened_on"],
        )  # fmt: skip
    return entry_id
