"""What may be done to a matter, by whom, and what follows: the functional core of every step.

`actions` says what an actor may do now and what is missing for the rest; `decide` obeys the very
same judgement and returns a plan; `sign` takes a request one hand further. Nothing is read or
written here: the services lock the matter, gather its facts, and carry the plan out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pydantic import JsonValue

from app.domain.correcting import CORRECT
from app.domain.errors import N_, Denied, Forbidden, IllegalTransition, Invalid, Reason
from app.domain.guards import GUARDS, Situation
from app.domain.guards.conditions import CONDITIONS
from app.domain.guards.everywhere import extendable, is_suspended
from app.domain.guards.situation import Values, missing
from app.domain.kinds import Kind
from app.domain.permissions import Actor
from app.domain.profile.model import NEW, Machine, Profile, Scope, Transition
from app.domain.units import UnitPath
from app.domain.workflow import forms, moves, paper, signers
from app.domain.workflow.chains import SignStep
from app.domain.workflow.facts import Facts, MatterSnapshot
from app.domain.workflow.people import apart, fills, kept_off
from app.domain.workflow.plans import Action, Move, Plan, Request
from app.domain.workflow.signing import Verdict, sign, signature

NOTHING: Values = {}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A row of the table for one actor: as whom they ask, where it leads, what is missing."""

    row: Transition
    asked_by: str
    target: str | None
    reasons: tuple[Reason, ...]


def actions(
    profile: Profile,
    snapshot: MatterSnapshot,
    actor: Actor,
    facts: Facts,
    today: date,
) -> tuple[Action, ...]:
    """Every step that the actor could take from here, each with what is missing for it.

    What is not the actor's to do leaves no trace.
    """
    return tuple(steps(profile, snapshot, actor, facts, today))


def steps(
    profile: Profile, snapshot: MatterSnapshot, actor: Actor, facts: Facts, today: date
) -> Iterator[Action]:
    """The same one by one, in the order of the procedure: each is judged when it is asked for."""
    it = Situation(profile=profile, snapshot=snapshot, facts=facts, actor=actor, today=today)
    if not kept_off(it, actor.account_id):
        yield from (_action(it, judged) for judged in _open_to(it))


def usual(machine: Machine, state: str, found: Iterable[Action]) -> Action | None:
    """Of somebody's steps the one that usually comes next: the table's first, taken or not; where
    that one can't be taken yet, another that leads on and can. Neither a step back nor an end is
    usual, nor what every kind shares or what is done to an open request."""
    shared = {row.event for row in machine.transitions if row.shared}
    own = (each for each in found if each.event not in shared and not each.on_request)
    first = next(own, None)
    if first is None or first.allowed:
        return first
    # The rows stand in the order of the work; a stored profile's states have lost theirs.
    leaving = [name for row in machine.transitions if row.event not in shared for name in row.from_]
    on = [name for name in dict.fromkeys(leaving) if not machine.states[name].terminal]
    on = on[on.index(state) + 1 :] if state in on else []
    return next((each for each in own if each.allowed and each.to_state in on), first)


def _open_to(it: Situation) -> Iterator[Judged]:
    for row in it.machine.leaving(it.snapshot.state):
        asked_by = _asked_by(it, row, NOTHING)
        if asked_by is not None:
            yield _judge(it, row, asked_by)


def _action(it: Situation, judged: Judged) -> Action:
    row, me = judged.row, it.actor.account_id
    chain: tuple[SignStep, ...] = ()
    reasons = judged.reasons
    if not row.alone and not (row.decided_by_limit and not extendable(it)):
        chain = signers.chain(it, row, judged.asked_by, me, NOTHING)
        # Whose signature a step needs can hang on its form: `decide` judges it then.
        nobody = signers.unsignable(it, row, chain, me, NOTHING) if not _by_form(row, it) else None
        reasons = (*reasons, nobody) if nobody else reasons
    last = chain[-1] if chain else None
    return Action(
        event=row.event,
        label=row.label,
        to_state=judged.target or it.snapshot.state,
        allowed=not reasons,
        reasons=reasons,
        fields=forms.fields_of(it, row),
        chain=chain,
        alone=row.alone,
        sign_fields=forms.sign_fields_of(it, row, last.body, last=True) if last else (),
        touches=row.touches,
        on_request=row.on_request,
    )


