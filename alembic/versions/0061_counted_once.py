"""Let a counted figure be kept for as long as a new count would give the same

Revision ID: 0061
Revises: 0060

Policy: expand first, contract in a later release.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
FUNCTION = "counted_mark()"


def upgrade() -> None:
    run((SQL / "0061_counted_once.sql").read_text(encoding="utf-8"))
    give_to_guard((FUNCTION,))


def downgrade() -> None:
    op.execute(f"DROP FUNCTION guard.{FUNCTION}")
