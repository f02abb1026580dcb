"""The parts of a desk: each a heading with tasks or a table, and how many things wait in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_
from app.domain.permissions import Permission
from app.domain.workflow.plans import Action
from app.repositories.work import Work
from app.routers.pages import acts, meeting_desk, namesakes
from app.routers.pages import waiting as signing
from app.routers.pages.matters import WHY_ALIKE
from app.routers.pages.present import (
    Reader,
    holder,
    matter_href,
    next_step,
    number_link,
    task_on,
)
from app.routers.pages.sections import task_label
from app.routers.parts import Cell, Column, Figure, Link, Task
from app.services import desks, profiles
from app.services.desks import Desk

STUCK: Mapping[str, str] = {
    "no_handler": N_("Nobody handles it any more."),
    "no_signer": N_("Its request waits for the {role}, and nobody else holds that role."),
    "leaver": N_("Its handler left, and nobody nearer can hand it over: see the hand-over list."),
    "no_reviewer": N_("It was read in an emergency, and nobody may close the review."),
}


@dataclass(frozen=True)
class Section:
    """One part of a desk: tasks, or a table, or both; `empty` where there is nothing."""

    heading: str
    under: str = ""
    tasks: Sequence[Task] = ()
    columns: Sequence[Column] = ()
    rows: Sequence[Mapping[str, Cell]] = ()
    caption: str = ""
    figures: Sequence[Figure] = ()
    links: Sequence[Link] = ()
    empty: str = ""


@dataclass
class Made:
    """The desk as it grows: sections in their order, and how many things wait."""

    reader: Reader
    sections: list[Section] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    things: int = 0
    beside: str = ""  # what the reader looks after, but doesn't have to do

    def add(self, section: Section) -> None:
        self.sections.append(section)

    def tasks(self, heading: str, under: str, tasks: Sequence[Task]) -> None:
        """A section of nothing but tasks; the words are marked with N_ where they are written."""
        self.add(
            Section(heading=self.reader.say(heading), under=self.reader.say(under), tasks=tasks)
        )

    def counted(self, label: str, number: int, *, one: str = "") -> None:
        """`one`: the same of a single thing, where English wants the singular."""
        if number:
            self.things += number
            self.counts.append(self.reader.count(one or label, label, number))


# The first thing of whoever logs -----------------------------------------------------------------


def log(tx: Work, made: Made) -> None:
    say = made.reader.say
    heads = {grant.role for grant in tx.actor.grants} & desks.HEADS
    able = profiles.allowed(tx)
    if Permission.PETITIONS_LOG in able:
        text = N_("How it came, its class, the day, what it says and where; the rest may follow.")
        _log_task(made, say(N_("Log a petition")), say(text), "/log/petition")
    elif Permission.LEADS_LOG in able and not heads:
        text = N_("Source, date, what is alleged and the place; the rest may follow.")
        _log_task(made, say(N_("Log a lead")), say(text), "/log")


def _log_task(made: Made, label: str, text: str, href: str) -> None:
    task = Task(text=text, action=Link(label, href), main=True)
    made.add(Section(heading=label, tasks=[task]))


# Signatures ---------------------------------------------------------------------------------------


def to_sign(made: Made, found: Desk) -> None:
    reader, rows, lacking = made.reader, found.to_sign, found.hindered
    made.counted(N_("{count} to sign"), found.to_sign_count)
    all_ = [Link(reader.say(N_("To sign")), "/sign")] if found.to_sign_count > len(rows) else []
    made.add(
        Section(
            heading=reader.say(N_("Waits for my signature")),
            under=reader.say(N_("The oldest first")),
            tasks=[signing.oldest_task(reader, rows[0], lacking)] if rows else [],
            columns=signing.columns(reader),
            rows=[signing.cells_of(reader, row, lacking) for row in rows[1:]],
            caption=reader.say(N_("Other requests that wait for me, the oldest first")),
            links=[*all_, Link(reader.say(N_("What I signed")), "/sign/signed")],
            empty=reader.say(N_("Nothing waits for your signature.")),
        )
    )


def minutes(made: Made, rows: Sequence[Row]) -> None:
    if not rows:
        return
    one = N_("{count} set of minutes to see to")
    made.counted(N_("{count} sets of minutes to see to"), len(rows), one=one)
    under = N_("The recorder signs first, then the chair")
    made.tasks(N_("Minutes of study meetings"), under, meeting_desk.tasks(made.reader, rows))


def returned(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    made.counted(N_("{count} returned"), len(rows))
    tasks = [
        Task(
            text=reader.step(row["kind"], row["event"]),
            number=Link(row["number"], matter_href(row["matter_id"])),
            due=reader.due(row["due_on"]) if row["due_on"] else None,
            reason=reader.say(
                N_("{who}, {day}: “{words}”"),
                who=row["returned_by"], day=reader.written(row["returned_on"]),
                words=row["return_reason"] or "",
            ),
            action=Link(
                reader.say(N_("Ask again")),
                f"{matter_href(row['matter_id'])}/act/{row['event']}",
            ),
        )
        for row in rows
    ]  # fmt: skip
    made.tasks(N_("Came back to me"), N_("With the reason"), tasks)


# Matters ------------------------------------------------------------------------------------------


def _columns(reader: Reader, first: Column | None = None) -> list[Column]:
    return [
        *([first] if first else []),
        Column("number", reader.say(N_("Number")), "number"),
        Column("title", reader.say(N_("What is alleged")), "title"),
        Column("stage", reader.say(N_("Stage")), "stage"),
        Column("step", reader.say(N_("Next step")), "step", width="c-step-wide"),
        Column("due", reader.say(N_("Due")), "due"),
    ]


def _cells(reader: Reader, row: Row, steps: Mapping[UUID, Action]) -> dict[str, Cell]:
    step = steps.get(row["id"])
    return {
        "number": number_link(row),
        "title": row["title"],
        "stage": reader.stage_mark(row),
        "step": next_step(reader, row) if step is None else _step(reader, row, step),
        # The step says already that it has ended: a limit it has none.
        "due": reader.due(row["due_on"]) if row["closed_on"] is None else "",
    }


def _step(reader: Reader, row: Row, step: Action) -> Link:
    """The one next step, or why it can't be taken yet."""
    label = step.label.words(reader.locale)
    if step.allowed:
        return Link(label, f"{matter_href(row['id'])}/act/{step.event}")
    for each in step.reasons:
        if work := acts.work_first(reader, row["id"], each):
            return work
    why = reader.reason(step.reasons[0]) if step.reasons else ""
    return reader.quiet(N_("Not yet: {step}. {reason}"), step=label, reason=why)


