"""Keys for programs: dated, with a part of their owner's rights

Revision ID: 0024
Revises: 0023

Policy: expand first, contract in a later release.
"""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.migrating import give_to_guard, rewrite, rewrite_back, run

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = ("make_key(uuid, text, text, text[], interval)", "my_keys()")
INNER = ("only_reads(text[])",)
ENTER = "enter(text, text, text)"
KINDS = "kind IN ('browser', 'program', 'command')"

# What stood in functions of before, and what stands there now.
REWRITTEN = (
    (
        ENTER,
        "  SELECT s.id, s.account_id, s.fresh_until > now() AS fresh,\n",
        "  SELECT s.id, s.account_id, s.scope, s.fresh_until > now() AS fresh,\n",
    ),
    (
        ENTER,
        "PERFORM guard.stamp_session(it.id); END IF;\n",
        "PERFORM guard.stamp_session(it.id); END IF;\n"
        "  IF it.scope IS NOT NULL AND guard.only_reads(it.scope) THEN\n"
        "    PERFORM set_config('transaction_read_only', 'on', true);\n"
        "  END IF;\n",
    ),
    (ENTER, "'bare', it.bare, 'name'", "'bare', it.bare, 'scope', it.scope, 'name'"),
    ("my_sessions()", "AND s.ended_at IS NULL\n", "AND s.ended_at IS NULL AND s.kind <> 'key'\n"),
    (
        "end_sessions(uuid)",
        "(session_ IS NULL OR id = session_)",
        "((session_ IS NULL AND kind <> 'key') OR id = session_)",
    ),
)


def upgrade() -> None:
    op.add_column("session", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("session", sa.Column("scope", postgresql.ARRAY(sa.Text()), nullable=True))
    op.drop_constraint(op.f("ck_session_kind_known"), "session", type_="check")
    op.create_check_constraint(
        op.f("ck_session_kind_known"), "session", KINDS.replace(")", ", 'key')")
    )
    op.create_check_constraint(
        op.f("ck_session_key_is_scoped"),
        "session",
        "(kind = 'key') = (scope IS NOT NULL) AND (kind = 'key') = (name IS NOT NULL)",
    )
    run((SQL / "0024_keys.sql").read_text(encoding="utf-8"))
    rewrite(REWRITTEN)
    give_to_guard(CALLED, INNER)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_constraint(op.f("ck_session_key_is_scoped"), "session", type_="check")
    op.execute("DELETE FROM session WHERE kind = 'key'")
    op.drop_constraint(op.f("ck_session_kind_known"), "session", type_="check")
    op.create_check_constraint(op.f("ck_session_kind_known"), "session", KINDS)
    op.drop_column("session", "scope")
    op.drop_column("session", "name")
