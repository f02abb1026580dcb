"""Find matters by words of two characters, by names one character off, and by pinyin

Revision ID: 0046
Revises: 0045

Policy: expand first, contract in a later release. The keys of names that are there already are
written after it, in batches.
"""

import re
import runpy
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op
from app.core.migrating import close, give_to_guard, references, run

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
RULES = runpy.run_path(str(SQL / "0001_policies.py"))
FINDS = "text[], uuid[], text[], uuid[]"
PART = "text, date, uuid, integer"
CALLED = (
    "folded(text)",
    "pairs(text)",
    "keep_keys(uuid, text[])",
    "handful(integer)",
    f"search_among(uuid[], {FINDS}, {PART})",
    f"search_newest(integer, text[], uuid[], {PART})",
    f"search_words(text[], text[], text, uuid[], {PART})",
    f"search_names(text[], uuid[], {PART})",
    f"search_notes(text[], text[], {PART})",
    f"searched_exactly(uuid[], {FINDS})",
)
INNER = (
    "forget_keys()",
    "districts_met()",
    "says(text, text, text[])",
    "names(uuid, text[], uuid[])",
    "noted(uuid, text[])",
)
INDEXES = {
    "ix_matter_title_pairs": "matter USING gin (guard.pairs(title))",
    "ix_matter_number_words": "matter USING gin (guard.folded(number) gin_trgm_ops)",
    "ix_matter_opened": "matter (opened_on DESC, id DESC)",
    "ix_matter_district_opened": "matter (district, opened_on DESC, id DESC)",
    "ix_matter_adjudicated": "matter (id) WHERE adjudicated",
    "ix_note_pairs": "note USING gin (guard.pairs(text))",
    "ix_person_key_keys": "person_key USING gin (keys)",
}


def upgrade() -> None:
    op.create_table(
        "person_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("keys", ARRAY(sa.Text()), nullable=False),
        *references("person_key", person_id="person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_key")),
    )
    close("person_key")
    op.execute(RULES["policy"]("person_key", "insert", RULES["REGISTERS"]))
    op.execute("GRANT INSERT ON person_key TO plumbline_app")
    run(_words((SQL / "0046_search.sql").read_text(encoding="utf-8")))
    give_to_guard(CALLED, INNER)
    for name, of in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {of}")
    op.drop_index("ix_matter_number_trgm", table_name="matter")
    op.drop_index("ix_matter_title_trgm", table_name="matter")


def _words(text: str) -> str:
    """The policies' words: what its reader may see of a matter, behind the wall.

    What they ask of the reader is asked at the beginning, whether or not anything was found: asked
    of the first row that needs it, it would tell by the time it takes that there is one.
    """
    asked: dict[str, str] = {}

    def variable(match: re.Match[str]) -> str:
        return asked.setdefault(match[0], f"reader_{len(asked) + 1}")

    def written(match: re.Match[str]) -> str:
        alias = match[1]
        seen = f"{RULES['CONTENT'].format(m=alias)} OR {RULES['AUDIT'].format(m=alias)}"
        seen = re.sub(r"\(SELECT guard\.\w+\((?:'[^']*')?\)\)", variable, seen)
        return f"(({seen}) AND NOT {alias}.id = ANY (walled))"

    text = re.sub(r"@@seen:(\w+)@@", written, text)
    types = {"reach": "ltree[]", "clearance": "integer", "maker": "uuid", "mine": "uuid[]"}
    declared = "".join(
        f"  {name} {types[call.split('.')[1].split('(')[0]]} := {call};\n"
        for call, name in asked.items()
    )
    return text.replace("@@reader@@", f"{declared}  walled uuid[] := guard.walled();")


def downgrade() -> None:
    for column in ("number", "title"):
        op.execute(
            f"CREATE INDEX ix_matter_{column}_trgm ON matter USING gin ({column} gin_trgm_ops)"
        )
    for name in INDEXES:
        op.execute(f"DROP INDEX {name}")
    op.execute("DROP TRIGGER keys ON person")
    op.drop_table("person_key")
    for function in (*reversed(INNER), *reversed(CALLED)):
        op.execute(f"DROP FUNCTION guard.{function}")
