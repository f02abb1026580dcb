"""When the actor was at a matter of theirs, or at their desk, and what others did since.

A visit is written down for what somebody watches, handles or has to sign, and for nothing else;
once in a while, not at each read.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row
from app.core.ids import new_id
from app.repositories.work import Work

APART = timedelta(minutes=30)  # looks that lie closer together are one visit
KEPT = timedelta(minutes=5)  # how old a visit's moment may grow before it is written anew
OLDEST = timedelta(minutes=1)  # of what may still commit behind a visit's moment

_LATEST = """
SELECT v.version, v.seen_at, v.former_version, v.former_at,
       v.seen_at < now() - %(apart)s AS apart, v.seen_at < now() - %(kept)s AS stale
  FROM visit v WHERE v.account_id = %(me)s AND v.matter_id IS NOT DISTINCT FROM %(matter)s
"""
_FOLLOWED = """
SELECT EXISTS (SELECT 1 FROM watch w WHERE w.account_id = %(me)s AND w.matter_id = %(matter)s)
    OR EXISTS (SELECT 1 FROM team_member t WHERE t.account_id = %(me)s
                  AND t.matter_id = %(matter)s AND t.ends_on IS NULL)
"""
_BEGIN = """
INSERT INTO visit (id, account_id, matter_id, version, seen_at)
VALUES (%(id)s, %(me)s, %(matter)s, %(version)s, {moment}) ON CONFLICT DO NOTHING
"""
_GO_ON = """
UPDATE visit SET version = %(version)s, seen_at = {moment},
       former_version = CASE WHEN %(apart)s THEN version ELSE former_version END,
       former_at = CASE WHEN %(apart)s THEN seen_at ELSE former_at END
 WHERE account_id = %(me)s AND matter_id IS NOT DISTINCT FROM %(matter)s
"""
# Before it, nothing is written any more that isn't there yet: a transaction that began earlier and
# commits later is told twice rather than never.
_SETTLED = """greatest(now() - %(oldest)s,
  (SELECT min(a.xact_start) FROM pg_stat_activity a WHERE a.datname = current_database()))"""


def latest(tx: Work, matter_id: UUID | None) -> Row | None:
    """The last visit; `apart` where another begins now, `stale` where its moment is old."""
    return tx.row(_LATEST, _values(tx, matter_id, apart=APART, kept=KEPT))


def follows(tx: Work, matter_id: UUID) -> bool:
    """Whether the actor watches it or is on its team."""
    return bool(tx.value(_FOLLOWED, _values(tx, matter_id)))


def begin(tx: Work, matter_id: UUID | None, *, version: int = 0) -> None:
    """The first one. Two windows at once are one visit."""
    tx.execute(
        _BEGIN.format(moment=_moment(matter_id)),
        _values(tx, matter_id, id=new_id(), version=version, oldest=OLDEST),
    )


def go_on(tx: Work, matter_id: UUID | None, *, version: int = 0, apart: bool) -> None:
    """Seen again; `apart` from the last visit, which is then the one before."""
    tx.execute(
        _GO_ON.format(moment=_moment(matter_id)),
        _values(tx, matter_id, version=version, apart=apart, oldest=OLDEST),
    )


def _moment(matter_id: UUID | None) -> str:
    """A matter's visit is known by its version; a desk's by its moment alone."""
    return "now()" if matter_id is not None else _SETTLED


def _values(tx: Work, matter_id: UUID | None, **more: object) -> dict[str, object]:
    return {"me": tx.actor.account_id, "matter": matter_id, **more}


def handled(tx: Work, *, limit: int) -> list[UUID]:
    """The matters on whose team the actor is, those that they joined last first."""
    rows = tx.rows(
        "SELECT t.matter_id FROM team_member t WHERE t.account_id = %(me)s AND t.ends_on IS NULL"
        " ORDER BY t.begins_on DESC, t.id DESC LIMIT %(limit)s",
        {"me": tx.actor.account_id, "limit": limit},
    )
    return [row["matter_id"] for row in rows]


_NEWS = """
SELECT q.matter_id, t.id, t.version, t.event, t.from_state, t.to_state, t.manner, t.request_id,
       t.actor_name, t.form, t.recorded_at
  FROM unnest(%(ids)s::uuid[], %(versions)s::integer[]) q(matter_id, version),
       LATERAL (
         SELECT h.id, h.version, h.event, h.from_state, h.to_state, h.manner, h.request_id,
                h.recorded_at, h.actor_id, coalesce(a.name, h.signer_name) AS actor_name,
                CASE WHEN h.form = '{{}}' THEN coalesce(w.form, h.form) ELSE h.form END AS form
           FROM transition h LEFT JOIN account a ON a.id = h.actor_id
           LEFT JOIN guard.words_of(q.matter_id) w ON w.id = h.id
          WHERE h.matter_id = q.matter_id AND h.version > q.version
            AND h.actor_id IS DISTINCT FROM %(me)s
          ORDER BY h.version DESC LIMIT %(most)s) t
 WHERE {since}
 ORDER BY q.matter_id, t.version DESC
"""


def news(tx: Work, versions: dict[UUID, int], *, most: int) -> list[Row]:
    """What others did on these matters after these versions: the newest `most` of each."""
    return tx.rows(
        _NEWS.format(since="true"),
        {"me": tx.actor.account_id, "most": most,
         "ids": list(versions), "versions": list(versions.values())},
    )  # fmt: skip


def news_since(tx: Work, ids: list[UUID], moment: datetime, *, most: int) -> list[Row]:
    """What others did on these matters since a moment, but for what the actor saw there since."""
    seen = {
        row["id"]: row["version"]
        for row in tx.rows(
            "SELECT m.id, coalesce(v.version, 0) AS version FROM matter m"
            "  LEFT JOIN visit v ON v.matter_id = m.id AND v.account_id = %(me)s"
            " WHERE m.id = ANY (%(ids)s) AND m.version > coalesce(v.version, 0)",
            {"me": tx.actor.account_id, "ids": ids},
        )
    }
    if not seen:
        return []
    return tx.rows(
        _NEWS.format(since="t.recorded_at >= %(moment)s"),
        {"me": tx.actor.account_id, "most": most, "moment": moment,
         "ids": list(seen), "versions": list(seen.values())},
    )  # fmt: skip
