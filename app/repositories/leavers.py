"""What ended accounts still hold; asked of the guard each time, never copied."""

from app.core.db import Row
from app.repositories.work import Work


def left_over(tx: Work) -> list[Row]:
    """On matters that the actor heads, by who left; the oldest first. `what` is `handler`,
    `member`, `request`, `custody`, `release`, `grant` or `logged`."""
    return tx.rows(
        "SELECT l.*, m.kind, m.number, m.title, m.effective, m.due_on"
        "  FROM guard.left_over() l JOIN matter m ON m.id = l.matter_id"
        ' ORDER BY l.name COLLATE "C", l.account_id, l.since, m.number, l.what'
    )


def left_imports(tx: Work) -> list[Row]:
    """Imports that somebody who left began and didn't finish, for who may begin one."""
    return tx.rows("SELECT * FROM guard.left_imports()")
