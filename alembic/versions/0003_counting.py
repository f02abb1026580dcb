"""Facts that totals are counted from, and money that only the hand whose turn it is may move

Revision ID: 0003
Revises: 0002

Policy: expand first, contract in a later release. A data migration fills `disposal` for leads
that are there already, dated by their own row.
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"

# An operator may read totals of the subtree it runs, and opens no matter of it.
OPERATED = "{m}.unit_path <@ (SELECT guard.reach('{{operator}}'))"
DESK = "(SELECT guard.holds('{operator,keeper,finance,auditor,lead_manager,deputy,chief}'))"

UNPAID = (
    "EXISTS (SELECT 1 FROM matter m WHERE m.id = fund_item_id) AND paid_entry_id IS NULL"
    " AND (SELECT guard.reads_content())"
)

FUNCTIONS = (
    "keep_disposal()",
    "touch_money(uuid,integer,uuid,uuid,text,date,text,jsonb)",
    "origin_began(uuid)",
)


def upgrade() -> None:
    op.create_table(
        "disposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("disposed_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_disposal_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal")),
    )
    op.create_index(op.f("ix_disposal_lead_id"), "disposal", ["lead_id"], unique=False)
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON disposal TO plumbline_guard",
        "ALTER TABLE disposal ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE disposal FORCE ROW LEVEL SECURITY",
        "CREATE POLICY guard_all ON disposal TO plumbline_guard USING (true) WITH CHECK (true)",
        "CREATE POLICY app_select ON disposal FOR SELECT TO plumbline_app"
        " USING (EXISTS (SELECT 1 FROM matter m WHERE m.id = lead_id))",
        "GRANT SELECT ON disposal TO plumbline_app",
        # A line of a return list may be taken off until it is paid.
        f"CREATE POLICY app_delete ON payee FOR DELETE TO plumbline_app USING ({UNPAID})",
        "GRANT DELETE ON payee TO plumbline_app",
        "INSERT INTO disposal (id, lead_id, method, disposed_on, filed_on, recorded_at)"
        " SELECT gen_random_uuid(), l.id, l.method, l.disposed_on, l.filed_on, m.recorded_at"
        " FROM lead l JOIN matter m ON m.id = l.id"
        " WHERE l.method IS NOT NULL OR l.filed_on IS NOT NULL",
    ):
        op.execute(statement)
    _run("0003_money.sql")
    _run("0003_counting.sql")
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
    for function in FUNCTIONS[1:]:  # a trigger's function is nobody's to call
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")
    for view in _views():
        op.execute(f"ALTER VIEW guard.{view} OWNER TO plumbline_guard")
        op.execute(f"GRANT SELECT ON guard.{view} TO plumbline_app")


def _run(file: str) -> None:
    """Through the driver itself: SQLAlchemy would read colons and per cent signs."""
    rules = runpy.run_path(str(SQL / "0001_policies.py"))

    def written(match: re.Match[str]) -> str:
        word, alias = match[1], match[2]
        content, audit = rules["CONTENT"].format(m=alias), rules["AUDIT"].format(m=alias)
        return {
            "content": content,
            "audit": audit,
            "counted": f"({OPERATED.format(m=alias)} OR {audit} OR {content})",
        }[word]

    text = (SQL / file).read_text(encoding="utf-8").replace("@@desk@@", DESK)
    op.get_bind().connection.driver_connection.execute(re.sub(r"@@(\w+):(\w+)@@", written, text))


def _views() -> list[str]:
    text = (SQL / "0003_counting.sql").read_text(encoding="utf-8")
    return re.findall(r"CREATE VIEW guard\.(\w+)", text)


def downgrade() -> None:
    for view in reversed(_views()):
        op.execute(f"DROP VIEW guard.{view}")
    op.execute("DROP POLICY app_delete ON payee")
    op.execute("REVOKE DELETE ON payee FROM plumbline_app")
    op.execute("DROP TRIGGER first_disposal ON lead")
    op.execute("DROP TRIGGER next_disposal ON lead")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("disposal")
    guard = (SQL / "0001_guard.sql").read_text(encoding="utf-8")
    former = re.search(r"CREATE FUNCTION guard\.check_entry\(\).*?END \$\$;", guard, re.S)
    if former is None:
        raise RuntimeError("the first migration's check of entries is gone")
    op.get_bind().connection.driver_connection.execute(
        former[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    )
