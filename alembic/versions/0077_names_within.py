"""Mask the names of people in a matter's title for whoever reads the matter without names

Revision ID: 0077
Revises: 0076

Policy: expand first, contract in a later release. A title is taken from the wording: an auditor, to
whom every name is masked, read the person reported in it, and found the matter by the name.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import Rewriting, give_to_guard, rewrite, rewrite_back, run

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
CALLED = ("masked_title(uuid)",)
INNER = (
    "bare_name(text)",
    "without_names(text, text[])",
    "names_within(uuid)",
    "says_to(boolean, uuid, text[])",
)
PART = "text, date, uuid, integer"
SAYS = "guard.says(m.number, m.title, patterns)"
SAYS_TO = f"({SAYS} AND guard.says_to(content OR m.id = ANY (own), m.id, patterns))"
CONTENT = "  content boolean := guard.reads_content();\n"
OWN = "  own uuid[] := CASE WHEN NOT content THEN guard.mine() END;\n"
DISTRICTS = "  districts text[] := guard.districts_met();\n"
EVERYWHERE = (
    "AND (kind_ IS NULL OR w.kind = kind_)\n"
    "       ORDER BY w.opened_on DESC, w.id DESC LIMIT walk) m\n"
    "     WHERE (m.unit_id = ANY (units) OR {says})"
)
SOMEWHERE = (
    "LIMIT walk) w\n"
    "       ORDER BY w.opened_on DESC, w.id DESC LIMIT walk) m\n"
    "     WHERE (m.unit_id = ANY (units) OR {says})"
)
FOUND = "  SELECT s.id, s.opened_on FROM (\n    SELECT m.id, m.opened_on FROM found m"
# Those that were found are put in their order first: names are looked for until there are enough.
FOUND_IN_ORDER = (
    "  SELECT s.id, s.opened_on FROM (SELECT o.* FROM (\n    SELECT m.id, m.opened_on FROM found m"
)
OF_UNITS = (
    "    UNION SELECT w.id, w.opened_on FROM of_units w) s\n"
    "   ORDER BY s.opened_on DESC, s.id DESC LIMIT most;"
)
OF_UNITS_IN_ORDER = (
    "    UNION SELECT w.id, w.opened_on FROM of_units w) o\n"
    "   ORDER BY o.opened_on DESC, o.id DESC OFFSET 0) s\n"
    "   WHERE content OR s.id IN (SELECT w.id FROM of_units w)\n"
    "      OR guard.says_to(s.id = ANY (own), s.id, patterns)\n"
    "   ORDER BY s.opened_on DESC, s.id DESC LIMIT most;"
)
BEGINS = "BEGIN\n  RETURN QUERY\n  WITH found AS MATERIALIZED ("
TITLE = "  SELECT m.id, m.kind, m.number, m.title, m.state"
TITLE_READ = (
    "  SELECT m.id, m.kind, m.number,\n"
    "         CASE WHEN content OR m.id = ANY (mine) THEN m.title\n"
    "              ELSE guard.without_names(m.title, guard.names_within(m.id)) END, m.state"
)
NEWEST = f"search_newest(integer, text[], uuid[], {PART})"
WORDS = f"search_words(text[], text[], text, uuid[], {PART})"
REWRITTEN: tuple[Rewriting, ...] = (
    ("listed(uuid[])", TITLE, TITLE_READ),
    (f"search_among(uuid[], text[], uuid[], text[], uuid[], {PART})", SAYS, SAYS_TO),
    (NEWEST, DISTRICTS, DISTRICTS + CONTENT + OWN),
    (NEWEST, EVERYWHERE.format(says=SAYS), EVERYWHERE.format(says=SAYS_TO)),
    (NEWEST, SOMEWHERE.format(says=SAYS), SOMEWHERE.format(says=SAYS_TO)),
    (WORDS, BEGINS, CONTENT + OWN + BEGINS),
    (WORDS, FOUND, FOUND_IN_ORDER),
    (WORDS, OF_UNITS, OF_UNITS_IN_ORDER),
)


def upgrade() -> None:
    run((SQL / "0077_names_within.sql").read_text(encoding="utf-8"))
    give_to_guard(CALLED, INNER)
    rewrite(REWRITTEN)


def downgrade() -> None:
    rewrite_back(REWRITTEN)
    for function in (*reversed(INNER), *reversed(CALLED)):
        op.execute(f"DROP FUNCTION guard.{function}")
