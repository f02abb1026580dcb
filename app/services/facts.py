"""Snapshot and facts of a matter, as the engine takes them: one question to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain import errors
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
from app.repositories import facts
from app.repositories.work import Work

HANDLING = (Role.INVESTIGATOR, Role.INSPECTOR, Role.ADJUDICATOR)
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """A matter as it stands, and what its guards judge by."""

    snapshot: MatterSnapshot
    facts: Facts


def gather(tx: Work, head: Row, form: Mapping[str, object] | None = None) -> Known:
    """Everything about a matter that the actor works on, with the units that `form` names.

    Raises NotFound for whoever does not work on it, also if they may read it.
    """
    held = facts.everything(tx, head["id"])
    if held is None:
        raise errors.NotFound
    named = _named(form or {})
    units = _units(tx, named)
    known = _facts(head, held, units)
    others = [each for each in named if str(each) not in units]
    return Known(_snapshot(head, held), replace(known, matters=_matters(tx, others)))


def gather_of(tx: Work, heads: Sequence[Row]) -> dict[UUID, Known]:
    """The same of several matters at once, without a form; of those that the actor works on."""
    held = facts.everything_of(tx, [head["id"] for head in heads])
    return {
        head["id"]: Known(_snapshot(head, told), _facts(head, told, {}))
        for head in heads
        if (told := held.get(head["id"])) is not None
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _snapshot(head: Row, held: Json) -> MatterSnapshot:
    origin = held["origin"] or {}
    return MatterSnapshot(
        id=head["id"],
        kind=Kind(head["kind"]),
        state=head["state"],
        unit_path=UnitPath(head["unit_path"]),
        made_by=head["made_by"],
        assigned_path=_path(head["assigned_path"]),
        origin_path=_path(origin.get("assigned_path")),
        version=head["version"],
        episode=head["episode"],
        stage=Stage(head["stage"]),
        came_from=held["came_from"],
        opened_on=head["opened_on"],
        team=tuple(
            TeamMember(account_id=UUID(row["account_id"]), name=row["name"], part=row["part"])
            for row in held["team"]
        ),
        clocks=tuple(_clock(row) for row in held["clocks"]),
        request=_request(held["request"]) if held["request"] else None,
    )


def _path(text: str | None) -> UnitPath | None:
    return UnitPath(text) if text else None


def _clock(row: Json) -> RunningClock:
    return RunningClock(
        rule=row["rule"],
        started_on=date.fromisoformat(row["started_on"]),
        amount=row["amount"],
        unit=Unit(row["unit"]),
        due_on=date.fromisoformat(row["due_on"]),
        extensions=row["extensions"],
        extended=row["extended"],
        paused_on=_day(row["paused_on"]),
        paused_days=row["paused_days"],
    )


def _request(row: Json) -> RequestSnapshot:
    return RequestSnapshot(
        id=UUID(row["id"]),
        event=row["event"],
        from_state=row["from_state"],
        to_state=row["to_state"],
        form=row["form"],
        requested_by=UUID(row["requested_by"]),
        passed_to=_id(row["passed_to"]),
        chain=tuple(SignStep.from_json(step) for step in row["chain"]),
        next_position=row["next_position"],
        signatures=tuple(
            SignatureSnapshot(
                position=each["position"],
                account_id=UUID(each["account_id"]),
                verdict=each["verdict"],
            )
            for each in row["signatures"]
        ),
        reason=row["reason"],
    )


def _facts(head: Row, held: Json, units: dict[str, UnitPath]) -> Facts:
    own: Json = held["own"] or {}
    kind = Kind(head["kind"])
    holders = _holders(held["holders"])
    linked = held["links"]
    subjects = tuple(_subject(row) for row in held["subjects"])
    amount = own.get("amount")
    return Facts(
        subjects=subjects,
        person_unknown=not subjects,
        conflicted=frozenset(UUID(each) for each in held["conflicted"]),
        asked_about=frozenset(UUID(each) for each in held["asked_about"]),
        recused=frozenset(UUID(each) for each in held["recused"]),
        investigators=frozenset(UUID(each) for each in held["investigators"]),
        adjudicators=frozenset(UUID(each) for each in held["adjudicators"]),
        original_hands=frozenset(UUID(each) for each in held["original_hands"]),
        objected=held["objected"],
        repeats_checked=held["undecided_repeats"] == 0,
        tasks=tuple(
            OwedTask(
                kind=row["kind"],
                involvement_id=_id(row["involvement_id"]),
                due_on=_day(row["due_on"]),
            )
            for row in held["tasks"]
        ),
        source=head["source"],
        source_named=bool(own.get("named")),
        received_on=_day(own.get("received_on") or own.get("filed_on")),
        what=own.get("what") or own.get("brief") or own.get("description"),
        place=own.get("place"),
        amount=Money.yuan(str(amount)) if amount is not None else None,
        category=own.get("category"),
        method=own.get("method"),
        renewals=held["renewals"],
        class_=own.get("class"),
        channel=own.get("channel"),
        named=own.get("named"),
        summary=bool(own.get("summary")),
        summary_checked_by=_id(own.get("summary_checked_by")),
        summary_written_by=_id(held["summary_by"]),
        leads=_linked(linked, "petition_lead" if kind is Kind.PETITION else "lead_case"),
        cases=_linked(linked, "lead_case") if kind is Kind.LEAD else (),
        fund_items=(*_linked(linked, "lead_fund_item"), *_linked(linked, "case_fund_item")),
        origin=_linked_matter(held["origin"]) if held["origin"] else None,
        merged_into=_merged(linked),
        resting=_rests(linked) or held["has_money"] or held["has_outcome"],
        without_lead=kind is Kind.CASE and not own.get("source_lead", True),
        review_stated=bool(own.get("review")),
        prosecution=own.get("prosecution"),
        prosecution_returns=held["prosecution_returns"],
        funds=_funds(held, own),
        holders=holders,
        units=units,
        handlers={
            holder.account_id: holder.name for role in HANDLING for holder in holders.get(role, ())
        },
    )


def _funds(held: Json, own: Json) -> Funds:
    money = held["money"]
    if money is None:
        return Funds(open_items=held["open_items"])
    return Funds(
        intake=own["intake"],
        form=own["form"],
        measure=own["measure"],
        received=Money.yuan(money["received"]),
        returned=Money.yuan(money["returned"]),
        treasury=Money.yuan(money["treasury"]),
        criminal_case=Money.yuan(money["criminal_case"]),
        released=Money.yuan(money["released"]),
        payees=money["payees"],
        payees_total=Money.yuan(money["payees_total"]),
        payees_unsigned=money["payees_unsigned"],
        splits={key: Money.yuan(value) for key, value in (own["splits"] or {}).items()},
        taken_in_by=_id(own["taken_in_by"]),
        kept_by=_id(own["kept_by"]),
        decided_by=_id(own["decided_by"]),
        paid_by=_id(own["paid_by"]),
    )


def _linked(rows: list[Json], link: str) -> tuple[LinkedMatter, ...]:
    return tuple(_linked_matter(row) for row in rows if row["link"] == link)


def _linked_matter(row: Json) -> LinkedMatter:
    return LinkedMatter(
        id=UUID(str(row["id"])),
        kind=Kind(row["kind"]),
        state=row["state"],
        number=row["number"],
        closed=row["closed"],
        has_outcome=row.get("has_outcome", False),
    )


def _rests(rows: list[Json]) -> bool:
    """Whether anything grew out of the matter; what it grew out of itself doesn't count."""
    return any(row["outward"] or row["link"] in ("merged_into", "repeat_of") for row in rows)


