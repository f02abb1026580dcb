"""A list page, and everything on a matter's page."""

from __future__ import annotations

from uuid import UUID

from benchmarks.yardstick.context import Desk, Row

PAGE = """
WITH page AS MATERIALIZED (
  SELECT * FROM matter m WHERE {where} ORDER BY m.due_on ASC NULLS LAST, m.id ASC LIMIT 51)
SELECT m.id, m.kind, m.number, m.title, m.state, m.stage, m.version, m.opened_on, m.due_on,
       m.closed_on, m.effective, coalesce(pu.name, '') || u.name AS unit,
       q.next_role AS waits_for, h.name AS holder, s.names AS subjects,
       EXISTS (SELECT 1 FROM doubt d WHERE d.matter_id = m.id AND d.settled_on IS NULL)
         AS doubtful
  FROM page m JOIN unit u ON u.id = m.unit_id
  LEFT JOIN unit pu ON pu.id = u.parent_id AND pu.kind IN ('township', 'subdistrict')
  LEFT JOIN request q ON q.matter_id = m.id AND q.status = 'open'
  LEFT JOIN LATERAL (
    SELECT a.name FROM team_member t JOIN account a ON a.id = t.account_id
     WHERE t.matter_id = m.id AND t.ends_on IS NULL
     ORDER BY t.part = 'lead_handler' DESC, t.begins_on LIMIT 1) h ON true
  LEFT JOIN LATERAL (
    SELECT array_agg(coalesce(p.name, o.name) ORDER BY i.code, i.id) AS names
      FROM involvement i LEFT JOIN person p ON p.id = i.person_id
      LEFT JOIN organisation o ON o.id = i.organisation_id
     WHERE i.matter_id = m.id AND i.part = 'subject' AND i.ended_on IS NULL) s ON true
 ORDER BY m.due_on ASC NULLS LAST, m.id ASC"""
WORKLIST = PAGE.format(where="m.kind = 'lead'")
FILTERED = PAGE.format(where="m.kind = 'lead' AND m.state = 'assessing' AND m.closed_on IS NULL")

# What stands on a matter's page, by the name of its part.
MATTER = {
    "head": """
SELECT m.*, u.name AS unit, pu.name AS parent_unit, au.name AS assigned, c.name AS campaign,
       a.name AS maker FROM matter m JOIN unit u ON u.id = m.unit_id
  LEFT JOIN unit pu ON pu.id = u.parent_id LEFT JOIN unit au ON au.id = m.assigned_unit_id
  LEFT JOIN campaign c ON c.id = m.campaign_id LEFT JOIN account a ON a.id = m.made_by
 WHERE m.id = %(id)s""",
    "requests": """
SELECT q.*, a.name AS asked_by, m.number, m.title, m.due_on FROM request q
  JOIN matter m ON m.id = q.matter_id LEFT JOIN account a ON a.id = q.requested_by
 WHERE q.matter_id = %(id)s ORDER BY q.status = 'open' DESC, q.requested_on DESC, q.id DESC""",
    "people": """
SELECT i.*, coalesce(p.name, o.name) AS name, p.member, p.public_employee, p.presumed
  FROM involvement i LEFT JOIN person p ON p.id = i.person_id
  LEFT JOIN organisation o ON o.id = i.organisation_id
 WHERE i.matter_id = %(id)s AND i.ended_on IS NULL ORDER BY i.part, i.code, i.id""",
    "own": "SELECT * FROM lead WHERE id = %(id)s",
    "team": """
SELECT t.*, a.name FROM team_member t JOIN account a ON a.id = t.account_id
 WHERE t.matter_id = %(id)s AND t.ends_on IS NULL ORDER BY t.part, t.begins_on, a.name""",
    "outcomes": """
SELECT o.* FROM outcome o WHERE o.matter_id = %(id)s
   AND NOT EXISTS (SELECT 1 FROM replacement r WHERE r.outcome_id = o.id)
 ORDER BY o.decided_on, o.id""",
    "statements": """
SELECT s.*, a.name AS recorded_by_name FROM statement s JOIN account a ON a.id = s.recorded_by
 WHERE s.matter_id = %(id)s ORDER BY s.said_on, s.id""",
    "tasks": """
SELECT t.*, coalesce(p.name, o.name) AS owed_to FROM task t
  LEFT JOIN involvement i ON i.id = t.involvement_id LEFT JOIN person p ON p.id = i.person_id
  LEFT JOIN organisation o ON o.id = i.organisation_id
 WHERE t.matter_id = %(id)s ORDER BY t.done_on NULLS FIRST, t.due_on""",
    "signatures": """
SELECT s.*, coalesce(a.name, s.signer_name) AS name FROM signature s
  LEFT JOIN account a ON a.id = s.account_id
 WHERE s.matter_id = %(id)s ORDER BY s.request_id, s.position""",
    "committee": """
SELECT d.*, a.name AS recorded_by_name FROM committee_decision d
  JOIN account a ON a.id = d.recorded_by WHERE d.matter_id = %(id)s ORDER BY d.held_on DESC""",
    "clocks": """
SELECT * FROM clock WHERE matter_id = %(id)s ORDER BY stopped_on NULLS FIRST, due_on, rule""",
    "links": """
SELECT l.id, l.kind, l.begins_on, o.id AS other_id, o.kind AS other_kind, o.number, o.title,
       o.state, o.stage, o.effective FROM matter_link l
  JOIN matter o ON o.id = CASE WHEN l.from_id = %(id)s THEN l.to_id ELSE l.from_id END
 WHERE %(id)s IN (l.from_id, l.to_id) AND l.ends_on IS NULL ORDER BY l.begins_on, o.number""",
    "notes": """
SELECT n.*, a.name AS made_by_name FROM note n JOIN account a ON a.id = n.made_by
 WHERE n.matter_id = %(id)s ORDER BY n.recorded_at DESC""",
    "corrections": """
SELECT c.*, a.name AS made_by_name FROM correction c JOIN account a ON a.id = c.made_by
 WHERE c.matter_id = %(id)s ORDER BY c.recorded_at DESC""",
    "history": """
SELECT t.*, coalesce(a.name, t.signer_name) AS actor_name FROM transition t
  LEFT JOIN account a ON a.id = t.actor_id WHERE t.matter_id = %(id)s ORDER BY t.version DESC""",
}


def page(desk: Desk, query: str) -> list[Row]:
    with desk.work("manager", "matters.list") as cursor:
        return cursor.execute(query.encode()).fetchall()


def matter(desk: Desk, matter_id: UUID) -> dict[str, list[Row]]:
    given = {"id": matter_id}
    with desk.work("manager", "matters.read") as cursor:
        return {
            part: cursor.execute(query.encode(), given).fetchall() for part, query in MATTER.items()
        }
