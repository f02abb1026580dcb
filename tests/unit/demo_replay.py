"""Replays the demo's plan through the pure engine, with an office in memory instead of a database.

What the plan says is judged exactly as the services judge it: the same profile, the same guards,
the same forms, on the step's own day. What the services write is kept in dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any
from uuid import UUID

from app.domain import ledger
from app.domain.demo.plan import Plan, make_plan
from app.domain.demo.steps import Ref, Step, Thing, Verb
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.permissions import Actor, Role, RoleGrant
from app.domain.profile.loading import builtin_profile
from app.domain.units import UnitPath
from app.domain.workflow import engine
from app.domain.workflow.facts import (
    Facts,
    Funds,
    Holder,
    LinkedMatter,
    MatterSnapshot,
    OwedTask,
    RequestSnapshot,
    RunningClock,
    SignatureSnapshot,
    Subject,
    SubjectOutcome,
    TeamMember,
)
from app.domain.workflow.plans import Action, Effect, Move, Request, Signed
from tests.unit import demo_otherwise as otherwise
from tests.unit.demo_live import Involved, Item, Live, Returned, fen, key_id, ref, rows

HANDLING = (Role.INVESTIGATOR, Role.INSPECTOR, Role.ADJUDICATOR)


class Replay:
    """The office after every step of the plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.profile = builtin_profile("cn-discipline")
        self.matters: dict[str, Live] = {}
        self.day = plan.day
        self.seeds = {seed.login: seed for seed in plan.accounts}
        self.actors = {
            seed.login: Actor(
                account_id=key_id(seed.login),
                name=seed.name,
                grants=(RoleGrant(seed.role, seed.reach),),
                clearance=seed.clearance,
                unit=seed.unit,
            )
            for seed in plan.accounts
        }
        self.logins = {actor.account_id: login for login, actor in self.actors.items()}
        self.keys: dict[str, str] = {}  # of the matters, by what forms name them by
        self.units = {str(key_id(unit.code)): unit.path for unit in plan.units}
        self.people = {person.key: person for person in plan.people}
        holders: dict[Role, list[Holder]] = {}
        for seed in plan.accounts:
            held = Holder(account_id=key_id(seed.login), name=seed.name, unit=seed.reach)
            holders.setdefault(seed.role, []).append(held)
        self.holders = {role: tuple(found) for role, found in holders.items()}
        self.handlers = {
            holder.account_id: holder.name
            for role in HANDLING
            for holder in self.holders.get(role, ())
        }
        self.verbs: dict[Verb, Callable[[Step, Actor], None]] = {
            Verb.LOG_PETITION: self._log_petition,
            Verb.LOG_LEAD: self._log_lead,
            Verb.CREATE_ITEM: self._create_item,
            Verb.WRITE_SUMMARY: self._write_summary,
            Verb.CHECK_SUMMARY: self._check_summary,
            Verb.ACT: self._act,
            Verb.SIGN: self._sign,
            Verb.RETURN: self._return,
            Verb.NOTE: self._note,
            Verb.RECORD_STATEMENT: self._said,
            Verb.ANSWER_STATEMENT: self._answered,
            Verb.FINISH_TASKS: self._finish,
            Verb.RECORD_RECEIPT: self._receipt,
            Verb.LIST_PAYEES: self._list_payees,
            Verb.PAY_RETURN: self._pay,
            Verb.REMIT: self._remit,
            Verb.REVERSE_PAYMENT: self._reverse,
            Verb.TAKE_STATEMENT: partial(otherwise.take_statement, self),
            Verb.ADD_SUBJECT: self._add_subject,
            Verb.NOTICE_REPEAT: self._notice_repeat,
            Verb.MEET: partial(otherwise.meet, self),
            Verb.ENTER_ON_PAPER: partial(otherwise.enter, self),
            Verb.COMPARE_ON_PAPER: partial(otherwise.compare, self),
            Verb.ASK_CORRECTION: partial(otherwise.ask, self),
        }

    def run(self) -> Replay:
        for step in self.plan.steps:
            self.take(step)
        self.day = self.plan.day
        return self

    def take(self, step: Step) -> None:
        self.day = step.day
        try:
            self.verbs[step.verb](step, self.actors[step.actor])
        except Exception as error:
            error.add_note(f"{step}")
            if step.matter in self.matters:
                error.add_note(f"{self.matters[step.matter]}")
            raise
        self.matters[step.matter].steps += 1

    # What the engine is given ------------------------------------------------------------

    def snapshot(self, live: Live) -> MatterSnapshot:
        team = live.team
        origin = self.matters[live.item.origin] if live.item else None
        if origin is not None:
            team = origin.team
        return MatterSnapshot(
            id=key_id(live.key),
            kind=live.kind,
            state=live.state,
            unit_path=live.unit,
            made_by=key_id(live.made_by),
            assigned_path=live.assigned,
            origin_path=origin.assigned if origin else None,
            came_from=live.came_from,
            opened_on=live.opened_on,
            team=tuple(
                TeamMember(
                    account_id=key_id(login),
                    name=self.seeds[login].name,
                    part="lead_handler" if part == "lead_handler" else "member",
                )
                for login, part in sorted(
                    team, key=lambda each: (each[1], self.seeds[each[0]].name)
                )
            ),
            clocks=tuple(live.clocks.values()),
            request=live.request,
        )

    def facts(self, live: Live, form: Mapping[str, object] | None = None) -> Facts:
        arguments = live.arguments
        fields: dict[str, Any] = {
            "subjects": tuple(self._subject(each) for each in live.people),
            "person_unknown": not live.people,
            "repeats_checked": not live.repeats,
            "tasks": tuple(live.tasks),
            "source": arguments.get("source") or arguments.get("channel"),
            "received_on": live.opened_on,
            "what": arguments.get("what") or arguments.get("content"),
            "place": str(live.unit),
            "method": live.method,
            "holders": self.holders,
            "units": self.units,
            "handlers": self.handlers,
            "crime_suspected": live.crime,
            "prosecution": live.prosecution,
            "leads": self._linked(live.leads),
            "cases": self._linked(live.cases),
            "fund_items": self._linked(live.items),
            "funds": self._funds(live),
            "matters": self._named_in(form or {}),
        }
        if live.kind is Kind.PETITION:
            fields |= {
                "class_": arguments["class_"],
                "channel": arguments["channel"],
                "named": arguments["reporter"] is not None,
                "summary": live.summary_by is not None,
                "summary_checked_by": key_id(live.checked_by) if live.checked_by else None,
            }
        if arguments.get("amount") and live.kind is Kind.LEAD:
            fields["amount"] = Money.yuan(str(arguments["amount"]))
        if live.item is not None:
            fields["origin"] = self._linked([live.item.origin])[0]
        return Facts(**fields)

    def _subject(self, each: Involved) -> Subject:
        person = self.people[each.person]
        return Subject(
            involvement_id=each.id,
            name=person.name,
            code="01",
            member=person.member,
            public_employee=person.public_employee,
            rank=each.rank,
            statement=each.said,
            answered=each.answered,
            outcomes=tuple(
                SubjectOutcome(kind=self.profile.measures[key].kind, measure=key, decided_on=day)
                for key, day in each.outcomes
            ),
        )

    def _named_in(self, form: Mapping[str, object]) -> dict[str, LinkedMatter]:
        """The matters that a form names."""
        keys = [self.keys[str(value)] for value in form.values() if str(value) in self.keys]
        return {str(each.id): each for each in self._linked(keys)}

    def _linked(self, keys: list[str]) -> tuple[LinkedMatter, ...]:
        return tuple(
            LinkedMatter(
                id=key_id(key),
                kind=self.matters[key].kind,
                state=self.matters[key].state,
                closed=self.matters[key].closed_on is not None,
                has_outcome=self.matters[key].closed_on is not None,
            )
            for key in keys
        )

    def _funds(self, live: Live) -> Funds:
        item = live.item
        if item is None:
            still = [key for key in live.items if self.matters[key].closed_on is None]
            return Funds(open_items=len(still))

        def hand(name: str) -> UUID | None:
            return next((key_id(login) for login in item.hands.get(name, ())), None)

        return Funds(
            form="money" if item.form == "money" else "property",
            received=Money(item.fen("receipt")),
            returned=Money(item.fen("return")),
            treasury=Money(item.fen("treasury")),
            criminal_case=Money(item.fen("criminal_case")),
            payees=len(item.payees),
            payees_total=Money(sum(item.payees.values())),
            payees_unsigned=len(item.payees.keys() - item.paid),
            splits=item.splits,
            taken_in_by=hand("taken_in_by"),
            kept_by=hand("kept_by"),
            decided_by=hand("decided_by"),
            paid_by=hand("paid_by"),
        )

    def actions(self, login: str, key: str) -> tuple[Action, ...]:
        live = self.matters[key]
        return engine.actions(
            self.profile, self.snapshot(live), self.actors[login], self.facts(live), self.day
        )

    # Beginnings ------------------------------------------------------------

    def _begin(self, step: Step, actor: Actor, kind: Kind, event: str, unit: UnitPath) -> Live:
        live = Live(
            step.matter, kind, "new", unit, step.actor, step.day, step.arguments,
        )  # fmt: skip
        if kind is Kind.FUND_ITEM:
            live.item = Item(str(step.arguments["form"]), ref(step, "origin"))
        plan = engine.decide(
            self.profile, self.snapshot(live), event, actor, self.facts(live), {}, self.day
        )
        assert isinstance(plan, Move)
        assert step.matter not in self.matters
        self.matters[step.matter] = live
        self.keys[str(key_id(step.matter))] = step.matter
        for each in rows(step, "subjects"):
            person = each["person"]
            known = key_id(f"{step.matter}:{person}")
            live.people.append(Involved(person, known, each["rank"]))
        self._move(live, plan, actor)
        return live

    def _unit(self, step: Step) -> UnitPath:
        return self.units[str(key_id(ref(step, "unit")))]

    def _log_petition(self, step: Step, actor: Actor) -> None:
        live = self._begin(step, actor, Kind.PETITION, "receive", self._unit(step))
        if step.arguments["registered"]:
            form = {
                "class": step.arguments["class_"],
                "named": step.arguments["reporter"] is not None,
            }
            self._decide(live, actor, "register", form, None)

    def _log_lead(self, step: Step, actor: Actor) -> None:
        registers = actor.holds(Role.LEAD_MANAGER)
        event = "register_new" if registers else "submit"
        self._begin(step, actor, Kind.LEAD, event, self._unit(step))
        petition = step.arguments["petition"]
        if isinstance(petition, Ref):
            self.matters[petition.key].leads.append(step.matter)

    def _create_item(self, step: Step, actor: Actor) -> None:
        origin = self.matters[ref(step, "origin")]
        self._begin(step, actor, Kind.FUND_ITEM, "identify", origin.unit)
        origin.items.append(step.matter)

    # Steps and signatures ------------------------------------------------------------

    def _resolved(self, value: object, live: Live) -> object:
        if isinstance(value, Ref):
            if value.thing is Thing.SUBJECT:
                return str(next(each.id for each in live.people if each.person == value.key))
            if value.thing is Thing.MATTER:
                assert value.key in self.matters
            return str(key_id(value.key))
        if isinstance(value, Mapping):
            return {key: self._resolved(each, live) for key, each in value.items()}
        if isinstance(value, tuple):
            return [self._resolved(each, live) for each in value]
        return value

    def _form(self, step: Step, live: Live) -> dict[str, object]:
        found = self._resolved(step.arguments.get("form") or {}, live)
        assert isinstance(found, dict)
        return found

    def _act(self, step: Step, actor: Actor) -> None:
        live = self.matters[step.matter]
        reason = step.arguments.get("reason")
        self._decide(
            live, actor, str(step.arguments["event"]), self._form(step, live),
            str(reason) if reason else None,
        )  # fmt: skip

    def _decide(
        self, live: Live, actor: Actor, event: str, form: Mapping[str, object], reason: str | None
    ) -> None:
        plan = engine.decide(
            self.profile, self.snapshot(live), event, actor, self.facts(live, form), form, self.day,
            reason=reason,
        )  # fmt: skip
        if isinstance(plan, Request):
            live.last_return = None
            live.request_by = self.logins[actor.account_id]
            live.request = RequestSnapshot(
                id=key_id(f"{live.key}:{live.steps}"),
                event=plan.event,
                from_state=plan.from_state,
                to_state=plan.to_state,
                form=plan.form,
                requested_by=actor.account_id,
                chain=plan.chain,
                next_position=1,
                reason=plan.reason,
            )
        else:
            assert isinstance(plan, Move)
            self._move(live, plan, actor)

    def answer(self, step: Step, actor: Actor, verdict: Any) -> None:
        live = self.matters[step.matter]
        request = live.request
        assert request is not None, "nothing waits for a signature"
        plan = engine.sign(
            self.profile, self.snapshot(live), request, actor, verdict,
            self.facts(live, request.form), self.day,
            reason=str(step.arguments["reason"]), form=self._form(step, live),
        )  # fmt: skip
        if verdict == "sign":
            live.held.append(otherwise.held(request, actor, step))
        if isinstance(plan, Signed):
            made = SignatureSnapshot(position=plan.signature.position, account_id=actor.account_id)
            live.request = RequestSnapshot(
                id=request.id,
                event=request.event,
                from_state=request.from_state,
                to_state=request.to_state,
                form=request.form,
                requested_by=request.requested_by,
                chain=request.chain,
                next_position=plan.next_step.position,
                signatures=(*request.signatures, made),
                reason=request.reason,
            )
            return
        assert isinstance(plan, Move)
        live.request = None
        if plan.request_ends == "returned":
            live.last_return = Returned(step.actor, live.request_by, request.event, live.state)
            return
        self._move(live, plan, actor)

    def _sign(self, step: Step, actor: Actor) -> None:
        self.answer(step, actor, "sign")

    def _return(self, step: Step, actor: Actor) -> None:
        self.answer(step, actor, "return")

    # What follows ------------------------------------------------------------

    def _move(self, live: Live, move: Move, actor: Actor) -> None:
        for effect in move.effects:
            self._effect(live, effect, move, actor)
        if move.clocks_stopped is None:
            live.clocks.clear()
        for rule in move.clocks_stopped or ():
            live.clocks.pop(rule)
        for started in move.clocks_started:
            due = started.due
            live.clocks[started.rule] = RunningClock(
                rule=started.rule, started_on=due.start, amount=due.amount, unit=due.unit,
                due_on=due.due_on,
            )  # fmt: skip
        if move.extension is not None:
            old = live.clocks[move.extension.rule]
            live.clocks[old.rule] = RunningClock(
                rule=old.rule, started_on=old.started_on, amount=old.amount, unit=old.unit,
                due_on=move.extension.due.due_on, extensions=move.extension.extensions,
                extended=move.extension.by,
            )  # fmt: skip
        live.tasks += [
            OwedTask(kind=task.kind, involvement_id=task.involvement_id, due_on=task.due_on)
            for task in move.tasks
        ]
        if move.to_state != live.state:
            live.came_from = live.state
            live.last_return = None
        live.state = move.to_state
        live.closed_on = self.day if move.terminal else None

    def _effect(self, live: Live, effect: Effect, move: Move, actor: Actor) -> None:
        form: Mapping[str, Any] = move.form
        if effect in _TEAM:
            self._team_effect(live, effect, form)
        elif effect in _HANDS and live.item is not None:
            column, signer = _HANDS[effect]
            login = self.logins[actor.account_id]
            self._lend(live.item, column, login if signer else live.request_by)
        elif effect is Effect.SET_SPLITS and live.item is not None:
            parts = form.get("splits", ())
            live.item.splits = {row["destination"]: Money.yuan(row["amount"]) for row in parts}
        elif effect is Effect.SET_METHOD:
            live.method = move.method
        elif effect is Effect.RECORD_OUTCOMES:
            for row in form["outcomes"]:
                one = next(each for each in live.people if str(each.id) == row["subject"])
                one.outcomes.append((row["measure"], self.day))
        elif effect is Effect.OPEN_CASE:
            self._open_case(live, actor)
        elif effect is Effect.OPEN_TO_ADJUDICATION:
            live.adjudicated = True
        elif effect is Effect.SET_PROSECUTION and form.get("prosecution"):
            live.prosecution = str(form["prosecution"])
        elif effect is Effect.MERGE:
            same = (key for key in self.matters if str(key_id(key)) == form["survivor"])
            live.merged_into = next(same)

    def _team_effect(self, live: Live, effect: Effect, form: Mapping[str, Any]) -> None:
        if effect is Effect.ASSIGN and form.get("department"):
            live.assigned = self.units[form["department"]]
        elif effect is Effect.UNASSIGN:
            live.assigned = None
        elif effect is Effect.NAME_HANDLER and form.get("handler"):
            handler = self.logins[UUID(form["handler"])]
            live.team = [each for each in live.team if each[1] != "lead_handler"]
            live.team.append((handler, "lead_handler"))
        elif effect is Effect.SET_TEAM:
            present = {each for each, _part in live.team}
            named = (self.logins[UUID(each)] for each in form.get("team", ()))
            live.team += [(each, "member") for each in named if each not in present]

    def _lend(self, item: Item, column: str, login: str) -> None:
        hands = {
            ledger.Hand(name): {key_id(each) for each in logins}
            for name, logins in item.hands.items()
        }
        refused = ledger.hand_refused(hands, ledger.Hand(column), key_id(login))
        assert refused is None, refused
        item.hands.setdefault(column, set()).add(login)

    def _open_case(self, lead: Live, actor: Actor) -> None:
        key = f"C{lead.key}"
        case = Live(key, Kind.CASE, "new", lead.unit, lead.made_by, self.day, {})
        case.assigned, case.team = lead.assigned, list(lead.team)
        filed = {each.person for each in lead.people if ("filed", self.day) in each.outcomes}
        case.people = [
            Involved(each.person, key_id(f"{key}:{each.person}"), each.rank)
            for each in lead.people
            if each.person in filed
        ]
        self.matters[key] = case
        move = engine.opened(
            self.profile, self.snapshot(case), actor, self.facts(case), {}, self.day
        )
        self._move(case, move, actor)
        lead.cases.append(key)
        lead.filed_on = self.day

    # The rest ------------------------------------------------------------

    def _write_summary(self, step: Step, _actor: Actor) -> None:
        self.matters[step.matter].summary_by = step.actor

    def _check_summary(self, step: Step, _actor: Actor) -> None:
        live = self.matters[step.matter]
        assert live.summary_by not in {None, step.actor}
        live.checked_by = step.actor

    def _note(self, step: Step, _actor: Actor) -> None:
        assert step.arguments["text"]

    def _said(self, step: Step, _actor: Actor) -> None:
        self._person(step).said = True

    def _answered(self, step: Step, _actor: Actor) -> None:
        one = self._person(step)
        assert one.said
        one.answered = True

    def _person(self, step: Step) -> Involved:
        key = ref(step, "subject")
        return next(each for each in self.matters[step.matter].people if each.person == key)

    def _finish(self, step: Step, _actor: Actor) -> None:
        self.matters[step.matter].tasks.clear()

    def _item(self, step: Step, kind: ledger.EntryKind) -> Item:
        live = self.matters[step.matter]
        assert live.item is not None
        refused = ledger.movement_refused(kind, live.state)
        assert refused is None, refused
        return live.item

    def _receipt(self, step: Step, _actor: Actor) -> None:
        item = self._item(step, ledger.EntryKind.RECEIPT)
        self._lend(item, "taken_in_by", step.actor)
        item.moved["receipt"] = item.fen("receipt") + fen(step)

    def _list_payees(self, step: Step, _actor: Actor) -> None:
        live = self.matters[step.matter]
        assert live.item is not None
        assert live.state in ledger.LISTS_PAYEES
        for row in rows(step, "payees"):
            live.item.payees[row["identity"]] = Money.yuan(row["amount"]).fen
        assert sum(live.item.payees.values()) <= live.item.held

    def _pay(self, step: Step, _actor: Actor) -> None:
        item = self._item(step, ledger.EntryKind.RETURN)
        self._lend(item, "paid_by", step.actor)
        for row in rows(step, "payments"):
            who, amount = row["identity"], Money.yuan(row["amount"]).fen
            assert item.payees[who] == amount
            assert who not in item.paid
            item.paid.add(who)
            item.moved["return"] = item.fen("return") + amount
        assert item.held >= 0

    def _remit(self, step: Step, _actor: Actor) -> None:
        kind = ledger.EntryKind(str(step.arguments["to"]))
        item = self._item(step, kind)
        self._lend(item, "paid_by", step.actor)
        item.moved[kind.value] = fen(step)
        assert item.held == 0

    def _reverse(self, step: Step, _actor: Actor) -> None:
        """Another hand than the one that paid takes a payment back."""
        item = self._item(step, ledger.EntryKind.RETURN)
        who = str(step.arguments["identity"])
        assert step.actor not in item.hands["paid_by"]
        item.paid.remove(who)
        item.moved["return"] -= item.payees[who]

    def _add_subject(self, step: Step, _actor: Actor) -> None:
        live = self.matters[step.matter]
        assert live.closed_on is None
        person = ref(step, "person")
        rank = str(step.arguments["rank"])
        live.people.append(Involved(person, key_id(f"{step.matter}:{person}"), rank))

    def _notice_repeat(self, step: Step, _actor: Actor) -> None:
        other = ref(step, "other")
        assert other in self.matters
        self.matters[step.matter].repeats.append(other)


_TEAM = {Effect.ASSIGN, Effect.UNASSIGN, Effect.NAME_HANDLER, Effect.SET_TEAM}
_HANDS = {
    Effect.TAKEN_IN: ("taken_in_by", False),
    Effect.KEPT: ("kept_by", True),
    Effect.DECIDED: ("decided_by", True),
    Effect.PAID: ("paid_by", False),
}


@cache
def replayed() -> Replay:
    """The default plan, replayed once for all tests that look at how it ended."""
    return Replay(make_plan()).run()
