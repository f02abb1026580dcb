"""Each machine, walked at random: whatever is done, the table holds."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import Denied, Forbidden, Invalid
from app.domain.kinds import Kind
from app.domain.permissions import Actor
from app.domain.profile import Profile, builtin_names, builtin_profile
from app.domain.profile.fields import FormField
from app.domain.profile.model import NEW, Transition
from app.domain.workflow import engine
from app.domain.workflow.facts import (
    LinkedMatter,
    RequestSnapshot,
    RunningClock,
    SignatureSnapshot,
)
from app.domain.workflow.plans import Action, ClockStarted, Move, Request, Signed
from tests.drawn_forms import Around, drawn
from tests.unit.workflow_world import ACTORS, STAFF, TODAY, done, known, matter

PROFILES = [builtin_profile(name) for name in builtin_names()]
MACHINES = [(profile, kind) for profile in PROFILES for kind in profile.machines]
IDS = [f"{profile.name}.{kind}" for profile, kind in MACHINES]
STEPS = 14
SITTING = {
    "held_on": "2018-09-28",
    "chair": "A",
    "present": ["A", "B", "C"],
    "votes_for": 3,
    "votes_against": 0,
    "abstained": 0,
    "minutes": "1",
}


class Walker:
    """One matter and all who could act on it; `data` draws what happens next."""

    def __init__(self, data: st.DataObject, profile: Profile, kind: Kind) -> None:
        self.draw, self.profile, self.kind = data.draw, profile, kind
        self.staff = ACTORS if profile.name == "cn-discipline" else STAFF
        self.today = TODAY
        states = list(profile.machine(kind).states)
        if all(row.by_system for row in profile.machine(kind).leaving(NEW)):
            states.remove(NEW)  # another matter's approval opens it
        begin = self.draw(st.sampled_from(states), label="where it stands")
        self.it = matter(profile, kind, begin, made_by=known("handler"))
        self.facts = done(profile, kind)
        if kind is Kind.FUND_ITEM and self.draw(st.booleans()):
            lead = LinkedMatter(id=known("lead"), kind=Kind.LEAD, state="verifying")
            self.facts = replace(self.facts, origin=lead)

    def step(self) -> None:
        """Somebody does something that they are told they may."""
        if self.it.request is not None:
            self._sign()
            return
        open_to = [
            (actor, action)
            for actor in self.staff.values()
            for action in self._actions(actor)
            if action.allowed and action.event != "void"
        ]
        assert open_to or self._ended(), f"nobody can act in {self.it.state}"
        if open_to:
            self._take(*self.draw(st.sampled_from(open_to), label="who does what"))

    def _ended(self) -> bool:
        return self.profile.machine(self.kind).states[self.it.state].terminal

    def _actions(self, actor: Actor) -> tuple[Action, ...]:
        return engine.actions(self.profile, self.it, actor, self.facts, self.today)

    def _take(self, actor: Actor, action: Action) -> None:
        try:
            plan = engine.decide(
                self.profile,
                self.it,
                action.event,
                actor,
                self.facts,
                self._form(action.fields),
                self.today,
            )
        except (Denied, Invalid):
            return  # the form was drawn without looking at the facts
        if isinstance(plan, Move):
            assert action.alone
            self._moved(plan)
            return
        assert isinstance(plan, Request)
        assert plan.chain
        self.it = replace(
            self.it,
            request=RequestSnapshot(
                id=known("r"),
                event=plan.event,
                from_state=plan.from_state,
                to_state=plan.to_state,
                form=plan.form,
                requested_by=actor.account_id,
                chain=plan.chain,
                next_position=1,
                reason=plan.reason,
            ),
        )

    def _sign(self) -> None:
        """Everybody tries; only those whose turn it is can, and the requester never."""
        request = self.it.request
        assert request is not None
        form = self._sign_form(request)
        verdict: Any = self.draw(st.sampled_from(["sign", "sign", "sign", "return"]))
        plans = {}
        for name, actor in self.staff.items():
            try:
                plans[name] = engine.sign(
                    self.profile, self.it, request, actor, verdict, self.facts, self.today,
                    reason="Yes.", form=form,
                )  # fmt: skip
            except Forbidden:
                continue
            except (Denied, Invalid):
                self.it = replace(self.it, request=None)  # taken back: it can't go on
                return
        signed = {request.requested_by, *(each.account_id for each in request.signatures)}
        assert not signed & {known(name) for name in plans}
        assert plans, f"nobody can sign {request.event} at {request.next_position}"
        name = self.draw(st.sampled_from(sorted(plans)), label="who signs")
        self._signed(plans[name], request, known(name))

    def _signed(self, plan: object, request: RequestSnapshot, account_id: UUID) -> None:
        if isinstance(plan, Signed):
            made = SignatureSnapshot(position=plan.signature.position, account_id=account_id)
            later = replace(
                request,
                next_position=plan.next_step.position,
                signatures=(*request.signatures, made),
            )
            self.it = replace(self.it, request=later)
            return
        assert isinstance(plan, Move)
        if plan.request_ends == "approved":
            hands = {each.account_id for each in request.signatures} | {account_id}
            assert len(hands) == len(request.chain)
            assert request.requested_by not in hands
        self.it = replace(self.it, request=None)
        self._moved(plan)

    def _moved(self, plan: Move) -> None:
        """Only as the table says; then the matter stands where the plan says."""
        machine = self.profile.machine(self.kind)
        row = machine.of(plan.event, self.it.state)
        assert row is not None
        assert plan.from_state == self.it.state
        assert plan.to_state == row.target(self.it.state, self.it.came_from)
        assert plan.to_state in machine.states
        assert plan.to_stage is machine.states[plan.to_state].stage
        self._alone_or_signed(row, plan)
        stopped = {clock.rule for clock in self.it.clocks}
        if plan.clocks_stopped is not None:
            assert set(plan.clocks_stopped) <= stopped
            stopped = set(plan.clocks_stopped)
        kept = [clock for clock in self.it.clocks if clock.rule not in stopped]
        running = [_running(clock) for clock in plan.clocks_started]
        rules = [clock.rule for clock in (*kept, *running)]
        assert len(rules) == len(set(rules))
        assert not (plan.terminal and running)
        came_from = self.it.state if plan.to_state != self.it.state else self.it.came_from
        handled = matter(self.profile, self.kind, plan.to_state)
        self.it = replace(
            self.it,
            state=plan.to_state,
            came_from=came_from,
            clocks=(*kept, *running),
            version=self.it.version + 1,
            team=self.it.team or handled.team,
            assigned_path=self.it.assigned_path or handled.assigned_path,
        )

    def _alone_or_signed(self, row: Transition, plan: Move) -> None:
        if row.alone:
            assert plan.signature is None or plan.signature.verdict == "return"
        elif plan.request_ends == "approved":
            assert plan.signature is not None

    def _sign_form(self, request: RequestSnapshot) -> dict[str, object]:
        form: dict[str, object] = {}
        if request.next_step.body is not None:
            form |= SITTING
        row = self.profile.machine(self.kind).of(request.event, request.from_state)
        if row is not None and row.sign_form and request.next_position == len(request.chain):
            form["handler"] = str(known("handler"))
        return form

    def _form(self, fields: tuple[FormField, ...]) -> dict[str, object]:
        rules = self.profile.machine(self.kind).clocks
        around = Around(
            profile=self.profile,
            kind=self.kind,
            today=self.today,
            departments=[str(known("YC.O03"))],
            accounts=[str(known("officer")), str(known("handler"))],
            matters=[str(known("another"))],
            people=[str(subject.involvement_id) for subject in self.facts.subjects],
            clocks=[clock.rule for clock in self.it.clocks if rules[clock.rule].extension],
        )
        return drawn(self.draw, fields, around)


def _running(clock: ClockStarted) -> RunningClock:
    due = clock.due
    return RunningClock(
        rule=clock.rule, started_on=due.start, amount=due.amount, unit=due.unit, due_on=due.due_on
    )


@pytest.mark.parametrize(("profile", "kind"), MACHINES, ids=IDS)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_a_random_walk_never_leaves_the_table(
    profile: Profile, kind: Kind, data: st.DataObject
) -> None:
    walker = Walker(data, profile, kind)
    for _ in range(STEPS):
        walker.step()
