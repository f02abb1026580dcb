"""Keep whoever investigated out of adjudication, and whoever decided first out of the appeal

Revision ID: 0040
Revises: 0036

Policy: expand first, contract in a later release.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import give_to_guard, rewrite, rewrite_back, run

revision = "0040"
down_revision = "0036"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
# The guard's own: who did what in a matter is told with its facts alone.
INNER = (
    "hung_together(uuid)",
    "investigators(uuid)",
    "is_apart(jsonb)",
    "apart_steps(uuid)",
    "adjudications(uuid[])",
    "adjudicators(uuid)",
    "original_hands(uuid)",
    "check_apart()",
    "check_team()",
)
GUARDED = ("request", "signature", "transition", "team_member")

REWRITTEN = (
    (
        "facts(uuid)",
        "    'undecided_repeats', (\n",
        "    'investigators', (\n"
        "      SELECT coalesce(jsonb_agg(x.id), '[]')"
        " FROM guard.investigators(matter_) AS x (id)),\n"
        "    'adjudicators', (\n"
        "      SELECT coalesce(jsonb_agg(x.id), '[]')"
        " FROM guard.adjudicators(matter_) AS x (id)),\n"
        "    'original_hands', (\n"
        "      SELECT coalesce(jsonb_agg(x.id), '[]')"
        " FROM guard.original_hands(matter_) AS x (id)),\n"
        "    'undecided_repeats', (\n",
    ),
    (
        "ask_account(uuid, uuid, text, text)",
        "  IF NOT (CASE what_\n",
        "  IF what_ = 'person' AND value_ <> ''\n"
        "     AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id::text = value_) THEN\n"
        "    RAISE foreign_key_violation USING MESSAGE = 'there is no such person',\n"
        "      CONSTRAINT = 'fk_account_person_id';\n"
        "  END IF;\n"
        "  IF NOT (CASE what_\n",
    ),
)


def upgrade() -> None:
    run((SQL / "0040_apart.sql").read_text(encoding="utf-8"))
    rewrite(REWRITTEN)
    give_to_guard((), INNER)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    for table in GUARDED:
        op.execute(f"DROP TRIGGER kept_apart ON {table}")
    for function in reversed(INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
