"""Keep from a colleague that the register has somebody of their name, while they are kept off for it

Revision ID: 0076
Revises: 0075

Policy: expand first, contract in a later release. The matter was hidden from them, and the register
named the person with the place: they could see that they are reported, open the file, and complete
it.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import Rewriting, give_to_guard, rewrite, rewrite_back, run

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = ("borne_by_me()",)
MINE = "id = ANY ((SELECT guard.borne_by_me())::uuid[])"
COMMANDS = ("select", "update")
FOUND = "  IF NOT FOUND OR NOT guard.reads_content()"
REWRITTEN: tuple[Rewriting, ...] = (
    (
        "open_file(uuid, uuid, text)",
        FOUND,
        "  IF NOT FOUND OR person_ = ANY (guard.borne_by_me()) OR NOT guard.reads_content()",
    ),
)


def upgrade() -> None:
    run((SQL / "0076_namesakes_in_the_register.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, ())
    rewrite(REWRITTEN)
    for command in COMMANDS:
        op.execute(
            f"CREATE POLICY namesakes_{command} ON person AS RESTRICTIVE"
            f" FOR {command.upper()} TO plumbline_app USING (({MINE}) IS NOT TRUE)"
        )


def downgrade() -> None:
    for command in COMMANDS:
        op.execute(f"DROP POLICY namesakes_{command} ON person")
    rewrite_back(REWRITTEN)
    op.execute("DROP FUNCTION guard.borne_by_me()")
