"""A cohort as SQL: its conditions, and its leads, outcomes and postings as they stood on a day."""
# sql: fragments are constants of these modules; what is asked for goes in as parameters

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.domain.totals import HELD, NO_CAMPAIGN, UNDER_WAY, UNSTATED, Cohort, Standing
from app.repositories.totals.known import as_then


@dataclass
class Question:
    """A cohort as SQL: conditions on the facts' columns, and the values for them."""

    cohort: Cohort
    before: datetime | None
    depth: int
    moved: bool = True  # whether matters may have stood elsewhere on the day than today
    values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.values = {
            "day": self.cohort.as_of,
            "before": self.before,
            "unit": self.cohort.unit.value if self.cohort.unit else None,
            "campaign": self.cohort.campaign_id,
            "source": self.cohort.source,
            "leader": self.cohort.leader,
            "since": self.cohort.since,
            "until": self.cohort.until,
            "stage": self.cohort.stage.value if self.cohort.stage else None,
            "method": self.cohort.method,
            "outcome": self.cohort.outcome,
            "depth": self.depth,
        }

    def known(self, alias: str) -> str:
        """Recorded before the moment that the question is about."""
        return f" AND {alias}.recorded_at < %(before)s" if self.before is not None else ""

    def facts(self, view: str) -> str:
        """A view of the guard's to read from, with what was corrected since as it was known."""
        return f"guard.{view}" if self.before is None else as_then(view)

    def within(self, alias: str, day: str | None, *, source: str = "source") -> str:
        """The cohort's own conditions on a fact, and its period on the fact's `day`."""
        found = ""
        if self.cohort.unit is not None:
            at = "=" if self.cohort.alone else "<@"
            found += f" AND {alias}.unit_path {at} %(unit)s::ltree"
        found += _stated(f"{alias}.campaign_id", "campaign", self.cohort.campaign_id, NO_CAMPAIGN)
        found += _stated(f"{alias}.{source}", "source", self.cohort.source, UNSTATED)
        found += _stated(f"{alias}.responsible_leader", "leader", self.cohort.leader, UNSTATED)
        if day is not None and self.cohort.since is not None:
            found += f" AND {alias}.{day} >= %(since)s"
        if day is not None and self.cohort.until is not None:
            found += f" AND {alias}.{day} <= %(until)s"
        return found

    def standing(self, alias: str) -> str:
        """Not voided by the day."""
        if not self.moved:
            return f" AND {alias}.{NOT_VOIDED}"
        return (
            f" AND NOT ({alias}.state = 'voided' AND EXISTS ("
            f"SELECT 1 FROM guard.counted_step t WHERE t.matter_id = {alias}.id"
            f" AND t.to_state = 'voided' AND t.happened_on <= %(day)s{self.known('t')}))"
        )

    def unsettled(self, alias: str) -> str:
        """A doubt that nobody had explained or corrected by then."""
        later = f" OR {alias}.settled_at >= %(before)s" if self.before is not None else ""
        return f"({alias}.settled_on IS NULL OR {alias}.settled_on > %(day)s{later})"

    @property
    def by_lead(self) -> bool:
        """Whether outcomes and money are narrowed by what became of their lead."""
        cohort = self.cohort
        return any(each is not None for each in (cohort.stage, cohort.method, cohort.outcome))

    def chosen(self, alias: str) -> str:
        """Of a chosen lead, or of a case that came from one."""
        return f" AND {alias}.matter_id IN (SELECT id FROM chosen)" if self.by_lead else ""


def _stated(column: str, name: str, wanted: object, none: object) -> str:
    """That a column says what is wanted, or nothing where that is wanted."""
    if wanted is None:
        return ""
    return f" AND {column} IS NULL" if wanted == none else f" AND {column} = %({name})s"


STATES = """
states AS MATERIALIZED (
  SELECT p.id AS profile_id, k.key AS kind, s.key AS state, s.value ->> 'stage' AS stage,
         coalesce((s.value ->> 'terminal')::boolean, false) AS ended
    FROM profile_version p, jsonb_each(p.content -> 'machines') k,
         jsonb_each(k.value -> 'states') s)"""


