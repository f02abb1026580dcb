"""Who can see a matter, and by which reason: the policy's own words, for whoever works on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.permissions import Actor, Clearance, Role, RoleGrant
from app.domain.policies import Reason, Sight, reasons
from app.domain.units import UnitPath
from app.repositories import access, accounts, matters, walls
from app.repositories.work import Work
from app.services import emergencies
from app.services.matters import refuse_readers

LONGEST = 92  # days: a quarter; whoever needs longer belongs on the team


@dataclass(frozen=True, kw_only=True)
class Seer:
    """Somebody who can see a matter. `places` names the units of the reasons' grants."""

    account_id: UUID
    name: str
    reasons: tuple[Reason, ...]
    places: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Access:
    """`kept_off` is by name alone: why somebody keeps off is not told here. `emergencies` are all
    that were ever declared on it. `heads`: the actor may let others see it; `liftable` are then
    those of `kept_off` by declaration or decision."""

    head: Row
    seen_by: tuple[Seer, ...]
    kept_off: tuple[Row, ...]
    grants: tuple[Row, ...]
    emergencies: tuple[Row, ...]
    liftable: tuple[Row, ...]
    heads: bool


def who_sees(tx: Work, matter_id: UUID) -> Access:
    """Everybody who can see a matter, each with every reason. Raises NotFound where it is hidden,
    Forbidden for those who read matters without working on them."""
    row = _found(tx, matter_id)
    refuse_readers(tx, matter_id)
    kept_off = walls.on_matter(tx, matter_id)
    sight = _sight(row, frozenset(each["account_id"] for each in kept_off))
    seen_by = []
    for near in access.near(tx, row):
        found = tuple(reasons(_actor(near), sight))
        if found:
            places = {path: name for _role, path, name in near["grants"] if name}
            seen_by.append(
                Seer(account_id=near["id"], name=near["name"], reasons=found, places=places)
            )
    return Access(
        head=row,
        seen_by=tuple(seen_by),
        kept_off=tuple(kept_off),
        grants=tuple(access.grants(tx, matter_id)),
        emergencies=tuple(emergencies.on_matter(tx, matter_id)),
        liftable=tuple(walls.to_lift(tx, matter_id)),
        heads=access.heads(tx, matter_id),
    )


def let_see(tx: Work, matter_id: UUID, *, login: str, reason: str, days: int) -> UUID:
    """Let a colleague see a matter, from today for some days. They read it, and work on nothing of
    it unless something else gives them that.

    Only whoever heads the matter does. Raises NotFound, Forbidden, Invalid, Conflict where it
    can't be given: to oneself, to who keeps off, to an auditor or administrator.
    """
    _found(tx, matter_id)
    if not access.heads(tx, matter_id):
        raise errors.Forbidden(N_("Only whoever heads the matter lets others see it."))
    wrong = []
    account = accounts.by_login(tx, login.strip())
    if account is None:
        wrong.append(errors.FieldError("login", errors.Reason(N_("Nobody signs in by that name."))))
    if not reason.strip():
        wrong.append(errors.FieldError("reason", errors.Reason(N_("Say why."))))
    if not 1 <= days <= LONGEST:
        wrong.append(
            errors.FieldError(
                "days", errors.Reason(N_("From 1 to {most} days."), {"most": str(LONGEST)})
            )
        )
    if wrong or account is None:
        raise errors.Invalid(*wrong)
    today = tx.lasting_day()
    return access.insert_grant(
        tx, matter_id, account["id"], reason=reason.strip(), begins_on=today,
        ends_on=today + timedelta(days=days),
    )  # fmt: skip


def end_grant(tx: Work, grant_id: UUID) -> None:
    """Before its time. Raises NotFound where it doesn't last, or isn't the actor's to end."""
    if not access.end_grant(tx, grant_id):
        raise errors.NotFound


def why_i_see(tx: Work, matter_id: UUID) -> Seer:
    """The actor's own reasons. Raises NotFound."""
    sight = _sight(_found(tx, matter_id), frozenset())
    return Seer(
        account_id=tx.actor.account_id,
        name=tx.actor.name,
        reasons=tuple(reasons(tx.actor, sight)),
        places=access.names(tx, [grant.unit.value for grant in tx.actor.grants]),
    )


def _found(tx: Work, matter_id: UUID) -> Row:
    # Asked for by itself first: what hangs on a hidden matter would be looked up as well, and a
    # walled one take longer to refuse than one that isn't there.
    row = access.sight(tx, matter_id) if matters.sees(tx, matter_id) else None
    if row is None:
        raise errors.NotFound
    return row


def _sight(row: Row, walled: frozenset[UUID]) -> Sight:
    waits = row["next_role"] in set(Role) and row["next_path"]
    return Sight(
        id=row["id"],
        kind=Kind(row["kind"]),
        unit=UnitPath(row["unit"]),
        made_by=row["made_by"],
        assigned=UnitPath(row["assigned"]) if row["assigned"] else None,
        classification=Clearance(row["classification"]),
        adjudicated=row["adjudicated"],
        team=frozenset(row["team"]),
        granted=frozenset(row["granted"]),
        emergencies=frozenset(row["emergencies"]),
        waits_for=(Role(row["next_role"]), UnitPath(row["next_path"])) if waits else None,
        walled=walled,
    )


def _actor(row: Row) -> Actor:
    grants = tuple(
        RoleGrant(Role(role), UnitPath(path) if path else UnitPath.everywhere())
        for role, path, _name in row["grants"]
    )
    return Actor(row["id"], row["name"], grants, clearance=Clearance(row["clearance"]))