def _merged(rows: list[Json]) -> UUID | None:
    return next(
        (UUID(row["id"]) for row in rows if row["link"] == "merged_into" and row["outward"]), None
    )


def _subject(row: Json) -> Subject:
    return Subject(
        involvement_id=UUID(row["id"]),
        name=row["name"] or "",
        code=row["code"],
        organisation=row["organisation"],
        member=row["member"],
        public_employee=row["public_employee"],
        rank=row["rank"],
        statement=row["statement"],
        answered=row["answered"],
        outcomes=tuple(
            SubjectOutcome(
                kind=each["kind"],
                measure=each["measure"],
                form=each["form"],
                decided_on=_day(each["decided_on"]),
                impact_until=_day(each["impact_until"]),
            )
            for each in row["outcomes"]
        ),
        weighing=tuple(
            SubjectOutcome(kind=each["kind"], impact_until=_day(each["impact_until"]))
            for each in row["weighing"]
        ),
    )


def _holders(rows: list[list[str]]) -> dict[Role, tuple[Holder, ...]]:
    found: dict[Role, list[Holder]] = {}
    for role, account_id, name, path in rows:
        found.setdefault(Role(role), []).append(
            Holder(account_id=UUID(account_id), name=name, unit=UnitPath(path))
        )
    return {role: tuple(held) for role, held in found.items()}


def _named(form: Mapping[str, object]) -> list[UUID]:
    return [found for value in form.values() if (found := _uuid(value)) is not None]


def _units(tx: Work, named: list[UUID]) -> dict[str, UnitPath]:
    if not named:
        return {}
    return {str(row["id"]): UnitPath(row["path"]) for row in facts.units(tx, named)}


def _matters(tx: Work, named: list[UUID]) -> dict[str, LinkedMatter]:
    """Matters that a form names, among those that the actor may see."""
    if not named:
        return {}
    return {str(row["id"]): _linked_matter(row) for row in facts.matters(tx, named)}


def _uuid(value: object) -> UUID | None:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
