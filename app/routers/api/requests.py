"""Requests for approval: what waits, signing, returning, taking back."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.api import reads
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.routers.validation import fields_within
from app.schemas.base import Listing
from app.schemas.requests import Acted, RequestRead, Returning, Signing
from app.services import requests

router = APIRouter(prefix="/requests", tags=["requests"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]
Signer = Annotated[Caller, Api(Permission.REQUESTS_SIGN)]


@router.get("", response_model=Listing[RequestRead])
def list_waiting_requests(caller: Signer, paging: Paging) -> Response:
    """What waits for the caller's own signature, oldest first."""
    after = paging.after("requests", lambda day, i: (date.fromisoformat(day), UUID(i)))
    with caller.work("requests.list") as tx:
        found = requests.waiting(tx, after=after, limit=paging.wanted)
        rows, following = paging.part(
            "requests", found, lambda row: (row["requested_on"].isoformat(), row["id"])
        )
        signed = requests.signatures(tx, [row["id"] for row in rows])
    items = [reads.request(row, signed, caller.locale) for row in rows]
    return answered(Listing[RequestRead](items=items, next=following))


@router.get("/{request_id}", response_model=RequestRead)
def read_request(caller: Reader, request_id: UUID) -> Response:
    """What is asked, who signs it in which order and why, and who has signed."""
    with caller.work("requests.read") as tx:
        row = requests.open_request(tx, request_id)
        signed = requests.signatures(tx, [request_id])
    return answered(reads.request(row, signed, caller.locale), version=row["version"])


@router.post("/{request_id}/sign", response_model=Acted)
def sign_request(caller: Signer, request_id: UUID, seen: SeenVersion, body: Signing) -> Response:
    """Sign as the next in the chain; the last signature carries the step out."""
    with caller.work("requests.sign") as tx, fields_within("sitting", body):
        done = requests.sign(
            tx, request_id, reason=body.reason, form=body.sitting, seen_version=seen
        )
    return answered(Acted.model_validate(done), version=done.version)


@router.post("/{request_id}/return", response_model=Acted)
def return_request(
    caller: Signer, request_id: UUID, seen: SeenVersion, body: Returning
) -> Response:
    """Send it back to whoever asked, with the reason."""
    with caller.work("requests.return") as tx:
        done = requests.return_(tx, request_id, reason=body.reason, seen_version=seen)
    return answered(Acted.model_validate(done), version=done.version)


@router.post("/{request_id}/take-back", response_model=Acted)
def take_back_request(caller: Reader, request_id: UUID, seen: SeenVersion) -> Response:
    """Before the first signature, whoever asked may withdraw it."""
    with caller.work("requests.take_back") as tx:
        done = requests.take_back(tx, request_id, seen_version=seen)
    return answered(Acted.model_validate(done), version=done.version)
