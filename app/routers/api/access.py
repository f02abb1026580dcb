"""Who can see a matter, keeping off one, and the near relatives for whom a wall follows."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.domain.policies import Reason
from app.routers import seeing
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.routers.preconditions import SeenVersion
from app.schemas.access import (
    AccessRead,
    GrantRead,
    KeepOff,
    KeptOffRead,
    LetSee,
    ReasonRead,
    RelativeDeclare,
    RelativeRead,
    SeerRead,
)
from app.schemas.base import Listing
from app.services import access, walls

router = APIRouter(tags=["access"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]
PeopleReader = Annotated[Caller, Api(Permission.PEOPLE_READ)]
PeopleWriter = Annotated[Caller, Api(Permission.PEOPLE_WRITE)]


@router.get("/matters/{matter_id}/access", response_model=AccessRead)
def read_access(caller: Reader, matter_id: UUID) -> Response:
    """Who can see a matter and by which reasons, and who keeps off it; why I can see it."""
    with caller.work("matters.access") as tx:
        mine = access.why_i_see(tx, matter_id)
        found = access.who_sees(tx, matter_id)
    return answered(
        AccessRead(
            mine=[_reason(each, mine.places, caller.locale) for each in mine.reasons],
            seen_by=[
                SeerRead(
                    account_id=each.account_id,
                    name=each.name,
                    reasons=[_reason(why, each.places, caller.locale) for why in each.reasons],
                )
                for each in found.seen_by
            ],
            kept_off=[KeptOffRead.model_validate(row) for row in found.kept_off],
            grants=[GrantRead.model_validate(row) for row in found.grants],
        )
    )


def _reason(reason: Reason, places: dict[str, str], locale: str) -> ReasonRead:
    grant = reason.grant
    return ReasonRead(
        door=reason.door.value,
        role=grant.role.value if grant else None,
        unit=grant.unit.value if grant else None,
        says=seeing.said(reason, places, locale),
    )


@router.post("/matters/{matter_id}/grants", status_code=201, response_model=Listing[GrantRead])
def let_see(caller: Reader, matter_id: UUID, once: Once, body: LetSee) -> Response:
    """Let a colleague see the matter, from today for some days: they read it, and no more."""
    with caller.work("matters.let_see") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            access.let_see(tx, matter_id, login=body.login, reason=body.reason, days=body.days)
            rows = access.who_sees(tx, matter_id).grants
            slot.keep(Listing[GrantRead](items=[GrantRead.model_validate(row) for row in rows]))
    return slot.response()


@router.post("/grants/{grant_id}/end", status_code=204)
def end_grant(caller: Reader, grant_id: UUID) -> Response:
    """Before its time: by whoever heads the matter, or by whoever was let see it."""
    with caller.work("matters.end_grant") as tx:
        access.end_grant(tx, grant_id)
    return Response(status_code=204)


@router.post("/matters/{matter_id}/keep-off", status_code=204)
def keep_off(caller: Reader, matter_id: UUID, seen: SeenVersion, body: KeepOff) -> Response:
    """Declare a conflict: from now on the matter is hidden from whoever says so."""
    with caller.work("matters.keep_off") as tx:
        walls.keep_off(tx, matter_id, reason=body.reason, seen_version=seen)
    return Response(status_code=204)


@router.get("/people/{person_id}/relatives", response_model=Listing[RelativeRead])
def list_relatives(caller: PeopleReader, person_id: UUID) -> Response:
    """Near relatives on record: a matter that names one of them is walled off from the other."""
    with caller.work("people.relatives") as tx:
        rows = walls.relatives(tx, person_id)
    return answered(Listing[RelativeRead](items=[RelativeRead.model_validate(row) for row in rows]))


@router.post("/people/{person_id}/relatives", status_code=201, response_model=Listing[RelativeRead])
def declare_relative(
    caller: PeopleWriter, person_id: UUID, once: Once, body: RelativeDeclare
) -> Response:
    """Two persons of the register are near relatives."""
    with caller.work("people.declare_relative") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            walls.declare_relative(
                tx, person_id, relative_id=body.relative_id, kinship=body.kinship
            )
            rows = walls.relatives(tx, person_id)
            slot.keep(
                Listing[RelativeRead](items=[RelativeRead.model_validate(row) for row in rows])
            )
    return slot.response()


@router.delete("/people/{person_id}/relatives/{relative_id}", status_code=204)
def end_relative(
    caller: PeopleWriter, person_id: UUID, relative_id: UUID, seen: SeenVersion
) -> Response:
    """Declared by mistake: the wall that followed from it ends. `If-Match` is the person's."""
    with caller.work("people.end_relative") as tx:
        walls.end_relative(tx, person_id, relative_id, seen_version=seen)
    return Response(status_code=204)
