"""Totals, counted in SQL from the guard's anonymous facts: no row of a matter comes to Python.

The same statements serve whoever reads matters and an operator who opens none: the views behind
them say whose matters are counted. Each count comes by every facet at once.
"""
# sql: fragments are constants of these modules; what is asked for goes in as parameters

from __future__ import annotations

from typing import Any

from app.core.db import Row
from app.repositories.totals.question import (
    NOT_VOIDED,
    STATES,
    Question,
    chosen_ctes,
    later_cte,
    lead_ctes,
    on_day,
    open_case_ctes,
    outcome_ctes,
    posting_ctes,
)
from app.repositories.work import Work

ACCOUNTABLE = "('handling', 'party_sanction', 'administrative_sanction')"
SANCTIONS = "('party_sanction', 'administrative_sanction')"


def _facets(*more: str, each: str = "") -> tuple[str, str]:
    """(select list, group by) of a breakdown by every facet at once, and by `more` columns.

    `each` is a column by which every slice is grouped once more.
    """
    sets = {
        "campaign": "campaign_id",
        "source": "source",
        "leader": "responsible_leader",
        "unit": "place",
        "month": "month",
        **{column: column for column in more},
    }
    named = " ".join(
        f"WHEN grouping({column}) = 0 THEN '{facet}'" for facet, column in sets.items()
    )
    key = ", ".join(
        f"{column}::text" if column == "campaign_id" else column for column in sets.values()
    )
    also = f", {each}" if each else ""
    select = f"CASE {named} ELSE 'all' END AS facet, coalesce({key}) AS key"
    grouped = "".join(f", ({column}{also})" for column in sets.values())
    return select, f"GROUPING SETS (({each}){grouped})"


_PLACED = (
    "subpath(unit_path, 0, least(nlevel(unit_path), %(depth)s))::text AS place,"
    " to_char({day}, 'YYYY-MM') AS month"
)


def make_room(tx: Work) -> None:
    """For this transaction: memory to hash in, and no time spent on compiling a plan that runs
    once (measured: half of the time of a district's totals, a tenth of a nation's)."""
    tx.value("SELECT set_config('jit', 'off', true) || set_config('work_mem', '64MB', true)")


def leads(tx: Work, question: Question) -> list[Row]:
    """Leads by every facet, `all` being the whole."""
    select, grouped = _facets("method", "stage")
    return tx.rows(
        f"""
        WITH {lead_ctes(question)},{open_case_ctes(question)}
        SELECT {select}, count(*) AS leads,
               count(*) FILTER (WHERE source = 'inspection') AS inspection_leads,
               count(*) FILTER (WHERE disposed) AS handled,
               count(*) FILTER (WHERE disposed AND state = 'held') AS held,
               count(*) FILTER (WHERE filed) AS filed,
               count(*) FILTER (WHERE NOT cleared) AS uncleared
          FROM (SELECT campaign_id, source, responsible_leader, method, state, filed,
                       CASE WHEN ended THEN 'ended' ELSE stage END AS stage,
                       method IS NOT NULL AS disposed, ended AND w.lead_id IS NULL AS cleared,
                       {_PLACED.format(day="received_on")}
                  FROM lead_on LEFT JOIN waiting w ON w.lead_id = lead_on.id) l
         GROUP BY {grouped}
        """,
        question.values,
    )


def petitions(tx: Work, question: Question) -> list[Row]:
    """Petitions by facet; a one-click report that is no backlog is counted apart."""
    if question.by_lead:
        return []
    select, grouped = _facets()
    return tx.rows(
        f"""
        SELECT {select}, count(*) AS petitions_received,
               count(*) FILTER (WHERE backlog OR channel <> 'one_click') AS petitions,
               count(*) FILTER (WHERE channel = 'one_click') AS one_click_reports
          FROM (SELECT p.campaign_id, p.channel AS source, p.responsible_leader, p.channel,
                       p.backlog, {_PLACED.format(day="received_on")}
                  FROM {question.facts("counted_petition")} p
                 WHERE p.received_on <= %(day)s{question.known("p")}{question.standing("p")}
                       {question.within("p", "received_on", source="channel")}) p
         GROUP BY {grouped}
        """,
        question.values,
    )


