"""Keys for programs: one's own, dated, with a part of what one holds."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.permissions import KEY_PERMISSIONS, Permission
from app.repositories import sessions
from app.repositories.work import Work
from app.services import profiles

BEGINS = "plk_"
LONGEST = 366  # days
MOST = 20


@dataclass(frozen=True, slots=True)
class NewKey:
    """`secret` is shown once; only its hash is kept."""

    id: UUID
    secret: str


def list_keys(tx: Work) -> list[Row]:
    """The actor's own that live, the newest first."""
    return sessions.keys(tx)


def grantable(tx: Work) -> list[Permission]:
    """What a key of the actor's may hold."""
    return sorted(profiles.allowed(tx) & KEY_PERMISSIONS)


def make_key(tx: Work, *, name: str, scope: Sequence[Permission], days: int) -> NewKey:
    """Good for `days`, for no more than `scope`. Raises Invalid, NotFresh, Conflict."""
    if not scope:
        raise errors.Invalid.of("scope", N_("Choose what it may do."))
    if not set(scope) <= set(grantable(tx)):
        raise errors.Invalid.of("scope", N_("A key holds no more than you do, and signs nothing."))
    if not 0 < days <= LONGEST:
        raise errors.Invalid.of("days", N_("From one day to {most}."), most=LONGEST)
    if len(sessions.keys(tx)) >= MOST:
        raise errors.Conflict(N_("You have {most} keys: revoke one that isn't used."), most=MOST)
    secret = BEGINS + secrets.token_urlsafe(32)
    key_id = sessions.make_key(
        tx, secret=secret, name=name, scope=sorted(set(scope)), lifetime=timedelta(days=days)
    )
    return NewKey(key_id, secret)


def revoke_key(tx: Work, key_id: UUID) -> None:
    """At once. Raises NotFound."""
    if key_id not in {row["id"] for row in sessions.keys(tx)}:
        raise errors.NotFound
    sessions.end(tx, key_id)
