"""Count from indexes that hold all that figures ask for, by fewer questions for each row

Revision ID: 0013
Revises: 0012

Policy: expand first, contract in a later release. The views show whose matters they showed, by
fewer questions for each row.
"""

import re
import runpy
from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
TEXT = (SQL / "0013_counting.sql").read_text(encoding="utf-8")
FORMER = runpy.run_path(str(Path(__file__).with_name("0009_known.py")))
CONTENT: str = runpy.run_path(str(SQL / "0001_policies.py"))["CONTENT"]

# Roles before which no matter of their subtree is hidden, asked about once.
_ALL = "'{{chief,secretary,liaison}}'"
COUNTED = CONTENT.replace(_ALL, "'{{operator,auditor,chief,secretary,liaison}}'")

INDEXES = (
    (
        "ix_matter_counted",
        "matter",
        ["kind", "id"],
        [
            "classification", "opened_on", "recorded_at", "profile_id", "campaign_id", "made_by",
            "adjudicated", "unit_path", "state", "stage", "source", "responsible_leader",
            "assigned_path",
        ],
    ),
    ("ix_lead_counted", "lead", ["id"], ["received_on", "disposed_on", "filed_on", "method"]),
    ("ix_lead_disposed_on", "lead", ["disposed_on"], []),
)  # fmt: skip


def upgrade() -> None:
    for name, table, keys, held in INDEXES:
        op.create_index(name, table, keys, unique=False, postgresql_include=held)
    op.create_index(
        "ix_transition_recorded_at", "transition", ["recorded_at"], postgresql_using="brin"
    )

    def counted(match: re.Match[str]) -> str:
        return COUNTED.format(m=match[1])

    _run(re.sub(r"@@counted:(\w+)@@", counted, TEXT))
    op.execute("ALTER VIEW guard.counted_case OWNER TO plumbline_guard")
    op.execute("GRANT SELECT ON guard.counted_case TO plumbline_app")


def _run(text: str) -> None:
    """Through the driver itself: SQLAlchemy would read colons and per cent signs."""
    op.get_bind().connection.driver_connection.execute(FORMER["_words"](text, FORMER["COUNTED"]))


def downgrade() -> None:
    op.execute("DROP VIEW guard.counted_case")
    written_over = re.findall(r"CREATE OR REPLACE VIEW guard\.(\w+)", TEXT)
    for view in written_over:
        _run(_former(view).replace("CREATE VIEW", "CREATE OR REPLACE VIEW"))
    op.drop_index("ix_transition_recorded_at", table_name="transition")
    for name, table, _keys, _held in INDEXES:
        op.drop_index(name, table_name=table)


def _former(view: str) -> str:
    """As the last migration before this one wrote it."""
    found = [
        each
        for file in ("0003_counting.sql", "0012_undoing.sql")
        for each in re.findall(
            rf"CREATE VIEW guard\.{view} .*?;\n", (SQL / file).read_text("utf-8"), re.DOTALL
        )
    ]
    return found[-1]
