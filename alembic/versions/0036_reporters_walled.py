"""Wall a reporter who works here off from what they reported, without saying who reported

Revision ID: 0036
Revises: 0035

Policy: expand first, contract in a later release.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import (
    close,
    give_to_guard,
    references,
    rewrite,
    rewrite_back,
    run,
)

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "tie_reporter(uuid, bytea)",
    "untie_reporter(uuid)",
    "persons_without_token()",
    "keep_token(uuid, text, bytea)",
)
# The guard's own: an answer to anybody would tell who reported.
INNER = ("forget_token()", "reported_by(uuid)", "reporters_of(uuid)")
ERASED = "  DELETE FROM reporter_identity WHERE petition_id = petition_;"

REWRITTEN = (
    (
        "walls_of(uuid)",
        "    SELECT n.matter_id FROM guard.named_in(account_) AS n (matter_id)\n",
        "    SELECT n.matter_id FROM guard.named_in(account_) AS n (matter_id)\n"
        "    UNION\n"
        "    SELECT y.matter_id FROM guard.reported_by(account_) AS y (matter_id)\n",
    ),
    (
        "walled_from(uuid)",
        "  SELECT a.id, 'named' FROM named n",
        "  SELECT y.account_id, 'reporter' FROM guard.reporters_of(matter_) AS y (account_id)\n"
        "  UNION\n"
        "  SELECT a.id, 'named' FROM named n",
    ),
    # Who reported shows to who keeps it; to others they stand where they would stand without.
    (
        "walls_on(uuid)",
        " WHERE guard.works_on(matter_) AND guard.reads_content()",
        " WHERE guard.works_on(matter_) AND guard.reads_content()\n"
        "     AND (w.cause <> 'reporter' OR guard.keeps_reporter(matter_))",
    ),
    (
        "stuck_behind_walls()",
        "    SELECT a.id FROM account a WHERE a.person_id IN (\n",
        "    SELECT a.id FROM account a WHERE a.person_id IN (\n"
        "      SELECT k.person_id FROM person_token k JOIN reporter_tie t ON t.token = k.token\n"
        "      UNION\n",
    ),
    (
        "erase_sealed(uuid, uuid)",
        ERASED,
        f"{ERASED}\n  DELETE FROM reporter_tie WHERE petition_id = petition_;",
    ),
)


def upgrade() -> None:
    op.create_table(
        "reporter_tie",
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        *references("reporter_tie", petition_id="petition"),
        sa.PrimaryKeyConstraint("petition_id", "token", name=op.f("pk_reporter_tie")),
    )
    op.create_index(op.f("ix_reporter_tie_token"), "reporter_tie", ["token"])
    op.create_table(
        "person_token",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("by IN ('person', 'number')", name=op.f("ck_person_token_by_known")),
        *references("person_token", person_id="person"),
        sa.PrimaryKeyConstraint("person_id", "by", name=op.f("pk_person_token")),
    )
    op.create_index(op.f("ix_person_token_token"), "person_token", ["token"])
    close("reporter_tie", "person_token")
    run((SQL / "0036_reporters_walled.sql").read_text(encoding="utf-8"))
    op.execute("ALTER VIEW guard.person_near_account OWNER TO plumbline_guard")
    rewrite(REWRITTEN)
    give_to_guard(CALLED, INNER)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    op.execute("DROP TRIGGER token ON person")
    for function in (*CALLED[:2], *reversed(CALLED[2:]), *reversed(INNER)):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DROP VIEW guard.person_near_account")
    op.drop_table("person_token")
    op.drop_table("reporter_tie")
