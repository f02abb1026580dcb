"""The unit tree."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.domain.permissions import Permission
from app.domain.units import UnitKind
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.paging import Paging
from app.schemas.base import Code, Listing, OneLine
from app.schemas.units import UnitCreate, UnitRead
from app.services import units

router = APIRouter(prefix="/units", tags=["units"])

Reader = Annotated[Caller, Api(Permission.UNITS_READ)]


@router.get("", response_model=Listing[UnitRead])
def list_units(
    caller: Reader,
    paging: Paging,
    under: Annotated[Code | None, Query(description="A unit's code: it and all below it")] = None,
    kind: UnitKind | None = None,
    search: Annotated[OneLine | None, Query(description="Part of a name or code")] = None,
) -> Response:
    """In the order of the tree: each unit before those below it."""
    after = paging.after("units", str)
    with caller.work("units.list") as tx:
        found = units.list_units(
            tx, under=under, kind=kind, search=search, after=after, limit=paging.wanted
        )
    rows, following = paging.part("units", found, lambda row: (row["path"],))
    items = [UnitRead.model_validate(row) for row in rows]
    return answered(Listing[UnitRead](items=items, next=following))


@router.post("", status_code=201, response_model=UnitRead, responses=LOCATED)
def create_unit(
    caller: Annotated[Caller, Api(Permission.UNITS_WRITE)], once: Once, body: UnitCreate
) -> Response:
    """A unit below its parent; a code is given once."""
    with caller.work("units.create") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            unit_id = units.create_unit(tx, **body.model_dump())
            made = UnitRead.model_validate(units.read_unit(tx, unit_id))
            slot.keep(made, location=f"/api/v1/units/{unit_id}")
    return slot.response()


@router.get("/by-code/{code}", response_model=UnitRead)
def read_unit_coded(caller: Reader, code: Code) -> Response:
    """The unit that has this code."""
    with caller.work("units.read") as tx:
        found = units.read_unit_coded(tx, code)
    return answered(UnitRead.model_validate(found))


@router.get("/{unit_id}", response_model=UnitRead)
def read_unit(caller: Reader, unit_id: UUID) -> Response:
    """A unit by its id."""
    with caller.work("units.read") as tx:
        found = units.read_unit(tx, unit_id)
    return answered(UnitRead.model_validate(found))
