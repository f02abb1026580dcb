"""Taking steps in tests: by somebody, from some state, with what is missing or wrong as words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.deadlines import Unit
from app.domain.errors import Denied, Invalid
from app.domain.kinds import Kind
from app.domain.profile import Profile
from app.domain.workflow import engine
from app.domain.workflow.facts import Facts, MatterSnapshot, RequestSnapshot, RunningClock
from app.domain.workflow.plans import Move, Plan, Request
from tests.unit.workflow_world import ACTORS, NAMES, STAFF, TODAY, discipline, done, known, matter

PROFILE = discipline()


def take(
    kind: Kind,
    state: str,
    event: str,
    who: str,
    form: Mapping[str, object] | None = None,
    facts: Facts | None = None,
    it: MatterSnapshot | None = None,
    profile: Profile = PROFILE,
) -> Plan:
    staff = ACTORS if profile is PROFILE else STAFF
    return engine.decide(
        profile,
        it or matter(profile, kind, state),
        event,
        staff[who],
        facts or done(profile, kind),
        form or {},
        TODAY,
        reason="Because.",
    )


def move(*args: object, **more: object) -> Move:
    plan = take(*args, **more)  # type: ignore[arg-type]
    assert isinstance(plan, Move)
    return plan


def denied(*args: object, **more: object) -> str:
    with pytest.raises(Denied) as caught:
        take(*args, **more)  # type: ignore[arg-type]
    return " ".join(str(reason) for reason in caught.value.reasons)


def wrong(*args: object, **more: object) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        take(*args, **more)  # type: ignore[arg-type]
    return {error.field: str(error.reason) for error in caught.value.errors}


def started(plan: Move) -> dict[str, date]:
    return {clock.rule: clock.due.due_on for clock in plan.clocks_started}


def running(rule: str, **more: object) -> RunningClock:
    clock = RunningClock(
        rule=rule, started_on=TODAY, amount=1, unit=Unit.MONTH, due_on=TODAY + timedelta(days=30)
    )
    return replace(clock, **more)  # type: ignore[arg-type]


def asked(plan: Plan, who: str) -> RequestSnapshot:
    """The request as stored, waiting for its first signature."""
    assert isinstance(plan, Request)
    return RequestSnapshot(
        id=known("request"),
        event=plan.event,
        from_state=plan.from_state,
        to_state=plan.to_state,
        form=plan.form,
        requested_by=known(who),
        chain=plan.chain,
        next_position=1,
        reason=plan.reason,
    )


def carried(
    plan: Plan,
    it: MatterSnapshot,
    facts: Facts,
    *,
    who: str,
    last: str,
    form: Mapping[str, object] | None = None,
) -> Move:
    """The move that the last signature makes, `last` being whose it is."""
    request = asked(plan, who)
    request = replace(request, next_position=len(request.chain))
    found = engine.sign(
        PROFILE, it, request, ACTORS[last], "sign", facts, TODAY, reason="Agreed.", form=form or {}
    )
    assert isinstance(found, Move)
    return found


__all__ = ["NAMES", "asked", "carried", "denied", "move", "running", "started", "take", "wrong"]
