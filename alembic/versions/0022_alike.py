"""Look for words that are alike only among matters near in time to what a ledger brings

Revision ID: 0022
Revises: 0021

Matters without a name were compared with every other of their unit and time, whether or not the
ledger brought anything near: a unit with a thousand such matters of one day took a million looks.
"""

import sqlalchemy as sa

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FORMER = """       AND m.unit_id IN (SELECT DISTINCT x.unit_id FROM matter x
                          WHERE x.import_batch_id = batch_ AND x.kind IN ('lead', 'petition'))
"""
NOW = """       AND EXISTS (SELECT 1 FROM (
             SELECT x.unit_id, min(x.opened_on) AS first_on, max(x.opened_on) AS last_on
               FROM matter x WHERE x.import_batch_id = batch_ AND x.kind IN ('lead', 'petition')
              GROUP BY x.unit_id) b
            WHERE b.unit_id = m.unit_id
              AND m.opened_on BETWEEN b.first_on - 60 AND b.last_on + 60)
"""


def upgrade() -> None:
    _rewrite(FORMER, NOW)


def downgrade() -> None:
    _rewrite(NOW, FORMER)


def _rewrite(former: str, now: str) -> None:
    """Write the function over as it stands, but for one passage."""
    bind = op.get_bind()
    text = bind.execute(
        sa.text("SELECT pg_get_functiondef(to_regprocedure('guard.import_repeats(uuid)'))")
    ).scalar_one()
    if former not in text:
        raise RuntimeError("the former import_repeats is gone")
    bind.connection.driver_connection.execute(text.replace(former, now))
