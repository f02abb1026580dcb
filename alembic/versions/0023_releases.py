"""Release a reporter, or the original wording, to one person, for a reason and a time

Revision ID: 0023
Revises: 0022

Policy: expand first, contract in a later release. What may be read becomes less: the original
wording of a petition is open to who keeps its reporter, and to others by a release alone.
"""

from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, rewrite, rewrite_back, run

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = (
    "read_wording(uuid)",
    "is_custodian(uuid)",
    "ask_release(uuid, uuid, boolean, boolean, text)",
    "decide_release(uuid, boolean, text, timestamptz)",
    "end_release(uuid)",
    "releases(uuid)",
    "read_released(uuid)",
)
# All of a petition but its original wording.
OPEN = (
    "id, received_on, channel, class, named, place, summary, summary_checked_by, backlog,"
    " forwarded_to"
)
# What was asked to be released of a report that goes up on paper goes as well.
ERASED = "  DELETE FROM reporter_identity WHERE petition_id = petition_;"
REWRITTEN = (
    "erase_sealed(uuid, uuid)",
    ERASED,
    f"{ERASED}\n  DELETE FROM release WHERE petition_id = petition_;",
)


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("reporter", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opens_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reporter OR wording", name=op.f("ck_release_of_something")),
        sa.CheckConstraint(
            "decided_by <> requested_by", name=op.f("ck_release_decided_by_another")
        ),
        sa.CheckConstraint(
            "(approved IS NULL) = (decided_by IS NULL)"
            " AND (decided_at IS NULL) = (decided_by IS NULL)"
            " AND (decision IS NULL) = (decided_by IS NULL)"
            " AND (opens_until IS NOT NULL) = coalesce(approved, false)",
            name=op.f("ck_release_decided_whole"),
        ),
        sa.CheckConstraint(
            "opens_until > decided_at AND opens_until <= decided_at + interval '31 days'",
            name=op.f("ck_release_for_a_time"),
        ),
        *references(
            "release", petition_id="petition", requested_by="account", decided_by="account"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )  # fmt: skip
    op.create_index(op.f("ix_release_petition_id"), "release", ["petition_id"])
    op.create_index(op.f("ix_release_requested_by"), "release", ["requested_by"])
    op.create_index(
        "uq_release_waiting", "release", ["petition_id", "requested_by"], unique=True,
        postgresql_where=sa.text("decided_by IS NULL"),
    )  # fmt: skip
    close("release")
    record("release", matter="petition_id", personal="reason,decision")
    for statement in (
        "REVOKE SELECT ON petition FROM plumbline_app",
        f"GRANT SELECT ({OPEN}) ON petition TO plumbline_app",
        # Events hold what was written: the wording isn't read from there either.
        "CREATE POLICY wording ON audit_personal AS RESTRICTIVE FOR SELECT TO plumbline_app"
        " USING (NOT (\"values\" ? 'content'))",
    ):
        op.execute(statement)
    run((SQL / "0023_releases.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED)
    rewrite([REWRITTEN])


def downgrade() -> None:
    rewrite_back([REWRITTEN])
    for function in reversed(CALLED):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.execute("DROP POLICY wording ON audit_personal")
    op.execute(f"REVOKE SELECT ({OPEN}) ON petition FROM plumbline_app")
    op.execute("GRANT SELECT ON petition TO plumbline_app")
    op.drop_table("release")
