"""What stands on desks beside worklists and requests."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.db import Row
from app.repositories.titles import title
from app.repositories.work import Work


def notices_owed(tx: Work, *, limit: int) -> list[Row]:
    """Open tasks on matters that the actor handles or, as intake, answers for; by due date."""
    return tx.rows(
        f"""
        SELECT t.id, t.kind, t.due_on, t.owed_since, t.involvement_id, m.id AS matter_id, m.number,
               {title()} AS title, m.kind AS matter_kind, m.effective
          FROM task t JOIN matter m ON m.id = t.matter_id
         WHERE t.done_on IS NULL
           AND (m.kind = 'petition' OR m.id = ANY ((SELECT guard.mine())::uuid[]))
         ORDER BY t.due_on NULLS LAST, t.id LIMIT %(limit)s
        """,
        {"limit": limit},
    )


# The place of a petition among those whose reporter waits: due date, matter, and rule.
Owed = tuple[date, UUID, str]


def reporters_to_tell(
    tx: Work, *, rules: list[str], after: Owed | None = None, limit: int
) -> list[Row]:
    """Named petitions on which one of these clocks runs, as far as the actor keeps their seal: up
    to `limit` behind `after`."""
    day, last, rule = after or (None, None, None)
    # The order is made before the seal is asked for, which is asked until the limit is met.
    return tx.rows(
        f"""
        SELECT w.* FROM (
          SELECT c.rule, c.due_on, m.id AS matter_id, m.number, {title()} AS title,
                 m.kind, m.effective
            FROM clock c JOIN petition p ON p.id = c.matter_id JOIN matter m ON m.id = p.id
           WHERE c.rule = ANY (%(rules)s) AND c.stopped_on IS NULL AND p.named
             AND m.closed_on IS NULL
             AND (%(day)s::date IS NULL
                  OR (c.due_on, m.id, c.rule) > (%(day)s, %(last)s, %(rule)s))
           ORDER BY c.due_on, m.id, c.rule OFFSET 0) w
         WHERE guard.keeps_reporter(w.matter_id)
         ORDER BY w.due_on, w.matter_id, w.rule LIMIT %(limit)s
        """,
        {"rules": rules, "day": day, "last": last, "rule": rule, "limit": limit},
    )


def stuck(tx: Work, *, limit: int) -> list[Row]:
    """Open matters that nobody is able to act on: no handler where one is needed, a request
    whose next place nobody else can sign, or an emergency read whose review nobody can close."""
    return tx.rows(
        f"""
        SELECT m.id, m.kind, m.number, {title()} AS title, m.effective, m.due_on, s.why, s.role
          FROM (
            SELECT h AS id, 'no_handler' AS why, NULL AS role FROM guard.without_handler() h
            UNION ALL
            SELECT q.matter_id, 'no_signer', q.next_role FROM request q
             WHERE q.status = 'open' AND q.next_role <> 'team'
               AND NOT EXISTS (SELECT 1 FROM role_held r JOIN account a ON a.id = r.account_id
                    WHERE r.role = q.next_role AND q.next_path <@ r.unit_path AND a.active
                      AND a.id IS DISTINCT FROM q.requested_by
                      AND r.begins_on <= guard.today()
                      AND (r.ends_on IS NULL OR r.ends_on > guard.today())
                      AND NOT EXISTS (SELECT 1 FROM signature g
                           WHERE g.request_id = q.id AND g.account_id = a.id))
            UNION
            SELECT w.matter_id, w.why, w.role FROM guard.stuck_behind_walls() w
            UNION
            SELECT u, 'no_reviewer', NULL FROM guard.unreviewable() u
            UNION
            SELECT n, 'leaver', NULL FROM guard.left_to_nobody() n) s
          JOIN matter m ON m.id = s.id
         ORDER BY m.due_on NULLS LAST, m.id LIMIT %(limit)s
        """,
        {"limit": limit},
    )


def since_last_export(tx: Work, *, most: int) -> Row | None:
    """The actor's last export, and how many steps and movements of money came after it: of each
    at most one more than `most`."""
    return tx.row(
        """
        SELECT x.recorded_at, x.what,
               (SELECT count(*) FROM (SELECT 1 FROM transition t
                 WHERE t.recorded_at > x.recorded_at LIMIT %(most)s) s) AS steps,
               (SELECT count(*) FROM (SELECT 1 FROM journal_entry e
                 WHERE e.recorded_at > x.recorded_at LIMIT %(most)s) s) AS entries
          FROM export_record x WHERE x.made_by = %(me)s AND x.format <> 'pdf'
         ORDER BY x.recorded_at DESC LIMIT 1
        """,
        {"me": tx.actor.account_id, "most": most + 1},
    )


def unsettled_doubts(tx: Work) -> int:
    return int(tx.value("SELECT count(*) FROM doubt WHERE settled_on IS NULL"))


def begun(tx: Work) -> Row:
    """How far an installation is: units, people beside the operator, ledgers taken in."""
    found = tx.row(
        """
        SELECT (SELECT count(*) FROM unit) AS units,
               (SELECT count(*) FROM account WHERE active) - 1 AS people,
               (SELECT count(*) FROM import_batch WHERE committed_at IS NOT NULL) AS imports
        """
    )
    return found or {"units": 0, "people": 0, "imports": 0}
