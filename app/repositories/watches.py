"""What the actor watches: matters, and views of lists that they keep."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from app.core.db import Row
from app.core.ids import new_id
from app.models.watches import Watch
from app.repositories.titles import title
from app.repositories.work import Work


def insert(tx: Work, *, matter_id: UUID | None = None, view_id: UUID | None = None) -> UUID:
    watch_id = new_id()
    tx.insert(
        Watch, id=watch_id, account_id=tx.actor.account_id, matter_id=matter_id, view_id=view_id
    )
    return watch_id


def delete(tx: Work, watch_id: UUID) -> Row | None:
    """The one that ended; None where it isn't the actor's."""
    return tx.row(
        "DELETE FROM watch WHERE id = %(id)s AND account_id = %(me)s RETURNING matter_id, view_id",
        {"id": watch_id, "me": tx.actor.account_id},
    )


def of_matter(tx: Work, matter_id: UUID) -> UUID | None:
    found: UUID | None = tx.value(
        "SELECT id FROM watch WHERE account_id = %(me)s AND matter_id = %(matter)s",
        {"me": tx.actor.account_id, "matter": matter_id},
    )
    return found


def of_view(tx: Work, view_id: UUID) -> UUID | None:
    found: UUID | None = tx.value(
        "SELECT id FROM watch WHERE account_id = %(me)s AND view_id = %(view)s",
        {"me": tx.actor.account_id, "view": view_id},
    )
    return found


def count_matters(tx: Work) -> int:
    return int(
        tx.value(
            "SELECT count(*) FROM watch WHERE account_id = %(me)s AND matter_id IS NOT NULL",
            {"me": tx.actor.account_id},
        )
    )


def of_matters(tx: Work) -> list[Row]:
    """Each with the version that the actor saw last, and when; the newest watch first."""
    return tx.rows(
        f"SELECT w.id, w.begun_at, m.id AS matter_id, m.kind, m.number, {title()} AS title,"
        "       m.effective,"
        "       m.version, m.closed_on, m.due_on, m.profile_id, v.version AS seen_version,"
        "       coalesce(v.seen_at, w.begun_at) AS seen_at"
        "  FROM watch w JOIN matter m ON m.id = w.matter_id"
        "  LEFT JOIN visit v ON v.account_id = w.account_id AND v.matter_id = w.matter_id"
        " WHERE w.account_id = %(me)s ORDER BY w.begun_at DESC, w.id",
        {"me": tx.actor.account_id},
    )


def of_views(tx: Work) -> list[Row]:
    return tx.rows(
        "SELECT w.id, w.begun_at, w.looked_at, v.id AS view_id, v.kind, v.name, v.query"
        "  FROM watch w JOIN saved_view v ON v.id = w.view_id"
        " WHERE w.account_id = %(me)s ORDER BY w.begun_at DESC, w.id",
        {"me": tx.actor.account_id},
    )


def take_down(tx: Work, watch_id: UUID, versions: Mapping[UUID, int]) -> None:
    """What stands in a view now, in place of what stood there when it was looked at before."""
    tx.execute("DELETE FROM watched_matter WHERE watch_id = %(id)s", {"id": watch_id})
    tx.execute(
        "INSERT INTO watched_matter (watch_id, matter_id, version)"
        " SELECT %(id)s, i.matter_id, i.version"
        "   FROM unnest(%(ids)s::uuid[], %(versions)s::integer[]) i(matter_id, version)",
        {"id": watch_id, "ids": list(versions), "versions": list(versions.values())},
    )
    tx.change(sa.update(Watch).where(sa.column("id") == watch_id).values(looked_at=sa.func.now()))


def taken_down(tx: Work, watch_id: UUID) -> list[Row]:
    """What stood there then, as far as the actor may still see it."""
    return tx.rows(
        "SELECT m.id, s.version AS seen_version, m.version, m.number"
        "  FROM watched_matter s JOIN matter m ON m.id = s.matter_id"
        " WHERE s.watch_id = %(id)s ORDER BY m.number, m.id",
        {"id": watch_id},
    )
