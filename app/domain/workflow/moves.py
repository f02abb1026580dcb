"""What follows from a step: the state, its limits, outcomes, and what is then owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import JsonValue

from app.domain.deadlines import due_date
from app.domain.guards.checks import outcome_rows
from app.domain.guards.conditions import CONDITIONS
from app.domain.guards.situation import Situation, Values
from app.domain.outcomes import heaviest
from app.domain.profile.model import TaskRow, Transition
from app.domain.workflow import limits
from app.domain.workflow.facts import Subject
from app.domain.workflow.plans import Effect, Move, TaskOwed


def move(it: Situation, row: Transition, target: str, values: Values, reason: str | None) -> Move:
    """The step as it happens; who signed it and how a request ends is the engine's to add."""
    form = _completed(it, row, values)
    state = it.machine.states[target]
    stops = limits.stopped(it, row, target, form)
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
        clocks_started=() if state.terminal else tuple(limits.started(it, row, form, stops)),
        clocks_stopped=None if state.terminal else stops,
        clocks_paused=() if state.terminal else limits.paused(it, row),
        clocks_resumed=() if state.terminal else tuple(limits.resumed(it, row)),
        extension=limits.extended(it, row, form),
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
    return due_date(it.today, limit.amount, limit.unit, limits.calendar_of(it.profile)).due_on


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
