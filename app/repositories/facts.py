"""What the engine must know of a matter, read in the transaction that judges it."""

from __future__ import annotations

from collections.abc import Sequence
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


def came_from(tx: Work, matter_id: UUID, state: str) -> str | None:
    """The last state before this one."""
    found: str | None = tx.value(
        "SELECT t.from_state FROM transition t WHERE t.matter_id = %(id)s"
        "   AND t.to_state = %(state)s AND t.from_state <> t.to_state"
        " ORDER BY t.version DESC LIMIT 1",
        {"id": matter_id, "state": state},
    )
    return found


def times(tx: Work, matter_id: UUID, events: Sequence[str]) -> int:
    """How often some events happened since the matter was last (re)opened."""
    return int(
        tx.value(
            "SELECT count(*) FROM transition t WHERE t.matter_id = %(id)s"
            "   AND t.event = ANY (%(events)s) AND t.version > coalesce((SELECT max(r.version)"
            "       FROM transition r WHERE r.matter_id = %(id)s AND r.event = 'reopen'), 0)",
            {"id": matter_id, "events": list(events)},
        )
    )


def signatures(tx: Work, request_id: UUID) -> list[Row]:
    return tx.rows(
        "SELECT position, account_id, verdict FROM signature"
        " WHERE request_id = %(id)s AND account_id IS NOT NULL ORDER BY position",
        {"id": request_id},
    )


def holders(tx: Work, district: str) -> list[Row]:
    """Everybody who holds a role in a district today."""
    return tx.rows(
        "SELECT r.role, r.account_id, a.name, r.unit_path::text AS path FROM role_held r"
        "  JOIN account a ON a.id = r.account_id AND a.active"
        " WHERE (r.unit_path <@ %(district)s::ltree OR r.unit_path @> %(district)s::ltree)"
        "   AND r.begins_on <= current_date AND (r.ends_on IS NULL OR r.ends_on > current_date)"
        " ORDER BY r.role, nlevel(r.unit_path) DESC, a.name",
        {"district": district},
    )


def units(tx: Work, ids: Sequence[UUID]) -> list[Row]:
    return tx.rows(
        "SELECT u.id, u.path::text AS path FROM unit u WHERE u.id = ANY (%(ids)s)",
        {"ids": list(ids)},
    )


def conflicted(tx: Work, matter_id: UUID) -> list[UUID]:
    """Accounts of people who are named in the matter."""
    return [
        row["id"]
        for row in tx.rows(
            "SELECT a.id FROM account a JOIN involvement i ON i.person_id = a.person_id"
            " WHERE i.matter_id = %(id)s AND i.ended_on IS NULL",
            {"id": matter_id},
        )
    ]


def recused(tx: Work, matter_id: UUID) -> list[UUID]:
    """Accounts that were taken off the matter because they keep off it."""
    return [
        UUID(row["account"])
        for row in tx.rows(
            "SELECT t.form ->> 'recused' AS account FROM transition t"
            " WHERE t.matter_id = %(id)s AND t.event = 'recuse'"
            "   AND t.form ->> 'recused' IS NOT NULL",
            {"id": matter_id},
        )
    ]


def linked(tx: Work, matter_id: UUID) -> list[Row]:
    """Linked matters with their state, and whether anything was decided in them."""
    return tx.rows(
        "SELECT l.kind AS link, l.from_id = %(id)s AS outward, o.id, o.kind, o.state, o.number,"
        "       o.closed_on IS NOT NULL AS closed,"
        "       EXISTS (SELECT 1 FROM outcome x WHERE x.matter_id = o.id) AS has_outcome"
        "  FROM matter_link l"
        "  JOIN matter o ON o.id = CASE WHEN l.from_id = %(id)s THEN l.to_id ELSE l.from_id END"
        " WHERE %(id)s IN (l.from_id, l.to_id) AND l.ends_on IS NULL ORDER BY o.number",
        {"id": matter_id},
    )


def petition_leads(tx: Work, petition_id: UUID) -> list[Row]:
    """Number and state only: intake may know no more of a petition's leads."""
    return tx.rows("SELECT * FROM guard.leads_of_petition(%(id)s)", {"id": petition_id})


def undecided_repeats(tx: Work, matter_id: UUID) -> int:
    return int(
        tx.value(
            "SELECT count(*) FROM possible_repeat r"
            " WHERE %(id)s IN (r.matter_id, r.other_id) AND r.decision IS NULL",
            {"id": matter_id},
        )
    )


def money_of_item(tx: Work, item_id: UUID) -> Row:
    """Sums per account of one fund item, in yuan, and its return list."""
    found = tx.row(
        """
        SELECT coalesce(-sum(p.amount) FILTER (WHERE p.account = 'payer'), 0) AS received,
               coalesce(sum(p.amount) FILTER (WHERE p.account = 'refund'), 0) AS returned,
               coalesce(sum(p.amount) FILTER (WHERE p.account = 'treasury'), 0) AS treasury,
               coalesce(sum(p.amount) FILTER (WHERE p.account = 'criminal_case'), 0)
                 AS criminal_case,
               coalesce(sum(p.amount) FILTER (WHERE p.account = 'released'), 0) AS released,
               (SELECT count(*) FROM payee y WHERE y.fund_item_id = %(id)s) AS payees,
               (SELECT coalesce(sum(y.amount), 0) FROM payee y WHERE y.fund_item_id = %(id)s)
                 AS payees_total,
               (SELECT count(*) FROM payee y WHERE y.fund_item_id = %(id)s
                   AND y.paid_entry_id IS NULL) AS payees_unsigned
          FROM posting p WHERE p.fund_item_id = %(id)s
        """,
        {"id": item_id},
    )
    return found or {}


def origin(tx: Work, matter_id: UUID) -> Row | None:
    """The lead or case that a fund item hangs on, as far as the reader may see it."""
    return tx.row(
        "SELECT m.id, m.kind, m.state, m.number, m.closed_on IS NOT NULL AS closed,"
        "       m.assigned_path::text AS assigned_path FROM matter m WHERE m.id = %(id)s",
        {"id": matter_id},
    )


def open_items(tx: Work, matter_id: UUID) -> int:
    """Fund items of a lead or case that are not settled or released."""
    return int(
        tx.value(
            "SELECT count(*) FROM fund_item f JOIN matter m ON m.id = f.id"
            " WHERE f.origin_id = %(id)s AND m.closed_on IS NULL",
            {"id": matter_id},
        )
    )


def rests_on(tx: Work, matter_id: UUID) -> bool:
    """Whether anything rests on a matter: links, money or decided outcomes."""
    return bool(
        tx.value(
            "SELECT EXISTS (SELECT 1 FROM matter_link l WHERE %(id)s IN (l.from_id, l.to_id)"
            "         AND l.ends_on IS NULL)"
            "    OR EXISTS (SELECT 1 FROM journal_entry e"
            "         WHERE %(id)s IN (e.matter_id, e.fund_item_id))"
            "    OR EXISTS (SELECT 1 FROM outcome o WHERE o.matter_id = %(id)s)",
            {"id": matter_id},
        )
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
