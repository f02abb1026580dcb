"""What somebody let the reader see, on the reader's desk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.core.db import Row
from app.domain.errors import N_
from app.routers.pages.desk_parts import Made
from app.routers.pages.present import Reader, matter_href, task_on
from app.routers.parts import Link, Task


def on_desk(made: Made, rows: Sequence[Row]) -> None:
    """Nothing waits there, so nothing is counted."""
    made.tasks(
        N_("Open to you for a time"),
        N_("You read it, and work on nothing of it; it ends by itself"),
        [_task(made.reader, row) for row in rows],
    )


def _task(reader: Reader, row: Row) -> Task:
    last = row["ends_on"] - timedelta(days=1)
    return task_on(
        row, Link(reader.say(N_("Open")), matter_href(row["matter_id"])),
        lines=[reader.say(N_("Open to you until {day}"), day=reader.written(last))],
    )  # fmt: skip
