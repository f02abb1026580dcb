"""Snapshot and facts of a matter, as the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain.deadlines import Unit
from app.domain.kinds import Kind, Stage
from app.domain.money import Money
from app.domain.permissions import Role
from app.domain.units import UnitPath
from app.domain.workflow.chains import SignStep
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
from app.repositories import clocks, facts, matters, outcomes, requests
from app.repositories.work import Work

RENEWALS = ("renew_hold",)
HANDLING = (Role.INVESTIGATOR, Role.INSPECTOR, Role.ADJUDICATOR)


def snapshot(tx: Work, head: Row) -> MatterSnapshot:
    """The matter as it stands in this transaction."""
    matter_id: UUID = head["id"]
    asked = requests.open_request(tx, matter_id)
    origin = _origin_path(tx, head)
    return MatterSnapshot(
        id=matter_id,
        kind=Kind(head["kind"]),
        state=head["state"],
        unit_path=UnitPath(head["unit_path"]),
        made_by=head["made_by"],
        assigned_path=_path(head["assigned_path"]),
        origin_path=origin,
        version=head["version"],
        episode=head["episode"],
        stage=Stage(head["stage"]),
        came_from=facts.came_from(tx, matter_id, head["state"]),
        opened_on=head["opened_on"],
        team=_team(tx, head),
        clocks=tuple(_clock(row) for row in clocks.clocks(tx, matter_id) if not row["stopped_on"]),
        request=_request(tx, asked) if asked else None,
    )


def _path(text: str | None) -> UnitPath | None:
    return UnitPath(text) if text else None


def _team(tx: Work, head: Row) -> tuple[TeamMember, ...]:
    """A fund item is handled by the team of the lead or case that it hangs on."""
    rows = matters.team(tx, head["id"])
    if not rows and head["kind"] == Kind.FUND_ITEM:
        own = matters.own_row(tx, Kind.FUND_ITEM, head["id"])
        rows = matters.team(tx, own["origin_id"]) if own else []
    return tuple(
        TeamMember(account_id=row["account_id"], name=row["name"], part=row["part"]) for row in rows
    )


def _origin_path(tx: Work, head: Row) -> UnitPath | None:
    if head["kind"] != Kind.FUND_ITEM:
        return None
    own = matters.own_row(tx, Kind.FUND_ITEM, head["id"])
    if own is None:
        return None
    origin = facts.origin(tx, own["origin_id"])
    return _path(origin["assigned_path"]) if origin else None


def _clock(row: Row) -> RunningClock:
    return RunningClock(
        rule=row["rule"],
        started_on=row["started_on"],
        amount=row["amount"],
        unit=Unit(row["unit"]),
        due_on=row["due_on"],
        extensions=row["extensions"],
        extended=row["extended"],
        paused_on=row["paused_on"],
        paused_days=row["paused_days"],
    )


def request_snapshot(tx: Work, row: Row) -> RequestSnapshot:
    return _request(tx, row)


def _request(tx: Work, row: Row) -> RequestSnapshot:
    return RequestSnapshot(
        id=row["id"],
        event=row["event"],
        from_state=row["from_state"],
        to_state=row["to_state"],
        form=row["form"],
        requested_by=row["requested_by"],
        chain=tuple(SignStep.from_json(step) for step in row["chain"]),
        next_position=row["next_position"],
        signatures=tuple(
            SignatureSnapshot(
                position=each["position"],
                account_id=each["account_id"],
                verdict=each["verdict"],
            )
            for each in facts.signatures(tx, row["id"])
        ),
        reason=row["reason"],
    )


def gather(tx: Work, head: Row, form: Mapping[str, object] | None = None) -> Facts:
    """Everything that guards ask for, with the units and accounts that `form` names."""
    matter_id: UUID = head["id"]
    kind = Kind(head["kind"])
    own = matters.own_row(tx, kind, matter_id) or {}
    held = _holders(tx, head["district"])
    found = Facts(
        subjects=subjects(tx, matter_id),
        conflicted=frozenset(facts.conflicted(tx, matter_id)),
        recused=frozenset(facts.recused(tx, matter_id)),
        repeats_checked=facts.undecided_repeats(tx, matter_id) == 0,
        tasks=tuple(
            OwedTask(kind=row["kind"], involvement_id=row["involvement_id"], due_on=row["due_on"])
            for row in outcomes.tasks(tx, matter_id)
            if row["done_on"] is None
        ),
        source=head["source"],
        resting=facts.rests_on(tx, matter_id),
        holders=held,
        units=_units(tx, form or {}),
        handlers={
            holder.account_id: holder.name for role in HANDLING for holder in held.get(role, ())
        },
    )
    found = replace(found, person_unknown=not found.subjects)
    return _of_kind(tx, kind, matter_id, own, found)


def _of_kind(tx: Work, kind: Kind, matter_id: UUID, own: Mapping[str, Any], found: Facts) -> Facts:
    if kind is Kind.PETITION:
        return replace(found, **_petition(tx, matter_id, own))
    if kind is Kind.LEAD:
        return replace(found, **_lead(tx, matter_id, own))
    if kind is Kind.CASE:
        return replace(found, **_case(tx, matter_id, own))
    return replace(found, **_fund_item(tx, matter_id, own))


def _petition(tx: Work, matter_id: UUID, own: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "received_on": own.get("received_on"),
        "what": own.get("content"),
        "place": own.get("place"),
        "class_": own.get("class"),
        "channel": own.get("channel"),
        "named": own.get("named"),
        "source_named": bool(own.get("named")),
        "summary": bool(own.get("summary")),
        "summary_checked_by": own.get("summary_checked_by"),
        "leads": tuple(
            LinkedMatter(
                id=matter_id,
                kind=Kind.LEAD,
                state=row["state"],
                number=row["number"],
                closed=row["closed_on"] is not None,
                has_outcome=row["closed_on"] is not None,
            )
            for row in facts.petition_leads(tx, matter_id)
        ),
    }


def _lead(tx: Work, matter_id: UUID, own: Mapping[str, Any]) -> dict[str, Any]:
    amount = own.get("amount")
    linked = facts.linked(tx, matter_id)
    return {
        "received_on": own.get("received_on"),
        "what": own.get("what"),
        "place": own.get("place"),
        "amount": Money.yuan(amount) if amount is not None else None,
        "method": own.get("method"),
        "renewals": facts.times(tx, matter_id, RENEWALS),
        "cases": _linked(linked, "lead_case"),
        "fund_items": _linked(linked, "lead_fund_item"),
        "merged_into": _merged(linked),
        "funds": Funds(open_items=facts.open_items(tx, matter_id)),
    }


def _case(tx: Work, matter_id: UUID, own: Mapping[str, Any]) -> dict[str, Any]:
    linked = facts.linked(tx, matter_id)
    return {
        "leads": _linked(linked, "lead_case"),
        "fund_items": _linked(linked, "case_fund_item"),
        "merged_into": _merged(linked),
        "without_lead": not own.get("source_lead", True),
        "review_stated": bool(own.get("review")),
        "prosecution": own.get("prosecution"),
        "what": own.get("brief"),
        "received_on": own.get("filed_on"),
        "funds": Funds(open_items=facts.open_items(tx, matter_id)),
    }


def _fund_item(tx: Work, matter_id: UUID, own: Mapping[str, Any]) -> dict[str, Any]:
    money = facts.money_of_item(tx, matter_id)
    origin = facts.origin(tx, own["origin_id"]) if own else None
    return {
        "what": own.get("description"),
        "origin": LinkedMatter(
            id=origin["id"],
            kind=Kind(origin["kind"]),
            state=origin["state"],
            number=origin["number"],
            closed=origin["closed"],
        )
        if origin
        else None,
        "funds": Funds(
            intake=own.get("intake"),
            form=own.get("form", "money"),
            measure=own.get("measure"),
            received=Money.yuan(money["received"]),
            returned=Money.yuan(money["returned"]),
            treasury=Money.yuan(money["treasury"]),
            criminal_case=Money.yuan(money["criminal_case"]),
            released=Money.yuan(money["released"]),
            payees=money["payees"],
            payees_total=Money.yuan(money["payees_total"]),
            payees_unsigned=money["payees_unsigned"],
            splits={key: Money.yuan(value) for key, value in (own.get("splits") or {}).items()},
            taken_in_by=own.get("taken_in_by"),
            kept_by=own.get("kept_by"),
            decided_by=own.get("decided_by"),
            paid_by=own.get("paid_by"),
        ),
    }


def _linked(rows: list[Row], link: str) -> tuple[LinkedMatter, ...]:
    return tuple(
        LinkedMatter(
            id=row["id"],
            kind=Kind(row["kind"]),
            state=row["state"],
            number=row["number"],
            closed=row["closed"],
            has_outcome=row["has_outcome"],
        )
        for row in rows
        if row["link"] == link
    )


def _merged(rows: list[Row]) -> UUID | None:
    return next(
        (row["id"] for row in rows if row["link"] == "merged_into" and row["outward"]), None
    )


def subjects(tx: Work, matter_id: UUID) -> tuple[Subject, ...]:
    """Those whom the matter is about, each with what was decided and what they said."""
    decided = outcomes.outcomes(tx, matter_id)
    said = outcomes.statements(tx, matter_id)
    return tuple(
        Subject(
            involvement_id=row["id"],
            name=row["name"] or "",
            code=row["code"],
            organisation=row["organisation_id"] is not None,
            member=row["member"],
            public_employee=row["public_employee"],
            rank=row["rank"],
            statement=any(each["involvement_id"] == row["id"] for each in said),
            answered=any(each["involvement_id"] == row["id"] and each["answer"] for each in said),
            outcomes=tuple(
                SubjectOutcome(
                    kind=each["kind"],
                    measure=each["measure"],
                    form=each["form"],
                    decided_on=each["decided_on"],
                    impact_until=each["impact_until"],
                )
                for each in decided
                if each["involvement_id"] == row["id"]
            ),
        )
        for row in outcomes.involved(tx, matter_id)
        if row["part"] == "subject"
    )


def _holders(tx: Work, district: str) -> dict[Role, tuple[Holder, ...]]:
    found: dict[Role, list[Holder]] = {}
    for row in facts.holders(tx, district):
        if not row["path"]:
            continue  # held on the whole installation: administers, signs nothing
        found.setdefault(Role(row["role"]), []).append(
            Holder(account_id=row["account_id"], name=row["name"], unit=UnitPath(row["path"]))
        )
    return {role: tuple(held) for role, held in found.items()}


def _units(tx: Work, form: Mapping[str, object]) -> dict[str, UnitPath]:
    named = [found for value in form.values() if (found := _uuid(value)) is not None]
    if not named:
        return {}
    return {str(row["id"]): UnitPath(row["path"]) for row in facts.units(tx, named)}


def _uuid(value: object) -> UUID | None:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
