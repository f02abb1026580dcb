"""Decide whether a handler keeps off what is linked to a matter that names them, and lift walls

Revision ID: 0018
Revises: 0017

Policy: expand first, contract in a later release.
"""

import re
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, rewrite, rewrite_back, run

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "write_reading(uuid)",
    "links_to_decide()",
    "decide_link(uuid, uuid, uuid, boolean, text, date)",
    "walls_to_lift(uuid)",
    "lift_wall(uuid, uuid, text, date)",
    "accused_handlers(date)",
)
# The guard's own: an answer to anybody would tell of what they may not know.
INNER = (
    "near(uuid)",
    "named_in(uuid)",
    "undecided_links(uuid)",
    "named_accounts()",
    "read_undecided(uuid)",
)

# Who is kept off is asked from the matter's side as well.
REWRITTEN = (
    (
        "walled_from(uuid)",
        """   WHERE w.ended_on IS NULL
""",
        """   WHERE w.ended_on IS NULL
  UNION
  SELECT t.account_id, 'undecided' FROM held h JOIN matter m ON m.id = h.id
    JOIN team_member t ON t.matter_id = h.id AND t.ends_on IS NULL
   WHERE m.classification = 2
     AND EXISTS (SELECT 1 FROM guard.undecided_links(t.account_id) u WHERE u.matter_id = h.id)
""",
    ),
)


def upgrade() -> None:
    moment = {"server_default": sa.text("now()"), "nullable": False}
    op.create_table(
        "linked_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("linked_id", sa.Uuid(), nullable=False),
        sa.Column("keeps_off", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), **moment),
        sa.CheckConstraint(
            "account_id <> decided_by", name=op.f("ck_linked_decision_not_about_oneself")
        ),
        *references(
            "linked_decision",
            matter_id="matter", account_id="account", linked_id="matter", decided_by="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_decision")),
        sa.UniqueConstraint(
            "matter_id", "account_id", "linked_id", name=op.f("uq_linked_decision_matter_id_account_id_linked_id")
        ),
    )  # fmt: skip
    op.create_table(
        "linked_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), **moment),
        *references("linked_reading", matter_id="matter", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_reading")),
    )
    op.create_index(op.f("ix_linked_reading_matter_id"), "linked_reading", ["matter_id"])
    op.add_column("wall", sa.Column("lifted_by", sa.Uuid(), nullable=True))
    op.add_column("wall", sa.Column("lifted_reason", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_wall_lifted_by"), "wall", "account", ["lifted_by"], ["id"])
    _causes("declared", "decided", "linked")
    close("linked_decision", "linked_reading")
    record("linked_decision", matter="matter_id", personal="reason")
    record("linked_reading", matter="matter_id")
    op.execute("DROP TRIGGER audit ON wall")
    record("wall", matter="matter_id", personal="reason,lifted_reason")
    run((SQL / "0018_linked.sql").read_text(encoding="utf-8"))
    rewrite(REWRITTEN)
    give_to_guard(CALLED, INNER)


def _causes(*causes: str) -> None:
    op.drop_constraint(op.f("ck_wall_cause_known"), "wall", type_="check")
    listed = ", ".join(f"'{cause}'" for cause in causes)
    op.create_check_constraint(op.f("ck_wall_cause_known"), "wall", f"cause IN ({listed})")


def downgrade() -> None:
    former = (SQL / "0014_walls.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE FUNCTION guard\.walls_of\(.*?\n\$\$;", former, re.DOTALL)
    if found is None:
        raise RuntimeError("the former walls_of is gone")
    rewrite_back(REWRITTEN)
    run(found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    for function in (*CALLED, *reversed(INNER)):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DROP TRIGGER audit ON wall")
    record("wall", matter="matter_id", personal="reason")
    op.execute("DELETE FROM wall WHERE cause = 'linked'")
    _causes("declared", "decided")
    op.drop_column("wall", "lifted_reason")
    op.drop_column("wall", "lifted_by")
    op.drop_table("linked_reading")
    op.drop_table("linked_decision")
