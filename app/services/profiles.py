"""The profile that a matter follows. Versions never change, so each is read once per process."""

from __future__ import annotations

from uuid import UUID

from app.domain import errors
from app.domain.errors import N_
from app.domain.profile import Profile
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
        known = _read[profile_id] = Profile.model_validate(row["content"])
    return known


def current(tx: Work) -> tuple[UUID, Profile]:
    """What new matters begin under. Raises Unavailable before the first start was finished."""
    profile_id = profiles.newest(tx)
    if profile_id is None:
        raise errors.Unavailable(N_("This installation has no profile: run plumbline db upgrade."))
    return profile_id, of(tx, profile_id)
