"""Papers of a matter: attaching one, opening it, and saying that it was attached by mistake."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Response, UploadFile
from pydantic import Field

from app.domain.permissions import Permission
from app.routers import serving
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.preconditions import SeenVersion
from app.schemas.base import Listing, Sent
from app.schemas.papers import PaperDecide, PaperMark, PaperRead, ReleasedPaperRead
from app.services import papers

router = APIRouter(tags=["papers"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]
BINARY = {"schema": {"type": "string", "format": "binary"}}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The paper as it was brought; `Repr-Digest` has its SHA-256",
        "content": dict.fromkeys(("application/pdf", "image/jpeg", "image/png"), BINARY),
    },
    503: {},
}
EXAMPLE = {"file": "%PDF-1.7 …", "title": "种树款收条"}


class PaperUpload(Sent):
    """A paper as a form."""

    file: UploadFile = Field(description="A PDF, JPEG or PNG of at most 20 MB, by its content")
    title: str = Field(
        default="", max_length=200, description="What it is; else the name of the file"
    )
    original: bool = Field(
        default=False,
        description="Of a petition: it shows who reported, or how, and stays with intake",
    )


class _Brought(Sent):
    """What makes two uploads the same request."""

    name: str
    digest: str
    title: str
    original: bool


@router.get("/matters/{matter_id}/papers", response_model=Listing[PaperRead])
def list_papers(caller: Reader, matter_id: UUID) -> Response:
    """All that the reader may know of, in the order in which they were attached."""
    with caller.work("papers.list") as tx:
        rows = papers.of_matter(tx, matter_id)
    items = [PaperRead.model_validate(row) for row in rows]
    return answered(Listing[PaperRead](items=items))


@router.post(
    "/matters/{matter_id}/papers",
    status_code=201,
    response_model=PaperRead,
    responses={**LOCATED, 503: {}},
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"example": EXAMPLE}}}},
)
def attach_paper(
    caller: Reader,
    matter_id: UUID,
    once: Once,
    sent: Annotated[PaperUpload, Form(media_type="multipart/form-data")],
) -> Response:
    """Attach a paper to a matter that one works on. It is never deleted."""
    content, name = sent.file.file.read(), sent.file.filename or ""
    brought = papers.look_at(content, name)
    asked = _Brought(
        name=name, digest=hashlib.sha256(content).hexdigest(), title=sent.title,
        original=sent.original,
    )  # fmt: skip
    with caller.work("papers.attach") as tx:
        slot = once.slot(tx, asked)
        if slot.fresh:
            paper_id = papers.attach(
                tx, matter_id, brought, title=sent.title, original=sent.original
            )
            row = papers.paper(tx, matter_id, paper_id)
            slot.keep(
                PaperRead.model_validate(row),
                location=f"/api/v1/matters/{matter_id}/papers/{paper_id}",
            )
    return slot.response()


attach_paper.accepts = ("multipart/form-data",)  # type: ignore[attr-defined]


@router.get("/matters/{matter_id}/papers/{paper_id}", response_model=PaperRead)
def read_paper(caller: Reader, matter_id: UUID, paper_id: UUID) -> Response:
    """What is known of it; its content is read apart."""
    with caller.work("papers.read") as tx:
        row = papers.paper(tx, matter_id, paper_id)
    return answered(PaperRead.model_validate(row))


@router.get(
    "/matters/{matter_id}/papers/{paper_id}/content",
    response_class=Response,
    responses={**CONTENT, 409: {}},
)
def download_paper(caller: Reader, matter_id: UUID, paper_id: UUID) -> Response:
    """The paper itself. Each download is recorded."""
    with caller.work("papers.download") as tx:
        row = papers.read(tx, matter_id, paper_id, as_="file")
    return serving.saved(papers.opened(tx, row))


@router.post("/matters/{matter_id}/papers/{paper_id}/mistake", response_model=PaperRead)
def mark_paper(
    caller: Reader, matter_id: UUID, paper_id: UUID, seen: SeenVersion, body: PaperMark
) -> Response:
    """Say that it was attached by mistake; somebody else confirms that."""
    with caller.work("papers.mark") as tx:
        papers.mark(tx, matter_id, paper_id, reason=body.reason, seen_version=seen)
        row = papers.paper(tx, matter_id, paper_id)
    return answered(PaperRead.model_validate(row))


@router.post("/matters/{matter_id}/papers/{paper_id}/mistake/decide", response_model=PaperRead)
def decide_paper(
    caller: Reader, matter_id: UUID, paper_id: UUID, seen: SeenVersion, body: PaperDecide
) -> Response:
    """Confirm that it was a mistake, which takes another hand, or leave it as it was."""
    with caller.work("papers.decide") as tx:
        papers.decide(tx, matter_id, paper_id, mistaken=body.mistaken, seen_version=seen)
        row = papers.paper(tx, matter_id, paper_id)
    return answered(PaperRead.model_validate(row))


@router.get("/releases/{release_id}/papers", response_model=Listing[ReleasedPaperRead])
def list_released_papers(caller: Reader, release_id: UUID) -> Response:
    """Scans of the original, while its wording is released to the reader."""
    with caller.work("releases.papers") as tx:
        rows = papers.released(tx, release_id)
    items = [ReleasedPaperRead.model_validate(row) for row in rows]
    return answered(Listing[ReleasedPaperRead](items=items))


@router.get(
    "/releases/{release_id}/papers/{paper_id}/content", response_class=Response, responses=CONTENT
)
def download_released_paper(caller: Reader, release_id: UUID, paper_id: UUID) -> Response:
    """A scan of the original. Each download is recorded, as a reading of the release."""
    with caller.work("releases.read_paper") as tx:
        row = papers.read_released(tx, release_id, paper_id)
    return serving.saved(papers.opened(tx, row))
