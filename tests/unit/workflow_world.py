"""A district without a database: people in every role, and matters whose duties are all met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from app.domain.deadlines import Unit
from app.domain.kinds import Kind
from app.domain.money import Money
from app.domain.permissions import Actor, Role, RoleGrant
from app.domain.profile import Profile, builtin_profile
from app.domain.profile.model import NEW
from app.domain.units import UnitPath
from app.domain.workflow.facts import (
    Facts,
    Funds,
    Holder,
    LinkedMatter,
    MatterSnapshot,
    Subject,
    TeamMember,
)

TODAY = date(2018, 9, 28)
DISTRICT, OFFICE, OTHER_OFFICE = UnitPath("YC"), UnitPath("YC.O03"), UnitPath("YC.O07")
VILLAGE, TOWNSHIP = UnitPath("YC.T01.V01"), UnitPath("YC.T01")


def known(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, name)


# What tests call somebody: the role, and over what it is held.
PEOPLE: Mapping[str, tuple[Role, UnitPath]] = {
    "intake_officer": (Role.INTAKE_OFFICER, DISTRICT),
    "petitions_head": (Role.PETITIONS_HEAD, DISTRICT),
    "lead_manager": (Role.LEAD_MANAGER, DISTRICT),
    "second_lead_manager": (Role.LEAD_MANAGER, DISTRICT),
    "handler": (Role.INVESTIGATOR, OFFICE),
    "officer": (Role.INVESTIGATOR, OFFICE),
    "other_investigator": (Role.INVESTIGATOR, OFFICE),
    "inspector": (Role.INSPECTOR, TOWNSHIP),
    "department_head": (Role.DEPARTMENT_HEAD, OFFICE),
    "other_department_head": (Role.DEPARTMENT_HEAD, OTHER_OFFICE),
    "deputy": (Role.DEPUTY, DISTRICT),
    "chief": (Role.CHIEF, DISTRICT),
    "secretary": (Role.SECRETARY, DISTRICT),
    "second_secretary": (Role.SECRETARY, DISTRICT),
    "liaison": (Role.LIAISON, DISTRICT),
    "adjudicator": (Role.ADJUDICATOR, DISTRICT),
    "adjudication_head": (Role.ADJUDICATION_HEAD, DISTRICT),
    "keeper": (Role.KEEPER, DISTRICT),
    "finance": (Role.FINANCE, DISTRICT),
    "auditor": (Role.AUDITOR, DISTRICT),
    "reporting_unit": (Role.REPORTING_UNIT, TOWNSHIP),
    "administrator": (Role.ADMINISTRATOR, DISTRICT),
    "operator": (Role.OPERATOR, DISTRICT),
}


def actor(name: str, over: UnitPath | None = None) -> Actor:
    """Somebody, holding their role where they do, or over the unit given."""
    role, unit = PEOPLE[name]
    unit = over or unit
    return Actor(account_id=known(name), name=name, grants=(RoleGrant(role, unit),), unit=unit)


ACTORS = {name: actor(name) for name in PEOPLE}
# One organisation, without departments of its own: everybody holds their role over all of it.
STAFF = {name: actor(name, DISTRICT) for name in PEOPLE}
NAMES = {each.account_id: name for name, each in ACTORS.items()}
MAKER = known("maker")
TEAM = (
    TeamMember(account_id=known("handler"), name="handler", part="lead_handler"),
    TeamMember(account_id=known("officer"), name="officer"),
)


def holders(*without: str, over: UnitPath | None = None) -> dict[Role, tuple[Holder, ...]]:
    """Who holds which role, leaving some people out; each where they do, or over the unit given."""
    found: dict[Role, tuple[Holder, ...]] = {}
    for name, (role, unit) in PEOPLE.items():
        if name not in without:
            holder = Holder(account_id=known(name), name=name, unit=over or unit)
            found[role] = (*found.get(role, ()), holder)
    return found


def subject(name: str = "Liang", /, **more: object) -> Subject:
    whole = Subject(
        involvement_id=known(name),
        name=name,
        code="01",
        member=True,
        public_employee=True,
        rank="other",
        statement=True,
        answered=True,
    )
    return replace(whole, **more)  # type: ignore[arg-type]  # fields by name, as the test says


def done(profile: Profile, kind: Kind, **more: object) -> Facts:
    """Facts under which no guard objects: what a test wants to see refused, it takes away."""
    case = LinkedMatter(id=known("case"), kind=Kind.CASE, state="investigating", number="AJ1")
    lead = LinkedMatter(id=known("lead"), kind=Kind.LEAD, state="closed", closed=True)
    whole = Facts(
        subjects=(subject("Liang"), subject("Qiu", code="02")),
        repeats_checked=True,
        source="inspection",
        received_on=TODAY,
        what="House renovation money",
        place="Xitangqiao",
        class_="report",
        channel="letter",
        named=True,
        summary=True,
        summary_checked_by=known("petitions_head"),
        leads=(lead,) if kind is Kind.PETITION else (),
        origin=case if kind is Kind.FUND_ITEM else None,
        funds=Funds(splits={"refund": Money.yuan("10.00")}, payees=1,
                    payees_total=Money.yuan("10.00")) if kind is Kind.FUND_ITEM else Funds(),
        holders=holders(over=None if profile.name == "cn-discipline" else DISTRICT),
        units={str(known("YC.O03")): OFFICE, str(known("YC.O07")): OTHER_OFFICE},
        matters=_others(kind),
        handlers={known(n): n for n in ("handler", "officer", "other_investigator")},
    )  # fmt: skip
    return replace(whole, **more)  # type: ignore[arg-type]


def _others(kind: Kind) -> dict[str, LinkedMatter]:
    """Matters that a form may name: another open one of the kind, and a case under way."""
    other = LinkedMatter(id=known("another"), kind=kind, state="registered", number="N2")
    case = LinkedMatter(id=known("case"), kind=Kind.CASE, state="investigating", number="AJ1")
    itself = LinkedMatter(id=known(f"{kind}"), kind=kind, state="verifying", number="N1")
    return {str(each.id): each for each in (other, case, itself)}


def matter(profile: Profile, kind: Kind, state: str, **more: object) -> MatterSnapshot:
    """A matter of the village, handled by the office's team, logged by somebody else."""
    fresh = state == NEW
    whole = MatterSnapshot(
        id=known(f"{kind}"),
        kind=kind,
        state=state,
        unit_path=VILLAGE,
        made_by=MAKER,
        assigned_path=None if fresh and kind is not Kind.FUND_ITEM else OFFICE,
        stage=profile.machine(kind).states[state].stage,
        came_from=before(profile, kind, state),
        opened_on=TODAY,
        team=() if fresh and kind is not Kind.FUND_ITEM else TEAM,
    )
    return replace(whole, **more)  # type: ignore[arg-type]


def before(profile: Profile, kind: Kind, state: str) -> str | None:
    """Some state that the table leads from, for what leads back."""
    for row in profile.machine(kind).transitions:
        if row.to == state and not row.reopening:
            return next((each for each in row.from_ if each != state), None)
    return None


def discipline() -> Profile:
    return builtin_profile("cn-discipline")


def whistleblowing() -> Profile:
    return builtin_profile("whistleblowing")


__all__ = ["Unit", "actor", "before", "discipline", "done", "holders", "matter", "subject"]
