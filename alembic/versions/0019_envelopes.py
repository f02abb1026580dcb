"""Put each reporter under a data key of its own, so that keys can be changed while work goes on

Revision ID: 0019
Revises: 0018

Policy: expand first, contract in a later release. What was sealed before opens as it did, until
`plumbline keys rotate` meets it.
"""

import re
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = ("keeps_reporter(uuid)", "read_reporter(uuid)")
INNER = ("write_sealed_reading(uuid, text, uuid)",)
REACH = "AND m.unit_path <@ guard.reach('{intake_officer,petitions_head}')"


def upgrade() -> None:
    op.add_column("reporter_identity", sa.Column("wrapped", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_reporter_identity_key_id"), "reporter_identity", ["key_id"])
    run((SQL / "0019_envelopes.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)


def downgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    kept = driver.execute("SELECT 1 FROM reporter_identity WHERE wrapped IS NOT NULL LIMIT 1")
    if kept.fetchone() is not None:
        raise RuntimeError("the former version can't open what stands under a data key")
    first = (SQL / "0001_guard.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.read_reporter\(.*?\nEND \$\$;", first, re.DOTALL)
    if found is None:
        raise RuntimeError("the former read_reporter is gone")
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    driver.execute(
        found[0].replace(REACH, f"{REACH} AND NOT m.id IN (SELECT unnest(guard.walled()))")
    )
    give_to_guard(("read_reporter(uuid)",))
    op.drop_index(op.f("ix_reporter_identity_key_id"), "reporter_identity")
    op.drop_column("reporter_identity", "wrapped")
