"""Shut what a drill found open to whoever holds the application's database password

Revision ID: 0044
Revises: 0043

The worst: the function that seals a context could be called by anybody, so that any account's
context could be made without a session. Policy: expand first, contract in a later release.
"""

import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import rewrite, rewrite_back, run

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

# Only other functions of the guard call these.
INNER = (
    "sealed(text)",
    "control_totals()",
    "scope()",
    "works_on(uuid)",
    "asks_for(uuid)",
    "is_custodian(uuid)",
    "emergency()",
    "fresh()",
    "require_fresh()",
)
# Where a number is drawn tells how many there are: in one's own district, or in that of a matter
# of one's own.
DRAWS = """IF NOT EXISTS (
       SELECT 1 FROM jsonb_each_text(guard.scope() -> 'reach') held, unnest(held.value::ltree[]) path
        WHERE CASE WHEN path = '' THEN held.key = 'operator'
                   ELSE subpath(path, 0, 1)::text = district_ END)
     AND NOT EXISTS (
       SELECT 1 FROM matter m WHERE m.district = district_ AND m.id = ANY (guard.mine())
          AND guard.works_on(m.id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';"""
REWRITTEN = (
    # A context that was copied out of a savepoint belongs to a transaction that only reads.
    (
        "scope()",
        "  RETURN held::jsonb;\n",
        "  IF held::jsonb ? 'reads' AND current_setting('transaction_read_only') <> 'on' THEN\n"
        "    RETURN NULL;\n"
        "  END IF;\n"
        "  RETURN held::jsonb;\n",
    ),
    (
        "next_number(text, text, integer)",
        "IF guard.actor() IS NULL THEN\n"
        "    RAISE insufficient_privilege USING MESSAGE = 'nobody is signed in';",
        DRAWS,
    ),
    (
        "masked_names(uuid[])",
        "                    AND m.unit_path <@ guard.reach('{auditor}'))",
        "                    AND m.unit_path <@ guard.reach('{auditor}')\n"
        "                    AND m.classification <= guard.clearance()\n"
        "                    AND NOT m.id IN (SELECT unnest(guard.walled())))",
    ),
    (
        "enter(text, text, text)",
        "           OR (a.person_id IS NOT NULL AND EXISTS (SELECT 1 FROM guard.walls_of(me))))\n",
        "           OR (a.person_id IS NOT NULL AND EXISTS (SELECT 1 FROM guard.walls_of(me))))\n"
        "    || CASE WHEN it.scope IS NOT NULL AND guard.only_reads(it.scope)\n"
        "            THEN jsonb_build_object('reads', true) ELSE '{}' END\n",
    ),
    (
        "end_grant(uuid)",
        "     AND (guard.heads(g.matter_id) OR g.account_id = guard.actor());",
        "     AND (guard.heads(g.matter_id) OR g.account_id = guard.actor())\n"
        "     AND (g.matter_id IN (SELECT unnest(guard.walled()))) IS NOT TRUE;",
    ),
    (
        "import_known(text, bytea[])",
        "AND guard.actor() IS NOT NULL",
        "AND guard.holds('{operator,lead_manager,intake_officer,petitions_head,finance}')",
    ),
    (
        "import_of_file(bytea)",
        "AND guard.actor() IS NOT NULL",
        "AND guard.holds('{operator,lead_manager,intake_officer,petitions_head,finance}')",
    ),
)
IMPORTING = "(SELECT guard.import_batch()) IS NOT NULL"
SEEN = "EXISTS (SELECT 1 FROM matter m WHERE m.id = {})"
PAIR = f"{SEEN.format('possible_repeat.matter_id')} AND {SEEN.format('possible_repeat.other_id')}"
PAID = (
    "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = money_return.entry_id)"
    " OR (entry_id IS NULL AND"
    " (SELECT guard.holds('{keeper,finance,auditor,lead_manager,deputy,chief}')))"
)
# The district's own money desk: a township's reads what is booked on its own matters.
DESK = "'{keeper,finance,auditor,lead_manager,deputy,chief}'"
DESK_OF_ALL = f"(SELECT bool_or(nlevel(held) <= 1) FROM unnest(guard.reach({DESK})) held)"
DESK_ANYWHERE = f"(SELECT guard.holds({DESK}))"
CONTENT = "(SELECT guard.reads_content())"
LINES = (
    "FOR SELECT TO plumbline_app USING (({content} OR {importing}) AND ({desk} OR {importing}"
    " OR EXISTS (SELECT 1 FROM journal_entry e WHERE e.bank_line_id = bank_line.id)))"
)
ENTRIES = (
    "FOR SELECT TO plumbline_app USING (EXISTS (SELECT 1 FROM matter m"
    " WHERE m.id IN (matter_id, fund_item_id)) OR ({unbooked} AND {desk}))"
)
# (table, policy, how it ends, as it was).
POLICIES = (
    (
        "bank_line",
        "app_select",
        LINES.format(content=CONTENT, importing=IMPORTING, desk=DESK_OF_ALL),
        LINES.format(content=CONTENT, importing=IMPORTING, desk=DESK_ANYWHERE),
    ),
    (
        "journal_entry",
        "app_select",
        ENTRIES.format(unbooked="fund_item_id IS NULL AND matter_id IS NULL", desk=DESK_OF_ALL),
        ENTRIES.format(unbooked="fund_item_id IS NULL", desk=DESK_ANYWHERE),
    ),
    (
        "possible_repeat",
        "app_insert",
        f"FOR INSERT TO plumbline_app WITH CHECK (({PAIR} AND (SELECT guard.reads_content()))"
        f" OR {IMPORTING})",
        f"FOR INSERT TO plumbline_app WITH CHECK ((SELECT guard.reads_content()) OR {IMPORTING})",
    ),
    (
        "money_return",
        "app_update",
        f"FOR UPDATE TO plumbline_app USING ({IMPORTING}"
        f" OR ((SELECT guard.reads_content()) AND ({PAID})))",
        f"FOR UPDATE TO plumbline_app USING ({IMPORTING} OR (SELECT guard.reads_content()))",
    ),
)
# What somebody was let see before a wall came, and rows of ledgers about matters elsewhere.
WALLED = "(matter_id IN (SELECT unnest(guard.walled()))) IS NOT TRUE"
ADDED = (
    ("access_grant", "walls", f"AS RESTRICTIVE FOR SELECT TO plumbline_app USING ({WALLED})"),
    (
        "import_row",
        "matters",
        "AS RESTRICTIVE FOR SELECT TO plumbline_app USING (matter_id IS NULL"
        f" OR {IMPORTING} OR {SEEN.format('import_row.matter_id')}"
        " OR (SELECT guard.holds('{operator}')))",
    ),
)


