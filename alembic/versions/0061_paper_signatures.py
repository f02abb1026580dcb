"""Take signatures that were given on paper: entered with a scan, compared, told, objected to

Revision ID: 0061
Revises: 0060

Policy: expand first, contract in a later release. A signature on paper names the account of whoever
signed; who entered and who compared it stand in a row of its own.
"""

import runpy
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

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
RULES = runpy.run_path(str(SQL / "0001_policies.py"))
INNER = (
    "accepts_paper(uuid, integer)",
    "could_sign(uuid, uuid)",
    "is_scan(uuid, uuid)",
    "check_paper_entered()",
    "check_paper_step()",
    "check_paper_signature()",
    "check_objections()",
)
ON_OTHERS = (("compared", "signature"), ("not_objected", "transition"))
VISIBLE = RULES["VISIBLE"].format(column="paper_signature.matter_id")
WORKED = RULES["WORKED"].format(column="paper_signature.matter_id")
NEW = (
    f"{WORKED} AND entered_by = (SELECT guard.actor()) AND status = 'entered'"
    " AND compared_by IS NULL AND decided_by IS NULL"
)
STEPS = (
    "status, compared_by, compared_on, remark, answered_on, objection, decided_by, decided_on,"
    " decision"
)
ON_PAPER = (
    RULES["WORKED"].format(column="signature.matter_id")
    + " AND manner = 'paper' AND account_id <> (SELECT guard.actor())"
)
CHECKS = {
    "manner_known": (
        "manner IN ('own', 'ledger')",
        "manner IN ('own', 'paper', 'ledger')",
    ),
    "own_has_an_account": (
        "(manner = 'own') = (account_id IS NOT NULL)",
        "(manner = 'ledger') = (account_id IS NULL)",
    ),
    "own_has_a_requester": (
        "manner <> 'own' OR requested_by IS NOT NULL",
        "manner = 'ledger' OR requested_by IS NOT NULL",
    ),
}
SINCE = "       WHEN 'returned' THEN EXISTS (\n"
REWRITTEN: tuple[Rewriting, ...] = (
    # A hand on paper is a hand: who signed so investigated, or adjudicated.
    (
        "investigators(uuid)",
        "   WHERE s.role = 'department_head' AND s.manner = 'own'\n",
        "   WHERE s.role = 'department_head' AND s.manner <> 'ledger'\n",
    ),
    (
        "adjudications(uuid[])",
        "    FROM of_them o JOIN signature g ON g.matter_id = o.id AND g.manner = 'own'\n",
        "    FROM of_them o JOIN signature g ON g.matter_id = o.id AND g.manner <> 'ledger'\n",
    ),
    (
        "check_apart()",
        "  IF NEW.manner <> 'own' THEN RETURN NEW; END IF;\n",
        "  IF NEW.manner = 'ledger' THEN RETURN NEW; END IF;\n",
    ),
    # A request of which a signature was set aside goes back to whoever asked.
    (
        "check_turn()",
        SINCE,
        "       WHEN 'returned' THEN EXISTS (\n"
        "         SELECT 1 FROM paper_signature p WHERE p.request_id = OLD.id\n"
        "            AND p.status = 'set_aside' AND p.decided_by = guard.actor()) OR EXISTS (\n",
    ),
    (
        "facts(uuid)",
        "    'undecided_repeats', (\n",
        "    'objected', EXISTS (\n"
        "      SELECT 1 FROM paper_signature p\n"
        "       WHERE p.matter_id = matter_ AND p.status = 'objected'),\n"
        "    'undecided_repeats', (\n",
    ),
)


def upgrade() -> None:
    _table()
    _signatures(1)
    close("paper_signature")
    record("paper_signature", matter="matter_id", personal="reason,remark,objection,decision")
    run((SQL / "0061_paper_signatures.sql").read_text(encoding="utf-8"))
    give_to_guard((), INNER)
    rewrite(REWRITTEN)
    _apart("NEW.manner <> 'ledger'")
    for statement in (
        RULES["policy"]("paper_signature", "select", VISIBLE),
        RULES["policy"]("paper_signature", "insert", NEW),
        RULES["policy"]("paper_signature", "update", WORKED),
        "GRANT SELECT, INSERT ON paper_signature TO plumbline_app",
        f"GRANT UPDATE ({STEPS}) ON paper_signature TO plumbline_app",
        "CREATE POLICY app_insert_paper ON signature FOR INSERT TO plumbline_app"
        f" WITH CHECK ({ON_PAPER})",
    ):
        op.execute(statement)


