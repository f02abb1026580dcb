"""Count for an auditor only what they may open, and say in fives what lies outside

Revision ID: 0041
Revises: 0040

Policy: expand first, contract in a later release. Sums of auditors who aren't cleared for everything
become smaller.
"""

import sqlalchemy as sa

from alembic import op
from app.core.migrating import Rewriting, rewrite, rewrite_back, run

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

# Whose sums hold everything of their subtree, and whose what they are cleared for.
FORMER = ("{operator,auditor,chief,secretary,liaison}", "{lead_manager,deputy}")
NOW = ("{operator,chief,secretary,liaison}", "{auditor,lead_manager,deputy}")

OUTSIDE = "outside(ltree, uuid)"
REWRITTEN: tuple[Rewriting, ...] = (
    (
        OUTSIDE,
        f"     OR place <@ guard.reach('{FORMER[0]}') THEN",
        f"     OR place <@ guard.reach('{NOW[0]}')\n"
        "     OR (guard.clearance() >= 2 AND place <@ guard.reach('{auditor}')) THEN",
    ),
    (OUTSIDE, f"guard.reach('{FORMER[0]}'))\n", f"guard.reach('{NOW[0]}'))\n"),
    (OUTSIDE, f"guard.reach('{FORMER[1]}'))\n", f"guard.reach('{NOW[1]}'))\n"),
)


def upgrade() -> None:
    _write_over(FORMER, NOW)
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    _write_over(NOW, FORMER)


def _write_over(former: tuple[str, str], now: tuple[str, str]) -> None:
    """Every view of the guard's that figures are counted from, but for the two lists of roles."""
    found = op.get_bind().execute(
        sa.text(
            "SELECT c.oid::regclass::text AS name, pg_get_viewdef(c.oid) AS text"
            "  FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace = 'guard'::regnamespace"
            "   AND position(:roles IN pg_get_viewdef(c.oid)) > 0 ORDER BY 1"
        ),
        {"roles": former[0]},
    )
    views = [tuple(row) for row in found]
    if not views:
        raise RuntimeError("the views that figures are counted from are gone")
    for name, text in views:
        if text.count(former[0]) != text.count(former[1]):
            raise RuntimeError(f"{name} asks about other roles")
        written = text.replace(former[0], now[0]).replace(former[1], now[1])
        run(f"CREATE OR REPLACE VIEW {name} WITH (security_barrier) AS {written}")
