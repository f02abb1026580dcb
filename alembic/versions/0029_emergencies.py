"""Read a matter in an emergency: declared with a reason, for some hours, and reviewed

Revision ID: 0029
Revises: 0028

Policy: expand first, contract in a later release. What may be read becomes more, by a declaration
that whoever heads the matter reviews; a wall still wins over it.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, rewrite, rewrite_back, run

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "declare_emergency(uuid, text, text, text, interval, date)",
    "write_emergency_reading(uuid, uuid)",
    "open_emergency(uuid)",
    "emergency()",
    "end_emergency(uuid)",
    "emergencies_to_review()",
    "review_emergency(uuid, boolean, text)",
    "my_emergencies()",
    "emergencies_on(uuid)",
    "unreviewable()",
)
# To the application an answer of these would tell of what it may not know.
INNER = (
    "could_see(uuid, uuid)",
    "emergency_lasts(emergency)",
    "heads_of(uuid)",
    "emergency_reviewers(emergency)",
)
TABLES = ("emergency", "emergency_reading", "emergency_try")

# What stood in functions of before, and what stands there now.
REWRITTEN = (
    (
        "mine()",
        "    -- Signed in this very transaction",
        "    SELECT guard.emergency()\n    UNION\n    -- Signed in this very transaction",
    ),
    (
        "mine()",
        "SELECT s.matter_id FROM signature s JOIN me ON me.id = s.account_id\n"
        "     WHERE s.recorded_at = now()) m\n",
        "SELECT s.matter_id FROM signature s JOIN me ON me.id = s.account_id\n"
        "     WHERE s.recorded_at = now()) m\n   WHERE matter_id IS NOT NULL\n",
    ),
    # What is sealed of a petition stays so.
    (
        "keeps_reporter(uuid)",
        "     AND NOT guard.read_undecided(petition_)\n",
        "     AND NOT guard.read_undecided(petition_)\n"
        "     AND guard.emergency() IS DISTINCT FROM petition_\n",
    ),
    (
        "erase_sealed(uuid, uuid)",
        "  DELETE FROM release WHERE petition_id = petition_;",
        "  DELETE FROM release WHERE petition_id = petition_;\n"
        "  UPDATE emergency SET reason = '', review = CASE WHEN review IS NOT NULL THEN '' END\n"
        "   WHERE matter_id = petition_;",
    ),
)


def upgrade() -> None:
    _tables()
    close(*TABLES)
    record("emergency", matter="matter_id", personal="reason,review")
    record("emergency_reading", matter="matter_id")
    record("emergency_try", personal="reason")
    run((SQL / "0029_emergencies.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    rewrite(REWRITTEN)


def _tables() -> None:
    moment = sa.DateTime(timezone=True)
    now = {"server_default": sa.text("now()"), "nullable": False}
    op.create_table(
        "emergency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("declared_at", moment, **now),
        sa.Column("opens_until", moment, nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("justified", sa.Boolean(), nullable=True),
        sa.Column("review", sa.Text(), nullable=True),
        sa.Column("reviewed_at", moment, nullable=True),
        sa.CheckConstraint(
            "opens_until > declared_at AND opens_until <= declared_at + interval '24 hours'",
            name=op.f("ck_emergency_for_some_hours"),
        ),
        sa.CheckConstraint(
            "review_by <= declared_at::date + 31", name=op.f("ck_emergency_reviewed_soon")
        ),
        sa.CheckConstraint(
            "reviewed_by <> account_id", name=op.f("ck_emergency_reviewed_by_another")
        ),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by IS NULL)"
            " AND (justified IS NULL) = (reviewed_by IS NULL)"
            " AND (review IS NULL) = (reviewed_by IS NULL)"
            " AND (reviewed_by IS NULL OR ended_at IS NOT NULL)",
            name=op.f("ck_emergency_reviewed_whole"),
        ),
        *references("emergency", matter_id="matter", account_id="account", reviewed_by="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency")),
    )
    op.create_index(op.f("ix_emergency_matter_id"), "emergency", ["matter_id"])
    op.create_index(op.f("ix_emergency_account_id"), "emergency", ["account_id"])
    op.create_index(
        "ix_emergency_unreviewed", "emergency", ["matter_id"],
        postgresql_where=sa.text("reviewed_at IS NULL"),
    )  # fmt: skip
    op.create_table(
        "emergency_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("emergency_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        # Sessions are cleared away after their time; readings stay.
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("read_at", moment, **now),
        *references(
            "emergency_reading", emergency_id="emergency", matter_id="matter", account_id="account"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_reading")),
    )
    op.create_index(
        op.f("ix_emergency_reading_emergency_id"), "emergency_reading", ["emergency_id"]
    )
    op.create_table(
        "emergency_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", moment, **now),
        *references("emergency_try", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_try")),
    )
    op.create_index(op.f("ix_emergency_try_account_id"), "emergency_try", ["account_id"])


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    for function in ("emergency_reviewers(emergency)", "emergency_lasts(emergency)"):
        op.execute(f"DROP FUNCTION guard.{function} CASCADE")
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION IF EXISTS guard.{function}")
    for table in reversed(TABLES):
        op.drop_table(table)