RULES = runpy.run_path(str(Path(__file__).parents[1] / "sql" / "0001_policies.py"))
OPEN = RULES["AUDIT"].format(m="m") + " OR " + RULES["CONTENT"].format(m="m")
# A name stands in its list by a matter that its reader isn't walled off from.
NOT_WALLED = "({} IN (SELECT unnest(guard.walled()))) IS NOT TRUE"


def masked_person(matter: str, paid: str) -> str:
    return f"""
CREATE OR REPLACE VIEW guard.masked_person WITH (security_barrier) AS
SELECT p.id, left(p.name, 1) || repeat('×', greatest(char_length(p.name) - 1, 1)) AS name, p.member
  FROM person p
 WHERE EXISTS (SELECT 1 FROM involvement i JOIN matter m ON m.id = i.matter_id
                WHERE i.person_id = p.id AND {matter} AND ({OPEN}))
    OR ((SELECT guard.holds('{{keeper,finance,auditor}}'))
        AND EXISTS (SELECT 1 FROM money_return r WHERE r.beneficiary_id = p.id AND {paid}))"""


# Which outcomes were replaced: by their own matters, as all that is counted.
REPLACEMENTS = """
CREATE OR REPLACE VIEW guard.counted_replacement WITH (security_barrier) AS
SELECT x.outcome_id AS replaces_id, r.decided_on, r.recorded_at
  FROM replacement x JOIN outcome r ON r.id = x.by_id
 WHERE """
COUNTED = """EXISTS (SELECT 1 FROM outcome o JOIN guard.counted_matter m ON m.id = o.matter_id
                WHERE o.id = x.outcome_id)"""
SIGNED_IN = "(SELECT guard.actor()) IS NOT NULL"


# A foreign key looks past policies: what a new row refers to besides its own matter has to be seen
# too, or a signature would count under a request that its hand may not know of.
KNOWN = "EXISTS (SELECT 1 FROM {parent} known WHERE known.id = {table}.{column})"
ORIGIN = (
    "EXISTS (SELECT 1 FROM fund_item known WHERE known.id = journal_entry.fund_item_id"
    " AND known.origin_id = journal_entry.matter_id)"
)
REFERRING = (
    ("claimed_amount", "involvement_id", "involvement", ""),
    ("committee_decision", "request_id", "request", ""),
    ("fund_item", "origin_id", "matter", ""),
    ("fund_item", "holder_involvement_id", "involvement", ""),
    ("journal_entry", "matter_id", "matter", f" OR {ORIGIN}"),
    ("journal_entry", "fund_item_id", "matter", ""),
    ("outcome", "involvement_id", "involvement", ""),
    ("payee", "paid_entry_id", "journal_entry", ""),
    ("posting", "fund_item_id", "matter", ""),
    ("replacement", "outcome_id", "outcome", ""),
    ("replacement", "by_id", "outcome", ""),
    ("signature", "request_id", "request", ""),
    ("statement", "involvement_id", "involvement", ""),
    ("task", "involvement_id", "involvement", ""),
    ("transition", "request_id", "request", ""),
)
# Keys that are written once: what hangs on one matter is never hung on another.
KEYS = {
    "case": ("id",),
    "clock": ("id", "matter_id", "started_by"),
    "doubt": ("id", "matter_id", "batch_id", "subject_id"),
    "fund_item": ("id", "origin_id"),
    "involvement": ("id", "matter_id"),
    "lead": ("id",),
    "matter_link": ("id", "from_id", "to_id"),
    "money_receipt": ("entry_id",),
    "possible_repeat": ("id", "matter_id", "other_id"),
    "request": ("id", "matter_id", "requested_by"),
    "statement": ("id", "matter_id", "involvement_id"),
    "task": ("id", "matter_id", "involvement_id"),
    "team_member": ("id", "matter_id", "account_id"),
}


