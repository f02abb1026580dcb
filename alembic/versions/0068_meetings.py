"""Decide in a study meeting, whose chair signs for each matter singly

Revision ID: 0068
Revises: 0067

Policy: expand first, contract in a later release.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from app.core.migrating import close, give_to_guard, record, references, run

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
RULES = runpy.run_path(str(SQL / "0001_policies.py"))
CALLED = ("my_meetings()", "my_recusals()", "refuse_unseen(uuid, jsonb)")
INNER = (
    "check_meeting()", "free_agenda()", "check_study_item()", "check_recusal()", "check_met()",
)  # fmt: skip
TABLES = ("study_recusal", "study_item", "study_attendance", "study_meeting")

ME = "(SELECT guard.actor())"
ITEM = RULES["WORKED"].format(column="study_item.matter_id")
RECUSAL = RULES["WORKED"].format(column="study_recusal.matter_id")
LEAVES = "= ANY ((SELECT guard.my_recusals())::uuid[])"  # sees nothing of the item
OVER = (
    "EXISTS (SELECT 1 FROM unit u WHERE u.id = unit_id AND u.path"
    " <@ (SELECT guard.reach('{lead_manager,deputy,chief,secretary,liaison}')))"
)
RECORDS = "(SELECT guard.holds('{lead_manager,petitions_head,department_head,secretary}'))"
OWN = (
    "EXISTS (SELECT 1 FROM study_meeting m WHERE m.id = meeting_id"
    f" AND m.recorder_id = {ME} AND m.status = 'drafted')"
)
# What may be done with an item, its trigger says: a policy that asked the meeting, which asks the
# items, would go round in a circle.
# Whoever sees a matter on its agenda sees when it was held, and by whom.
SEEN = (
    f"recorder_id = {ME} OR chair_id = {ME} OR id = ANY ((SELECT guard.my_meetings())::uuid[])"
    f" OR {OVER} OR EXISTS (SELECT 1 FROM study_item i WHERE i.meeting_id = study_meeting.id)"
)
OF_A_MEETING = "EXISTS (SELECT 1 FROM study_meeting m WHERE m.id = meeting_id)"
POLICIES = (
    ("study_meeting", "select", SEEN),
    ("study_meeting", "insert", f"recorder_id = {ME} AND {RECORDS}"),
    ("study_meeting", "update", f"{ME} IN (recorder_id, chair_id)"),
    ("study_attendance", "select", OF_A_MEETING),
    ("study_attendance", "insert", OWN),
    ("study_attendance", "delete", OWN),
    ("study_item", "select", f"{ITEM} AND NOT id {LEAVES}"),
    ("study_item", "insert", ITEM),
    ("study_item", "update", f"{ITEM} AND NOT id {LEAVES}"),
    ("study_recusal", "select", f"{RECUSAL} AND NOT item_id {LEAVES}"),
    ("study_recusal", "insert", RECUSAL),
    ("study_recusal", "delete", RECUSAL),
)
GRANTS = (
    "SELECT, INSERT, UPDATE (held_on, chair_id, status, recorded_on, signed_on, called_off,"
    " version) ON study_meeting",
    "SELECT, INSERT, DELETE ON study_attendance",
    "SELECT, INSERT, UPDATE (seen_version, decision, reason, pulled, pulled_by, result,"
    " result_reason) ON study_item",
    "SELECT, INSERT, DELETE ON study_recusal",
)


def upgrade() -> None:
    _meetings()
    _items()
    _signatures()
    close(*TABLES)
    run((SQL / "0068_meetings.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    for table, command, rule in POLICIES:
        op.execute(RULES["policy"](table, command, rule))
    for grant in GRANTS:
        op.execute(f"GRANT {grant} TO plumbline_app")
    record("study_meeting", personal="called_off")
    record("study_attendance")
    record("study_item", matter="matter_id", personal="reason,pulled")
    record("study_recusal", matter="matter_id")


def _meetings() -> None:
    op.create_table(
        "study_meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair_id", sa.Uuid(), nullable=False),
        sa.Column("recorder_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'drafted'"), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("called_off", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "status IN ('drafted', 'recorded', 'signed', 'called_off')",
            name=op.f("ck_study_meeting_status_known"),
        ),
        sa.CheckConstraint("chair_id <> recorder_id", name=op.f("ck_study_meeting_two_people")),
        sa.CheckConstraint(
            "(recorded_on IS NOT NULL) = (status IN ('recorded', 'signed'))"
            " AND (signed_on IS NOT NULL) = (status = 'signed')"
            " AND (called_off IS NOT NULL) = (status = 'called_off')",
            name=op.f("ck_study_meeting_signed_in_turn"),
        ),
        *references("study_meeting", unit_id="unit", chair_id="account", recorder_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_meeting")),
    )
    for column in ("unit_id", "chair_id", "recorder_id"):
        op.create_index(op.f(f"ix_study_meeting_{column}"), "study_meeting", [column])
    op.create_table(
        "study_attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *references("study_attendance", meeting_id="study_meeting", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_attendance")),
        sa.UniqueConstraint(
            "meeting_id", "account_id", name=op.f("uq_study_attendance_meeting_id_account_id")
        ),
    )
    op.create_index(op.f("ix_study_attendance_account_id"), "study_attendance", ["account_id"])


def _items() -> None:
    op.create_table(
        "study_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seen_version", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("pulled", sa.Text(), nullable=True),
        sa.Column("pulled_by", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_reason", postgresql.JSONB(none_as_null=True), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_study_item_{name}"))
            for name, rule in (
                ("decision_known", "decision IN ('sign', 'return')"),
                ("result_known", "result IN ('carried_out', 'passed_on', 'returned', 'refused')"),
                ("decided_whole", "(decision IS NULL) = (reason IS NULL)"),
                ("pulled_whole", "(pulled IS NULL) = (pulled_by IS NULL)"),
                ("pulled_or_signed", "pulled IS NULL OR result IS NULL"),
                (
                    "refused_with_a_reason",
                    "(result_reason IS NOT NULL) = (result IS NOT DISTINCT FROM 'refused')",
                ),
            )
        ),
        *references(
            "study_item", meeting_id="study_meeting", matter_id="matter", request_id="request",
            pulled_by="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_item")),
        sa.UniqueConstraint(
            "meeting_id", "position", name=op.f("uq_study_item_meeting_id_position")
        ),
    )  # fmt: skip
    for column in ("matter_id", "request_id"):
        op.create_index(op.f(f"ix_study_item_{column}"), "study_item", [column])
    op.create_index(
        "uq_study_item_waiting",
        "study_item",
        ["request_id"],
        unique=True,
        postgresql_where=sa.text("pulled IS NULL AND result IS NULL"),
    )
    op.create_table(
        "study_recusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('declared', 'kept_off')", name=op.f("ck_study_recusal_cause_known")
        ),
        *references(
            "study_recusal", item_id="study_item", matter_id="matter", account_id="account"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_recusal")),
        sa.UniqueConstraint(
            "item_id", "account_id", name=op.f("uq_study_recusal_item_id_account_id")
        ),
    )
    for column in ("matter_id", "account_id"):
        op.create_index(op.f(f"ix_study_recusal_{column}"), "study_recusal", [column])


def _signatures() -> None:
    op.add_column("signature", sa.Column("study_item_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_signature_study_item_id"), "signature", "study_item", ["study_item_id"], ["id"]
    )
    op.create_check_constraint(
        op.f("ck_signature_met_in_person"), "signature", "study_item_id IS NULL OR manner = 'own'"
    )
    op.create_index(
        "uq_signature_study_item",
        "signature",
        ["study_item_id"],
        unique=True,
        postgresql_where=sa.text("study_item_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER met ON signature")
    op.execute("DROP POLICY app_select ON study_meeting")
    op.drop_column("signature", "study_item_id")
    for table in TABLES:
        op.drop_table(table)
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
