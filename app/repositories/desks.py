"""What stands on desks beside worklists and requests."""

from __future__ import annotations

from datetime import timedelta

from app.core.db import Row
from app.repositories.work import Work


def notices_owed(tx: Work, *, limit: int) -> list[Row]:
    """Open tasks on matters that the actor handles or, as intake, answers for; by due date."""
    return tx.rows(
        """
        SELECT t.id, t.kind, t.due_on, t.owed_since, t.involvement_id, m.id AS matter_id, m.number,
               m.title, m.kind AS matter_kind, m.effective
          FROM task t JOIN matter m ON m.id = t.matter_id
         WHERE t.done_on IS NULL
           AND (m.kind = 'petition' OR m.id = ANY ((SELECT guard.mine())::uuid[]))
         ORDER BY t.due_on NULLS LAST, t.id LIMIT %(limit)s
        """,
        {"limit": limit},
    )


def red_within(tx: Work, *, days: int, limit: int) -> list[Row]:
    """Open matters that are overdue or fall due within some days, counted by handler."""
    return tx.rows(
        """
        SELECT a.id, a.name, count(*) AS due, count(*) FILTER (WHERE m.due_on < %(today)s) AS overdue,
               min(m.due_on) AS first_due
          FROM matter m
          JOIN team_member t ON t.matter_id = m.id AND t.part = 'lead_handler' AND t.ends_on IS NULL
          JOIN account a ON a.id = t.account_id
         WHERE m.closed_on IS NULL AND m.due_on <= %(until)s
         GROUP BY a.id, a.name ORDER BY min(m.due_on), a.name LIMIT %(limit)s
        """,
        {"today": tx.today, "until": tx.today + timedelta(days=days), "limit": limit},
    )


def undecided_repeats(tx: Work, *, limit: int) -> list[Row]:
    """Possible repeats that nobody has decided on."""
    return tx.rows(
        """
        SELECT r.id, r.why, m.id AS matter_id, m.number, m.title, o.id AS other_id,
               o.number AS other_number, o.title AS other_title
          FROM possible_repeat r JOIN matter m ON m.id = r.matter_id
          JOIN matter o ON o.id = r.other_id
         WHERE r.decision IS NULL ORDER BY r.recorded_at, r.id LIMIT %(limit)s
        """,
        {"limit": limit},
    )
