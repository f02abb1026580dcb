"""What an import of money must find again: lines in suspense, corrections, receipts that wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from app.core.db import Row
from app.repositories.work import Work


class WaitingReturn(NamedTuple):
    """A row of a returns register without its bank line, or a bank line's return unsigned."""

    id: UUID
    cited: str | None
    beneficiary: str
    amount: Decimal
    happened_on: date


def suspended(tx: Work) -> list[Row]:
    """Lines that cite a number which no lead had: entry, line, cited, day, amount, texts."""
    return tx.rows("SELECT * FROM guard.import_suspended() ORDER BY happened_on, serial")


def uncorrected(tx: Work, account: str, amounts: Sequence[Decimal]) -> list[Row]:
    """Earlier lines of an account with one of these amounts that nothing undid yet."""
    return tx.rows(
        "SELECT * FROM guard.import_uncorrected(%(account)s, %(amounts)s)",
        {"account": account, "amounts": list(amounts)},
    )


def lines_known(tx: Work, account: str, serials: Sequence[str]) -> set[tuple[str, date]]:
    found = tx.rows(
        "SELECT b.serial, b.happened_on FROM bank_line b"
        " WHERE b.account_number = %(account)s AND b.serial = ANY (%(serials)s)",
        {"account": account, "serials": list(serials)},
    )
    return {(row["serial"], row["happened_on"]) for row in found}


def returns_without_line(tx: Work) -> list[WaitingReturn]:
    return _returns(
        tx,
        "SELECT r.id, r.cited, r.beneficiary, r.amount, r.happened_on FROM money_return r"
        " WHERE r.entry_id IS NULL ORDER BY r.id",
    )


def returns_without_signature(tx: Work) -> list[WaitingReturn]:
    """Made from bank lines, before the register said who signed."""
    return _returns(
        tx,
        "SELECT r.id, r.cited, r.beneficiary, r.amount, r.happened_on FROM money_return r"
        " WHERE r.entry_id IS NOT NULL AND r.signed = 'not_yet' AND r.cited IS NOT NULL"
        "   AND r.import_batch_id IS NOT NULL ORDER BY r.id",
    )


def _returns(tx: Work, query: str) -> list[WaitingReturn]:
    with tx.driver.cursor() as cursor:
        cursor.execute(query.encode())
        return [WaitingReturn(*row) for row in cursor]


def pay_return(tx: Work, return_id: UUID, *, entry_id: UUID, matter_id: UUID) -> None:
    """The bank line that paid what a villager signed for."""
    tx.execute(
        "UPDATE money_return SET entry_id = %(entry)s, matter_id = %(matter)s"
        " WHERE id = %(id)s AND entry_id IS NULL",
        {"id": return_id, "entry": entry_id, "matter": matter_id},
    )


def sign_return(
    tx: Work,
    return_id: UUID,
    *,
    beneficiary_id: UUID | None,
    address: str | None,
    signed: str,
    signed_on: date | None,
) -> None:
    """Who signed for what a bank line paid out."""
    tx.execute(
        "UPDATE money_return SET beneficiary_id = %(person)s, address = %(address)s,"
        "       signed = %(signed)s, signed_on = %(on)s"
        " WHERE id = %(id)s AND signed = 'not_yet'",
        {
            "id": return_id,
            "person": beneficiary_id,
            "address": address,
            "signed": signed,
            "on": signed_on,
        },
    )


def name_leads_of_returns(tx: Work, leads: Sequence[tuple[str, UUID]]) -> None:
    """Rows of a returns register whose lead came after them."""
    tx.execute(
        "UPDATE money_return r SET matter_id = x.lead_id"
        "  FROM unnest(%(keys)s::text[], %(leads)s::uuid[]) AS x (cited, lead_id)"
        " WHERE r.cited = x.cited AND r.matter_id IS NULL",
        {"keys": [key for key, _ in leads], "leads": [lead_id for _, lead_id in leads]},
    )
