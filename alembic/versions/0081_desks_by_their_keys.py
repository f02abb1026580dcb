"""Find what stands on desks and lists by its keys, and ask about several matters at once

Revision ID: 0081
Revises: 0080

Policy: expand first, contract in a later release. Over a million matters a desk looked through all
that is kept for what somebody who left keeps and through every clock for the reporters who wait, and a list of one
place through a whole state.
"""

import sqlalchemy as sa

from alembic import op
from app.core.migrating import Rewriting, give_to_guard, rewrite, run

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

UNTAKEN = "assigned_path IS NULL AND closed_on IS NULL AND import_batch_id IS NULL"
BEGINS = "BEGIN\n"
REFUSES = BEGINS + "  IF NOT guard.works_on(matter_) THEN RETURN NULL; END IF;\n"
# What a function becomes under another name stands beside it.
KNOWN: tuple[Rewriting, ...] = (
    ("facts(uuid)", "FUNCTION guard.facts(", "FUNCTION guard.facts_known("),
    ("facts(uuid)", REFUSES, BEGINS),
)
SEVERAL: tuple[Rewriting, ...] = (
    ("works_on(uuid)", "works_on(wanted uuid)", "worked_on(wanted uuid[])"),
    ("works_on(uuid)", "RETURNS boolean", "RETURNS uuid[]"),
    (
        "works_on(uuid)",
        "SELECT EXISTS (SELECT 1 FROM matter m WHERE m.id = wanted AND",
        "SELECT ARRAY(SELECT m.id FROM matter m WHERE m.id = ANY (wanted) AND",
    ),
)

# The question of `works_on`, asked once, and whatever is asked of each is asked of those alone.
OF_SEVERAL = """
CREATE FUNCTION guard.facts_of(wanted uuid[]) RETURNS TABLE (id uuid, facts jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT w.id, guard.facts_known(w.id) FROM unnest(guard.worked_on(wanted)) AS w (id)
$$;
"""
OF_ONE = """
CREATE OR REPLACE FUNCTION guard.facts(matter_ uuid) RETURNS jsonb
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.works_on(matter_) THEN RETURN NULL; END IF;
  RETURN guard.facts_known(matter_);
END $$;
"""


def upgrade() -> None:
    op.create_index("ix_fund_item_kept_by", "fund_item", ["kept_by"])
    op.create_index(
        "ix_clock_rule_due",
        "clock",
        ["rule", "due_on", "matter_id"],
        postgresql_where=sa.text("stopped_on IS NULL"),
    )
    op.create_index("ix_matter_untaken", "matter", ["made_by"], postgresql_where=sa.text(UNTAKEN))
    _enter_by("kind", "state", "unit_id")
    rewrite(KNOWN)
    run(OF_ONE)
    rewrite(SEVERAL)
    run(OF_SEVERAL)
    give_to_guard(("facts_of(uuid[])",), ("facts_known(uuid)", "worked_on(uuid[])"))


def downgrade() -> None:
    op.execute("DROP FUNCTION guard.facts_of(uuid[])")
    op.execute("DROP FUNCTION guard.worked_on(uuid[])")
    rewrite(("facts_known(uuid)", now, former) for _, former, now in KNOWN)
    op.execute("DROP FUNCTION guard.facts_known(uuid)")
    _enter_by("kind", "state")
    op.drop_index("ix_matter_untaken", table_name="matter")
    op.drop_index("ix_clock_rule_due", table_name="clock")
    op.drop_index("ix_fund_item_kept_by", table_name="fund_item")


def _enter_by(*columns: str) -> None:
    """Of a state that many are in, those of a place."""
    op.drop_index("ix_matter_kind_state", table_name="matter")
    op.create_index("ix_matter_kind_state", "matter", columns)
