"""Whom a code of the tables means, for one matter on one day.

Roles are held on a unit's subtree; a code says over what: the matter's unit, the department that
handles it, the team. Whoever is named in a matter, or keeps off it, is nobody here.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from app.domain.errors import N_, Reason
from app.domain.guards.situation import Situation, Values
from app.domain.permissions import Role
from app.domain.profile.model import NEW, RoleRow, Scope
from app.domain.units import UnitPath
from app.domain.workflow.chains import SignStep
from app.domain.workflow.facts import Holder, RequestSnapshot

NO_HANDS = frozenset({Role.AUDITOR, Role.REPORTING_UNIT, Role.ADMINISTRATOR, Role.OPERATOR})
"""Roles that work on no matter."""


ADJUDICATION = frozenset({Role.ADJUDICATOR, Role.ADJUDICATION_HEAD})

LOGS_NOTHING = NO_HANDS - {Role.REPORTING_UNIT}


def kept_off(it: Situation, account_id: UUID) -> bool:
    """Named in the matter, or recused from it: no role outweighs that."""
    return account_id in it.facts.conflicted or account_id in it.facts.recused


def asked_about(it: Situation, account_id: UUID) -> bool:
    """Somebody in the matter has their name, and nobody said yet whether it is them: they neither
    come onto it nor sign. Why is never said to themselves."""
    return account_id in it.facts.asked_about


def apart(it: Situation, code: str, account_id: UUID) -> Reason | None:
    """Why somebody can't act as a code that is kept apart from investigating: they investigated,
    or they handled what is appealed against. The guard asks the same of each hand."""
    row = it.profile.roles[code]
    if not (row.outside_team or row.role in ADJUDICATION):
        return None
    if account_id in it.facts.investigators or it.snapshot.of_team(account_id):
        return Reason(N_("You investigated this: others adjudicate it."))
    if account_id in it.facts.original_hands:
        return Reason(N_("You handled the original decision: others hear the appeal against it."))
    return None


def fills(it: Situation, code: str, values: Values | None = None) -> bool:
    """Whether the actor is somebody whom a code means."""
    row = it.profile.roles[code]
    if apart(it, code, it.actor.account_id) is not None:
        return False
    match row.scope:
        case Scope.TEAM:
            return _of_team(it, row)
        case Scope.MAKER:
            return it.snapshot.made_by == it.actor.account_id and _makes(it, row)
        case Scope.SIGNER:
            request = it.snapshot.request
            return request is not None and may_sign(it, request, request.next_step)
        case Scope.REQUESTER:
            request = it.snapshot.request
            return request is not None and request.taken_back_by == it.actor.account_id
        case Scope.ANYONE:
            return works_here(it)
        case _:
            path = path_of(it, row, values or {})
            return row.role is not None and path is not None and it.actor.holds(row.role, path)


def _makes(it: Situation, row: RoleRow) -> bool:
    if row.role is not None:
        return it.actor.holds(row.role)
    return any(grant.role not in LOGS_NOTHING for grant in it.actor.grants)


def _of_team(it: Situation, row: RoleRow) -> bool:
    """A matter that is only being made has no team yet, unless it hangs on one that has."""
    if it.snapshot.state == NEW and not it.snapshot.team:
        return row.role is not None and it.actor.holds(row.role)
    return it.snapshot.of_team(it.actor.account_id)


def works_here(it: Situation) -> bool:
    """Of the team, or holding a role that this kind's table names, over the unit or department."""
    if it.snapshot.of_team(it.actor.account_id):
        return True
    places = [it.snapshot.unit_path, it.snapshot.assigned_path, it.snapshot.origin_path]
    named = _named_roles(it) - NO_HANDS
    return any(
        grant.role in named
        and any(place is not None and grant.unit.covers(place) for place in places)
        for grant in it.actor.grants
    )


def _named_roles(it: Situation) -> frozenset[Role]:
    """The roles of the table, but for those that only matter on the team."""
    rows = [it.profile.roles[code] for code in it.machine.codes]
    return frozenset(row.role for row in rows if row.role and row.scope is not Scope.TEAM)


def path_of(it: Situation, row: RoleRow, values: Values) -> UnitPath | None:
    """The place over which a code's role has to be held; None where there is none yet."""
    if row.scope is Scope.ASSIGNED:
        # A matter that is only being made will be handled where its maker works.
        makers = it.actor.unit if it.snapshot.state == NEW else None
        return it.snapshot.assigned_path or it.snapshot.origin_path or makers
    if row.scope is Scope.NAMED:
        return it.facts.units.get(str(values.get("department")))
    return it.snapshot.unit_path


