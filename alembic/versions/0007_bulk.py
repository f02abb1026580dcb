"""Record and judge an import's rows a statement at a time

Revision ID: 0007
Revises: 0006
"""

import re
import runpy
from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
TEXT = (SQL / "0007_bulk.sql").read_text(encoding="utf-8")
RULES = runpy.run_path(str(SQL / "0001_policies.py"))

# What an import writes. The same row security as before, asked in another order: that an import
# is open is known once a statement, whether a matter can be seen is looked up for every row.
FROM_A_LEDGER = "manner = 'ledger'"
OWN_HAND = "recorded_by = (SELECT guard.actor())"
IMPORTED: dict[str, str] = {
    "petition": "true",
    "lead": "true",
    "case": "true",
    "fund_item": "true",
    "note": "true",
    "involvement": "true",
    "outcome": "true",
    "claimed_amount": "true",
    "finding": "true",
    "transition": FROM_A_LEDGER,
    "request": FROM_A_LEDGER,
    "signature": FROM_A_LEDGER,
    "matter_link": "true",
    "reporter_identity": "true",
    "journal_entry": OWN_HAND,
    "posting": "true",
    "money_receipt": "true",
    "money_return": "true",
}
# Recorded once a statement while an import is open.
RECORDED = (
    "unit", "campaign", "person", "organisation", "matter", "petition", "lead", "case",
    "fund_item", "transition", "matter_link", "note", "request", "signature", "involvement",
    "outcome", "claimed_amount", "finding", "journal_entry", "posting", "money_receipt",
    "money_return", "bank_line", "doubt",
)  # fmt: skip

OPEN = "coalesce(current_setting('plumbline.batch', true), '') <> ''"
FUNCTIONS = ("importing", "record_many", "keep_disposals")

# Each policy as it stands is kept whole, behind the question that costs nothing.
IN_FRONT = """
DO $$
DECLARE former text;
BEGIN
  SELECT p.with_check INTO STRICT former FROM pg_policies p
   WHERE p.schemaname = 'public' AND p.tablename = '{table}' AND p.policyname = 'app_insert';
  EXECUTE format('ALTER POLICY app_insert ON public.%I WITH CHECK '
                 '(((SELECT guard.importing()) AND {also}) OR (%s))', '{table}', former);
END $$
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    driver.execute(TEXT)
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
    op.execute("GRANT EXECUTE ON FUNCTION guard.importing TO plumbline_app")
    for table, also in IMPORTED.items():
        driver.execute(IN_FRONT.format(table=table, also=also.replace("'", "''")))
    for table in RECORDED:
        arguments = ", ".join(f"'{words}'" for words in RULES["RECORDED"][table])
        for statement in _triggers(table, arguments):
            op.execute(statement)
    op.execute("DROP TRIGGER first_disposal ON lead")
    op.execute(
        "CREATE TRIGGER first_disposal AFTER INSERT ON lead FOR EACH ROW"
        f" WHEN (NOT ({OPEN}) AND (NEW.method IS NOT NULL OR NEW.filed_on IS NOT NULL))"
        " EXECUTE FUNCTION guard.keep_disposal()"
    )
    op.execute(
        "CREATE TRIGGER first_disposals AFTER INSERT ON lead"
        " REFERENCING NEW TABLE AS written_rows FOR EACH STATEMENT"
        f" WHEN ({OPEN}) EXECUTE FUNCTION guard.keep_disposals()"
    )


def _triggers(table: str, arguments: str) -> list[str]:
    """One of the two fires for an insert, whatever the setting says: no row goes unrecorded."""
    return [
        f'DROP TRIGGER audit ON "{table}"',
        f'CREATE TRIGGER audit AFTER UPDATE OR DELETE ON "{table}"'
        f" FOR EACH ROW EXECUTE FUNCTION guard.record({arguments})",
        f'CREATE TRIGGER audit_insert AFTER INSERT ON "{table}"'
        f" FOR EACH ROW WHEN (NOT ({OPEN})) EXECUTE FUNCTION guard.record({arguments})",
        f'CREATE TRIGGER audit_inserts AFTER INSERT ON "{table}"'
        " REFERENCING NEW TABLE AS written_rows FOR EACH STATEMENT"
        f" WHEN ({OPEN}) EXECUTE FUNCTION guard.record_many({arguments})",
    ]


def downgrade() -> None:
    op.execute("DROP TRIGGER first_disposals ON lead")
    op.execute("DROP TRIGGER first_disposal ON lead")
    op.execute(
        "CREATE TRIGGER first_disposal AFTER INSERT ON lead FOR EACH ROW"
        " WHEN (NEW.method IS NOT NULL OR NEW.filed_on IS NOT NULL)"
        " EXECUTE FUNCTION guard.keep_disposal()"
    )
    for table in RECORDED:
        arguments = ", ".join(f"'{words}'" for words in RULES["RECORDED"][table])
        for name in ("audit", "audit_insert", "audit_inserts"):
            op.execute(f'DROP TRIGGER {name} ON "{table}"')
        op.execute(
            f'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "{table}"'
            f" FOR EACH ROW EXECUTE FUNCTION guard.record({arguments})"
        )
    driver = op.get_bind().connection.driver_connection
    for table in IMPORTED:
        rule = _first_rule(table)
        driver.execute(f'ALTER POLICY app_insert ON "{table}" WITH CHECK ({rule})')
    former = (SQL / "0005_imports.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.import_repeats\(.*?\nEND \$\$;", former, re.DOTALL)
    if found is None:
        raise RuntimeError("the former import_repeats is gone")
    op.execute("DROP FUNCTION guard.import_repeats(uuid)")
    driver.execute(found[0])
    op.execute("REVOKE ALL ON FUNCTION guard.import_repeats FROM PUBLIC")
    op.execute("ALTER FUNCTION guard.import_repeats OWNER TO plumbline_guard")
    op.execute("GRANT EXECUTE ON FUNCTION guard.import_repeats TO plumbline_app")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION guard.{function}")


def _first_rule(table: str) -> str:
    """As the first migration wrote it."""
    if table in RULES["OTHERS"]:
        rule: str = RULES["OTHERS"][table]["insert"]
        return rule
    written = next(p for p in RULES["on_matter"](table) if "app_insert" in p)
    return written.split("WITH CHECK (", 1)[1][:-1]
