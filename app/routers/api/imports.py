"""Imports of ledgers: a file is tried first, then taken as a whole or not at all."""

import hashlib
import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, UploadFile
from pydantic import Field, ValidationError

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.domain.exports import MEDIA, Format
from app.domain.ledgers.families import Family
from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.routers.spoken import Speaker
from app.schemas.base import Listing, Sent
from app.schemas.imports import CommitAsked, ImportRead, ImportRowRead, MapChosen
from app.services.imports import Source, uploads

router = APIRouter(prefix="/imports", tags=["imports"])

Importer = Annotated[Caller, Api(Permission.IMPORT_LEDGERS)]
WORKBOOK: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The rejected rows, to be mended and imported again",
        "content": {MEDIA[Format.XLSX]: {"schema": {"type": "string", "format": "binary"}}},
    }
}


EXAMPLE = {
    "family": "leads",
    "file": "线索编号,受理日期,线索来源,被反映人,反映的主要问题,乡镇,村\n"
    "YC2018-0901,2018-03-05,信访举报,张三,虚报造林面积,上岩洲镇,竹溪村\n",
    "map": "{}",
}


class LedgerUpload(Sent):
    """A ledger as a form."""

    family: Family = Field(description="What kind of ledger it is")
    file: UploadFile = Field(description="xlsx, xls, ods or csv")
    map: str = Field(
        default="{}",
        max_length=100_000,
        description="A JSON object: heading → field, or `ignore`",
    )


class _Sent(Sent):
    """What makes two uploads the same request."""

    family: Family
    name: str
    digest: str
    map: dict[str, str]


@router.post(
    "",
    status_code=201,
    response_model=ImportRead,
    responses=LOCATED,
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"example": EXAMPLE}}}},
)
def upload_ledger(
    caller: Importer,
    once: Once,
    sent: Annotated[LedgerUpload, Form(media_type="multipart/form-data")],
) -> Response:
    """Keep the file, sealed, and try it: the answer says what would happen."""
    chosen, family = _map_in(sent.map), sent.family
    content = sent.file.file.read()
    name = sent.file.filename or "ledger"
    asked = _Sent(family=family, name=name, digest=hashlib.sha256(content).hexdigest(), map=chosen)
    source = Source(content, name, caller.settings.upload_limit)
    with caller.work("imports.upload") as tx:
        slot = once.slot(tx, asked)
        if slot.fresh:
            batch_id = uploads.receive(tx, source, family, chosen)
            row = uploads.read(tx, batch_id)
            slot.keep(
                _shown(caller, row), version=row["version"], location=f"/api/v1/imports/{batch_id}"
            )
    return slot.response()


upload_ledger.accepts = ("multipart/form-data",)  # type: ignore[attr-defined]


def _map_in(text: str) -> dict[str, str]:
    try:
        return MapChosen.model_validate({"map": json.loads(text)}).map
    except (ValueError, ValidationError, RecursionError):
        raise errors.Invalid.of(
            "map", N_("This is no map: a JSON object of headings and fields.")
        ) from None


@router.get("", response_model=Listing[ImportRead])
def list_imports(caller: Importer, paging: Paging) -> Response:
    """One's own, the newest first."""
    after = paging.after("imports", lambda at, i: (datetime.fromisoformat(at), UUID(i)))
    with caller.work("imports.list") as tx:
        found = uploads.list_own(tx, after=after, limit=paging.wanted)
    rows, following = paging.part(
        "imports", found, lambda row: (row["recorded_at"].isoformat(), row["id"])
    )
    items = [_shown(caller, row) for row in rows]
    return answered(Listing[ImportRead](items=items, next=following))


@router.get("/{batch_id}", response_model=ImportRead)
def read_import(caller: Importer, batch_id: UUID) -> Response:
    """What was found in the file, and what became of it."""
    with caller.work("imports.read") as tx:
        row = uploads.read(tx, batch_id)
    return answered(_shown(caller, row), version=row["version"])


@router.put("/{batch_id}/map", response_model=ImportRead)
def choose_import_map(
    caller: Importer, batch_id: UUID, seen: SeenVersion, body: MapChosen
) -> Response:
    """Say what columns are; the file is tried again."""
    with caller.work("imports.map") as tx:
        uploads.choose_map(tx, batch_id, body.map, seen_version=seen)
        row = uploads.read(tx, batch_id)
    return answered(_shown(caller, row), version=row["version"])


@router.post("/{batch_id}/commit", response_model=ImportRead)
def commit_import(
    caller: Importer, batch_id: UUID, seen: SeenVersion, body: CommitAsked
) -> Response:
    """Take the file: everything that can land, or nothing. Rejected rows stay out."""
    with caller.work("imports.commit") as tx:
        uploads.take_in(tx, batch_id, accept_guesses=body.accept_guesses, seen_version=seen)
        row = uploads.read(tx, batch_id)
    return answered(_shown(caller, row), version=row["version"])


@router.delete("/{batch_id}", status_code=204)
def discard_import(caller: Importer, batch_id: UUID, seen: SeenVersion) -> Response:
    """Forget a file that won't be imported."""
    with caller.work("imports.discard") as tx:
        uploads.discard(tx, batch_id, seen_version=seen)
    return Response(status_code=204)


@router.get("/{batch_id}/rows", response_model=Listing[ImportRowRead])
def list_import_rows(
    caller: Importer,
    batch_id: UUID,
    paging: Paging,
    verdict: Annotated[str | None, Query(pattern="^(accepted|warned|rejected|known)$")] = None,
) -> Response:
    """Rows that something was said about; every other row was taken without a word."""
    after = paging.after("import-rows", lambda sheet, row: (str(sheet), int(row)))
    with caller.work("imports.rows") as tx:
        found = uploads.rows(tx, batch_id, verdict=verdict, after=after, limit=paging.wanted)
    rows, following = paging.part("import-rows", found, lambda row: (row["sheet"], row["row"]))
    speaker = Speaker(caller.locale)
    items = [ImportRowRead.model_validate(speaker.row(row)) for row in rows]
    return answered(Listing[ImportRowRead](items=items, next=following))


@router.get("/{batch_id}/rejects", response_class=Response, responses={**WORKBOOK, 409: {}})
def download_rejects(caller: Importer, batch_id: UUID) -> Response:
    """Only while the file is kept. Who reported is in it only for intake."""
    with caller.work("imports.rejects") as tx:
        workbook = uploads.rejects(tx, batch_id, Speaker(caller.locale).reason)
    return Response(
        workbook,
        media_type=MEDIA[Format.XLSX],
        headers={"Content-Disposition": f'attachment; filename="rejected-{batch_id}.xlsx"'},
    )


def _shown(caller: Caller, row: Row) -> ImportRead:
    return ImportRead.model_validate(Speaker(caller.locale).batch(row))
