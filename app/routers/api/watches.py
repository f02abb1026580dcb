"""What the reader watches, with what changed since they looked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.db import Row
from app.domain import errors
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.schemas.base import Listing
from app.schemas.watches import ViewRead, Watch, WatchedNumber, WatchedStep, WatchRead
from app.services import saved_views, watches
from app.services.watches import WatchedMatter, WatchedView

router = APIRouter(prefix="/me", tags=["matters"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("/views", response_model=Listing[ViewRead])
def list_views(caller: Reader) -> Response:
    """The filters of lists that the reader keeps under a name."""
    with caller.work("saved_views.list") as tx:
        rows = saved_views.every(tx)
    return answered(Listing[ViewRead](items=[ViewRead.model_validate(row) for row in rows]))


@router.get("/watches", response_model=Listing[WatchRead])
def list_watches(caller: Reader) -> Response:
    """What the reader watches, what changed first. Looking here counts as no visit."""
    with caller.work("watches.list") as tx:
        found = _mine(tx)
    return answered(found)


@router.post("/watches", status_code=201, response_model=Listing[WatchRead])
def begin_watch(caller: Reader, once: Once, body: Watch) -> Response:
    """Watch a matter, or a view, from now on; what is watched already stays so."""
    with caller.work("watches.begin") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            if body.matter_id is not None:
                with errors.named_in("matter_id"):
                    watches.watch_matter(tx, body.matter_id)
            elif body.view_id is not None:
                with errors.named_in("view_id"):
                    watches.watch_view(tx, body.view_id)
            slot.keep(_mine(tx))
    return slot.response()


@router.post("/watches/{watch_id}/seen", status_code=204)
def mark_watch_seen(caller: Reader, watch_id: UUID) -> Response:
    """What stands in a watched view was seen: only what changes from now on is told."""
    with caller.work("watches.seen") as tx:
        watches.look(tx, watch_id)
    return Response(status_code=204)


@router.delete("/watches/{watch_id}", status_code=204)
def end_watch(caller: Reader, watch_id: UUID) -> Response:
    """Watch it no more; it can be watched again."""
    with caller.work("watches.stop") as tx:
        watches.stop(tx, watch_id)
    return Response(status_code=204)


def _mine(tx: Work) -> Listing[WatchRead]:
    found = watches.mine(tx)
    items = [*map(_matter, found.matters), *map(_view, found.views)]
    return Listing[WatchRead](items=items)


def _matter(each: WatchedMatter) -> WatchRead:
    return WatchRead(
        id=each.id,
        seen_at=each.seen_at,
        matter_id=each.matter["matter_id"],
        number=each.matter["number"],
        steps=[WatchedStep.model_validate(row) for row in each.steps],
    )


def _view(each: WatchedView) -> WatchRead:
    return WatchRead(
        id=each.id,
        seen_at=each.seen_at,
        view=ViewRead(
            id=each.view["view_id"],
            kind=each.view["kind"],
            name=each.view["name"],
            query=each.view["query"],
        ),
        came=_numbers(each.came),
        left=_numbers(each.left),
        changed=_numbers(each.changed),
        too_many=each.too_many,
    )


def _numbers(rows: Sequence[Row]) -> list[WatchedNumber]:
    return [WatchedNumber.model_validate(row) for row in rows]
