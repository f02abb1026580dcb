"""Tell what a procedure asks of several matters for all of them at once

Revision ID: 0085
Revises: 0082

Policy: expand first, contract in a later release. A desk asked the same thirty questions for each of its
matters, and what an account is walled from again for each matter that it holds.
"""

from pathlib import Path

from alembic import op
from app.core.migrating import Rewriting, as_written, give_to_guard, rewrite, run

revision = "0085"
down_revision = "0082"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"
_GUARDED = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
_PLANNED_ONCE = f"{_GUARDED} SET plan_cache_mode = force_generic_plan"

# Each of these tells of several matters what the function of that name told of one.
OF_SEVERAL = f"""
CREATE FUNCTION guard.hung_together(wanted uuid[]) RETURNS TABLE (matter_id uuid, id uuid)
  {_PLANNED_ONCE} AS $$
  WITH RECURSIVE whole AS (
    SELECT w.id AS matter_id,
           coalesce((SELECT f.origin_id FROM fund_item f WHERE f.id = w.id), w.id) AS id
      FROM unnest(wanted) AS w (id)
    UNION
    SELECT x.matter_id, o.id FROM whole x CROSS JOIN LATERAL (
      SELECT l.from_id AS id FROM matter_link l
       WHERE l.to_id = x.id AND l.kind IN ('lead_case', 'merged_into') AND l.ends_on IS NULL
      UNION ALL
      SELECT l.to_id FROM matter_link l
       WHERE l.from_id = x.id AND l.kind IN ('lead_case', 'split_from') AND l.ends_on IS NULL) o)
  SELECT w.matter_id, w.id FROM whole w
$$;

CREATE FUNCTION guard.hands_on(wanted uuid[])
  RETURNS TABLE (matter_id uuid, account_id uuid, part text)
  {_PLANNED_ONCE} AS $$
  WITH whole AS MATERIALIZED (SELECT h.matter_id, h.id FROM guard.hung_together(wanted) h),
  with_itself AS MATERIALIZED (
    SELECT x.matter_id, x.id FROM whole x
    UNION
    SELECT w.id, w.id FROM unnest(wanted) AS w (id)),
  decided AS MATERIALIZED (
    SELECT a.account_id, a.matter_id AS id, a.event, a.seen
      FROM guard.adjudications(ARRAY(SELECT x.id FROM with_itself x)) a
     WHERE a.account_id IS NOT NULL),
  appealed AS MATERIALIZED (
    SELECT x.matter_id, x.id, max(t.version) AS version
      FROM whole x JOIN transition t ON t.matter_id = x.id
     WHERE t.event LIKE 'reopen%' AND t.form ->> 'ground' = 'appeal' GROUP BY x.matter_id, x.id)
  SELECT x.matter_id, t.account_id, 'investigator'
    FROM whole x JOIN team_member t ON t.matter_id = x.id
  UNION
  SELECT x.matter_id, s.account_id, 'investigator'
    FROM whole x JOIN signature s ON s.matter_id = x.id
   WHERE s.role = 'department_head' AND s.manner <> 'ledger'
  UNION
  SELECT x.matter_id, d.account_id, 'adjudicator' FROM with_itself x JOIN decided d ON d.id = x.id
  UNION
  SELECT p.matter_id, d.account_id, 'original' FROM appealed p JOIN decided d ON d.id = p.id
   WHERE d.seen < p.version AND d.event NOT LIKE 'reopen%'
$$;

CREATE FUNCTION guard.reporters_of(wanted uuid[])
  RETURNS TABLE (matter_id uuid, account_id uuid)
  {_PLANNED_ONCE} AS $$
  WITH RECURSIVE sources AS (
    SELECT w.id AS matter_id, w.id FROM unnest(wanted) AS w (id)
    UNION
    SELECT f.id, f.origin_id FROM fund_item f WHERE f.id = ANY (wanted)
    UNION
    SELECT s.matter_id, l.from_id FROM sources s JOIN matter_link l ON l.to_id = s.id
     WHERE l.kind IN ('petition_lead', 'lead_case', 'merged_into') AND l.ends_on IS NULL),
  persons AS (
    SELECT s.matter_id, k.person_id FROM sources s JOIN reporter_tie t ON t.petition_id = s.id
      JOIN person_token k ON k.token = t.token),
  accounts AS (
    SELECT p.matter_id, a.id FROM persons p JOIN account a ON a.person_id = p.person_id
    UNION
    SELECT p.matter_id, a.id FROM persons p
      JOIN relative r ON p.person_id IN (r.person_id, r.relative_id) AND r.ended_on IS NULL
      JOIN account a ON a.person_id
           = CASE WHEN r.person_id = p.person_id THEN r.relative_id ELSE r.person_id END)
  SELECT a.matter_id, a.id FROM accounts a WHERE a.matter_id IN (SELECT guard.walls_of(a.id))
$$;

CREATE FUNCTION guard.walled_from(wanted uuid[])
  RETURNS TABLE (matter_id uuid, account_id uuid, cause text)
  {_PLANNED_ONCE} AS $$
  WITH RECURSIVE held AS (
    SELECT w.id AS matter_id, w.id FROM unnest(wanted) AS w (id)
    UNION
    SELECT f.id, f.origin_id FROM fund_item f WHERE f.id = ANY (wanted)),
  whole AS (
    SELECT h.matter_id, h.id FROM held h
    UNION
    SELECT x.matter_id, l.from_id FROM whole x JOIN matter_link l ON l.to_id = x.id
     WHERE l.kind = 'merged_into' AND l.ends_on IS NULL),
  named AS (
    SELECT DISTINCT x.matter_id, i.person_id FROM whole x JOIN involvement i ON i.matter_id = x.id
     WHERE i.person_id IS NOT NULL AND i.ended_on IS NULL
    UNION
    SELECT x.matter_id, a.person_id FROM whole x
      JOIN guard.namesake_standing k ON k.matter_id = x.id
      JOIN account a ON a.id = k.account_id
     WHERE k.answer = 'them' AND a.person_id IS NOT NULL),
  -- Who is on the team of a matter that is kept close, and of each of them what waits to be
  -- decided: once for all that they hold.
  close AS MATERIALIZED (
    SELECT h.matter_id, h.id, t.account_id FROM held h JOIN matter m ON m.id = h.id
      JOIN team_member t ON t.matter_id = h.id AND t.ends_on IS NULL
     WHERE m.classification = 2),
  undecided AS MATERIALIZED (
    SELECT c.account_id, u.matter_id AS id FROM (SELECT DISTINCT account_id FROM close) c
     CROSS JOIN LATERAL guard.undecided_links(c.account_id) u)
  SELECT y.matter_id, y.account_id, 'reporter' FROM guard.reporters_of(wanted) y
  UNION
  SELECT n.matter_id, a.id, 'named' FROM named n JOIN account a ON a.person_id = n.person_id
  UNION
  SELECT n.matter_id, a.id, 'relative' FROM named n
    JOIN relative r ON n.person_id IN (r.person_id, r.relative_id) AND r.ended_on IS NULL
    JOIN account a ON a.person_id
         = CASE WHEN r.person_id = n.person_id THEN r.relative_id ELSE r.person_id END
  UNION
  SELECT x.matter_id, k.account_id, CASE WHEN k.answer = 'them' THEN 'named' ELSE 'namesake' END
    FROM guard.namesake_standing k JOIN whole x ON x.id = k.matter_id
   WHERE k.answer = 'them' OR NOT k.works
  UNION
  SELECT x.matter_id, w.account_id, w.cause FROM wall w JOIN whole x ON x.id = w.matter_id
   WHERE w.ended_on IS NULL
  UNION
  SELECT c.matter_id, c.account_id, 'undecided' FROM close c
    JOIN undecided u ON u.account_id = c.account_id AND u.id = c.id
$$;
"""
NEW = (
    "hung_together(uuid[])",
    "hands_on(uuid[])",
    "reporters_of(uuid[])",
    "walled_from(uuid[])",
    "facts_known(uuid[])",
)


