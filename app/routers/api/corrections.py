"""Correcting what a matter says, at once or by asking those who signed, and every version of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.api import reads
from app.routers.asking import Query
from app.routers.deps import Api, Caller
from app.routers.once import Once, answered
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing
from app.schemas.corrections import Correct, FieldQuery, FieldRead, VersionRead
from app.schemas.matters import MatterRead
from app.schemas.requests import Acted
from app.services import corrections, matters, versions
from app.services.corrections import Said

router = APIRouter(prefix="/matters", tags=["matters"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("/{matter_id}/fields", response_model=Listing[FieldRead])
def list_fields(caller: Reader, matter_id: UUID) -> Response:
    """What can be corrected, and whether at once or by asking those who signed."""
    with caller.work("matters.fields") as tx:
        found = corrections.open_fields(tx, matter_id)
    items = [
        FieldRead(
            field=each.field.name,
            value=each.value,
            frozen=each.frozen,
            involvement_id=each.involvement_id,
            person=each.person or None,
        )
        for each in found
    ]
    return answered(Listing[FieldRead](items=items))


@router.get("/{matter_id}/fields/{field}/versions", response_model=Listing[VersionRead])
def read_versions(
    caller: Reader,
    matter_id: UUID,
    field: str,
    asked: Annotated[FieldQuery, Query(FieldQuery)],
) -> Response:
    """Every version of a field, the oldest first: what it said, from when, by whom and why."""
    with caller.work("matters.versions") as tx:
        found = versions.every_version(tx, matter_id, field, asked.involvement_id)
    items = [VersionRead.model_validate(each) for each in found.versions]
    return answered(Listing[VersionRead](items=items))


@router.post("/{matter_id}/corrections", status_code=201, response_model=MatterRead)
def correct_matter(
    caller: Reader, matter_id: UUID, seen: SeenVersion, once: Once, body: Correct
) -> Response:
    """Correct a field that no signature rests on; both versions stay visible."""
    with caller.work("matters.correct") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            corrections.correct(tx, matter_id, Said(**body.model_dump()), seen_version=seen)
            file = matters.read_matter(tx, matter_id)
            slot.keep(reads.matter(file, caller.locale), version=file.head["version"])
    return slot.response()


@router.post("/{matter_id}/correction-requests", status_code=201, response_model=Acted)
def ask_for_correction(
    caller: Reader, matter_id: UUID, seen: SeenVersion, once: Once, body: Correct
) -> Response:
    """Ask those whose signatures rest on a field to agree to its correction."""
    with caller.work("matters.ask_correction") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            done = corrections.ask(tx, matter_id, Said(**body.model_dump()), seen_version=seen)
            slot.keep(Acted.model_validate(done), version=done.version)
    return slot.response()
