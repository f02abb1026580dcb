"""Refuse money on an item that is property, whoever books it

Revision ID: 0080
Revises: 0079

Policy: expand first, contract in a later release. What was booked so before can still be reversed.
"""

from app.core.migrating import Rewriting, rewrite, rewrite_back

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

BANK = (
    "  -- What the bank did is a fact, even where it contradicts a rule; what is typed must obey.\n"
)
PROPERTY = """\
  IF e.kind <> 'reversal'
     AND (SELECT form FROM fund_item WHERE id = e.fund_item_id) = 'property' THEN
    RAISE check_violation USING MESSAGE = 'plumbline:property';
  END IF;
"""
REWRITTEN: tuple[Rewriting, ...] = (("check_entry()", BANK, PROPERTY + BANK),)


def upgrade() -> None:
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
