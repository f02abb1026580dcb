"""Who keeps off a matter by decision: what is to be decided, and lifting it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing
from app.schemas.walls import (
    LinkDecide,
    LinkToDecide,
    NamesakeAnswer,
    NamesakeRead,
    WallLift,
    WallRead,
)
from app.services import walls

router = APIRouter(tags=["access"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("/links-to-decide", response_model=Listing[LinkToDecide])
def list_links_to_decide(caller: Reader) -> Response:
    """Handlers of what the reader heads whom a linked matter names, the oldest first."""
    with caller.work("walls.to_decide") as tx:
        rows = walls.to_decide(tx)
    return answered(Listing[LinkToDecide](items=[LinkToDecide.model_validate(row) for row in rows]))


@router.post("/matters/{matter_id}/links/decide", status_code=204)
def decide_link(caller: Reader, matter_id: UUID, seen: SeenVersion, body: LinkDecide) -> Response:
    """Decide whether a handler keeps off the matter because a linked one names them."""
    with caller.work("walls.decide") as tx:
        walls.decide(tx, matter_id, **body.model_dump(), seen_version=seen)
    return Response(status_code=204)


@router.get("/matters/{matter_id}/namesakes", response_model=Listing[NamesakeRead])
def list_namesakes(caller: Reader, matter_id: UUID) -> Response:
    """Colleagues with the name of somebody on the matter, asked and answered, for whoever heads it,
    or keeps the petition. Nobody is told of themselves."""
    with caller.work("walls.namesakes") as tx:
        rows = walls.namesakes(tx, matter_id)
    return answered(Listing[NamesakeRead](items=[NamesakeRead.model_validate(row) for row in rows]))


@router.post("/matters/{matter_id}/namesakes/answer", status_code=204)
def answer_namesake(
    caller: Reader, matter_id: UUID, seen: SeenVersion, body: NamesakeAnswer
) -> Response:
    """Say whether somebody on the matter is the colleague of that name, who is then walled off."""
    with caller.work("walls.answer_namesake") as tx:
        walls.answer_namesake(tx, matter_id, **body.model_dump(), seen_version=seen)
    return Response(status_code=204)


@router.get("/matters/{matter_id}/walls", response_model=Listing[WallRead])
def list_walls(caller: Reader, matter_id: UUID) -> Response:
    """What was declared or decided, with the reason, for whoever heads the matter. Whom the matter
    names, and their relatives, are not in it."""
    with caller.work("walls.read") as tx:
        rows = walls.to_lift(tx, matter_id)
    return answered(Listing[WallRead](items=[WallRead.model_validate(row) for row in rows]))


@router.post("/matters/{matter_id}/walls/{account_id}/lift", status_code=204)
def lift_wall(
    caller: Reader, matter_id: UUID, account_id: UUID, seen: SeenVersion, body: WallLift
) -> Response:
    """They may work on the matter again."""
    with caller.work("walls.lift") as tx:
        walls.lift(tx, matter_id, account_id, reason=body.reason, seen_version=seen)
    return Response(status_code=204)
