"""Keep what a matter said before it was corrected, and let an auditor count every matter

Revision ID: 0009
Revises: 0008

Policy: expand first, contract in a later release. What was corrected before this migration is
taken from the corrections on record.
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
COUNTING = Path(__file__).with_name("0003_counting.py")

# An auditor adds up what an operator does; which matters they open is another question.
COUNTED = "{m}.unit_path <@ (SELECT guard.reach('{{operator,auditor}}'))"
ERASED = "  DELETE FROM correction WHERE matter_id = petition_;\n"
FUNCTIONS = ("keep_former()", "settle_now()")


def upgrade() -> None:
    op.create_table(
        "former_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_former_fact_matter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_fact")),
    )
    op.create_index(op.f("ix_former_fact_matter_id"), "former_fact", ["matter_id"], unique=False)
    op.add_column("doubt", sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    for statement in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON former_fact TO plumbline_guard",
        "ALTER TABLE former_fact ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE former_fact FORCE ROW LEVEL SECURITY",
        "CREATE POLICY guard_all ON former_fact TO plumbline_guard USING (true) WITH CHECK (true)",
        "INSERT INTO former_fact (id, matter_id, field, value, recorded_at)"
        " SELECT gen_random_uuid(), c.matter_id, c.field, c.old, c.recorded_at FROM correction c"
        " WHERE c.field IN ('source', 'responsible_leader', 'channel')",
        "UPDATE doubt SET settled_at = greatest(recorded_at, settled_on::timestamptz)"
        " WHERE settled_on IS NOT NULL",
    ):
        op.execute(statement)
    driver = op.get_bind().connection.driver_connection
    driver.execute(_words((SQL / "0009_known.sql").read_text(encoding="utf-8"), COUNTED))
    for function in FUNCTIONS:  # a trigger's function is nobody's to call
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
    op.execute("ALTER VIEW guard.counted_former OWNER TO plumbline_guard")
    op.execute("GRANT SELECT ON guard.counted_former TO plumbline_app")
    driver.execute(_words(_former_views(but="counted_doubt"), COUNTED))
    driver.execute(
        _erase_sealed().replace(
            ERASED, ERASED + "  DELETE FROM former_fact WHERE matter_id = petition_;\n"
        )
    )


def _words(text: str, counted: str) -> str:
    """As the third migration reads these words, but for whom totals are counted."""
    rules = runpy.run_path(str(SQL / "0001_policies.py"))

    def written(match: re.Match[str]) -> str:
        word, alias = match[1], match[2]
        content, audit = rules["CONTENT"].format(m=alias), rules["AUDIT"].format(m=alias)
        return {
            "content": content,
            "audit": audit,
            "counted": f"({counted.format(m=alias)} OR {content})",
        }[word]

    desk: str = runpy.run_path(str(COUNTING))["DESK"]
    return re.sub(r"@@(\w+):(\w+)@@", written, text.replace("@@desk@@", desk))


def _former_views(*, but: str = "") -> str:
    """The views of the third migration, to be written over."""
    text = (SQL / "0003_counting.sql").read_text(encoding="utf-8")
    views = re.findall(r"CREATE VIEW guard\.\w+ .*?;\n", text, re.DOTALL)
    kept = [view for view in views if not but or f"guard.{but} " not in view]
    return "".join(kept).replace("CREATE VIEW", "CREATE OR REPLACE VIEW")


def _erase_sealed() -> str:
    """As the first migration wrote it."""
    text = (SQL / "0001_guard.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.erase_sealed\(.*?\nEND \$\$;", text, re.DOTALL)
    if found is None or ERASED not in found[0]:
        raise RuntimeError("the former erase_sealed is gone")
    return found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)


def downgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    driver.execute(_erase_sealed())
    op.execute("DROP VIEW guard.counted_former")
    op.execute("DROP VIEW guard.counted_doubt")
    former = runpy.run_path(str(COUNTING))
    counted = f"{former['OPERATED']} OR {runpy.run_path(str(SQL / '0001_policies.py'))['AUDIT']}"
    driver.execute(_words(_former_views(), counted))
    op.execute("ALTER VIEW guard.counted_doubt OWNER TO plumbline_guard")
    op.execute("GRANT SELECT ON guard.counted_doubt TO plumbline_app")
    op.execute("DROP TRIGGER settled_now ON doubt")
    op.execute("DROP TRIGGER former_channel ON petition")
    op.execute("DROP TRIGGER former_facts ON matter")
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_column("doubt", "settled_at")
    op.drop_table("former_fact")
