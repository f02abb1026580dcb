"""Signatures on paper: entering one, comparing it, the signer's answer, objections."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.core.db import Row
from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.schemas.base import Listing
from app.schemas.paper_signatures import (
    PaperSignatureAnswer,
    PaperSignatureCompare,
    PaperSignatureDecide,
    PaperSignatureEnter,
    PaperSignatureRead,
)
from app.services import paper_signatures

router = APIRouter(tags=["paper signatures"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]
Signer = Annotated[Caller, Api(Permission.REQUESTS_SIGN)]


@router.get("/paper-signatures", response_model=Listing[PaperSignatureRead])
def list_paper_signatures(caller: Reader) -> Response:
    """What waits for the caller: to compare, in their own name, and objections to decide on."""
    with caller.work("paper_signatures.list") as tx:
        rows = paper_signatures.waiting(tx)
    return _listed(rows)


@router.get("/requests/{request_id}/paper-signatures", response_model=Listing[PaperSignatureRead])
def list_paper_signatures_of_request(caller: Reader, request_id: UUID) -> Response:
    """All that were entered for a request, those that came to nothing too."""
    with caller.work("paper_signatures.of_request") as tx:
        rows = paper_signatures.of_request(tx, request_id)
    return _listed(rows)


def _listed(rows: list[Row]) -> Response:
    items = [PaperSignatureRead.model_validate(row) for row in rows]
    return answered(Listing[PaperSignatureRead](items=items))


@router.post(
    "/requests/{request_id}/paper-signatures",
    status_code=201,
    response_model=PaperSignatureRead,
    responses=LOCATED,
)
def enter_paper_signature(
    caller: Reader, request_id: UUID, once: Once, body: PaperSignatureEnter
) -> Response:
    """Copy a signature from paper; nothing follows until somebody else has compared it."""
    with caller.work("paper_signatures.enter") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            signature_id = paper_signatures.enter(
                tx, request_id, signer_id=body.signer_id, verdict=body.verdict,
                reason=body.reason, signed_on=body.signed_on, scan=body.paper_id,
            )  # fmt: skip
            slot.keep(
                PaperSignatureRead.model_validate(paper_signatures.entry(tx, signature_id)),
                location=f"/api/v1/paper-signatures/{signature_id}",
            )
    return slot.response()


@router.get("/paper-signatures/{signature_id}", response_model=PaperSignatureRead)
def read_paper_signature(caller: Reader, signature_id: UUID) -> Response:
    """What was entered, and how it stands."""
    with caller.work("paper_signatures.read") as tx:
        row = paper_signatures.entry(tx, signature_id)
    return answered(PaperSignatureRead.model_validate(row))


@router.post("/paper-signatures/{signature_id}/withdraw", status_code=204, responses={409: {}})
def withdraw_paper_signature(caller: Reader, signature_id: UUID) -> Response:
    """Before anybody compared it, whoever entered it takes it back."""
    with caller.work("paper_signatures.withdraw") as tx:
        paper_signatures.withdraw(tx, signature_id)
    return Response(status_code=204)


@router.post("/paper-signatures/{signature_id}/compare", status_code=204)
def compare_paper_signature(
    caller: Reader, signature_id: UUID, body: PaperSignatureCompare
) -> Response:
    """It matches its scan, and from now on the signature stands; or it doesn't, with what."""
    with caller.work("paper_signatures.compare") as tx:
        paper_signatures.compare(tx, signature_id, matches=body.matches, remark=body.remark)
    return Response(status_code=204)


@router.post("/paper-signatures/{signature_id}/answer", status_code=204)
def answer_paper_signature(
    caller: Signer, signature_id: UUID, body: PaperSignatureAnswer
) -> Response:
    """The signer says that it is theirs, or objects."""
    with caller.work("paper_signatures.answer") as tx:
        paper_signatures.answer(tx, signature_id, mine=body.mine, objection=body.objection)
    return Response(status_code=204)


@router.post("/paper-signatures/{signature_id}/decide", status_code=204)
def decide_paper_signature(
    caller: Signer, signature_id: UUID, body: PaperSignatureDecide
) -> Response:
    """On an objection. What is set aside takes its step back, or returns its request."""
    with caller.work("paper_signatures.decide") as tx:
        paper_signatures.decide(tx, signature_id, stands=body.stands, reason=body.reason)
    return Response(status_code=204)
