"""Which steps of a profile nobody could take, given who holds which role where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.errors import N_, Reason
from app.domain.kinds import Kind
from app.domain.permissions import Role
from app.domain.profile.fields import Text
from app.domain.profile.model import Profile, RoleRow, Scope, Transition
from app.domain.workflow.facts import Holder

Held = Mapping[Role, Sequence[Holder]]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A step that nobody could take, and what is missing for it.

    `code` and `role` are those that nobody holds; both are None where each is held, but by too
    few different people. `states` are those that the step leads from.
    """

    kind: Kind
    event: str
    label: Text
    states: tuple[str, ...]
    reason: Reason
    code: str | None = None
    role: Role | None = None


_NOBODY_ASKS = N_("Nobody holds a role that may ask for it.")
_NOBODY_SIGNS = N_("Nobody holds the role that signs it.")
_ONE_PERSON = N_("The same single person would ask for it and sign it.")
# Whoever is on the team, made the matter or works on it is found by the matter, not by a role.
_FOUND_BY_MATTER = (Scope.MAKER, Scope.SIGNER, Scope.REQUESTER, Scope.ANYONE)


def check_staffing(profile: Profile, held: Held) -> tuple[Finding, ...]:
    """The steps that nobody could take, kind by kind, in the order of the table."""
    return tuple(
        finding
        for kind, machine in profile.machines.items()
        for row in machine.transitions
        if not row.by_system
        for finding in _of_row(profile, kind, row, held)
    )


def unheld(profile: Profile, held: Held) -> tuple[Role, ...]:
    """The roles that the profile names and no account holds, each once."""
    named = dict.fromkeys(row.role for row in profile.roles.values() if row.role)
    return tuple(role for role in named if not held.get(role))


def _of_row(profile: Profile, kind: Kind, row: Transition, held: Held) -> Iterator[Finding]:
    def finding(message: str, code: str | None = None) -> Finding:
        role = profile.roles[code].role if code else None
        return Finding(
            kind=kind,
            event=row.event,
            label=row.label,
            states=row.from_,
            reason=Reason(message),
            code=code,
            role=role,
        )

    askers = [_people(profile.roles[code], held) for code in row.requested_by]
    if all(people is not None and not people for people in askers):
        yield finding(_NOBODY_ASKS, row.requested_by[0])
        return
    signing = row.codes()[len(row.requested_by) :]
    missing = [code for code in signing if _people(profile.roles[code], held) == set()]
    for code in missing:
        yield finding(_NOBODY_SIGNS, code)
    if missing or not signing:
        return
    asking = None if None in askers else set().union(*(people or set() for people in askers))
    for code in signing:
        people = _people(profile.roles[code], held)
        if asking is not None and len(asking) == 1 and people == asking:
            yield finding(_ONE_PERSON)
            return


def _people(row: RoleRow, held: Held) -> set[UUID] | None:
    """Who holds a code's role at all; None for codes that no role stands behind."""
    if row.role is None or row.scope in _FOUND_BY_MATTER:
        return None
    return {holder.account_id for holder in held.get(row.role, ())}
