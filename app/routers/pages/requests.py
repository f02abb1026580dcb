"""Signing: reading a request, and two equal answers to it, neither preselected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Invalid, PlumblineError, Reason
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import (
    asked_words,
    chains,
    entry,
    evidence,
    fields,
    given,
    met,
    paper_signatures,
    sections,
)
from app.routers.pages.chains import Waiting
from app.routers.pages.corrected import Sides
from app.routers.pages.entry import Open
from app.routers.pages.fields import Around, Shown
from app.routers.pages.frame import frame_for
from app.routers.pages.matters import NOTICES
from app.routers.pages.present import Reader, alleged, matter_href
from app.routers.pages.waiting import answered
from app.routers.parts import Cell, Decision, Filled, Link
from app.routers.templating import render
from app.services import matters, meetings, requests, workflow
from app.services.paper_signatures import entered as entered_on_paper
from app.services.workflow import Done

router = APIRouter()

Signing = Annotated[Caller, Page(Permission.REQUESTS_SIGN)]
Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]


# One request --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A request with its matter, for reading and signing."""

    it: Open
    row: Row
    signatures: Sequence[Row]
    around: Around
    shown: Sequence[Shown]
    rests_on: Sequence[Mapping[str, Cell]]
    corrected: Sequence[Sides]
    correction: evidence.Asked | None
    mine: bool
    lacking: Sequence[Reason]
    on_paper: Sequence[Link] = ()
    entered: Row | None = None


def opened(caller: Caller, tx: Work, request_id: UUID) -> Asked:
    row = requests.open_request(tx, request_id)
    file = matters.open_matter(tx, row["matter_id"])
    reader = Reader.of(caller, tx).following(tx, file.head["profile_id"])
    around = Around(tx, reader, workflow.judged(tx, row["matter_id"], row["form"]), row["event"])
    mine = requests.waits_for_me(tx, request_id)
    it = Open(tx, reader, file)
    entered = entered_on_paper(tx, row)
    return Asked(
        it=it,
        row=row,
        signatures=requests.signatures(tx, [request_id]),
        around=around,
        shown=fields.shown(requests.fields_to_sign(tx, around.judged, row), around) if mine else (),
        rests_on=evidence.rows(it, row, around),
        corrected=evidence.corrected_since(it, row),
        correction=evidence.correction(it, row),
        mine=mine,
        lacking=requests.hindrances(tx, row, around.judged) if mine else (),
        on_paper=() if file.only_read else paper_signatures.beside(tx, reader, row, entered),
        entered=entered,
    )


@router.get("/requests/{request_id}")
def read(request: Request, caller: Reading, request_id: UUID) -> Response:
    return _page(request, caller, request_id)


@router.post("/requests/{request_id}/sign")
def sign(request: Request, caller: Signing, request_id: UUID, form: Form) -> Response:
    seen = entry.version_of(form)
    try:
        with caller.work("requests.sign") as tx:
            done = _sign(caller, tx, request_id, form, seen)
            following = _following(tx)
    except entry.AGAIN as error:
        return _page(request, caller, request_id, form, refused=error, answer="sign")
    return _onwards("carried_out" if done.moved else "signed", done, following)


def _sign(caller: Caller, tx: Work, request_id: UUID, form: Submitted, seen: int) -> Done:
    asked = opened(caller, tx, request_id)
    typed = given.given(asked.shown, form, asked.around)
    try:
        return requests.sign(
            tx, request_id, reason=form.text("reason"), form=typed.values, seen_version=seen
        )
    except Invalid as invalid:
        raise typed.located(invalid) from None


@router.post("/requests/{request_id}/return")
def return_(request: Request, caller: Signing, request_id: UUID, form: Form) -> Response:
    seen = entry.version_of(form)
    try:
        with caller.work("requests.return") as tx:
            done = requests.return_(tx, request_id, reason=form.text("reason"), seen_version=seen)
            following = _following(tx)
    except entry.AGAIN as error:
        return _page(request, caller, request_id, form, refused=error, answer="return")
    return _onwards("returned", done, following)


@router.post("/requests/{request_id}/take-back")
def take_back(request: Request, caller: Reading, request_id: UUID, form: Form) -> Response:
    seen = entry.version_of(form)
    try:
        with caller.work("requests.take_back") as tx:
            done = requests.take_back(tx, request_id, seen_version=seen)
    except entry.AGAIN as error:
        return _page(request, caller, request_id, form, refused=error)
    return RedirectResponse(f"{matter_href(done.matter_id)}?done=taken_back", status_code=303)