def _by_form(row: Transition, it: Situation) -> bool:
    codes = [row.approved_by, *(each.by for each in row.instead)]
    named = any(code and it.profile.roles[code].scope.value == "named" for code in codes)
    return named or row.decided_by_limit


def chain_for(
    profile: Profile,
    snapshot: MatterSnapshot,
    event: str,
    actor: Actor,
    facts: Facts,
    form: Values,
    today: date,
) -> tuple[SignStep, ...]:
    """Who would sign if the actor asked for this with this form, in order, and why they.

    Raises IllegalTransition, Forbidden. Empty for a step that is one hand's alone.
    """
    it = Situation(profile=profile, snapshot=snapshot, facts=facts, actor=actor, today=today)
    row = _row(it, event)
    asked_by = _asked_by(it, row, form)
    if asked_by is None:
        raise Forbidden(_not_theirs(it, row))
    return () if row.alone else signers.chain(it, row, asked_by, actor.account_id, form)


def decide(
    profile: Profile,
    snapshot: MatterSnapshot,
    event: str,
    actor: Actor,
    facts: Facts,
    form: Values,
    today: date,
    *,
    reason: str | None = None,
) -> Plan:
    """Take a step, or ask for the signatures that it needs.

    Raises IllegalTransition where the table has no such step, Forbidden where it is not the
    actor's, Denied with everything that is missing, Invalid for the form's fields.
    """
    it = Situation(profile=profile, snapshot=snapshot, facts=facts, actor=actor, today=today)
    row = _row(it, event)
    if kept_off(it, actor.account_id):
        raise Forbidden(N_("You keep off this matter."))
    if row.on_request and event == "return" and snapshot.request is not None:
        return sign(
            profile, snapshot, snapshot.request, actor, "return", facts, today, reason=reason
        )
    asked_by = _asked_by(it, row, form)
    if asked_by is None:
        raise Forbidden(_not_theirs(it, row))
    judged = _judge(it, row, asked_by)
    if judged.reasons or judged.target is None:
        raise Denied(judged.reasons)
    values, why = _read(it, row, form, reason)
    if row.alone:
        return _alone(it, judged.target, row, values, why)
    chain = signers.chain(it, row, asked_by, actor.account_id, values)
    nobody = signers.unsignable(it, row, chain, actor.account_id, values)
    if nobody is not None:
        raise Denied((nobody,))
    return Request(
        event=row.event,
        label=row.label,
        from_state=snapshot.state,
        to_state=judged.target,
        form=values,
        reason=why,
        chain=chain,
    )


def begins(
    profile: Profile, kind: Kind, event: str, actor: Actor, at: UnitPath, today: date
) -> bool:
    """Whether a matter of this kind at a unit may be begun with this step by the actor, whatever
    else the step asks for."""
    me = actor.account_id
    snapshot = MatterSnapshot(id=me, kind=kind, state=NEW, unit_path=at, made_by=me)
    it = Situation(profile=profile, snapshot=snapshot, facts=Facts(), actor=actor, today=today)
    row = it.machine.of(event, NEW)
    return row is not None and _asked_by(it, row, NOTHING) is not None


def opened(
    profile: Profile,
    snapshot: MatterSnapshot,
    actor: Actor,
    facts: Facts,
    form: Mapping[str, JsonValue],
    today: date,
) -> Move:
    """The first step of a matter that another one's approval opens, such as a lead's case.

    `snapshot` is in the state `new`. The signatures are those of the other matter.
    """
    it = Situation(profile=profile, snapshot=snapshot, facts=facts, actor=actor, today=today)
    row = next((row for row in it.machine.leaving(NEW) if row.by_system), None)
    if row is None:
        raise IllegalTransition(N_("A matter of this kind is not opened by another."))
    return moves.move(it, row, row.to, form, None)


