"""List what somebody holds before they leave, and what ends with their account

Revision ID: 0067
Revises: 0066

Policy: expand first, contract in a later release. What an account left behind was listed once it had
ended; what one still holds is listed in the same way, to whoever heads each matter.
"""

import sqlalchemy as sa

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

CALLED = ("holdings_of(uuid)", "ends_with(uuid)")
# Of the list of what is left over, the passages that say whose.
HELD = (
    ("guard.left_over()", "guard.holdings_of(account_ uuid)"),
    ("WHERE NOT a.active", "WHERE a.id = account_"),
    (
        "    UNION ALL\n    SELECT f.kept_by,",
        "    UNION ALL\n"
        "    SELECT g.id, q.matter_id, 'signing', q.requested_on\n"
        "      FROM gone g JOIN request q ON q.status = 'open'\n"
        "       AND q.chain -> (q.next_position - 1) ->> 'account' = g.id::text\n"
        "    UNION ALL\n    SELECT f.kept_by,",
    ),
)
ENDS = """
-- What ends with an account, for whoever administers it: never what is on matters.
CREATE FUNCTION guard.ends_with(account_ uuid)
  RETURNS TABLE (what text, name text, ends_at timestamptz)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT f.what, f.name, f.ends_at FROM (
    SELECT 'key' AS what, s.name, s.expires_at AS ends_at FROM session s
     WHERE s.account_id = account_ AND s.kind = 'key' AND s.ended_at IS NULL
       AND s.expires_at > now()
    UNION ALL
    SELECT 'webhook', w.name, NULL FROM webhook w
     WHERE w.account_id = account_ AND w.ended_at IS NULL
    UNION ALL
    SELECT CASE WHEN d.from_id = account_ THEN 'stood_in_for' ELSE 'stands_in' END, a.name,
           d.ends_on::timestamptz
      FROM delegation d
      JOIN account a ON a.id = CASE WHEN d.from_id = account_ THEN d.to_id ELSE d.from_id END
     WHERE account_ IN (d.from_id, d.to_id) AND d.ended_on IS NULL
       AND d.ends_on > current_date) f
   WHERE guard.manages(account_)
   ORDER BY f.what, f.name
$$;
"""


def upgrade() -> None:
    text = (
        op.get_bind()
        .execute(sa.text("SELECT pg_get_functiondef(to_regprocedure('guard.left_over()'))"))
        .scalar_one()
    )
    for former, now in HELD:
        if text.count(former) != 1:
            raise RuntimeError(f"the former left_over() is gone: {former}")
        text = text.replace(former, now)
    run(text)
    run(ENDS)
    give_to_guard(CALLED)


def downgrade() -> None:
    for function in CALLED:
        op.execute(f"DROP FUNCTION guard.{function}")
