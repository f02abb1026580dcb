"""The registers of persons and of organisations. A number comes in whole and leaves masked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.schemas.base import Code, Listing, OneLine
from app.schemas.people import (
    OrganisationCreate,
    OrganisationRead,
    OrganisationUpdate,
    PersonCreate,
    PersonListed,
    PersonLookup,
    PersonRead,
    PersonUpdate,
)
from app.services import people

router = APIRouter(tags=["people"])

Reader = Annotated[Caller, Api(Permission.PEOPLE_READ)]
Writer = Annotated[Caller, Api(Permission.PEOPLE_WRITE)]
Beginning = Annotated[OneLine | None, Query(description="How the name begins")]


@router.get("/people", response_model=Listing[PersonListed])
def list_people(
    caller: Reader,
    paging: Paging,
    name: Beginning = None,
    unit: Annotated[Code | None, Query(description="A unit's code: it and all below it")] = None,
) -> Response:
    """By name."""
    after = paging.after("people", _named)
    with caller.work("people.list") as tx:
        found = people.list_persons(tx, name=name, unit=unit, after=after, limit=paging.wanted)
    rows, following = paging.part("people", found, lambda row: (row["name"], row["id"]))
    items = [PersonListed.model_validate(row) for row in rows]
    return answered(Listing[PersonListed](items=items, next=following))


@router.post("/people", status_code=201, response_model=PersonRead, responses=LOCATED)
def create_person(caller: Writer, once: Once, body: PersonCreate) -> Response:
    """Without an identity number, known by name and unit only."""
    with caller.work("people.create") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            person_id = people.create_person(tx, **body.model_dump())
            made = _person(tx, person_id)
            slot.keep(made, version=made.version, location=f"/api/v1/people/{person_id}")
    return slot.response()


@router.post("/people/lookup", response_model=Listing[PersonListed])
def look_up_person(caller: Reader, body: PersonLookup) -> Response:
    """By identity number, which has no place in an address. Usually one person or none."""
    with caller.work("people.look_up") as tx:
        found = people.look_up(tx, body.id_number)
    items = [PersonListed.model_validate(row) for row in found]
    return answered(Listing[PersonListed](items=items))


@router.get("/people/{person_id}", response_model=PersonRead)
def read_person(caller: Reader, person_id: UUID) -> Response:
    """A person's file; the identity number is masked. Who handles no matter of theirs opens it
    first, for a reason: `POST /people/{person_id}/openings`."""
    with caller.work("people.read") as tx:
        found = _person(tx, person_id)
    return answered(found, version=found.version)


@router.patch("/people/{person_id}", response_model=PersonRead)
def change_person(
    caller: Writer, person_id: UUID, seen: SeenVersion, body: PersonUpdate
) -> Response:
    """What isn't sent stays; null makes it unknown."""
    with caller.work("people.change") as tx:
        people.change_person(tx, person_id, seen_version=seen, changes=body.changes())
        found = _person(tx, person_id)
    return answered(found, version=found.version)


@router.get("/organisations", response_model=Listing[OrganisationRead])
def list_organisations(caller: Reader, paging: Paging, name: Beginning = None) -> Response:
    """By name."""
    after = paging.after("organisations", _named)
    with caller.work("organisations.list") as tx:
        found = people.list_organisations(tx, name=name, after=after, limit=paging.wanted)
    rows, following = paging.part("organisations", found, lambda row: (row["name"], row["id"]))
    items = [OrganisationRead.model_validate(row) for row in rows]
    return answered(Listing[OrganisationRead](items=items, next=following))


@router.post("/organisations", status_code=201, response_model=OrganisationRead, responses=LOCATED)
def create_organisation(caller: Writer, once: Once, body: OrganisationCreate) -> Response:
    """An organisation that matters can be about."""
    with caller.work("organisations.create") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            organisation_id = people.create_organisation(tx, **body.model_dump())
            made = _organisation(tx, organisation_id)
            address = f"/api/v1/organisations/{organisation_id}"
            slot.keep(made, version=made.version, location=address)
    return slot.response()


@router.get("/organisations/{organisation_id}", response_model=OrganisationRead)
def read_organisation(caller: Reader, organisation_id: UUID) -> Response:
    """An organisation of the register."""
    with caller.work("organisations.read") as tx:
        found = _organisation(tx, organisation_id)
    return answered(found, version=found.version)


@router.patch("/organisations/{organisation_id}", response_model=OrganisationRead)
def change_organisation(
    caller: Writer, organisation_id: UUID, seen: SeenVersion, body: OrganisationUpdate
) -> Response:
    """What isn't sent stays; null makes it unknown."""
    with caller.work("organisations.change") as tx:
        people.change_organisation(tx, organisation_id, seen_version=seen, changes=body.changes())
        found = _organisation(tx, organisation_id)
    return answered(found, version=found.version)


def _named(name: str, row_id: str) -> tuple[str, UUID]:
    return str(name), UUID(row_id)


def _person(tx: Work, person_id: UUID) -> PersonRead:
    return PersonRead.model_validate(people.read_person(tx, person_id))


def _organisation(tx: Work, organisation_id: UUID) -> OrganisationRead:
    return OrganisationRead.model_validate(people.read_organisation(tx, organisation_id))
