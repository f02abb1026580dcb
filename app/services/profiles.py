"""The profile that a matter follows. Versions never change, so each is read once per process."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.domain.profile import Profile, builtin_names, builtin_profile
from app.domain.units import UnitPath
from app.domain.workflow import engine
from app.repositories import profiles
from app.repositories.work import Work

_read: dict[UUID, Profile] = {}


def of(tx: Work, profile_id: UUID) -> Profile:
    """The profile with this id. Raises NotFound."""
    known = _read.get(profile_id)
    if known is None:
        row = profiles.stored(tx, profile_id)
        if row is None:
            raise errors.NotFound
        known = _read[profile_id] = _in_order(row)
    return known


def _in_order(row: Row) -> Profile:
    """The product's own as its files have it: what is stored comes back in another order."""
    if row["name"] in builtin_names():
        own = builtin_profile(row["name"])
        if own.hash == row["hash"]:
            return own
    return Profile.model_validate(row["content"])


def current(tx: Work) -> tuple[UUID, Profile]:
    """What new matters begin under. Raises Unavailable before the first start was finished."""
    profile_id = profiles.newest(tx)
    if profile_id is None:
        raise errors.Unavailable(N_("This installation has no profile: run plumbline db upgrade."))
    return profile_id, of(tx, profile_id)


def refuse_unknown_ranks(
    tx: Work, ranks: Mapping[str, str | None], profile_id: UUID | None = None
) -> None:
    """A rank decides how far up a matter goes: it is one of the profile's, of the current one
    unless a matter follows another. Raises Invalid that names each field of another one."""
    if not any(ranks.values()):
        return
    current_id, profile = current(tx)
    if profile_id is not None and profile_id != current_id:
        profile = of(tx, profile_id)
    found = [
        errors.FieldError(name, errors.Reason(N_("Choose one of those listed.")))
        for name, rank in ranks.items()
        if rank and rank not in profile.ranks
    ]
    if found:
        raise errors.Invalid(*found)


def has_state(tx: Work, kind: Kind | None, state: str) -> bool:
    """Whether a procedure that was ever in force has it, for matters of a kind or of any."""
    return profiles.has_state(tx, kind, state)


# How somebody logs, in the order in which it is tried: whoever registers leads doesn't submit them.
FIRST_STEPS: Mapping[Permission, tuple[Kind, tuple[str, ...]]] = {
    Permission.LEADS_LOG: (Kind.LEAD, ("register_new", "submit")),
    Permission.PETITIONS_LOG: (Kind.PETITION, ("receive",)),
}


def first_steps(tx: Work, logging: Permission, at: UnitPath | None = None) -> list[str]:
    """The steps by which the actor may log at a unit, or anywhere: none for who may not, whatever
    their role is otherwise allowed."""
    kind, steps = FIRST_STEPS[logging]
    if not tx.actor.may(logging):
        return []
    _id, profile = current(tx)
    if not profile.has(kind):
        return []
    # Where a role is held it may be used, or nowhere.
    places = [grant.unit for grant in tx.actor.grants] if at is None else [at]
    return [
        step
        for step in steps
        if any(engine.begins(profile, kind, step, tx.actor, each, tx.today) for each in places)
    ]


def may_log(tx: Work, logging: Permission, at: UnitPath | None = None) -> bool:
    """Whether the actor may log a lead, or a petition, at a unit or anywhere."""
    return bool(first_steps(tx, logging, at))


def allowed(tx: Work) -> frozenset[Permission]:
    """What the actor's roles allow, without the logging that the procedure leaves to others."""
    return frozenset(
        each for each in tx.actor.permissions if each not in FIRST_STEPS or may_log(tx, each)
    )
