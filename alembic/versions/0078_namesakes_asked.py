"""Recognise a colleague's name with a title beside it, and ask about names from before the upgrade

Revision ID: 0078
Revises: 0077

Policy: expand first, contract in a later release. Whoever was reported as 高静（副书记） was asked about
by nobody, and names that stood on matters before there were questions only when something was written.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = ("namesakes_to_answer(integer)",)
INNER = ("ask_everywhere()",)
# What compares names, and by which indexes.
COMPARING = ("named_like_a_colleague()", "colleague_named_like()", "renamed_like_a_colleague()")
BARE = {"ix_account_bare": "account", "ix_person_bare": "person"}
FOLDED = {"ix_account_folded": "account", "ix_person_folded": "person"}


def upgrade() -> None:
    op.execute("GRANT EXECUTE ON FUNCTION guard.bare_name(text) TO plumbline_app")
    _index(BARE, FOLDED, "guard.bare_name(name)")
    _compare("guard.folded(", "guard.bare_name(")
    run((SQL / "0078_namesakes_asked.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    op.create_index(
        "ix_namesake_asked", "namesake", ["matter_id"], postgresql_where=sa.text("answer IS NULL")
    )
    op.execute("SET LOCAL ROLE plumbline_guard")
    op.execute("SELECT guard.ask_everywhere()")
    op.execute("RESET ROLE")


def _compare(former: str, now: str) -> None:
    """Write over what compares names: each comparison in it."""
    link = op.get_bind()
    for function in COMPARING:
        text = link.execute(
            sa.text("SELECT pg_get_functiondef(to_regprocedure(:name))"),
            {"name": f"guard.{function}"},
        ).scalar_one()
        run(text.replace(former, now))
    view = link.execute(
        sa.text("SELECT pg_get_viewdef('guard.namesake_standing'::regclass)")
    ).scalar_one()
    run(f"CREATE OR REPLACE VIEW guard.namesake_standing AS {view.replace(former, now)}")


def _index(made: dict[str, str], gone: dict[str, str], of: str) -> None:
    for name, table in made.items():
        op.create_index(name, table, [sa.text(of)])
    for name, table in gone.items():
        op.drop_index(name, table_name=table)


def downgrade() -> None:
    op.drop_index("ix_namesake_asked", table_name="namesake")
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    _compare("guard.bare_name(", "guard.folded(")
    _index(FOLDED, BARE, "guard.folded(name)")
    op.execute("REVOKE EXECUTE ON FUNCTION guard.bare_name(text) FROM plumbline_app")
