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
from app.domain.permissions import Role

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
INNER = ("may_give(uuid, ltree)",)
ROLE_RULE = runpy.run_path(str(Path(__file__).parent / "0002_held_everywhere.py"))["ROLE_RULE"]
ALONE = "role IN ('administrator', 'operator') OR (SELECT guard.at_command())"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    over_matters = [role for role in Role if role not in (Role.ADMINISTRATOR, Role.OPERATOR)]
    listed = ", ".join(f"'{role}'" for role in over_matters)
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
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_role_request_{column}")
            )
            for column, other in (
                ("account_id", "account"),
                ("unit_id", "unit"),
                ("asked_by", "account"),
                ("decided_by", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
    )
    op.create_index(op.f("ix_role_request_account_id"), "role_request", ["account_id"])
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON role_request TO plumbline_guard",
        "ALTER TABLE role_request ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE role_request FORCE ROW LEVEL SECURITY",
        "CREATE POLICY guard_all ON role_request TO plumbline_guard USING (true) WITH CHECK (true)",
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON role_request"
        " FOR EACH ROW EXECUTE FUNCTION guard.record('', '', '')",
    ):
        op.execute(statement)
    driver = op.get_bind().connection.driver_connection
    driver.execute((SQL / "0025_second_hand.sql").read_text(encoding="utf-8"))
    for function in (*CALLED, *INNER):
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
    for function in CALLED:
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")
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
    driver = op.get_bind().connection.driver_connection
    driver.execute(found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("role_request")
