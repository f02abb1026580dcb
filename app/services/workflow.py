"""The one service that moves a matter: lock, judge, write the consequences, then the step.

The consequences come first and the step last, since a step may take the matter out of its
actor's sight. All of it is one transaction: nothing is half done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.domain import errors
from app.domain.errors import N_
from app.domain.guards import Situation
from app.domain.permissions import Actor
from app.domain.profile import Profile
from app.domain.profile.fields import FormField
from app.domain.workflow import engine, forms
from app.domain.workflow.facts import Facts, MatterSnapshot
from app.domain.workflow.plans import Action, Move, Request, SignatureMade
from app.repositories import clocks as clock_rows
from app.repositories import facts as fact_rows
from app.repositories import matters, outcomes, requests
from app.repositories.work import Work
from app.services import clocks, effects, facts, profiles
from app.services.matters import only_reads, refuse_readers

REASON_LIMIT = 2000


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of a step: the matter moved, or a request waits for signatures."""

    matter_id: UUID
    version: int
    state: str
    request_id: UUID | None = None

    @property
    def moved(self) -> bool:
        return self.request_id is None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A matter with everything that the engine judges it by."""

    head: Row
    profile: Profile
    snapshot: MatterSnapshot
    facts: Facts


def judged(tx: Work, matter_id: UUID, form: Mapping[str, object] | None = None) -> Judged:
    """Raises NotFound where the matter is hidden."""
    head = matters.matter(tx, matter_id)
    known = facts.gather(tx, head, form)
    return Judged(
        head=head,
        profile=profiles.of(tx, head["profile_id"]),
        snapshot=known.snapshot,
        facts=known.facts,
    )


def actions(tx: Work, matter_id: UUID) -> tuple[Action, ...]:
    """What the actor may do now, and what is missing for the rest.

    The very function that `act` obeys; what is not the actor's to do leaves no trace.
    """
    it = judged(tx, matter_id)
    if only_reads(tx, it.head):
        return ()
    return engine.actions(it.profile, it.snapshot, tx.actor, it.facts, tx.today)


def action(tx: Work, it: Judged, event: str) -> Action | None:
    """One of the actor's steps; None where it is not theirs, or not possible from here."""
    found = engine.actions(it.profile, it.snapshot, tx.actor, it.facts, tx.today)
    return next((each for each in found if each.event == event), None)


def usual_of(tx: Work, matter_ids: Sequence[UUID]) -> dict[UUID, Action]:
    """Of each matter the actor's step that usually comes next (`engine.usual`), if any."""
    if not matter_ids:
        return {}
    found: dict[UUID, Action] = {}
    heads = matters.several(tx, matter_ids)
    worked = [each for each in heads if not only_reads(tx, each)]
    for matter_id, known in facts.gather_of(tx, worked).items():
        head = next(each for each in heads if each["id"] == matter_id)
        profile = profiles.of(tx, head["profile_id"])
        theirs = engine.steps(profile, known.snapshot, tx.actor, known.facts, tx.today)
        machine = profile.machine(known.snapshot.kind)
        step = engine.usual(machine, known.snapshot.state, theirs)
        if step is not None:
            found[matter_id] = step
    return found


def situation(tx: Work, it: Judged) -> Situation:
    """The same as guards and forms take it."""
    return Situation(
        profile=it.profile, snapshot=it.snapshot, facts=it.facts, actor=tx.actor, today=tx.today
    )


def fields_of(tx: Work, it: Judged, event: str, state: str) -> tuple[FormField, ...]:
    """What whoever asks for a step from `state` fills in, the reason included."""
    row = it.profile.machine(it.snapshot.kind).of(event, state)
    return () if row is None else forms.fields_of(situation(tx, it), row)


def act(
    tx: Work,
    matter_id: UUID,
    *,
    event: str,
    form: Mapping[str, object] | None = None,
    reason: str | None = None,
    seen_version: int | None = None,
) -> Done:
    """Take a step, or ask for the signatures that it needs.

    Locks the matter for the transaction. Raises NotFound, Stale, IllegalTransition, Forbidden,
    Denied with what is missing, Invalid for the form's fields, Conflict.
    """
    refuse_readers(tx, matter_id)
    fact_rows.lock(tx, matter_id)
    it = judged(tx, matter_id, form)
    if seen_version is not None and it.head["version"] != seen_version:
        raise errors.Stale
    plan = engine.decide(
        it.profile,
        it.snapshot,
        event,
        tx.actor,
        it.facts,
        form or {},
        tx.today,
        reason=_checked(reason),
    )
    if isinstance(plan, Request):
        return _ask(tx, it, plan)
    if not isinstance(plan, Move):
        raise TypeError("a signature belongs to requests.sign")
    waiting = requests.open_request(tx, matter_id) if plan.request_ends else None
    return carry_out(tx, it, plan, request=waiting)


