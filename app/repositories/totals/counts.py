"""Totals, counted in SQL from the guard's anonymous facts: no row of a matter comes to Python.

The same statements serve whoever reads matters and an operator who opens none: the views behind
them say whose matters are counted. Each count comes by every facet at once.
"""
# sql: fragments are constants of these modules; what is asked for goes in as parameters

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.db import Row
from app.repositories.totals.question import (
    NOT_VOIDED,
    OUTCOME,
    STATES,
    Question,
    chosen_ctes,
    lead_ctes,
    open_case_ctes,
    outcome_ctes,
    posting_ctes,
    standing_state,
)
from app.repositories.work import Work

ACCOUNTABLE = "('handling', 'party_sanction', 'administrative_sanction')"
SANCTIONS = "('party_sanction', 'administrative_sanction')"


# A facet's key, made of what is grouped by: as the table has it, so that nothing is computed for
# each row; places, months and the like are put together afterwards, from a few thousand groups.
_KEYS = {
    "campaign": ("campaign_id", "campaign_id::text"),
    "source": ("source", "source"),
    "leader": ("responsible_leader", "responsible_leader"),
    "unit": (
        "path",
        "subpath(path::ltree, 0, least(nlevel(path::ltree), %(depth)s))::text",
    ),
    "month": ("day", "to_char(day, 'YYYY-MM')"),
}


# Of three columns at once: their key is all of them. It is looked for before any one of them.
_FLOW = {
    "flow": (
        "source, method, outcome",
        "CASE WHEN grouping(source, method, outcome) = 0"
        " THEN jsonb_build_array(coalesce(source, ''), coalesce(method, ''), outcome)::text END",
    )
}


def _grouped(
    counts: str, rows: str, *more: str, crossed: Mapping[str, tuple[str, str]] | None = None
) -> str:
    """`counts` of `rows` by every facet at once, by the columns `more`, by several of them
    `crossed`, and of `all`.

    The rows have campaign_id, source, responsible_leader, the unit's path as text, and a day.
    """
    keys = {**(crossed or {}), **_KEYS, **{column: (column, column) for column in more}}
    named = " ".join(f"WHEN grouping({by}) = 0 THEN '{facet}'" for facet, (by, _) in keys.items())
    whole = ", ".join(key for _, key in keys.values())
    sets = ", ".join(f"({by})" for by, _ in keys.values())
    return f"""
        SELECT CASE {named} ELSE 'all' END AS facet, coalesce({whole}) AS key, {counts}
          FROM ({rows}) r GROUP BY GROUPING SETS ((), {sets})"""


def _summed(columns: Sequence[str], *grouped: str) -> str:
    """Groups of one key, put together."""
    sums = ", ".join(f"sum({column}) AS {column}" for column in columns)
    return f"""
        SELECT facet, key, {sums} FROM ({" UNION ALL ".join(grouped)}) g GROUP BY facet, key"""


def make_room(tx: Work) -> None:
    """For this transaction: memory to hash in, indexes read rather than tables, and no time spent
    on compiling a plan that runs once (measured: half of the time of a district's totals)."""
    tx.value(
        "SELECT set_config('jit', 'off', true) || set_config('work_mem', '64MB', true)"
        " || set_config('hash_mem_multiplier', '16', true)"
        " || set_config('random_page_cost', '1.1', true)"
    )


def mark(tx: Work) -> str | None:
    """What a count by this actor rests on: while it stays the same, so does every figure. None
    where nothing can be kept."""
    found: str | None = tx.value("SELECT guard.counted_mark()")
    return found


_LEADS = {
    "leads": "true",
    "inspection_leads": "source = 'inspection'",
    "handled": "disposed",
    "held": "disposed AND state = 'held'",
    "filed": "filed",
    "uncleared": "NOT cleared",
}
_PETITIONS = {
    "petitions_received": "true",
    "petitions": "backlog OR channel <> 'one_click'",
    "one_click_reports": "channel = 'one_click'",
}


def _counts(which: Mapping[str, str]) -> str:
    return ", ".join(f"count(*) FILTER (WHERE {that}) AS {name}" for name, that in which.items())


