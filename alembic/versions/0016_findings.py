"""Keep a finding that somebody types within its round

Revision ID: 0016
Revises: 0015

A ledger's finding outside its round is taken as written and doubted; an open import passes.
"""

from alembic import op
from app.core.migrating import give_to_guard

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

CHECK_FINDING = """
CREATE FUNCTION guard.check_finding() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.importing() AND NOT EXISTS (
       SELECT 1 FROM inspection_round r WHERE r.id = NEW.round_id
          AND NEW.found_on BETWEEN r.begins_on AND r.ends_on) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:outside-round';
  END IF;
  RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.execute(CHECK_FINDING)
    give_to_guard((), ("check_finding()",))
    op.execute(
        "CREATE TRIGGER within_round BEFORE INSERT OR UPDATE OF found_on, round_id ON finding"
        " FOR EACH ROW EXECUTE FUNCTION guard.check_finding()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER within_round ON finding")
    op.execute("DROP FUNCTION guard.check_finding()")
