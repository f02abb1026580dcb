"""Roles over matters take two administrators

Revision ID: 0025
Revises: 0024

Policy: expand first, contract in a later release. What one administrator could do alone, two do.
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, run

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "ask_role(uuid, uuid, text, uuid, date, date)",
    "at_command()",
    "decide_role(uuid, boolean)",
    "role_requests()",
)
OVER_MATTERS = (
    "intake_officer", "petitions_head", "lead_manager", "investigator", "inspector",
    "department_head", "deputy", "chief", "secretary", "liaison", "adjudicator",
    "adjudication_head", "keeper", "finance", "auditor", "reporting_unit",
)  # fmt: skip
INNER = ("may_give(uuid, ltree)",)
ROLE_RULE = runpy.run_path(str(Path(__file__).parent / "0002_held_everywhere.py"))["ROLE_RULE"]
ALONE = "role IN ('administrator', 'operator') OR (SELECT guard.at_command())"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    listed = ", ".join(f"'{role}'" for role in OVER_MATTERS)
    op.create_table(
        "role_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(f"role IN ({listed})", name=op.f("ck_role_request_role_known")),
        sa.CheckConstraint(
            "confirmed IS NOT TRUE OR asked_by <> decided_by",
            name=op.f("ck_role_request_second_hand"),
        ),
        sa.CheckConstraint(
            "account_id <> asked_by AND account_id <> decided_by",
            name=op.f("ck_role_request_not_for_oneself"),
        ),
        *references(
            "role_request",
            account_id="account",
            unit_id="unit",
            asked_by="account",
            decided_by="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
    )
    op.create_index(op.f("ix_role_request_account_id"), "role_request", ["account_id"])
    close("role_request")
    record("role_request")
    run((SQL / "0025_second_hand.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    _policy(f"({ROLE_RULE}) AND ({ALONE})")


def _policy(rule: str) -> None:
    op.execute("DROP POLICY app_insert ON role_held")
    op.execute(
        f"CREATE POLICY app_insert ON role_held FOR INSERT TO plumbline_app WITH CHECK ({rule})"
    )


def downgrade() -> None:
    _policy(ROLE_RULE)
    former = (SQL / "0020_sessions.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.check_rights\(.*?\nEND \$\$;", former, re.DOTALL)
    if found is None:
        raise RuntimeError("the former check_rights is gone")
    run(found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("role_request")
