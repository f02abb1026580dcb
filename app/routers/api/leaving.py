"""What somebody holds who leaves a post, and passing it on."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.ids import new_id
from app.domain.permissions import Permission
from app.routers.api.assignments import Key, read_result
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.schemas.assignments import AssignmentRead
from app.schemas.base import Listing
from app.schemas.leavers import HoldingRead, PassOn
from app.services import assignments, leavers

router = APIRouter(prefix="/accounts/{account_id}", tags=["matters"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("/holdings", response_model=Listing[HoldingRead])
def list_holdings(caller: Reader, account_id: UUID) -> Response:
    """What somebody holds on matters that the reader heads, whether they left or are about to."""
    with caller.work("leaving.read") as tx:
        rows = leavers.held_by(tx, account_id)
    return answered(Listing[HoldingRead](items=[HoldingRead.model_validate(row) for row in rows]))


@router.post("/hand-over", response_model=AssignmentRead)
def pass_on_holdings(
    caller: Reader, account_id: UUID, body: PassOn, idempotency_key: Key = None
) -> Response:
    """Give places on teams to somebody else, each on its own, with a result for each."""
    handed = assignments.HandedOn(
        account_id=account_id, to_account=body.to_account, reason=body.reason, items=body.items
    )
    key = f"sent {idempotency_key}" if idempotency_key else f"once {new_id()}"
    with caller.work("leaving.begin") as tx:
        leavers.held_by(tx, account_id)
        run = assignments.begin_hand_over(tx, handed, key=key)
    assignments.carry_out(caller.work, run, handed)
    return read_result(caller, run)