def _table() -> None:
    op.create_table(
        "paper_signature",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("signer_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), server_default=sa.text("'entered'"), nullable=False),
        sa.Column("compared_by", sa.Uuid(), nullable=True),
        sa.Column("compared_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("objection", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column(
            "recorded_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_paper_signature_{name}"))
            for name, rule in _checks().items()
        ),
        sa.ForeignKeyConstraint(
            ["request_id", "requested_by"],
            ["request.id", "request.requested_by"],
            name="fk_paper_signature_requester",
        ),
        *references(
            "paper_signature",
            matter_id="matter",
            signer_id="account",
            paper_id="matter_paper",
            entered_by="account",
            compared_by="account",
            decided_by="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_signature")),
    )
    for name, columns, rule in (
        ("uq_paper_signature_entered", ["request_id", "position"], "status = 'entered'"),
        (
            "uq_paper_signature_stands",
            ["request_id", "position"],
            "status NOT IN ('entered', 'withdrawn', 'rejected')",
        ),
    ):
        op.create_index(
            name, "paper_signature", columns, unique=True, postgresql_where=sa.text(rule)
        )
    for name, columns, rule in (
        (
            "ix_paper_signature_waiting",
            ["recorded_at"],
            "status IN ('entered', 'stands', 'objected')",
        ),
        ("ix_paper_signature_objected", ["matter_id"], "status = 'objected'"),
    ):
        op.create_index(name, "paper_signature", columns, postgresql_where=sa.text(rule))
    for column in ("matter_id", "paper_id"):
        op.create_index(op.f(f"ix_paper_signature_{column}"), "paper_signature", [column])


def _checks() -> dict[str, str]:
    told = "'acknowledged', 'objected', 'upheld', 'set_aside'"
    return {
        "verdict_known": "verdict IN ('sign', 'return')",
        "status_known": f"status IN ('entered', 'withdrawn', 'rejected', 'stands', {told})",
        "second_person": "compared_by <> entered_by",
        "not_by_the_signer": "entered_by <> signer_id AND compared_by <> signer_id",
        "not_the_requester": "signer_id <> requested_by AND compared_by <> requested_by",
        "decided_by_another": (
            "decided_by <> signer_id AND decided_by <> requested_by"
            " AND decided_by <> entered_by AND decided_by <> compared_by"
        ),
        "not_ahead": "signed_on <= entered_on",
        "compared_whole": (
            "(compared_by IS NULL) = (compared_on IS NULL)"
            " AND (compared_by IS NULL) = (status IN ('entered', 'withdrawn'))"
        ),
        "rejected_with_why": "(status = 'rejected') = (remark IS NOT NULL)",
        "answered_whole": (
            f"(answered_on IS NOT NULL) = (status IN ({told}))"
            " AND (objection IS NOT NULL) = (status IN ('objected', 'upheld', 'set_aside'))"
        ),
        "decided_whole": (
            "(decided_by IS NULL) = (decided_on IS NULL)"
            " AND (decided_by IS NULL) = (decision IS NULL)"
            " AND (decided_by IS NOT NULL) = (status IN ('upheld', 'set_aside'))"
        ),
    }


def _signatures(now: int) -> None:
    for name, rules in CHECKS.items():
        constraint = op.f(f"ck_signature_{name}")
        op.drop_constraint(constraint, "signature", type_="check")
        op.create_check_constraint(constraint, "signature", rules[now])


def _apart(when: str) -> None:
    op.execute("DROP TRIGGER kept_apart ON signature")
    op.execute(
        "CREATE TRIGGER kept_apart BEFORE INSERT ON signature"
        f" FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION guard.check_apart()"
    )


def downgrade() -> None:
    kept = op.get_bind().execute(sa.text("SELECT count(*) FROM paper_signature")).scalar_one()
    if kept:
        raise RuntimeError("the former version would not know who compared a signature on paper")
    op.execute("DROP POLICY app_insert_paper ON signature")
    _apart("NEW.manner = 'own'")
    rewrite_back(REWRITTEN)
    for name, table in ON_OTHERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    op.drop_table("paper_signature")
    for function in reversed(INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    _signatures(0)
