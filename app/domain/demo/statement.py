"""A line of the bank's statement that names no known lead, and waits until somebody knows whose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.demo import days
from app.domain.demo.money import ItemFate, ItemSeed
from app.domain.demo.staff import RECEIVER
from app.domain.demo.steps import Step, Verb
from app.domain.money import Money

_MISWRITTEN = "YC2018-9999"  # no lead's: whoever paid in wrote it wrongly
_YUAN = "12600.00"


def waiting_line(items: Sequence[ItemSeed]) -> Step:
    """A last instalment for an item that is in custody, which anybody can find by its payer."""
    item = next(each for each in items if each.fate is ItemFate.IN_CUSTODY and each.fen)
    return Step(
        days.day(days.last()), RECEIVER, Verb.TAKE_STATEMENT, item.key,
        {
            "happened_on": days.day(days.last() - 1),
            "summary": f"退缴违纪款 {_MISWRITTEN}",
            "credit": _YUAN,
            "payer": item.lead.subjects[0].name,
        },
    )  # fmt: skip


def with_balances(steps: Sequence[Step]) -> list[Step]:
    """The bank says what it holds after its line: all that moved up to that day, which an auditor
    finds in the books again."""
    return [_balanced(step, steps) if step.verb is Verb.TAKE_STATEMENT else step for step in steps]


def _balanced(statement: Step, steps: Sequence[Step]) -> Step:
    given = statement.arguments
    day = given["happened_on"]
    if not isinstance(day, date):
        raise TypeError("a line of the bank's has a day")
    held = sum(
        (_moved(step) for step in steps if step.day <= day), Money.yuan(str(given["credit"]))
    )
    return replace(statement, arguments={**given, "balance": str(held)})


def _moved(step: Step) -> Money:
    """What a step brings onto the account; less than nothing where it takes away."""
    given = step.arguments
    if step.verb is Verb.PAY_RETURN:
        payments = given["payments"]
        if not isinstance(payments, tuple):
            raise TypeError("a payment is to somebody")
        paid = (Money.yuan(each["amount"]) for each in payments)
        return -sum(paid, Money.zero())
    if step.verb is Verb.REMIT:
        return -Money.yuan(str(given["amount"]))
    if step.verb in {Verb.RECORD_RECEIPT, Verb.REVERSE_PAYMENT}:
        return Money.yuan(str(given["amount"]))
    return Money.zero()
