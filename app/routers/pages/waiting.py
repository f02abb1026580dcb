"""What waits for a signature, and what its reader signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.core.db import Row
from app.domain.errors import N_, Reason
from app.domain.permissions import Permission
from app.routers.deps import Caller, Page
from app.routers.pages import meeting_desk
from app.routers.pages.frame import frame_for
from app.routers.pages.matters import NOTICES
from app.routers.pages.present import Reader, alleged, matter_href
from app.routers.paging import Paging
from app.routers.parts import Cell, Column, Link, Task
from app.routers.templating import render
from app.services import desks, meetings, requests

router = APIRouter()

Signing = Annotated[Caller, Page(Permission.REQUESTS_SIGN)]


@router.get("/sign")
def waiting(request: Request, caller: Signing, paging: Paging) -> Response:
    """What waits for the reader's own signature, the oldest first."""
    after = paging.after("to-sign", lambda day, i: (date.fromisoformat(day), UUID(i)))
    with caller.work("requests.list") as tx:
        reader = Reader.of(caller, tx)
        found = requests.waiting(tx, after=after, limit=paging.wanted)
        rows, following = paging.part(
            "to-sign", found, lambda row: (row["requested_on"].isoformat(), row["id"])
        )
        count = requests.waiting_count(tx)
        frame = frame_for(request, caller, tx, current="sign")
        lacking = desks.hindered(tx, rows[: desks.SHOWN])
        oldest = [oldest_task(reader, rows[0], lacking)] if rows else []
        cells = [cells_of(reader, row, lacking) for row in rows[1:]]
        minutes = meeting_desk.tasks(reader, [] if after else meetings.to_sign(tx))
    return render(
        request,
        "pages/sign_list.html",
        frame=frame,
        oldest=oldest,
        columns=columns(reader),
        rows=cells,
        count=count,
        minutes=minutes,
        following=f"/sign?cursor={following}" if following else None,
        first="/sign" if after else None,
        notice=NOTICES.get(request.query_params.get("done", "")),
        answered=answered(reader, request),
    )


def oldest_task(reader: Reader, row: Row, lacking: Mapping[UUID, Reason]) -> Task:
    """The one that waits longest, large."""
    step = reader.step(row["kind"], row["event"])
    not_yet = _not_yet(reader, row, lacking)
    return Task(
        text=row["title"],
        number=Link(row["number"], matter_href(row["matter_id"])),
        alleged=alleged(row),
        lines=(
            reader.say(
                N_("{who} asked for “{step}” on {day}: {waiting}."),
                who=row["requested_by_name"] or "", step=step,
                day=reader.written(row["requested_on"]),
                waiting=reader.waiting(row["requested_on"]),
            ),
            *([not_yet] if not_yet else []),
        ),
        due=reader.due(row["due_on"]) if row["due_on"] else None,
        due_label=reader.say(N_("Limit")),
        action=Link(reader.say(N_("Read and sign")), f"/requests/{row['id']}"),
        oldest=True,
        main=True,
    )  # fmt: skip


def _not_yet(reader: Reader, row: Row, lacking: Mapping[UUID, Reason]) -> str:
    """Why it can't be signed yet; empty where it can."""
    reason = lacking.get(row["id"])
    if reason is None:
        return ""
    return reader.say(N_("Not to be signed yet: {reason}"), reason=reader.reason(reason))


def columns(reader: Reader) -> list[Column]:
    return [
        Column("number", reader.say(N_("Number")), "number"),
        Column("request", reader.say(N_("Request")), "title"),
        Column("who", reader.say(N_("Asked by")), "holder"),
        Column("waited", reader.say(N_("Waits")), "step", width="c-step-wide"),
        Column("due", reader.say(N_("Limit")), "due"),
    ]


def cells_of(reader: Reader, row: Row, lacking: Mapping[UUID, Reason]) -> dict[str, Cell]:
    """A request as one row of a list."""
    not_yet = _not_yet(reader, row, lacking)
    step = reader.step(row["kind"], row["event"])
    text = reader.say(N_("{step}: {title}"), step=step, title=row["title"])
    return {
        "number": Link(row["number"], matter_href(row["matter_id"])),
        "request": Link(text, f"/requests/{row['id']}"),
        "who": row["requested_by_name"] or "",
        "waited": Link(not_yet, quiet=True) if not_yet else reader.waited(row["requested_on"]),
        "due": reader.due(row["due_on"]),
    }


_SIGNED = {
    ("sign", "own"): N_("signed"),
    ("return", "own"): N_("returned"),
    ("sign", "paper"): N_("signed on paper"),
    ("return", "paper"): N_("returned on paper"),
    ("sign", "meeting"): N_("signed in a study meeting"),
    ("return", "meeting"): N_("returned in a study meeting"),
}


@router.get("/sign/signed")
def signed(request: Request, caller: Signing, paging: Paging) -> Response:
    """What the reader signed or returned, newest first."""
    after = paging.after("signed", datetime.fromisoformat)
    with caller.work("requests.signed") as tx:
        reader = Reader.of(caller, tx)
        found = requests.signed_by_me(tx, after=after, limit=paging.wanted)
        rows, following = paging.part("signed", found, lambda row: (row["signed_at"].isoformat(),))
        frame = frame_for(request, caller, tx, current="sign")
        own, papers = requests.signed_in_all(tx)
    words = N_("{own} by your own hand, {papers} on paper.")
    return render(
        request,
        "pages/signed.html",
        frame=frame,
        counted=reader.say(words, own=own, papers=papers) if papers else "",
        columns=[
            Column("on", reader.say(N_("Date")), "date"),
            Column("number", reader.say(N_("Number")), "number"),
            Column("request", reader.say(N_("Request"))),
            Column("verdict", reader.say(N_("Answer"))),
            Column("reason", reader.say(N_("Reason"))),
        ],
        rows=[
            {
                "on": row["signed_on"],
                "number": Link(row["number"], matter_href(row["matter_id"])),
                "request": Link(reader.step(row["kind"], row["event"]), f"/requests/{row['id']}"),
                "verdict": reader.say(
                    _SIGNED[row["verdict"], "meeting" if row["study_item_id"] else row["signed_in"]]
                ),
                "reason": row["my_reason"] or "",
            }
            for row in rows
        ],
        following=f"/sign/signed?cursor={following}" if following else None,
        first="/sign/signed" if after else None,
    )


def answered(reader: Reader, request: Request) -> Link | None:
    """The way back to what was just signed or returned, where already the next request stands."""
    try:
        matter_id = UUID(request.query_params.get("of", ""))
    except ValueError:
        return None
    return Link(reader.say(N_("Back to the matter just answered")), matter_href(matter_id))