def look_ahead(tx: Work, question: Question) -> None:
    """Find out whether anything moved after the day: mostly the day is today, and nothing did."""
    if question.before is None:
        question.moved = bool(
            tx.value(
                "SELECT EXISTS (SELECT 1 FROM guard.counted_step t WHERE t.happened_on > %(day)s)"
                " OR EXISTS (SELECT 1 FROM guard.counted_lead m WHERE m.disposed_on > %(day)s)",
                question.values,
            )
        )


def leads(tx: Work, question: Question) -> list[Row]:
    """Leads by every facet, `all` being the whole; by source, disposal and outcome at once as
    `flow`."""
    rows = f"""
      SELECT campaign_id, source, responsible_leader, unit_path::text AS path,
             received_on AS day, method, state, filed,
             CASE WHEN ended THEN 'ended' ELSE stage END AS stage,
             {OUTCOME} AS outcome, method IS NOT NULL AS disposed,
             ended AND w.lead_id IS NULL AS cleared
        FROM lead_on LEFT JOIN waiting w ON w.lead_id = lead_on.id"""
    grouped = _grouped(_counts(_LEADS), rows, "method", "stage", crossed=_FLOW)
    return tx.rows(
        f"WITH {lead_ctes(question)},{open_case_ctes(question)}{_summed(tuple(_LEADS), grouped)}",
        question.values,
    )


def petitions(tx: Work, question: Question) -> list[Row]:
    """Petitions by facet; a one-click report that is no backlog is counted apart."""
    if question.by_lead:
        return []
    rows = f"""
      SELECT p.campaign_id, p.channel AS source, p.responsible_leader, p.channel, p.backlog,
             p.unit_path::text AS path, p.received_on AS day
        FROM {question.facts("counted_petition")} p
       WHERE p.received_on <= %(day)s{question.known("p")}{question.standing("p")}
             {question.within("p", "received_on", source="channel")}"""
    grouped = _grouped(_counts(_PETITIONS), rows)
    return tx.rows(_summed(tuple(_PETITIONS), grouped), question.values)


def stages(tx: Work, question: Question) -> list[Row]:
    """Matters of every kind by the stage that they stood in on the day."""
    state, stood, ctes = standing_state(question)
    which = "m.opened_on <= %(day)s" + question.within("m", "opened_on") + question.known("m")
    return tx.rows(
        f"""
        WITH {STATES}{ctes}
        SELECT m.kind, coalesce(s.stage, m.stage) AS stage,
               coalesce(sum(m.many) FILTER (WHERE s.ended IS NOT TRUE), 0)::bigint AS open,
               coalesce(sum(m.many) FILTER (WHERE s.ended), 0)::bigint AS ended
          FROM (SELECT m.kind, m.profile_id, {state} AS state, m.stage, count(*) AS many
                  FROM {question.facts("counted_matter")} m {stood} WHERE {which}
                 GROUP BY m.kind, m.profile_id, {state}, m.stage) m
          LEFT JOIN states s
            ON s.profile_id = m.profile_id AND s.kind = m.kind AND s.state = m.state
         WHERE m.{NOT_VOIDED}
         GROUP BY m.kind, coalesce(s.stage, m.stage) ORDER BY 1, 2
        """,
        question.values,
    )


_TIMES = {
    "organisational_handlings": "('handling')",
    "sanction_person_times": SANCTIONS,
}
_PERSONS = {
    "sanctioned_persons": SANCTIONS,
    "party_sanctioned_persons": "('party_sanction')",
    "administratively_sanctioned_persons": "('administrative_sanction')",
    "accountable_persons": ACCOUNTABLE,
}
_OUTCOME = (
    "campaign_id, source, responsible_leader, unit_path::text AS path, decided_on AS day, kind,"
    " quantity, person_id"
)