# The step comes last in its transaction, so this is asked at the end; before the foreign key is,
# by its name, so that an unknown step and a hidden one are refused alike.
KNOWN_STEPS = """
CREATE FUNCTION guard.check_step() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE step_ uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
  IF step_ IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM transition t WHERE t.id = step_ AND t.matter_id = NEW.matter_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION guard.check_step() FROM PUBLIC;
ALTER FUNCTION guard.check_step() OWNER TO plumbline_guard;
-- As whoever writes: a policy that looked into its own table would go round for ever.
CREATE FUNCTION guard.check_reversal() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.importing() AND guard.actor() IS NOT NULL AND NOT EXISTS (
       SELECT 1 FROM journal_entry e WHERE e.id = NEW.reverses_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'plumbline:not-found';
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION guard.check_reversal() FROM PUBLIC;
ALTER FUNCTION guard.check_reversal() OWNER TO plumbline_guard;
CREATE TRIGGER known_reversed BEFORE INSERT ON journal_entry
  FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION guard.check_reversal();
CREATE CONSTRAINT TRIGGER "Known step" AFTER INSERT ON outcome
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.transition_id IS NOT NULL)
  EXECUTE FUNCTION guard.check_step('transition_id');
CREATE CONSTRAINT TRIGGER "Known start" AFTER INSERT ON clock
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.started_by IS NOT NULL)
  EXECUTE FUNCTION guard.check_step('started_by');
CREATE CONSTRAINT TRIGGER "Known stop" AFTER INSERT OR UPDATE OF stopped_by ON clock
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.stopped_by IS NOT NULL)
  EXECUTE FUNCTION guard.check_step('stopped_by');
"""


def limit_updates() -> None:
    for table, keys in KEYS.items():
        columns = op.get_bind().execute(
            sa.text(
                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
                " WHERE attrelid = to_regclass(:table) AND attnum > 0 AND NOT attisdropped"
                " AND NOT attname = ANY (:keys)"
            ),
            {"table": f'public."{table}"', "keys": list(keys)},
        )
        op.execute(f'REVOKE UPDATE ON "{table}" FROM plumbline_app')
        op.execute(f'GRANT UPDATE ({columns.scalar_one()}) ON "{table}" TO plumbline_app')


def upgrade() -> None:
    rewrite(REWRITTEN)
    run(masked_person(NOT_WALLED.format("m.id"), NOT_WALLED.format("r.matter_id")))
    run(REPLACEMENTS + COUNTED)
    for function in INNER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION guard.{function} FROM plumbline_app")
    for table, name, rule, _ in POLICIES:
        op.execute(f"DROP POLICY {name} ON {table}")
        op.execute(f"CREATE POLICY {name} ON {table} {rule}")
    for table, name, rule in ADDED:
        op.execute(f"CREATE POLICY {name} ON {table} {rule}")
    for table, column, parent, other in REFERRING:
        known = KNOWN.format(parent=parent, table=table, column=column)
        op.execute(
            f"CREATE POLICY known_{column} ON {table} AS RESTRICTIVE FOR INSERT TO plumbline_app"
            f" WITH CHECK ({column} IS NULL OR (SELECT guard.importing()) OR {known}{other})"
        )
    # How far it is tells how much happened, to whoever asks twice.
    op.execute("REVOKE ALL ON SEQUENCE audit_event_seq FROM plumbline_app")
    run(KNOWN_STEPS)
    limit_updates()


def downgrade() -> None:
    op.execute("GRANT USAGE ON SEQUENCE audit_event_seq TO plumbline_app")
    for table in KEYS:
        op.execute(f'GRANT UPDATE ON "{table}" TO plumbline_app')
    op.execute("DROP TRIGGER known_reversed ON journal_entry")
    op.execute("DROP FUNCTION guard.check_reversal()")
    op.execute('DROP TRIGGER "Known stop" ON clock')
    op.execute('DROP TRIGGER "Known start" ON clock')
    op.execute('DROP TRIGGER "Known step" ON outcome')
    op.execute("DROP FUNCTION guard.check_step()")
    for table, column, _, _ in REFERRING:
        op.execute(f"DROP POLICY known_{column} ON {table}")
    for table, name, _ in ADDED:
        op.execute(f"DROP POLICY {name} ON {table}")
    for table, name, _, former in POLICIES:
        op.execute(f"DROP POLICY {name} ON {table}")
        op.execute(f"CREATE POLICY {name} ON {table} {former}")
    for function in INNER:
        op.execute(f"GRANT EXECUTE ON FUNCTION guard.{function} TO plumbline_app")
    run(REPLACEMENTS + SIGNED_IN)
    run(masked_person("true", "true"))
    rewrite_back(REWRITTEN)
