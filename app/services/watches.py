"""Watching a matter, or a view of a list: one's own, ended with a press, begun again with another.

A watch never shows more than its watcher may see: a view is asked anew each time, a matter that is
walled off is watched no more. Nothing is said of what went out of sight, nor counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl
from uuid import UUID

from app.core.db import Row
from app.domain.asked import Asked
from app.domain.errors import N_, Conflict, NotFound
from app.domain.kinds import Kind
from app.repositories import matters, visits, watches
from app.repositories.work import Work
from app.services import lists, saved_views, worklists
from app.services.visits import TOLD, by_matter, visit_matter

MOST_MATTERS = 100
MOST_LISTED = 200  # matters of a view that is watched


@dataclass(frozen=True)
class WatchedMatter:
    """`steps` is what others did since the watcher looked last, newest first: at most TOLD + 1."""

    id: UUID
    matter: Row
    seen_at: datetime
    steps: Sequence[Row]


@dataclass(frozen=True)
class WatchedView:
    """What came into a view since it was looked at last, left it, or changed in it, by number.
    `too_many` where more stands in it than is compared."""

    id: UUID
    view: Row
    seen_at: datetime
    came: Sequence[Row]
    left: Sequence[Row]
    changed: Sequence[Row]
    too_many: bool

    @property
    def news(self) -> int:
        return len(self.came) + len(self.left) + len(self.changed)


@dataclass(frozen=True)
class Watched:
    """What changed comes first."""

    matters: Sequence[WatchedMatter]
    views: Sequence[WatchedView]

    @property
    def news(self) -> int:
        return sum(1 for each in self.matters if each.steps) + sum(
            1 for each in self.views if each.news
        )


def watch_matter(tx: Work, matter_id: UUID) -> UUID:
    """From now on. Watched already, it stays so. Raises NotFound, Conflict."""
    version = matters.matter(tx, matter_id)["version"]
    known = watches.of_matter(tx, matter_id)
    if known is not None:
        return known
    if watches.count_matters(tx) >= MOST_MATTERS:
        raise Conflict(
            N_("You watch {most} matters already. Stop watching one first."), most=MOST_MATTERS
        )
    watch_id = watches.insert(tx, matter_id=matter_id)
    visit_matter(tx, matter_id, version=version, waits=True)
    return watch_id


def watch_view(tx: Work, view_id: UUID) -> UUID:
    """A view that the actor keeps. Raises NotFound, and Conflict where too much stands in it."""
    view = saved_views.one(tx, view_id)
    known = watches.of_view(tx, view_id)
    if known is not None:
        return known
    rows = _listed(tx, view)
    if len(rows) > MOST_LISTED:
        raise Conflict(
            N_("A view is watched while at most {most} matters stand in it. Narrow it first."),
            most=MOST_LISTED,
        )
    watch_id = watches.insert(tx, view_id=view_id)
    watches.take_down(tx, watch_id, {row["id"]: row["version"] for row in rows})
    return watch_id


def stop(tx: Work, watch_id: UUID) -> Row:
    """What was watched: `matter_id` or `view_id`, to be watched again if that was a mistake.
    Raises NotFound."""
    found = watches.delete(tx, watch_id)
    if found is None:
        raise NotFound
    return found


def look(tx: Work, watch_id: UUID) -> Row:
    """What stands in a watched view has been seen: only what changes from now on is told.

    Returns the view. Raises NotFound.
    """
    view = next((row for row in watches.of_views(tx) if row["id"] == watch_id), None)
    if view is None:
        raise NotFound
    rows = _listed(tx, view)[:MOST_LISTED]
    watches.take_down(tx, watch_id, {row["id"]: row["version"] for row in rows})
    return view


def watch_of_matter(tx: Work, matter_id: UUID) -> UUID | None:
    return watches.of_matter(tx, matter_id)


def watched_view(tx: Work, view_id: UUID) -> WatchedView | None:
    """A view with what changed in it; None where the actor doesn't watch it."""
    found = next((row for row in watches.of_views(tx) if row["view_id"] == view_id), None)
    return None if found is None else _compared(tx, found)


def mine(tx: Work) -> Watched:
    """Everything that the actor watches, with what changed since they looked."""
    rows = watches.of_matters(tx)
    seen = {row["matter_id"]: row["seen_version"] or row["version"] for row in rows}
    behind = {row["matter_id"]: seen[row["matter_id"]] for row in rows if _moved(row, seen)}
    steps = by_matter(visits.news(tx, behind, most=TOLD + 1)) if behind else {}
    found = [
        WatchedMatter(row["id"], row, row["seen_at"], steps.get(row["matter_id"], ()))
        for row in rows
    ]
    views = [_compared(tx, row) for row in watches.of_views(tx)]
    return Watched(
        sorted(found, key=lambda each: not each.steps),
        sorted(views, key=lambda each: not each.news),
    )


def _moved(row: Row, seen: dict[UUID, int]) -> bool:
    return bool(row["version"] > seen[row["matter_id"]])


def _listed(tx: Work, view: Row) -> list[Row]:
    """What stands in a view, as its keeper may see it now: one more than is compared at most."""
    asked = Asked.of(Kind(view["kind"]), dict(parse_qsl(view["query"])))
    wanted = lists.wanted(tx, asked)
    if wanted is None:
        return []
    return worklists.page(tx, wanted, sort=asked.sort, limit=MOST_LISTED)


def _compared(tx: Work, view: Row) -> WatchedView:
    rows = _listed(tx, view)
    if len(rows) > MOST_LISTED:
        return WatchedView(view["id"], view, view["looked_at"], (), (), (), too_many=True)
    former = {row["id"]: row for row in watches.taken_down(tx, view["id"])}
    now = {row["id"]: row for row in rows}
    moved = {
        key: former[key]["seen_version"]
        for key, row in now.items()
        if key in former and row["version"] > former[key]["seen_version"]
    }
    others = {row["matter_id"] for row in visits.news(tx, moved, most=1)} if moved else set()
    return WatchedView(
        view["id"],
        view,
        view["looked_at"],
        came=[row for key, row in now.items() if key not in former],
        left=[row for key, row in former.items() if key not in now],
        changed=[now[key] for key in moved if key in others],
        too_many=False,
    )
