"""Weigh a bank line at each leg of its entries, not only at the entries

Revision ID: 0089
Revises: 0088

Policy: expand first, contract in a later release. By hand-written SQL a line could count again, or for
more than its amount: its checks were called before the legs came.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import as_written, run

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def _weighed(name: str, table: str, when: str = "") -> None:
    op.execute(
        f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {table}"
        f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{when} EXECUTE FUNCTION guard.check_line()"
    )


def upgrade() -> None:
    op.execute("DROP TRIGGER line_counts ON journal_entry")
    run((SQL / "0089_legs.sql").read_text(encoding="utf-8"))
    _weighed("posting_counts", "posting")


def downgrade() -> None:
    op.execute("DROP TRIGGER posting_counts ON posting")
    run(as_written(SQL / "0087_lines.sql", "check_line"))
    either = " WHEN (NEW.bank_line_id IS NOT NULL OR NEW.reverses_id IS NOT NULL)"
    _weighed("line_counts", "journal_entry", either)
