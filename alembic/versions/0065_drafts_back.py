"""Bring a draft back for an hour after it was thrown away

Revision ID: 0065
Revises: 0064

Policy: expand first, contract in a later release. What was sent still goes at once; what was thrown away
by a slip of the hand was gone with it.
"""

import sqlalchemy as sa

from alembic import op
from app.core.migrating import Rewriting, rewrite, rewrite_back

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

REWRITTEN: tuple[Rewriting, ...] = (
    (
        "clean_up()",
        "  DELETE FROM draft WHERE saved_at < now() - interval '30 days';\n",
        "  DELETE FROM draft WHERE saved_at < now() - interval '30 days'\n"
        "     OR thrown_away_at < now() - interval '1 hour';\n",
    ),
)


def upgrade() -> None:
    op.add_column("draft", sa.Column("thrown_away_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("GRANT UPDATE (thrown_away_at) ON draft TO plumbline_app")
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    op.execute("DELETE FROM draft WHERE thrown_away_at IS NOT NULL")
    op.drop_column("draft", "thrown_away_at")
