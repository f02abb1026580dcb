"""Give each receipt of a payee a number of its own

Revision ID: 0074
Revises: 0073

Policy: expand first, contract in a later release. What was paid before, and what ledgers brought,
has none: its paper was signed without.
"""

import sqlalchemy as sa

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("journal_entry", sa.Column("receipt_number", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_journal_entry_receipt_of_a_return"),
        "journal_entry",
        "receipt_number IS NULL OR kind = 'return'",
    )
    op.create_index(
        "uq_journal_entry_receipt_number",
        "journal_entry",
        ["receipt_number"],
        unique=True,
        postgresql_where=sa.text("receipt_number IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_journal_entry_receipt_number", table_name="journal_entry")
    op.drop_constraint(op.f("ck_journal_entry_receipt_of_a_return"), "journal_entry", type_="check")
    op.drop_column("journal_entry", "receipt_number")
