"""A person's file: why it is opened, who opened whose, and the former posts in it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Invalid
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader
from app.routers.paging import Paging
from app.routers.parts import Cell, Choice, Column, Filled, Link
from app.routers.templating import render
from app.services import ledger, people, person_files, units

router = APIRouter()

PeopleReader = Annotated[Caller, Page(Permission.PEOPLE_READ)]
PeopleWriter = Annotated[Caller, Page(Permission.PEOPLE_WRITE)]
Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

ELSEWHERE = "elsewhere"
MOST_UNITS = 5000


@router.post("/people/{person_id}/open")
def open_file(request: Request, caller: PeopleReader, person_id: UUID, form: Form) -> Response:
    """With the reason that was given; then to the file."""
    try:
        with caller.work("people.open_file") as tx:
            person_files.open_file(tx, person_id, reason=form.text("reason"))
    except Invalid as invalid:
        return ask(request, caller, person_id, Filled.refused(form.values, invalid), 422)
    return RedirectResponse(f"/people/{person_id}", status_code=303)


def ask(
    request: Request, caller: Caller, person_id: UUID, form: Filled | None = None, status: int = 403
) -> Response:
    """Instead of a file that is closed: why does its reader open it?"""
    with caller.work("people.closed") as tx:
        frame = frame_for(request, caller, tx, current="people")
        row = people.look_at(tx, person_id)
    return render(
        request, "pages/person_open.html", frame=frame, person=row, form=form or Filled(),
        status_code=status,
    )  # fmt: skip


@router.get("/openings")
def openings(request: Request, caller: Reading, paging: Paging) -> Response:
    """Who opened whose file: one's own openings, and those that one supervises."""
    after = paging.after("openings", lambda at, i: (datetime.fromisoformat(at), UUID(i)))
    with caller.work("people.openings") as tx:
        frame = frame_for(request, caller, tx, current="people")
        person = _asked(request)
        found = person_files.openings(tx, person, after=after, limit=paging.wanted)
        reader = Reader.of(caller, tx)
        reads = tx.actor.may(Permission.PEOPLE_READ)
    rows, following = paging.part(
        "openings", found, lambda row: (row["opened_at"].isoformat(), row["id"])
    )
    narrowed = f"&person={person}" if person else ""
    return render(
        request, "pages/openings.html", frame=frame,
        columns=[
            Column("at", reader.say(N_("Opened"))),
            Column("by", reader.say(N_("By")), "person"),
            Column("whose", reader.say(N_("Whose file")), "person"),
            Column("why", reader.say(N_("Why"))),
        ],
        rows=[_row(reader, row, reads) for row in rows],
        following=f"/openings?cursor={following}{narrowed}" if following else None,
    )  # fmt: skip


def _asked(request: Request) -> UUID | None:
    try:
        return UUID(request.query_params["person"])
    except (KeyError, ValueError):
        return None


def _row(reader: Reader, row: Row, reads: bool) -> dict[str, Cell]:
    why = [row["reason"]] if row["reason"] else []
    if row["number"]:
        why.append(reader.say(N_("handles {number}"), number=row["number"]))
    elif row["matter_id"]:
        why.append(reader.say(N_("handles a matter of this person's")))
    elif not why:
        why.append(reader.say(N_("entered the person")))
    return {
        "at": reader.moment(row["opened_at"]),
        "by": row["account"],
        "whose": Link(row["person"], f"/people/{row['person_id']}") if reads else row["person"],
        "why": reader.text(*why),
    }


def posts_of(tx: Work, reader: Reader, person_id: UUID) -> dict[str, object]:
    """The section of former posts in a person's file."""
    places = units.list_units(tx, limit=MOST_UNITS) if tx.actor.may(Permission.PEOPLE_WRITE) else []
    return {
        "posts": [
            {**row, "words": reader.listed(_words(row))}
            for row in person_files.posts(tx, person_id)
        ],
        "places": [
            Choice(ELSEWHERE, reader.say(N_("outside the district"))),
            *(Choice(str(each["id"]), each["name"]) for each in places),
        ],
    }


def _words(row: Row) -> list[str]:
    months = f"{row['begins'] or '…'} – {row['ends'] or '…'}"
    told = [row["position"], months if row["begins"] or row["ends"] else None]
    return [each for each in told if each]


@router.post("/people/{person_id}/posts")
def add_post(caller: PeopleWriter, person_id: UUID, form: Form) -> Response:
    unit, place = form.text("unit_id"), ledger.text_in(form.text("place"), "place")
    with caller.work("people.add_post") as tx:
        person_files.add_post(
            tx,
            person_id,
            unit_id=_unit(unit),
            place=place if unit in ("", ELSEWHERE) else None,
            position=ledger.text_in(form.text("position"), "position"),
            begins=ledger.text_in(form.text("begins"), "begins"),
            ends=ledger.text_in(form.text("ends"), "ends"),
        )
    return RedirectResponse(f"/people/{person_id}#posts", status_code=303)


def _unit(text: str) -> UUID | None:
    if text in ("", ELSEWHERE):
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Invalid.of("unit_id", N_("Choose one.")) from None


@router.post("/people/{person_id}/posts/{post_id}/end")
def withdraw_post(caller: PeopleWriter, person_id: UUID, post_id: UUID) -> Response:
    with caller.work("people.withdraw_post") as tx:
        person_files.withdraw_post(tx, person_id, post_id)
    return RedirectResponse(f"/people/{person_id}#posts", status_code=303)
