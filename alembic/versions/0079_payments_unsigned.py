"""Find the payments that nobody has signed for yet, which are few among all

Revision ID: 0079
Revises: 0078

Policy: expand first, contract in a later release.
"""

from sqlalchemy import text

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_money_return_unsigned",
        "money_return",
        ["happened_on", "entry_id"],
        postgresql_where=text("signed = 'not_yet' AND entry_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_money_return_unsigned", table_name="money_return")
