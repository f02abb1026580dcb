"""Emergency reads: declaring one, reading, ending it, and closing the review of another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Conflict, Invalid, NotFound
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers import seeing
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import chains, entry, history, releases, sections
from app.routers.pages.desk_parts import Made
from app.routers.pages.entry import Entry, Open, version_of
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, alleged, matter_href, place, task_on
from app.routers.parts import Choice, Filled, Link, Note, Signed, Task
from app.routers.templating import render
from app.services import access, emergencies
from app.services import releases as unsealing
from app.services.matters import MatterFile

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

HERE = "/sign/emergencies"
ONE: Mapping[Kind, str] = {
    Kind.PETITION: N_("petition"),
    Kind.LEAD: N_("lead"),
    Kind.CASE: N_("case"),
    Kind.FUND_ITEM: N_("fund item"),
}
NOTICES: Mapping[str, str] = {
    "declared": N_("It is open to you. Whoever heads the matter has been told."),
    "ended": N_("It is closed to you again."),
}
JUSTIFIED = N_("{by} found it justified.")
NOT_JUSTIFIED = N_("{by} found it not justified.")
FINDINGS: Mapping[str, str] = {
    "justified": N_("Justified: it could not wait, and they read what they needed"),
    "not": N_("Not justified"),
}


@router.get(HERE)
def overview(request: Request, caller: Reading) -> Response:
    return _overview(request, caller, Filled(), 200)


def _overview(request: Request, caller: Caller, form: Filled, status: int) -> Response:
    with caller.work("emergencies.list") as tx:
        reader = Reader.of(caller, tx)
        frame = frame_for(request, caller, tx, current="sign")
        may = emergencies.may_declare(tx)
        waiting = [_task(reader, row) for row in emergencies.to_review(tx)]
        mine = [
            {
                **row,
                "words": _became(reader, row),
                "read": _read(reader, row),
                "declared": reader.moment(row["declared_at"]),
            }
            for row in emergencies.mine(tx)
        ]
        sealed = releases.tasks(reader, unsealing.mine(tx))
        hours = emergencies.hours(tx)
    return render(
        request, "pages/emergencies.html", frame=frame, status_code=status, form=form,
        waiting=waiting, mine=mine, sealed=sealed, may=may, hours=hours,
        kinds=[Choice(kind.value, reader.say(name)) for kind, name in ONE.items()],
        notice=NOTICES.get(request.query_params.get("done", "")),
    )  # fmt: skip


@router.post(HERE)
def declare(request: Request, caller: Reading, form: Form) -> Response:
    try:
        kind = Kind(entry.one_of(form, "kind", {each.value for each in Kind}))
        with caller.work("emergencies.declare") as tx:
            opened = emergencies.declare(
                tx, kind=kind, number=form.text("number"), reason=form.text("reason")
            )
    except Invalid as invalid:
        return _overview(request, caller, Filled.refused(form.values, invalid), 422)
    except Conflict as conflict:
        refused = Filled(form.values, {"number": conflict.reason})
        return _overview(request, caller, refused, conflict.status)
    if opened is None:  # after the block: the try stays counted
        raise NotFound
    return RedirectResponse(f"{HERE}?done=declared", status_code=303)


@router.post(HERE + "/{emergency_id}/read")
def read(request: Request, caller: Reading, emergency_id: UUID) -> Response:
    """A POST, since each reading is recorded, before anything opens; the page is never kept."""
    with caller.work("emergencies.write_reading") as tx:
        reading = emergencies.write_reading(tx, emergency_id)
        frame = frame_for(request, caller, tx, current="sign")
    with caller.work("emergencies.read") as tx:
        file = emergencies.read_page(tx, reading)
        reader = Reader.of(caller, tx).following(tx, file.head["profile_id"])
        mine = access.why_i_see(tx, file.head["id"])
    return render(
        request, "pages/emergency.html", frame=frame, crumb=Link(_title(reader), HERE),
        head=file.head, alleged=alleged(file.head), place=place(file.head),
        mark=reader.stage_mark(file.head), stage_notes=history.stage_notes(reader, file),
        why=[seeing.said(each, mine.places, reader.locale) for each in mine.reasons],
        status_code=200, **_texts(reader, file),
    )  # fmt: skip


@router.get(HERE + "/{emergency_id}/read")
def read_again(caller: Reading, emergency_id: UUID) -> Response:  # noqa: ARG001 - any of them
    """Whoever asks for that page anew finds the button: each reading is recorded."""
    return RedirectResponse(HERE, status_code=303)


def _title(reader: Reader) -> str:
    return reader.say(N_("Releases and emergency reads"))


def _texts(reader: Reader, file: MatterFile) -> dict[str, object]:
    """The matter's own sections; what they would lead to is closed, so nothing leads there."""
    return {
        "summary": sections.summary(reader, file),
        "held": reader.listed(
            [*(row["name"] for row in file.team), file.head["assigned_name"] or ""]
        ),
        "people_columns": sections.people_columns(reader, file),
        "people": sections.people_rows(reader, file, opens=False),
        "signatures": _signatures(reader, file),
        "notes": [
            Note(row["text"], reader.listed([row["made_by"], reader.written(row["made_on"])]))
            for row in file.notes
        ],
        "history": history.entries(reader, file),
    }


