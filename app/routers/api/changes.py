"""What changed, for a program that follows."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.asking import Query
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.schemas.changes import ChangeRead, ChangesQuery, ChangesRead
from app.services import changes

router = APIRouter(prefix="/changes", tags=["changes"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("", response_model=ChangesRead, responses={410: {}})
def list_changes(caller: Reader, asked: Annotated[ChangesQuery, Query(ChangesQuery)]) -> Response:
    """On which matters something happened, in an order in which nothing is missed or repeated.

    Ask once without `after`, read all lists, then go on with each `next`. What came into sight
    is told by `access`. 410 says to begin anew: after a restore, or when your roles change.
    """
    with caller.work("changes.list") as tx:
        part = changes.follow(tx, asked.after, limit=asked.limit)
    items = [ChangeRead.model_validate(item) for item in part.items]
    return answered(ChangesRead(items=items, next=part.next, more=part.more, lag_seconds=part.lag))
