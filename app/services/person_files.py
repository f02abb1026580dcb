"""A person's file: who opens it says why, unless they handle a matter of the person's.

Whatever shows or changes a file begins with `open_file`. The database holds the rest closed.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.permissions import Role
from app.repositories import people, person_files
from app.repositories.work import Work
from app.services import units
from app.services.people import check_months

REASON_LIMIT = 500
SUPERVISORS = (Role.AUDITOR, Role.CHIEF)


def open_file(tx: Work, person_id: UUID, *, reason: str | None = None) -> None:
    """For an hour, in this session; written down, once unless another reason is given.

    Raises NotFound, Invalid, Forbidden for one's own file, and FileClosed without a reason where
    the actor handles no matter of the person's.
    """
    if reason is not None:
        reason = reason.strip()
        if not reason:
            raise errors.Invalid.of("reason", N_("Say why."))
        if len(reason) > REASON_LIMIT:
            raise errors.Invalid.of("reason", N_("At most {limit} characters."), limit=REASON_LIMIT)
    person_files.open_file(tx, person_id, reason)


def openings(
    tx: Work,
    person_id: UUID | None = None,
    *,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[Row]:
    """Who opened whose file, when and why: one's own, and what one supervises.

    To whoever is named with a person, or is a near relative, others' openings of that file aren't
    shown: nothing in the answer tells of it.
    """
    return person_files.openings(tx, person_id, after=after, limit=limit)


def last_opening(tx: Work, person_id: UUID) -> Row:
    """The actor's own latest of this file. Raises NotFound."""
    found = [
        row
        for row in person_files.openings(tx, person_id, after=None, limit=50)
        if row["account_id"] == tx.actor.account_id
    ]
    if not found:
        raise errors.NotFound
    return found[0]


def supervises(tx: Work) -> bool:
    """Whether the actor supervises who opens files."""
    return any(tx.actor.holds(role) for role in SUPERVISORS)


def posts(tx: Work, person_id: UUID) -> list[Row]:
    """Raises NotFound, FileClosed."""
    open_file(tx, person_id)
    return person_files.posts(tx, person_id)


def add_post(
    tx: Work,
    person_id: UUID,
    *,
    unit_id: UUID | None = None,
    place: str | None = None,
    position: str | None = None,
    begins: str | None = None,
    ends: str | None = None,
) -> UUID:
    """Where somebody worked before: a unit, or a place outside the tree. Months as 2016-07.

    Raises NotFound, FileClosed, Invalid.
    """
    open_file(tx, person_id)
    if (unit_id is None) == (place is None):
        raise errors.Invalid.of("unit_id", N_("Name the unit, or a place outside the district."))
    if unit_id is not None:
        units.unit_in(tx, unit_id, field="unit_id")
    check_months(tx, {"begins": begins, "ends": ends}, "begins", "ends")
    if begins and ends and ends < begins:
        raise errors.Invalid.of("ends", N_("The period ends before it begins."))
    return person_files.insert_post(
        tx,
        person_id,
        {
            "unit_id": unit_id, "place": place, "position": position, "begins": begins,
            "ends": ends,
        },
    )  # fmt: skip


def withdraw_post(
    tx: Work, person_id: UUID, post_id: UUID, *, seen_version: int | None = None
) -> None:
    """Entered by mistake. `seen_version` is the person's. Raises NotFound, FileClosed, Stale."""
    open_file(tx, person_id)
    known = people.person(tx, person_id)
    if seen_version is not None and known is not None and known["version"] != seen_version:
        raise errors.Stale
    if person_files.withdraw_post(tx, person_id, post_id) == 0:
        raise errors.NotFound
