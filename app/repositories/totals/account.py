"""What stands on the special account, by the bank's statements and by the books."""
# sql: fragments are constants of these modules; what is asked for goes in as parameters

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from app.core.db import Row
from app.domain.permissions import Role
from app.repositories.totals.question import Question
from app.repositories.work import Work


def suspense(tx: Work, question: Question) -> Any:
    """What is on the bank account and hangs on no lead, in yuan."""
    return tx.value(
        "SELECT coalesce(sum(p.amount), 0) FROM guard.counted_posting p"
        " WHERE p.account = 'suspense' AND p.fund_item_id IS NULL AND p.happened_on <= %(day)s"
        + question.known("p"),
        question.values,
    )


def reaches_whole(tx: Work, roles: Collection[Role]) -> bool:
    """Whether the actor holds one of these roles over every district: statements name none."""
    return bool(
        tx.value(
            "SELECT bool_and(u.path <@ ANY (guard.reach(%(roles)s))) FROM unit u"
            " WHERE u.parent_id IS NULL",
            {"roles": [role.value for role in roles]},
        )
    )


def bank(tx: Work, question: Question) -> Row:
    """All lines of the statements, the last balances that they state (`stated`, of all accounts
    together), and that, or where they state none what moved on them, as `closing`."""
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
            SELECT count(*) AS lines, min(happened_on) AS since, max(happened_on) AS until,
                   coalesce(sum(credit), 0) AS came_in, coalesce(sum(debit), 0) AS went_out,
                   (SELECT sum(balance) FROM last) AS stated,
                   coalesce((SELECT sum(balance) FROM last), sum(credit - debit), 0) AS closing
              FROM line
            """,
            question.values,
        )
        or {}
    )


def on_account(tx: Work, question: Question, since: date | None, until: date | None) -> Row:
    """What stands on the special account by the books, in yuan: all of it (`booked`), and of it
    what is dated `before` the day `since`, and `within` that and the day `until`."""
    days = {"first": since, "last": until}
    return (
        tx.row(
            "SELECT coalesce(sum(p.amount), 0) AS booked,"
            " coalesce(sum(p.amount) FILTER (WHERE p.happened_on < %(first)s), 0) AS before,"
            " coalesce(sum(p.amount) FILTER ("
            "   WHERE p.happened_on BETWEEN %(first)s AND %(last)s), 0) AS within"
            f"  FROM {question.facts('counted_posting')} p"
            " WHERE p.account IN ('bank', 'suspense', 'bank_error')"
            "   AND p.happened_on <= %(day)s" + question.known("p"),
            question.values | days,
        )
        or {}
    )
