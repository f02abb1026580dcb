"""The hand-over list of whoever heads matters of somebody who left."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from app.core import i18n
from app.domain.errors import Invalid, PlumblineError
from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.schemas.base import Listing
from app.schemas.leavers import HandedOn, HandOn, LeftItem, LeftOverRead
from app.services import leavers

router = APIRouter(prefix="/left-over", tags=["matters"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("", response_model=Listing[LeftOverRead])
def list_left_over(caller: Reader) -> Response:
    """What ended accounts still hold on matters that the reader heads."""
    with caller.work("leavers.list") as tx:
        rows = leavers.left_over(tx)
    return answered(Listing[LeftOverRead](items=[LeftOverRead.model_validate(row) for row in rows]))


@router.post("/hand-over", response_model=Listing[HandedOn])
def hand_left_over(caller: Reader, body: HandOn) -> Response:
    """Give places on teams to somebody else: one or several, with a result for each."""
    with caller.work("leavers.recipient") as tx:
        leavers.refuse_unknown(tx, body.to_account)
    return answered(Listing[HandedOn](items=[_one(caller, body, each) for each in body.items]))


def _one(caller: Caller, body: HandOn, item: LeftItem) -> HandedOn:
    refused = None
    try:
        with caller.work("leavers.hand_on") as tx:
            leavers.hand_on(
                tx, item.matter_id, item.account_id, to_account=body.to_account, reason=body.reason
            )
    except PlumblineError as error:
        reason = error.errors[0].reason if isinstance(error, Invalid) else error.reason
        refused = i18n.translate(caller.locale, reason.message, reason.values)
    return HandedOn(
        matter_id=item.matter_id, account_id=item.account_id, done=refused is None, refused=refused
    )
