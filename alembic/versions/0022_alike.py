"""Look for words that are alike only among matters near in time to what a ledger brings

Revision ID: 0022
Revises: 0021

Matters without a name were compared with every other of their unit and time, whether or not the
ledger brought anything near: a unit with a thousand such matters of one day took a million looks.
"""

from app.core.migrating import rewrite, rewrite_back

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
REWRITTEN = ("import_repeats(uuid)", FORMER, NOW)


def upgrade() -> None:
    rewrite([REWRITTEN])


def downgrade() -> None:
    rewrite_back([REWRITTEN])
