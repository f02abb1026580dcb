"""Read a profile once for the steps that keep hands apart

Revision ID: 0069
Revises: 0068

Policy: expand first, contract in a later release. Which steps those are was asked of the whole
stored profile anew for each role of each transition: 90 ms for every request, every step of a case
or fund item, and every matter that was judged. Its roles and machines are taken out of it once.
"""

from app.core.migrating import Rewriting, rewrite, rewrite_back

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

FORMER = """  SELECT m.key, t.value ->> 'event', t.value -> 'from'
    FROM profile_version p
   CROSS JOIN jsonb_each(p.content -> 'machines') AS m
   CROSS JOIN jsonb_array_elements(m.value -> 'transitions') AS t
   WHERE p.id = profile_ AND jsonb_array_length(t.value -> 'requested_by') > 0
     AND NOT EXISTS (
       SELECT 1 FROM jsonb_array_elements_text(t.value -> 'requested_by') AS c (code)
        WHERE NOT guard.is_apart(p.content -> 'roles' -> c.code))
"""
NOW = """  WITH p AS MATERIALIZED (
    SELECT v.content -> 'machines' AS machines, v.content -> 'roles' AS roles
      FROM profile_version v WHERE v.id = profile_)
  SELECT m.key, t.value ->> 'event', t.value -> 'from'
    FROM p CROSS JOIN jsonb_each(p.machines) AS m
   CROSS JOIN jsonb_array_elements(m.value -> 'transitions') AS t
   WHERE jsonb_array_length(t.value -> 'requested_by') > 0
     AND NOT EXISTS (
       SELECT 1 FROM jsonb_array_elements_text(t.value -> 'requested_by') AS c (code)
        WHERE NOT guard.is_apart(p.roles -> c.code))
"""
REWRITTEN: tuple[Rewriting, ...] = (("apart_steps(uuid)", FORMER, NOW),)


def upgrade() -> None:
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
