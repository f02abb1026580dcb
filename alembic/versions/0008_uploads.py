"""Keep uploaded ledgers, sealed, in a table of their own that no event copies

Revision ID: 0008
Revises: 0007
"""

import re
from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JOBS = Path(__file__).with_name("0004_jobs.py")

OWN_BATCH = (
    "EXISTS (SELECT 1 FROM import_batch b WHERE b.id = batch_id"
    " AND b.made_by = (SELECT guard.actor()))"
)
FORMER = re.compile(r"  UPDATE import_batch SET uploaded = NULL.*?;\n", re.DOTALL)
FORGET = """\
  DELETE FROM import_upload WHERE recorded_at < now() - interval '7 days';
"""


def upgrade() -> None:
    op.create_table(
        "import_upload",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_upload_batch_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_import_upload")),
    )
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON import_upload TO plumbline_guard",
        "ALTER TABLE import_upload ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE import_upload FORCE ROW LEVEL SECURITY",
        "CREATE POLICY guard_all ON import_upload TO plumbline_guard USING (true) WITH CHECK (true)",
        f"CREATE POLICY app_select ON import_upload FOR SELECT TO plumbline_app USING ({OWN_BATCH})",
        "CREATE POLICY app_insert ON import_upload FOR INSERT TO plumbline_app"
        f" WITH CHECK ({OWN_BATCH})",
        f"CREATE POLICY app_delete ON import_upload FOR DELETE TO plumbline_app USING ({OWN_BATCH})",
        "GRANT SELECT, INSERT, DELETE ON import_upload TO plumbline_app",
    ):
        op.execute(statement)
    op.drop_column("import_batch", "uploaded")
    op.add_column(
        "import_batch",
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
    )
    op.add_column(
        "import_batch",
        sa.Column("known", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.get_bind().connection.driver_connection.execute(FORMER.sub(FORGET, _clean_up()))


def _clean_up() -> str:
    """The housekeeping as it was first written."""
    found = re.search(
        r"CREATE FUNCTION guard\.clean_up\(\).*?END \$\$",
        JOBS.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    if found is None or not FORMER.search(found[0]):
        raise RuntimeError("the former clean_up is gone")
    return found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def downgrade() -> None:
    op.drop_column("import_batch", "known")
    op.drop_column("import_batch", "version")
    op.add_column("import_batch", sa.Column("uploaded", sa.LargeBinary(), nullable=True))
    op.get_bind().connection.driver_connection.execute(_clean_up())
    op.drop_table("import_upload")
