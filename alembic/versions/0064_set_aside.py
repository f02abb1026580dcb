"""Freeze nothing by a request whose signature on paper was set aside

Revision ID: 0064
Revises: 0063

Its step was taken back, so that nothing rests on it. Policy: expand first, contract in a later
release.
"""

from app.core.migrating import rewrite, rewrite_back

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

HELD = "AND q.status IN ('open', 'approved')\n"
NOT_SET_ASIDE = (
    f"{HELD}     AND NOT EXISTS (SELECT 1 FROM paper_signature p\n"
    "                      WHERE p.request_id = q.id AND p.status = 'set_aside')\n"
)
REWRITTEN = (("held_by(uuid)", HELD, NOT_SET_ASIDE),)


def upgrade() -> None:
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
