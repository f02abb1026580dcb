"""What ended accounts still hold; asked of the guard each time, never copied."""

from uuid import UUID

from app.core.db import Row
from app.repositories.titles import title
from app.repositories.work import Work

LASTING = frozenset({"grant", "release"})


def left_over(tx: Work) -> list[Row]:
    """On matters that the actor heads, by who left; the oldest first. `what` is `handler`,
    `member`, `request`, `custody`, `release`, `grant` or `logged`."""
    rows = tx.rows(
        f"SELECT l.*, m.kind, m.number, {title()} AS title, m.effective, m.due_on"
        "  FROM guard.left_over() l JOIN matter m ON m.id = l.matter_id"
        ' ORDER BY l.name COLLATE "C", l.account_id, l.since, m.number, l.what'
    )
    return _told(tx, rows)


def held_by(tx: Work, account_id: UUID) -> list[Row]:
    """The same of somebody who may still be here; `signing` is a request that waits for their own
    signature by name."""
    rows = tx.rows(
        f"SELECT l.*, m.kind, m.number, {title()} AS title, m.effective, m.due_on, m.version"
        "  FROM guard.holdings_of(%(id)s) l JOIN matter m ON m.id = l.matter_id"
        " ORDER BY l.what, m.due_on NULLS LAST, m.number",
        {"id": account_id},
    )
    return _told(tx, rows)


def _told(tx: Work, rows: list[Row]) -> list[Row]:
    """In the office's days: what is open for a time began by `Work.lasting_day`."""
    apart = tx.lasts_apart()
    return [
        {**row, "since": row["since"] - apart} if row["what"] in LASTING else row for row in rows
    ]


def ends_with(tx: Work, account_id: UUID) -> list[Row]:
    """What ends with an account, for whoever administers it: `key`, `webhook`, `stands_in` (for
    somebody) or `stood_in_for` (by somebody)."""
    return tx.rows("SELECT * FROM guard.ends_with(%(id)s)", {"id": account_id})


def left_imports(tx: Work) -> list[Row]:
    """Imports that somebody who left began and didn't finish, for who may begin one."""
    return tx.rows("SELECT * FROM guard.left_imports()")


def pass_request(tx: Work, request_id: UUID, to_account: UUID) -> None:
    """Somebody stands in the requester's place. Raises NotFound where it is no longer open, the
    actor doesn't head its matter, or the other is kept off it."""
    tx.value(
        "SELECT guard.pass_request(%(request)s, %(to)s)", {"request": request_id, "to": to_account}
    )
