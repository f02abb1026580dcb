"""Limits of matters: begun by steps, ended by steps, each with its explanation."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.domain.workflow.plans import ClockResumed, ClockStarted
from app.repositories import clocks
from app.repositories.work import Work


def start(
    tx: Work, matter_id: UUID, clock: ClockStarted, started_by: UUID | None, *, runs: bool
) -> None:
    """A limit begins; one of the same rule ends first, where it `runs`."""
    if runs:
        clocks.stop_clocks(tx, matter_id, (clock.rule,), started_by)
    due = clock.due
    clocks.start_clock(
        tx,
        matter_id,
        rule=clock.rule,
        amount=due.amount,
        unit=due.unit.value,
        started_on=due.start,
        due_on=due.due_on,
        explanation=due.as_json(),
        started_by=started_by,
    )


def pause_and_resume(
    tx: Work, matter_id: UUID, paused: Iterable[str], resumed: Iterable[ClockResumed]
) -> None:
    """Limits that stand still from today, and those that run on, counted anew."""
    for rule in paused:
        clocks.change_clock(tx, matter_id, rule, paused_on=tx.today)
    for each in resumed:
        clocks.change_clock(
            tx,
            matter_id,
            each.rule,
            paused_on=None,
            paused_days=each.paused_days,
            due_on=each.due.due_on,
            explanation=each.due.as_json(),
        )