def may_sign(it: Situation, request: RequestSnapshot, step: SignStep) -> bool:
    """Whether the actor can give this signature: in turn, once, and never to their own request."""
    me = it.actor.account_id
    if me == request.requested_by or any(each.account_id == me for each in request.signatures):
        return False
    if kept_off(it, me) or asked_about(it, me):
        return False
    if me in barred(it, request.event, request.from_state, step, request.form):
        return False
    return apart(it, step.code, me) is None and holds_place(it, step)


def holds_place(it: Situation, step: SignStep) -> bool:
    """Whether the actor holds what a place in a chain asks for."""
    me = it.actor.account_id
    if step.account_id not in (None, me) and not (step.passes_on and left(it, step)):
        return False
    if step.of_team:
        return it.snapshot.of_team(me)
    return isinstance(step.role, Role) and it.actor.holds(step.role, step.path)


def left(it: Situation, step: SignStep) -> bool:
    """Whether whom a place names can't sign there any more: off the team, without the role, or kept
    off the matter."""
    who = step.account_id
    if who is None:
        return False
    if kept_off(it, who):
        return True
    if step.of_team:
        return not it.snapshot.of_team(who)
    if it.facts.holders is None or not isinstance(step.role, Role):
        return False
    held = it.facts.holders.get(step.role, ())
    return not any(each.account_id == who and each.unit.covers(step.path) for each in held)


# Who takes in, keeps, decides and pays are four different people.
_HANDS = {
    "kept": ("taken_in_by", "decided_by", "paid_by"),
    "decided": ("taken_in_by", "kept_by", "paid_by"),
}


def barred(
    it: Situation, event: str, state: str, step: SignStep, values: Values
) -> frozenset[UUID]:
    """Who can't give this signature, whatever they hold: whoever is recused by it, and, where
    money changes hands, the other three of the four."""
    found: set[UUID] = set()
    if values.get("recused"):
        found.add(UUID(str(values["recused"])))
    row = it.machine.of(event, state)
    if row is not None and step.decides:
        for effect, hands in _HANDS.items():
            if effect in row.effects:
                found |= {hand for name in hands if (hand := getattr(it.facts.funds, name))}
    return frozenset(found)


def candidates(
    it: Situation, code: str, values: Values, but: frozenset[UUID]
) -> tuple[UnitPath, tuple[Holder, ...] | None, bool]:
    """Where a step is signed, who could, and whether it had to rise to a superior unit.

    The people are None where the facts don't say who holds what. Nobody below counts more than
    somebody above: the rule stays, the step rises.
    """
    row = it.profile.roles[code]
    path = path_of(it, row, values) or it.snapshot.unit_path
    if row.scope is Scope.TEAM:
        return path, _team(it, but), False
    if it.facts.holders is None or row.role is None:
        return path, None, False
    free = [
        holder
        for holder in it.facts.holders.get(row.role, ())
        if holder.account_id not in but
        and not kept_off(it, holder.account_id)
        and not asked_about(it, holder.account_id)
        and apart(it, code, holder.account_id) is None
    ]
    near = tuple(holder for holder in free if holder.unit.covers(path))
    if near or path_of(it, row, values) is None:
        return path, near, False
    return _risen(path, free)


def _risen(path: UnitPath, free: list[Holder]) -> tuple[UnitPath, tuple[Holder, ...], bool]:
    """The holders in the offices of the nearest superior unit that has any."""
    for above in _above(path):
        there = tuple(holder for holder in free if _parent(holder.unit) == above)
        if there:
            return there[0].unit, tuple(h for h in there if h.unit == there[0].unit), True
    return path, (), False


def _above(path: UnitPath) -> Iterator[UnitPath]:
    while (parent := _parent(path)) is not None:
        yield parent
        path = parent


def _parent(path: UnitPath) -> UnitPath | None:
    head, dot, _ = path.value.rpartition(".")
    return UnitPath(head) if dot else None


def _team(it: Situation, but: frozenset[UUID]) -> tuple[Holder, ...]:
    return tuple(
        Holder(account_id=member.account_id, name=member.name, unit=it.snapshot.unit_path)
        for member in it.snapshot.team
        if member.account_id not in but
        and not kept_off(it, member.account_id)
        and not asked_about(it, member.account_id)
    )
