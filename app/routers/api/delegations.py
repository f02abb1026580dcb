"""Standing in for somebody who is away."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.schemas.base import Listing
from app.schemas.delegations import Delegate, DelegationRead
from app.services import delegations

router = APIRouter(prefix="/me/delegations", tags=["accounts"])

Anybody = Annotated[Caller, Api(Permission.SELF)]


@router.get("", response_model=Listing[DelegationRead])
def list_delegations(caller: Anybody) -> Response:
    """Who stands in for me, and for whom I stand in."""
    with caller.work("delegations.list") as tx:
        found = _mine(tx)
    return answered(found)


@router.post("", status_code=201, response_model=Listing[DelegationRead])
def delegate_roles(caller: Anybody, once: Once, body: Delegate) -> Response:
    """Let a colleague hold what I hold, between two days."""
    with caller.work("delegations.delegate") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            delegations.delegate(
                tx,
                login=body.login,
                reason=body.reason,
                begins_on=body.begins_on,
                last_day=body.last_day,
            )
            slot.keep(_mine(tx))
    return slot.response()


@router.post("/{delegation_id}/end", status_code=204)
def end_delegation(caller: Anybody, delegation_id: UUID) -> Response:
    """From now on: by whoever gave it."""
    with caller.work("delegations.end") as tx:
        delegations.end(tx, delegation_id)
    return Response(status_code=204)


def _mine(tx: Work) -> Listing[DelegationRead]:
    rows = delegations.mine(tx)
    return Listing[DelegationRead](items=[DelegationRead.model_validate(row) for row in rows])
