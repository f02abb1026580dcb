"""Keep where a name stands by pinyin and by strokes

Revision ID: 0050
Revises: 0049

Policy: expand first, contract in a later release. The places of names that are there already are
written after it, in batches, with their keys.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
RULES = runpy.run_path(str(SQL / "0001_policies.py"))
ORDERS = ("pinyin", "strokes")
KEEP = "keep_name(uuid, text[], text, text)"


def upgrade() -> None:
    for order in ORDERS:
        op.add_column("person_key", sa.Column(order, sa.Text(collation="C"), nullable=True))
        op.create_index(f"ix_person_key_{order}", "person_key", [order, "person_id"])
    run((SQL / "0050_name_order.sql").read_text(encoding="utf-8"))
    give_to_guard((KEEP,))
    # Whoever reads the register reads where its names stand; nobody the keys.
    op.execute(RULES["policy"]("person_key", "select", RULES["REGISTERS"]))
    op.execute("GRANT SELECT (person_id, pinyin, strokes) ON person_key TO plumbline_app")


def downgrade() -> None:
    op.execute("REVOKE SELECT (person_id, pinyin, strokes) ON person_key FROM plumbline_app")
    op.execute("DROP POLICY app_select ON person_key")
    op.execute(f"DROP FUNCTION guard.{KEEP}")
    for order in ORDERS:
        op.drop_index(f"ix_person_key_{order}", table_name="person_key")
        op.drop_column("person_key", order)
