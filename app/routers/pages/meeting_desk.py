"""Study meetings whose minutes wait for the reader: on their desk, and among what they sign."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.db import Row
from app.domain.errors import N_
from app.routers.pages import met
from app.routers.pages.present import Reader
from app.routers.parts import Link, Task


def tasks(reader: Reader, rows: Sequence[Row]) -> list[Task]:
    return [_task(reader, row) for row in rows]


def _task(reader: Reader, row: Row) -> Task:
    title, here = met.title(reader, row), met.href(row["id"])
    matters = reader.count(N_("{count} matter"), N_("{count} matters"), row["matters"])
    if row["status"] == "recorded":
        signed = reader.say(N_("{name} has signed as the recorder."), name=row["recorder_name"])
        read = Link(reader.say(N_("Read and sign the minutes")), met.href(row["id"], "sign"))
        return Task(text=title, lines=(signed, matters), action=read)
    if row["status"] == "signed":
        left = reader.say(N_("Signed, and interrupted: {matters} left."), matters=matters)
        return Task(text=title, lines=(left,), action=Link(reader.say(N_("Go on")), here))
    if row["undecided"] or not row["matters"]:
        undecided = reader.count(
            N_("{count} matter has no decision yet."), N_("{count} matters have no decision yet."),
            row["undecided"],
        )  # fmt: skip
        lacking = undecided if row["matters"] else reader.say(N_("Nothing is on its agenda."))
        record = Link(reader.say(N_("Record what it decided")), here)
        return Task(text=title, lines=(lacking,), action=record)
    decided = reader.say(N_("Every matter has its decision."))
    sign = Link(reader.say(N_("Sign the minutes")), met.href(row["id"], "sign"))
    return Task(text=title, lines=(decided,), action=sign)
