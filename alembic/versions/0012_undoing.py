"""Undo exactly what a merge did, and let a decision replace all that it changes

Revision ID: 0012
Revises: 0011

Policy: no release has `outcome.replaces_id` yet, so it goes at once; its rows are carried over.
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
KNOWN = runpy.run_path(str(Path(__file__).with_name("0009_known.py")))
VISIBLE = "EXISTS (SELECT 1 FROM matter m WHERE m.id = matter_id)"
VIEWS = ("counted_outcome", "counted_replacement")

REPLACED = (
    ("outcome r WHERE r.replaces_id = x.id", "replacement r WHERE r.outcome_id = x.id"),
    # Where the matter says nothing of somebody's rank, the register's counts.
    ("'rank', i.rank,", "'rank', coalesce(i.rank, p.rank), 'weighing', (" + """
                 SELECT coalesce(jsonb_agg(jsonb_build_object('kind', x.kind,
                          'impact_until', x.impact_until)), '[]')
                   FROM involvement j JOIN outcome x ON x.involvement_id = j.id
                  WHERE j.person_id = i.person_id AND x.matter_id <> matter_
                    AND x.kind IN ('party_sanction', 'administrative_sanction')
                    AND x.impact_until IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM replacement r WHERE r.outcome_id = x.id)),"""),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("clock", sa.Column("stopped_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_clock_stopped_by"), "clock", "transition", ["stopped_by"], ["id"],
        initially="DEFERRED", deferrable=True,
    )  # fmt: skip
    op.create_table(
        "replacement",
        sa.Column("outcome_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_replacement_outcome_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["outcome.id"], name=op.f("fk_replacement_by_id")),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_replacement_matter_id")
        ),
        sa.PrimaryKeyConstraint("outcome_id", name=op.f("pk_replacement")),
    )
    op.create_index(op.f("ix_replacement_by_id"), "replacement", ["by_id"], unique=False)
    op.create_index(op.f("ix_replacement_matter_id"), "replacement", ["matter_id"], unique=False)
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON replacement TO plumbline_guard",
        "ALTER TABLE replacement ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE replacement FORCE ROW LEVEL SECURITY",
        "CREATE POLICY guard_all ON replacement TO plumbline_guard USING (true) WITH CHECK (true)",
        f"CREATE POLICY app_select ON replacement FOR SELECT TO plumbline_app USING ({VISIBLE})",
        "CREATE POLICY app_insert ON replacement FOR INSERT TO plumbline_app"
        f" WITH CHECK ({VISIBLE} AND (SELECT guard.reads_content()))",
        "GRANT SELECT, INSERT ON replacement TO plumbline_app",
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON replacement"
        " FOR EACH ROW EXECUTE FUNCTION guard.record('matter_id', '', '')",
        "INSERT INTO replacement (outcome_id, by_id, matter_id)"
        " SELECT o.replaces_id, o.id, o.matter_id FROM outcome o WHERE o.replaces_id IS NOT NULL",
    ):
        op.execute(statement)
    _run((SQL / "0012_undoing.sql").read_text(encoding="utf-8"))
    _own_views()
    op.execute("REVOKE ALL ON FUNCTION guard.settle_dates FROM PUBLIC")
    op.execute("ALTER FUNCTION guard.settle_dates OWNER TO plumbline_guard")
    op.execute("GRANT EXECUTE ON FUNCTION guard.settle_dates TO plumbline_app")
    facts = _facts()
    for former, now in REPLACED:
        if former not in facts:
            raise RuntimeError(f"the former facts don't say {former!r}")
        facts = facts.replace(former, now)
    _run(facts)
    op.drop_constraint("fk_outcome_replaces_id", "outcome")
    op.drop_column("outcome", "replaces_id")


def _run(text: str) -> None:
    written = KNOWN["_words"](text, KNOWN["COUNTED"])
    op.get_bind().connection.driver_connection.execute(written)


def _own_views() -> None:
    for view in VIEWS:
        op.execute(f"ALTER VIEW guard.{view} OWNER TO plumbline_guard")
        op.execute(f"GRANT SELECT ON guard.{view} TO plumbline_app")


def _facts() -> str:
    """As the sixth migration wrote them."""
    text = (SQL / "0006_facts.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.facts\(.*?\nEND \$\$;", text, re.DOTALL)
    if found is None:
        raise RuntimeError("the former facts are gone")
    return found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def downgrade() -> None:
    op.add_column("outcome", sa.Column("replaces_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_outcome_replaces_id"), "outcome", "outcome", ["replaces_id"], ["id"]
    )
    op.create_index(op.f("ix_outcome_replaces_id"), "outcome", ["replaces_id"], unique=False)
    op.execute(
        "UPDATE outcome o SET replaces_id = x.outcome_id FROM replacement x WHERE x.by_id = o.id"
    )
    _run(_facts())
    for view in VIEWS:
        op.execute(f"DROP VIEW guard.{view}")
    text = (SQL / "0003_counting.sql").read_text(encoding="utf-8")
    for view in VIEWS:
        found = re.search(rf"CREATE VIEW guard\.{view} .*?;\n", text, re.DOTALL)
        if found is None:
            raise RuntimeError(f"the former {view} is gone")
        _run(found[0])
    _own_views()
    op.execute("DROP TRIGGER former_opening ON matter")
    op.execute("DROP FUNCTION guard.settle_dates")
    op.drop_table("replacement")
    op.drop_constraint("fk_clock_stopped_by", "clock")
    op.drop_column("clock", "stopped_by")
