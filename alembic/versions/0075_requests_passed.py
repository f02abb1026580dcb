"""Pass a leaver's request on to somebody who is told what becomes of it

Revision ID: 0075
Revises: 0074

Policy: expand first, contract in a later release. Who asked stays who asked: the column says who stands
in their place once they leave, is told and may take it back. And of several matters handed over, one
may turn out to need no more than taking the leaver off the team.
"""

import sqlalchemy as sa

from alembic import op
from app.core.migrating import (
    Rewriting,
    give_to_guard,
    references,
    rewrite,
    rewrite_back,
    run,
)

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

ASKED = """    SELECT q.requested_by, q.matter_id, 'request', q.requested_on
      FROM gone g JOIN request q ON q.requested_by = g.id AND q.status = 'open'
"""
HELD = """    SELECT g.id, q.matter_id, 'request', q.requested_on
      FROM gone g JOIN request q ON q.status = 'open' AND g.id = coalesce(q.passed_to, q.requested_by)
"""
REWRITTEN: tuple[Rewriting, ...] = (
    ("left_over()", ASKED, HELD),
    ("holdings_of(uuid)", ASKED, HELD),
    (
        "check_turn()",
        "ELSE OLD.requested_by = guard.actor() AND signed = 0",
        "ELSE coalesce(OLD.passed_to, OLD.requested_by) = guard.actor() AND signed = 0",
    ),
)
CALLED = ("pass_request(uuid, uuid)",)
PASSED = """
-- Somebody stands in the requester's place: by whoever heads the matter, to nobody who is kept off.
CREATE FUNCTION guard.pass_request(request_ uuid, to_ uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE request q SET passed_to = to_
   WHERE q.id = request_ AND q.status = 'open'
     AND guard.heads(q.matter_id) AND guard.reads_content()
     AND EXISTS (SELECT 1 FROM account a WHERE a.id = to_ AND a.active)
     AND NOT q.matter_id IN (SELECT guard.walls_of(to_));
  IF NOT FOUND THEN
    RAISE no_data_found USING MESSAGE = 'plumbline:not-found';
  END IF;
END $$;
"""
KNOWN = "ck_assigned_matter_outcome_known"


def _outcomes(*known: str) -> None:
    op.drop_constraint(op.f(KNOWN), "assigned_matter")
    rule = ", ".join(f"'{each}'" for each in known)
    op.create_check_constraint(op.f(KNOWN), "assigned_matter", f"outcome IN ({rule})")


def upgrade() -> None:
    op.add_column("request", sa.Column("passed_to", sa.Uuid(), nullable=True))
    (reference,) = references("request", passed_to="account")
    op.create_foreign_key(reference.name, "request", "account", ["passed_to"], ["id"])
    op.create_index(
        "ix_request_passed",
        "request",
        ["passed_to"],
        postgresql_where=sa.text("passed_to IS NOT NULL"),
    )
    rewrite(REWRITTEN)
    run(PASSED)
    give_to_guard(CALLED)
    _outcomes("moved", "asked", "there", "refused")


def downgrade() -> None:
    op.execute("UPDATE assigned_matter SET outcome = 'moved' WHERE outcome = 'there'")
    _outcomes("moved", "asked", "refused")
    for function in CALLED:
        op.execute(f"DROP FUNCTION guard.{function}")
    rewrite_back(REWRITTEN)
    op.drop_index("ix_request_passed", table_name="request")
    op.drop_column("request", "passed_to")
