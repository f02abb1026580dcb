"""Tell who holds which role once for all matters of a district that are asked about together

Revision ID: 0082
Revises: 0081

Policy: expand first, contract in a later release. A desk asks about twenty matters of one district, and was
told sixty people twenty times.
"""

from alembic import op
from app.core.migrating import give_to_guard, rewrite, run

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

# (what stood in it, what stands there now).
PASSAGES = (
    ("facts_known(matter_ uuid)", "facts_known(matter_ uuid, holders_ boolean)"),
    ("'holders', (\n", "'holders', CASE WHEN holders_ THEN (\n"),
    ("r.ends_on > current_date)));\nEND", "r.ends_on > current_date)) END);\nEND"),
)
OF_ONE = """
CREATE OR REPLACE FUNCTION guard.facts(matter_ uuid) RETURNS jsonb
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.works_on(matter_) THEN RETURN NULL; END IF;
  RETURN guard.facts_known(matter_{});
END $$;
"""
# Who holds which role stands in the first of a district; in the others it is null.
OF_SEVERAL = """
CREATE FUNCTION guard.facts_of(wanted uuid[]) RETURNS TABLE (id uuid, district text, facts jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id, w.district, guard.facts_known(w.id, w.place = 1)
    FROM (SELECT m.id, m.district, row_number() OVER (PARTITION BY m.district ORDER BY m.id) AS place
            FROM matter m WHERE m.id = ANY (guard.worked_on(wanted))) w
$$;
"""
FORMER = """
CREATE FUNCTION guard.facts_of(wanted uuid[]) RETURNS TABLE (id uuid, facts jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id, guard.facts_known(w.id) FROM unnest(guard.worked_on(wanted)) AS w (id)
$$;
"""


def upgrade() -> None:
    op.execute("DROP FUNCTION guard.facts_of(uuid[])")
    rewrite(("facts_known(uuid)", former, now) for former, now in PASSAGES)
    run(OF_ONE.format(", true"))
    run(OF_SEVERAL)
    op.execute("DROP FUNCTION guard.facts_known(uuid)")
    give_to_guard(("facts_of(uuid[])",), ("facts_known(uuid, boolean)",))


def downgrade() -> None:
    op.execute("DROP FUNCTION guard.facts_of(uuid[])")
    rewrite(("facts_known(uuid, boolean)", now, former) for former, now in PASSAGES)
    run(OF_ONE.format(""))
    run(FORMER)
    op.execute("DROP FUNCTION guard.facts_known(uuid, boolean)")
    give_to_guard(("facts_of(uuid[])",), ("facts_known(uuid)",))