def _signatures(reader: Reader, file: MatterFile) -> list[tuple[str, str, Sequence[Signed]]]:
    return [
        (
            reader.step(file.kind, row["event"]),
            reader.say(chains.STATUSES[row["status"]]),
            chains.signed_chain(reader, row, file.signatures, file.committee),
        )
        for row in file.requests
    ]


@router.post(HERE + "/{emergency_id}/end")
def end(caller: Reading, emergency_id: UUID) -> Response:
    with caller.work("emergencies.end") as tx:
        emergencies.end(tx, emergency_id)
    return RedirectResponse(f"{HERE}?done=ended", status_code=303)


# The review ---------------------------------------------------------------------------------------


def _review(emergency_id: UUID) -> Entry:
    def offers(it: Open) -> Mapping[str, object]:
        row = emergencies.question(it.tx, it.file.head["id"], emergency_id)
        return {
            "said": _said(it.reader, row),
            "why": row["reason"],
            "due": it.reader.due(row["review_by"]),
            "answers": [Choice(key, it.reader.say(label)) for key, label in FINDINGS.items()],
        }

    return Entry(
        "pages/emergency_review.html", N_("Review an emergency read"),
        N_(
            "Somebody read {number} who sees it neither by their role nor on the team. Ask them,"
            " look at what they did, and say what you found. It stands at the matter for good; a"
            " reading that still lasts ends now."
        ),
        N_("Close the review"), f"/emergencies/{emergency_id}/review", "emergency_reviewed", offers,
    )  # fmt: skip


@router.get("/matters/{matter_id}/emergencies/{emergency_id}/review")
def review_page(request: Request, caller: Reading, matter_id: UUID, emergency_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, _review(emergency_id))


@router.post("/matters/{matter_id}/emergencies/{emergency_id}/review")
def review(
    request: Request, caller: Reading, matter_id: UUID, emergency_id: UUID, form: Form
) -> Response:
    def do(tx: Work) -> None:
        finding = entry.one_of(form, "finding", FINDINGS)
        emergencies.review(
            tx, matter_id, emergency_id, justified=finding == "justified",
            words=form.text("review"), seen_version=version_of(form),
        )  # fmt: skip

    return entry.post(request, caller, matter_id, _review(emergency_id), form, do)


# In words -----------------------------------------------------------------------------------------


def _said(reader: Reader, row: Row) -> str:
    said = reader.say(
        N_("{who} declared an emergency at {moment}; {read} so far."),
        who=row["reader"], moment=reader.moment(row["declared_at"]), read=_read(reader, row),
    )  # fmt: skip
    if not row["lasts"]:
        return said
    until = reader.moment(row["opens_until"])
    return reader.text(said, reader.say(N_("It is open to them until {moment}."), moment=until))


def _read(reader: Reader, row: Row) -> str:
    return reader.count(N_("read {count} time"), N_("read {count} times"), row["readings"])


def _finding(reader: Reader, row: Row) -> str:
    text = JUSTIFIED if row["justified"] else NOT_JUSTIFIED
    return reader.say(text, by=row["reviewer"])


def _became(reader: Reader, row: Row) -> str:
    if row["justified"] is not None:
        return _finding(reader, row)
    if row["lasts"]:
        until = reader.moment(row["opens_until"])
        return reader.say(N_("Open to you until {moment}."), moment=until)
    return reader.say(N_("It is over; its review is still open."))


def _task(reader: Reader, row: Row, *, main: bool = False) -> Task:
    here = f"{matter_href(row['matter_id'])}/emergencies/{row['id']}/review"
    action = Link(reader.say(N_("Review it")), here)
    lines = (_said(reader, row), reader.say(N_("“{words}”"), words=row["reason"]))
    made = task_on(row, action, due=reader.due(row["review_by"]), lines=lines)
    return replace(made, main=main, oldest=main, due_label=reader.say(N_("Review by")))


def on_desk(made: Made, rows: Sequence[Row]) -> None:
    """Above everything else, until it is closed."""
    made.counted(N_("{count} read in an emergency"), len(rows))
    made.tasks(
        N_("Read in an emergency"),
        N_("Until you close the review"),
        [_task(made.reader, row, main=index == 0) for index, row in enumerate(rows)],
    )


def on_matter(reader: Reader, rows: Sequence[Row]) -> list[Mapping[str, object]]:
    """What was declared on a matter, for the page of who sees it."""
    return [{**row, "words": _of_matter(reader, row)} for row in rows]


def _of_matter(reader: Reader, row: Row) -> str:
    said = _said(reader, row)
    if row["reviewed_at"] is None:
        return reader.text(said, reader.say(N_("The review is open.")))
    return reader.text(said, _finding(reader, row))
