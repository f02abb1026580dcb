"""Wall off from a matter whoever it names, their near relatives, and whoever keeps off it

Revision ID: 0014
Revises: 0013

Policy: expand first, contract in a later release. What may be read becomes less: each policy
stands as it was, behind the wall.
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op
from app.core.migrating import close, give_to_guard, record, rewrite, rewrite_back, run

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
TEXT = (SQL / "0014_walls.sql").read_text(encoding="utf-8")
RULES = runpy.run_path(str(SQL / "0001_policies.py"))

# Asked once a statement: the sub-select is hashed, and each row is looked up in it.
BEHIND = "({column} IN (SELECT unnest(guard.walled()))) IS NOT TRUE"

# A wall wins over everything: a restrictive policy, beside whatever lets a row through. What asks
# for the matter itself is behind its wall already.
WALLS = {
    "matter": BEHIND.format(column="id"),
    "journal_entry": " AND ".join(
        BEHIND.format(column=column) for column in ("matter_id", "fund_item_id")
    ),
    "money_return": BEHIND.format(column="matter_id"),
    "audit_event": BEHIND.format(column="matter_id"),
    "doubt": BEHIND.format(column="matter_id"),
    "bank_line": "NOT (id IN (SELECT unnest(guard.walled_lines())))",
}
# Views read past row security: each stands as it was under another name, and what the application
# reads is what of it lies before the wall.
VIEWS = {
    "counted_matter": ("id",),
    "counted_lead": ("id",),
    "counted_petition": ("id",),
    "counted_case": ("id", "lead_id"),
    "counted_step": ("matter_id",),
    "counted_disposal": ("lead_id",),
    "counted_link": ("from_id", "to_id"),
    "counted_outcome": ("matter_id",),
    "counted_involvement": ("matter_id",),
    "counted_posting": ("matter_id", "fund_item_id"),
    "counted_return": ("matter_id",),
    "counted_doubt": ("matter_id",),
    "counted_former": ("matter_id",),
    "masked_money_return": ("matter_id",),
}
LINES = ("counted_bank_line", "masked_bank_line")
RELATIVES = {
    "select": RULES["REGISTERS"],
    "insert": f"{RULES['REGISTERS']} AND declared_by = (SELECT guard.actor())",
    "update": RULES["REGISTERS"],
}
CALLED = (
    "walled()",
    "walled_lines()",
    "walled_entries()",
    "walls_on(uuid)",
    "stuck_behind_walls()",
    "declare_wall(uuid, text, date)",
    "decide_wall(uuid, uuid, uuid, date)",
)
# The guard's own: an answer to anybody would tell of what they may not know.
INNER = ("walls_of(uuid)", "walled_from(uuid)", "audits(uuid)")


def upgrade() -> None:
    _tables()
    close("wall", "relative")
    for command, rule in RELATIVES.items():
        op.execute(RULES["policy"]("relative", command, rule))
        op.execute(f"GRANT {command.upper()} ON relative TO plumbline_app")
    record("wall", matter="matter_id", personal="reason")
    record("relative")
    run(_words(TEXT))
    give_to_guard(CALLED, INNER)
    for table, rule in WALLS.items():
        op.execute(
            f"CREATE POLICY walls ON {table} AS RESTRICTIVE FOR SELECT TO plumbline_app"
            f" USING ({rule})"
        )
    for view, rule in _views().items():
        op.execute(f"ALTER VIEW guard.{view} RENAME TO whole_{view}")
        op.execute(f"REVOKE ALL ON guard.whole_{view} FROM plumbline_app")
        op.execute(
            f"CREATE VIEW guard.{view} WITH (security_barrier) AS"
            f" SELECT * FROM guard.whole_{view} WHERE {rule}"
        )
        op.execute(f"ALTER VIEW guard.{view} OWNER TO plumbline_guard")
        op.execute(f"GRANT SELECT ON guard.{view} TO plumbline_app")
    rewrite(REWRITTEN)


def _views() -> dict[str, str]:
    rules = {
        view: " AND ".join(BEHIND.format(column=column) for column in columns)
        for view, columns in VIEWS.items()
    }
    lines = "NOT (id IN (SELECT unnest(guard.walled_lines())))"
    receipts = "NOT (entry_id IN (SELECT unnest(guard.walled_entries())))"
    return {**rules, **dict.fromkeys(LINES, lines), "masked_money_receipt": receipts}


def _tables() -> None:
    moment = sa.Column(
        "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
    op.create_table(
        "wall",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        moment,
        sa.CheckConstraint("cause IN ('declared', 'decided')", name=op.f("ck_wall_cause_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_wall_account_id")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_wall_made_by")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_wall_matter_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_wall_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall")),
    )
    standing = sa.text("ended_on IS NULL")
    op.create_index(
        "uq_wall_standing",
        "wall",
        ["matter_id", "account_id"],
        unique=True,
        postgresql_where=standing,
    )
    op.create_index("ix_wall_account_id", "wall", ["account_id"], postgresql_where=standing)
    op.create_table(
        "relative",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("relative_id", sa.Uuid(), nullable=False),
        sa.Column("kinship", sa.Text(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kinship IN ('spouse', 'parent', 'child', 'sibling', 'in_law', 'other_near')",
            name=op.f("ck_relative_kinship_known"),
        ),
        sa.CheckConstraint("person_id <> relative_id", name=op.f("ck_relative_two_people")),
        sa.ForeignKeyConstraint(
            ["declared_by"], ["account.id"], name=op.f("fk_relative_declared_by")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_relative_person_id")),
        sa.ForeignKeyConstraint(
            ["relative_id"], ["person.id"], name=op.f("fk_relative_relative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative")),
    )
    op.create_index(op.f("ix_relative_person_id"), "relative", ["person_id"])
    op.create_index(op.f("ix_relative_relative_id"), "relative", ["relative_id"])
    op.create_index(
        "uq_relative_standing",
        "relative",
        ["person_id", "relative_id"],
        unique=True,
        postgresql_where=standing,
    )


# Functions that look past row security: what stood there, and what stands there now.
REWRITTEN = (
    (
        "enter(text, text, text)",
        "    INTO scope_ FROM account a WHERE a.id = me;",
        """    || jsonb_build_object('walled',
           EXISTS (SELECT 1 FROM wall w WHERE w.account_id = me AND w.ended_on IS NULL)
           OR (a.person_id IS NOT NULL AND EXISTS (SELECT 1 FROM guard.walls_of(me))))
    INTO scope_ FROM account a WHERE a.id = me;""",
    ),
    (
        "read_reporter(uuid)",
        "AND m.unit_path <@ guard.reach('{intake_officer,petitions_head}')",
        "AND m.unit_path <@ guard.reach('{intake_officer,petitions_head}')"
        " AND NOT m.id IN (SELECT unnest(guard.walled()))",
    ),
    (
        "leads_of_petition(uuid)",
        "AND guard.works_on(petition_)",
        "AND guard.works_on(petition_) AND NOT l.id IN (SELECT unnest(guard.walled()))",
    ),
    (
        "facts(uuid)",
        """      SELECT coalesce(jsonb_agg(a.id), '[]') FROM account a
        JOIN involvement i ON i.person_id = a.person_id
       WHERE i.matter_id = matter_ AND i.ended_on IS NULL),""",
        """      SELECT coalesce(jsonb_agg(DISTINCT w.account_id), '[]')
        FROM guard.walled_from(matter_) w),""",
    ),
)


def _words(text: str, *, walled: bool = True) -> str:
    """The words of the first migration's policies, behind the wall."""

    def written(match: re.Match[str]) -> str:
        word, alias = match[1], match[2]
        rule: str = RULES[word.upper()].format(m=alias)
        return f"({rule} AND {BEHIND.format(column=f'{alias}.id')})" if walled else rule

    return re.sub(r"@@(\w+):(\w+)@@", written, text)


def downgrade() -> None:
    for view in _views():
        op.execute(f"DROP VIEW guard.{view}")
        op.execute(f"ALTER VIEW guard.whole_{view} RENAME TO {view}")
        op.execute(f"GRANT SELECT ON guard.{view} TO plumbline_app")
    for table in WALLS:
        op.execute(f"DROP POLICY walls ON {table}")
    rewrite_back(REWRITTEN)
    works_on = re.search(r"CREATE OR REPLACE FUNCTION guard\.works_on\(.*?\n\$\$;", TEXT, re.DOTALL)
    if works_on is None:
        raise RuntimeError("works_on is gone")
    run(_words(works_on[0], walled=False))
    for function in (*CALLED, *INNER):
        op.execute(f"DROP FUNCTION guard.{function}")
    op.drop_table("relative")
    op.drop_table("wall")
