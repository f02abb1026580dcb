"""Asking for what is sealed of a petition, deciding on it, and reading what was released."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Forbidden, NotFound
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry, unsealing
from app.routers.pages.desk_parts import Made
from app.routers.pages.entry import Entry, Open, version_of
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, matter_href, task_on
from app.routers.pages.unsealing import Line
from app.routers.parts import Choice, Link, Task
from app.routers.templating import render
from app.services import matters, papers, releases

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

HERE = "/sign/releases"
NOTICES: Mapping[str, str] = {"release_ended": N_("It is closed to you again.")}
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
    """A name can only be asked for where one was given. From a lead or case the petition is chosen
    from which it came."""
    behind: list[Choice] = []
    if it.file.kind is Kind.PETITION:
        if it.file.own.get("keeps") is not False:
            raise Forbidden(N_("You may read this without a release."))
        named = it.file.own["named"]
    else:
        found = releases.behind(it.tx, it.file.head["id"])
        if not found:
            raise NotFound
        behind = [Choice(str(row["petition_id"]), _received(it.reader, row)) for row in found]
        named = any(row["named"] for row in found)
    keys = WHAT if named else ("wording",)
    return {
        "what": [Choice(key, it.reader.say(unsealing.ASKED[WHAT[key]])) for key in keys],
        "behind": behind,
    }


def _received(reader: Reader, row: Row) -> str:
    return reader.say(
        N_("{number}, received {day}"), number=row["number"],
        day=reader.written(row["received_on"]),
    )  # fmt: skip


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
        petition_id = matter_id
        if matters.head(tx, matter_id)["kind"] != Kind.PETITION:
            known = {str(row["petition_id"]) for row in releases.behind(tx, matter_id)}
            petition_id = UUID(entry.one_of(form, "behind", known))
        releases.ask(
            tx, petition_id, reporter=reporter, wording=wording, reason=form.text("reason")
        )

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
        rows = [row for row in releases.of_petition(tx, matter_id) if row["id"] == release_id]
        if not rows:
            raise NotFound
        found = releases.read(tx, release_id)
        scans = papers.released(tx, release_id)
        frame = frame_for(request, caller, tx, current="sign")
    return render(
        request,
        "pages/released.html",
        frame=frame,
        crumb=Link(rows[0]["number"], HERE),
        found=found,
        scans=[
            Link(row["title"], f"{matter_href(matter_id)}/releases/{release_id}/papers/{row['id']}")
            for row in scans
        ],
    )


@router.post("/matters/{matter_id}/releases/{release_id}/end")
def end(caller: Reading, matter_id: UUID, release_id: UUID) -> Response:
    with caller.work("releases.end") as tx:
        releases.end(tx, release_id)
        sees = matters.still_sees(tx, matter_id)
    back = matter_href(matter_id) if sees else HERE
    return RedirectResponse(f"{back}?done=release_ended", status_code=303)


@router.get(HERE)
def overview(request: Request, caller: Reading) -> Response:
    """What the reader asked for or decides on: what waits, what is open, and what is over."""
    with caller.work("releases.list") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="sign")
        me = tx.actor.account_id
        rows = releases.every(tx)
    parts = [
        (heading, [_listed(reader, row, mine=row["requested_by"] == me) for row in part])
        for heading, part in _parted(rows)
    ]
    return render(
        request, "pages/releases.html", frame=frame,
        parts=[(reader.say(heading), lines) for heading, lines in parts if lines],
        notice=NOTICES.get(request.query_params.get("done", "")),
    )  # fmt: skip


def _parted(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    waits = [row for row in rows if row["approved"] is None]
    lasts = [row for row in rows if row["lasts"]]
    over = [row for row in rows if row["approved"] is not None and not row["lasts"]]
    return [(N_("It waits"), waits), (N_("It is open"), lasts), (N_("It is over"), over)]


def _listed(reader: Reader, row: Row, *, mine: bool) -> tuple[Link, Line]:
    """The petition, linked where the reader sees it, and what became of what was asked."""
    link = Link(row["number"], matter_href(row["petition_id"]) if row["title"] is not None else "")
    return link, unsealing.line(reader, row, mine=mine)


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
    if row["title"] is None:  # the petition itself isn't theirs to see
        return Task(
            text=reader.say(N_("Behind a matter of yours: {number}"), number=row["number"]),
            action=Link(reader.say(N_("Open")), HERE), lines=(unsealing.said(reader, row),),
        )  # fmt: skip
    if row["decidable"]:
        action = Link(reader.say(N_("Read and decide")), f"{here}/releases/{row['id']}")
    else:
        action = Link(reader.say(N_("Open")), f"{here}#sealed")
    return task_on(row, action, key="petition_id", lines=(unsealing.said(reader, row),))
