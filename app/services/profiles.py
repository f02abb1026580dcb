"""The profile that a matter follows. Versions never change, so each is read once per process."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.profile import Profile, builtin_names, builtin_profile
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
