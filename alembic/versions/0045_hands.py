"""Hold who asks, who signs and who joins a team by the database as well

Revision ID: 0045
Revises: 0044

A request whose chain somebody shortened, a signature out of turn, a friend on the team: each was
refused by the services alone. Policy: expand first, contract in a later release.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import give_to_guard, rewrite, rewrite_back, run

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
INNER = (
    "of_team(uuid)",
    "asks(uuid, jsonb)",
    "deciders(jsonb, text, jsonb)",
    "check_asking()",
    "check_turn()",
    "check_signature()",
    "check_joining()",
    "check_second_reader()",
    "check_undoing()",
)
TRIGGERS = (
    ("by_turn", "request"),
    ("asked_for", "request"),
    ("in_turn", "signature"),
    ("brought_in", "team_member"),
    ("second_reader", "petition"),
    ("second_recorder", "journal_entry"),
)
MOVES = "next_position, next_role, next_path, status, ended_on, version"
WRITTEN = f"{MOVES}, event, from_state, to_state, form, reason, requested_on, chain, manner"

# A step leads where its table says, and is asked for by whom its table names.
ALONE = """    SELECT bool_or((t ->> 'alone')::boolean) INTO alone
      FROM profile_version p,
           jsonb_array_elements(p.content -> 'machines' -> m.kind -> 'transitions') t
     WHERE p.id = m.profile_id AND t ->> 'event' = event_ AND t -> 'from' ? m.state;
"""
BY_THE_TABLE = """    SELECT bool_or((t ->> 'alone')::boolean AND guard.asks(matter_, t)) INTO alone
      FROM profile_version p,
           jsonb_array_elements(p.content -> 'machines' -> m.kind -> 'transitions') t
     WHERE p.id = m.profile_id AND t ->> 'event' = event_ AND t -> 'from' ? m.state;
"""
SEEN = "    RAISE serialization_failure USING MESSAGE = 'plumbline:stale';\n  END IF;\n"
LEADS = """  IF NOT EXISTS (
       SELECT 1 FROM profile_version p,
              jsonb_array_elements(p.content -> 'machines' -> m.kind -> 'transitions') t
        WHERE p.id = m.profile_id AND t ->> 'event' = event_ AND t -> 'from' ? m.state
          AND (t ->> 'to' IN (to_state_, 'origin')
               OR (t ->> 'to' = 'same' AND to_state_ = m.state))) THEN
    RAISE check_violation USING MESSAGE = 'plumbline:needs-signatures';
  END IF;
"""
ADVANCE = "advance(uuid, integer, uuid, text, uuid, text, text, date, text, jsonb, jsonb)"
REWRITTEN = ((ADVANCE, ALONE, BY_THE_TABLE), (ADVANCE, SEEN, SEEN + LEADS))


def upgrade() -> None:
    run((SQL / "0045_hands.sql").read_text(encoding="utf-8"))
    give_to_guard((), INNER)
    rewrite(REWRITTEN)
    op.execute("REVOKE UPDATE ON request FROM plumbline_app")
    op.execute(f"GRANT UPDATE ({MOVES}) ON request TO plumbline_app")


def downgrade() -> None:
    op.execute(f"GRANT UPDATE ({WRITTEN}) ON request TO plumbline_app")
    rewrite_back(REWRITTEN)
    for name, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for function in reversed(INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
