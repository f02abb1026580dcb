"""A feed of what changes, for a program that keeps step: it misses nothing and repeats nothing.

One item for each matter in each transaction, in the order in which they can no longer be
overtaken. A follower begins with `follow(None)`, reads everything once, and goes on from there.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import crypto
from app.core.db import Row
from app.domain import errors
from app.domain.changes import Change, named
from app.domain.errors import N_
from app.domain.kinds import Kind
from app.repositories import changes, worklist
from app.repositories.changes import Horizon, Position
from app.repositories.work import Work

# Era, line, transaction, event, sight: of one length wherever it points, so that how far the
# history has got can't be read off it.
_PLACE = struct.Struct(">16sQQQ16s")


@dataclass(frozen=True)
class Item:
    """That something happened on a matter; never what."""

    matter_id: UUID
    kind: Kind
    number: str
    events: list[Change]
    at: datetime


@dataclass(frozen=True)
class Part:
    """`more` where another part is there already; `lag` as in `Horizon`."""

    items: list[Item]
    next: str
    more: bool
    lag: int | None


def follow(tx: Work, cursor: str | None, *, limit: int) -> Part:
    """What came after `cursor`; without one, nothing yet, and where to go on from.

    Raises Invalid for what is no cursor of this reader's, StartAnew for one of another era or of
    another sight, Forbidden for whoever reads no history.
    """
    if not tx.actor.reads_content:
        raise errors.Forbidden(N_("Your role reads no history: ask the lists again instead."))
    seen = changes.horizon(tx)
    end = Position(seen.before, 0)
    if cursor is None:
        return Part([], _written(tx, seen, end), more=False, lag=seen.lag)
    after = _read(tx, seen, cursor)
    among = worklist.handful(tx)
    until = changes.walk_end(tx, after, seen.before) if among is None else None
    rows = changes.page(tx, seen, after, until=until, among=among, limit=limit)
    more = len(rows) > limit or until is not None
    if len(rows) > limit:
        end = Position(rows[limit - 1]["xid"], rows[limit - 1]["seq"])
    elif until is not None:
        end = until
    items = [_item(row) for row in rows[:limit]]
    return Part(items, _written(tx, seen, end), more=more, lag=seen.lag)


def _item(row: Row) -> Item:
    events = named((table, op) for table, op in row["written"])
    return Item(row["matter_id"], Kind(row["kind"]), row["number"], events, row["at"])


def _written(tx: Work, seen: Horizon, place: Position) -> str:
    raw = _PLACE.pack(seen.era.bytes, seen.line, place.xid, place.seq, _sight(tx))
    sealed = crypto.seal_bytes(tx.keys, raw, bound_to=_bound(tx))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _read(tx: Work, seen: Horizon, cursor: str) -> Position:
    try:
        sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if crypto.sealed_with_a_key_that_is_gone(tx.keys, sealed):
            raise errors.StartAnew
        raw = crypto.unseal_bytes(tx.keys, sealed, bound_to=_bound(tx))
        era, line, xid, seq, sight = _PLACE.unpack(raw)
    except (ValueError, struct.error):
        raise errors.Invalid.of("after", N_("This cursor isn't one of this list.")) from None
    if era != seen.era.bytes or line != seen.line or xid > seen.before:
        raise errors.StartAnew
    if sight != _sight(tx):
        raise errors.StartAnew(
            N_("What you may see has changed since: read everything anew, then go on from here.")
        )
    return Position(xid, seq)


def _bound(tx: Work) -> str:
    return f"a cursor of changes of {tx.actor.account_id}"


def _sight(tx: Work) -> bytes:
    """Stands for the roles by which the reader sees: with others, what was there before comes into
    sight without an event of its own. Single matters come by their own event."""
    actor = tx.actor
    held = sorted(f"{grant.role} {grant.unit.value}" for grant in actor.grants)
    said = "\n".join([str(int(actor.clearance)), *held])
    return hashlib.sha256(said.encode()).digest()[:16]
