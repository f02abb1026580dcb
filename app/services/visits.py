"""Since when somebody wasn't here: the visit before this one, to a matter of theirs or the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.db import Row
from app.repositories import visits
from app.repositories.work import Work

FOLLOWED = 200  # matters of which a desk tells what changed
TOLD = 3  # steps of a matter that a desk tells in sentences


@dataclass(frozen=True)
class Before:
    """The visit before: which version was seen then, and when that was."""

    version: int
    at: datetime


def visit_matter(tx: Work, matter_id: UUID, *, version: int, waits: bool) -> Before | None:
    """That the actor looks at a matter now. None where they weren't there before, or where it is
    none of theirs: not watched, not handled, and not waiting (`waits`) for their signature."""
    last = visits.latest(tx, matter_id)
    if last is None:
        if waits or visits.follows(tx, matter_id):
            visits.begin(tx, matter_id, version=version)
        return None
    # Within the first visit too, what came since the last look is new.
    apart = last["apart"] or (last["former_at"] is None and last["version"] != version)
    if last["version"] != version or last["stale"]:
        visits.go_on(tx, matter_id, version=version, apart=apart)
    if apart:
        return Before(last["version"], last["seen_at"])
    return None if last["former_at"] is None else Before(last["former_version"], last["former_at"])


def visit_desk(tx: Work) -> datetime | None:
    """That the actor looks at their desk now: when they did before, None for the first time."""
    last = visits.latest(tx, None)
    if last is None:
        visits.begin(tx, None)
        return None
    apart = last["apart"] or last["former_at"] is None
    if last["stale"]:
        visits.go_on(tx, None, apart=apart)
    moment: datetime | None = last["seen_at"] if apart else last["former_at"]
    return moment


def changed_since(tx: Work, moment: datetime, ids: list[UUID]) -> dict[UUID, list[Row]]:
    """By matter what others did since then, newest first: of `ids`, and of what the actor handles.

    What they have seen on a matter's own page meanwhile isn't told again.
    """
    handled = visits.handled(tx, limit=FOLLOWED)
    followed = list(dict.fromkeys((*ids, *handled)))[:FOLLOWED]
    return by_matter(visits.news_since(tx, followed, moment, most=TOLD + 1))


def by_matter(rows: list[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row["matter_id"], []).append(row)
    return found
