"""A request goes from hand to hand: each signs in turn, once, and never what they asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from pydantic import JsonValue

from app.domain.correcting import CORRECT
from app.domain.errors import (
    N_,
    Denied,
    FieldError,
    Forbidden,
    IllegalTransition,
    Invalid,
    Reason,
)
from app.domain.guards import GUARDS, Situation
from app.domain.guards.situation import Values, wrong
from app.domain.permissions import Actor
from app.domain.profile.model import Profile, Transition
from app.domain.workflow import forms, moves, paper
from app.domain.workflow.chains import SignStep
from app.domain.workflow.facts import Facts, MatterSnapshot, RequestSnapshot
from app.domain.workflow.people import apart, holds_place, kept_off, left, may_sign
from app.domain.workflow.plans import Corrected, Move, Plan, SignatureMade, Signed

Verdict = Literal["sign", "return"]
NOTHING: Values = {}


def signature(step: SignStep, verdict: Verdict, reason: str | None) -> SignatureMade:
    return SignatureMade(
        position=step.position,
        act=step.act,
        code=step.code,
        role=step.role.value,
        verdict=verdict,
        reason=reason,
    )


def sign(
    profile: Profile,
    snapshot: MatterSnapshot,
    request: RequestSnapshot,
    actor: Actor,
    verdict: Verdict,
    facts: Facts,
    today: date,
    *,
    reason: str | None = None,
    form: Values = NOTHING,
) -> Plan:
    """One hand further: the last signature moves the matter, a return ends the request.

    `form` is what this signer has to fill in. Raises Forbidden (the requester, a second hand by
    the same person, somebody else's turn), Denied where guards no longer hold, Invalid.
    """
    it = Situation(
        profile=profile,
        snapshot=replace(snapshot, request=request),
        facts=facts,
        actor=actor,
        today=today,
    )
    row = it.machine.of(request.event, request.from_state)
    correction = request.event == CORRECT
    if (row is None and not correction) or snapshot.state != request.from_state:
        raise IllegalTransition(N_("The matter has moved on: this request is void."))
    step = _turn(it, request, verdict)
    said = (reason or "").strip()
    if row is not None and verdict == "sign":
        return _signed(it, row, request, step, said, form)
    if not said:
        raise Invalid(_UNSAID)
    if verdict == "return":
        return _returned(it, request, step, said)
    return _agreed(request, step, said)


_UNSAID = wrong("reason", N_("Say why."))


def hindered(
    profile: Profile,
    snapshot: MatterSnapshot,
    request: RequestSnapshot,
    actor: Actor,
    facts: Facts,
    today: date,
) -> tuple[Reason, ...]:
    """What keeps the actor from signing now, as far as it is known before anything is typed."""
    try:
        sign(profile, snapshot, request, actor, "sign", facts, today, reason="as yet unwritten")
    except Denied as lacking:
        return lacking.reasons
    except (Forbidden, IllegalTransition) as refused:
        return (refused.reason,)
    except Invalid:
        return ()
    return ()


def _turn(it: Situation, request: RequestSnapshot, verdict: Verdict) -> SignStep:
    """The place that the actor can sign now. Raises Forbidden with why not."""
    me = it.actor.account_id
    if me == request.requested_by:
        raise Forbidden(N_("You asked for this: somebody else signs it."))
    if any(each.account_id == me for each in request.signatures):
        raise Forbidden(N_("You have signed this already: each signature is another person's."))
    if kept_off(it, me):
        raise Forbidden(N_("You keep off this matter."))
    step = request.next_step
    if may_sign(it, request, step):
        return step
    if verdict == "return" and left(it, step):
        # Whose turn it was can't sign any more: any later signer sends it back.
        for later in request.chain[step.position :]:
            if may_sign(it, request, later):
                return replace(later, position=step.position)
    why = apart(it, step.code, me) if holds_place(it, step) else None
    raise Forbidden(why.message if why else N_("It is not your turn to sign."))


def _returned(it: Situation, request: RequestSnapshot, step: SignStep, reason: str) -> Move:
    back = it.machine.of("return", it.snapshot.state)
    state = it.machine.states[it.snapshot.state]
    return Move(
        event="return",
        label=back.label if back else state.label,
        from_state=it.snapshot.state,
        to_state=it.snapshot.state,
        to_stage=state.stage,
        terminal=state.terminal,
        form={"step": request.event},
        reason=reason,
        changes={},
        record=back.record if back else None,
        signature=signature(step, "return", reason),
        request_ends="returned",
    )


def _agreed(request: RequestSnapshot, step: SignStep, reason: str) -> Plan:
    """One of those whose signatures rest on a field agrees to its correction."""
    made = signature(step, "sign", reason)
    if step.position < len(request.chain):
        return Signed(signature=made, next_step=request.chain[step.position])
    return Corrected(signature=made, form=request.form, reason=request.reason)


def _signed(
    it: Situation,
    row: Transition,
    request: RequestSnapshot,
    step: SignStep,
    reason: str,
    form: Values,
) -> Plan:
    last = step.position == len(request.chain)
    found = [lack for name in row.guards if (lack := GUARDS[name](it)) is not None]
    if held := paper.held_up(it, row):
        found.append(held)
    if found:
        raise Denied(tuple(found))
    values, wrongs = forms.read(it, forms.sign_fields_of(it, row, step.body, last=last), form)
    wrongs = wrongs or list(_sitting_checked(it, step, values))
    wrongs = wrongs if reason else [*wrongs, _UNSAID]
    if wrongs:
        raise Invalid(*wrongs)
    sitting = _sitting(it, step, values)
    made = signature(step, "sign", reason)
    if not last:
        return Signed(signature=made, next_step=request.chain[step.position], sitting=sitting)
    whole: dict[str, Any] = {**request.form, **values, **({"sitting": sitting} if sitting else {})}
    if wrongs := forms.checked(it, row, whole):
        if any(error.field in values for error in wrongs):
            raise Invalid(*wrongs)
        raise Denied(tuple(error.reason for error in wrongs))
    plan = moves.move(it, row, request.to_state, whole, request.reason)
    return replace(plan, signature=made, request_ends="approved")


def _sitting(
    it: Situation, step: SignStep, values: dict[str, JsonValue]
) -> dict[str, JsonValue] | None:
    """The committee's sitting, taken out of what the signer filled in."""
    if step.body is None or it.profile.sitting is None:
        return None
    names = [field.name for field in it.profile.sitting.fields]
    found: dict[str, JsonValue] = {"body": step.body}
    return found | {name: values.pop(name) for name in names if name in values}


def _sitting_checked(
    it: Situation, step: SignStep, values: Mapping[str, Any]
) -> Iterator[FieldError]:
    """Quorum, a majority of those present, and nobody who was recused among them."""
    if step.body is None or it.profile.sitting is None:
        return
    present, recused = values["present"], values.get("recused", [])
    least = it.profile.sitting.present_least
    if len(present) < least:
        yield wrong("present", N_("The quorum is {least}."), least=least)
    if values["chair"] not in present:
        yield wrong("chair", N_("The chair has to be among those present."))
    if set(present) & set(recused):
        yield wrong("recused", N_("Who is recused leaves and is not counted as present."))
    cast = values["votes_for"] + values["votes_against"] + values["abstained"]
    if cast > len(present):
        yield wrong("votes_for", N_("More votes than people present."))
    if values["votes_for"] * 2 <= len(present):
        yield wrong("votes_for", N_("Fewer than half of those present agreed: return it instead."))
