"""Book a bank line once, whole, and only where somebody still decides about it

Revision ID: 0087
Revises: 0086

Policy: expand first, contract in a later release. What stands on decided items stays; a colleague
who is walled off from a lead no longer reads a line that waits and cites it.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import Rewriting, as_written, give_to_guard, rewrite, rewrite_back, run

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
INNER = ("check_line()", "wrong_with_line(journal_entry)", "line_comes(text, uuid)")
FOUND = (
    "  IF (SELECT coalesce(sum(amount), 0) <> 0 OR count(*) < 2 FROM posting"
    " WHERE entry_id = entry_)\n"
)
# What is booked gets no more legs, by whoever recorded it either.
LATER = (
    "  IF TG_TABLE_NAME = 'posting' AND e.recorded_at <> now() AND guard.actor() IS NOT NULL THEN\n"
    "    RAISE check_violation USING MESSAGE = 'plumbline:unbalanced';\n"
    "  END IF;\n"
)
REWRITTEN: tuple[Rewriting, ...] = (("check_entry()", FOUND, LATER + FOUND),)
BEHIND = "({}) IS NOT TRUE"
ENTRIES = " AND ".join(
    BEHIND.format(f"{column} IN (SELECT unnest(guard.walled()))")
    for column in ("matter_id", "fund_item_id")
)
WAITING = BEHIND.format(
    "fund_item_id IS NULL AND bank_line_id IN (SELECT unnest(guard.walled_citing()))"
)


def upgrade() -> None:
    run((SQL / "0087_lines.sql").read_text(encoding="utf-8"))
    give_to_guard(("import_matters(text)", "walled_citing()"), INNER)
    op.execute(f"ALTER POLICY walls ON journal_entry USING ({ENTRIES} AND {WAITING})")
    rewrite(REWRITTEN)
    op.execute(
        "CREATE CONSTRAINT TRIGGER line_counts AFTER INSERT ON journal_entry"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        " WHEN (NEW.bank_line_id IS NOT NULL OR NEW.reverses_id IS NOT NULL)"
        " EXECUTE FUNCTION guard.check_line()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER line_counts ON journal_entry")
    rewrite_back(REWRITTEN)
    op.execute(f"ALTER POLICY walls ON journal_entry USING ({ENTRIES})")
    for function in INNER:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DROP FUNCTION guard.import_matters(text)")
    run(as_written(SQL / "0014_walls.sql", "walled_lines"))
    run(as_written(SQL / "0005_imports.sql", "import_matters"))
    op.execute("DROP FUNCTION guard.walled_citing()")
    give_to_guard(("import_matters(text)",))
