"""Let people watch matters and views, and keep when they were there last

Revision ID: 0059
Revises: 0058

Policy: expand first, contract in a later release.
"""

import sqlalchemy as sa

from alembic import op
from app.core.migrating import Rewriting, close, references, rewrite, rewrite_back

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

SEEN = "EXISTS (SELECT 1 FROM matter m WHERE m.id = {table}.matter_id)"
MINE = (
    "account_id = (SELECT guard.actor()) AND (matter_id IS NULL"
    " OR EXISTS (SELECT 1 FROM matter m WHERE m.id = {table}.matter_id))"
)
RULES = {
    "watch": MINE.format(table="watch"),
    "visit": MINE.format(table="visit"),
    "watched_matter": "EXISTS (SELECT 1 FROM watch w WHERE w.id = watched_matter.watch_id) AND "
    + SEEN.format(table="watched_matter"),
}
# A view is watched by whoever keeps it: a reference looks past its policy.
MINE_TOO = " AND (view_id IS NULL OR EXISTS (SELECT 1 FROM saved_view v WHERE v.id = view_id))"
GRANTS = {
    "watch": ("SELECT, INSERT, DELETE", "looked_at"),
    "visit": ("SELECT, INSERT", "version, seen_at, former_version, former_at"),
    "watched_matter": ("SELECT, INSERT, DELETE", ""),
}
REWRITTEN: tuple[Rewriting, ...] = (
    (
        "forget_drafts()",
        "  DELETE FROM draft WHERE account_id = NEW.id;\n",
        "  DELETE FROM draft WHERE account_id = NEW.id;\n"
        "  DELETE FROM watch WHERE account_id = NEW.id;\n"
        "  DELETE FROM visit WHERE account_id = NEW.id;\n",
    ),
    (
        "clean_up()",
        "  DELETE FROM draft WHERE saved_at < now() - interval '30 days';\n",
        "  DELETE FROM visit WHERE seen_at < now() - interval '1 year';\n"
        "  DELETE FROM draft WHERE saved_at < now() - interval '30 days';\n",
    ),
)


def moment(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("view_id", sa.Uuid(), nullable=True),
        moment("begun_at"),
        moment("looked_at"),
        sa.CheckConstraint("num_nonnulls(matter_id, view_id) = 1", name=op.f("ck_watch_one_thing")),
        *references("watch", account_id="account", matter_id="matter"),
        sa.ForeignKeyConstraint(
            ["view_id"], ["saved_view.id"], name=op.f("fk_watch_view_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
    )
    op.create_index("uq_watch_matter", "watch", ["account_id", "matter_id"], unique=True)
    op.create_index("uq_watch_view", "watch", ["view_id"], unique=True)
    op.create_index(op.f("ix_watch_matter_id"), "watch", ["matter_id"])
    op.create_table(
        "watched_matter",
        sa.Column("watch_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *references("watched_matter", matter_id="matter"),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["watch.id"], name=op.f("fk_watched_matter_watch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watch_id", "matter_id", name=op.f("pk_watched_matter")),
    )
    op.create_index(op.f("ix_watched_matter_matter_id"), "watched_matter", ["matter_id"])
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        moment("seen_at"),
        sa.Column("former_version", sa.Integer(), nullable=True),
        sa.Column("former_at", sa.DateTime(timezone=True), nullable=True),
        *references("visit", account_id="account", matter_id="matter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index("uq_visit_matter", "visit", ["account_id", "matter_id"], unique=True)
    op.create_index(
        "uq_visit_desk",
        "visit",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("matter_id IS NULL"),
    )
    op.create_index(op.f("ix_visit_matter_id"), "visit", ["matter_id"])
    close("watch", "watched_matter", "visit")
    for table, rule in RULES.items():
        _open(table, rule)
    rewrite(REWRITTEN)


def _open(table: str, rule: str) -> None:
    whole, columns = GRANTS[table]
    check = rule + (MINE_TOO if table == "watch" else "")
    clauses = {"select": f"USING ({rule})", "insert": f"WITH CHECK ({check})"}
    if columns:
        clauses["update"] = f"USING ({rule}) WITH CHECK ({check})"
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO plumbline_app")
    if "DELETE" in whole:
        clauses["delete"] = f"USING ({rule})"
    for command, clause in clauses.items():
        op.execute(
            f"CREATE POLICY app_{command} ON {table} FOR {command.upper()}"
            f" TO plumbline_app {clause}"
        )
    op.execute(f"GRANT {whole} ON {table} TO plumbline_app")


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    op.drop_table("visit")
    op.drop_table("watched_matter")
    op.drop_table("watch")