def mine(made: Made, found: Desk) -> None:
    reader = made.reader
    made.counted(N_("{count} of mine"), len(found.mine))
    made.add(
        Section(
            heading=reader.say(N_("Mine")),
            under=reader.say(N_("By due date")),
            columns=_columns(reader),
            rows=[_cells(reader, row, found.steps) for row in found.mine],
            caption=reader.say(N_("Matters that I handle, by due date")),
            links=[Link(reader.say(N_("All of them in the ledger")), "/leads?mine=1&open=open")],
            empty=reader.say(N_("You handle nothing at the moment.")),
        )
    )


def to_take(made: Made, found: Desk) -> None:
    reader = made.reader
    made.counted(N_("{count} to take up"), len(found.to_take))
    made.add(
        Section(
            heading=reader.say(N_("To take up")),
            under=reader.say(N_("By due date")),
            columns=_columns(reader),
            rows=[_cells(reader, row, found.steps) for row in found.to_take],
            caption=reader.say(N_("Matters that wait for my next step, by due date")),
            empty=reader.say(N_("Nothing waits for you.")),
        )
    )


def counted(reader: Reader, number: int) -> str:
    """Desks count no further than they have to."""
    if number > desks.COUNTED:
        return reader.say(N_("more than {count}"), count=i18n.count(desks.COUNTED))
    return i18n.count(number)


def week(made: Made, rows: Sequence[Row], count: int) -> None:
    """Others' work, and so not among the things that wait for the reader."""
    reader = made.reader
    many = counted(reader, count)
    if count:
        words = N_("To look after: {count} overdue or due within a week.")
        made.beside = reader.say(words, count=many)
    columns = [
        Column("holder", reader.say(N_("Handler")), "text", width="c-holder"),
        Column("number", reader.say(N_("Number")), "number"),
        Column("title", reader.say(N_("What is alleged")), "title"),
        Column("step", reader.say(N_("Next step")), "step", width="c-step-wide"),
        Column("due", reader.say(N_("Due")), "due"),
    ]
    cells = [
        {
            "holder": holder(reader, row),
            "number": number_link(row),
            "title": row["title"],
            "step": next_step(reader, row),
            "due": reader.due(row["due_on"]),
        }
        for row in rows
    ]
    made.add(
        Section(
            heading=reader.say(N_("Due within a week")),
            under=reader.say(
                N_("Overdue ones too, by handler, the most urgent first: {shown} of {count}"),
                shown=len(rows),
                count=many,
            ),
            columns=columns,
            rows=cells,
            caption=reader.say(N_("Matters that are overdue or due within a week, by handler")),
            empty=reader.say(N_("Nothing turns red this week.")),
        )
    )


