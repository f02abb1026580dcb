"""Releases of what is sealed of a petition: who reported, and the original wording."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing
from app.schemas.releases import (
    PetitionBehind,
    ReleaseAsk,
    ReleaseDecide,
    ReleasedRead,
    ReleaseRead,
)
from app.services import releases

router = APIRouter(tags=["petitions"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("/releases", response_model=Listing[ReleaseRead])
def list_releases(caller: Reader) -> Response:
    """What waits for the reader's decision, and what they asked for that waits or is open."""
    with caller.work("releases.list") as tx:
        rows = releases.mine(tx)
    return answered(Listing[ReleaseRead](items=[ReleaseRead.model_validate(row) for row in rows]))


@router.get("/matters/{matter_id}/petitions-behind", response_model=Listing[PetitionBehind])
def list_petitions_behind(caller: Reader, matter_id: UUID) -> Response:
    """Where a lead or case came from, as far as the reader may ask for what is sealed of it."""
    with caller.work("releases.behind") as tx:
        rows = releases.behind(tx, matter_id)
    items = [PetitionBehind.model_validate(row) for row in rows]
    return answered(Listing[PetitionBehind](items=items))


@router.get("/petitions/{petition_id}/releases", response_model=Listing[ReleaseRead])
def list_releases_of_petition(caller: Reader, petition_id: UUID) -> Response:
    """Everything that was asked for, for who asked, decides, or keeps the seal."""
    with caller.work("releases.of_petition") as tx:
        found = _of_petition(tx, petition_id)
    return answered(found)


def _of_petition(tx: Work, petition_id: UUID) -> Listing[ReleaseRead]:
    rows = releases.of_petition(tx, petition_id)
    return Listing[ReleaseRead](items=[ReleaseRead.model_validate(row) for row in rows])


@router.post(
    "/petitions/{petition_id}/releases", status_code=201, response_model=Listing[ReleaseRead]
)
def ask_release(caller: Reader, petition_id: UUID, once: Once, body: ReleaseAsk) -> Response:
    """Ask for what is sealed, with a reason. The head of petitions or the chief decides."""
    with caller.work("releases.ask") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            releases.ask(tx, petition_id, **body.model_dump())
            slot.keep(_of_petition(tx, petition_id))
    return slot.response()


@router.post("/petitions/{petition_id}/releases/{release_id}/decide", status_code=204)
def decide_release(
    caller: Reader, petition_id: UUID, release_id: UUID, seen: SeenVersion, body: ReleaseDecide
) -> Response:
    """Release it for three working days, or refuse it."""
    with caller.work("releases.decide") as tx:
        releases.decide(
            tx, petition_id, release_id, approved=body.approved, reason=body.reason,
            seen_version=seen,
        )  # fmt: skip
    return Response(status_code=204)


@router.post("/releases/{release_id}/read", response_model=ReleasedRead)
def read_released(caller: Reader, release_id: UUID) -> Response:
    """What was released to the reader. A POST, since each reading is recorded."""
    with caller.work("releases.read") as tx:
        found = releases.read(tx, release_id)
    return answered(
        ReleasedRead(
            name=found.reporter.name if found.reporter else None,
            contact=found.reporter.contact if found.reporter else None,
            wording=found.wording,
        )
    )


@router.post("/releases/{release_id}/end", status_code=204)
def end_release(caller: Reader, release_id: UUID) -> Response:
    """Before its time: by who reads it, or by who could release it."""
    with caller.work("releases.end") as tx:
        releases.end(tx, release_id)
    return Response(status_code=204)
