"""Let a counted figure be kept for as long as a new count would give the same

Revision ID: 0062
Revises: 0061

Policy: expand first, contract in a later release.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
FUNCTION = "counted_mark()"


def upgrade() -> None:
    run((SQL / "0062_counted_once.sql").read_text(encoding="utf-8"))
    give_to_guard((FUNCTION,))


def downgrade() -> None:
    op.execute(f"DROP FUNCTION guard.{FUNCTION}")
