"""Keep what the standard registers ask of a person, where somebody knows it

Revision ID: 0011
Revises: 0010
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
TRIGGERS = runpy.run_path(str(Path(__file__).with_name("0007_bulk.py")))["_triggers"]
KNOWN = runpy.run_path(str(Path(__file__).with_name("0009_known.py")))

# Personal values stay apart in the events, as a name does.
FORMER = "'', 'name,position', 'id_number,id_index'"
PERSONAL = "'', 'name,position,male,born,ethnicity,joined_party,education', 'id_number,id_index'"
ABOUT_PERSON = ("born", "ethnicity", "joined_party", "education")
MONTH = "{column} ~ '^[0-9]{{4}}-(0[1-9]|1[0-2])$'"


def upgrade() -> None:
    op.add_column("person", sa.Column("male", sa.Boolean(), nullable=True))
    for column in ABOUT_PERSON:
        op.add_column("person", sa.Column(column, sa.Text(), nullable=True))
    for column in ("born", "joined_party"):
        op.create_check_constraint(
            op.f(f"ck_person_{column}_month"), "person", MONTH.format(column=column)
        )
    for column in ("eight_rules", "confessed"):
        op.add_column("involvement", sa.Column(column, sa.Boolean(), nullable=True))
    _record_person(PERSONAL)
    _involvement(
        _view().replace("i.ended_on\n", "i.ended_on,\n       i.eight_rules, i.confessed\n")
    )


def _record_person(arguments: str) -> None:
    for name in ("audit_insert", "audit_inserts"):
        op.execute(f"DROP TRIGGER {name} ON person")
    for statement in TRIGGERS("person", arguments):
        op.execute(statement)


def _view() -> str:
    text = (SQL / "0003_counting.sql").read_text(encoding="utf-8")
    found = re.search(r"CREATE VIEW guard\.counted_involvement .*?;\n", text, re.DOTALL)
    if found is None:
        raise RuntimeError("the view of involvements is gone")
    return found[0]


def _involvement(view: str) -> None:
    op.execute("DROP VIEW guard.counted_involvement")
    written = KNOWN["_words"](view, KNOWN["COUNTED"])
    op.get_bind().connection.driver_connection.execute(written)
    op.execute("ALTER VIEW guard.counted_involvement OWNER TO plumbline_guard")
    op.execute("GRANT SELECT ON guard.counted_involvement TO plumbline_app")


def downgrade() -> None:
    _involvement(_view())
    _record_person(FORMER)
    for column in ("confessed", "eight_rules"):
        op.drop_column("involvement", column)
    for column in ("joined_party", "born"):
        op.drop_constraint(op.f(f"ck_person_{column}_month"), "person")
    for column in (*reversed(ABOUT_PERSON), "male"):
        op.drop_column("person", column)
