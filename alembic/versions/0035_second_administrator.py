"""Two administrators for what widens sight, a hand-over list for leavers, a first administrator

Revision ID: 0035
Revises: 0034

Policy: expand first, contract in a later release. What one administrator could do alone, two do.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, rewrite, rewrite_back, run

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
HERE = Path(__file__).parent
CALLED = (
    "ask_account(uuid, uuid, text, text)",
    "account_requests()",
    "decide_account(uuid, boolean)",
    "left_over()",
    "left_to_nobody()",
    "has_administrator()",
    "make_first_token(text, interval)",
    "first_token_works(text)",
    "redeem_first_token(text, uuid, text, text, text, text, text)",
)
INNER = ("account_confirmed(uuid, text, text)", "spare_administrators(uuid)")
ROLE_RULE = runpy.run_path(str(HERE / "0002_held_everywhere.py"))["ROLE_RULE"]
FORMER = runpy.run_path(str(HERE / "0025_second_hand.py"))
CHECK_ACCOUNT = runpy.run_path(str(HERE / "0002_held_everywhere.py"))["CHECK_ACCOUNT"]
FORMER_ROLES = ", ".join(f"'{role}'" for role in FORMER["OVER_MATTERS"])
MANAGED = "'administrator', 'operator'"

# What stood in functions of before, and what stands there now.
REWRITTEN = (
    (
        "make_password_link(uuid, text, interval)",
        "  PERFORM guard.require_fresh();\n",
        "  PERFORM guard.require_fresh();\n  PERFORM guard.spare_administrators(account);\n",
    ),
    (
        "drop_factor(uuid)",
        "  PERFORM guard.require_fresh();\n",
        "  PERFORM guard.require_fresh();\n  PERFORM guard.spare_administrators(account_);\n",
    ),
    # A role of who administers may be held on the whole installation.
    (
        "ask_role(uuid, uuid, text, uuid, date, date)",
        "DECLARE path_ ltree := (SELECT u.path FROM unit u WHERE u.id = unit_);",
        "DECLARE path_ ltree := CASE WHEN unit_ IS NULL THEN ''::ltree"
        " ELSE (SELECT u.path FROM unit u WHERE u.id = unit_) END;",
    ),
    ("role_requests()", "    JOIN unit u ON u.id = q.unit_id\n",
     "    LEFT JOIN unit u ON u.id = q.unit_id\n"),
    ("role_requests()", "guard.may_give(q.account_id, u.path)",
     "guard.may_give(q.account_id, coalesce(u.path, ''::ltree))"),
    (
        "decide_role(uuid, boolean)",
        "  SELECT u.path INTO path_ FROM unit u WHERE u.id = q.unit_id;\n",
        "  path_ := CASE WHEN q.unit_id IS NULL THEN ''::ltree"
        " ELSE (SELECT u.path FROM unit u WHERE u.id = q.unit_id) END;\n",
    ),
)  # fmt: skip


def upgrade() -> None:
    _tables()
    close("account_request", "first_token")
    record("account_request")
    op.alter_column("role_request", "unit_id", existing_type=sa.Uuid(), nullable=True)
    _role_known(f"{FORMER_ROLES}, {MANAGED}")
    run((SQL / "0035_second_administrator.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    rewrite(REWRITTEN)
    _policy("(SELECT guard.at_command())")


def _role_known(listed: str) -> None:
    op.drop_constraint(op.f("ck_role_request_role_known"), "role_request", type_="check")
    op.create_check_constraint(
        op.f("ck_role_request_role_known"), "role_request", f"role IN ({listed})"
    )


def _policy(alone: str) -> None:
    op.execute("DROP POLICY app_insert ON role_held")
    op.execute(
        "CREATE POLICY app_insert ON role_held FOR INSERT TO plumbline_app"
        f" WITH CHECK (({ROLE_RULE}) AND ({alone}))"
    )


def _tables() -> None:
    moment = sa.DateTime(timezone=True)
    now = {"server_default": sa.text("now()"), "nullable": False}
    op.create_table(
        "account_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", moment, **now),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "what IN ('clearance', 'active', 'person')", name=op.f("ck_account_request_what_known")
        ),
        sa.CheckConstraint(
            "confirmed IS NOT TRUE OR asked_by <> decided_by",
            name=op.f("ck_account_request_second_hand"),
        ),
        sa.CheckConstraint(
            "account_id <> asked_by AND account_id <> decided_by",
            name=op.f("ck_account_request_not_for_oneself"),
        ),
        *references(
            "account_request", account_id="account", asked_by="account", decided_by="account"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_request")),
    )
    op.create_index(
        "uq_account_request_waiting", "account_request", ["account_id", "what"], unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_account_request_account_id"), "account_request", ["account_id"])
    op.create_table(
        "first_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, **now),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_first_token")),
    )


def downgrade() -> None:
    _policy(FORMER["ALONE"])
    rewrite_back(REWRITTEN)
    op.execute("DROP TRIGGER first_limits ON account")
    run(CHECK_ACCOUNT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DELETE FROM role_request WHERE unit_id IS NULL")
    op.execute(f"DELETE FROM role_request WHERE role IN ({MANAGED})")
    _role_known(FORMER_ROLES)
    op.alter_column("role_request", "unit_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("first_token")
    op.drop_table("account_request")
