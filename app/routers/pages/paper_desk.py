"""What waits on a desk of signatures on paper: one's own to answer, objections, and comparing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.db import Row
from app.domain.errors import N_
from app.routers.pages.desk_parts import Made
from app.routers.pages.present import matter_href, task_on
from app.routers.parts import Link

ON_PAPER: Mapping[str, tuple[str, str, str, str, str]] = {
    "stands": (
        N_("Signed in your name on paper"),
        N_("Say whether it is yours"),
        N_("Look at it"),
        N_("{count} signed in your name"),
        "",
    ),
    "objected": (
        N_("Objections to signatures on paper"),
        N_("Nothing moves there until they are decided"),
        N_("Decide"),
        N_("{count} objections to decide"),
        N_("{count} objection to decide"),
    ),
    "entered": (
        N_("To compare with the paper"),
        N_("A signature stands once a second person has seen the scan"),
        N_("Compare"),
        N_("{count} to compare with a paper"),
        "",
    ),
}


def on_desk(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    for status, (heading, under, button, counted, one) in ON_PAPER.items():
        found = [row for row in rows if row["status"] == status]
        if not found:
            continue
        made.counted(counted, len(found), one=one)
        tasks = [
            task_on(
                row,
                Link(
                    reader.say(button),
                    f"{matter_href(row['matter_id'])}/paper-signatures/{row['id']}",
                ),
                lines=(
                    reader.say(
                        N_("{step}: signed on paper in the name of {signer} on {day}."),
                        step=reader.step(row["kind"], row["event"]), signer=row["signer_name"],
                        day=reader.written(row["signed_on"]),
                    ),
                ),
            )
            for row in found
        ]  # fmt: skip
        made.tasks(heading, under, tasks)
