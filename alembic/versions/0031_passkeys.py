"""Passkeys beside the codes of an authenticator

Revision ID: 0031
Revises: 0029

Policy: expand first, contract in a later release.
"""

import re
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, rewrite, rewrite_back, run

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "add_passkey(uuid, text, bytea, bytea, bigint, text[], boolean, text[])",
    "ask_passkey(text, bytea, text)",
    "confirm_passkey(uuid, bigint, text, interval)",
    "drop_passkey(uuid)",
    "my_passkeys()",
    "pass_passkey(text, uuid, bigint, text, interval)",
    "rename_passkey(uuid, text)",
    "take_challenge(text, bytea, text)",
    "waiting_ways(text)",
)
INNER = ("challenged(text)", "use_passkey(uuid, uuid, bigint)")
TABLES = ("passkey_challenge", "passkey_use", "passkey")
# Written over whole; they stood in 0021.
REPLACED = ("has_factor", "drop_factor", "factor_since")
WAITING = "waiting_factor(text)"
REWRITTEN = (
    (WAITING, "SELECT f.account_id, f.sealed", "SELECT a.id, f.sealed"),
    (WAITING, "    JOIN second_factor f", "    LEFT JOIN second_factor f"),
    (WAITING, "AND a.active\n", "AND a.active AND guard.has_factor(a.id)\n"),
    (
        "begin_factor(bytea)",
        "  IF guard.has_factor(me) THEN\n",
        "  IF EXISTS (SELECT 1 FROM second_factor s\n"
        "              WHERE s.account_id = me AND s.confirmed_at IS NOT NULL) THEN\n",
    ),
)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    now = {"server_default": sa.text("now()"), "nullable": False}
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("transports", ARRAY(sa.Text()), nullable=False),
        sa.Column("verifies", sa.Boolean(), nullable=False),
        sa.Column("made_at", moment, **now),
        sa.Column("doubted_at", moment, nullable=True),
        *references("passkey", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])
    op.create_table(
        "passkey_use",
        sa.Column("passkey_id", sa.Uuid(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("used_at", moment, nullable=True),
        _going_with("passkey_use", "passkey"),
        sa.PrimaryKeyConstraint("passkey_id", name=op.f("pk_passkey_use")),
    )
    op.create_table(
        "passkey_challenge",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, **now),
        sa.CheckConstraint(
            "purpose IN ('register', 'sign_in', 'confirm')",
            name=op.f("ck_passkey_challenge_purpose_known"),
        ),
        _going_with("passkey_challenge", "session"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_passkey_challenge")),
    )
    close(*TABLES)
    # What its owner calls it, and what it proves itself by, is nobody else's.
    record("passkey", hidden="name,credential_id,public_key,transports")
    run((SQL / "0031_passkeys.sql").read_text(encoding="utf-8"))
    rewrite(REWRITTEN)
    give_to_guard(CALLED, INNER)


def _going_with(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name, ondelete="CASCADE")


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    former = (SQL / "0021_factors.sql").read_text(encoding="utf-8")
    for function in REPLACED:
        pattern = rf"CREATE FUNCTION guard\.{function}\(.*?\n(?:END )?\$\$;"
        found = re.search(pattern, former, re.DOTALL)
        if found is None:
            raise RuntimeError(f"the former {function} is gone")
        run(found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    for table in TABLES:
        op.drop_table(table)
    # Who had passkeys only would get in by the password alone: what waits for one ends.
    op.execute("UPDATE session SET ended_at = now() WHERE pending AND ended_at IS NULL")
