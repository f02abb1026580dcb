"""What the engine must know of a matter, read in the transaction that judges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind
from app.repositories.work import Work


def lock(tx: Work, matter_id: UUID) -> None:
    """Take turns on this matter until the transaction ends.

    An advisory lock, since a row lock would ask for the right to change the row.
    """
    tx.value(
        "SELECT pg_advisory_xact_lock(hashtextextended(%(id)s::text, 4155))",
        {"id": str(matter_id)},
    )


def everything(tx: Work, matter_id: UUID) -> Mapping[str, Any] | None:
    """All facts that guards ask for, past row security; None for who doesn't work on it."""
    found: Mapping[str, Any] | None = tx.value("SELECT guard.facts(%(id)s)", {"id": matter_id})
    return found


def everything_of(tx: Work, matter_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """The same of several matters, by their ids; of those that the actor works on."""
    rows = tx.rows("SELECT * FROM guard.facts_of(%(ids)s)", {"ids": list(matter_ids)})
    # Who holds which role is told once a district.
    holders = {
        row["district"]: row["facts"]["holders"]
        for row in rows
        if row["facts"]["holders"] is not None
    }
    return {row["id"]: {**row["facts"], "holders": holders[row["district"]]} for row in rows}


def units(tx: Work, ids: Sequence[UUID]) -> list[Row]:
    return tx.rows(
        "SELECT u.id, u.path::text AS path FROM unit u WHERE u.id = ANY (%(ids)s)",
        {"ids": list(ids)},
    )


def matters(tx: Work, ids: Sequence[UUID]) -> list[Row]:
    """As links know matters."""
    return tx.rows(
        "SELECT m.id, m.kind, m.number, m.state, m.closed_on IS NOT NULL AS closed FROM matter m"
        " WHERE m.id = ANY (%(ids)s)",
        {"ids": list(ids)},
    )


_OWN_COLUMNS = {
    Kind.LEAD: ("lead", "received_on, what, category, place, happened, amount, method,"
                " disposed_on, handled_by, round_id"),
    Kind.CASE: ('"case"', "filed_on, party_filed_on, supervisory_filed_on, filing_organ, brief,"
                " source_lead"),
}  # fmt: skip


def copy_own_row(tx: Work, kind: Kind, from_id: UUID, to_id: UUID) -> None:
    """A child that was split off begins with its parent's facts and dates."""
    table, columns = _OWN_COLUMNS[kind]
    tx.execute(
        f"INSERT INTO {table} (id, {columns})"
        f" SELECT %(to)s, {columns} FROM {table} WHERE id = %(from)s",
        {"from": from_id, "to": to_id},
    )
