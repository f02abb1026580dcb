"""Count a line of the bank's for whoever its money is counted for, and for nobody else

Revision ID: 0090
Revises: 0089

Policy: expand first, contract in a later release. Whoever is walled off from a lead that a line cites had
its money in the books and the line in no statement, as if somebody had recorded it by hand.
"""

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

# Lines that the actor doesn't count: of those behind a wall, whose money isn't counted whole.
UNCOUNTED = """
CREATE FUNCTION guard.uncounted_lines() RETURNS uuid[]
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(l.id), '{}') FROM bank_line l
   WHERE l.id IN (SELECT unnest(guard.walled_lines()))
     AND l.credit - l.debit IS DISTINCT FROM (
       SELECT sum(p.amount) FROM journal_entry e JOIN guard.counted_posting p ON p.entry_id = e.id
        WHERE e.bank_line_id = l.id AND p.account IN ('bank', 'suspense', 'bank_error'))
$$;
"""
BEHIND = " AND ".join(
    f"({column} IN (SELECT unnest(guard.walled()))) IS NOT TRUE"
    for column in ("matter_id", "fund_item_id")
)
WAITING = (
    " AND (fund_item_id IS NULL AND entry_id IN (SELECT e.id FROM journal_entry e"
    "  WHERE e.bank_line_id IN (SELECT unnest(guard.walled_citing())))) IS NOT TRUE"
)


def _counts(view: str, columns: str, rule: str) -> None:
    run(
        f"CREATE OR REPLACE VIEW guard.counted_{view} WITH (security_barrier) AS"
        f" SELECT {columns} FROM guard.whole_counted_{view} WHERE {rule}"
    )


def _stand(posting: str, lines: str) -> None:
    _counts(
        "posting",
        "id, entry_id, account, amount, fund_item_id, kind, matter_id, happened_on, recorded_at,"
        " intake, unit_path, campaign_id, source, responsible_leader",
        posting,
    )
    _counts(
        "bank_line",
        "id, account_number, serial, happened_on, credit, debit, balance, recorded_at",
        f"NOT (id IN (SELECT unnest(guard.{lines}())))",
    )


def upgrade() -> None:
    run(UNCOUNTED)
    give_to_guard(("uncounted_lines()",))
    _stand(BEHIND + WAITING, "uncounted_lines")


def downgrade() -> None:
    _stand(BEHIND, "walled_lines")
    op.execute("DROP FUNCTION guard.uncounted_lines()")
