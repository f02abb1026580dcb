"""Find once a page what its reader works on, instead of once a statement

Revision ID: 0086
Revises: 0085

Policy: expand first, contract in a later release. Each of the twenty statements of a desk looked anew at the
teams, grants and requests of whoever reads it.
"""

from alembic import op
from app.core.migrating import Rewriting, give_to_guard, rewrite, run

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

NAMED: tuple[Rewriting, ...] = (("mine()", "FUNCTION guard.mine()", "FUNCTION guard.mine_anew()"),)
# As guard.walled() keeps its answer: for this transaction, until it writes, and under a seal that
# holds for this reader's scope alone; an emergency read, which changes the scope, is told anew.
KEPT = """
CREATE OR REPLACE FUNCTION guard.mine() RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  held text := current_setting('plumbline.scope', true);
  kept text;
  found_ uuid[];
BEGIN
  -- Nothing is sealed of a scope that guard.enter() didn't write: whoever chooses the words before
  -- a list could choose the list.
  IF guard.scope() IS NULL THEN RETURN '{}'; END IF;
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN RETURN guard.mine_anew(); END IF;
  kept := current_setting('plumbline.mine', true);
  IF current_setting('plumbline.mine_seal', true) = guard.sealed('mine' || held || kept) THEN
    RETURN string_to_array(kept, ',')::uuid[];
  END IF;
  found_ := guard.mine_anew();
  kept := array_to_string(found_, ',');
  PERFORM set_config('plumbline.mine', kept, true),
          set_config('plumbline.mine_seal', guard.sealed('mine' || held || kept), true);
  RETURN found_;
END $$;
"""


def upgrade() -> None:
    rewrite(NAMED)
    run(KEPT)
    give_to_guard((), ("mine_anew()",))


def downgrade() -> None:
    rewrite(("mine_anew()", now, former) for _, former, now in NAMED)
    op.execute("DROP FUNCTION guard.mine_anew()")
