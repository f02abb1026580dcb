"""Keep filters of lists under a name

Revision ID: 0055
Revises: 0054

Policy: expand first, contract in a later release.
"""

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, references

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

OWN = "account_id = (SELECT guard.actor())"
RULES = {
    "select": f"USING ({OWN})",
    "insert": f"WITH CHECK ({OWN})",
    "update": f"USING ({OWN}) WITH CHECK ({OWN})",
    "delete": f"USING ({OWN})",
}


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column(
            "saved_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "char_length(name) between 1 and 40", name=op.f("ck_saved_view_name_length")
        ),
        sa.CheckConstraint("char_length(query) <= 1000", name=op.f("ck_saved_view_query_length")),
        *references("saved_view", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("uq_saved_view_name", "saved_view", ["account_id", "kind", "name"], unique=True)
    close("saved_view")
    for command, rule in RULES.items():
        op.execute(
            f"CREATE POLICY app_{command} ON saved_view FOR {command.upper()}"
            f" TO plumbline_app {rule}"
        )
    op.execute("GRANT SELECT, INSERT, DELETE ON saved_view TO plumbline_app")
    op.execute("GRANT UPDATE (query) ON saved_view TO plumbline_app")


def downgrade() -> None:
    op.drop_table("saved_view")