# What was entered by mistake is nothing that was received; its number stays.
NOT_VOIDED = "state IS DISTINCT FROM 'voided'"


# What a lead came to by the day: the state that it ended in, that it is on hold, or nothing yet.
OUTCOME = f"CASE WHEN ended THEN state WHEN state = '{HELD}' THEN '{HELD}' ELSE '{UNDER_WAY}' END"


def standing_state(question: Question) -> tuple[str, str, str]:
    """(the state of `m` on the day, the join that it takes, the CTEs behind that).

    Only matters that moved after the day, or whose moves were recorded later, must be looked up
    in their history.
    """
    if not question.moved:
        return "m.state", "", ""
    late = " OR t.recorded_at >= %(before)s" if question.before is not None else ""
    ctes = f""",
later AS MATERIALIZED (
  SELECT DISTINCT t.matter_id FROM guard.counted_step t WHERE t.happened_on > %(day)s{late}),
stood AS MATERIALIZED (
  SELECT y.matter_id, t.to_state FROM later y LEFT JOIN (
    SELECT DISTINCT ON (t.matter_id) t.matter_id, t.to_state FROM guard.counted_step t
     WHERE t.matter_id IN (SELECT matter_id FROM later)
       AND t.happened_on <= %(day)s{question.known("t")}
     ORDER BY t.matter_id, t.version DESC) t ON t.matter_id = y.matter_id)"""
    state = "CASE WHEN y.matter_id IS NULL THEN m.state ELSE y.to_state END"
    return state, "LEFT JOIN stood y ON y.matter_id = m.id", ctes


def on_day(question: Question, view: str, columns: str, which: str, *, joins: str = "") -> str:
    """Matters of a view with the state, the stage and the end that they had on the day."""
    state, stood, _ctes = standing_state(question)
    return f"""
  SELECT m.id, m.kind, m.unit_path, m.campaign_id, m.source, m.responsible_leader,
         {state} AS state, coalesce(s.stage, m.stage) AS stage, coalesce(s.ended, false) AS ended
         {columns}
    FROM {question.facts(view)} m {stood}
    LEFT JOIN states s ON s.profile_id = m.profile_id AND s.kind = m.kind AND s.state = {state}
    {joins}
   WHERE {which}{question.known("m")}"""


def _disposal(question: Question) -> tuple[str, str, str]:
    """(columns with a lead's disposal and filing on the day, the joins, the CTEs)."""
    if not question.moved:
        return ", m.method, coalesce(m.filed_on <= %(day)s, false) AS filed", "", ""
    later = _DISPOSED_LATER if question.before is None else ""
    ctes = f""",
disposed AS MATERIALIZED (
  SELECT DISTINCT ON (h.lead_id) h.lead_id, h.method
    FROM guard.counted_disposal h JOIN guard.counted_lead m ON m.id = h.lead_id
   WHERE coalesce(h.disposed_on, m.received_on) <= %(day)s{question.known("h")}{later}
   ORDER BY h.lead_id, h.disposed_on DESC NULLS LAST, h.recorded_at DESC)"""
    joins = "LEFT JOIN disposed h ON h.lead_id = m.id"
    if question.before is None:
        columns = f", {_METHOD} AS method, coalesce(m.filed_on <= %(day)s, false) AS filed"
        return columns, joins, ctes
    ctes += f""",
filed AS MATERIALIZED (
  SELECT DISTINCT ON (h.lead_id) h.lead_id, h.filed_on FROM guard.counted_disposal h
   WHERE true{question.known("h")} ORDER BY h.lead_id, h.recorded_at DESC)"""
    columns = ", h.method, coalesce(f.filed_on <= %(day)s, false) AS filed"
    return columns, joins + " LEFT JOIN filed f ON f.lead_id = m.id", ctes


_DISPOSED_LATER = " AND m.disposed_on > %(day)s"
_METHOD = (
    "CASE WHEN m.method IS NULL OR coalesce(m.disposed_on, m.received_on) <= %(day)s"
    " THEN m.method ELSE h.method END"
)


