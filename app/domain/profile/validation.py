"""What is refused in a profile before anybody can work by it.

Every refusal names the file and the row, so that whoever writes a profile can mend it without
reading the program.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.correcting import CORRECT
from app.domain.deadlines import Unit
from app.domain.numbers import Series
from app.domain.profile.fields import FieldType, Form
from app.domain.profile.model import (
    NEW,
    ORIGIN,
    SAME,
    ClockRule,
    Machine,
    Profile,
    Scope,
    Transition,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a profile: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class ProfileError(ValueError):
    """A profile that can't be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(each) for each in problems))


def problems(profile: Profile) -> tuple[Problem, ...]:
    """Everything that is wrong, in the order of the files."""
    return tuple(_found(profile))


def _found(profile: Profile) -> Iterator[Problem]:
    yield from _shared(profile)
    for kind, machine in profile.machines.items():
        where = f"{kind.value}.toml"
        if machine.kind is not kind:
            yield Problem(where, f"kind is {machine.kind.value!r}")
        yield from _number(machine, where)
        yield from _states(machine, where)
        yield from _duplicates(machine)
        for row in machine.transitions:
            yield from _row(profile, machine, row)
        yield from _forms(profile, machine, where)
        for name, clock in machine.clocks.items():
            yield from _clock(profile, name, clock, where)


_MONTHS = (Unit.MONTH, Unit.YEAR)


def _clock(profile: Profile, name: str, clock: ClockRule, where: str) -> Iterator[Problem]:
    if (clock.limit is None) == (clock.by is None):
        yield Problem(where, f"clock {name!r} needs a limit, or a field that names the day")
    if clock.extension is None:
        return
    yield from _unknown(where, f"role of clock {name!r}", clock.extension.decided_by, profile.roles)
    more = clock.extension.by.unit
    if clock.limit is None or (
        clock.limit.unit is not more and not (clock.limit.unit in _MONTHS and more is Unit.MONTH)
    ):
        yield Problem(where, f"clock {name!r} can't be lengthened in {more.value}")


