"""What the policy asks of one matter, and of everybody whom it could let in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.repositories.titles import title
from app.repositories.work import Work


def sight(tx: Work, matter_id: UUID) -> Row | None:
    """The matter as the policy judges it; None where it is hidden. `team` has account ids."""
    return tx.row(
        f"""
        SELECT m.id, m.kind, m.number, {title()} AS title, m.effective, m.unit_path::text AS unit,
               m.assigned_path::text AS assigned, m.classification, m.made_by, m.adjudicated,
               q.next_role, q.next_path::text AS next_path,
               ARRAY(SELECT t.account_id FROM team_member t
                      WHERE t.ends_on IS NULL AND t.matter_id IN (m.id, f.origin_id)) AS team,
               ARRAY(SELECT g.account_id FROM access_grant g WHERE g.matter_id = m.id
                        AND g.ended_on IS NULL AND g.begins_on <= guard.today()
                        AND g.ends_on > guard.today()) AS granted,
               ARRAY(SELECT e.account_id FROM guard.emergencies_on(m.id) e
                      WHERE e.lasts) AS emergencies
          FROM matter m
          LEFT JOIN fund_item f ON f.id = m.id
          LEFT JOIN request q ON q.matter_id = m.id AND q.status = 'open'
         WHERE m.id = %(id)s
        """,
        {"id": matter_id},
    )


def near(tx: Work, row: Row) -> list[Row]:
    """Active accounts that a role, the team or having logged it brings near the matter; each
    with its grants as [role, path, the unit's name]."""
    return tx.rows(
        """
        SELECT a.id, a.name, a.clearance, coalesce(
                 jsonb_agg(jsonb_build_array(r.role, r.unit_path::text, u.name)
                           ORDER BY r.role, r.unit_path) FILTER (WHERE r.id IS NOT NULL), '[]')
                 AS grants
          FROM account a
          LEFT JOIN role_held r ON r.account_id = a.id AND r.begins_on <= guard.today()
           AND (r.ends_on IS NULL OR r.ends_on > guard.today())
          LEFT JOIN unit u ON u.id = r.unit_id
         WHERE a.active AND (a.id = %(maker)s OR a.id = ANY (%(named)s) OR EXISTS (
                 SELECT 1 FROM role_held h WHERE h.account_id = a.id
                    AND h.unit_path @> ANY (%(places)s::ltree[])))
         GROUP BY a.id ORDER BY a.name COLLATE "C", a.id
        """,
        {
            "maker": row["made_by"],
            "named": [*row["team"], *row["granted"], *row["emergencies"]],
            "places": [each for each in (row["unit"], row["assigned"], row["next_path"]) if each],
        },
    )


def names(tx: Work, paths: Sequence[str]) -> dict[str, str]:
    """The names of units, by path."""
    rows = tx.rows(
        "SELECT u.path::text AS path, u.name FROM unit u WHERE u.path = ANY (%(paths)s::ltree[])",
        {"paths": list(paths)},
    )
    return {row["path"]: row["name"] for row in rows}


def insert_grant(
    tx: Work, matter_id: UUID, account_id: UUID, *, reason: str, begins_on: date, ends_on: date
) -> UUID:
    """Raises NotFound for whoever doesn't head the matter, Conflict where it can't be given."""
    grant_id = new_id()
    tx.value(
        "SELECT guard.grant_access(%(id)s, %(matter)s, %(account)s, %(reason)s, %(begins)s,"
        " %(ends)s)",
        {
            "id": grant_id,
            "matter": matter_id,
            "account": account_id,
            "reason": reason,
            "begins": begins_on,
            "ends": ends_on,
        },
    )
    return grant_id


def heads(tx: Work, matter_id: UUID) -> bool:
    """Whether the actor lets others see the matter."""
    return bool(tx.value("SELECT guard.heads(%(id)s)", {"id": matter_id}))


def grants(tx: Work, matter_id: UUID) -> list[Row]:
    """Those that last, by name. They last by `Work.lasting_day`; told are the office's days."""
    return tx.rows(
        "SELECT g.id, g.account_id, a.name, g.reason, g.begins_on - %(apart)s AS begins_on,"
        "       g.ends_on - %(apart)s AS ends_on, b.name AS granted_by"
        "  FROM access_grant g JOIN account a ON a.id = g.account_id"
        "  JOIN account b ON b.id = g.granted_by"
        " WHERE g.matter_id = %(id)s AND g.ended_on IS NULL AND g.ends_on > guard.today()"
        ' ORDER BY a.name COLLATE "C", g.id',
        {"id": matter_id, "apart": tx.lasts_apart().days},
    )


def open_to_me(tx: Work, *, limit: int) -> list[Row]:
    """Matters that the actor sees for having been let see them, and by nothing else; what ends next
    first. What they are walled off from meanwhile is none of them. Days as in `grants`."""
    return tx.rows(
        "SELECT g.id, g.ends_on - %(apart)s AS ends_on, m.id AS matter_id, m.kind, m.number,"
        f"       {title()} AS title, m.effective"
        "  FROM access_grant g JOIN matter m ON m.id = g.matter_id"
        " WHERE g.account_id = %(me)s AND g.ended_on IS NULL"
        "   AND g.begins_on <= guard.today() AND g.ends_on > guard.today()"
        "   AND m.id = ANY ((SELECT guard.only_let_see())::uuid[])"
        " ORDER BY g.ends_on, m.number, g.id LIMIT %(limit)s",
        {"me": tx.actor.account_id, "limit": limit, "apart": tx.lasts_apart().days},
    )


def end_grant(tx: Work, grant_id: UUID) -> bool:
    return bool(tx.value("SELECT guard.end_grant(%(id)s)", {"id": grant_id}))
