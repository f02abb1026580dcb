"""Say how much lies outside a reader's scope, and nothing in reports of what they are walled off from

Revision ID: 0034
Revises: 0031

Policy: expand first, contract in a later release. What may be read of an import becomes less.
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import give_to_guard, record, run

revision = "0034"
down_revision = "0031"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
COUNTED: str = runpy.run_path(str(Path(__file__).with_name("0013_counting.py")))["COUNTED"]
BEHIND: str = runpy.run_path(str(Path(__file__).with_name("0014_walls.py")))["BEHIND"]
FOUND = ("import_repeats_found(uuid)", "import_doubts_found(uuid)")
CALLED = ("import_said(uuid)", "forget_findings(uuid)", "outside(ltree, uuid)", *FOUND)
# What a batch's report says, and how many rows it said it of, is read through the guard.
TOLD = "report,accepted,warned,rejected,known"
OPEN = (
    "id, family, file_name, file_hash, made_by, unit_id, mapping, cut_off, rows, version,"
    " happened_on, committed_at, recorded_at"
)


def upgrade() -> None:
    op.add_column("import_finding", sa.Column("matter_id", sa.Uuid(), nullable=True))
    text = (SQL / "0034_withheld.sql").read_text(encoding="utf-8")
    run(re.sub(r"@@counted:(\w+)@@", lambda match: COUNTED.format(m=match[1]), text))
    give_to_guard(CALLED)
    for table in ("import_finding", "import_row"):
        op.execute(
            f"CREATE POLICY walls ON {table} AS RESTRICTIVE FOR SELECT TO plumbline_app"
            f" USING ({BEHIND.format(column='matter_id')})"
        )
    for statement in (
        "REVOKE SELECT ON import_batch FROM plumbline_app",
        f"GRANT SELECT ({OPEN}) ON import_batch TO plumbline_app",
        # Events would tell it again.
        "CREATE POLICY reports ON audit_personal AS RESTRICTIVE FOR SELECT TO plumbline_app"
        " USING (NOT (\"values\" ? 'report'))",
        "DROP TRIGGER audit ON import_batch",
    ):
        op.execute(statement)
    record("import_batch", personal="file_name,mapping", hidden=TOLD)


def downgrade() -> None:
    for statement in (
        "DROP TRIGGER audit ON import_batch",
        "DROP POLICY reports ON audit_personal",
        f"REVOKE SELECT ({OPEN}) ON import_batch FROM plumbline_app",
        "GRANT SELECT ON import_batch TO plumbline_app",
        "DROP POLICY walls ON import_row",
        "DROP POLICY walls ON import_finding",
    ):
        op.execute(statement)
    record("import_batch", personal="file_name,report,mapping", hidden="uploaded")
    known = _former("0001_guard.sql", "import_known")
    run(known.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    for function in reversed(CALLED):
        op.execute(f"DROP FUNCTION guard.{function}")
    for function in FOUND:
        name = function.partition("(")[0]
        run(_former("0005_imports.sql", name))
    give_to_guard(FOUND)
    op.drop_column("import_finding", "matter_id")


def _former(file: str, name: str) -> str:
    text = (SQL / file).read_text(encoding="utf-8")
    found = re.search(rf"CREATE FUNCTION guard\.{name}\(.*?\n\$\$;", text, re.DOTALL)
    if found is None:
        raise RuntimeError(f"the former {name} is gone")
    return found[0]
