"""Keeping off a matter: at once by one's own word, and the near relatives for whom it follows."""

from __future__ import annotations

from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.repositories import matters, people, walls
from app.repositories.work import Work
from app.services.matters import reads_less

REASON_LIMIT = 2000


def keep_off(tx: Work, matter_id: UUID, *, reason: str, seen_version: int | None = None) -> None:
    """Declare a conflict: the actor is walled off at once, and the matter stays as it is.

    What waits for them shows to the head as something that nobody can act on; whoever takes over
    is told in routine words. Raises NotFound, Invalid, Stale.
    """
    matters.matter(tx, matter_id)
    reason = reason.strip()
    if not reason:
        raise errors.Invalid.of("reason", N_("Say why."))
    if len(reason) > REASON_LIMIT:
        raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=REASON_LIMIT)
    # The history says that they keep off; why is between them and whoever heads them.
    if not reads_less(tx):
        matters.touch(tx, matter_id, event="kept_off", seen_version=seen_version)
    # Last: after it the actor sees the matter no more.
    walls.declare(tx, matter_id, reason)


def declare_relative(tx: Work, person_id: UUID, *, relative_id: UUID, kinship: str) -> UUID:
    """Two persons of the register are near relatives: what names one walls off the other.

    Raises NotFound, Invalid, Conflict where it stands already.
    """
    if people.person(tx, person_id) is None:
        raise errors.NotFound
    if people.person(tx, relative_id) is None:
        raise errors.Invalid.of("relative_id", errors.UNKNOWN)
    if person_id == relative_id:
        raise errors.Invalid.of("relative_id", N_("Nobody is their own relative."))
    if any(row["person_id"] == relative_id for row in walls.relatives(tx, person_id)):
        raise errors.Conflict(N_("These two are relatives already."))
    return walls.insert_relative(tx, person_id, relative_id, kinship)


def relatives(tx: Work, person_id: UUID) -> list[Row]:
    """Those that stand, by name."""
    return walls.relatives(tx, person_id)


def end_relative(
    tx: Work, person_id: UUID, relative_id: UUID, *, seen_version: int | None = None
) -> None:
    """Declared by mistake. `seen_version` is the person's. Raises Stale, and NotFound where it
    doesn't stand."""
    person = people.person(tx, person_id)
    if person is None:
        raise errors.NotFound
    if seen_version is not None and person["version"] != seen_version:
        raise errors.Stale
    if walls.end_relative(tx, person_id, relative_id) == 0:
        raise errors.NotFound
