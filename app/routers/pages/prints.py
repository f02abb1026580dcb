"""Papers to print, as PDFs: a ledger, a matter, a request, a return list, a villager's receipt.

Each has a page that asks whether names stand on it; the paper itself is the answer to its form, for
every print is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.core.typesetting import typeset
from app.domain.errors import N_, Invalid
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import met, printed_lists, printed_matters, printed_meetings
from app.routers.pages.asked import Asked
from app.routers.pages.frame import frame_for
from app.routers.pages.present import KIND_NAMES, Reader, matter_href
from app.routers.pages.printed import Sheet
from app.routers.parts import Choice, Filled, Link
from app.routers.templating import Frame, render
from app.services import lists, matters, meetings, prints, requests, sheets
from app.services.matters import reads_less

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Paying = Annotated[Caller, Page(Permission.MONEY_READ)]
Form = Annotated[Submitted, Depends(submitted)]

NAMED: Mapping[str, str] = {
    "masked": N_("Masked, such as 张×"),
    "whole": N_("In full"),
}


@dataclass(frozen=True)
class Printing:
    """What somebody may print. `of` is recorded; `make` builds it, with names in full or not;
    without `masks` no name on it is masked."""

    what: str
    title: str
    back: Link
    action: str
    of: Mapping[str, str]
    make: Callable[[Work, Reader, Frame, bool], Sheet]
    hidden: Mapping[str, str] = field(default_factory=dict)
    masks: bool = True
    rail: str = "ledgers"


Prepared = Callable[[Work, Reader], Printing]


def _page(
    request: Request,
    caller: Caller,
    prepare: Prepared,
    form: Filled | None = None,
    status: int = 200,
) -> Response:
    with caller.work("prints.form") as tx:
        reader = Reader.of(caller, tx)
        printing = prepare(tx, reader)
        frame = frame_for(request, caller, tx, current=printing.rail)
        asks = printing.masks and not reads_less(tx)
    return render(
        request, "pages/print.html", frame=frame, status_code=status, printing=printing,
        form=form or Filled({"names": "masked"}),
        choices=[Choice(key, reader.say(label)) for key, label in NAMED.items()] if asks else [],
    )  # fmt: skip


def _paper(request: Request, caller: Caller, prepare: Prepared, form: Submitted) -> Response:
    """Recorded first; then the paper, to be saved and printed."""
    whole = form.text("names") == "whole"
    try:
        with caller.work("prints.print") as tx:
            reader = Reader.of(caller, tx)
            printing = prepare(tx, reader)
            frame = frame_for(request, caller, tx)
            prints.record(
                tx, what=printing.what, of=printing.of, names=whole, reason=form.text("reason")
            )
            sheet = printing.make(tx, reader, frame, whole)
    except Invalid as refused:
        again = Filled.refused(form.values, refused)
        return _page(request, caller, prepare, again, refused.status)
    return Response(
        typeset(sheet.template, sheet.content, at=tx.now),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{sheet.file_name}.pdf"'},
    )


# A matter, a request ------------------------------------------------------------------------------


def _matter(matter_id: UUID) -> Prepared:
    def prepare(tx: Work, reader: Reader) -> Printing:
        number = matters.head(tx, matter_id)["number"]
        return Printing(
            "matter", reader.say(N_("Print {number}"), number=number),
            Link(number, matter_href(matter_id)), f"{matter_href(matter_id)}/print",
            {"matter": str(matter_id)},
            lambda tx, reader, frame, whole: printed_matters.matter_sheet(
                tx, reader, frame, matter_id, whole=whole
            ),
        )  # fmt: skip

    return prepare


@router.get("/matters/{matter_id}/print")
def matter_page(request: Request, caller: Reading, matter_id: UUID) -> Response:
    return _page(request, caller, _matter(matter_id))


@router.post("/matters/{matter_id}/print")
def print_matter(request: Request, caller: Reading, matter_id: UUID, form: Form) -> Response:
    return _paper(request, caller, _matter(matter_id), form)


def _request(caller: Caller, request_id: UUID) -> Prepared:
    def prepare(tx: Work, reader: Reader) -> Printing:
        row = requests.open_request(tx, request_id)
        return Printing(
            "request", reader.say(N_("Print the request on {number}"), number=row["number"]),
            Link(row["number"], f"/requests/{request_id}"), f"/requests/{request_id}/print",
            {"request": str(request_id)},
            lambda tx, _reader, frame, whole: printed_matters.request_sheet(
                caller, tx, frame, request_id, whole=whole
            ),
        )  # fmt: skip

    return prepare


@router.get("/requests/{request_id}/print")
def request_page(request: Request, caller: Reading, request_id: UUID) -> Response:
    return _page(request, caller, _request(caller, request_id))


@router.post("/requests/{request_id}/print")
def print_request(request: Request, caller: Reading, request_id: UUID, form: Form) -> Response:
    return _paper(request, caller, _request(caller, request_id), form)


# A ledger -----------------------------------------------------------------------------------------


def _ledger(kind: Kind, chosen: Mapping[str, str]) -> Prepared:
    asked = Asked.of(kind, chosen)

    def prepare(tx: Work, reader: Reader) -> Printing:
        lists.refuse_unknown(tx, kind, chosen)
        title = reader.say(KIND_NAMES[kind])
        return Printing(
            "ledger", reader.say(N_("Print: {ledger}"), ledger=title),
            Link(title, asked.href()), f"/ledgers/{kind.value}/print",
            {"kind": kind.value, **asked.chosen()},
            lambda tx, reader, frame, whole: printed_lists.ledger_sheet(
                tx, reader, frame, asked, whole=whole
            ),
            hidden=asked.chosen(),
        )  # fmt: skip

    return prepare


@router.get("/ledgers/{kind}/print")
def ledger_page(request: Request, caller: Reading, kind: Kind) -> Response:
    return _page(request, caller, _ledger(kind, request.query_params))


@router.post("/ledgers/{kind}/print")
def print_ledger(request: Request, caller: Reading, kind: Kind, form: Form) -> Response:
    chosen = {name: form.text(name) for name in form.values}
    return _paper(request, caller, _ledger(kind, chosen), form)


# Money --------------------------------------------------------------------------------------------


def _return_list(item_id: UUID) -> Prepared:
    def prepare(tx: Work, reader: Reader) -> Printing:
        number = matters.head(tx, item_id)["number"]
        return Printing(
            "return_list", reader.say(N_("Print the return list of {number}"), number=number),
            Link(number, f"/money/{item_id}/payees"), f"/money/{item_id}/payees/print",
            {"matter": str(item_id)},
            lambda tx, reader, frame, whole: printed_lists.return_list(
                tx, reader, frame, item_id, whole=whole
            ),
            rail="money",
        )  # fmt: skip

    return prepare


def _minutes(meeting_id: UUID) -> Prepared:
    def prepare(tx: Work, reader: Reader) -> Printing:
        title = met.minutes_title(reader, meetings.read(tx, meeting_id).head)
        here = met.href(meeting_id)
        return Printing(
            "minutes", reader.say(N_("Print the minutes")), Link(title, here), f"{here}/print",
            {"meeting": str(meeting_id)},
            lambda tx, reader, frame, whole: printed_meetings.minutes(
                tx, reader, frame, meeting_id, whole=whole
            ),
            rail="sign",
        )  # fmt: skip

    return prepare


@router.get("/sign/meetings/{meeting_id}/print")
def minutes_page(request: Request, caller: Reading, meeting_id: UUID) -> Response:
    return _page(request, caller, _minutes(meeting_id))


@router.post("/sign/meetings/{meeting_id}/print")
def print_minutes(request: Request, caller: Reading, meeting_id: UUID, form: Form) -> Response:
    return _paper(request, caller, _minutes(meeting_id), form)


@router.get("/money/{item_id}/payees/print")
def return_list_page(request: Request, caller: Paying, item_id: UUID) -> Response:
    return _page(request, caller, _return_list(item_id))


@router.post("/money/{item_id}/payees/print")
def print_return_list(request: Request, caller: Paying, item_id: UUID, form: Form) -> Response:
    return _paper(request, caller, _return_list(item_id), form)


def _receipt(entry_id: UUID) -> Prepared:
    """The payee's own paper: their name stands on it, for whoever may read it."""

    def prepare(tx: Work, reader: Reader) -> Printing:
        held = sheets.return_sheet(tx, entry_id)
        here = f"/money/entries/{entry_id}"
        return Printing(
            "receipt", reader.say(N_("Print the receipt of {number}"), number=held["number"]),
            Link(held["number"], f"{here}/sheet"), f"{here}/print", {"entry": str(entry_id)},
            lambda tx, reader, frame, _whole: printed_lists.receipt(tx, reader, frame, entry_id),
            masks=False,
            rail="money",
        )  # fmt: skip

    return prepare


@router.get("/money/entries/{entry_id}/print")
def receipt_page(request: Request, caller: Paying, entry_id: UUID) -> Response:
    return _page(request, caller, _receipt(entry_id))


@router.post("/money/entries/{entry_id}/print")
def print_receipt(request: Request, caller: Paying, entry_id: UUID, form: Form) -> Response:
    return _paper(request, caller, _receipt(entry_id), form)
