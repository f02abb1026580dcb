"""Decide whether a handler keeps off what is linked to a matter that names them, and lift walls

Revision ID: 0018
Revises: 0017

Policy: expand first, contract in a later release.
"""

import re
from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "read_undecided(uuid)",
    "write_reading(uuid)",
    "links_to_decide()",
    "decide_link(uuid, uuid, uuid, boolean, text, date)",
    "walls_to_lift(uuid)",
    "lift_wall(uuid, uuid, text, date)",
    "accused_handlers(date)",
)
# The guard's own: an answer to anybody would tell of what they may not know.
INNER = ("near(uuid)", "named_in(uuid)", "undecided_links(uuid)", "named_accounts()")


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
        *_references(
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
        *_references("linked_reading", matter_id="matter", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_reading")),
    )
    op.create_index(op.f("ix_linked_reading_matter_id"), "linked_reading", ["matter_id"])
    op.add_column("wall", sa.Column("lifted_by", sa.Uuid(), nullable=True))
    op.add_column("wall", sa.Column("lifted_reason", sa.Text(), nullable=True))
    op.create_foreign_key(op.f("fk_wall_lifted_by"), "wall", "account", ["lifted_by"], ["id"])
    _causes("declared", "decided", "linked")
    for table, personal in (("linked_decision", "reason"), ("linked_reading", "")):
        for statement in (
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO plumbline_guard",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY guard_all ON {table} TO plumbline_guard USING (true) WITH CHECK (true)",
            f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION guard.record('matter_id', '{personal}', '')",
        ):
            op.execute(statement)
    op.execute("DROP TRIGGER audit ON wall")
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON wall"
        " FOR EACH ROW EXECUTE FUNCTION guard.record('matter_id', 'reason,lifted_reason', '')"
    )
    text = (SQL / "0018_linked.sql").read_text(encoding="utf-8")
    op.get_bind().connection.driver_connection.execute(text)
    for function in (*CALLED, *INNER):
        op.execute(f"REVOKE ALL ON FUNCTION guard.{function} FROM PUBLIC")
        op.execute(f"ALTER FUNCTION guard.{function} OWNER TO plumbline_guard")
    for function in CALLED:
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def _causes(*causes: str) -> None:
    op.drop_constraint(op.f("ck_wall_cause_known"), "wall", type_="check")
    listed = ", ".join(f"'{cause}'" for cause in causes)
    op.create_check_constraint(op.f("ck_wall_cause_known"), "wall", f"cause IN ({listed})")


def downgrade() -> None:
    former = (SQL / "0014_walls.sql").read_text(encoding="utf-8")
    driver = op.get_bind().connection.driver_connection
    for function in ("walls_of", "walled_from"):
        found = re.search(rf"CREATE FUNCTION guard\.{function}\(.*?\n\$\$;", former, re.DOTALL)
        if found is None:
            raise RuntimeError(f"the former {function} is gone")
        driver.execute(found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    for function in (*CALLED, *reversed(INNER)):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DROP TRIGGER audit ON wall")
    op.execute(
        "CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON wall"
        " FOR EACH ROW EXECUTE FUNCTION guard.record('matter_id', 'reason', '')"
    )
    op.execute("DELETE FROM wall WHERE cause = 'linked'")
    _causes("declared", "decided")
    op.drop_column("wall", "lifted_reason")
    op.drop_column("wall", "lifted_by")
    op.drop_table("linked_reading")
    op.drop_table("linked_decision")
