"""Keep which open matters want a handler, and find what is due next among all that are open

Revision ID: 0063
Revises: 0062

Policy: expand first, contract in a later release.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, references, run

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CONTENT = runpy.run_path(str(SQL / "0001_policies.py"))["CONTENT"].format(m="m")
CALLED = ("without_handler()",)
INNER = ("watch_handler()", "handler_came()")
BEGIN = """
INSERT INTO handler_wanted (matter_id)
SELECT m.id FROM matter m
 WHERE m.closed_on IS NULL AND m.assigned_unit_id IS NOT NULL AND m.stage <> 'share'
   AND m.kind <> 'fund_item'
   AND NOT EXISTS (SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL)
"""


def upgrade() -> None:
    op.create_index(
        "ix_matter_open_due",
        "matter",
        ["due_on", "id"],
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_index(
        "ix_matter_assigned_open_due",
        "matter",
        ["assigned_unit_id", "due_on", "id"],
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_index(
        "ix_request_returned",
        "request",
        ["requested_by"],
        postgresql_where=sa.text("status = 'returned'"),
    )
    op.create_index(
        "ix_journal_entry_suspense",
        "journal_entry",
        ["bank_line_id"],
        postgresql_where=sa.text("kind = 'suspense'"),
    )
    op.create_table(
        "handler_wanted",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        *references("handler_wanted", matter_id="matter"),
        sa.PrimaryKeyConstraint("matter_id", name=op.f("pk_handler_wanted")),
    )
    close("handler_wanted")
    run((SQL / "0063_desks.sql").read_text(encoding="utf-8").replace("@@content@@", CONTENT))
    give_to_guard(CALLED, INNER)
    op.execute(BEGIN)


def downgrade() -> None:
    for table, trigger in (
        ("matter", "handler_wanted"),
        ("matter", "handler_wanted_still"),
        ("team_member", "handler_came"),
        ("team_member", "handler_left"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("handler_wanted")
    op.drop_index("ix_journal_entry_suspense", "journal_entry")
    op.drop_index("ix_request_returned", "request")
    op.drop_index("ix_matter_assigned_open_due", "matter")
    op.drop_index("ix_matter_open_due", "matter")