def _of_one(part: str, name: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION guard.{name}(matter_ uuid) RETURNS SETOF uuid {_GUARDED} AS $$
  SELECT h.account_id FROM guard.hands_on(ARRAY[matter_]) h WHERE h.part = '{part}'
$$;
"""


OF_ONE = (
    _of_one("investigator", "investigators")
    + _of_one("adjudicator", "adjudicators")
    + _of_one("original", "original_hands")
    + f"""
CREATE OR REPLACE FUNCTION guard.walled_from(matter_ uuid)
  RETURNS TABLE (account_id uuid, cause text) {_GUARDED} AS $$
  SELECT w.account_id, w.cause FROM guard.walled_from(ARRAY[matter_]) w
$$;
"""
)

_KNOWN = "facts_known(uuid, boolean)"


def _hands(name: str, part: str) -> Rewriting:
    return (
        _KNOWN,
        f"""(
      SELECT coalesce(jsonb_agg(x.id), '[]') FROM guard.{name}(matter_) AS x (id))""",
        f"coalesce(hands.{part}, '[]')",
    )


KNOWN: tuple[Rewriting, ...] = (
    (_KNOWN, "(matter_ uuid, holders_ boolean)\n RETURNS jsonb\n",
     "(wanted uuid[])\n RETURNS TABLE(id uuid, district text, facts jsonb)\n"),
    (_KNOWN, "AS $function$\nDECLARE\n  m matter%ROWTYPE;\n  origin_ uuid;\nBEGIN\n",
     " SET plan_cache_mode TO 'force_generic_plan'\nAS $function$\n#variable_conflict use_column\nBEGIN\n"),
    (_KNOWN, """  SELECT * INTO m FROM matter WHERE id = matter_;
  SELECT f.origin_id INTO origin_ FROM fund_item f WHERE f.id = matter_;
  RETURN jsonb_build_object(
""", """  RETURN QUERY
  SELECT m.id, m.district, jsonb_build_object(
"""),
    (_KNOWN, """(
      SELECT coalesce(jsonb_agg(DISTINCT w.account_id), '[]')
        FROM guard.walled_from(matter_) w)""", "coalesce(walled.accounts, '[]')"),
    _hands("investigators", "investigators"),
    _hands("adjudicators", "adjudicators"),
    _hands("original_hands", "original"),
    (_KNOWN, ") END);\nEND", """) END)
    FROM (SELECT x.id AS matter_, f.origin_id AS origin_,
                 -- Who holds which role stands in the first of a district.
                 row_number() OVER (PARTITION BY x.district ORDER BY x.id) = 1 AS holders_
            FROM matter x LEFT JOIN fund_item f ON f.id = x.id
           WHERE x.id = ANY (wanted)) it
    JOIN matter m ON m.id = it.matter_
    LEFT JOIN (SELECT w.matter_id, jsonb_agg(DISTINCT w.account_id) AS accounts
                 FROM guard.walled_from(wanted) w GROUP BY w.matter_id) walled
      ON walled.matter_id = m.id
    LEFT JOIN (SELECT h.matter_id,
                      jsonb_agg(h.account_id) FILTER (WHERE h.part = 'investigator') AS investigators,
                      jsonb_agg(h.account_id) FILTER (WHERE h.part = 'adjudicator') AS adjudicators,
                      jsonb_agg(h.account_id) FILTER (WHERE h.part = 'original') AS original
                 FROM guard.hands_on(wanted) h GROUP BY h.matter_id) hands
      ON hands.matter_id = m.id;
END"""),
)  # fmt: skip

FACTS = """
CREATE OR REPLACE FUNCTION guard.facts(matter_ uuid) RETURNS jsonb
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT guard.works_on(matter_) THEN RETURN NULL; END IF;
  RETURN {};
END $$;
CREATE OR REPLACE FUNCTION guard.facts_of(wanted uuid[])
  RETURNS TABLE (id uuid, district text, facts jsonb)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  {}
$$;
"""
TOGETHER = FACTS.format(
    "(SELECT k.facts FROM guard.facts_known(ARRAY[matter_]) k)",
    "SELECT k.id, k.district, k.facts FROM guard.facts_known(guard.worked_on(wanted)) k",
)
# Others have rewritten walled_from since it was written.
WALLED_FROM = f"""
CREATE OR REPLACE FUNCTION guard.walled_from(matter_ uuid)
  RETURNS TABLE (account_id uuid, cause text) {_GUARDED} AS $$
  WITH RECURSIVE held AS (
    SELECT matter_ AS id
    UNION
    SELECT f.origin_id FROM fund_item f WHERE f.id = matter_),
  whole AS (
    SELECT id FROM held
    UNION
    SELECT l.from_id FROM whole x JOIN matter_link l ON l.to_id = x.id
     WHERE l.kind = 'merged_into' AND l.ends_on IS NULL),
  named AS (
    SELECT DISTINCT i.person_id FROM whole x JOIN involvement i ON i.matter_id = x.id
     WHERE i.person_id IS NOT NULL AND i.ended_on IS NULL
    UNION
    SELECT a.person_id FROM whole x JOIN guard.namesake_standing k ON k.matter_id = x.id
      JOIN account a ON a.id = k.account_id
     WHERE k.answer = 'them' AND a.person_id IS NOT NULL)
  SELECT y.account_id, 'reporter' FROM guard.reporters_of(matter_) AS y (account_id)
  UNION
  SELECT a.id, 'named' FROM named n JOIN account a ON a.person_id = n.person_id
  UNION
  SELECT a.id, 'relative' FROM named n
    JOIN relative r ON n.person_id IN (r.person_id, r.relative_id) AND r.ended_on IS NULL
    JOIN account a ON a.person_id
         = CASE WHEN r.person_id = n.person_id THEN r.relative_id ELSE r.person_id END
  UNION
  SELECT k.account_id, CASE WHEN k.answer = 'them' THEN 'named' ELSE 'namesake' END
    FROM guard.namesake_standing k JOIN whole x ON x.id = k.matter_id
   WHERE k.answer = 'them' OR NOT k.works
  UNION
  SELECT w.account_id, w.cause FROM wall w JOIN whole x ON x.id = w.matter_id
   WHERE w.ended_on IS NULL
  UNION
  SELECT t.account_id, 'undecided' FROM held h JOIN matter m ON m.id = h.id
    JOIN team_member t ON t.matter_id = h.id AND t.ends_on IS NULL
   WHERE m.classification = 2
     AND EXISTS (SELECT 1 FROM guard.undecided_links(t.account_id) u WHERE u.matter_id = h.id)
$$;
"""
WRITTEN_BY_0040 = ("hung_together", "investigators", "adjudicators", "original_hands")
REWRITTEN_BY_0061: Rewriting = ("investigators(uuid)", "s.manner = 'own'", "s.manner <> 'ledger'")
APART = FACTS.format(
    "guard.facts_known(matter_, true)",
    """SELECT w.id, w.district, guard.facts_known(w.id, w.place = 1)
    FROM (SELECT m.id, m.district, row_number() OVER (PARTITION BY m.district ORDER BY m.id) AS place
            FROM matter m WHERE m.id = ANY (guard.worked_on(wanted))) w""",
)


def upgrade() -> None:
    run(OF_SEVERAL)
    run(OF_ONE)
    rewrite(KNOWN)
    run(TOGETHER)
    for gone in (_KNOWN, "hung_together(uuid)", "reporters_of(uuid)"):
        op.execute(f"DROP FUNCTION guard.{gone}")
    give_to_guard((), NEW)


def downgrade() -> None:
    for name in WRITTEN_BY_0040:
        run(as_written(SQL / "0040_apart.sql", name))
    run(as_written(SQL / "0036_reporters_walled.sql", "reporters_of"))
    rewrite([REWRITTEN_BY_0061])
    run(WALLED_FROM)
    rewrite(("facts_known(uuid[])", now, former) for _, former, now in KNOWN)
    run(APART)
    for gone in NEW:
        op.execute(f"DROP FUNCTION guard.{gone}")
    give_to_guard((), (_KNOWN, "hung_together(uuid)", "reporters_of(uuid)"))