def stuck(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    made.counted(N_("{count} that nobody can act on"), len(rows))
    tasks = [
        task_on(
            row,
            Link(reader.say(N_("Open")), matter_href(row["id"])),
            key="id",
            reason=reader.say(
                STUCK[row["why"]], role=reader.role(row["role"]) if row["role"] else ""
            ),
        )
        for row in rows
    ]
    made.add(Section(heading=reader.say(N_("Nobody can act on it")), tasks=tasks))


def namesakes_to_answer(made: Made, rows: Sequence[Row]) -> None:
    """Whether somebody reported is the colleague of that name, matter by matter."""
    reader = made.reader
    made.counted(N_("{count} with a colleague’s name"), len(rows))
    made.tasks(
        N_("Is this your colleague?"),
        N_("Until it is said they see nothing of it, and never learn that it was asked"),
        [namesakes.task(reader, row) for row in rows],
    )


def links_to_decide(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    made.counted(N_("{count} who may have to keep off"), len(rows))
    tasks = [
        task_on(
            row,
            Link(
                reader.say(N_("Decide")),
                f"{matter_href(row['matter_id'])}/links/{row['account_id']}/{row['linked_id']}",
            ),
            due=reader.due(row["due_on"]),
            reason=reader.say(
                N_("{name} handles it, and {linked} names them or a near relative."),
                name=row["name"],
                linked=row["linked_number"],
            ),
        )
        for row in rows
    ]
    made.tasks(
        N_("Decide who goes on with it"),
        N_("Within two working days; until then their readings are recorded"),
        tasks,
    )


def accused(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    tasks = [
        task_on(
            row,
            Link(reader.say(N_("Open")), matter_href(row["matter_id"])),
            reason=reader.say(
                N_("{name} handles it, and is accused by {reports} within a year."),
                name=row["name"],
                reports=reader.listed([each["number"] for each in row["reports"]]),
            ),
        )
        for row in rows
    ]
    made.tasks(
        N_("Repeated accusations against handlers"),
        N_("They may be true, or meant to take somebody from a case"),
        tasks,
    )


def logged(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    made.add(
        Section(
            heading=reader.say(N_("What I handed in")),
            under=reader.say(N_("And how far it is")),
            columns=_columns(reader),
            rows=[_cells(reader, row, {}) for row in rows],
            caption=reader.say(N_("What I logged, newest first")),
            empty=reader.say(N_("You have logged nothing yet.")),
        )
    )


# What is owed, possible repeats -------------------------------------------------------------------


def owed(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    made.counted(N_("{count} owed to people"), len(rows))
    tasks = [
        Task(
            text=task_label(reader, row["matter_kind"], row["kind"]),
            number=Link(row["number"], matter_href(row["matter_id"])),
            due=reader.due(row["due_on"]) if row["due_on"] else None,
            action=Link(
                reader.say(N_("Record as done")),
                f"{matter_href(row['matter_id'])}/tasks/{row['id']}",
            ),
        )
        for row in rows
    ]
    made.tasks(N_("Owed to people"), N_("By due date"), tasks)


def repeats(made: Made, rows: Sequence[Row]) -> None:
    reader = made.reader
    made.counted(N_("{count} possible repeats"), len(rows), one=N_("{count} possible repeat"))
    tasks = [
        task_on(
            row,
            Link(reader.say(N_("Compare")), f"{matter_href(row['matter_id'])}#repeats"),
            lines=(
                reader.say(
                    N_("May be the same as {number}: {reason}."),
                    number=row["other_number"],
                    reason=reader.say(WHY_ALIKE.get((row["why"] or {}).get("reason", ""), "")),
                ),
            ),
        )
        for row in rows
    ]
    made.tasks(N_("Possible repeats"), N_("Nothing is merged unasked"), tasks)
