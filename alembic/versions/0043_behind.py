"""Keep what reporters were told apart, let handlers ask behind a lead, leave no review to nobody

Revision ID: 0043
Revises: 0042

Policy: expand first, contract in a later release.
"""

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from app.core.migrating import (
    Rewriting,
    close,
    give_to_guard,
    references,
    rewrite,
    rewrite_back,
    run,
)

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "words_of(uuid)",
    "sealed_form(uuid)",
    "sealed_reason(uuid)",
    "petitions_behind(uuid)",
    "asked_through(uuid)",
    "asks_for(uuid)",
    "releases(text, uuid)",
    "reviews_for_nobody()",
    "left_imports()",
)
INNER = ("tells_reporter(uuid, text)", "seal_words()", "seal_past_words()")

HELD = "(r.decided_by IS NULL OR (r.ended_at IS NULL AND r.opens_until > now())))\n"
REWRITTEN: tuple[Rewriting, ...] = (
    (
        "facts(uuid)",
        "SELECT to_jsonb(q) || jsonb_build_object('signatures', (",
        "SELECT to_jsonb(q) || coalesce((\n"
        "               SELECT jsonb_build_object('form', w.form, 'reason', w.reason)\n"
        "                 FROM guard.words_of(matter_) w WHERE w.id = q.id), '{}')\n"
        "             || jsonb_build_object('signatures', (",
    ),
    (
        "erase_sealed(uuid, uuid)",
        "  DELETE FROM correction WHERE matter_id = petition_;\n",
        "  DELETE FROM correction WHERE matter_id = petition_;\n"
        "  DELETE FROM sealed_words WHERE matter_id = petition_;\n",
    ),
    (
        "ask_release(uuid, uuid, boolean, boolean, text)",
        "  IF NOT guard.works_on(petition_)\n",
        "  IF NOT guard.asks_for(petition_)\n",
    ),
    (
        "end_release(uuid)",
        "     AND guard.works_on(x.petition_id)\n",
        "     AND guard.asks_for(x.petition_id)\n",
    ),
    (
        "read_released(uuid)",
        "NOT guard.works_on(r.petition_id) THEN",
        "NOT guard.asks_for(r.petition_id) THEN",
    ),
    (
        "left_over()",
        HELD,
        HELD[:-2] + "\n"
        "    UNION ALL\n"
        "    SELECT a.account_id, a.matter_id, 'grant', a.begins_on\n"
        "      FROM gone g JOIN access_grant a ON a.account_id = g.id\n"
        "       AND a.ended_on IS NULL AND a.ends_on > current_date\n"
        "    UNION ALL\n"
        "    SELECT m.made_by, m.id, 'logged', m.opened_on\n"
        "      FROM gone g JOIN matter m ON m.made_by = g.id AND m.closed_on IS NULL\n"
        "     WHERE m.kind IN ('lead', 'petition') AND m.import_batch_id IS NULL\n"
        "       AND m.assigned_path IS NULL AND NOT EXISTS (\n"
        "         SELECT 1 FROM team_member t WHERE t.matter_id = m.id AND t.ends_on IS NULL)\n"
        "       AND NOT EXISTS (SELECT 1 FROM transition t\n"
        "                        WHERE t.matter_id = m.id AND t.actor_id <> m.made_by))\n",
    ),
)
# Rows of a ledger aren't asked about one by one.
APART = ("request", "signature", "transition")


def upgrade() -> None:
    op.create_table(
        "sealed_words",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("form", JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        *references("sealed_words", matter_id="petition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_words")),
    )
    op.create_index(op.f("ix_sealed_words_matter_id"), "sealed_words", ["matter_id"])
    close("sealed_words")
    text = (SQL / "0043_behind.sql").read_text(encoding="utf-8")
    op.execute("SET LOCAL check_function_bodies = off")
    run(text)
    rewrite(REWRITTEN)
    give_to_guard(CALLED, INNER)
    op.execute("SELECT guard.seal_past_words()")
    for table in APART:
        op.execute(f"DROP TRIGGER kept_apart ON {table}")
        op.execute(
            f"CREATE TRIGGER kept_apart BEFORE INSERT ON {table}"
            " FOR EACH ROW WHEN (NEW.manner = 'own') EXECUTE FUNCTION guard.check_apart()"
        )


def downgrade() -> None:
    kept = op.get_bind().execute(sa.text("SELECT count(*) FROM sealed_words")).scalar_one()
    if kept:
        raise RuntimeError("the former version would show what reporters were told")
    for table in APART:
        op.execute(f"DROP TRIGGER sealed_words ON {table}")
        op.execute(f"DROP TRIGGER kept_apart ON {table}")
        op.execute(
            f"CREATE TRIGGER kept_apart BEFORE INSERT ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION guard.check_apart()"
        )
    rewrite_back(REWRITTEN)
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    former = (SQL / "0023_releases.sql").read_text(encoding="utf-8")
    begin = former.index("CREATE FUNCTION guard.releases(")
    run(former[begin : former.index("$$;", begin) + 3])
    give_to_guard(("releases(uuid)",))
    op.drop_table("sealed_words")
