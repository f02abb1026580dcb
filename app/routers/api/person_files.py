"""Opening a person's file, who did, and the former posts in it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing
from app.schemas.person_files import FileOpen, FormerPostCreate, FormerPostRead, OpeningRead
from app.services import person_files

router = APIRouter(tags=["people"])

PeopleReader = Annotated[Caller, Api(Permission.PEOPLE_READ)]
PeopleWriter = Annotated[Caller, Api(Permission.PEOPLE_WRITE)]
Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.post("/people/{person_id}/openings", status_code=201, response_model=OpeningRead)
def open_file(caller: PeopleReader, person_id: UUID, once: Once, body: FileOpen) -> Response:
    """Open a person's file for an hour, in this session. It is written down."""
    with caller.work("people.open_file") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            person_files.open_file(tx, person_id, reason=body.reason)
            slot.keep(OpeningRead.model_validate(person_files.last_opening(tx, person_id)))
    return slot.response()


@router.get("/openings", response_model=Listing[OpeningRead])
def list_openings(
    caller: Reader,
    paging: Paging,
    person: Annotated[UUID | None, Query(description="Of whose file")] = None,
) -> Response:
    """Who opened whose file, when and why: one's own openings, and those that one supervises."""
    after = paging.after("openings", lambda at, i: (datetime.fromisoformat(at), UUID(i)))
    with caller.work("people.openings") as tx:
        found = person_files.openings(tx, person, after=after, limit=paging.wanted)
    rows, following = paging.part(
        "openings", found, lambda row: (row["opened_at"].isoformat(), row["id"])
    )
    items = [OpeningRead.model_validate(row) for row in rows]
    return answered(Listing[OpeningRead](items=items, next=following))


@router.get("/people/{person_id}/posts", response_model=Listing[FormerPostRead])
def list_former_posts(caller: PeopleReader, person_id: UUID) -> Response:
    """Where somebody worked before; a part of the person's file."""
    with caller.work("people.posts") as tx:
        return answered(_posts(tx, person_id))


@router.post("/people/{person_id}/posts", status_code=201, response_model=Listing[FormerPostRead])
def add_former_post(
    caller: PeopleWriter, person_id: UUID, once: Once, body: FormerPostCreate
) -> Response:
    """Where somebody worked before: a unit, or a place outside the tree."""
    with caller.work("people.add_post") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            person_files.add_post(tx, person_id, **body.model_dump())
            slot.keep(_posts(tx, person_id))
    return slot.response()


@router.delete("/people/{person_id}/posts/{post_id}", status_code=204)
def withdraw_former_post(
    caller: PeopleWriter, person_id: UUID, post_id: UUID, seen: SeenVersion
) -> Response:
    """Entered by mistake. `If-Match` is the person's."""
    with caller.work("people.withdraw_post") as tx:
        person_files.withdraw_post(tx, person_id, post_id, seen_version=seen)
    return Response(status_code=204)


def _posts(tx: Work, person_id: UUID) -> Listing[FormerPostRead]:
    rows = person_files.posts(tx, person_id)
    return Listing[FormerPostRead](items=[FormerPostRead.model_validate(row) for row in rows])
