"""Emergency reads: declared, read and ended by who declares, reviewed by who heads the matter."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.api import reads
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing
from app.schemas.emergencies import (
    EmergencyDeclare,
    EmergencyOnMatter,
    EmergencyRead,
    EmergencyReview,
    EmergencyWaiting,
)
from app.schemas.matters import MatterRead
from app.services import emergencies

router = APIRouter(tags=["access"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


def _mine(tx: Work) -> Listing[EmergencyRead]:
    rows = emergencies.mine(tx)
    return Listing[EmergencyRead](items=[EmergencyRead.model_validate(row) for row in rows])


@router.get("/emergencies", response_model=Listing[EmergencyRead])
def list_emergencies(caller: Reader) -> Response:
    """What the reader declared, the newest first."""
    with caller.work("emergencies.list") as tx:
        return answered(_mine(tx))


@router.post("/emergencies", status_code=201, response_model=Listing[EmergencyRead])
def declare_emergency(caller: Reader, once: Once, body: EmergencyDeclare) -> Response:
    """Open a matter that can't wait, to be read for some hours. Whoever heads it is told."""
    with caller.work("emergencies.declare") as tx:
        slot = once.slot(tx, body)
        opened = not slot.fresh or emergencies.declare(tx, **dict(body)) is not None
        if slot.fresh and opened:
            slot.keep(_mine(tx))
        elif slot.fresh:
            slot.drop()
    if not opened:  # after the block: the try stays counted
        raise NotFound
    return slot.response()


@router.get("/emergencies/to-review", response_model=Listing[EmergencyWaiting])
def list_emergencies_to_review(caller: Reader) -> Response:
    """What waits for the reader's review, the oldest first."""
    with caller.work("emergencies.to_review") as tx:
        rows = emergencies.to_review(tx)
    return answered(
        Listing[EmergencyWaiting](items=[EmergencyWaiting.model_validate(row) for row in rows])
    )


@router.post("/emergencies/{emergency_id}/read", response_model=MatterRead)
def read_in_emergency(caller: Reader, emergency_id: UUID) -> Response:
    """The matter, without what is sealed. A POST, since each reading is recorded."""
    with caller.work("emergencies.write_reading") as tx:
        reading = emergencies.write_reading(tx, emergency_id)
    with caller.work("emergencies.read") as tx:
        file = emergencies.read(tx, reading)
    return answered(reads.matter(file, caller.locale), version=file.head["version"])


@router.post("/emergencies/{emergency_id}/end", status_code=204)
def end_emergency(caller: Reader, emergency_id: UUID) -> Response:
    """Before its time, by who declared it."""
    with caller.work("emergencies.end") as tx:
        emergencies.end(tx, emergency_id)
    return Response(status_code=204)


@router.get("/matters/{matter_id}/emergencies", response_model=Listing[EmergencyOnMatter])
def list_emergencies_on_matter(caller: Reader, matter_id: UUID) -> Response:
    """All that were declared on a matter, for whoever works on it."""
    with caller.work("emergencies.on_matter") as tx:
        rows = emergencies.on_matter(tx, matter_id)
    return answered(
        Listing[EmergencyOnMatter](items=[EmergencyOnMatter.model_validate(row) for row in rows])
    )


@router.post("/matters/{matter_id}/emergencies/{emergency_id}/review", status_code=204)
def review_emergency(
    caller: Reader, matter_id: UUID, emergency_id: UUID, seen: SeenVersion, body: EmergencyReview
) -> Response:
    """Close the review with a finding: by whoever heads the matter and stands above the reader."""
    with caller.work("emergencies.review") as tx:
        emergencies.review(
            tx, matter_id, emergency_id, justified=body.justified, words=body.review,
            seen_version=seen,
        )  # fmt: skip
    return Response(status_code=204)
