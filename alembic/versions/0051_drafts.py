"""Keep what is typed into a form until it is sent

Revision ID: 0051
Revises: 0050

Policy: expand first, contract in a later release.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import (
    Rewriting,
    close,
    give_to_guard,
    references,
    rewrite,
    rewrite_back,
    run,
)

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql" / "0051_drafts.sql"
CALLED = ("keep_for_former(text, uuid, text, bytea, integer)",)

# The writer's alone, and no longer theirs once the matter isn't theirs to see.
OWN = (
    "account_id = (SELECT guard.actor()) AND (matter_id IS NULL"
    " OR EXISTS (SELECT 1 FROM matter m WHERE m.id = draft.matter_id))"
)
RULES = {
    "select": f"USING ({OWN})",
    "insert": f"WITH CHECK ({OWN})",
    "update": f"USING ({OWN}) WITH CHECK ({OWN})",
    "delete": f"USING ({OWN})",
}
REWRITTEN: tuple[Rewriting, ...] = (
    ("clean_up()", "  uploads_ integer;\n", "  uploads_ integer;\n  drafts_ integer;\n"),
    (
        "clean_up()",
        "  GET DIAGNOSTICS uploads_ = ROW_COUNT;\n",
        "  GET DIAGNOSTICS uploads_ = ROW_COUNT;\n"
        "  DELETE FROM draft WHERE saved_at < now() - interval '30 days';\n"
        "  GET DIAGNOSTICS drafts_ = ROW_COUNT;\n",
    ),
    ("clean_up()", "'uploads', uploads_)", "'uploads', uploads_, 'drafts', drafts_)"),
)


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "saved_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        *references("draft", account_id="account", matter_id="matter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_account_address", "draft", ["account_id", "address", "saved_at"])
    op.create_index(op.f("ix_draft_matter_id"), "draft", ["matter_id"])
    close("draft")
    for command, rule in RULES.items():
        op.execute(
            f"CREATE POLICY app_{command} ON draft FOR {command.upper()} TO plumbline_app {rule}"
        )
    op.execute("GRANT SELECT, INSERT, DELETE ON draft TO plumbline_app")
    op.execute("GRANT UPDATE (sealed, version, saved_at) ON draft TO plumbline_app")
    run(SQL.read_text(encoding="utf-8"))
    give_to_guard(CALLED)
    rewrite(REWRITTEN)


def downgrade() -> None:
    op.execute(f"DROP FUNCTION guard.{CALLED[0]}")
    rewrite_back(REWRITTEN)
    op.drop_table("draft")
