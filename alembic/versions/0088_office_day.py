"""Let roles, grants and standing in begin and end at the office's midnight, not at UTC's

Revision ID: 0088
Revises: 0087

In China that was eight in the morning. The installation's own zone is written into guard.office_zone()
at each start (app/services/installation.py). Both functions have a body of the standard's kind, whose
names are bound once, and no SET: the planner folds them into what asks for them, a policy over a million
rows included. Policy: expand first, contract in a later release.
"""

from alembic import op
from app.core.migrating import give_to_guard, rewrite_all, run

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

ZONE = """
CREATE FUNCTION guard.office_zone() RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 'Asia/Shanghai'::text
"""
TODAY = """
CREATE FUNCTION guard.today() RETURNS date
  LANGUAGE sql STABLE PARALLEL SAFE RETURN (now() AT TIME ZONE guard.office_zone())::date
"""
# (what stood there, what stands there now).
SAID = (
    ("current_date", "guard.today()"),
    ("r.requested_at::date", "(r.requested_at AT TIME ZONE guard.office_zone())::date"),
    ("d.ends_on::timestamptz", "(d.ends_on::timestamp AT TIME ZONE guard.office_zone())"),
)


def upgrade() -> None:
    run(ZONE)
    run(TODAY)
    give_to_guard(("office_zone()", "today()"))
    for former, now in SAID:
        rewrite_all(former, now)


def downgrade() -> None:
    for former, now in SAID:
        rewrite_all(now, former)
    op.execute("DROP FUNCTION guard.today()")
    op.execute("DROP FUNCTION guard.office_zone()")