def stages(tx: Work, question: Question) -> list[Row]:
    """Matters of every kind by the stage that they stood in on the day."""
    which = "m.opened_on <= %(day)s" + question.within("m", "opened_on")
    return tx.rows(
        f"""
        WITH {STATES},{later_cte(question)}
        SELECT kind, stage, count(*) FILTER (WHERE NOT ended) AS open,
               count(*) FILTER (WHERE ended) AS ended
          FROM ({on_day(question, "counted_matter", "", which)}) m
         WHERE {NOT_VOIDED}
         GROUP BY kind, stage ORDER BY kind, stage
        """,
        question.values,
    )


def outcomes(tx: Work, question: Question) -> list[Row]:
    """Different people, and person-times, by facet.

    Grouped by person first and counted then: hashing so, and not sorting for each distinct
    count, takes a third of the time.
    """
    select, grouped = _facets(each="person_id")

    def times(kinds: str) -> str:
        return f"coalesce(sum(quantity) FILTER (WHERE kind IN {kinds}), 0)"

    def about(kinds: str) -> str:
        return f"bool_or(kind IN {kinds})"

    return tx.rows(
        f"""
        WITH {outcome_ctes(question)},
        person AS (
          SELECT {select}, person_id, {times("('handling')")} AS handlings,
                 {times(SANCTIONS)} AS sanctions, {about(SANCTIONS)} AS sanctioned,
                 {about("('party_sanction')")} AS party,
                 {about("('administrative_sanction')")} AS administrative,
                 {about(ACCOUNTABLE)} AS accountable
            FROM (SELECT kind, quantity, person_id, campaign_id, source, responsible_leader,
                         {_PLACED.format(day="decided_on")} FROM standing) o
           GROUP BY {grouped})
        SELECT facet, key, sum(handlings) AS organisational_handlings,
               sum(sanctions) AS sanction_person_times,
               count(person_id) FILTER (WHERE sanctioned) AS sanctioned_persons,
               count(person_id) FILTER (WHERE party) AS party_sanctioned_persons,
               count(person_id) FILTER (WHERE administrative)
                 AS administratively_sanctioned_persons,
               count(person_id) FILTER (WHERE accountable) AS accountable_persons
          FROM person GROUP BY facet, key
        """,
        question.values,
    )


def measures(tx: Work, question: Question) -> list[Row]:
    return tx.rows(
        f"""
        WITH {outcome_ctes(question)}
        SELECT kind, coalesce(measure, '') AS measure, form, sum(quantity) AS person_times,
               count(DISTINCT person_id) AS persons
          FROM standing GROUP BY kind, measure, form ORDER BY kind, form, measure
        """,
        question.values,
    )


def money(tx: Work, question: Question) -> list[Row]:
    """What was received, returned, remitted, released and is held, by facet; in yuan."""
    select, grouped = _facets("intake")

    def on(*accounts: str) -> str:
        named = ", ".join(f"'{account}'" for account in accounts)
        return f"coalesce(sum(amount) FILTER (WHERE account IN ({named})), 0)"

    return tx.rows(
        f"""
        WITH {posting_ctes(question)}
        SELECT {select}, -{on("payer")} AS recovered, {on("refund")} AS returned,
               {on("treasury", "criminal_case")} AS remitted, {on("released")} AS released,
               {on("bank")} AS in_custody
          FROM (SELECT account, amount, intake, campaign_id, source, responsible_leader,
                       {_PLACED.format(day="happened_on")} FROM moved) p
         GROUP BY {grouped}
        """,
        question.values,
    )


