"""Whether somebody on a matter is the colleague of that name: asked, answered, and shown there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.core.db import Row
from app.domain.errors import N_
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages.entry import Entry, Open, version_of
from app.routers.pages.present import Reader, matter_href, task_on
from app.routers.parts import Act, Choice, Link, Task
from app.services import walls

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

PLACE = "/matters/{matter_id}/namesakes/{involvement_id}/{account_id}"
ANSWERS: Mapping[str, str] = {
    "them": N_("It is them"),
    "other": N_("It is somebody else"),
}
SAID: Mapping[str, str] = {
    "them": N_("{by} said on {day} that {name} is the colleague of that name: {who}."),
    "other": N_("{by} said on {day} that {name} is somebody else than the colleague: {who}."),
}


@dataclass(frozen=True)
class Told:
    """What was answered before, by whom and when, and why."""

    text: str
    reason: str


def _href(matter_id: UUID, row: Row) -> str:
    return f"{matter_href(matter_id)}/namesakes/{row['involvement_id']}/{row['account_id']}"


def _who(reader: Reader, row: Row) -> str:
    return reader.listed([each for each in (row["login"], row["unit_name"]) if each])


def _question(reader: Reader, row: Row) -> str:
    return reader.say(
        N_("A colleague has the name {name}: {who}. Is it them?"),
        name=row["person"], who=_who(reader, row),
    )  # fmt: skip


def _answer(reader: Reader, row: Row) -> str:
    return reader.say(
        SAID[row["answer"]], by=row["answered_by"], name=row["person"],
        day=reader.written(row["answered_on"]), who=_who(reader, row),
    )  # fmt: skip


def asked(reader: Reader, matter_id: UUID, rows: Sequence[Row]) -> list[Act]:
    """What is to be said, among what the reader may do now."""
    note = reader.say(N_("Until then they neither come onto it nor sign"))
    return [
        Act(_question(reader, row), _href(matter_id, row), note)
        for row in rows
        if row["answer"] is None
    ]


def task(reader: Reader, row: Row) -> Task:
    """The same on a desk, where many matters ask it."""
    answer = Link(reader.say(N_("Say whether it is them")), _href(row["matter_id"], row))
    return task_on(row, answer, reason=_question(reader, row))


def said(reader: Reader, matter_id: UUID, rows: Sequence[Row]) -> list[Task]:
    """What was said, by whom and why, below the people."""
    return [
        Task(
            text=_answer(reader, row),
            lines=(row["reason"],),
            action=Link(reader.say(N_("Say otherwise")), _href(matter_id, row)),
        )
        for row in rows
        if row["answer"] is not None
    ]  # fmt: skip


def _entry(involvement_id: UUID, account_id: UUID) -> Entry:
    def offers(it: Open) -> Mapping[str, object]:
        row = walls.namesake(it.tx, it.file.head["id"], involvement_id, account_id)
        return {
            "question": _question(it.reader, row),
            "earlier": Told(_answer(it.reader, row), row["reason"]) if row["answer"] else None,
            "answers": [Choice(key, it.reader.say(label)) for key, label in ANSWERS.items()],
        }

    return Entry(
        "pages/namesake.html", N_("A colleague of that name"),
        N_(
            "If it is them, they are walled off from {number} like anybody whom it names, and never"
            " learn why. If it is somebody else, nothing keeps them from it."
        ),
        N_("Answer"), f"/namesakes/{involvement_id}/{account_id}", "namesake_answered", offers,
    )  # fmt: skip


@router.get(PLACE)
def question(
    request: Request, caller: Reading, matter_id: UUID, involvement_id: UUID, account_id: UUID
) -> Response:
    return entry.show(request, caller, matter_id, _entry(involvement_id, account_id))


@router.post(PLACE)
def answer(
    request: Request, caller: Reading, matter_id: UUID, involvement_id: UUID, account_id: UUID,
    form: Form,
) -> Response:  # fmt: skip
    def do(tx: Work) -> None:
        given = entry.one_of(form, "answer", ANSWERS)
        walls.answer_namesake(
            tx, matter_id, involvement_id=involvement_id, account_id=account_id,
            them=given == "them", reason=form.text("reason"), seen_version=version_of(form),
        )  # fmt: skip

    return entry.post(request, caller, matter_id, _entry(involvement_id, account_id), form, do)
