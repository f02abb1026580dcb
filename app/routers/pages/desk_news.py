"""What changed since somebody was at their desk, and in what they watch, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from app.core.db import Row
from app.domain.errors import N_
from app.repositories.work import Work
from app.routers.pages.desk_parts import Made, Section
from app.routers.pages.present import task_on
from app.routers.pages.watches import (
    HERE,
    matter_line,
    moment_words,
    sentences,
    to_history,
    view_line,
)
from app.routers.parts import Link
from app.services import visits, watches, worklists

ON_DESK = 5


def on_desk(tx: Work, made: Made, ids: list[UUID]) -> str:
    """What is watched, and what changed since the reader was at their desk; a line for its head.

    `ids` are the matters that stand on it already.
    """
    reader = made.reader
    before = visits.visit_desk(tx)
    found = watches.mine(tx)
    line = ""
    if before is not None:
        followed = [each.matter["matter_id"] for each in found.matters]
        news = visits.changed_since(tx, before, [*followed, *ids])
        if news:
            line = _since(tx, made, moment_words(reader, tx, before), news)
    if found.matters or found.views:
        _watched(tx, made, found)
    return line


def _since(tx: Work, made: Made, moment: str, news: Mapping[UUID, Sequence[Row]]) -> str:
    reader = made.reader
    heads = {row["id"]: row for row in worklists.rows(tx, list(news))}
    tasks = [
        task_on(
            row,
            to_history(reader, row["id"]),
            key="id",
            lines=sentences(tx, reader, row["kind"], row["profile_id"], news[row["id"]]),
        )
        for row in _newest(heads, news)[:ON_DESK]
    ]
    said = reader.count(
        N_("Since {moment}: {count} matter changed."),
        N_("Since {moment}: {count} matters changed."), len(heads), moment=moment,
    )  # fmt: skip
    rest = len(heads) - len(tasks)
    more = reader.count(N_("And {count} more."), N_("And {count} more."), rest) if rest > 0 else ""
    made.add(
        Section(
            heading=reader.say(N_("Since my last visit")),
            under=reader.text(said, more),
            tasks=tasks,
        )
    )
    return said


def _newest(heads: Mapping[UUID, Row], news: Mapping[UUID, Sequence[Row]]) -> list[Row]:
    def when(key: UUID) -> datetime:
        moment: datetime = news[key][0]["recorded_at"]
        return moment

    return [heads[key] for key in sorted(heads, key=when, reverse=True)]


def _watched(tx: Work, made: Made, found: watches.Watched) -> None:
    reader = made.reader
    fresh = [
        *(matter_line(tx, reader, each).task for each in found.matters if each.steps),
        *(view_line(tx, reader, each).task for each in found.views if each.news),
    ]
    every = len(found.matters) + len(found.views)
    words = reader.count(
        N_("Everything that I watch: {count}"), N_("Everything that I watch: {count}"), every
    )
    made.add(
        Section(
            heading=reader.say(N_("Watched")),
            under=reader.say(N_("What changed since you looked")),
            tasks=fresh[:ON_DESK],
            links=[Link(words, HERE)],
            empty=reader.say(N_("Nothing changed in what you watch.")),
        )
    )
