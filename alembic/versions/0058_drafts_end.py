"""Throw an account's drafts away when the account ends, and close a door that nobody uses

Revision ID: 0058
Revises: 0057

Policy: expand first, contract in a later release. They waited out their thirty days, and were there
again for whoever the account was opened for anew.
"""

from alembic import op
from app.core.migrating import give_to_guard, run

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

UNUSED = "keep_keys(uuid, text[])"
ENDED = """
CREATE FUNCTION guard.forget_drafts() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM draft WHERE account_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER drafts AFTER UPDATE OF active ON account
  FOR EACH ROW WHEN (OLD.active AND NOT NEW.active)
  EXECUTE FUNCTION guard.forget_drafts();
"""


def upgrade() -> None:
    run(ENDED)
    give_to_guard((), ("forget_drafts()",))
    op.execute(f"REVOKE EXECUTE ON FUNCTION guard.{UNUSED} FROM plumbline_app")


def downgrade() -> None:
    op.execute(f"GRANT EXECUTE ON FUNCTION guard.{UNUSED} TO plumbline_app")
    op.execute("DROP TRIGGER drafts ON account")
    op.execute("DROP FUNCTION guard.forget_drafts()")
