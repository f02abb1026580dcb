"""Signatures on paper: which steps accept one, what an objection holds up, and the way back.

A paper can be forged, so that a step accepts one only where it can be taken back without a trace in
the world: nothing has ended, no case was opened, nobody was told, no money moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.errors import N_, Reason
from app.domain.guards import Situation
from app.domain.guards.situation import missing
from app.domain.kinds import Kind
from app.domain.permissions import Actor, Role
from app.domain.profile.model import SAME, Machine, Profile, Transition
from app.domain.workflow.chains import SignStep
from app.domain.workflow.facts import MatterSnapshot
from app.domain.workflow.plans import Effect, Move

UNDO = "undo_paper"
KINDS = frozenset({Kind.LEAD, Kind.CASE})
UNDOABLE = frozenset({Effect.SET_METHOD.value, Effect.SET_TEAM.value})


def refused(machine: Machine, row: Transition) -> Iterator[str]:
    """Why a row that asks for it can't accept paper, whatever the profile says."""
    if row.touches or machine.kind is Kind.FUND_ITEM:
        yield f"no signature on paper where it touches {', '.join(row.touches) or 'money'}"
    elif machine.kind not in KINDS:
        yield f"no signature on paper on a {machine.kind.value}"
    if row.alone:
        yield "nobody signs it, on paper or otherwise"
    if row.sign_form:
        yield "whoever signs it last fills in a form, which a paper can't"
    lasting = [*(name for name in row.effects if name not in UNDOABLE)]
    lasting += [name for name in ("tasks", "pause", "resume") if getattr(row, name)]
    states = machine.states
    ends = row.to == SAME or (row.to in states and states[row.to].terminal)
    if lasting or ends:
        why = ", ".join(lasting) or f"it leads to {row.to!r}"
        yield f"a step signed on paper can be taken back, and this can't: {why}"
    elif row.to in states and machine.of(UNDO, row.to) is None:
        yield f"no row {UNDO!r} takes it back from {row.to!r}"


def accepts(machine: Machine, event: str, state: str, step: SignStep) -> bool:
    """Whether a place in a chain can be signed on paper. A committee's secretary records what was
    decided, which is no paper of theirs."""
    row = machine.of(event, state)
    return row is not None and row.paper and not row.touches and step.body is None


def held_up(it: Situation, row: Transition) -> Reason | None:
    """While somebody says that a signature in their name isn't theirs, nothing is built on it."""
    if not it.facts.objected or row.on_request or (row.alone and row.to == SAME):
        return None
    return missing(
        N_("Somebody objects to a signature on paper in their name: that is decided first.")
    )


def upholds(actor: Actor, step: SignStep) -> bool:
    """Against the signer's own word only who could have signed there themselves, or the chief."""
    own = isinstance(step.role, Role) and actor.holds(step.role, step.path)
    return own or actor.holds(Role.CHIEF, step.path)


def former_method(machine: Machine, taken: list[tuple[str, str | None]]) -> str | None:
    """The method that stood before: of the last earlier step (event, from) that set one."""
    for event, state in taken:
        row = machine.of(event, state or "")
        if row is not None and Effect.SET_METHOD.value in row.effects:
            return row.method
    return None


def sent_back(profile: Profile, at: MatterSnapshot, step: str, reason: str) -> Move:
    """The request, whose signature was set aside before the last one, goes back to who asked."""
    return _move(profile, at, "return", at.state, {"step": step, "set_aside": True}, reason)


def taken_back(profile: Profile, at: MatterSnapshot, step: str, to: str, reason: str) -> Move:
    """The matter stands where it stood before the step."""
    return _move(profile, at, UNDO, to, {"step": step}, reason)


def _move(
    profile: Profile,
    at: MatterSnapshot,
    event: str,
    to: str,
    form: Mapping[str, str | bool],
    reason: str,
) -> Move:
    machine = profile.machine(at.kind)
    row = machine.of(event, at.state)
    if row is None:
        raise ValueError(f"the profile has no {event!r} from {at.state!r}")
    state = machine.states[to]
    return Move(
        event=event,
        label=row.label,
        from_state=at.state,
        to_state=to,
        to_stage=state.stage,
        terminal=state.terminal,
        form=dict(form),
        reason=reason,
        changes={},
        record=row.record,
        request_ends="returned" if event == "return" else None,
    )
