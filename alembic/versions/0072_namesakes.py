"""Ask whether a person who is reported under a colleague's name is that colleague

Revision ID: 0072
Revises: 0071

Policy: expand first, contract in a later release. Walls followed from an identity number, or from an
account that is tied to the person: whoever was reported by name alone went on reading about it.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import (
    Rewriting,
    close,
    give_to_guard,
    record,
    references,
    rewrite,
    rewrite_back,
    run,
)

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "namesakes_on(uuid)",
    "answer_namesake(uuid, uuid, uuid, boolean, text, date)",
)
INNER = (
    "ask_namesakes(uuid[], uuid[])",
    "named_like_a_colleague()",
    "colleague_named_like()",
    "renamed_like_a_colleague()",
    "carry_namesakes()",
    "is_asked_about(uuid, uuid)",
    "check_namesake()",
)
TRIGGERS = (
    ("namesakes", "involvement"),
    ("namesakes", "account"),
    ("namesakes", "role_held"),
    ("namesakes", "person"),
    ("namesakes", "matter_link"),
    ('"Namesake joins"', "team_member"),
    ("namesake_signs", "signature"),
)
FOLDED = {"ix_account_folded": "account", "ix_person_folded": "person"}

# Who keeps off: until it is answered the colleague alone, and from this matter; once it is them they
# are named there like anybody else.
ROWS = "SELECT w.matter_id FROM wall w WHERE w.account_id = account_ AND w.ended_on IS NULL);\n"
ROWS_OR_NAMESAKES = (
    "SELECT w.matter_id FROM wall w WHERE w.account_id = account_ AND w.ended_on IS NULL\n"
    "    UNION\n"
    "    SELECT k.matter_id FROM guard.namesake_standing k\n"
    "     WHERE k.account_id = account_ AND (k.answer = 'them' OR NOT k.works));\n"
)
WALLED = "EXISTS (SELECT 1 FROM wall w WHERE w.account_id = me AND w.ended_on IS NULL)\n"
WALLED_OR_ASKED = (
    WALLED + "           OR EXISTS (SELECT 1 FROM namesake k"
    " WHERE k.account_id = me AND k.answer IS DISTINCT FROM 'other')\n"
)
NAMED = " WHERE i.ended_on IS NULL\n    UNION\n    SELECT l.to_id FROM behind b"
NAMED_OR_THEM = (
    " WHERE i.ended_on IS NULL\n"
    "    UNION\n"
    "    SELECT k.matter_id FROM guard.near(account_) AS n (person_id)\n"
    "      JOIN account a ON a.person_id = n.person_id\n"
    "      JOIN namesake k ON k.account_id = a.id AND k.answer = 'them'\n"
    "      JOIN involvement i ON i.id = k.involvement_id AND i.ended_on IS NULL\n"
    "    UNION\n    SELECT l.to_id FROM behind b"
)
NAMED_THERE = "     WHERE i.person_id IS NOT NULL AND i.ended_on IS NULL)\n"
NAMED_THERE_OR_THEM = (
    "     WHERE i.person_id IS NOT NULL AND i.ended_on IS NULL\n"
    "    UNION\n"
    "    SELECT a.person_id FROM whole x JOIN guard.namesake_standing k ON k.matter_id = x.id\n"
    "      JOIN account a ON a.id = k.account_id\n"
    "     WHERE k.answer = 'them' AND a.person_id IS NOT NULL)\n"
)
KEPT = "  SELECT w.account_id, w.cause FROM wall w JOIN whole x ON x.id = w.matter_id\n"
KEPT_OR_ASKED = (
    "  SELECT k.account_id, CASE WHEN k.answer = 'them' THEN 'named' ELSE 'namesake' END\n"
    "    FROM guard.namesake_standing k JOIN whole x ON x.id = k.matter_id\n"
    "   WHERE k.answer = 'them' OR NOT k.works\n"
    "  UNION\n" + KEPT
)
ANYWHERE = "         ON i.person_id = n.person_id AND i.ended_on IS NULL)\n"
ANYWHERE_OR_THEM = (
    "         ON i.person_id = n.person_id AND i.ended_on IS NULL\n"
    "     UNION ALL\n"
    "     SELECT 1 FROM guard.near(a.id) AS n (person_id) JOIN account c\n"
    "         ON c.person_id = n.person_id\n"
    "       JOIN namesake k ON k.account_id = c.id AND k.answer = 'them')\n"
)
ACCUSED = (
    "    JOIN involvement i ON i.person_id = a.person_id AND i.part = 'subject'"
    " AND i.ended_on IS NULL\n"
)
ACCUSED_OR_THEM = (
    "    JOIN LATERAL (\n"
    "      SELECT i.matter_id FROM involvement i\n"
    "       WHERE i.person_id = a.person_id AND i.part = 'subject' AND i.ended_on IS NULL\n"
    "      UNION\n"
    "      SELECT i.matter_id FROM namesake k JOIN involvement i ON i.id = k.involvement_id\n"
    "       WHERE k.account_id = a.id AND k.answer = 'them' AND i.part = 'subject'\n"
    "         AND i.ended_on IS NULL) i ON true\n"
)
SUSPECT = "    SELECT w.account_id AS id FROM wall w WHERE w.ended_on IS NULL\n    UNION\n"
SUSPECT_OR_ASKED = SUSPECT + "    SELECT k.account_id FROM namesake k\n    UNION\n"
CONFLICTED = "    'conflicted', (\n"
CONFLICTED_OR_ASKED = (
    "    'asked_about', (\n"
    "      SELECT coalesce(jsonb_agg(DISTINCT k.account_id), '[]')\n"
    "        FROM guard.namesake_standing k\n"
    "       WHERE k.matter_id IN (matter_, origin_) AND k.answer IS NULL),\n" + CONFLICTED
)
REWRITTEN: tuple[Rewriting, ...] = (
    ("walls_upon(uuid)", ROWS, ROWS_OR_NAMESAKES),
    ("enter(text, text, text)", WALLED, WALLED_OR_ASKED),
    ("named_in(uuid)", NAMED, NAMED_OR_THEM),
    ("walled_from(uuid)", NAMED_THERE, NAMED_THERE_OR_THEM),
    ("walled_from(uuid)", KEPT, KEPT_OR_ASKED),
    ("named_accounts()", ANYWHERE, ANYWHERE_OR_THEM),
    ("accused_handlers(date)", ACCUSED, ACCUSED_OR_THEM),
    ("stuck_behind_walls()", SUSPECT, SUSPECT_OR_ASKED),
    ("facts(uuid)", CONFLICTED, CONFLICTED_OR_ASKED),
)
# Who is asked about never reads that they are: not in the events of the matter either.
EVENTS = "table_name <> 'namesake'"


def upgrade() -> None:
    op.create_table(
        "namesake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("involvement_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("answer IN ('them', 'other')", name=op.f("ck_namesake_answer_known")),
        sa.CheckConstraint(
            "num_nonnulls(answer, reason, answered_by, answered_on) IN (0, 4)",
            name=op.f("ck_namesake_answered_whole"),
        ),
        sa.CheckConstraint("account_id <> answered_by", name=op.f("ck_namesake_not_about_oneself")),
        *references(
            "namesake",
            matter_id="matter",
            involvement_id="involvement",
            account_id="account",
            answered_by="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_namesake")),
        sa.UniqueConstraint(
            "involvement_id", "account_id", name=op.f("uq_namesake_involvement_id_account_id")
        ),
    )
    for column in ("matter_id", "account_id"):
        op.create_index(op.f(f"ix_namesake_{column}"), "namesake", [column])
    for name, table in FOLDED.items():
        op.create_index(name, table, [sa.text("guard.folded(name)")])
    close("namesake")
    record("namesake", personal="reason")
    run((SQL / "0072_namesakes.sql").read_text(encoding="utf-8"))
    op.execute("ALTER VIEW guard.namesake_standing OWNER TO plumbline_guard")
    give_to_guard(CALLED, INNER)
    rewrite(REWRITTEN)
    op.execute(
        "CREATE POLICY namesakes ON audit_event AS RESTRICTIVE FOR SELECT TO plumbline_app"
        f" USING ({EVENTS})"
    )


def downgrade() -> None:
    op.execute("DROP POLICY namesakes ON audit_event")
    rewrite_back(REWRITTEN)
    for name, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DROP VIEW guard.namesake_standing")
    for name, table in FOLDED.items():
        op.drop_index(name, table_name=table)
    op.drop_table("namesake")
