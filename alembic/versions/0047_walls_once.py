"""Ask once a transaction what the actor is walled off from, while it only reads

Revision ID: 0047
Revises: 0046

Policy: expand first, contract in a later release. Every statement asked it anew, some of them
several times: a matter's page took four times as long for whoever is walled off from anything.
"""

from pathlib import Path

from app.core.migrating import run

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    run((SQL / "0047_walls_once.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    run((SQL / "0047_former.sql").read_text(encoding="utf-8"))