def returns(tx: Work, question: Question) -> Row:
    """Rows that villagers signed for; and the one lead or case with the most people repaid."""
    reversed_by = " AND r.reversal_recorded_at < %(before)s" if question.before is not None else ""
    return (
        tx.row(
            f"""
            WITH {chosen_ctes(question)} paid AS MATERIALIZED (
              SELECT r.* FROM {question.facts("counted_return")} r
               WHERE r.happened_on <= %(day)s{question.known("r")}
                 AND (r.reversed_on IS NULL OR NOT (r.reversed_on <= %(day)s{reversed_by}))
                     {question.within("r", "happened_on")}{question.chosen("r")}),
            most AS (
              SELECT count(DISTINCT beneficiary) AS people, sum(amount) AS amount FROM paid
               WHERE entry_id IS NOT NULL AND matter_id IS NOT NULL
               GROUP BY matter_id ORDER BY 1 DESC, 2 DESC LIMIT 1)
            SELECT (SELECT count(*) FROM paid) AS beneficiaries,
                   coalesce((SELECT people FROM most), 0) AS people,
                   coalesce((SELECT amount FROM most), 0) AS amount
            """,
            question.values,
        )
        or {}
    )


def suspense(tx: Work, question: Question) -> Any:
    """What is on the bank account and hangs on no lead, in yuan."""
    return tx.value(
        "SELECT coalesce(sum(p.amount), 0) FROM guard.counted_posting p"
        " WHERE p.account = 'suspense' AND p.fund_item_id IS NULL AND p.happened_on <= %(day)s"
        + question.known("p"),
        question.values,
    )


def bank(tx: Work, question: Question) -> Row:
    """All lines of the statements, and the last balance of each account."""
    return (
        tx.row(
            f"""
            WITH line AS (
              SELECT l.* FROM guard.counted_bank_line l
               WHERE l.happened_on <= %(day)s{question.known("l")}),
            last AS (
              SELECT DISTINCT ON (account_number) balance FROM line
               WHERE balance IS NOT NULL
               ORDER BY account_number, happened_on DESC, length(serial) DESC, serial DESC)
            SELECT (SELECT count(*) FROM line) AS lines,
                   coalesce((SELECT sum(balance) FROM last),
                            (SELECT sum(credit - debit) FROM line), 0) AS closing
            """,
            question.values,
        )
        or {}
    )


def places(tx: Work, question: Question) -> Row:
    under = " AND u.path <@ %(unit)s::ltree" if question.cohort.unit is not None else ""
    return (
        tx.row(
            "SELECT count(*) FILTER (WHERE u.reporting) AS reporting_units,"
            "       count(*) FILTER (WHERE u.kind = 'village') AS villages FROM unit u"
            f" WHERE (u.closed_on IS NULL OR u.closed_on > %(day)s){under}",
            question.values,
        )
        or {}
    )


def doubts(tx: Work, question: Question) -> list[Row]:
    """Rows that contradict a rule and were not settled by the day, by rule. That two people have
    one identity number is a doubt about people: the rows that name them contradict no rule."""
    which = question.within("d", None) + question.chosen("d")
    chosen = f"WITH {chosen_ctes(question).rstrip(',')}" if question.by_lead else ""
    return tx.rows(
        f"{chosen} SELECT d.rule, count(*) AS rows FROM {question.facts('counted_doubt')} d"
        " WHERE d.rule <> 'identity_under_two_names'"
        f" AND {question.unsettled('d')}{question.known('d')}{which}"
        " GROUP BY d.rule ORDER BY d.rule",
        question.values,
    )


def labels(tx: Work, unit_paths: list[str]) -> tuple[list[Row], list[Row]]:
    """(campaigns, units) by which slices are named."""
    return (
        tx.rows("SELECT id::text AS key, key AS label FROM campaign ORDER BY key"),
        tx.rows(
            "SELECT u.path::text AS key, u.name AS label FROM unit u"
            " WHERE u.path = ANY (%(paths)s::ltree[])",
            {"paths": unit_paths},
        ),
    )
