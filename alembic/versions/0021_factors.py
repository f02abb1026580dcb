"""A second factor: codes of an authenticator, recovery codes, and who must have one

Revision ID: 0021
Revises: 0020

Policy: expand first, contract in a later release.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, rewrite, rewrite_back, run

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "begin_factor(bytea)",
    "begun_factor()",
    "confirm_factor(bigint, text[])",
    "drop_factor(uuid)",
    "factor_roles()",
    "factor_since(uuid)",
    "my_factor()",
    "pass_factor(text, bigint, text, text, interval)",
    "renew_codes(text[])",
    "require_factor(text[])",
    "waiting_factor(text)",
)
INNER = ("bare()", "has_factor(uuid)", "lacks_factor(uuid)", "use_code(uuid, bigint, text)")
TABLES = ("factor_rule", "recovery_code", "factor_use", "second_factor")
# Table → columns that never enter an event.
RECORDED = {"factor_rule": "", "second_factor": "sealed"}
ROLES = (
    "intake_officer", "petitions_head", "lead_manager", "investigator", "inspector",
    "department_head", "deputy", "chief", "secretary", "liaison", "adjudicator",
    "adjudication_head", "keeper", "finance", "auditor", "reporting_unit", "administrator",
)  # fmt: skip
SIGN_IN = "sign_in(text, text, uuid, text, interval, text, interval, interval, text, text)"
ENTER = "enter(text, text, text)"

# What stood in functions of before, and what stands there now. The command line is spared: it
# takes the machine, beside a password, and jobs have nobody who could type a code.
REWRITTEN = (
    (SIGN_IN, "  known boolean;\n", "  known boolean;\n  waits boolean;\n"),
    (
        SIGN_IN,
        "  INSERT INTO session (id, account_id, secret_hash, expires_at, kind, idle_limit, fresh_until)\n",
        "  waits := kind_ <> 'command' AND guard.has_factor(account_);\n"
        "  INSERT INTO session (id, account_id, secret_hash, expires_at, kind, pending, idle_limit,\n"
        "                       fresh_until)\n",
    ),
    (SIGN_IN, "now() + lasts, kind_,\n", "now() + lasts, kind_, waits,\n"),
    (
        SIGN_IN,
        "now() + least(coalesce(fresh, lasts), lasts));",
        "CASE WHEN waits THEN now() ELSE now() + least(coalesce(fresh, lasts), lasts) END);",
    ),
    (
        SIGN_IN,
        "  RETURN 'opened';",
        "  RETURN CASE WHEN waits THEN 'waits' ELSE 'opened' END;",
    ),
    (
        ENTER,
        "  SELECT s.id, s.account_id, s.fresh_until > now() AS fresh,\n",
        "  SELECT s.id, s.account_id, s.fresh_until > now() AS fresh,\n"
        "         s.kind <> 'command' AND guard.lacks_factor(s.account_id) AS bare,\n",
    ),
    (ENTER, "     AND a.active;\n", "     AND a.active AND NOT s.pending;\n"),
    (
        ENTER,
        "WHERE r.account_id = me AND r.begins_on <= current_date\n",
        "WHERE r.account_id = me AND NOT it.bare AND r.begins_on <= current_date\n",
    ),
    (
        ENTER,
        "WHERE r.account_id = a.id AND r.begins_on <= current_date\n",
        "WHERE r.account_id = a.id AND NOT it.bare AND r.begins_on <= current_date\n",
    ),
    (ENTER, "'fresh', it.fresh, 'clearance'", "'fresh', it.fresh, 'bare', it.bare, 'clearance'"),
    (
        "mine()",
        "WITH me AS (SELECT guard.actor() AS id)",
        "WITH me AS (SELECT guard.actor() AS id WHERE NOT guard.bare())",
    ),
    (
        "maker()",
        "  RETURN (held ->> 'actor')::uuid;",
        "  IF (held ->> 'bare')::boolean THEN RETURN NULL; END IF;\n"
        "  RETURN (held ->> 'actor')::uuid;",
    ),
    (ENTER, "'fresh', it.fresh, 'name'", "'fresh', it.fresh, 'bare', it.bare, 'name'"),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    now = {"server_default": sa.text("now()"), "nullable": False}
    op.add_column(
        "session",
        sa.Column("pending", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, **now),
        sa.Column("confirmed_at", moment, nullable=True),
        *references("second_factor", account_id="account"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "factor_use",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        *references("factor_use", account_id="account"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_factor_use")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", moment, nullable=True),
        *references("recovery_code", account_id="account"),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    listed = ", ".join(f"'{role}'" for role in ROLES)
    op.create_table(
        "factor_rule",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", moment, **now),
        sa.CheckConstraint(f"role IN ({listed})", name=op.f("ck_factor_rule_role_known")),
        *references("factor_rule", set_by="account"),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_factor_rule")),
    )
    close(*TABLES)
    for table, hidden in RECORDED.items():
        record(table, hidden=hidden)
    run((SQL / "0021_factors.sql").read_text(encoding="utf-8"))
    rewrite(REWRITTEN)
    give_to_guard(CALLED, INNER)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    for function in (*CALLED, *reversed(INNER)):
        op.execute(f"DROP FUNCTION guard.{function}")
    for table in TABLES:
        op.drop_table(table)
    # What waits for its code would be open without it.
    op.execute("UPDATE session SET ended_at = now() WHERE pending AND ended_at IS NULL")
    op.drop_column("session", "pending")
