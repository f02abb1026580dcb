"""Keep matters of a kind in the order of their numbers, as lists show them

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_matter_kind_number", "matter", ["kind", "number", "id"])


def downgrade() -> None:
    op.drop_index("ix_matter_kind_number", table_name="matter")
