"""Limits of matters: begun by steps, ended by steps, each with its explanation."""

from __future__ import annotations

from uuid import UUID

from app.domain.workflow.plans import ClockStarted
from app.repositories import clocks
from app.repositories.work import Work


def start(tx: Work, matter_id: UUID, clock: ClockStarted, started_by: UUID | None) -> None:
    """A limit begins; one of the same rule that still runs ends first."""
    clocks.stop_clocks(tx, matter_id, (clock.rule,))
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
