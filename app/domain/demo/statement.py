"""A line of the bank's statement that names no known lead, and waits until somebody knows whose."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.demo import days
from app.domain.demo.money import ItemFate, ItemSeed
from app.domain.demo.staff import RECEIVER
from app.domain.demo.steps import Step, Verb

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
