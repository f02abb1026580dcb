"""Open a person's file for a time and for a reason, write that down, and keep former posts in it

Revision ID: 0028
Revises: 0027

Policy: expand first, contract in a later release. What may be read becomes less: of a person only
what matters need to name them, unless the file is open.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, run

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
RULES = runpy.run_path(str(SQL / "0001_policies.py"))
REGISTERS = RULES["REGISTERS"]
OPENED = "(SELECT guard.opened())::uuid[]"

# What matters need to name somebody; the rest is the file.
CARD = "id, name, position, rank, unit_id, member, public_employee, presumed, version"
# All but the key and when the person was entered.
WRITTEN = (
    "name, id_number, id_index, position, rank, unit_id, member, public_employee, presumed, male,"
    " born, ethnicity, joined_party, education, version"
)
CALLED = (
    "own_person()",
    "opened()",
    "open_file(uuid, uuid, text)",
    "openings(uuid, timestamptz, uuid, integer)",
    "persons_numbered(bytea)",
    "import_persons(bytea[], text[], uuid[])",
    "import_number(uuid, bytea, bytea)",
    "import_told(uuid[], boolean[], text[], text[], text[], text[])",
    "exports_persons()",
)
INNER = ("handles_of(uuid)", "watches(uuid)")
VIEWS = ("person_file", "exported_person")

# A relative is shown in a file that is open; that one is somebody's relative, not to oneself: a
# declaration may be the first sign of a matter.
RELATIVES = (
    f"{REGISTERS} AND (person_id = ANY ({OPENED}) OR relative_id = ANY ({OPENED}))"
    " AND person_id IS DISTINCT FROM (SELECT guard.own_person())"
    " AND relative_id IS DISTINCT FROM (SELECT guard.own_person())"
)
POSTS = f"{REGISTERS} AND person_id = ANY ({OPENED})"


def upgrade() -> None:
    _tables()
    close("person_opening", "former_post")
    record("person_opening", matter="matter_id", personal="reason")
    record("former_post", personal="place,position")
    run((SQL / "0028_person_files.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    for view in VIEWS:
        op.execute(f"ALTER VIEW guard.{view} OWNER TO plumbline_guard")
        op.execute(f"GRANT SELECT ON guard.{view} TO plumbline_app")
    for statement in (
        "REVOKE SELECT, UPDATE ON person FROM plumbline_app",
        f"GRANT SELECT ({CARD}), UPDATE ({WRITTEN}) ON person TO plumbline_app",
        "DROP POLICY app_select ON relative",
        "DROP POLICY app_update ON relative",
    ):
        op.execute(statement)
    for table, command, rule in (
        ("relative", "select", RELATIVES),
        ("relative", "update", RELATIVES),
        ("former_post", "select", POSTS),
        ("former_post", "insert", f"{POSTS} AND recorded_by = (SELECT guard.actor())"),
        ("former_post", "update", POSTS),
    ):
        op.execute(RULES["policy"](table, command, rule))
        op.execute(f"GRANT {command.upper()} ON {table} TO plumbline_app")


def _tables() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "person_opening",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("opened_at", moment, server_default=sa.text("now()"), nullable=False),
        sa.Column("open_until", moment, nullable=False),
        sa.CheckConstraint("open_until > opened_at", name=op.f("ck_person_opening_for_a_time")),
        *references("person_opening", person_id="person", account_id="account", matter_id="matter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_opening")),
    )
    op.create_index(op.f("ix_person_opening_person_id"), "person_opening", ["person_id"])
    op.create_index(op.f("ix_person_opening_session_id"), "person_opening", ["session_id"])
    op.create_index("ix_person_opening_opened_at", "person_opening", ["opened_at", "id"])
    op.create_table(
        "former_post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("begins", sa.Text(), nullable=True),
        sa.Column("ends", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (place IS NULL)", name=op.f("ck_former_post_somewhere")
        ),
        *(
            sa.CheckConstraint(
                f"{column} ~ '^[0-9]{{4}}-(0[1-9]|1[0-2])$'",
                name=op.f(f"ck_former_post_{column}_month"),
            )
            for column in ("begins", "ends")
        ),
        sa.CheckConstraint("ends >= begins", name=op.f("ck_former_post_ends_after")),
        *references("former_post", person_id="person", unit_id="unit", recorded_by="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_post")),
    )
    op.create_index(op.f("ix_former_post_person_id"), "former_post", ["person_id"])


def downgrade() -> None:
    for statement in (
        "DROP POLICY app_select ON relative",
        "DROP POLICY app_update ON relative",
        RULES["policy"]("relative", "select", REGISTERS),
        RULES["policy"]("relative", "update", REGISTERS),
        f"REVOKE SELECT ({CARD}), UPDATE ({WRITTEN}) ON person FROM plumbline_app",
        "GRANT SELECT, UPDATE ON person TO plumbline_app",
    ):
        op.execute(statement)
    op.drop_table("former_post")
    for view in VIEWS:
        op.execute(f"DROP VIEW guard.{view}")
    for function in (*reversed(CALLED), *reversed(INNER)):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("person_opening")
