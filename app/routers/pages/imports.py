"""Importing a ledger: choose a file, look at what would happen, settle its columns, take it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from app.core.db import Row
from app.domain.errors import N_, Invalid, PlumblineError, Reason, TooLarge
from app.domain.exports import MEDIA, Format
from app.domain.ledgers.families import Family
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import import_words as words
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader
from app.routers.pages.tabs import log_tabs
from app.routers.pages.taking import taking
from app.routers.paging import Paging
from app.routers.parts import Choice, Filled, Link
from app.routers.spoken import Speaker
from app.routers.templating import render
from app.services import imports
from app.services.imports import Source, uploads

router = APIRouter()

Importer = Annotated[Caller, Page(Permission.IMPORT_LEDGERS)]
Form = Annotated[Submitted, Depends(submitted)]

SHOWN = 50
LARGE = 5000  # rows from which the page tells how far it is


@router.get("/log/import")
def choose(request: Request, caller: Importer) -> Response:
    return _choose(request, caller, Filled({"family": request.query_params.get("family", "")}))


@router.post("/log/import")
def upload(request: Request, caller: Importer, form: Form) -> Response:
    """Keep the file, sealed, and try it."""
    try:
        family, source = _sent(caller, form)
        with caller.work("imports.upload") as tx:
            batch_id = uploads.receive(tx, source, family)
    except (Invalid, TooLarge) as error:
        return _choose(request, caller, _refused(form, error), error.status)
    return RedirectResponse(f"/log/import/{batch_id}", status_code=303)


def _sent(caller: Caller, form: Submitted) -> tuple[Family, Source]:
    file = form.file("file")
    if file is None or not file.filename:
        raise Invalid.of("file", N_("Choose the file of the ledger."))
    with file.file:
        content = file.file.read()
    family = form.text("family")
    if family not in set(Family):
        raise Invalid.of("family", N_("Choose one."))
    return Family(family), Source(content, file.filename, caller.settings.upload_limit)


def _refused(form: Submitted, error: Invalid | TooLarge) -> Filled:
    if isinstance(error, Invalid):
        return Filled.refused(form.values, error)
    return Filled(form.values, {"file": error.reason})


def _choose(request: Request, caller: Caller, form: Filled, status: int = 200) -> Response:
    with caller.work("imports.form") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="log")
        families = imports.families_of(tx.actor)
        recent = uploads.list_own(tx, after=None, limit=20)
        tabs = log_tabs(tx, reader, "import")
    return render(
        request,
        "pages/import.html",
        frame=frame,
        status_code=status,
        tabs=tabs,
        form=form,
        labels={"family": reader.say(N_("Kind of ledger")), "file": reader.say(N_("File"))},
        families=[Choice(family, reader.say(words.FAMILIES[family])) for family in families],
        columns=words.recent_columns(reader),
        recent=[words.recent_row(reader, row) for row in recent],
        most=caller.settings.upload_limit >> 20,
    )


@router.get("/log/import/{batch_id}")
def preview(request: Request, caller: Importer, batch_id: UUID) -> Response:
    """What would happen, or, once it was taken, what did."""
    return _preview(request, caller, batch_id)


def _preview(
    request: Request,
    caller: Caller,
    batch_id: UUID,
    *,
    form: Filled | None = None,
    refused: Reason | None = None,
    status: int = 200,
) -> Response:
    with caller.work("imports.read") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="log")
        row = uploads.read(tx, batch_id)
        said = uploads.rows(tx, batch_id, verdict=None, after=None, limit=SHOWN + 1)
        doubts_open = _sees_doubts(tx)
    speaker = Speaker(caller.locale)
    batch = speaker.batch(row)
    return render(
        request,
        "pages/import_done.html" if row["committed_at"] else "pages/import_preview.html",
        frame=frame,
        status_code=status,
        batch=batch,
        family=reader.say(words.FAMILIES[Family(row["family"])]),
        counts=words.counts(reader, batch),
        refused=refused,
        form=form or Filled(words.map_values(batch)),
        open_columns=words.open_columns(reader, batch),
        fields=words.field_choices(reader, Family(row["family"])),
        column_columns=words.mapping_columns(reader),
        column_rows=words.mapping_rows(reader, batch),
        control_columns=words.control_columns(reader),
        controls=words.control_rows(reader, batch),
        row_columns=words.row_columns(reader),
        rows=words.rows_said(reader, speaker, said[:SHOWN], batch["file_name"]),
        more=len(said) > SHOWN,
        doubts=words.doubts(reader, batch),
        alike=words.alike(reader, batch),
        alike_columns=words.alike_columns(reader),
        links=words.links(reader, Family(row["family"]), doubts=doubts_open),
    )


def _sees_doubts(tx: Work) -> bool:
    return tx.actor.may(Permission.MATTERS_READ)


@router.post("/log/import/{batch_id}/map")
def choose_map(request: Request, caller: Importer, batch_id: UUID, form: Form) -> Response:
    """Say what columns are; the file is tried again."""
    try:
        with caller.work("imports.map") as tx:
            known = uploads.read(tx, batch_id)["mapping"]
            chosen = words.chosen_map(form)
            uploads.choose_map(tx, batch_id, {**known, **chosen}, seen_version=_version(form))
    except PlumblineError as error:
        return _again(request, caller, batch_id, form, error)
    return RedirectResponse(f"/log/import/{batch_id}", status_code=303)


@router.post("/log/import/{batch_id}/commit")
def commit(request: Request, caller: Importer, batch_id: UUID, form: Form) -> Response:
    """Take it. A long ledger says how far it is; it is taken whether or not anybody waits."""
    version = _version(form)
    with caller.work("imports.read") as tx:
        row = uploads.read(tx, batch_id)
        frame = frame_for(request, caller, tx, current="log")
    if row["rows"] > LARGE and row["committed_at"] is None:
        page = render(request, "pages/import_taking.html", frame=frame, batch=row)
        kept = {key: page.headers[key] for key in ("content-security-policy", "cache-control")}
        return StreamingResponse(
            taking(caller, page, batch_id, version), headers=kept, media_type="text/html"
        )
    try:
        with caller.work("imports.commit") as tx:
            uploads.take_in(tx, batch_id, seen_version=version)
    except PlumblineError as error:
        return _again(request, caller, batch_id, form, error)
    return RedirectResponse(f"/log/import/{batch_id}", status_code=303)


@router.post("/log/import/{batch_id}/discard")
def discard(caller: Importer, batch_id: UUID, form: Form) -> Response:
    with caller.work("imports.discard") as tx:
        uploads.discard(tx, batch_id, seen_version=_version(form))
    return RedirectResponse("/log/import", status_code=303)


def _again(
    request: Request, caller: Caller, batch_id: UUID, form: Submitted, error: PlumblineError
) -> Response:
    """The preview as it is now, with the reason; what was chosen stays."""
    if isinstance(error, Invalid):
        return _preview(
            request, caller, batch_id, form=Filled.refused(form.values, error),
            refused=error.errors[0].reason if error.errors else error.reason, status=error.status,
        )  # fmt: skip
    return _preview(request, caller, batch_id, refused=error.reason, status=error.status)


def _version(form: Submitted) -> int:
    text = form.text("version")
    return int(text) if text.isdigit() and len(text) < 10 else 0


@router.get("/log/import/{batch_id}/rejects")
def rejects(caller: Importer, batch_id: UUID) -> Response:
    """The rejected rows as a workbook, while the file is kept."""
    with caller.work("imports.rejects") as tx:
        workbook = uploads.rejects(tx, batch_id, Speaker(caller.locale).reason)
    name = f'attachment; filename="rejected-{batch_id}.xlsx"'
    return Response(workbook, media_type=MEDIA[Format.XLSX], headers={"Content-Disposition": name})


@router.get("/log/import/{batch_id}/rows")
def rows(request: Request, caller: Importer, batch_id: UUID, paging: Paging) -> Response:
    """Every row that something was said about."""
    verdict = request.query_params.get("verdict", "")
    after = paging.after("import-rows", lambda sheet, row: (str(sheet), int(row)))
    with caller.work("imports.rows") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="log")
        batch = uploads.read(tx, batch_id)
        found = uploads.rows(
            tx, batch_id, verdict=verdict if verdict in words.VERDICTS else None, after=after,
            limit=paging.wanted,
        )  # fmt: skip
    shown, following = paging.part("import-rows", found, _place)
    here = f"/log/import/{batch_id}"
    return render(
        request,
        "pages/import_rows.html",
        frame=frame,
        back=Link(batch["file_name"], here),
        filters=words.row_filters(reader, verdict),
        address=f"{here}/rows",
        columns=words.row_columns(reader),
        rows=words.rows_said(reader, Speaker(caller.locale), shown, batch["file_name"]),
        following=f"{here}/rows?verdict={verdict}&cursor={following}" if following else None,
    )


def _place(row: Row) -> tuple[str, int]:
    return row["sheet"], row["row"]
