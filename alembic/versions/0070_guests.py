"""Let whoever was let see a matter read it, and work on nothing there

Revision ID: 0070
Revises: 0069

Policy: expand first, contract in a later release. Being let see a matter for a time opened it as a
place on its team does: a guest could note, correct, attach and record on it.
"""

import runpy
from pathlib import Path

from alembic import op
from app.core.migrating import Rewriting, give_to_guard, rewrite, rewrite_back, run

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CONTENT = runpy.run_path(str(SQL / "0001_policies.py"))["CONTENT"].format(m="m")
MINE = "   OR m.id = ANY ((SELECT guard.mine())::uuid[])\n"
CALLED = ("only_let_see()",)
INNER = ("acts_on(uuid)", "refuse_guest(uuid)")

LET = "ANY ((SELECT guard.only_let_see())::uuid[])"
BOOKED = (
    "EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = {table}.entry_id"
    " AND coalesce(e.fund_item_id, e.matter_id) = " + LET + ")"
)
# What hangs on a matter, by the columns that name it. What somebody keeps for themselves (drafts,
# what they watch and when they looked) and that they read are nobody's work on it.
HANGING: dict[str, tuple[str, ...]] = {
    "case": ("id",),
    "claimed_amount": ("matter_id",),
    "clock": ("matter_id",),
    "committee_decision": ("matter_id",),
    "correction": ("matter_id",),
    "doubt": ("matter_id",),
    "finding": ("lead_id",),
    "fund_item": ("id", "origin_id"),
    "involvement": ("matter_id",),
    "lead": ("id",),
    "matter_link": ("from_id", "to_id"),
    "matter_paper": ("matter_id",),
    "note": ("matter_id",),
    "outcome": ("matter_id",),
    "paper_signature": ("matter_id",),
    "payee": ("fund_item_id",),
    "petition": ("id",),
    "possible_repeat": ("matter_id", "other_id"),
    "replacement": ("matter_id",),
    "request": ("matter_id",),
    "signature": ("matter_id",),
    "statement": ("matter_id",),
    "study_item": ("matter_id",),
    "study_recusal": ("matter_id",),
    "task": ("matter_id",),
    "team_member": ("matter_id",),
    "transition": ("matter_id",),
}
# Money is booked on its item, also by whoever was let see the lead that it came of.
MONEY: dict[str, str] = {
    "journal_entry": "coalesce(fund_item_id, matter_id) = " + LET,
    "posting": BOOKED.format(table="posting"),
    "money_receipt": BOOKED.format(table="money_receipt"),
    "money_return": BOOKED.format(table="money_return"),
}

WORKS, ACTS = "guard.works_on(", "guard.acts_on("
MARKED = "NOT guard.knows_paper(p.matter_id, p.original) THEN"
UNTIED = "OR NOT guard.acts_on(p.matter_id) THEN"
REFUSED = "  PERFORM guard.refuse_guest({matter});\n"
ADVANCE = "advance(uuid, integer, uuid, text, uuid, text, text, date, text, jsonb, jsonb)"
TOUCH = "touch(uuid, integer, uuid, text, date, text, jsonb, jsonb)"
TOUCH_MONEY = "touch_money(uuid, integer, uuid, uuid, text, date, text, jsonb)"
STALE = "  IF m.version <> seen_version THEN\n"
STALE_IF_SEEN = "  IF seen_version IS NOT NULL AND m.version <> seen_version THEN\n"
EACH = "  FOR m IN SELECT * FROM matter WHERE id IN (origin_, item_)\n"
REWRITTEN: tuple[Rewriting, ...] = (
    (ADVANCE, STALE, REFUSED.format(matter="matter_") + STALE),
    (TOUCH, STALE_IF_SEEN, REFUSED.format(matter="matter_") + STALE_IF_SEEN),
    (TOUCH_MONEY, EACH, REFUSED.format(matter="item_") + EACH),
    *(
        (function, WORKS, ACTS)
        for function in (
            "correct_name(uuid, text)",
            "decide_wall(uuid, uuid, uuid, date)",
            "erase_sealed(uuid, uuid)",
            "heads(uuid)",
            "next_number(text, text, integer)",
            "open_to_adjudication(uuid)",
            "settle_dates(uuid)",
            "take_effect(uuid, date)",
        )
    ),
    ("asked_through(uuid)", "WHERE guard.works_on(petition_)", "WHERE guard.acts_on(petition_)"),
    ("mark_paper(uuid, text, date)", MARKED, MARKED.replace("THEN", UNTIED)),
    ("decide_paper(uuid, boolean, date)", MARKED, MARKED.replace("THEN", UNTIED)),
)


def upgrade() -> None:
    if CONTENT.count(MINE) != 1:
        raise RuntimeError("what opens a matter by name is gone")
    text = (SQL / "0070_guests.sql").read_text(encoding="utf-8")
    run(text.replace("@@content@@", CONTENT.replace(MINE, "")))
    give_to_guard(CALLED, INNER)
    rewrite(REWRITTEN)
    for table, rule in _rules().items():
        for command, clause in _CLAUSES.items():
            op.execute(
                f'CREATE POLICY guests_{command} ON "{table}" AS RESTRICTIVE'
                f" FOR {command.upper()} TO plumbline_app {clause.format(rule=rule)}"
            )


_CLAUSES = {
    "insert": "WITH CHECK ({rule})",
    "update": "USING ({rule})",
    "delete": "USING ({rule})",
}


def _rules() -> dict[str, str]:
    met = {
        table: " OR ".join(f'"{table}".{column} = {LET}' for column in columns)
        for table, columns in HANGING.items()
    }
    return {table: f"({rule}) IS NOT TRUE" for table, rule in {**met, **MONEY}.items()}


def downgrade() -> None:
    for table in (*HANGING, *MONEY):
        for command in _CLAUSES:
            op.execute(f'DROP POLICY guests_{command} ON "{table}"')
    rewrite_back(REWRITTEN)
    for function in (*reversed(INNER), *CALLED):
        op.execute(f"DROP FUNCTION guard.{function}")
