"""Tell subscribers on which matters something happened

Revision ID: 0053
Revises: 0052

Policy: expand first, contract in a later release.
"""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, run

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
FUNCTIONS = ("confirm_webhook(uuid)", "end_webhook(uuid)", "webhooks_live()")
OPERATOR = "(SELECT guard.holds('{operator}'))"
OWN = "account_id = (SELECT guard.actor())"
SEEN = f"{OWN} OR (SELECT guard.holds('{{administrator,operator}}'))"
# The operator's job sends; its subscriber reads of what they may see, and has it sent again.
OF_OWN = (
    "EXISTS (SELECT 1 FROM webhook w WHERE w.id = webhook_id"
    " AND w.account_id = (SELECT guard.actor()))"
    " AND (matter_id IS NULL OR EXISTS (SELECT 1 FROM matter m WHERE m.id = matter_id))"
)
POLICIES = (
    ("webhook", "select", "USING", SEEN),
    ("webhook", "insert", "WITH CHECK", f"{OWN} AND confirmed_at IS NULL AND ended_at IS NULL"),
    ("webhook", "update", "USING", OPERATOR),
    ("webhook_delivery", "select", "USING", f"{OPERATOR} OR ({OF_OWN})"),
    ("webhook_delivery", "insert", "WITH CHECK", OPERATOR),
    ("webhook_delivery", "update", "USING", f"{OPERATOR} OR ({OF_OWN})"),
    ("webhook_delivery", "delete", "USING", OPERATOR),
)
GRANTS = (
    "SELECT, INSERT, UPDATE (cursor) ON webhook",
    "SELECT, INSERT, DELETE, UPDATE (state, attempts, status, next_at, tried_at)"
    " ON webhook_delivery",
)


def upgrade() -> None:
    _tables()
    close("webhook", "webhook_delivery")
    for table, command, clause, rule in POLICIES:
        op.execute(
            f"CREATE POLICY app_{command} ON {table} FOR {command.upper()} TO plumbline_app"
            f" {clause} ({rule})"
        )
    for grant in GRANTS:
        op.execute(f"GRANT {grant} TO plumbline_app")
    record("webhook", personal="name,address", hidden="key_sealed,secret_sealed,cursor")
    run((SQL / "0053_webhooks.sql").read_text(encoding="utf-8"))
    give_to_guard(FUNCTIONS)


def _tables() -> None:
    moment = {"server_default": sa.text("now()"), "nullable": False}
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), **moment),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by <> account_id", name=op.f("ck_webhook_confirmed_by_another")
        ),
        *references("webhook", account_id="account", confirmed_by="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_account_id"), "webhook", ["account_id"])
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), **moment),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'withheld')",
            name=op.f("ck_webhook_delivery_state_known"),
        ),
        *references("webhook_delivery", webhook_id="webhook", matter_id="matter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    op.create_index(
        "ix_webhook_delivery_webhook_id_place", "webhook_delivery", ["webhook_id", "place"]
    )
    op.create_index(
        "ix_webhook_delivery_waiting",
        "webhook_delivery",
        ["webhook_id", "matter_id", "place"],
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook")
