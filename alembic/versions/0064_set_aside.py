"""Freeze nothing by a signature on paper that was set aside, and show a correction to whom it asks

Revision ID: 0064
Revises: 0063

Its step was taken back, so that nothing rests on it. A request opens its matter to whoever holds
the role that signs next; where it names one person, to that person, or to who follows. Policy: expand first, contract in a later
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
WAITS = "     WHERE q.status = 'open' AND r.begins_on <= current_date\n"
STEP = "q.chain -> (q.next_position - 1)"
WAITS_FOR_ME = (
    f"{WAITS}       AND (coalesce(({STEP} ->> 'account')::uuid, me.id) = me.id\n"
    f"            OR guard.seat_left(q.matter_id, {STEP}))\n"
)
REWRITTEN = (("held_by(uuid)", HELD, NOT_SET_ASIDE), ("mine()", WAITS, WAITS_FOR_ME))


def upgrade() -> None:
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