def _row(it: Situation, event: str) -> Transition:
    row = it.machine.of(event, it.snapshot.state)
    if row is None or row.by_system or not _exists(it, row):
        raise IllegalTransition(N_("This step is not possible from the present state."))
    return row


def _asked_by(it: Situation, row: Transition, values: Values) -> str | None:
    """As whom the actor can ask for a step; None where it is not theirs to take."""
    if row.by_system or not _exists(it, row):
        return None
    codes = row.requested_by
    request = it.snapshot.request
    if request is not None and request.event == CORRECT and not row.on_request:
        # Whoever agrees to a correction has no say in the step that the matter waits for.
        codes = tuple(code for code in codes if it.profile.roles[code].scope is not Scope.SIGNER)
    return next((code for code in codes if fills(it, code, values)), None)


def _not_theirs(it: Situation, row: Transition) -> str:
    """Why the step isn't the actor's: in words where they hold its role and are kept apart."""
    for code in row.requested_by:
        role = it.profile.roles[code].role
        why = apart(it, code, it.actor.account_id)
        if why is not None and role is not None and it.actor.holds(role):
            return why.message
    return N_("This step is not yours to take.")


def _exists(it: Situation, row: Transition) -> bool:
    return row.only_when is None or CONDITIONS[row.only_when](it, NOTHING)


def _judge(it: Situation, row: Transition, asked_by: str) -> Judged:
    target = row.target(it.snapshot.state, it.snapshot.came_from)
    found = [
        *_waiting(it, row, asked_by),
        *([held] if (held := paper.held_up(it, row)) else []),
        *(reason for name in row.guards if (reason := GUARDS[name](it)) is not None),
    ]
    if target is None:
        found.append(missing(N_("It is not known where this came from.")))
    elif is_suspended(it) and target != it.snapshot.state and not row.common:
        found.append(missing(N_("Handling is suspended: resume it first.")))
    return Judged(row=row, asked_by=asked_by, target=target, reasons=tuple(found))


def _waiting(it: Situation, row: Transition, asked_by: str) -> Iterator[Reason]:
    """While a request waits, nothing else moves; whoever signs next may send it back."""
    if it.snapshot.request is None:
        if row.on_request:
            yield missing(N_("No request waits."))
        return
    if row.on_request or (row.alone and row.to == "same"):
        return
    if it.profile.roles[asked_by].scope.value == "signer":
        return
    yield missing(N_("A request on this matter waits for signatures."))


def _read(
    it: Situation, row: Transition, form: Values, reason: str | None
) -> tuple[dict[str, JsonValue], str | None]:
    """The form's values and the reason, which may stand in either. Raises Invalid."""
    fields = forms.fields_of(it, row)
    name = it.profile.reason.name
    given: dict[str, object] = dict(form)
    if reason is not None and any(field.name == name for field in fields):
        given.setdefault(name, reason)
    values, found = forms.read(it, fields, given)
    if not found:
        found = forms.checked(it, row, values)
    if found:
        raise Invalid(*found)
    why = values.pop(name, reason)
    return values, str(why) if why is not None else None


def _alone(it: Situation, target: str, row: Transition, values: Values, reason: str | None) -> Move:
    plan = moves.move(it, row, target, values, reason)
    request = it.snapshot.request
    if request is None or (row.to == "same" and not row.on_request):
        return plan
    if row.on_request:
        return replace(plan, request_ends="taken_back")
    made = signature(request.next_step, "return", reason)
    return replace(plan, request_ends="returned", signature=made)


__all__ = ["Verdict", "actions", "begins", "chain_for", "decide", "opened", "sign"]