def lead_ctes(question: Question, *, every: bool = False) -> str:
    """`lead_on`: the cohort's leads as they stood on the day, one row each; or `every` lead that
    stood so, wherever and whenever it came in."""
    disposal, joins, disposed = _disposal(question)
    _state, _stood, stood = standing_state(question)
    which = "m.received_on <= %(day)s" + ("" if every else question.within("m", "received_on"))
    narrowed = f" AND {NOT_VOIDED}"
    if question.cohort.stage is Standing.ENDED:
        narrowed += " AND ended"
    elif question.cohort.stage is not None:
        narrowed += " AND stage = %(stage)s AND NOT ended"
    if question.cohort.method is not None:
        narrowed += " AND method = %(method)s"
    if question.cohort.outcome is not None:
        narrowed += f" AND {OUTCOME} = %(outcome)s"
    found = on_day(question, "counted_lead", ", m.received_on" + disposal, which, joins=joins)
    return f"""{STATES}{stood}{disposed},
lead_on AS (SELECT * FROM ({found}) l WHERE true{narrowed})"""


def open_case_ctes(question: Question) -> str:
    """Leads whose case has not ended, filed being not yet cleared, and those that were merged into
    a lead that isn't cleared itself."""
    survivors = "m.id IN (SELECT to_id FROM guard.counted_link WHERE kind = 'merged_into')"
    which = "m.begins_on <= %(day)s AND (m.ends_on IS NULL OR m.ends_on > %(day)s)"
    return f"""
filed_on AS MATERIALIZED (
  SELECT DISTINCT lead_id FROM ({on_day(question, "counted_case", ", m.lead_id", which)}) c
   WHERE NOT ended),
waiting AS MATERIALIZED (
  SELECT lead_id FROM filed_on
  UNION SELECT k.from_id
    FROM guard.counted_link k
    JOIN ({on_day(question, "counted_lead", "", survivors)}) s ON s.id = k.to_id
   WHERE k.kind = 'merged_into' AND k.begins_on <= %(day)s
     AND (k.ends_on IS NULL OR k.ends_on > %(day)s)
     AND (NOT s.ended OR s.id IN (SELECT lead_id FROM filed_on)))"""


CHOSEN = """
chosen AS MATERIALIZED (
  SELECT id FROM lead_on
  UNION SELECT k.to_id FROM guard.counted_link k JOIN lead_on l ON l.id = k.from_id
         WHERE k.kind = 'lead_case' AND k.begins_on <= %(day)s
           AND (k.ends_on IS NULL OR k.ends_on > %(day)s))"""


def chosen_ctes(question: Question) -> str:
    """`chosen`, where outcomes and money are narrowed by their lead; else nothing. Place, period
    and the like are then those of the outcome or the movement, not of its lead."""
    return f"{lead_ctes(question, every=True)},{CHOSEN}," if question.by_lead else ""


def outcome_ctes(question: Question) -> str:
    """`standing`: outcomes decided by the day that no other had replaced by then."""
    return f"""{chosen_ctes(question)}
standing AS (
  SELECT o.matter_id, o.kind, o.measure, o.form, o.quantity, o.decided_on, o.person_id,
         o.unit_path, o.campaign_id, o.source, o.responsible_leader
    FROM {question.facts("counted_outcome")} o
   WHERE o.decided_on <= %(day)s{question.known("o")}{question.within("o", "decided_on")}
         {question.chosen("o")}
     AND NOT EXISTS (SELECT 1 FROM guard.counted_replacement r WHERE r.replaces_id = o.id
                        AND r.decided_on <= %(day)s{question.known("r")}))"""


def posting_ctes(question: Question) -> str:
    """`moved`: postings on fund items by the day."""
    return f"""{chosen_ctes(question)}
moved AS (
  SELECT p.* FROM {question.facts("counted_posting")} p
   WHERE p.happened_on <= %(day)s AND p.fund_item_id IS NOT NULL{question.known("p")}
         {question.within("p", "happened_on")}{question.chosen("p")})"""