def outcomes(tx: Work, question: Question) -> list[Row]:
    """Different people, and person-times, by facet; and by measure, with kind, measure and form.

    Who has one outcome is one person in whatever group it stands. Only those with several must
    be told apart within each group: few, and sorted out by hashing.
    """
    times = ", ".join(
        f"coalesce(sum(quantity) FILTER (WHERE kind IN {kinds}), 0) AS {name}"
        for name, kinds in _TIMES.items()
    )
    once = ", ".join(
        f"count(person_id) FILTER (WHERE kind IN {kinds}) AS {name}"
        for name, kinds in _PERSONS.items()
    )
    about = ", ".join(f"bool_or(kind IN {kinds}) AS {name}" for name, kinds in _PERSONS.items())
    each = ", ".join(f"count(*) FILTER (WHERE {name})" for name in _PERSONS)
    facets = _summed(
        (*_TIMES, *_PERSONS),
        _grouped(
            f"{times}, {once}",
            f"SELECT {_OUTCOME} FROM standing WHERE person_id IS NULL"
            " OR person_id NOT IN (SELECT person_id FROM several)",
        ),
        f"SELECT facet, key, sum(organisational_handlings), sum(sanction_person_times), {each}"
        f" FROM ({_by_person(f'{times}, {about}')}) p GROUP BY facet, key",
    )
    return tx.rows(
        f"""
        WITH {outcome_ctes(question)},
        several AS MATERIALIZED (
          SELECT person_id FROM standing WHERE person_id IS NOT NULL
           GROUP BY person_id HAVING count(*) > 1)
        SELECT f.*, NULL AS kind, NULL AS measure, NULL AS form, NULL AS person_times,
               NULL AS persons FROM ({facets}) f
        UNION ALL
        SELECT 'measure', NULL, {", ".join("NULL" for _ in (*_TIMES, *_PERSONS))},
               kind, coalesce(measure, ''), form, sum(times)::bigint, count(person_id)
          FROM (SELECT kind, measure, form, person_id, sum(quantity) AS times FROM standing
                 GROUP BY kind, measure, form, person_id) m
         GROUP BY kind, measure, form
        """,
        question.values,
    )


def _by_person(counts: str) -> str:
    """The outcomes of those who have several, by facet and person."""
    keys = {
        "campaign": "campaign_id::text",
        "source": "source",
        "leader": "responsible_leader",
        "unit": _KEYS["unit"][1],
        "month": _KEYS["month"][1],
    }
    columns = ", ".join(f"{key} AS {facet}" for facet, key in keys.items())
    named = " ".join(f"WHEN grouping({facet}) = 0 THEN '{facet}'" for facet in keys)
    sets = ", ".join(f"({facet}, person_id)" for facet in keys)
    return f"""
      SELECT CASE {named} ELSE 'all' END AS facet, coalesce({", ".join(keys)}) AS key, {counts}
        FROM (SELECT {columns}, kind, quantity, person_id FROM (
                SELECT {_OUTCOME} FROM standing
                 WHERE person_id IN (SELECT person_id FROM several)) o) o
       GROUP BY GROUPING SETS ((person_id), {sets})"""


_ACCOUNTS = {
    "recovered": ("-", "('payer')"),
    "returned": ("", "('refund')"),
    "remitted": ("", "('treasury', 'criminal_case')"),
    "released": ("", "('released')"),
    "in_custody": ("", "('bank')"),
}


def money(tx: Work, question: Question) -> list[Row]:
    """What was received, returned, remitted, released and is held, by facet; in yuan."""
    sums = ", ".join(
        f"{sign}coalesce(sum(amount) FILTER (WHERE account IN {accounts}), 0) AS {name}"
        for name, (sign, accounts) in _ACCOUNTS.items()
    )
    rows = """
      SELECT account, amount, intake, campaign_id, source, responsible_leader,
             unit_path::text AS path, happened_on AS day FROM moved"""
    return tx.rows(
        f"WITH {posting_ctes(question)}{_summed(tuple(_ACCOUNTS), _grouped(sums, rows, 'intake'))}",
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


def outside(tx: Work, question: Question) -> int | None:
    """How many matters at least the actor doesn't count, in fives; the guard says of what."""
    found: int | None = tx.value(
        "SELECT guard.outside(%(unit)s::ltree, %(campaign)s)",
        {
            "unit": question.cohort.unit.value if question.cohort.unit else None,
            "campaign": question.cohort.campaign_id,
        },
    )
    return found


def labels(tx: Work, unit_paths: list[str]) -> tuple[list[Row], list[Row]]:
    """(campaigns, units) by which slices are named."""
    return (
        tx.rows("SELECT id::text AS key, key AS label FROM campaign ORDER BY key"),
        tx.rows(
            "SELECT u.path::text AS key, u.name AS label, u.code FROM unit u"
            " WHERE u.path = ANY (%(paths)s::ltree[])",
            {"paths": unit_paths},
        ),
    )
