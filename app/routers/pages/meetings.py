"""Study meetings: the list, a meeting's page, drawing one up, and signing its minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.errors import N_, Invalid, PlumblineError
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry, met
from app.routers.pages.entry import Refusal, day_of, id_in, id_of, version_of
from app.routers.pages.frame import frame_for
from app.routers.pages.met import HERE, href
from app.routers.pages.present import Reader
from app.routers.paging import Paging
from app.routers.parts import Choice, Column, Filled, Link
from app.routers.templating import render
from app.services import meetings

router = APIRouter(prefix=HERE)

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Recording = Annotated[Caller, Page(Permission.MEETINGS_RECORD)]
Signing = Annotated[Caller, Page(Permission.REQUESTS_SIGN)]
Form = Annotated[Submitted, Depends(submitted)]


@router.get("")
def overview(request: Request, caller: Reading, paging: Paging) -> Response:
    """Those that the reader may know of, the newest first."""
    after = paging.after("meetings", met.last_shown)
    with caller.work("meetings.list") as tx:
        reader = Reader.of(caller, tx)
        found = meetings.listed(tx, after=after, limit=paging.wanted)
        shown, following = paging.part("meetings", found, lambda row: (row["held_on"], row["id"]))
        rows = [met.listed(reader, row) for row in shown]
        frame = frame_for(request, caller, tx, current="sign")
        draws_up = meetings.records(tx)
    return render(
        request, "pages/meetings.html", frame=frame, rows=rows, draws_up=draws_up,
        columns=[
            Column("held", reader.say(N_("Held on")), "date"),
            Column("chair", reader.say(N_("Chair"))),
            Column("recorder", reader.say(N_("Recorder"))),
            Column("matters", reader.say(N_("Matters"))),
            Column("status", reader.say(N_("Minutes"))),
        ],
        following=f"{HERE}?cursor={following}" if following else None,
        first=HERE if after else None,
    )  # fmt: skip


# Drawing one up -----------------------------------------------------------------------------------


@router.get("/new")
def new_page(request: Request, caller: Recording) -> Response:
    return _draft_page(request, caller, None)


@router.post("/new")
def draft(request: Request, caller: Recording, form: Form) -> Response:
    try:
        day, chair, present = _people(form)
        with caller.work("meetings.draft") as tx:
            meeting_id = meetings.draft(tx, held_on=day, chair_id=chair, present=present)
    except entry.AGAIN as error:
        return _draft_page(request, caller, None, form, error)
    return _back(meeting_id, "drafted")


def _people(form: Submitted) -> tuple[met.Day, UUID, list[UUID]]:
    day = day_of(form, "held_on")
    if day is None:
        raise Invalid.of("held_on", N_("This has to be filled in."))
    present = [id_in(each, "present") for each in form.texts("present")]
    return day, id_of(form, "chair_id"), present


@router.get("/{meeting_id}/change")
def change_page(request: Request, caller: Recording, meeting_id: UUID) -> Response:
    return _draft_page(request, caller, meeting_id)


@router.post("/{meeting_id}/change")
def change(request: Request, caller: Recording, meeting_id: UUID, form: Form) -> Response:
    seen = version_of(form)
    try:
        day, chair, present = _people(form)
        with caller.work("meetings.change") as tx:
            meetings.change(
                tx, meeting_id, held_on=day, chair_id=chair, present=present, seen_version=seen
            )
    except entry.AGAIN as error:
        return _draft_page(request, caller, meeting_id, form, error)
    return _back(meeting_id, "changed")


def _draft_page(
    request: Request,
    caller: Caller,
    meeting_id: UUID | None,
    form: Submitted | None = None,
    refused: PlumblineError | None = None,
) -> Response:
    with caller.work("meetings.form") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="sign")
        it = meetings.read(tx, meeting_id) if meeting_id else None
        there = meetings.people(tx)
        chairs = meetings.chairs(tx, there)
        invited = met.invited(reader, there, meetings.usual(tx), meetings.office(tx))
    held = {
        "held_on": it.head["held_on"] if it else reader.today,
        "chair_id": str(it.head["chair_id"]) if it else "",
        "present": tuple(str(each["account_id"]) for each in it.present) if it else (),
    }
    why = _refusal(refused)
    return render(
        request, "pages/meeting_draft.html", frame=frame, status_code=why.status, refusal=why,
        form=_filled(form, refused, held), version=it.head["version"] if it else None,
        action=href(meeting_id, "change") if it else f"{HERE}/new",
        crumb=Link(met.title(reader, it.head), href(meeting_id)) if it else None,
        chairs=met.accounts(chairs), people=invited,
    )  # fmt: skip


# One meeting --------------------------------------------------------------------------------------


@router.get("/{meeting_id}")
def read(request: Request, caller: Reading, meeting_id: UUID) -> Response:
    with caller.work("meetings.read") as tx:
        reader = Reader.of(caller, tx)
        it = meetings.read(tx, meeting_id)
        frame = frame_for(request, caller, tx, current="sign")
    return render(
        request, "pages/meeting.html", frame=frame, status_code=200,
        notice=met.NOTICES.get(request.query_params.get("done", "")),
        **met.page(reader, it),
    )  # fmt: skip


@router.get("/{meeting_id}/agenda")
def agenda_page(request: Request, caller: Recording, meeting_id: UUID) -> Response:
    return _agenda(request, caller, meeting_id)


@router.post("/{meeting_id}/agenda")
def put_on(request: Request, caller: Recording, meeting_id: UUID, form: Form) -> Response:
    seen = version_of(form)
    try:
        chosen = [id_in(each, "requests") for each in form.texts("requests")]
        if not chosen:
            raise Invalid.of("requests", N_("Choose one matter at least."))
        with caller.work("meetings.put_on") as tx:
            for more, request_id in enumerate(dict.fromkeys(chosen)):
                meetings.put_on(tx, meeting_id, request_id, seen_version=seen + more)
    except entry.AGAIN as error:
        return _agenda(request, caller, meeting_id, form, error)
    return _back(meeting_id, "put_on")


def _agenda(
    request: Request, caller: Caller, meeting_id: UUID, form: Submitted | None = None,
    refused: PlumblineError | None = None,
) -> Response:  # fmt: skip
    with caller.work("meetings.offered") as tx:
        reader = Reader.of(caller, tx)
        it = meetings.read(tx, meeting_id)
        frame = frame_for(request, caller, tx, current="sign")
        offered = meetings.offered(tx, it.head["chair_id"])
    why = _refusal(refused)
    return render(
        request, "pages/meeting_agenda.html", frame=frame, status_code=why.status, refusal=why,
        form=_filled(form, refused), version=it.head["version"],
        crumb=Link(met.title(reader, it.head), href(meeting_id)),
        action=href(meeting_id, "agenda"), chair=it.head["chair_name"],
        choices=[met.offer(reader, row) for row in offered],
    )  # fmt: skip


# One matter of it ---------------------------------------------------------------------------------


@router.get("/{meeting_id}/items/{item_id}")
def decide_page(request: Request, caller: Recording, meeting_id: UUID, item_id: UUID) -> Response:
    return _item(request, caller, meeting_id, item_id, "meeting_decide")


@router.post("/{meeting_id}/items/{item_id}")
def decide(
    request: Request, caller: Recording, meeting_id: UUID, item_id: UUID, form: Form
) -> Response:
    seen, request_seen = met.versions_of(form)
    try:
        recused = [id_in(each, "recused") for each in form.texts("recused")]
        with caller.work("meetings.decide") as tx:
            meetings.decide(
                tx, meeting_id, item_id, decision=form.text("decision"),
                reason=form.text("reason"), recused=recused, seen_version=seen,
                request_version=request_seen,
            )  # fmt: skip
    except entry.AGAIN as error:
        return _item(request, caller, meeting_id, item_id, "meeting_decide", form, error)
    return _back(meeting_id, "decided")


@router.get("/{meeting_id}/items/{item_id}/pull")
def pull_page(request: Request, caller: Signing, meeting_id: UUID, item_id: UUID) -> Response:
    return _item(request, caller, meeting_id, item_id, "meeting_pull")


@router.post("/{meeting_id}/items/{item_id}/pull")
def pull(
    request: Request, caller: Signing, meeting_id: UUID, item_id: UUID, form: Form
) -> Response:
    seen = version_of(form)
    try:
        with caller.work("meetings.pull") as tx:
            meetings.pull(tx, meeting_id, item_id, reason=form.text("reason"), seen_version=seen)
    except entry.AGAIN as error:
        return _item(request, caller, meeting_id, item_id, "meeting_pull", form, error)
    return _back(meeting_id, "pulled")


def _item(
    request: Request, caller: Caller, meeting_id: UUID, item_id: UUID, template: str,
    form: Submitted | None = None, refused: PlumblineError | None = None,
) -> Response:  # fmt: skip
    with caller.work("meetings.item") as tx:
        reader = Reader.of(caller, tx)
        it = meetings.read(tx, meeting_id)
        place = met.place_of(it, item_id)
        held = met.decided(place) if template == "meeting_decide" else None
        frame = frame_for(request, caller, tx, current="sign")
    why = _refusal(refused)
    return render(
        request, f"pages/{template}.html", frame=frame, status_code=why.status, refusal=why,
        form=_filled(form, refused, held),
        version=it.head["version"] if held is None else met.versions(it, place),
        crumb=Link(met.title(reader, it.head), href(meeting_id)), place=place.row,
        item=met.item(reader, it, place), signed=it.head["status"] == "recorded",
        action=f"{href(meeting_id)}/items/{item_id}",
        answers=[Choice(key, reader.say(label)) for key, label in met.DECISIONS.items()],
        people=met.those_there(it.present, "account_id"),
    )  # fmt: skip


# The minutes --------------------------------------------------------------------------------------


@router.get("/{meeting_id}/sign")
def sign_page(request: Request, caller: Signing, meeting_id: UUID) -> Response:
    return _minutes(request, caller, meeting_id)


@router.post("/{meeting_id}/sign")
def sign(request: Request, caller: Signing, meeting_id: UUID, form: Form) -> Response:
    """The recorder's signature, or the chair's, with which each matter is signed."""
    seen = version_of(form)
    try:
        with caller.work("meetings.sign") as tx:
            it = meetings.read(tx, meeting_id)
            if it.records:
                meetings.record(tx, meeting_id, seen_version=seen)
            else:
                meetings.sign(tx, meeting_id, seen_version=seen)
    except entry.AGAIN as error:
        return _minutes(request, caller, meeting_id, error)
    if it.records:
        return _back(meeting_id, "recorded")
    meetings.carry_out(caller.work, meeting_id)
    return _back(meeting_id, "signed")


@router.post("/{meeting_id}/carry-on")
def carry_on(caller: Signing, meeting_id: UUID) -> Response:
    """What was interrupted after the chair had signed."""
    meetings.carry_out(caller.work, meeting_id)
    return _back(meeting_id, "signed")


def _minutes(
    request: Request, caller: Caller, meeting_id: UUID, refused: PlumblineError | None = None
) -> Response:
    with caller.work("meetings.minutes") as tx:
        reader = Reader.of(caller, tx)
        it = meetings.read(tx, meeting_id)
        frame = frame_for(request, caller, tx, current="sign")
    why = _refusal(refused)
    return render(
        request, "pages/meeting_sign.html", frame=frame, status_code=why.status, refusal=why,
        version=it.head["version"], crumb=Link(met.title(reader, it.head), href(meeting_id)),
        action=href(meeting_id, "sign"), **met.minutes(reader, it),
    )  # fmt: skip


@router.post("/{meeting_id}/send-back")
def send_back(request: Request, caller: Signing, meeting_id: UUID, form: Form) -> Response:
    seen = version_of(form)

    def do(tx: Work) -> object:
        return meetings.send_back(tx, meeting_id, seen_version=seen)

    return _minutes_or_back(request, caller, meeting_id, "sent_back", do)


def _minutes_or_back(
    request: Request, caller: Caller, meeting_id: UUID, done: str, do: Callable[[Work], object]
) -> Response:
    try:
        with caller.work(f"meetings.{done}") as tx:
            do(tx)
    except entry.AGAIN as error:
        return _minutes(request, caller, meeting_id, error)
    return _back(meeting_id, done)


@router.get("/{meeting_id}/call-off")
def call_off_page(request: Request, caller: Signing, meeting_id: UUID) -> Response:
    return _call_off(request, caller, meeting_id)


@router.post("/{meeting_id}/call-off")
def call_off(request: Request, caller: Signing, meeting_id: UUID, form: Form) -> Response:
    seen = version_of(form)
    try:
        with caller.work("meetings.call_off") as tx:
            meetings.call_off(tx, meeting_id, reason=form.text("reason"), seen_version=seen)
    except entry.AGAIN as error:
        return _call_off(request, caller, meeting_id, form, error)
    return _back(meeting_id, "called_off")


def _call_off(
    request: Request, caller: Caller, meeting_id: UUID, form: Submitted | None = None,
    refused: PlumblineError | None = None,
) -> Response:  # fmt: skip
    with caller.work("meetings.form") as tx:
        reader = Reader.of(caller, tx)
        it = meetings.read(tx, meeting_id)
        frame = frame_for(request, caller, tx, current="sign")
    why = _refusal(refused)
    return render(
        request, "pages/meeting_call_off.html", frame=frame, status_code=why.status, refusal=why,
        form=_filled(form, refused), version=it.head["version"],
        crumb=Link(met.title(reader, it.head), href(meeting_id)),
        action=href(meeting_id, "call-off"),
    )  # fmt: skip


def _refusal(error: PlumblineError | None) -> Refusal:
    if error is None:
        return Refusal()
    if isinstance(error, Invalid):
        return Refusal(status=error.status)
    reasons = error.whole
    return Refusal(reasons=reasons, status=error.status)


def _filled(
    form: Submitted | None, refused: PlumblineError | None, held: dict[str, object] | None = None
) -> Filled:
    return entry.refilled(form, refused) if form and refused else Filled(held or {})


def _back(meeting_id: UUID, done: str) -> Response:
    return RedirectResponse(f"{href(meeting_id)}?done={done}", status_code=303)
