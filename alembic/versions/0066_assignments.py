"""Keep what became of each of several matters that were assigned at once

Revision ID: 0066
Revises: 0065

Policy: expand first, contract in a later release.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.migrating import Rewriting, close, references, rewrite, rewrite_back

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

OWN = "account_id = (SELECT guard.actor())"
# Of a matter that went out of sight nothing stands in the list any more.
ITEM = (
    "EXISTS (SELECT 1 FROM assignment a WHERE a.id = assigned_matter.assignment_id)"
    " AND (matter_id IS NULL"
    " OR EXISTS (SELECT 1 FROM matter m WHERE m.id = assigned_matter.matter_id))"
)
POLICIES = {
    "assignment": {"select": f"USING ({OWN})", "insert": f"WITH CHECK ({OWN})"},
    "assigned_matter": {
        "select": f"USING ({ITEM})",
        "insert": f"WITH CHECK ({ITEM})",
        "update": f"USING ({ITEM}) WITH CHECK ({ITEM})",
    },
}
REWRITTEN: tuple[Rewriting, ...] = (
    (
        "forget_drafts()",
        "  DELETE FROM watch WHERE account_id = NEW.id;\n",
        "  DELETE FROM watch WHERE account_id = NEW.id;\n"
        "  DELETE FROM assignment WHERE account_id = NEW.id;\n",
    ),
    (
        "clean_up()",
        "  DELETE FROM visit WHERE seen_at < now() - interval '1 year';\n",
        "  DELETE FROM visit WHERE seen_at < now() - interval '1 year';\n"
        "  DELETE FROM assignment WHERE begun_at < now() - interval '90 days';\n",
    ),
)


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column(
            "begun_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        *references("assignment", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("uq_assignment_key", "assignment", ["account_id", "key"], unique=True)
    op.create_table(
        "assigned_matter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("seen_version", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("problem", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('moved', 'asked', 'refused')",
            name=op.f("ck_assigned_matter_outcome_known"),
        ),
        sa.CheckConstraint(
            "(outcome = 'refused') = (problem IS NOT NULL)",
            name=op.f("ck_assigned_matter_problem_if_refused"),
        ),
        *references("assigned_matter", matter_id="matter"),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_assigned_matter_assignment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assigned_matter")),
    )
    op.create_index(
        "ix_assigned_matter_assignment", "assigned_matter", ["assignment_id", "position"]
    )
    op.create_index(op.f("ix_assigned_matter_matter_id"), "assigned_matter", ["matter_id"])
    close("assignment", "assigned_matter")
    for table, rules in POLICIES.items():
        for command, rule in rules.items():
            op.execute(
                f"CREATE POLICY app_{command} ON {table} FOR {command.upper()}"
                f" TO plumbline_app {rule}"
            )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO plumbline_app")
    op.execute("GRANT UPDATE (outcome, problem) ON assigned_matter TO plumbline_app")
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    op.drop_table("assigned_matter")
    op.drop_table("assignment")
