"""Everything from units to events, with its row security

Revision ID: 0001
Revises:

Policy: expand first, contract in a later release; a table with matter data gets forced row
security in the migration that makes it; a data migration runs as the owner, which the guard's
policy lets through.
"""

import runpy
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import app.models.columns
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    for extension in ("ltree", "pg_trgm", "btree_gin"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute("CREATE SEQUENCE audit_event_seq")
    _tables()
    _security()


def _security() -> None:
    """Functions, policies, triggers and grants, in the transaction that makes the tables."""
    rules = runpy.run_path(str(SQL / "0001_policies.py"))
    guard = (SQL / "0001_guard.sql").read_text(encoding="utf-8")
    content = rules["CONTENT"].format(m="m")
    # The driver itself: SQLAlchemy would read the per cent signs as parameters.
    driver = op.get_bind().connection.driver_connection
    for statement in [guard.replace("@@content:m@@", content), *_grants(rules)]:
        driver.execute(statement)


def _grants(rules: dict[str, Any]) -> list[str]:
    tables = [*rules["ON_MATTER"], *rules["OTHERS"], *rules["CLOSED"], "matter"]
    found = [
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO plumbline_guard'
        for table in [*tables, *rules["OPEN"]]
    ]
    found.append("GRANT USAGE ON SEQUENCE audit_event_seq TO plumbline_guard, plumbline_app")
    for table in tables:
        found += [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            # The owner is a member of the guard, so migrations pass by the same policy.
            f'CREATE POLICY guard_all ON "{table}" TO plumbline_guard USING (true) WITH CHECK (true)',
        ]
    policies = rules["matter"]()
    for table in rules["ON_MATTER"]:
        policies += rules["on_matter"](table)
    for table, commands in rules["OTHERS"].items():
        policies += [rules["policy"](table, command, rule) for command, rule in commands.items()]
    found += policies
    for policy in policies:
        command, table = policy.split()[2].removeprefix("app_"), policy.split()[4]
        found.append(f"GRANT {command.upper()} ON {table} TO plumbline_app")
    found += [f'GRANT SELECT ON "{table}" TO plumbline_app' for table in rules["OPEN"]]
    found += [
        f'CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON "{table}"'
        f" FOR EACH ROW EXECUTE FUNCTION guard.record('{matter}', '{personal}', '{withheld}')"
        for table, (matter, personal, withheld) in rules["RECORDED"].items()
    ]
    found += [
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA guard FROM PUBLIC",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA guard TO plumbline_app, plumbline_guard",
        # Trigger functions are nobody's to call.
        "REVOKE EXECUTE ON FUNCTION guard.record(), guard.check_entry() FROM plumbline_app",
        GUARD_OWNS,
        "CREATE TABLE audit_event_default PARTITION OF audit_event DEFAULT",
        "SELECT guard.make_partitions(12)",
        "INSERT INTO installation (id) VALUES (1)",
    ]
    return found


# make_partitions() stays the owner's: only the owner of a table may make partitions of it.
GUARD_OWNS = """
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = 'guard' AND p.proname <> 'make_partitions' LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO plumbline_guard', f);
  END LOOP;
END $$
"""


def _tables() -> None:
    op.create_table(
        "audit_event",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "seq",
            sa.BigInteger(),
            server_default=sa.text("nextval('audit_event_seq')"),
            nullable=False,
        ),
        sa.Column(
            "xid",
            app.models.columns.Xid8(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
        ),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("use_case", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("database_user", sa.Text(), nullable=False),
        sa.Column(
            "changes", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.PrimaryKeyConstraint("at", "id", name=op.f("pk_audit_event")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index("ix_audit_event_matter_id", "audit_event", ["matter_id", "at"], unique=False)
    op.create_index("ix_audit_event_xid_seq", "audit_event", ["xid", "seq"], unique=False)
    op.create_table(
        "audit_personal",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "values", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_personal")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("key", name=op.f("uq_campaign_key")),
    )
    op.create_table(
        "inspection_round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_round")),
        sa.UniqueConstraint("name", name=op.f("uq_inspection_round_name")),
    )
    op.create_table(
        "number_series",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "district", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "profile_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column(
            "content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_version")),
        sa.UniqueConstraint("hash", name=op.f("uq_profile_version_hash")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(
        "ix_sign_in_attempt_subject_at", "sign_in_attempt", ["subject", "at"], unique=False
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", app.models.columns.LTree(), nullable=False),
        sa.Column("reporting", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("poor_village", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('district', 'township', 'subdistrict', 'village', 'department', 'office', 'team')",
            name=op.f("ck_unit_kind_known"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
    )
    op.create_index("ix_unit_name", "unit", ["name"], unique=False)
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_index("ix_unit_path", "unit", ["path"], unique=False, postgresql_using="gist")
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("district_id", sa.Uuid(), nullable=True),
        sa.Column("body_name", sa.Text(), nullable=True),
        sa.Column("body_name_en", sa.Text(), nullable=True),
        sa.Column("demo", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("demo_day", sa.Date(), nullable=True),
        sa.Column(
            "profile_name", sa.Text(), server_default=sa.text("'cn-discipline'"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["unit.id"], name=op.f("fk_installation_district_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_organisation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(op.f("ix_organisation_name"), "organisation", ["name"], unique=False)
    op.create_index(op.f("ix_organisation_unit_id"), "organisation", ["unit_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_index", sa.LargeBinary(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("member", sa.Boolean(), nullable=True),
        sa.Column("public_employee", sa.Boolean(), nullable=True),
        sa.Column("presumed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(id_number is null) = (id_index is null)", name=op.f("ck_person_id_number_indexed")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index("ix_person_id_index", "person", ["id_index"], unique=False)
    op.create_index("ix_person_name_unit", "person", ["name", "unit_id"], unique=False)
    op.create_index(op.f("ix_person_unit_id"), "person", ["unit_id"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("clearance", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("locale", sa.Text(), server_default=sa.text("'zh_CN'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("locale IN ('zh_CN', 'en')", name=op.f("ck_account_locale_known")),
        sa.CheckConstraint("clearance between 0 and 2", name=op.f("ck_account_clearance_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_account_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_index(op.f("ix_account_person_id"), "account", ["person_id"], unique=False)
    op.create_index(op.f("ix_account_unit_id"), "account", ["unit_id"], unique=False)
    op.create_table(
        "blind_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_blind_count_recorded_by")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_blind_count_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_count")),
    )
    op.create_index(op.f("ix_blind_count_unit_id"), "blind_count", ["unit_id"], unique=False)
    op.create_table(
        "credential",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_credential_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "export_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column(
            "definition", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("names", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_export_record_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_record")),
    )
    op.create_index(op.f("ix_export_record_made_by"), "export_record", ["made_by"], unique=False)
    op.create_table(
        "idempotent_answer",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column(
            "answer", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "headers", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_idempotent_answer_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotent_answer")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("uploaded", sa.LargeBinary(), nullable=True),
        sa.Column(
            "mapping",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column(
            "report",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("cut_off", sa.Date(), nullable=True),
        sa.Column("rows", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("accepted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("warned", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rejected", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "family IN ('units', 'petitions', 'leads', 'cases', 'findings', 'bank', 'returns')",
            name=op.f("ck_import_batch_family_known"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_import_batch_made_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_batch_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_file_hash"), "import_batch", ["file_hash"], unique=False)
    op.create_index(op.f("ix_import_batch_made_by"), "import_batch", ["made_by"], unique=False)
    op.create_table(
        "password_link",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_link_account_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_password_link")),
    )
    op.create_index(
        op.f("ix_password_link_account_id"), "password_link", ["account_id"], unique=False
    )
    op.create_table(
        "role_held",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", app.models.columns.LTree(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('intake_officer', 'petitions_head', 'lead_manager', 'investigator', 'inspector', 'department_head', 'deputy', 'chief', 'secretary', 'liaison', 'adjudicator', 'adjudication_head', 'keeper', 'finance', 'auditor', 'reporting_unit', 'administrator', 'operator')",
            name=op.f("ck_role_held_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_role_held_account_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_held_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_held")),
    )
    op.create_index(op.f("ix_role_held_account_id"), "role_held", ["account_id"], unique=False)
    op.create_index("ix_role_held_role_path", "role_held", ["role", "unit_path"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_index("uq_session_secret_hash", "session", ["secret_hash"], unique=True)
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_number", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("cited", sa.Text(), nullable=True),
        sa.Column("credit", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("debit", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("balance", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("counterparty", sa.Text(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("import_batch_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "credit >= 0 and debit >= 0", name=op.f("ck_bank_line_no_negative_side")
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["bank_line.id"], name=op.f("fk_bank_line_corrects_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_bank_line_import_batch_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint(
            "account_number",
            "serial",
            "happened_on",
            name=op.f("uq_bank_line_account_number_serial_happened_on"),
        ),
    )
    op.create_index(op.f("ix_bank_line_cited"), "bank_line", ["cited"], unique=False)
    op.create_index(
        op.f("ix_bank_line_import_batch_id"), "bank_line", ["import_batch_id"], unique=False
    )
    op.create_table(
        "matter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("unit_path", app.models.columns.LTree(), nullable=False),
        sa.Column("assigned_unit_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_path", app.models.columns.LTree(), nullable=True),
        sa.Column("classification", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("episode", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("responsible_leader", sa.Text(), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("adjudicated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("effective", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("import_batch_id", sa.Uuid(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('petition', 'lead', 'case', 'fund_item')", name=op.f("ck_matter_kind_known")
        ),
        sa.CheckConstraint(
            "stage IN ('share', 'assess', 'investigate', 'review')",
            name=op.f("ck_matter_stage_known"),
        ),
        sa.CheckConstraint(
            "classification between 0 and 2", name=op.f("ck_matter_classification_known")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_matter_version_counts")),
        sa.ForeignKeyConstraint(
            ["assigned_unit_id"], ["unit.id"], name=op.f("fk_matter_assigned_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_matter_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_matter_import_batch_id")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_matter_made_by")),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profile_version.id"], name=op.f("fk_matter_profile_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_matter_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint(
            "district", "kind", "number", name=op.f("uq_matter_district_kind_number")
        ),
    )
    op.create_index(
        "ix_matter_assigned_path",
        "matter",
        ["assigned_path"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index(op.f("ix_matter_campaign_id"), "matter", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_matter_import_batch_id"), "matter", ["import_batch_id"], unique=False)
    op.create_index("ix_matter_kind_due", "matter", ["kind", "due_on", "id"], unique=False)
    op.create_index(
        "ix_matter_kind_opened",
        "matter",
        ["kind", sa.literal_column("opened_on DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index("ix_matter_kind_state", "matter", ["kind", "state"], unique=False)
    op.create_index("ix_matter_made_by", "matter", ["made_by"], unique=False)
    op.create_index(
        "ix_matter_number_trgm",
        "matter",
        ["number"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"number": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_matter_title_trgm",
        "matter",
        ["title"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_matter_unit_kind_opened",
        "matter",
        ["unit_id", "kind", sa.literal_column("opened_on DESC")],
        unique=False,
    )
    op.create_index(
        "ix_matter_unit_path", "matter", ["unit_path"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("party_filed_on", sa.Date(), nullable=True),
        sa.Column("supervisory_filed_on", sa.Date(), nullable=True),
        sa.Column("filing_organ", sa.Text(), nullable=True),
        sa.Column("brief", sa.Text(), nullable=True),
        sa.Column("source_lead", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("served_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "review", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("prosecution", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("fk_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
    )
    op.create_index(op.f("ix_case_filed_on"), "case", ["filed_on"], unique=False)
    op.create_table(
        "correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_correction_made_by")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_correction_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_matter_id"), "correction", ["matter_id"], unique=False)
    op.create_table(
        "doubt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column(
            "values",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settlement", sa.Text(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_doubt_batch_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_doubt_matter_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_doubt_person_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["account.id"], name=op.f("fk_doubt_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt")),
    )
    op.create_index(op.f("ix_doubt_batch_id"), "doubt", ["batch_id"], unique=False)
    op.create_index(op.f("ix_doubt_matter_id"), "doubt", ["matter_id"], unique=False)
    op.create_index(
        "ix_doubt_open",
        "doubt",
        ["rule"],
        unique=False,
        postgresql_where=sa.text("settled_on IS NULL"),
    )
    op.create_index(op.f("ix_doubt_person_id"), "doubt", ["person_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("village_id", sa.Uuid(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("cited", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("import_batch_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_finding_import_batch_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["matter.id"], name=op.f("fk_finding_lead_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["inspection_round.id"], name=op.f("fk_finding_round_id")
        ),
        sa.ForeignKeyConstraint(["village_id"], ["unit.id"], name=op.f("fk_finding_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(
        op.f("ix_finding_import_batch_id"), "finding", ["import_batch_id"], unique=False
    )
    op.create_index(op.f("ix_finding_lead_id"), "finding", ["lead_id"], unique=False)
    op.create_index(op.f("ix_finding_round_id"), "finding", ["round_id"], unique=False)
    op.create_index(op.f("ix_finding_village_id"), "finding", ["village_id"], unique=False)
    op.create_table(
        "import_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("row_hash", sa.LargeBinary(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_import_row_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("family", "row_hash", name=op.f("uq_import_row_family_row_hash")),
    )
    op.create_index(op.f("ix_import_row_batch_id"), "import_row", ["batch_id"], unique=False)
    op.create_index(op.f("ix_import_row_matter_id"), "import_row", ["matter_id"], unique=False)
    op.create_table(
        "involvement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("rank", sa.Text(), nullable=True),
        sa.Column("alleged", sa.Text(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "part IN ('subject', 'witness', 'beneficiary', 'relative')",
            name=op.f("ck_involvement_part_known"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (organisation_id IS NULL)",
            name=op.f("ck_involvement_one_of_both"),
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_involvement_matter_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_involvement_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_involvement_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
    )
    op.create_index(op.f("ix_involvement_matter_id"), "involvement", ["matter_id"], unique=False)
    op.create_index(
        op.f("ix_involvement_organisation_id"), "involvement", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_involvement_person_id"), "involvement", ["person_id"], unique=False)
    op.create_index(
        "uq_involvement_person",
        "involvement",
        ["matter_id", "person_id", "part"],
        unique=True,
        postgresql_where=sa.text("person_id IS NOT NULL AND ended_on IS NULL"),
    )
    op.create_table(
        "lead",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("happened", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("disposed_on", sa.Date(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("handled_by", sa.Text(), nullable=True),
        sa.Column("round_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "method IN ('talk_letter', 'verification', 'hold', 'close')",
            name=op.f("ck_lead_method_known"),
        ),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("fk_lead_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["inspection_round.id"], name=op.f("fk_lead_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
    )
    op.create_index(op.f("ix_lead_received_on"), "lead", ["received_on"], unique=False)
    op.create_index(op.f("ix_lead_round_id"), "lead", ["round_id"], unique=False)
    op.create_table(
        "matter_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('petition_lead', 'lead_case', 'lead_fund_item', 'case_fund_item', 'merged_into', 'repeat_of', 'split_from', 'reopens')",
            name=op.f("ck_matter_link_kind_known"),
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_matter_link_not_itself")),
        sa.ForeignKeyConstraint(["from_id"], ["matter.id"], name=op.f("fk_matter_link_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["matter.id"], name=op.f("fk_matter_link_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_link")),
    )
    op.create_index(op.f("ix_matter_link_from_id"), "matter_link", ["from_id"], unique=False)
    op.create_index(op.f("ix_matter_link_to_id"), "matter_link", ["to_id"], unique=False)
    op.create_index(
        "uq_matter_link_live",
        "matter_link",
        ["from_id", "to_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_note_made_by")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_note_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_matter_id"), "note", ["matter_id"], unique=False)
    op.create_table(
        "petition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("class", sa.Text(), nullable=False),
        sa.Column("named", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("summary_checked_by", sa.Uuid(), nullable=True),
        sa.Column("backlog", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("forwarded_to", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('letter', 'visit', 'call', 'online', 'one_click', 'superior', 'transfer', 'other')",
            name=op.f("ck_petition_channel_known"),
        ),
        sa.CheckConstraint(
            "class IN ('report', 'claim', 'suggestion', 'other')",
            name=op.f("ck_petition_class_known"),
        ),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("fk_petition_id")),
        sa.ForeignKeyConstraint(
            ["summary_checked_by"], ["account.id"], name=op.f("fk_petition_summary_checked_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
    )
    op.create_table(
        "possible_repeat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column(
            "why",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "decision IN ('same', 'different')", name=op.f("ck_possible_repeat_decision_known")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_possible_repeat_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_possible_repeat_matter_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["matter.id"], name=op.f("fk_possible_repeat_other_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_repeat")),
        sa.UniqueConstraint(
            "matter_id", "other_id", name=op.f("uq_possible_repeat_matter_id_other_id")
        ),
    )
    op.create_index(
        op.f("ix_possible_repeat_matter_id"), "possible_repeat", ["matter_id"], unique=False
    )
    op.create_index(
        op.f("ix_possible_repeat_other_id"), "possible_repeat", ["other_id"], unique=False
    )
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column(
            "form",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column(
            "chain",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'[]'"),
            nullable=False,
        ),
        sa.Column("next_position", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("next_role", sa.Text(), nullable=True),
        sa.Column("next_path", app.models.columns.LTree(), nullable=True),
        sa.Column("status", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        sa.Column("manner", sa.Text(), server_default=sa.text("'own'"), nullable=False),
        sa.Column("matter_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("manner IN ('own', 'ledger')", name=op.f("ck_request_manner_known")),
        sa.CheckConstraint(
            "status IN ('open', 'approved', 'returned', 'taken_back')",
            name=op.f("ck_request_status_known"),
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_request_matter_id")),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["account.id"], name=op.f("fk_request_requested_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("id", "requested_by", name=op.f("uq_request_id_requested_by")),
    )
    op.create_index(op.f("ix_request_matter_id"), "request", ["matter_id"], unique=False)
    op.create_index(op.f("ix_request_requested_by"), "request", ["requested_by"], unique=False)
    op.create_index(
        "ix_request_waiting",
        "request",
        ["next_role"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "uq_request_open",
        "request",
        ["matter_id"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "part IN ('lead_handler', 'member')", name=op.f("ck_team_member_part_known")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_team_member_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_team_member_matter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
    )
    op.create_index(
        "ix_team_member_account_id_matter_id",
        "team_member",
        ["account_id", "matter_id"],
        unique=False,
    )
    op.create_index(
        "uq_team_member_present",
        "team_member",
        ["matter_id", "account_id"],
        unique=True,
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "claimed_amount",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("involvement_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_claimed_amount_involvement_id")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_claimed_amount_matter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claimed_amount")),
    )
    op.create_index(
        op.f("ix_claimed_amount_involvement_id"), "claimed_amount", ["involvement_id"], unique=False
    )
    op.create_index(
        op.f("ix_claimed_amount_matter_id"), "claimed_amount", ["matter_id"], unique=False
    )
    op.create_table(
        "committee_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("chair", sa.Text(), nullable=False),
        sa.Column("present", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("recused", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("votes_for", sa.Integer(), nullable=False),
        sa.Column("votes_against", sa.Integer(), nullable=False),
        sa.Column("abstained", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "body IN ('party_committee', 'standing_committee')",
            name=op.f("ck_committee_decision_body_known"),
        ),
        sa.CheckConstraint(
            "votes_for + votes_against + abstained <= cardinality(present)",
            name=op.f("ck_committee_decision_votes_within_present"),
        ),
        sa.CheckConstraint(
            "votes_for >= 0 and votes_against >= 0 and abstained >= 0",
            name=op.f("ck_committee_decision_votes_count"),
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_committee_decision_matter_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_committee_decision_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_committee_decision_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_decision")),
    )
    op.create_index(
        op.f("ix_committee_decision_matter_id"), "committee_decision", ["matter_id"], unique=False
    )
    op.create_index(
        op.f("ix_committee_decision_request_id"), "committee_decision", ["request_id"], unique=False
    )
    op.create_table(
        "fund_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("origin_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), server_default=sa.text("'money'"), nullable=False),
        sa.Column("intake", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("holder_involvement_id", sa.Uuid(), nullable=True),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("controlled_on", sa.Date(), nullable=True),
        sa.Column("destination", sa.Text(), nullable=True),
        sa.Column(
            "splits", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("taken_in_by", sa.Uuid(), nullable=True),
        sa.Column("kept_by", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("paid_by", sa.Uuid(), nullable=True),
        sa.Column("undivided", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("form IN ('money', 'property')", name=op.f("ck_fund_item_form_known")),
        sa.CheckConstraint(
            "intake IN ('collected', 'confiscated', 'restitution', 'surrendered', 'recovered_loss', 'not_stated')",
            name=op.f("ck_fund_item_intake_known"),
        ),
        sa.CheckConstraint(
            "decided_by NOT IN (taken_in_by, kept_by)", name=op.f("ck_fund_item_decider_is_another")
        ),
        sa.CheckConstraint(
            "paid_by NOT IN (taken_in_by, kept_by, decided_by)",
            name=op.f("ck_fund_item_payer_is_another"),
        ),
        sa.CheckConstraint("taken_in_by <> kept_by", name=op.f("ck_fund_item_keeper_is_another")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["account.id"], name=op.f("fk_fund_item_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["holder_involvement_id"],
            ["involvement.id"],
            name=op.f("fk_fund_item_holder_involvement_id"),
        ),
        sa.ForeignKeyConstraint(["id"], ["matter.id"], name=op.f("fk_fund_item_id")),
        sa.ForeignKeyConstraint(["kept_by"], ["account.id"], name=op.f("fk_fund_item_kept_by")),
        sa.ForeignKeyConstraint(["origin_id"], ["matter.id"], name=op.f("fk_fund_item_origin_id")),
        sa.ForeignKeyConstraint(["paid_by"], ["account.id"], name=op.f("fk_fund_item_paid_by")),
        sa.ForeignKeyConstraint(
            ["taken_in_by"], ["account.id"], name=op.f("fk_fund_item_taken_in_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_item")),
    )
    op.create_index(
        op.f("ix_fund_item_holder_involvement_id"),
        "fund_item",
        ["holder_involvement_id"],
        unique=False,
    )
    op.create_index(op.f("ix_fund_item_origin_id"), "fund_item", ["origin_id"], unique=False)
    op.create_table(
        "reporter_identity",
        sa.Column("petition_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["petition_id"], ["petition.id"], name=op.f("fk_reporter_identity_petition_id")
        ),
        sa.PrimaryKeyConstraint("petition_id", name=op.f("pk_reporter_identity")),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("signer_name", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("manner", sa.Text(), server_default=sa.text("'own'"), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(manner = 'own') = (account_id IS NOT NULL)",
            name=op.f("ck_signature_own_has_an_account"),
        ),
        sa.CheckConstraint("act IN ('review', 'decide')", name=op.f("ck_signature_act_known")),
        sa.CheckConstraint(
            "manner <> 'own' OR requested_by IS NOT NULL",
            name=op.f("ck_signature_own_has_a_requester"),
        ),
        sa.CheckConstraint("manner IN ('own', 'ledger')", name=op.f("ck_signature_manner_known")),
        sa.CheckConstraint(
            "verdict IN ('sign', 'return')", name=op.f("ck_signature_verdict_known")
        ),
        sa.CheckConstraint(
            "account_id <> requested_by", name=op.f("ck_signature_not_the_requester")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_signature_account_id")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_signature_matter_id")),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by"],
            ["request.id", "request.requested_by"],
            name="fk_signature_requester",
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_signature_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "request_id", "position", name=op.f("uq_signature_request_id_position")
        ),
    )
    op.create_index(op.f("ix_signature_account_id"), "signature", ["account_id"], unique=False)
    op.create_index(op.f("ix_signature_matter_id"), "signature", ["matter_id"], unique=False)
    op.create_index(
        "ix_signature_hand_at", "signature", ["account_id", "recorded_at"], unique=False
    )
    op.create_index("uq_signature_one_hand", "signature", ["request_id", "account_id"], unique=True)
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("involvement_id", sa.Uuid(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_statement_involvement_id")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_statement_matter_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_statement_recorded_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    op.create_index(
        op.f("ix_statement_involvement_id"), "statement", ["involvement_id"], unique=False
    )
    op.create_index(op.f("ix_statement_matter_id"), "statement", ["matter_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("involvement_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("owed_since", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("how", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["done_by"], ["account.id"], name=op.f("fk_task_done_by")),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_task_involvement_id")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_task_matter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_involvement_id"), "task", ["involvement_id"], unique=False)
    op.create_index(op.f("ix_task_matter_id"), "task", ["matter_id"], unique=False)
    op.create_index(
        "ix_task_open",
        "task",
        ["matter_id"],
        unique=False,
        postgresql_where=sa.text("done_on IS NULL"),
    )
    op.create_table(
        "transition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("signer_name", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("manner", sa.Text(), server_default=sa.text("'own'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column(
            "form",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("manner IN ('own', 'ledger')", name=op.f("ck_transition_manner_known")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_transition_actor_id")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_transition_matter_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_transition_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition")),
        sa.UniqueConstraint("matter_id", "version", name=op.f("uq_transition_matter_id_version")),
    )
    op.create_index("ix_transition_happened_on", "transition", ["happened_on"], unique=False)
    op.create_index(op.f("ix_transition_request_id"), "transition", ["request_id"], unique=False)
    op.create_table(
        "clock",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column("extended", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("extensions", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("paused_days", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column(
            "explanation",
            postgresql.JSONB(none_as_null=True, astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        sa.CheckConstraint("unit IN ('D', 'WD', 'M', 'Y', 'h')", name=op.f("ck_clock_unit_known")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_clock_amount_counts")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_clock_matter_id")),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["transition.id"],
            name=op.f("fk_clock_started_by"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_index(op.f("ix_clock_matter_id"), "clock", ["matter_id"], unique=False)
    op.create_index(
        "uq_clock_running",
        "clock",
        ["matter_id", "rule"],
        unique=True,
        postgresql_where=sa.text("stopped_on IS NULL"),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("fund_item_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("bank_line_id", sa.Uuid(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('receipt', 'return', 'treasury', 'criminal_case', 'release', 'suspense', 'assignment', 'bank_error', 'reversal')",
            name=op.f("ck_journal_entry_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_line_id"], ["bank_line.id"], name=op.f("fk_journal_entry_bank_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["fund_item_id"], ["fund_item.id"], name=op.f("fk_journal_entry_fund_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_journal_entry_matter_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["account.id"], name=op.f("fk_journal_entry_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["journal_entry.id"], name=op.f("fk_journal_entry_reverses_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_journal_entry_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_journal_entry_reverses_id")),
    )
    op.create_index(
        op.f("ix_journal_entry_bank_line_id"), "journal_entry", ["bank_line_id"], unique=False
    )
    op.create_index(
        op.f("ix_journal_entry_fund_item_id"), "journal_entry", ["fund_item_id"], unique=False
    )
    op.create_index("ix_journal_entry_happened_on", "journal_entry", ["happened_on"], unique=False)
    op.create_index(
        op.f("ix_journal_entry_matter_id"), "journal_entry", ["matter_id"], unique=False
    )
    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("involvement_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=True),
        sa.Column("form", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("impact_until", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("transition_id", sa.Uuid(), nullable=True),
        sa.Column("manner", sa.Text(), server_default=sa.text("'own'"), nullable=False),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('unfounded', 'handling', 'party_sanction', 'administrative_sanction', 'exemption', 'filed', 'referred', 'dismissed')",
            name=op.f("ck_outcome_kind_known"),
        ),
        sa.CheckConstraint("manner IN ('own', 'ledger')", name=op.f("ck_outcome_manner_known")),
        sa.CheckConstraint("form between 1 and 4", name=op.f("ck_outcome_form_known")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_outcome_quantity_counts")),
        sa.ForeignKeyConstraint(
            ["involvement_id"], ["involvement.id"], name=op.f("fk_outcome_involvement_id")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_outcome_matter_id")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["outcome.id"], name=op.f("fk_outcome_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["transition_id"],
            ["transition.id"],
            name=op.f("fk_outcome_transition_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
    )
    op.create_index("ix_outcome_decided_on", "outcome", ["decided_on"], unique=False)
    op.create_index(op.f("ix_outcome_involvement_id"), "outcome", ["involvement_id"], unique=False)
    op.create_index(op.f("ix_outcome_matter_id"), "outcome", ["matter_id"], unique=False)
    op.create_index(op.f("ix_outcome_replaces_id"), "outcome", ["replaces_id"], unique=False)
    op.create_table(
        "money_receipt",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("intake", sa.Text(), nullable=False),
        sa.Column("paid_in_by", sa.Text(), nullable=True),
        sa.Column("bank_reference", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "intake IN ('collected', 'confiscated', 'restitution', 'surrendered', 'recovered_loss', 'not_stated')",
            name=op.f("ck_money_receipt_intake_known"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_money_receipt_entry_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_money_receipt")),
    )
    op.create_table(
        "money_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("cited", sa.Text(), nullable=True),
        sa.Column("beneficiary_id", sa.Uuid(), nullable=True),
        sa.Column("beneficiary", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("import_batch_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "signed IN ('signature', 'fingerprint', 'bank', 'not_yet')",
            name=op.f("ck_money_return_signed_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_money_return_amount_positive")),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"], ["person.id"], name=op.f("fk_money_return_beneficiary_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_money_return_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_batch_id"], ["import_batch.id"], name=op.f("fk_money_return_import_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["matter.id"], name=op.f("fk_money_return_matter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_return")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_money_return_entry_id")),
    )
    op.create_index(
        op.f("ix_money_return_beneficiary_id"), "money_return", ["beneficiary_id"], unique=False
    )
    op.create_index(
        op.f("ix_money_return_import_batch_id"), "money_return", ["import_batch_id"], unique=False
    )
    op.create_index(op.f("ix_money_return_matter_id"), "money_return", ["matter_id"], unique=False)
    op.create_index(
        "ix_money_return_waiting",
        "money_return",
        ["cited"],
        unique=False,
        postgresql_where=sa.text("entry_id IS NULL"),
    )
    op.create_table(
        "payee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.Column("paid_entry_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payee_amount_positive")),
        sa.ForeignKeyConstraint(
            ["fund_item_id"], ["fund_item.id"], name=op.f("fk_payee_fund_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["paid_entry_id"], ["journal_entry.id"], name=op.f("fk_payee_paid_entry_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_payee_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
    )
    op.create_index(op.f("ix_payee_fund_item_id"), "payee", ["fund_item_id"], unique=False)
    op.create_index(op.f("ix_payee_person_id"), "payee", ["person_id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("fund_item_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=18, scale=2), nullable=False),
        sa.CheckConstraint(
            "account IN ('payer', 'bank', 'refund', 'treasury', 'criminal_case', 'released', 'suspense', 'bank_error')",
            name=op.f("ck_posting_account_known"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_posting_amount_moves")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["journal_entry.id"], name=op.f("fk_posting_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["fund_item_id"], ["fund_item.id"], name=op.f("fk_posting_fund_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
    )
    op.create_index(op.f("ix_posting_entry_id"), "posting", ["entry_id"], unique=False)
    op.create_index(
        "ix_posting_fund_item_id_account", "posting", ["fund_item_id", "account"], unique=False
    )


def downgrade() -> None:
    """Back to an empty database: the first migration has nothing before it to keep."""
    op.execute("DROP SCHEMA guard CASCADE")
    for table in (
        "posting",
        "payee",
        "money_return",
        "money_receipt",
        "outcome",
        "journal_entry",
        "clock",
        "transition",
        "task",
        "statement",
        "signature",
        "reporter_identity",
        "fund_item",
        "committee_decision",
        "claimed_amount",
        "team_member",
        "request",
        "possible_repeat",
        "petition",
        "note",
        "matter_link",
        "lead",
        "involvement",
        "import_row",
        "finding",
        "doubt",
        "correction",
        "case",
        "matter",
        "bank_line",
        "session",
        "role_held",
        "password_link",
        "import_batch",
        "idempotent_answer",
        "export_record",
        "credential",
        "blind_count",
        "account",
        "person",
        "organisation",
        "installation",
        "unit",
        "sign_in_attempt",
        "profile_version",
        "number_series",
        "inspection_round",
        "campaign",
        "audit_personal",
        "audit_event",
    ):
        op.execute(f'DROP TABLE "{table}" CASCADE')
    op.execute("DROP SEQUENCE audit_event_seq")