def _following(tx: Work) -> UUID | None:
    """The next request that waits for the same signer."""
    rows = requests.waiting(tx, limit=1)
    return rows[0]["id"] if rows else None


def _onwards(told: str, done: Done, following: UUID | None) -> Response:
    address = f"/requests/{following}" if following is not None else "/sign"
    return RedirectResponse(f"{address}?done={told}&of={done.matter_id}", status_code=303)


def _page(
    request: Request,
    caller: Caller,
    request_id: UUID,
    form: Submitted | None = None,
    *,
    refused: PlumblineError | None = None,
    answer: str = "",
) -> Response:
    with caller.work("requests.page") as tx:
        asked = opened(caller, tx, request_id)
        place = requests.place(tx, asked.row) if asked.mine else None
        signers = requests.next_signers(tx, asked.row)
        waits = asked.row["status"] == "open"
        meeting = meetings.on_agenda(tx, asked.row["matter_id"]) if waits else None
        frame = frame_for(request, caller, tx, current="sign" if asked.mine else "ledgers")
        mine_to_take_back = (
            requests.is_mine(tx, asked.row)
            and asked.row["status"] == "open"
            and not asked.signatures
        )
    typed = entry.refilled(form, refused) if form and refused else Filled()
    why = entry.refusal(refused, asked.it, None)
    here = f"/requests/{request_id}"
    awaited = Waiting(asked.mine, signers, frame, request.app.state.demo, here, asked.entered)
    done = NOTICES.get(request.query_params.get("done", "")) if form is None else None
    return render(
        request,
        "pages/sign.html",
        frame=frame,
        count=_count(asked.it.reader, place),
        refusal=why,
        takes_back=mine_to_take_back,
        on_agenda=met.waits_on(asked.it.reader, meeting),
        notice=done,
        answered=answered(asked.it.reader, request),
        status_code=why.status,
        **_read(asked, awaited),
        **_answers(asked, typed, answer),
    )


def _read(asked: Asked, awaited: Waiting) -> dict[str, object]:
    """What is asked, what it rests on, and who signs."""
    reader, row, file = asked.it.reader, asked.row, asked.it.file
    matter = Link(file.head["number"], matter_href(file.head["id"]))
    return {
        "row": row,
        "head": file.head,
        "alleged": alleged(file.head),
        "matter": matter,
        "crumb": Link(reader.say(N_("To sign")), "/sign") if asked.mine else matter,
        "title": title(reader, row),
        "sentence": asked_words.sentence(reader, row, file),
        "due": reader.due(file.head["due_on"]),
        "evidence": asked.rests_on,
        "evidence_columns": evidence.columns(reader),
        "corrected": asked.corrected,
        "correction": asked.correction,
        "summary": sections.summary(reader, file),
        "chain": chains.signed_chain(reader, row, asked.signatures, file.committee, awaited),
        "boxes": chains.boxes(reader, row, asked.signatures),
        "on_paper": asked.on_paper,
    }


def _answers(asked: Asked, typed: Filled, answer: str) -> dict[str, object]:
    """Two equal answers; what was typed stands in the one that was refused."""
    reader, row = asked.it.reader, asked.row
    return {
        "mine": asked.mine,
        "lacking": [reader.reason(each) for each in asked.lacking],
        "fields": asked.shown,
        "labels": {each.name: each.label for each in asked.shown},
        "form": typed,
        "answer": answer,
        "sign": _decision(reader, row, "sign", typed if answer == "sign" else Filled()),
        "back": _decision(reader, row, "return", typed if answer == "return" else Filled()),
    }


def title(reader: Reader, row: Row) -> str:
    step = reader.step(row["kind"], row["event"])
    return reader.say(N_("Request: {step} {number}"), step=step, number=row["number"])


def _count(reader: Reader, place: tuple[int, int] | None) -> str:
    return reader.say(N_("{place} of {count}"), place=place[0], count=place[1]) if place else ""


def _decision(reader: Reader, row: Row, answer: str, form: Filled) -> Decision:
    values = {"step": reader.step(row["kind"], row["event"]), "number": row["number"]}
    if answer == "sign":
        return Decision(
            action=f"/requests/{row['id']}/sign",
            label=reader.say(N_("Why you agree")),
            hint=reader.say(N_("What you agree to, and what has to be minded")),
            button=reader.say(N_("Sign: {step} {number}"), **values),
            form=form,
        )
    return Decision(
        action=f"/requests/{row['id']}/return",
        label=reader.say(N_("Why you return it")),
        hint=reader.say(N_("What is missing, and how to mend it")),
        button=reader.say(N_("Return: {step} {number}"), **values),
        form=form,
    )
