"""What stands behind a figure: the matters that it counts, and the movements of money.

Read from the tables themselves, under row security: a figure opens for whoever may open what it
counts, and for nobody else.
"""
# sql: fragments are this module's constants, chosen by key; everything asked for is a parameter

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.db import Row
from app.domain.totals import UNITS, Counted
from app.repositories.ledger import known
from app.repositories.totals.question import (
    Question,
    chosen_ctes,
    lead_ctes,
    open_case_ctes,
    outcome_ctes,
    posting_ctes,
)
from app.repositories.work import Work

_LEADS: Mapping[str, str] = {
    "leads": "true",
    "inspection_leads": "l.source = 'inspection'",
    "handled": "l.method IS NOT NULL",
    "outstanding": "l.method IS NULL",
    "held": "l.method IS NOT NULL AND l.state = 'held'",
    "filed": "l.filed",
}
_PETITIONS: Mapping[str, str] = {
    "petitions": "(p.backlog OR p.channel <> 'one_click')",
    "one_click_reports": "p.channel = 'one_click'",
    "petitions_received": "true",
}
_OUTCOMES: Mapping[str, str] = {
    "organisational_handlings": "o.kind = 'handling'",
    "sanction_person_times": "o.kind IN ('party_sanction', 'administrative_sanction')",
    "sanctioned_persons": "o.kind IN ('party_sanction', 'administrative_sanction')"
    " AND o.person_id IS NOT NULL",
    "party_sanctioned_persons": "o.kind = 'party_sanction' AND o.person_id IS NOT NULL",
    "administratively_sanctioned_persons": "o.kind = 'administrative_sanction'"
    " AND o.person_id IS NOT NULL",
    "accountable_persons": "o.kind IN ('handling', 'party_sanction', 'administrative_sanction')"
    " AND o.person_id IS NOT NULL",
}
# The account whose postings a figure of money sums, and their sign in it.
_MONEY: Mapping[str, tuple[str, int]] = {
    "recovered_yuan": ("'payer'", -1),
    "returned_yuan": ("'refund'", 1),
    "remitted_yuan": ("'treasury', 'criminal_case'", 1),
    "released_yuan": ("'released'", 1),
    "in_custody_yuan": ("'bank'", 1),
}
MATTER_KEYS = (*_LEADS, "uncleared", *_PETITIONS, *_OUTCOMES, *_MONEY, "doubtful_rows")
ENTRY_KEYS = tuple(_MONEY)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of the list ended."""

    day: date
    id: UUID


def behind_cte(question: Question, key: str) -> str:
    """`behind`: the ids of the matters that the figure counts, with what each adds to it."""
    if key == "uncleared":
        return f"""{lead_ctes(question)},{open_case_ctes(question)},
        behind AS (
          SELECT l.id, 1::numeric AS adds FROM lead_on l LEFT JOIN waiting w ON w.lead_id = l.id
           WHERE NOT l.ended OR w.lead_id IS NOT NULL)"""
    if key in _LEADS:
        return f"""{lead_ctes(question)},
        behind AS (SELECT l.id, 1::numeric AS adds FROM lead_on l WHERE {_LEADS[key]})"""
    if key in _PETITIONS:
        never = " AND false" if question.by_lead else ""
        return f"""
        behind AS (
          SELECT p.id, 1::numeric AS adds FROM {question.facts("counted_petition")} p
           WHERE p.received_on <= %(day)s{question.known("p")}{question.standing("p")}
                 {question.within("p", "received_on", source="channel")}
             AND {_PETITIONS[key]}{never})"""
    if key in _OUTCOMES:
        return f"""{outcome_ctes(question)},
        behind AS (
          SELECT o.matter_id AS id, sum(o.quantity)::numeric AS adds FROM standing o
           WHERE {_OUTCOMES[key]} GROUP BY o.matter_id)"""
    if key in _MONEY:
        accounts, sign = _MONEY[key]
        return f"""{posting_ctes(question)},
        behind AS (
          SELECT p.matter_id AS id, {sign} * sum(p.amount) AS adds FROM moved p
           WHERE p.account IN ({accounts}) GROUP BY p.matter_id
          HAVING sum(p.amount) <> 0)"""
    return f"""{chosen_ctes(question)}
        behind AS (
          SELECT d.matter_id AS id, count(*)::numeric AS adds
            FROM {question.facts("counted_doubt")} d
           WHERE {question.unsettled("d")} AND d.matter_id IS NOT NULL
                 AND d.rule <> 'identity_under_two_names'
                 {question.known("d")}{question.within("d", None)}{question.chosen("d")}
           GROUP BY d.matter_id)"""


def told(tx: Work, question: Question, key: str) -> Row:
    """How many matters the figure counts, how many of them the reader may open, and what all of
    them add; of a figure of people how many those are, each once."""
    people = (
        f"(SELECT count(DISTINCT o.person_id) FROM standing o WHERE {_OUTCOMES[key]})"
        if UNITS[key] is Counted.PEOPLE
        else "0"
    )
    return (
        tx.row(
            f"""
            WITH {behind_cte(question, key)}
            SELECT count(*) AS matters, coalesce(sum(b.adds), 0) AS adds,
                   {people} AS people,
                   count(*) FILTER (WHERE EXISTS (SELECT 1 FROM matter m WHERE m.id = b.id)) AS open
              FROM behind b
            """,
            question.values,
        )
        or {}
    )


def matters(
    tx: Work, question: Question, key: str, *, after: Place | None, limit: int
) -> list[Row]:
    """The matters behind a figure, newest first, each with what it adds."""
    return tx.rows(
        f"""
        WITH {behind_cte(question, key)}
        SELECT m.id, m.kind, m.number, m.state, m.stage, m.opened_on,
               CASE WHEN (SELECT guard.reads_content()) THEN m.title END AS title,
               m.closed_on,
               m.effective, m.source, u.name AS unit_name, b.adds
          FROM behind b JOIN matter m ON m.id = b.id JOIN unit u ON u.id = m.unit_id
         {_beyond(after, "m.opened_on", "m.id", "WHERE")}
         ORDER BY m.opened_on DESC, m.id DESC LIMIT %(limit)s
        """,
        {**question.values, **_place(after), "limit": limit},
    )


def entries(
    tx: Work, question: Question, key: str, *, after: Place | None, limit: int
) -> list[Row]:
    """The movements behind a figure of money, newest first: from whom it came, to whom it went."""
    accounts, sign = _MONEY[key]
    return tx.rows(
        f"""
        WITH {posting_ctes(question)},
        behind AS (
          SELECT p.entry_id AS id, {sign} * sum(p.amount) AS amount FROM moved p
           WHERE p.account IN ({accounts}) GROUP BY p.entry_id HAVING sum(p.amount) <> 0)
        SELECT e.id, e.kind, e.happened_on, e.recorded_at, b.amount, e.matter_id,
               o.number AS matter_number, e.fund_item_id, i.number AS item_number, r.intake,
               r.paid_in_by, r.bank_reference, t.beneficiary, t.signed, t.signed_on,
               e.description
          FROM behind b JOIN journal_entry e ON e.id = b.id
          LEFT JOIN matter o ON o.id = e.matter_id
          LEFT JOIN matter i ON i.id = e.fund_item_id
          LEFT JOIN {known(tx, "money_receipt")} r ON r.entry_id = coalesce(e.reverses_id, e.id)
          LEFT JOIN {known(tx, "money_return")} t ON t.entry_id = coalesce(e.reverses_id, e.id)
         {_beyond(after, "e.happened_on", "e.id", "WHERE")}
         ORDER BY e.happened_on DESC, e.id DESC LIMIT %(limit)s
        """,
        {**question.values, **_place(after), "limit": limit},
    )


def _beyond(after: Place | None, day: str, key: str, word: str) -> str:
    return "" if after is None else f"{word} ({day}, {key}) < (%(last_day)s, %(last_id)s)"


def _place(after: Place | None) -> dict[str, object]:
    return {} if after is None else {"last_day": after.day, "last_id": after.id}
