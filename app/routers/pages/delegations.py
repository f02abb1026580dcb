"""Standing in: who does my work while I am away, and for whom I do."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Conflict, Invalid
from app.domain.permissions import Permission
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.entry import day_of
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader
from app.routers.parts import Choice, Filled
from app.routers.templating import render
from app.services import accounts, delegations

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.SELF)]
Form = Annotated[Submitted, Depends(submitted)]


def colleagues(rows: list[Row]) -> list[Choice]:
    """Others who work on matters, grouped by where they work; chosen by their login."""
    return [Choice(row["login"], row["name"], group=row["unit_name"] or "") for row in rows]


@router.get("/me/standing-in")
def standing_in(request: Request, caller: Mine) -> Response:
    return _page(request, caller, Filled(), 200)


@router.post("/me/standing-in")
def delegate(request: Request, caller: Mine, form: Form) -> Response:
    try:
        last_day = day_of(form, "last_day")
        if last_day is None:
            raise Invalid.of("last_day", N_("This has to be filled in."))
        with caller.work("delegations.delegate") as tx:
            delegations.delegate(
                tx,
                login=form.text("login"),
                reason=form.text("reason"),
                begins_on=day_of(form, "begins_on"),
                last_day=last_day,
            )
    except Invalid as invalid:
        return _page(request, caller, Filled.refused(form.values, invalid), 422)
    except Conflict as conflict:
        refused = Filled(form.values, {"login": conflict.reason})
        return _page(request, caller, refused, conflict.status)
    return RedirectResponse("/me/standing-in", status_code=303)


@router.post("/me/standing-in/{delegation_id}/end")
def end(caller: Mine, delegation_id: UUID) -> Response:
    with caller.work("delegations.end") as tx:
        delegations.end(tx, delegation_id)
    return RedirectResponse("/me/standing-in", status_code=303)


def _page(request: Request, caller: Caller, form: Filled, status: int) -> Response:
    with caller.work("delegations.list") as tx:
        frame = frame_for(request, caller, tx)
        reader = Reader.of(caller, tx)
        rows = delegations.mine(tx)
        offered = colleagues(accounts.colleagues(tx)) if tx.actor.reads_content else []
    return render(
        request,
        "pages/standing_in.html",
        frame=frame,
        status_code=status,
        form=form,
        people=offered,
        rows=[{**row, "words": _words(reader, row)} for row in rows],
    )


def _words(reader: Reader, row: Row) -> str:
    text = (
        N_("{name} stands in for you from {first} to {last}.")
        if row["given"]
        else N_("You stand in for {name} from {first} to {last}.")
    )
    return reader.say(
        text,
        name=row["to_name"] if row["given"] else row["from_name"],
        first=reader.written(row["begins_on"]),
        last=reader.written(row["ends_on"] - timedelta(days=1)),
    )
