"""Imports find matters again, put right what came in another order, and keep what they found

Revision ID: 0005
Revises: 0004
"""

import re
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"

OWN_BATCH = (
    "EXISTS (SELECT 1 FROM import_batch b WHERE b.id = batch_id"
    " AND b.made_by = (SELECT guard.actor()))"
)
WRITES_UNITS = "(SELECT guard.holds('{administrator,operator,lead_manager}'))"
# Joint teams that a ledger names come into being by its import, whoever imports it.
TEAM_OF_IMPORT = "(kind = 'team' AND (SELECT guard.import_batch()) IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "import_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("findings", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('accepted', 'warned', 'rejected', 'known')",
            name=op.f("ck_import_finding_verdict_known"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_finding_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_finding")),
    )
    op.create_index(
        op.f("ix_import_finding_batch_id"), "import_finding", ["batch_id"], unique=False
    )
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON import_finding TO plumbline_guard",
        "ALTER TABLE import_finding ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE import_finding FORCE ROW LEVEL SECURITY",
        "CREATE POLICY guard_all ON import_finding TO plumbline_guard"
        " USING (true) WITH CHECK (true)",
        "CREATE POLICY app_select ON import_finding FOR SELECT TO plumbline_app"
        f" USING ({OWN_BATCH})",
        "CREATE POLICY app_insert ON import_finding FOR INSERT TO plumbline_app"
        f" WITH CHECK ({OWN_BATCH})",
        "CREATE POLICY app_delete ON import_finding FOR DELETE TO plumbline_app"
        f" USING ({OWN_BATCH})",
        "GRANT SELECT, INSERT, DELETE ON import_finding TO plumbline_app",
        "DROP POLICY app_insert ON unit",
        "CREATE POLICY app_insert ON unit FOR INSERT TO plumbline_app"
        f" WITH CHECK ({WRITES_UNITS} OR {TEAM_OF_IMPORT})",
    ):
        op.execute(statement)
    op.get_bind().connection.driver_connection.execute(_sql("0005_imports.sql"))
    for function in _functions(_sql("0005_imports.sql")):
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")


def _sql(file: str) -> str:
    return (SQL / file).read_text(encoding="utf-8")


def _functions(text: str) -> list[str]:
    return re.findall(r"CREATE FUNCTION guard\.(\w+)", text)


REPLACED = ("import_matters", "import_suspended", "import_attach_finding")


def downgrade() -> None:
    for function in _functions(_sql("0005_imports.sql")):
        op.execute(f"DROP FUNCTION guard.{function}")
    former = _sql("0001_guard.sql")
    driver = op.get_bind().connection.driver_connection
    for function in REPLACED:
        found = re.search(
            rf"CREATE FUNCTION guard\.{function}\(.*?\n(?:END )?\$\$;", former, re.DOTALL
        )
        if found is None:
            raise RuntimeError(f"the first migration's {function} is gone")
        driver.execute(found[0])
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")
    op.execute("DROP POLICY app_insert ON unit")
    op.execute(
        f"CREATE POLICY app_insert ON unit FOR INSERT TO plumbline_app WITH CHECK ({WRITES_UNITS})"
    )
    op.drop_table("import_finding")
