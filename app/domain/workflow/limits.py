"""The limits of a step: which begin, end, stand still, run on, and are lengthened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.domain.deadlines import Due, Unit, WorkingCalendar, due_date, named_day
from app.domain.guards.conditions import CONDITIONS
from app.domain.guards.situation import Situation, Values
from app.domain.profile.model import ClockRef, ClockRule, Profile, Transition
from app.domain.workflow.facts import RunningClock
from app.domain.workflow.plans import ClockExtended, ClockResumed, ClockStarted, Effect


def calendar_of(profile: Profile) -> WorkingCalendar:
    return WorkingCalendar(profile.calendar)


def _applies(it: Situation, ref: ClockRef, form: Values) -> bool:
    return ref.when is None or CONDITIONS[ref.when](it, form)


def stopped(it: Situation, row: Transition, target: str, form: Values) -> tuple[str, ...]:
    named = {ref.rule for ref in row.stop if _applies(it, ref, form)}
    if target != it.snapshot.state:
        named |= {rule for rule, clock in it.machine.clocks.items() if clock.until_move}
    return tuple(clock.rule for clock in it.snapshot.clocks if clock.rule in named)


def started(
    it: Situation, row: Transition, form: Values, stops: tuple[str, ...]
) -> Iterator[ClockStarted]:
    running = {clock.rule for clock in it.snapshot.clocks} - set(stops)
    for ref in row.start:
        if ref.rule not in running and _applies(it, ref, form):
            running.add(ref.rule)
            rule = it.machine.clocks[ref.rule]
            yield ClockStarted(rule=ref.rule, due=_due(it, ref.rule, rule, form))


def _due(it: Situation, name: str, rule: ClockRule, form: Values) -> Due:
    label, basis = rule.label.model_dump(), rule.basis.model_dump()
    if rule.limit is None:
        day = date.fromisoformat(str(form[rule.by or ""]))
        return named_day(it.today, day, rule=name, label=label, basis=basis)
    return due_date(
        it.today,
        rule.limit.amount,
        rule.limit.unit,
        calendar_of(it.profile),
        rule=name,
        rolls=rule.rolls,
        label=label,
        basis=basis,
    )


def extended(it: Situation, row: Transition, form: Values) -> ClockExtended | None:
    if Effect.EXTEND_CLOCK.value not in row.effects:
        return None
    name = str(form["clock"])
    clock, rule = it.snapshot.clock(name), it.machine.clocks[name]
    if clock is None or rule.extension is None:
        return None
    more = rule.extension.by.amount
    due = _recounted(it, rule, clock, more=more, paused_days=clock.paused_days)
    by = clock.extended + more
    return ClockExtended(rule=name, due=due, by=by, extensions=clock.extensions + 1)


def paused(it: Situation, row: Transition) -> tuple[str, ...]:
    """Limits that stand still from now on: those that the row names, or that a suspension stops."""
    named = {ref.rule for ref in row.pause}
    if Effect.PAUSE_CLOCKS.value in row.effects:
        named |= {rule for rule, clock in it.machine.clocks.items() if clock.pausable}
    return tuple(
        clock.rule
        for clock in it.snapshot.clocks
        if clock.rule in named and clock.paused_on is None
    )


def resumed(it: Situation, row: Transition) -> Iterator[ClockResumed]:
    """Limits that run on: those that the row names, or that the suspension stopped.

    What stood still before the suspension goes on standing still.
    """
    named = {ref.rule for ref in row.resume}
    suspension = it.snapshot.clock("suspension")
    if Effect.RESUME_CLOCKS.value in row.effects and suspension is not None:
        named |= {
            clock.rule
            for clock in it.snapshot.clocks
            if clock.paused_on is not None and clock.paused_on >= suspension.started_on
        }
    for clock in it.snapshot.clocks:
        if clock.rule in named and clock.paused_on is not None:
            waited = clock.paused_days + (it.today - clock.paused_on).days
            rule = it.machine.clocks[clock.rule]
            yield ClockResumed(
                rule=clock.rule,
                due=_recounted(it, rule, clock, more=0, paused_days=waited),
                paused_days=waited,
            )


_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


def _recounted(
    it: Situation, rule: ClockRule, clock: RunningClock, *, more: int, paused_days: int
) -> Due:
    """The limit counted anew from its start: its own length, all that was added to it, and the
    days on which it stood still."""
    added, base, unit = clock.extended + more, clock.amount, clock.unit
    if added and rule.extension is not None and rule.extension.by.unit is not unit:
        unit = rule.extension.by.unit  # a year and six months are eighteen months
        base = clock.amount * _MONTHS[clock.unit] // _MONTHS[unit]
    return due_date(
        clock.started_on,
        base + added,
        unit,
        calendar_of(it.profile),
        rule=clock.rule,
        rolls=rule.rolls,
        extended=added,
        paused_days=paused_days,
        label=rule.label.model_dump(),
        basis=rule.basis.model_dump(),
    )
