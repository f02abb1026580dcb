"""Let a reporting unit name whom its lead is about

Revision ID: 0017
Revises: 0016

It reads no register, so the guard looks there for it, and enters who isn't in it yet. Whether
somebody was, it doesn't learn.

Policy: expand first, contract in a later release.
"""

from alembic import op
from app.core.migrating import give_to_guard

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Only at the place of a lead that the unit hands in; a department's own subtree has no villages.
WITHIN = """
  IF NOT guard.holds('{reporting_unit}') OR NOT EXISTS (
       SELECT 1 FROM matter m WHERE m.made_by = guard.actor() AND m.version = 1
          AND m.kind = 'lead' AND m.unit_id = unit_) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
"""
FUNCTIONS = {
    "report_person(uuid, text, uuid, text, text, boolean, boolean)": f"""
CREATE FUNCTION guard.report_person(
    id_ uuid, name_ text, unit_ uuid, position_ text, rank_ text, member_ boolean,
    public_employee_ boolean)
  RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE known uuid[];
BEGIN
  {WITHIN}
  SELECT array_agg(p.id) INTO known FROM person p WHERE p.name = name_ AND p.unit_id = unit_;
  IF cardinality(known) = 1 THEN RETURN known[1]; END IF;
  INSERT INTO person
      (id, name, unit_id, "position", rank, member, public_employee, presumed, version)
  VALUES (id_, name_, unit_, position_, rank_, member_, public_employee_, true, 1);
  RETURN id_;
END $$
""",
    "report_organisation(uuid, text, uuid)": f"""
CREATE FUNCTION guard.report_organisation(id_ uuid, name_ text, unit_ uuid)
  RETURNS uuid
  LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE known uuid;
BEGIN
  {WITHIN}
  SELECT o.id INTO known FROM organisation o WHERE o.name = name_ AND o.unit_id = unit_ LIMIT 1;
  IF known IS NOT NULL THEN RETURN known; END IF;
  INSERT INTO organisation (id, name, unit_id, version) VALUES (id_, name_, unit_, 1);
  RETURN id_;
END $$
""",
    # Whoever a higher body manages is reported on paper, also where only the register says so.
    "reported_ranks(text[], uuid)": """
CREATE FUNCTION guard.reported_ranks(names_ text[], unit_ uuid) RETURNS SETOF text
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT p.rank FROM person p
   WHERE p.name = ANY (names_) AND p.unit_id = unit_ AND guard.holds('{reporting_unit}')
$$
""",
}


def upgrade() -> None:
    for function in FUNCTIONS.values():
        op.execute(function)
    give_to_guard(tuple(FUNCTIONS))


def downgrade() -> None:
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION guard.{signature}")