def _checked(reason: str | None) -> str | None:
    reason = (reason or "").strip() or None
    if reason is not None and len(reason) > REASON_LIMIT:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=REASON_LIMIT)
    return reason


@dataclass(frozen=True, kw_only=True)
class OnPaper:
    """Whose hand signed a paper, and on which day; the actor compared it."""

    signer: Actor
    signed_on: date


def carry_out(
    tx: Work, it: Judged, move: Move, *, request: Row | None = None, on_paper: OnPaper | None = None
) -> Done:
    """Write what the engine planned. `request` is the one that this step ends, if any."""
    if request is not None:
        if move.signature is not None:
            write_signature(tx, request, move.signature, on_paper)
        requests.end(tx, request, move.request_ends or "approved")
    return _move(tx, it, move, request)


def write_signature(
    tx: Work, request: Row, made: SignatureMade, on_paper: OnPaper | None = None
) -> None:
    requests.insert_signature(
        tx,
        request=request,
        position=made.position,
        act=made.act.value,
        role=made.role,
        verdict=made.verdict,
        reason=made.reason or "",
        on_paper=(on_paper.signer.account_id, on_paper.signed_on) if on_paper else None,
        study_item_id=made.study_item,
    )


def _ask(tx: Work, it: Judged, plan: Request) -> Done:
    if it.snapshot.request is not None:
        raise errors.Conflict(N_("A request on this matter is waiting already."))
    request_id = requests.insert_request(
        tx,
        matter_id=it.snapshot.id,
        event=plan.event,
        from_state=plan.from_state,
        to_state=plan.to_state,
        form=plan.form,
        reason=plan.reason,
        chain=[step.as_json() for step in plan.chain],
        matter_version=it.head["version"],
    )
    version = matters.touch(
        tx,
        it.snapshot.id,
        event="requested",
        seen_version=it.head["version"],
        reason=plan.reason,
        form={"step": plan.event},
    )
    return Done(
        matter_id=it.snapshot.id,
        version=version,
        state=it.snapshot.state,
        request_id=request_id,
    )


def _move(tx: Work, it: Judged, move: Move, request: Row | None) -> Done:
    transition_id = new_id()
    step = effects.Step(
        head=it.head, profile=it.profile, snapshot=it.snapshot, facts=it.facts, move=move,
        request=request, transition_id=transition_id,
    )  # fmt: skip
    changes: dict[str, Any] = dict(move.changes)
    for effect in move.effects:
        changes.update(effects.apply(tx, step, effect))
    if move.clocks_stopped is None or move.clocks_stopped:
        clock_rows.stop_clocks(tx, it.snapshot.id, move.clocks_stopped, transition_id)
    for clock in move.clocks_started:
        runs = any(each.rule == clock.rule for each in it.snapshot.clocks)
        clocks.start(tx, it.snapshot.id, clock, transition_id, runs=runs)
    clocks.pause_and_resume(tx, it.snapshot.id, move.clocks_paused, move.clocks_resumed)
    for task in move.tasks:
        outcomes.insert_task(
            tx,
            matter_id=it.snapshot.id,
            involvement_id=task.involvement_id,
            kind=task.kind,
            due_on=task.due_on,
        )
    changes["due_on"] = clock_rows.nearest_due(tx, it.snapshot.id)
    version = matters.advance(
        tx,
        it.snapshot.id,
        seen_version=it.head["version"],
        event=move.event,
        # A return or a step taken back rests on no signatures: its row is one hand's alone.
        request_id=request["id"] if request and move.request_ends == "approved" else None,
        to_state=move.to_state,
        to_stage=move.to_stage,
        reason=move.reason,
        form=move.form,
        changes=changes,
        transition_id=transition_id,
    )
    return Done(matter_id=it.snapshot.id, version=version, state=move.to_state)
