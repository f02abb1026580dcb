"""What names are found by and where they stand, for those entered before there were keys."""

from __future__ import annotations

from uuid import UUID

from app.core import db
from app.repositories import name_keys

BATCH = 5000  # persons


def fill(owner_url: str, *, batch: int = BATCH) -> int:
    """Write the keys that are missing, a batch a transaction; how many persons got some.

    What was written stays if it is interrupted: it goes on where it ended.
    """
    engine = db.make_engine(owner_url, pool_size=1)
    written, after = 0, UUID(int=0)
    try:
        while True:
            with db.transaction(engine) as tx:
                name_keys.act_as_guard(tx)
                names = name_keys.without(tx, after=after, limit=batch)
                name_keys.keep(tx, names)
            if not names:
                return written
            written += len(names)
            after = max(names)
    finally:
        engine.dispose()
