"""What a step does besides changing the state. Each effect reads the step's own form.

An effect returns what `guard.advance` has to change on the matter itself; everything else it
writes here, in the same transaction and before the step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.profile import Profile
from app.domain.workflow.facts import Facts, MatterSnapshot
from app.domain.workflow.plans import Effect, Move
from app.repositories import (
    cases,
    clocks,
    funds,
    leads,
    matters,
    outcomes,
    petitions,
    requests,
    walls,
)
from app.repositories.work import Work
from app.services import deciding, filing, merging, splitting

Changes = Mapping[str, Any]
NOTHING: Changes = {}


@dataclass(frozen=True, kw_only=True)
class Step:
    """A move that is being carried out. `request` is the one whose last signature moves it."""

    head: Row
    profile: Profile
    snapshot: MatterSnapshot
    facts: Facts
    move: Move
    request: Row | None
    transition_id: UUID

    @property
    def id(self) -> UUID:
        return self.snapshot.id

    @property
    def form(self) -> Mapping[str, Any]:
        return self.move.form


def apply(tx: Work, step: Step, effect: Effect) -> Changes:
    """Carry out one effect. Raises what the database or the domain refuses."""
    return EFFECTS[effect](tx, step)


def _assign(_tx: Work, step: Step) -> Changes:
    department = step.form.get("department")
    return {"assigned_unit_id": department} if department else NOTHING


def _unassign(_tx: Work, _step: Step) -> Changes:
    return {"assigned_unit_id": None}


def _take_on(tx: Work, step: Step) -> Changes:
    _become_handler(tx, step, tx.actor.account_id)
    return NOTHING


def _name_handler(tx: Work, step: Step) -> Changes:
    if step.form.get("handler"):
        _become_handler(tx, step, UUID(str(step.form["handler"])))
    return NOTHING


def _become_handler(tx: Work, step: Step, account_id: UUID) -> None:
    present = {member.account_id: member.part for member in step.snapshot.team}
    for member, part in present.items():
        if part == "lead_handler" or member == account_id:
            matters.leave_team(tx, step.id, member)
    matters.join_team(tx, step.id, account_id, "lead_handler")


def _set_team(tx: Work, step: Step) -> Changes:
    present = {member.account_id for member in step.snapshot.team}
    for named in step.form.get("team", ()):
        account_id = UUID(str(named))
        if account_id not in present:
            matters.join_team(tx, step.id, account_id, "member")
    return NOTHING


def _replace_handler(tx: Work, step: Step) -> Changes:
    recused, handler = step.form.get("recused"), step.form.get("handler")
    present = {member.account_id for member in step.snapshot.team}
    if handler:
        _become_handler(tx, step, UUID(str(handler)))
    if recused and UUID(str(recused)) in present and str(recused) != str(handler):
        leads_now = any(
            member.account_id == UUID(str(recused)) and member.part == "lead_handler"
            for member in step.snapshot.team
        )
        if not (handler and leads_now):  # the new handler's coming ended the old one's part
            matters.leave_team(tx, step.id, UUID(str(recused)))
    if recused and step.request is not None:
        walls.decide(tx, step.id, UUID(str(recused)), step.request["id"])
    return NOTHING


def _set_method(tx: Work, step: Step) -> Changes:
    leads.change_lead(tx, step.id, method=step.move.method, disposed_on=tx.today)
    return NOTHING


def _record_outcomes(tx: Work, step: Step) -> Changes:
    deciding.record(
        tx, step.head, step.profile, step.facts.subjects, step.form.get("outcomes", ()),
        step.transition_id,
    )  # fmt: skip
    return NOTHING


def _record_decision(tx: Work, step: Step) -> Changes:
    if step.request is None:
        raise ValueError("a committee decides on a request")
    record_sitting(tx, step.request, step.form["sitting"])
    return NOTHING


def record_sitting(tx: Work, request: Row, sitting: Mapping[str, Any]) -> None:
    """What a committee decided, as its secretary recorded it."""
    requests.insert_committee_decision(
        tx,
        request=request,
        body=str(sitting["body"]),
        held_on=_day(sitting["held_on"], tx.today),
        chair=str(sitting["chair"]),
        present=[str(name) for name in sitting["present"]],
        recused=[str(name) for name in sitting.get("recused") or ()],
        votes=(
            int(sitting["votes_for"]), int(sitting["votes_against"]), int(sitting["abstained"]),
        ),
        minutes=str(sitting["minutes"]),
    )  # fmt: skip


def _day(value: Any, otherwise: date) -> date:
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)) if value else otherwise


def _open_case(tx: Work, step: Step) -> Changes:
    filing.open_case(tx, step.head, step.profile, step.form, step.request, step.facts)
    leads.change_lead(tx, step.id, filed_on=tx.today)
    return NOTHING


def _open_to_adjudication(tx: Work, step: Step) -> Changes:
    cases.open_to_adjudication(tx, step.id)
    return {"adjudicated": True}


def _take_effect(tx: Work, step: Step) -> Changes:
    outcomes.take_effect(tx, step.id)
    return {"effective": True}


def _state_review(tx: Work, step: Step) -> Changes:
    stated = {
        "which": step.form["reviews"],
        "where": step.form["review_where"],
        "until": str(step.form["review_until"]),
    }
    cases.change_case(tx, step.id, review=stated, served_on=tx.today)
    return NOTHING


def _erase_content(tx: Work, step: Step) -> Changes:
    if step.request is not None:
        petitions.erase_sealed(tx, step.id, step.request["id"])
    return NOTHING


def _blind_count(_tx: Work, _step: Step) -> Changes:
    return NOTHING  # counted by the same function that erases


def _link_repeat(tx: Work, step: Step) -> Changes:
    matters.insert_link(tx, "repeat_of", step.id, UUID(str(step.form["repeat_of"])))
    return NOTHING


def _merge(tx: Work, step: Step) -> Changes:
    survivor_id = UUID(str(step.form["survivor"]))
    merging.merge(tx, step.head, survivor_id)
    return NOTHING


def _unmerge(tx: Work, step: Step) -> Changes:
    merging.unmerge(tx, step.head, step.move.from_state)
    return NOTHING


def _split(tx: Work, step: Step) -> Changes:
    splitting.split(tx, step.head, step.profile, step.form, step.snapshot.came_from)
    return NOTHING


def _extend_clock(tx: Work, step: Step) -> Changes:
    extension = step.move.extension
    if extension is not None:
        clocks.change_clock(
            tx,
            step.id,
            extension.rule,
            due_on=extension.due.due_on,
            extended=extension.by,
            extensions=extension.extensions,
            explanation=extension.due.as_json(),
        )
    return NOTHING


def _limits(_tx: Work, _step: Step) -> Changes:
    return NOTHING  # the engine has counted them: they are written with the step's other limits


def _new_episode(_tx: Work, step: Step) -> Changes:
    return {"episode": step.snapshot.episode + 1}


def _record_statement(tx: Work, step: Step) -> Changes:
    for row in step.form.get("statements", ()):
        outcomes.insert_statement(
            tx,
            matter_id=step.id,
            involvement_id=UUID(str(row["subject"])),
            said=str(row["said"]),
            said_on=tx.today,
        )
    return NOTHING


def _set_payees_final(_tx: Work, _step: Step) -> Changes:
    return NOTHING  # the list is frozen by the state: funds refuses to change it from here on


def _set_splits(tx: Work, step: Step) -> Changes:
    splits = {
        str(row["destination"]): str(Money.yuan(str(row["amount"])))
        for row in step.form.get("splits", ())
    }
    funds.change_fund_item(tx, step.id, splits=splits)
    return NOTHING


def _set_measure(tx: Work, step: Step) -> Changes:
    funds.change_fund_item(tx, step.id, measure=step.form.get("measure"), controlled_on=tx.today)
    return NOTHING


def _set_class(tx: Work, step: Step) -> Changes:
    named = {key: step.form[key] for key in ("class", "channel", "named") if key in step.form}
    if named:
        petitions.change_petition(tx, step.id, **named)
    return NOTHING


def _set_referred(tx: Work, step: Step) -> Changes:
    if Kind(step.head["kind"]) is Kind.PETITION:
        petitions.change_petition(tx, step.id, forwarded_to=str(step.form["receiver"]))
    return NOTHING


def _hand_of_requester(column: str) -> Callable[[Work, Step], Changes]:
    """One of the four hands that money goes through: of whoever asked for the step."""

    def lend(tx: Work, step: Step) -> Changes:
        asked = step.request["requested_by"] if step.request else tx.actor.account_id
        funds.change_fund_item(tx, step.id, **{column: asked})
        return NOTHING

    return lend


def _hand_of_signer(column: str) -> Callable[[Work, Step], Changes]:
    """The hand of whoever signed last, which is who acts now."""

    def lend(tx: Work, step: Step) -> Changes:
        funds.change_fund_item(tx, step.id, **{column: tx.actor.account_id})
        return NOTHING

    return lend


def _set_filed(tx: Work, step: Step) -> Changes:
    organ = step.form.get("organ")
    filed: dict[str, Any] = {"filed_on": tx.today, "filing_organ": organ}
    if organ in ("party", "both"):
        filed["party_filed_on"] = tx.today
    if organ in ("supervisory", "both"):
        filed["supervisory_filed_on"] = tx.today
    cases.change_case(tx, step.id, **filed)
    return NOTHING


def _set_prosecution(tx: Work, step: Step) -> Changes:
    if step.form.get("prosecution"):
        cases.change_case(tx, step.id, prosecution=step.form["prosecution"])
    return NOTHING


EFFECTS: dict[Effect, Callable[[Work, Step], Changes]] = {
    Effect.ASSIGN: _assign,
    Effect.UNASSIGN: _unassign,
    Effect.TAKE_ON: _take_on,
    Effect.NAME_HANDLER: _name_handler,
    Effect.SET_TEAM: _set_team,
    Effect.REPLACE_HANDLER: _replace_handler,
    Effect.SET_METHOD: _set_method,
    Effect.RECORD_OUTCOMES: _record_outcomes,
    Effect.RECORD_DECISION: _record_decision,
    Effect.OPEN_CASE: _open_case,
    Effect.OPEN_TO_ADJUDICATION: _open_to_adjudication,
    Effect.TAKE_EFFECT: _take_effect,
    Effect.STATE_REVIEW: _state_review,
    Effect.ERASE_CONTENT: _erase_content,
    Effect.BLIND_COUNT: _blind_count,
    Effect.LINK_REPEAT: _link_repeat,
    Effect.MERGE: _merge,
    Effect.UNMERGE: _unmerge,
    Effect.SPLIT: _split,
    Effect.EXTEND_CLOCK: _extend_clock,
    Effect.PAUSE_CLOCKS: _limits,
    Effect.RESUME_CLOCKS: _limits,
    Effect.NEW_EPISODE: _new_episode,
    Effect.RECORD_STATEMENT: _record_statement,
    Effect.SET_PAYEES_FINAL: _set_payees_final,
    Effect.SET_SPLITS: _set_splits,
    Effect.SET_MEASURE: _set_measure,
    Effect.SET_CLASS: _set_class,
    Effect.SET_REFERRED: _set_referred,
    Effect.TAKEN_IN: _hand_of_requester("taken_in_by"),
    Effect.KEPT: _hand_of_signer("kept_by"),
    Effect.DECIDED: _hand_of_signer("decided_by"),
    Effect.PAID: _hand_of_requester("paid_by"),
    Effect.SET_PROSECUTION: _set_prosecution,
    Effect.SET_FILED: _set_filed,
}
