"""Signed in a study meeting or on paper, and corrections, in the replayed office: what the services
judge, by the domain's own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from app.domain import ledger, meetings
from app.domain.correcting import CORRECT, field_of
from app.domain.demo.steps import Step, Verb
from app.domain.guards.situation import Situation
from app.domain.ledger import EntryKind
from app.domain.permissions import Actor, Permission, Role
from app.domain.workflow import corrections, paper
from app.domain.workflow.corrections import Held
from app.domain.workflow.facts import RequestSnapshot
from tests.unit.demo_live import Live, key_id, ref

if TYPE_CHECKING:
    from tests.unit.demo_replay import Replay


def meet(replay: Replay, step: Step, actor: Actor) -> None:
    chair = replay.actors[ref(step, "chair")]
    assert actor.may(Permission.MEETINGS_RECORD)
    assert actor is not chair
    present, agenda = step.arguments["present"], step.arguments["agenda"]
    assert isinstance(present, tuple)
    assert isinstance(agenda, tuple)
    assert 1 + len(present) >= meetings.quorum(replay.profile)
    for item in agenda:
        live = replay.matters[item["matter"].key]
        request = _waiting(live)
        row = replay.profile.machine(live.kind).of(request.event, request.from_state)
        assert meetings.reserved(row, request.next_step) is None
        assert not live.held or live.held[-1].signed_on <= step.day
        replay.answer(_said(step, live.key, item["reason"]), chair, "sign")


def enter(replay: Replay, step: Step, _actor: Actor) -> None:
    live = replay.matters[step.matter]
    request = _waiting(live)
    machine = replay.profile.machine(live.kind)
    assert paper.accepts(machine, request.event, request.from_state, request.next_step)
    assert ref(step, "signer") != step.actor
    live.on_paper = step


def compare(replay: Replay, step: Step, actor: Actor) -> None:
    """By who had no hand in it and is none of the team."""
    live = replay.matters[step.matter]
    entered, request = live.on_paper, _waiting(live)
    assert entered is not None
    signer = ref(entered, "signer")
    hands = {entered.actor, signer, live.request_by, *(login for login, _ in live.team)}
    assert step.actor not in hands
    assert all(each.account_id != actor.account_id for each in request.signatures)
    live.on_paper = None
    said = _said(step, live.key, str(entered.arguments["reason"]))
    replay.answer(said, replay.actors[signer], "sign")


def ask(replay: Replay, step: Step, actor: Actor) -> None:
    live = replay.matters[step.matter]
    field = field_of(live.kind, str(step.arguments["field"]))
    assert field is not None
    assert field.rests
    assert live.request is None
    facts = replay.facts(live)
    it = Situation(
        profile=replay.profile, snapshot=replay.snapshot(live), facts=facts, actor=actor,
        today=replay.day,
    )  # fmt: skip
    chain = corrections.chain(it, live.held, actor.account_id, facts)
    live.request_by = step.actor
    live.request = RequestSnapshot(
        id=key_id(f"{live.key}:{live.steps}"), event=CORRECT, from_state=live.state,
        to_state=live.state, form={}, requested_by=actor.account_id, chain=chain,
        next_position=1, reason=str(step.arguments["reason"]),
    )  # fmt: skip


def held(request: RequestSnapshot, actor: Actor, step: Step) -> Held:
    """A signature that was given just now."""
    return Held(
        event=request.event, from_state=request.from_state or "", form=request.form, open=True,
        step=request.next_step, account_id=actor.account_id, name=actor.name, signed_on=step.day,
    )  # fmt: skip


def take_statement(replay: Replay, step: Step, actor: Actor) -> None:
    """Its line names no lead that there is; the item that it is for can still take it."""
    live = replay.matters[step.matter]
    assert actor.holds(Role.FINANCE)
    assert live.item is not None
    assert ledger.line_refused(EntryKind.RECEIPT, live.item.form, live.state) is None
    booked = step.arguments["happened_on"]
    assert isinstance(booked, date)
    assert booked <= step.day


def _waiting(live: Live) -> RequestSnapshot:
    assert live.request is not None, "nothing waits for a signature"
    return live.request


def _said(step: Step, key: str, reason: str) -> Step:
    arguments = {"reason": reason}
    return replace(step, verb=Verb.SIGN, matter=key, arguments=arguments)
