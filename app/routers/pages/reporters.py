"""Who reported, for intake alone: reading the sealed name, and telling them what they are owed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Invalid, NotFound
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import unsealing
from app.routers.pages.desk_parts import Made
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href, task_on
from app.routers.parts import Filled, Link
from app.routers.templating import render
from app.services import matters, petitions, reporters
from app.services.matters import MatterFile

router = APIRouter()

Intake = Annotated[Caller, Page(Permission.PETITIONS_LOG)]
Form = Annotated[Submitted, Depends(submitted)]


@router.get("/matters/{matter_id}/tell")
def tell(request: Request, caller: Intake, matter_id: UUID) -> Response:
    """What the reporter is owed; who it is shows once the contact is read."""
    with caller.work("petitions.to_tell") as tx:
        file = matters.read_matter(tx, matter_id)
        if not file.own.get("keeps") or not file.own.get("named"):
            raise NotFound
        reader = Reader.of(caller, tx).following(tx, file.head["profile_id"])
        owed = _owed(tx, reader, file)
        said = [unsealing.duty(reader, each) for each in reporters.of_petition(tx, file)]
        frame = frame_for(request, caller, tx, current="ledgers")
    return render(
        request,
        "pages/reporter_tell.html",
        frame=frame,
        head=file.head,
        crumb=Link(file.head["number"], matter_href(matter_id)),
        said=said,
        owed=owed,
        address=matter_href(matter_id),
    )


@router.post("/matters/{matter_id}/reporter")
def read_reporter(request: Request, caller: Intake, matter_id: UUID) -> Response:
    """Who reported. A POST, since each reading is recorded; the page is never kept."""
    return _shown(request, caller, matter_id, Filled(), 200)


def _shown(
    request: Request, caller: Caller, matter_id: UUID, form: Filled, status: int
) -> Response:
    with caller.work("petitions.read_reporter") as tx:
        file = matters.read_matter(tx, matter_id)
        reader = Reader.of(caller, tx).following(tx, file.head["profile_id"])
        found = petitions.read_reporter(tx, matter_id)
        owed = _owed(tx, reader, file)
        frame = frame_for(request, caller, tx, current="ledgers")
    return render(
        request,
        "pages/reporter.html",
        frame=frame,
        crumb=Link(file.head["number"], matter_href(matter_id)),
        reporter=found,
        owed=owed,
        address=matter_href(matter_id),
        form=form,
        status_code=status,
    )


@router.post("/matters/{matter_id}/reporter/tie")
def tie_reporter(request: Request, caller: Intake, matter_id: UUID, form: Form) -> Response:
    """Say who it is, by number; the page that follows is the same whoever it was. Where the number
    is none, the page comes back with what was typed: a reading of its own."""
    try:
        with caller.work("petitions.tie_reporter") as tx:
            petitions.tie_reporter(tx, matter_id, id_number=form.text("id_number"))
            sees = matters.still_sees(tx, matter_id)
    except Invalid as invalid:
        return _shown(request, caller, matter_id, Filled.refused(form.values, invalid), 422)
    return RedirectResponse(matter_href(matter_id) if sees else "/desk", status_code=303)


@router.post("/matters/{matter_id}/reporter/untie")
def untie_reporter(caller: Intake, matter_id: UUID) -> Response:
    with caller.work("petitions.untie_reporter") as tx:
        petitions.untie_reporter(tx, matter_id)
    return RedirectResponse(matter_href(matter_id), status_code=303)


def _owed(tx: Work, reader: Reader, file: MatterFile) -> list[Link]:
    """The step that records each duty which isn't met yet."""
    return [
        Link(
            reader.step(file.kind, each.event),
            f"{matter_href(file.head['id'])}/act/{each.event}",
        )
        for each in reporters.of_petition(tx, file)
        if each.told_on is None
    ]


def on_desk(made: Made, rows: Sequence[Row]) -> None:
    """Whom intake still has to tell, by due date."""
    reader = made.reader
    made.counted(N_("{count} to be told something"), len(rows))
    tasks = [
        task_on(
            row,
            Link(reader.say(N_("Tell them")), f"{matter_href(row['matter_id'])}/tell"),
            lines=(reader.clock(row["kind"], row["rule"]),),
            due=reader.due(row["due_on"]),
        )
        for row in rows
    ]
    made.tasks(
        N_("Reporters to tell"),
        N_("Through the sealed contact; nobody else learns who it is"),
        tasks,
    )
