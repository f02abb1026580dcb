"""Sessions that their owner lists and ends, that grow idle, and that ask again who sits there

Revision ID: 0020
Revises: 0019

Policy: expand first, contract in a later release.
"""

import re
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, rewrite, rewrite_back, run

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
SIGN_IN = "sign_in(text, text, uuid, text, interval, text, interval, interval, text, text)"
CALLED = (
    "confirm_password(text, text, interval)",
    "end_sessions(uuid)",
    "fresh()",
    "give_refresh(text)",
    "my_sessions()",
    "refresh(text, text, text)",
    "require_fresh()",
    SIGN_IN,
)
INNER = ("failures(bytea)", "stamp_session(uuid)", "subject(text)", "check_rights()")
TABLES = ("known_browser", "refresh_token", "session_use")

# What stood in functions of before, and what stands there now.
REWRITTEN = (
    ("enter(text, text, text)", "  me uuid;\n", "  me uuid;\n  it record;\n"),
    (
        "enter(text, text, text)",
        """  SELECT s.account_id INTO me FROM session s JOIN account a ON a.id = s.account_id
   WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8'))
     AND s.ended_at IS NULL AND s.expires_at > now() AND a.active;
  IF me IS NULL THEN RETURN NULL; END IF;
""",
        """  SELECT s.id, s.account_id, s.fresh_until > now() AS fresh,
         u.used_at < now() - interval '1 minute' AS due INTO it
    FROM session s JOIN session_use u ON u.session_id = s.id JOIN account a ON a.id = s.account_id
   WHERE s.secret_hash = sha256(convert_to(secret, 'UTF8'))
     AND s.ended_at IS NULL AND s.expires_at > now() AND u.used_at + s.idle_limit > now()
     AND a.active;
  IF NOT FOUND THEN RETURN NULL; END IF;
  me := it.account_id;
  IF it.due THEN PERFORM guard.stamp_session(it.id); END IF;
""",
    ),
    (
        "enter(text, text, text)",
        "jsonb_build_object('actor', me, 'clearance'",
        "jsonb_build_object('actor', me, 'session', it.id, 'fresh', it.fresh, 'clearance'",
    ),
    (
        "enter(text, text, text)",
        "      'account_id', a.id, 'name'",
        "      'account_id', a.id, 'fresh', it.fresh, 'name'",
    ),
    (
        "make_password_link(uuid, text, interval)",
        "BEGIN\n",
        "BEGIN\n  PERFORM guard.require_fresh();\n",
    ),
    (
        "clean_up()",
        "  DELETE FROM password_link",
        "  DELETE FROM known_browser WHERE expires_at < now();\n  DELETE FROM password_link",
    ),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    now = {"server_default": sa.text("now()"), "nullable": False}
    for column in (
        sa.Column("kind", sa.Text(), server_default=sa.text("'browser'"), nullable=False),
        sa.Column(
            "idle_limit", sa.Interval(), server_default=sa.text("'12:00:00'"), nullable=False
        ),
        sa.Column("fresh_until", moment, **now),
    ):
        op.add_column("session", column)
    op.create_check_constraint(
        op.f("ck_session_kind_known"), "session", "kind IN ('browser', 'program', 'command')"
    )
    gone = {"ondelete": "CASCADE"}
    op.create_table(
        "session_use",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", moment, **now),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_session_use_session_id"), **gone
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_use")),
    )
    op.create_table(
        "refresh_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", moment, **now),
        sa.Column("used_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_refresh_token_session_id"), **gone
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_token")),
    )
    op.create_index(op.f("ix_refresh_token_session_id"), "refresh_token", ["session_id"])
    op.create_table(
        "known_browser",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_known_browser_account_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", "account_id", name=op.f("pk_known_browser")),
    )
    op.create_index(op.f("ix_known_browser_account_id"), "known_browser", ["account_id"])
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])
    close(*TABLES)
    op.execute("INSERT INTO session_use (session_id, used_at) SELECT id, opened_at FROM session")
    op.execute("DROP FUNCTION guard.sign_in(text, text, uuid, text, interval)")
    run((SQL / "0020_sessions.sql").read_text(encoding="utf-8"))
    rewrite(REWRITTEN)
    give_to_guard(CALLED, INNER)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    op.execute("DROP TRIGGER fresh ON role_held")
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    first = (SQL / "0001_guard.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.sign_in\(.*?\nEND \$\$;", first, re.DOTALL)
    if found is None:
        raise RuntimeError("the former sign_in is gone")
    run(found[0])
    give_to_guard(("sign_in(text, text, uuid, text, interval)",))
    op.drop_index("ix_sign_in_attempt_at", table_name="sign_in_attempt")
    for table in TABLES:
        op.drop_table(table)
    op.drop_constraint(op.f("ck_session_kind_known"), "session", type_="check")
    for column in ("fresh_until", "idle_limit", "kind"):
        op.drop_column("session", column)
