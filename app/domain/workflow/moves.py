"""What follows from a step: limits that start and stop, outcomes, and what is then owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import JsonValue

from app.domain.deadlines import Due, Unit, WorkingCalendar, due_date, named_day
from app.domain.guards.checks import outcome_rows
from app.domain.guards.conditions import CONDITIONS
from app.domain.guards.situation import Situation, Values
from app.domain.outcomes import heaviest
from app.domain.profile.model import (
    Amount,
    ClockRef,
    ClockRule,
    Profile,
    TaskRow,
    Transition,
)
from app.domain.workflow.facts import RunningClock, Subject
from app.domain.workflow.plans import ClockExtended, ClockStarted, Effect, Move, TaskOwed


def calendar_of(profile: Profile) -> WorkingCalendar:
    return WorkingCalendar(profile.calendar)


def move(it: Situation, row: Transition, target: str, values: Values, reason: str | None) -> Move:
    """The step as it happens; who signed it and how a request ends is the engine's to add."""
    form = _completed(it, row, values)
    state = it.machine.states[target]
    stops = _stopped(it, row, target, form)
    effects = [Effect(name) for name in row.effects]
    if "sitting" in form:
        effects.append(Effect.RECORD_DECISION)
    return Move(
        event=row.event,
        label=row.label,
        from_state=it.snapshot.state,
        to_state=target,
        to_stage=state.stage,
        terminal=state.terminal,
        form=form,
        reason=reason,
        changes=_changes(it, row, target),
        clocks_started=() if state.terminal else tuple(_started(it, row, form, stops)),
        clocks_stopped=None if state.terminal else stops,
        extension=_extension(it, row, form),
        tasks=tuple(_tasks(it, row, form)),
        effects=tuple(effects),
        method=row.method if Effect.SET_METHOD in effects else None,
        record=row.record,
    )


def _completed(it: Situation, row: Transition, values: Values) -> dict[str, JsonValue]:
    """The form with what the step itself settles: one outcome for all, a flag."""
    form: dict[str, JsonValue] = {**values}  # type: ignore[dict-item]  # read() made it plain JSON
    for each in row.sets:
        if each.when is None or CONDITIONS[each.when](it, form):
            form[each.field] = each.value
    if Effect.RECORD_OUTCOMES.value in row.effects and not form.get("outcomes"):
        measure = str(form.get(row.outcome_from)) if row.outcome_from else row.outcome_default
        form["outcomes"] = [
            {"subject": str(subject.involvement_id), "measure": measure}
            for subject in it.facts.subjects
        ]
    return form


def _changes(it: Situation, row: Transition, target: str) -> Mapping[str, JsonValue]:
    if it.machine.states[target].terminal:
        return {"closed_on": it.today.isoformat()}
    if row.reopening:
        return {"closed_on": None, "effective": False}
    return {}


def _applies(it: Situation, ref: ClockRef, form: Values) -> bool:
    return ref.when is None or CONDITIONS[ref.when](it, form)


def _stopped(it: Situation, row: Transition, target: str, form: Values) -> tuple[str, ...]:
    named = {ref.rule for ref in row.stop if _applies(it, ref, form)}
    if target != it.snapshot.state:
        named |= {rule for rule, clock in it.machine.clocks.items() if clock.until_move}
    return tuple(clock.rule for clock in it.snapshot.clocks if clock.rule in named)


def _started(
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


def _extension(it: Situation, row: Transition, form: Values) -> ClockExtended | None:
    if Effect.EXTEND_CLOCK.value not in row.effects:
        return None
    name = str(form["clock"])
    clock, rule = it.snapshot.clock(name), it.machine.clocks[name]
    if clock is None or rule.extension is None:
        return None
    by = clock.extended + rule.extension.by.amount
    due = _longer(it, name, rule, clock, rule.extension.by)
    return ClockExtended(rule=name, due=due, by=by, extensions=clock.extensions + 1)


_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


def _longer(it: Situation, name: str, rule: ClockRule, clock: RunningClock, more: Amount) -> Due:
    """The limit counted anew from its start: its own length, and all that was added to it."""
    added = clock.extended + more.amount
    if clock.unit is more.unit:
        base = clock.amount
    else:  # a year and six months are eighteen months
        base = clock.amount * _MONTHS[clock.unit] // _MONTHS[more.unit]
    return due_date(
        clock.started_on,
        base + added,
        more.unit,
        calendar_of(it.profile),
        rule=name,
        rolls=rule.rolls,
        extended=added,
        paused_days=clock.paused_days,
        label=rule.label.model_dump(),
        basis=rule.basis.model_dump(),
    )


def _tasks(it: Situation, row: Transition, form: Values) -> Iterator[TaskOwed]:
    decided = _outcomes(it, form)
    most = heaviest(it.profile, [key for keys in decided.values() for key in keys])
    for task in row.tasks:
        due_on = _task_due(it, task)
        if task.owed_to == "matter":
            yield TaskOwed(kind=task.kind, involvement_id=None, due_on=due_on)
            continue
        for subject in it.facts.subjects:
            if _owed(it, task, decided.get(str(subject.involvement_id), ()), most):
                yield TaskOwed(kind=task.kind, involvement_id=subject.involvement_id, due_on=due_on)


def _task_due(it: Situation, task: TaskRow) -> date | None:
    if task.limit is None:
        return None
    limit = task.limit
    return due_date(it.today, limit.amount, limit.unit, calendar_of(it.profile)).due_on


def _outcomes(it: Situation, form: Values) -> dict[str, tuple[str, ...]]:
    """Measures by subject: those that this step decides, else those that stand."""
    rows = outcome_rows(form)
    if not rows:
        return {str(each.involvement_id): _standing(each) for each in it.facts.subjects}
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        subject = str(row["subject"])
        found[subject] = (*found.get(subject, ()), str(row["measure"]))
    return found


def _standing(subject: Subject) -> tuple[str, ...]:
    return tuple(outcome.measure for outcome in subject.outcomes if outcome.measure)


def _owed(it: Situation, task: TaskRow, keys: tuple[str, ...], most: str | None) -> bool:
    measures = it.profile.measures
    known = [measures[key] for key in keys if key in measures]
    if task.owed_to == "cleared":
        return any(measure.clears for measure in known)
    if task.owed_to == "others":
        own = max((measure.weight for measure in known), default=0)
        return most is not None and own < measures[most].weight
    return True
