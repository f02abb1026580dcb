"""Let somebody see a matter until a day, and stand in for somebody who is away

Revision ID: 0015
Revises: 0014

Policy: expand first, contract in a later release.
"""

import re
from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "grant_access(uuid, uuid, uuid, text, date, date)",
    "end_grant(uuid)",
    "delegate(uuid, uuid, text, date, date)",
    "end_delegation(uuid)",
    "heads(uuid)",
)
SEEN = {
    # Who was let see a matter is known to those who work on it.
    "access_grant": "account_id = (SELECT guard.actor())"
    " OR (EXISTS (SELECT 1 FROM matter m WHERE m.id = matter_id)"
    " AND (SELECT guard.reads_content()))",
    # Who stands in for whom is no secret among colleagues.
    "delegation": "(SELECT guard.actor()) IS NOT NULL",
}


def upgrade() -> None:
    moment = {"server_default": sa.text("now()"), "nullable": False}
    op.create_table(
        "access_grant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.Uuid(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), **moment),
        sa.CheckConstraint(
            "ends_on > begins_on AND ends_on <= begins_on + 92",
            name=op.f("ck_access_grant_for_a_time"),
        ),
        sa.CheckConstraint("account_id <> granted_by", name=op.f("ck_access_grant_not_to_oneself")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_access_grant_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["account.id"], name=op.f("fk_access_grant_granted_by")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_access_grant_matter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    op.create_index(op.f("ix_access_grant_account_id"), "access_grant", ["account_id"])
    op.create_index(op.f("ix_access_grant_matter_id"), "access_grant", ["matter_id"])
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), **moment),
        sa.CheckConstraint(
            "ends_on > begins_on AND ends_on <= begins_on + 92",
            name=op.f("ck_delegation_for_a_time"),
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_delegation_not_to_oneself")),
        sa.ForeignKeyConstraint(["from_id"], ["account.id"], name=op.f("fk_delegation_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["account.id"], name=op.f("fk_delegation_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index(op.f("ix_delegation_from_id"), "delegation", ["from_id"])
    op.create_index(op.f("ix_delegation_to_id"), "delegation", ["to_id"])
    op.add_column("role_held", sa.Column("delegation_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_role_held_delegation_id"), "role_held", "delegation", ["delegation_id"], ["id"]
    )
    op.create_index(op.f("ix_role_held_delegation_id"), "role_held", ["delegation_id"])
    for table, rule in SEEN.items():
        _guarded(table, rule)
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON access_grant"
        " FOR EACH ROW EXECUTE FUNCTION guard.record('matter_id', 'reason', '')"
    )
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON delegation"
        " FOR EACH ROW EXECUTE FUNCTION guard.record('', 'reason', '')"
    )
    op.get_bind().connection.driver_connection.execute(
        (SQL / "0015_grants.sql").read_text(encoding="utf-8")
    )
    for function in CALLED:
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")


def _guarded(table: str, rule: str) -> None:
    for statement in (
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO plumbline_guard",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY guard_all ON {table} TO plumbline_guard USING (true) WITH CHECK (true)",
        f"CREATE POLICY app_select ON {table} FOR SELECT TO plumbline_app USING ({rule})",
        f"GRANT SELECT ON {table} TO plumbline_app",
    ):
        op.execute(statement)


def downgrade() -> None:
    first = (SQL / "0001_guard.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.mine\(.*?\n\$\$;", first, re.DOTALL)
    if found is None:
        raise RuntimeError("the former mine is gone")
    op.get_bind().connection.driver_connection.execute(
        found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    )
    for function in CALLED:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DELETE FROM role_held WHERE delegation_id IS NOT NULL")
    op.drop_constraint(op.f("fk_role_held_delegation_id"), "role_held", type_="foreignkey")
    op.drop_column("role_held", "delegation_id")
    op.drop_table("delegation")
    op.drop_table("access_grant")
