"""What tells of a matter asks for its clearance; lists of what leavers hold ask once a matter

Revision ID: 0042
Revises: 0041

Policy: expand first, contract in a later release. An intake officer who isn't cleared for a
petition read its reporter's name all the same, and whoever supervises the opening of persons'
files was told of the matters for which handlers opened them. And who heads a matter was asked of each
place on any team, before looking whose place it is.
"""

from app.core.migrating import rewrite, rewrite_back

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

FORMER = "AND NOT m.id IN (SELECT unnest(guard.walled()))"
SEEN = (
    "AND (m.classification <= guard.clearance() OR m.made_by = guard.maker())\n"
    f"                    {FORMER}"
)
WATCHED = "guard.watches(o.person_id))"
COUNTED = """(guard.watches(o.person_id) AND (o.matter_id IS NULL OR EXISTS (
            SELECT 1 FROM matter m WHERE m.id = o.matter_id
               AND (m.unit_path <@ guard.reach('{chief}')
                    OR (m.classification <= guard.clearance()
                        AND m.unit_path <@ guard.reach('{auditor}')))))))"""
LEFT = """  SELECT g.id, g.name, g.unit_name, f.matter_id, f.what, f.since
    FROM found f JOIN gone g ON g.id = f.account_id JOIN matter m ON m.id = f.matter_id
   WHERE m.closed_on IS NULL AND guard.heads(f.matter_id) AND guard.reads_content()"""
ASKED_ONCE = """, held AS MATERIALIZED (
    SELECT DISTINCT m.id FROM found f JOIN matter m ON m.id = f.matter_id
     WHERE m.closed_on IS NULL),
  headed AS MATERIALIZED (
    SELECT h.id FROM held h WHERE guard.reads_content() AND guard.heads(h.id))
  SELECT g.id, g.name, g.unit_name, f.matter_id, f.what, f.since
    FROM found f JOIN gone g ON g.id = f.account_id JOIN headed h ON h.id = f.matter_id"""
TO_NOBODY = """  SELECT DISTINCT t.matter_id
    FROM account a JOIN team_member t ON t.account_id = a.id AND t.ends_on IS NULL
    JOIN matter m ON m.id = t.matter_id AND m.closed_on IS NULL
   WHERE NOT a.active AND t.part = 'lead_handler'
     AND EXISTS ("""
TO_NOBODY_ASKED_ONCE = """  WITH left_ AS MATERIALIZED (
    SELECT DISTINCT t.matter_id
      FROM account a JOIN team_member t ON t.account_id = a.id AND t.ends_on IS NULL
      JOIN matter m ON m.id = t.matter_id AND m.closed_on IS NULL
     WHERE NOT a.active AND t.part = 'lead_handler')
  SELECT t.matter_id FROM left_ t
   WHERE EXISTS ("""
REWRITINGS = (
    ("left_over()", LEFT, ASKED_ONCE),
    ("left_to_nobody()", TO_NOBODY, TO_NOBODY_ASKED_ONCE),
    ("keeps_reporter(uuid)", FORMER, SEEN),
    ("openings(uuid, timestamptz, uuid, integer)", WATCHED, COUNTED),
)


def upgrade() -> None:
    rewrite(REWRITINGS)


def downgrade() -> None:
    rewrite_back(REWRITINGS)
