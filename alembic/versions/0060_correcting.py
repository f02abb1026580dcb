"""Freeze what signatures rest on, and ask those who signed for its correction

Revision ID: 0060
Revises: 0059

Policy: expand first, contract in a later release.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import give_to_guard, rewrite, rewrite_back, run

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = ("held_signatures(uuid)", "passed_on(uuid)", "correct_name(uuid, text)")
INNER = (
    "held_by(uuid)",
    "seat_left(uuid, jsonb)",
    "check_correcting(request, matter, jsonb)",
    "check_frozen()",
)
FROZEN = ("matter", "lead", '"case"', "fund_item", "involvement")

# A correction is in no table of steps: whom it asks follows from who signed.
CONTENT = (
    "  SELECT p.content INTO content_ FROM profile_version p WHERE p.id = m.profile_id;\n"
    "  SELECT t INTO step_"
)
CORRECTING = (
    "  SELECT p.content INTO content_ FROM profile_version p WHERE p.id = m.profile_id;\n"
    "  IF NEW.event = 'correct' THEN\n"
    "    PERFORM guard.check_correcting(NEW, m, content_);\n"
    "    RETURN NEW;\n"
    "  END IF;\n"
    "  SELECT t INTO step_"
)
NAMED = "coalesce((s.step ->> 'account')::uuid, me) = me\n"
OR_PASSED_ON = (
    "(coalesce((s.step ->> 'account')::uuid, me) = me\n"
    "               OR (q.event = 'correct' AND guard.seat_left(q.matter_id, s.step)))\n"
)
PLACED = "s.step ->> 'account' IS NOT NULL OR s.step ->> 'role' = 'team'"
OF_TEAM = "s.step ->> 'role' = 'team'"
REWRITTEN = (
    ("check_asking()", CONTENT, CORRECTING),
    ("check_signature()", NAMED, OR_PASSED_ON),
    ("check_signature()", PLACED, OF_TEAM),
)
# A foreign key looks past policies: what a row refers to has to be seen, and of the same matter.
REFERRED = {
    "involvement_id": "involvement",
    "request_id": "request",
}


def upgrade() -> None:
    for column, parent in REFERRED.items():
        op.add_column("correction", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_correction_{column}"), "correction", parent, [column], ["id"]
        )
        op.create_index(op.f(f"ix_correction_{column}"), "correction", [column])
        op.execute(
            f"CREATE POLICY known_{parent} ON correction AS RESTRICTIVE FOR INSERT"
            f" TO plumbline_app WITH CHECK ({column} IS NULL OR EXISTS (SELECT 1"
            f" FROM {parent} known WHERE known.id = correction.{column}"
            " AND known.matter_id = correction.matter_id))"
        )
    run((SQL / "0060_correcting.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    rewrite(REWRITTEN)


def downgrade() -> None:
    waiting = op.get_bind().execute(
        sa.text("SELECT count(*) FROM request WHERE event = 'correct' AND status = 'open'")
    )
    if waiting.scalar_one():
        raise RuntimeError("corrections wait for signatures that the former version can't take")
    rewrite_back(REWRITTEN)
    for table in FROZEN:
        op.execute(f"DROP TRIGGER frozen ON {table}")
    for function in ("correct_name(uuid, text)", "passed_on(uuid)", "held_signatures(uuid)", "check_frozen()",
                     "check_correcting(request, matter, jsonb)", "seat_left(uuid, jsonb)",
                     "held_by(uuid)"):  # fmt: skip
        op.execute(f"DROP FUNCTION guard.{function}")
    for column, parent in REFERRED.items():
        op.execute(f"DROP POLICY known_{parent} ON correction")
        op.drop_index(op.f(f"ix_correction_{column}"), table_name="correction")
        op.drop_constraint(op.f(f"fk_correction_{column}"), "correction", type_="foreignkey")
        op.drop_column("correction", column)
