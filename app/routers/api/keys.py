"""Keys for programs: one's own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.schemas.base import Listing
from app.schemas.keys import KeyCreate, KeyMade, KeyRead
from app.services import keys

router = APIRouter(prefix="/me/keys", tags=["keys"])

Mine = Annotated[Caller, Api(Permission.SELF)]


@router.get("", response_model=Listing[KeyRead])
def list_keys(caller: Mine) -> Response:
    """Those that live, the newest first."""
    with caller.work("keys.list") as tx:
        found = keys.list_keys(tx)
    return answered(Listing[KeyRead](items=[KeyRead.model_validate(row) for row in found]))


@router.post("", status_code=201, response_model=KeyMade)
def make_key(caller: Mine, body: KeyCreate) -> Response:
    """A key for a program, with a part of what I hold. Shown once. Needs fresh authentication.
    Not repeatable: no copy of it is kept."""
    with caller.work("keys.make") as tx:
        made = keys.make_key(tx, name=body.name, scope=body.scope, days=body.days)
        (row,) = (each for each in keys.list_keys(tx) if each["id"] == made.id)
    return answered(KeyMade.model_validate({**row, "key": made.secret}), status=201)


@router.delete("/{key_id}", status_code=204)
def revoke_key(caller: Mine, key_id: UUID) -> Response:
    """At once."""
    with caller.work("keys.revoke") as tx:
        keys.revoke_key(tx, key_id)
    return Response(status_code=204)
