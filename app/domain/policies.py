"""Who may see a matter, and why: the whole policy, in one place.

Row security says the same in SQL, and a test holds the two against each other for every actor and
matter of a large world. Pages take the reasons from here: a person can ask why they see a matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.domain.kinds import Kind
from app.domain.permissions import Actor, Clearance, Role, RoleGrant
from app.domain.units import UnitPath

OVER_ALL = frozenset({Role.CHIEF, Role.SECRETARY, Role.LIAISON})
"""See every matter of their subtree, whatever its classification."""

OVER_CLEARED = frozenset({Role.LEAD_MANAGER, Role.DEPUTY})
INTAKE = frozenset({Role.INTAKE_OFFICER, Role.PETITIONS_HEAD})
ADJUDICATION = frozenset({Role.ADJUDICATOR, Role.ADJUDICATION_HEAD})
MONEY_DESK = frozenset({Role.KEEPER, Role.FINANCE})
ANYWHERE = OVER_ALL | OVER_CLEARED | {Role.DEPARTMENT_HEAD, Role.INVESTIGATOR}
"""May declare an emergency on a matter of any kind."""

OPENS_NONE = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
"""Whoever holds one of these sees nothing for having logged it."""


class Door(StrEnum):
    """By what somebody comes to see a matter."""

    ROLE = "role"  # a role over the matter's unit, or over the department that handles it
    TEAM = "team"  # handles the matter, or the one that its money belongs to
    GRANT = "grant"  # was let see it, until a day and for a reason
    SIGNATURE = "signature"  # the request that waits is theirs to sign
    LOGGED = "logged"  # logged it
    AUDIT = "audit"  # reads it without names and texts
    EMERGENCY = "emergency"  # declared that it can't wait, and reads it for some hours


@dataclass(frozen=True, slots=True)
class Reason:
    """One way in; `grant` is the role that opens it, where one does."""

    door: Door
    grant: RoleGrant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the policy asks of a matter.

    `team` is everybody who handles it, for a fund item also the team of its lead or case.
    `granted` are those who were let see it, as long as it lasts. `emergencies` are those who
    declared that it can't wait, while they read it: the rest of what they do shows nothing of it.
    `waits_for` is who signs next: a role, and the unit over which it has to be held. `walled` are
    the accounts that are kept off it.
    """

    id: UUID
    kind: Kind
    unit: UnitPath
    made_by: UUID
    assigned: UnitPath | None = None
    classification: Clearance = Clearance.NORMAL
    adjudicated: bool = False
    team: frozenset[UUID] = field(default_factory=frozenset)
    granted: frozenset[UUID] = field(default_factory=frozenset)
    emergencies: frozenset[UUID] = field(default_factory=frozenset)
    waits_for: tuple[Role, UnitPath] | None = None
    walled: frozenset[UUID] = field(default_factory=frozenset)


def sees(actor: Actor, matter: Sight) -> bool:
    """A wall wins over everything; without a reason nobody sees anything."""
    return next(iter(reasons(actor, matter)), None) is not None


def reasons(actor: Actor, matter: Sight) -> Iterator[Reason]:
    """Every reason for which the actor sees the matter; none for whoever is walled off."""
    if actor.account_id in matter.walled:
        return
    if actor.account_id in matter.team:
        yield Reason(Door.TEAM)
    if actor.account_id in matter.granted:
        yield Reason(Door.GRANT)
    if actor.account_id in matter.emergencies and could_see(actor, matter):
        yield Reason(Door.EMERGENCY)
    if matter.made_by == actor.account_id and not any(
        grant.role in OPENS_NONE for grant in actor.grants
    ):
        yield Reason(Door.LOGGED)
    for grant in actor.grants:
        if (door := _opens(actor, grant, matter)) is not None:
            yield Reason(door, grant)


def could_see(actor: Actor, matter: Sight) -> bool:
    """Whether a role of theirs sees such matters somewhere: what an emergency then opens is this
    one's place, classification and team, never a wall."""
    if not actor.reads_content:
        return False
    return any(
        grant.role in ANYWHERE
        or (grant.role in INTAKE and matter.kind is Kind.PETITION)
        or (grant.role is Role.INSPECTOR and matter.kind is Kind.LEAD)
        or (grant.role in ADJUDICATION and matter.adjudicated)
        or (grant.role in MONEY_DESK and matter.kind is Kind.FUND_ITEM)
        for grant in actor.grants
    )


def _opens(actor: Actor, grant: RoleGrant, matter: Sight) -> Door | None:
    if grant.role in OVER_ALL and grant.unit.covers(matter.unit):
        return Door.ROLE
    if actor.clearance >= matter.classification:
        if grant.role is Role.AUDITOR and grant.unit.covers(matter.unit):
            return Door.AUDIT
        if _covers(grant, matter):
            return Door.ROLE
    if matter.waits_for is not None:
        role, place = matter.waits_for
        if grant.role is role and grant.unit.covers(place):
            return Door.SIGNATURE
    return None


def _covers(grant: RoleGrant, matter: Sight) -> bool:
    """Whether the role is one that sees this kind of matter, and is held over its place."""
    if grant.role is Role.DEPARTMENT_HEAD:
        return matter.assigned is not None and grant.unit.covers(matter.assigned)
    if not grant.unit.covers(matter.unit):
        return False
    return (
        grant.role in OVER_CLEARED
        or (grant.role in INTAKE and matter.kind is Kind.PETITION)
        or (grant.role in ADJUDICATION and matter.adjudicated)
        or (grant.role in MONEY_DESK and matter.kind is Kind.FUND_ITEM)
    )
