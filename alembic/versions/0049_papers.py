"""Attach papers to a matter: kept by content, opened in the sight of history, never deleted

Revision ID: 0049
Revises: 0048

The file itself lies in the data folder; its row says whose it is. Policy: expand first, contract in
a later release.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import (
    close,
    give_to_guard,
    record,
    references,
    rewrite,
    rewrite_back,
    run,
)

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
RULES = runpy.run_path(str(SQL / "0001_policies.py"))
CALLED = (
    "read_paper(uuid, text)",
    "mark_paper(uuid, text, date)",
    "decide_paper(uuid, boolean, date)",
    "released_papers(uuid)",
    "read_released_paper(uuid, uuid)",
    "unkept(text[])",
)
INNER = ("knows_paper(uuid, boolean)", "write_paper_reading(uuid, uuid, text, uuid)")
# All but the hash, which leads to the file: that comes from functions that write the reading down.
SHOWN = (
    "id, matter_id, title, file_name, media, size, pages, original, attached_by, attached_on,"
    " recorded_at, marked_by, marked_on, mark_reason, withdrawn_by, withdrawn_on"
)
WORKED = RULES["WORKED"].format(column="matter_paper.matter_id")
# What shows how a report was made is kept like its wording.
KEPT = "(NOT original OR guard.keeps_reporter(matter_id))"
NEW = (
    f"{WORKED} AND {KEPT} AND attached_by = (SELECT guard.actor())"
    " AND marked_by IS NULL AND withdrawn_by IS NULL"
)
# Of a matter that is sealed and passed up, what was typed goes; so does what was scanned.
ERASED = (
    "erase_sealed(uuid, uuid)",
    "  DELETE FROM note WHERE matter_id = petition_;\n",
    "  DELETE FROM note WHERE matter_id = petition_;\n"
    "  DELETE FROM matter_paper WHERE matter_id = petition_;\n",
)


def upgrade() -> None:
    _table()
    close("matter_paper")
    record("matter_paper", matter="matter_id", personal="title,file_name,digest,mark_reason")
    run((SQL / "0049_papers.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    for statement in (
        RULES["policy"]("matter_paper", "select", f"{WORKED} AND {KEPT}"),
        RULES["policy"]("matter_paper", "insert", NEW),
        f"GRANT SELECT ({SHOWN}), INSERT ON matter_paper TO plumbline_app",
        # Events hold the names of papers as well, and why one was a mistake.
        "CREATE POLICY papers ON audit_personal AS RESTRICTIVE FOR SELECT TO plumbline_app"
        " USING (NOT (\"values\" ?| '{digest,mark_reason}'))",
    ):
        op.execute(statement)
    rewrite([ERASED])


def _table() -> None:
    op.create_table(
        "matter_paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("original", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("attached_by", sa.Uuid(), nullable=False),
        sa.Column("attached_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("marked_by", sa.Uuid(), nullable=True),
        sa.Column("marked_on", sa.Date(), nullable=True),
        sa.Column("mark_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "media IN ('application/pdf', 'image/jpeg', 'image/png')",
            name=op.f("ck_matter_paper_media_known"),
        ),
        sa.CheckConstraint("size > 0 AND pages > 0", name=op.f("ck_matter_paper_of_something")),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name=op.f("ck_matter_paper_hashed")),
        sa.CheckConstraint(
            "(marked_on IS NULL) = (marked_by IS NULL)"
            " AND (mark_reason IS NULL) = (marked_by IS NULL)",
            name=op.f("ck_matter_paper_marked_whole"),
        ),
        sa.CheckConstraint(
            "(withdrawn_on IS NULL) = (withdrawn_by IS NULL)"
            " AND (withdrawn_by IS NULL OR marked_by IS NOT NULL)",
            name=op.f("ck_matter_paper_withdrawn_whole"),
        ),
        sa.CheckConstraint("withdrawn_by <> marked_by", name=op.f("ck_matter_paper_second_hand")),
        *references(
            "matter_paper",
            matter_id="matter",
            attached_by="account",
            marked_by="account",
            withdrawn_by="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_paper")),
    )
    op.create_index(op.f("ix_matter_paper_matter_id"), "matter_paper", ["matter_id"])
    op.create_index(op.f("ix_matter_paper_digest"), "matter_paper", ["digest"])


def downgrade() -> None:
    rewrite_back([ERASED])
    op.execute("DROP POLICY papers ON audit_personal")
    for function in (*CALLED[:3], "read_released_paper(uuid, uuid)", "released_papers(uuid)",
                     "unkept(text[])", *reversed(INNER)):  # fmt: skip
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("matter_paper")
