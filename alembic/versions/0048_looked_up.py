"""Ask once a transaction whether its reader may see a matter, not by each table that hangs on it

Revision ID: 0048
Revises: 0047

Policy: expand first, contract in a later release. Who may read what stays as it was: what a
transaction has asked of the policy is remembered under a seal, and asked no second time.
"""

import runpy
from pathlib import Path

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
RULES = runpy.run_path(str(SQL / "0001_policies.py"))
# The policies' words as search has them: each question to the reader asked at the beginning.
_words = runpy.run_path(str(Path(__file__).parent / "0046_search.py"))["_words"]
SEEN = f"{RULES['CONTENT'].format(m='matter')} OR {RULES['AUDIT'].format(m='matter')}"
WALLS = "({column} IN (SELECT unnest(guard.walled()))) IS NOT TRUE"
KNOWN = "{column} = ANY ((SELECT guard.looked_up())::uuid[])"
# What a page of a matter or of a list reads; a wall stands before each by itself.
HANGING = ("access_grant", "audit_event", "doubt")
CALLED = ("looked_up()", "look_up(uuid[])", "listed(uuid[])")
INNER = ("walls_upon(uuid)", "remember(uuid[])")


def upgrade() -> None:
    run(_words((SQL / "0048_looked_up.sql").read_text(encoding="utf-8")))
    give_to_guard(CALLED, INNER)
    _policy("matter", "app_select", f"{KNOWN.format(column='id')} OR {SEEN}")
    for table, column in _walled():
        known, walls = KNOWN.format(column=column), WALLS.format(column=column)
        _policy(table, "walls", f"{known} OR {walls}")
    op.execute(
        "CREATE INDEX ix_matter_link_merged ON matter_link (from_id)"
        " WHERE kind = 'merged_into' AND ends_on IS NULL"
    )


def _walled() -> list[tuple[str, str]]:
    return [("matter", "id"), *((table, "matter_id") for table in HANGING)]


def _policy(table: str, name: str, rule: str) -> None:
    op.execute(f"ALTER POLICY {name} ON {table} USING ({rule})")


def downgrade() -> None:
    op.execute("DROP INDEX ix_matter_link_merged")
    for table, column in _walled():
        _policy(table, "walls", WALLS.format(column=column))
    _policy("matter", "app_select", SEEN)
    run((SQL / "0047_walls_once.sql").read_text(encoding="utf-8"))
    for function in (*reversed(CALLED), *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