def _unknown(
    where: str, what: str, named: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    there = set(known)
    for each in named:
        if each not in there:
            yield Problem(where, f"unknown {what}: {each!r}")


def _shared(profile: Profile) -> Iterator[Problem]:
    where = "profile.toml"
    for code, role in profile.roles.items():
        held = role.scope in (Scope.UNIT, Scope.ASSIGNED, Scope.NAMED, Scope.TEAM)
        if held and role.role is None:
            yield Problem(where, f"role {code!r} names no role of the product")
        if role.body and profile.sitting is None:
            yield Problem(where, f"role {code!r} records sittings, but [sitting] is missing")
    for code, ladder in profile.ladders.items():
        yield from _unknown(where, "role of a ladder", (code, *ladder), profile.roles)
    for each in profile.how_far_up:
        yield from _unknown(where, "role in how_far_up", (each.top,), profile.roles)
        yield from _unknown(where, "rank in how_far_up", each.ranks, profile.ranks)
        yield from _unknown(where, "method in how_far_up", each.methods, profile.methods)
    if profile.amount is not None:
        yield from _unknown(where, "role above the amount", (profile.amount.top,), profile.roles)
    if profile.thresholds.urgent > profile.thresholds.soon:
        yield Problem(where, "urgent begins before soon")


def _number(machine: Machine, where: str) -> Iterator[Problem]:
    try:
        Series(machine.number)
    except ValueError as error:
        yield Problem(where, str(error))


def _states(machine: Machine, where: str) -> Iterator[Problem]:
    """Every state can be reached, and every one that is no end can be left."""
    for role, states in machine.taken_up.items():
        yield from _unknown(where, f"state of taken_up.{role.value}", states, machine.states)
    if NEW not in machine.states:
        yield Problem(where, f"the state {NEW!r} is missing")
    reached = {NEW}
    while True:
        more = {
            row.to
            for row in machine.transitions
            if row.to not in (SAME, ORIGIN) and reached & set(row.from_)
        }
        if more <= reached:
            break
        reached |= more
    for name, state in machine.states.items():
        if name not in reached:
            yield Problem(where, f"unreachable state: {name!r}")
        if not state.terminal and not any(_leads_on(row, name) for row in machine.transitions):
            yield Problem(where, f"no way out of state {name!r}, which is no end")


def _leads_on(row: Transition, state: str) -> bool:
    """Whether a row is a way on, not one of the exceptions that every state has."""
    return state in row.from_ and not row.common and row.to not in (SAME, state)


def _duplicates(machine: Machine) -> Iterator[Problem]:
    counted = Counter((row.event, state) for row in machine.transitions for state in row.from_)
    for row in machine.transitions:
        for state in row.from_:
            if counted[(row.event, state)] > 1:
                yield Problem(_where(row), f"duplicate row: {row.event!r} from {state!r}")


def _where(row: Transition) -> str:
    return f"{row.source} ({row.event})"


def _row(profile: Profile, machine: Machine, row: Transition) -> Iterator[Problem]:
    where = _where(row)
    if row.event == CORRECT:
        yield Problem(where, "this event belongs to corrections, which no table has")
    targets = () if row.to in (SAME, ORIGIN) else (row.to,)
    yield from _unknown(where, "state", (*row.from_, *targets), machine.states)
    yield from _hands(profile, row, where)
    if row.paper:
        yield from (Problem(where, why) for why in _on_paper(machine, row))
    yield from _names(profile, machine, row, where)
    ends = [s for s in row.from_ if s in machine.states and machine.states[s].terminal]
    if ends and not row.reopening and not row.on_request:
        yield Problem(where, f"leaves the end {ends[0]!r} without being a reopening")
    if row.reopening and len(ends) < len(row.from_):
        yield Problem(where, "reopens what has not ended")
    if row.by_system != (not row.requested_by):
        yield Problem(where, "nobody asks for it, or the system does and somebody asks too")


def _hands(profile: Profile, row: Transition, where: str) -> Iterator[Problem]:
    """The codes are known, and no decision can be approved by whoever asks for it."""
    signing = row.codes()[len(row.requested_by) :]
    yield from _unknown(where, "role", row.codes(), profile.roles)
    own = (Scope.MAKER, Scope.REQUESTER, Scope.SIGNER, Scope.ANYONE)
    for code in signing:
        role = profile.roles.get(code)
        if code in row.requested_by or (role is not None and role.scope in own):
            yield Problem(where, f"the requester could approve it: {code!r}")
    yield from _met(profile, row, where)
    if row.last and row.approved_by is None:
        yield Problem(where, "somebody decides last, but nobody before them")
    if (row.reviewed_by or row.instead) and row.approved_by is None:
        yield Problem(where, "it is reviewed, but nobody decides it")


def _on_paper(machine: Machine, row: Transition) -> Iterator[str]:
    # Here, because what is undone is said in this package's own model.
    from app.domain.workflow import paper

    return paper.refused(machine, row)


def _met(profile: Profile, row: Transition, where: str) -> Iterator[Problem]:
    """A meeting signs by a role that its chair holds, and nothing that needs more than a reason."""
    if not row.meeting:
        return
    yield from _unknown(where, "role in meeting", row.meeting, profile.roles)
    if profile.study is None:
        yield Problem(where, "a meeting may sign it, but [study] is missing")
    if row.touches:
        yield Problem(where, f"no meeting signs what touches {', '.join(row.touches)}")
    if row.approved_by is None:
        yield Problem(where, "a meeting may sign it, but nobody does")
    if row.sign_form:
        yield Problem(where, "a meeting may sign it, but its last signer fills in a form")
    for code in row.meeting:
        role = profile.roles.get(code)
        if role is None:
            continue
        if role.body or role.each or role.scope not in (Scope.UNIT, Scope.ASSIGNED, Scope.NAMED):
            yield Problem(where, f"{code!r} is a committee or a named person: no meeting signs it")
        elif code in row.requested_by:
            yield Problem(where, f"{code!r} asks for it, so no meeting signs it as {code!r}")


def _names(profile: Profile, machine: Machine, row: Transition, where: str) -> Iterator[Problem]:
    # Here, because guards judge by this package's own model.
    from app.domain.guards import GUARDS
    from app.domain.guards.checks import CHECKS
    from app.domain.guards.conditions import CONDITIONS
    from app.domain.workflow.plans import Effect

    refs = (*row.start, *row.stop, *row.pause, *row.resume)
    conditions = [each.when for each in refs] + [each.when for each in row.instead]
    conditions += [each.when for each in row.sets] + [row.last_when, row.only_when]
    yield from _unknown(where, "guard", row.guards, GUARDS)
    yield from _unknown(where, "check", row.checks, CHECKS)
    yield from _unknown(where, "condition", (each for each in conditions if each), CONDITIONS)
    yield from _unknown(where, "effect", row.effects, [each.value for each in Effect])
    yield from _unknown(where, "clock", (each.rule for each in refs), machine.clocks)
    forms = [name for name in (row.form, row.sign_form) if name]
    yield from _unknown(where, "form", forms, machine.forms)
    yield from _unknown(where, "method", [row.method] if row.method else [], profile.methods)
    default = [row.outcome_default] if row.outcome_default else []
    yield from _unknown(where, "outcome", default, profile.measures)
    if row.study and profile.study is None:
        yield Problem(where, "it is decided in a study meeting, but [study] is missing")
    for ref in row.start:
        by = machine.clocks[ref.rule].by if ref.rule in machine.clocks else None
        if by and by not in _fields(machine, row):
            yield Problem(where, f"the form has no field {by!r}, which clock {ref.rule!r} needs")
    if "open_case" in row.effects and not any(
        each.by_system for other in profile.machines.values() for each in other.transitions
    ):
        yield Problem(where, "it opens a case, but no row of case.toml is by_system")


def _fields(machine: Machine, row: Transition) -> set[str]:
    named = (machine.forms.get(name) for name in (row.form, row.sign_form) if name)
    return {field.name for form in named if form is not None for field in form.fields}


_CHOOSES = (FieldType.CHOICE, FieldType.CHOICES, FieldType.SPLITS)


def _forms(profile: Profile, machine: Machine, where: str) -> Iterator[Problem]:
    every: list[tuple[str, Form]] = list(machine.forms.items())
    for name, form in every:
        fields = {field.name: field for field in form.fields}
        if len(fields) < len(form.fields):
            yield Problem(where, f"form {name!r} has a field twice")
        for field in form.fields:
            options = field.options or (profile.reviews if field.options_from else ())
            if field.type in _CHOOSES and not options:
                yield Problem(where, f"form {name!r}: field {field.name!r} has no options")
            if field.when and not re.fullmatch(r"\w+=\w+", field.when):
                yield Problem(where, f"form {name!r}: {field.when!r} is not field=value")
            elif field.when and field.when.split("=")[0] not in fields:
                yield Problem(where, f"form {name!r}: {field.when!r} names an unknown field")
