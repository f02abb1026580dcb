"""Asking for what is sealed of a petition, deciding on it, and reading what was released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Forbidden
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry, unsealing
from app.routers.pages.desk_parts import Made
from app.routers.pages.entry import Entry, Open, version_of
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href, task_on
from app.routers.parts import Choice, Link, Task
from app.routers.templating import render
from app.services import matters, releases

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

WHAT: Mapping[str, tuple[bool, bool]] = {
    "wording": (False, True),
    "reporter": (True, False),
    "both": (True, True),
}
ANSWERS: Mapping[str, str] = {
    "release": N_("Release it, for three working days"),
    "refuse": N_("Refuse it"),
}


def _offered(it: Open) -> Mapping[str, object]:
    """A name can only be asked for where one was given."""
    if it.file.own.get("keeps") is not False:
        raise Forbidden(N_("You may read this without a release."))
    keys = WHAT if it.file.own["named"] else ("wording",)
    return {
        "what": [Choice(key, it.reader.say(unsealing.ASKED[WHAT[key]])) for key in keys],
    }


ASK = Entry(
    "pages/release_ask.html", N_("Ask for what is sealed"),
    N_(
        "Who reported {number}, and in which words, stays with intake: you work with the summary."
        " Whoever needs more says why. The head of petitions or the chief decides; then it opens"
        " for you alone, for three working days, and each reading is recorded."
    ),
    N_("Ask for it"), "/release", "release_asked", _offered,
)  # fmt: skip


@router.get("/matters/{matter_id}/release")
def ask_page(request: Request, caller: Reading, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, ASK)


@router.post("/matters/{matter_id}/release")
def ask(request: Request, caller: Reading, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> None:
        reporter, wording = WHAT[entry.one_of(form, "what", WHAT)]
        releases.ask(tx, matter_id, reporter=reporter, wording=wording, reason=form.text("reason"))

    return entry.post(request, caller, matter_id, ASK, form, do)


def _decision(release_id: UUID) -> Entry:
    def offers(it: Open) -> Mapping[str, object]:
        row = releases.question(it.tx, it.file.head["id"], release_id)
        return {
            "said": unsealing.said(it.reader, row),
            "why": row["reason"],
            "answers": [Choice(key, it.reader.say(label)) for key, label in ANSWERS.items()],
        }

    return Entry(
        "pages/release_decide.html", N_("Release what is sealed"),
        N_(
            "You decide whether something sealed of {number} opens for one person. A name that"
            " leaks can cost whoever reported dearly: refuse it where the work goes on without."
        ),
        N_("Decide"), f"/releases/{release_id}", "release_decided", offers,
    )  # fmt: skip


@router.get("/matters/{matter_id}/releases/{release_id}")
def decide_page(request: Request, caller: Reading, matter_id: UUID, release_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, _decision(release_id))


@router.post("/matters/{matter_id}/releases/{release_id}")
def decide(
    request: Request, caller: Reading, matter_id: UUID, release_id: UUID, form: Form
) -> Response:
    def do(tx: Work) -> None:
        answer = entry.one_of(form, "answer", ANSWERS)
        releases.decide(
            tx, matter_id, release_id, approved=answer == "release",
            reason=form.text("reason"), seen_version=version_of(form),
        )  # fmt: skip

    return entry.post(request, caller, matter_id, _decision(release_id), form, do)


@router.post("/matters/{matter_id}/releases/{release_id}/read")
def read(request: Request, caller: Reading, matter_id: UUID, release_id: UUID) -> Response:
    """A POST, since each reading is recorded; the page is never kept."""
    with caller.work("releases.read") as tx:
        head = matters.head(tx, matter_id)
        found = releases.read(tx, release_id)
        frame = frame_for(request, caller, tx, current="ledgers")
    return render(
        request,
        "pages/released.html",
        frame=frame,
        crumb=Link(head["number"], matter_href(matter_id)),
        found=found,
    )


@router.post("/matters/{matter_id}/releases/{release_id}/end")
def end(caller: Reading, matter_id: UUID, release_id: UUID) -> Response:
    with caller.work("releases.end") as tx:
        releases.end(tx, release_id)
    return RedirectResponse(f"{matter_href(matter_id)}?done=release_ended", status_code=303)


def on_desk(made: Made, rows: Sequence[Row]) -> None:
    """What waits for the reader's decision, and what is open to them."""
    made.counted(N_("{count} to release or refuse"), sum(1 for row in rows if row["decidable"]))
    made.tasks(
        N_("What is sealed"),
        N_("Each reading is recorded"),
        tasks(made.reader, rows),
    )


def tasks(reader: Reader, rows: Sequence[Row]) -> list[Task]:
    return [_task(reader, row) for row in rows]


def _task(reader: Reader, row: Row) -> Task:
    here = matter_href(row["petition_id"])
    if row["decidable"]:
        action = Link(reader.say(N_("Read and decide")), f"{here}/releases/{row['id']}")
    else:
        action = Link(reader.say(N_("Open")), f"{here}#sealed")
    return task_on(row, action, key="petition_id", lines=(unsealing.said(reader, row),))
