"""Keeping what is typed into a form: by its own button, or by the script while somebody types."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from app.core import i18n
from app.domain.errors import N_, NotFound
from app.domain.permissions import Permission
from app.routers import begun
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.desk_parts import Made, Section
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader
from app.routers.parts import Link, Task
from app.routers.sendings import DRAFT
from app.routers.templating import render
from app.services import drafts
from app.services.drafts import Draft

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.SELF)]
Form = Annotated[Submitted, Depends(submitted)]

ON_DESK = 3


@router.post("/drafts")
def save(request: Request, caller: Mine, form: Form) -> Response:
    """Answers the script with the draft's key and version; else leads back to the form."""
    caller.unsent()
    address = begun.address_in(form)
    if address is None:
        raise NotFound
    with caller.work("drafts.save") as tx:
        draft_id, version = drafts.save(
            tx,
            draft_id=form.draft,
            version=begun.version_in(form),
            address=address,
            values=begun.values_in(form),
        )
    if "application/json" in request.headers.get("accept", ""):
        saved = i18n.table_time(tx.moment_of(tx.now), tx.office.clock.zone)
        return JSONResponse({"id": str(draft_id), "version": version, "saved": saved[-5:]})
    return RedirectResponse(begun.choosing(address, draft_id), status_code=303)


@router.post("/drafts/discard")
def discard(caller: Mine, form: Form) -> Response:
    """Back to an empty form, or to the list that it was thrown away from; with a way back."""
    caller.unsent()
    address = begun.address_in(form)
    thrown = None
    with caller.work("drafts.discard") as tx:
        if form.draft is not None and drafts.throw_away(tx, form.draft):
            thrown = form.draft
    place = "/drafts?" if address is None else f"{begun.choosing(address, begun.NONE)}&"
    return RedirectResponse(
        f"{place}{begun.THROWN}={thrown}" if thrown else place[:-1], status_code=303
    )


@router.post("/drafts/bring-back")
def bring_back(caller: Mine, form: Form) -> Response:
    """To its form, filled in again."""
    caller.unsent()
    try:
        draft_id = UUID(form.secret(DRAFT + "thrown"))
    except ValueError:
        raise NotFound from None
    with caller.work("drafts.bring_back") as tx:
        address = drafts.bring_back(tx, draft_id)
    return RedirectResponse(begun.choosing(address, draft_id), status_code=303)


@router.get("/drafts")
def list_drafts(request: Request, caller: Mine) -> Response:
    with caller.work("drafts.list") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="desk")
        mine = drafts.mine(tx)
    listed = [(each.id, _form(reader, each), each.number or "", each.saved_at) for each in mine]
    thrown = begun.thrown_in(request.query_params.get(begun.THROWN, ""))
    return render(request, "pages/drafts.html", frame=frame, mine=listed, thrown=thrown)


def _form(reader: Reader, draft: Draft) -> Link:
    return Link(reader.say(begun.kind_of(draft.address) or N_("A form")), begun.link(draft))


def on_desk(made: Made, mine: list[Draft]) -> None:
    """The newest of what the reader began, to go on with."""
    reader = made.reader
    tasks = [
        Task(
            text=_form(reader, each).text,
            number=Link(each.number) if each.number else None,
            action=Link(reader.say(N_("Go on")), begun.link(each)),
        )
        for each in mine[:ON_DESK]
    ]
    every = reader.count(N_("{count} draft"), N_("All {count} drafts"), len(mine))
    made.add(
        Section(
            heading=reader.say(N_("Drafts")),
            under=reader.say(N_("Begun, and not sent yet")),
            tasks=tasks,
            links=[Link(every, "/drafts")],
        )
    )
