"""What a feed of changes calls what happened: a small vocabulary that says nothing of content.

Only what stands here is ever told. Left out on purpose: readings and exports, reporters and
whatever guards them, walls, releases and emergencies, a meeting's agenda, which whoever left for an
item doesn't see, and links, whose other end may be hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Change(StrEnum):
    """Stable: programs choose by these. Alphabetical."""

    ACCESS = "access"  # who works on it, or was let see it
    CHANGED = "changed"  # a field of the matter itself
    CORRECTED = "corrected"
    DEADLINE = "deadline"
    DECISION = "decision"  # of a committee
    DOUBT = "doubt"
    LOGGED = "logged"
    MONEY = "money"
    NOTE = "note"
    OUTCOME = "outcome"
    PAPER = "paper"
    PEOPLE = "people"
    REQUEST = "request"
    SIGNATURE = "signature"
    STATEMENT = "statement"
    STEP = "step"
    TASK = "task"


# By the table whose row was written; a row of the matter itself depends on how.
BY_TABLE: Mapping[str, Change] = {
    "access_grant": Change.ACCESS,
    "case": Change.CHANGED,
    "claimed_amount": Change.MONEY,
    "clock": Change.DEADLINE,
    "committee_decision": Change.DECISION,
    "correction": Change.CORRECTED,
    "doubt": Change.DOUBT,
    "finding": Change.CHANGED,
    "fund_item": Change.CHANGED,
    "involvement": Change.PEOPLE,
    "journal_entry": Change.MONEY,
    "lead": Change.CHANGED,
    "matter": Change.CHANGED,
    "matter_paper": Change.PAPER,
    "money_return": Change.MONEY,
    "note": Change.NOTE,
    "outcome": Change.OUTCOME,
    "paper_signature": Change.SIGNATURE,
    "payee": Change.MONEY,
    "petition": Change.CHANGED,
    "replacement": Change.OUTCOME,
    "request": Change.REQUEST,
    "signature": Change.SIGNATURE,
    "statement": Change.STATEMENT,
    "task": Change.TASK,
    "team_member": Change.ACCESS,
    "transition": Change.STEP,
}
TABLES = tuple(sorted(BY_TABLE))
WRITES = ("DELETE", "INSERT", "UPDATE")


def named(written: Iterable[tuple[str, str]]) -> list[Change]:
    """The names of what one transaction wrote on a matter: (table, operation) pairs. That it was
    logged says already that its fields are there."""
    pairs = set(written)
    found = {BY_TABLE[table] for table, _ in pairs}
    if ("matter", "INSERT") in pairs:
        found = (found - {Change.CHANGED}) | {Change.LOGGED}
    return sorted(found)
