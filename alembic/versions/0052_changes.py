"""Let a program follow what changes, in an order in which nothing commits late

Revision ID: 0052
Revises: 0051

Policy: expand first, contract in a later release. The index by matter carries the order of the
feed instead of the day; whoever asks for a matter's events finds them by it as before.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, run

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
FUNCTIONS = ("era()", "walk_end(xid8, bigint, xid8, integer)")


def upgrade() -> None:
    op.create_index("ix_audit_event_matter_id_xid_seq", "audit_event", ["matter_id", "xid", "seq"])
    op.drop_index("ix_audit_event_matter_id", "audit_event")
    op.create_table(
        "history_era",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("after_seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "begun_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_era")),
    )
    close("history_era")
    op.execute(
        "INSERT INTO history_era (id, after_seq)"
        " SELECT gen_random_uuid(), last_value FROM audit_event_seq"
    )
    run((SQL / "0052_changes.sql").read_text(encoding="utf-8"))
    give_to_guard(FUNCTIONS)


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("history_era")
    op.create_index("ix_audit_event_matter_id", "audit_event", ["matter_id", "at"])
    op.drop_index("ix_audit_event_matter_id_xid_seq", "audit_event")
