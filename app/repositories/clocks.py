"""Clocks: the limits that run on matters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.core.db import Row
from app.core.ids import new_id
from app.models.columns import table_of
from app.models.matters import Clock
from app.repositories.work import Work

_CLOCKS = table_of(Clock)


def clocks(tx: Work, matter_id: UUID) -> list[Row]:
    """Running ones first, by due date."""
    return tx.rows(
        "SELECT * FROM clock WHERE matter_id = %(id)s"
        " ORDER BY stopped_on NULLS FIRST, due_on, rule",
        {"id": matter_id},
    )


def start_clock(
    tx: Work,
    matter_id: UUID,
    *,
    rule: str,
    amount: int,
    unit: str,
    started_on: date,
    due_on: date,
    explanation: Mapping[str, Any],
    started_by: UUID | None,
) -> None:
    tx.insert(
        Clock,
        id=new_id(),
        matter_id=matter_id,
        rule=rule,
        amount=amount,
        unit=unit,
        started_on=started_on,
        due_on=due_on,
        explanation=dict(explanation),
        started_by=started_by,
    )


def stop_clocks(
    tx: Work, matter_id: UUID, rules: tuple[str, ...] | None, stopped_by: UUID | None
) -> None:
    """Stop the named clocks, or every one that runs. `stopped_by` is the step that does."""
    tx.execute(
        "UPDATE clock SET stopped_on = %(day)s, stopped_by = %(by)s"
        " WHERE matter_id = %(id)s AND stopped_on IS NULL"
        "   AND (%(rules)s::text[] IS NULL OR rule = ANY (%(rules)s::text[]))",
        {
            "day": tx.today,
            "by": stopped_by,
            "id": matter_id,
            "rules": None if rules is None else list(rules),
        },
    )


def run_again(tx: Work, matter_id: UUID, *, since: str) -> None:
    """Limits that the step into a state stopped, the last time, run as if it had never been."""
    tx.execute(
        "UPDATE clock SET stopped_on = NULL, stopped_by = NULL"
        " WHERE matter_id = %(id)s AND stopped_by = (SELECT t.id FROM transition t"
        "     WHERE t.matter_id = %(id)s AND t.to_state = %(since)s"
        "       AND t.from_state <> t.to_state ORDER BY t.version DESC LIMIT 1)",
        {"id": matter_id, "since": since},
    )


def as_before(tx: Work, matter_id: UUID, request_id: UUID) -> None:
    """The limits that the step of a request started stop, and those that it stopped run again."""
    values = {"id": matter_id, "request": request_id, "day": tx.today}
    step = "(SELECT t.id FROM transition t WHERE t.request_id = %(request)s)"
    tx.execute(
        "UPDATE clock SET stopped_on = %(day)s, stopped_by = NULL"
        f" WHERE matter_id = %(id)s AND started_by = {step} AND stopped_on IS NULL",
        values,
    )
    tx.execute(
        "UPDATE clock SET stopped_on = NULL, stopped_by = NULL"
        f" WHERE matter_id = %(id)s AND stopped_by = {step}",
        values,
    )


def running(tx: Work, matter_id: UUID, rule: str) -> Row | None:
    return tx.row(
        "SELECT * FROM clock WHERE matter_id = %(id)s AND rule = %(rule)s AND stopped_on IS NULL",
        {"id": matter_id, "rule": rule},
    )


def nearest_due(tx: Work, matter_id: UUID) -> date | None:
    """Of the limits that run; one that stands still is due on no day."""
    found: date | None = tx.value(
        "SELECT min(due_on) FROM clock WHERE matter_id = %(id)s AND stopped_on IS NULL"
        "   AND paused_on IS NULL",
        {"id": matter_id},
    )
    return found


def change_clock(tx: Work, matter_id: UUID, rule: str, **columns: object) -> None:
    """Lengthen, pause or resume a running limit. Raises Stale where it doesn't run."""
    tx.change(
        update(_CLOCKS)
        .where(_CLOCKS.c.matter_id == matter_id, _CLOCKS.c.rule == rule)
        .where(_CLOCKS.c.stopped_on.is_(None))
        .values(**columns)
    )


def copy_clock(tx: Work, matter_id: UUID, clock: Row) -> None:
    """The same limit, from the same day, on a matter that was split off."""
    kept = {key: clock[key] for key in clock if key not in ("id", "matter_id", "started_by")}
    tx.insert(Clock, id=new_id(), matter_id=matter_id, **kept)
