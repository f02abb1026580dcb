"""Who can see a matter and why, keeping off one, and near relatives in a person's file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Conflict, Invalid
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers import seeing
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import emergencies, entry
from app.routers.pages.delegations import colleagues
from app.routers.pages.entry import Entry, id_of, version_of
from app.routers.pages.frame import frame_for
from app.routers.pages.present import Reader, alleged, matter_href
from app.routers.parts import Cell, Choice, Column, Filled, Link
from app.routers.templating import render
from app.services import access, accounts, matters, people, walls
from app.services.access import Access, Seer

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
PeopleWriter = Annotated[Caller, Page(Permission.PEOPLE_WRITE)]
Form = Annotated[Submitted, Depends(submitted)]

KEEP_OFF = Entry(
    "pages/keep_off.html", N_("Keep off this matter"),
    N_(
        "You declare a conflict on {number}. From this moment you see nothing of it any more,"
        " and only somebody else's decision changes that. Whoever heads it finds somebody"
        " to take over."
    ),
    N_("Keep off {number}"), "/keep-off", "kept_off", guests=True,
)  # fmt: skip

KINSHIPS: Mapping[str, str] = {
    "spouse": N_("spouse"),
    "parent": N_("parent"),
    "child": N_("child"),
    "sibling": N_("brother or sister"),
    "in_law": N_("relative by marriage"),
    "other_near": N_("other near relative"),
}


@router.get("/matters/{matter_id}/access")
def who_sees(request: Request, caller: Reading, matter_id: UUID) -> Response:
    """For whoever works on the matter everybody who sees it; for others why they do."""
    return _who_sees(request, caller, matter_id, Filled(), 200)


def _who_sees(
    request: Request, caller: Caller, matter_id: UUID, form: Filled, status: int
) -> Response:
    with caller.work("matters.access") as tx:
        reader = Reader.of(caller, tx)
        mine = access.why_i_see(tx, matter_id)
        head = matters.head(tx, matter_id)
        found = None if matters.only_reads(tx, head) else access.who_sees(tx, matter_id)
        frame = frame_for(request, caller, tx, current="ledgers")
        offered = _offered(tx, found) if found and found.heads else []
    return render(
        request,
        "pages/access.html",
        frame=frame,
        status_code=status,
        form=form,
        address=matter_href(matter_id),
        people=colleagues(offered),
        grants=[{**row, "words": _lasts(reader, row)} for row in found.grants] if found else [],
        head=head,
        alleged=alleged(head),
        crumb=Link(head["number"], matter_href(matter_id)),
        mine=_sentences(reader, mine),
        columns=[Column("name", reader.say(N_("Name")), "person"),
                 Column("why", reader.say(N_("Why")), "text")],
        rows=_rows(reader, found) if found else None,
        kept_off=reader.listed([row["name"] for row in found.kept_off]) if found else "",
        emergencies=emergencies.on_matter(reader, found.emergencies) if found else [],
        liftable=[
            Link(row["name"], f"{matter_href(matter_id)}/walls/{row['account_id']}")
            for row in (found.liftable if found else ())
        ],
    )  # fmt: skip


def _offered(tx: Work, found: Access) -> list[Row]:
    """Who could be let see it: not whoever keeps off, whom this page names to its reader anyway."""
    kept_off = {row["account_id"] for row in found.kept_off}
    return [row for row in accounts.colleagues(tx) if row["id"] not in kept_off]


def _sentences(reader: Reader, seer: Seer) -> list[str]:
    return [seeing.said(each, seer.places, reader.locale) for each in seer.reasons]


def _rows(reader: Reader, found: Access) -> list[dict[str, Cell]]:
    return [
        {
            "name": each.name,
            "why": reader.text(*_sentences(reader, each)),
        }
        for each in found.seen_by
    ]


def _lasts(reader: Reader, row: Row) -> str:
    last = row["ends_on"] - timedelta(days=1)
    return reader.say(
        N_("{name}, until {last}; let see it by {by}"),
        name=row["name"], last=reader.written(last), by=row["granted_by"],
    )  # fmt: skip


@router.post("/matters/{matter_id}/access")
def let_see(request: Request, caller: Reading, matter_id: UUID, form: Form) -> Response:
    days = form.text("days")
    try:
        with caller.work("matters.let_see") as tx:
            access.let_see(
                tx, matter_id, login=form.text("login"), reason=form.text("reason"),
                days=int(days) if days.isdecimal() and len(days) < 5 else 0,
            )  # fmt: skip
    except Invalid as invalid:
        return _who_sees(request, caller, matter_id, Filled.refused(form.values, invalid), 422)
    except Conflict as conflict:
        refused = Filled(form.values, {"login": conflict.reason})
        return _who_sees(request, caller, matter_id, refused, conflict.status)
    return RedirectResponse(f"/matters/{matter_id}/access#grants", status_code=303)


@router.post("/matters/{matter_id}/grants/{grant_id}/end")
def end_grant(caller: Reading, matter_id: UUID, grant_id: UUID) -> Response:
    with caller.work("matters.end_grant") as tx:
        access.end_grant(tx, grant_id)
        sees = matters.still_sees(tx, matter_id)
    place = f"/matters/{matter_id}/access#grants" if sees else "/desk"
    return RedirectResponse(place, status_code=303)


@router.get("/matters/{matter_id}/keep-off")
def keep_off_page(request: Request, caller: Reading, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, KEEP_OFF)


@router.post("/matters/{matter_id}/keep-off")
def keep_off(request: Request, caller: Reading, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        walls.keep_off(tx, matter_id, reason=form.text("reason"), seen_version=version_of(form))
        return None

    return entry.post(request, caller, matter_id, KEEP_OFF, form, do)


def relatives_of(tx: Work, reader: Reader, person_id: UUID, sought: str) -> dict[str, object]:
    """The section of a person's file; `sought` is how a relative's name begins."""
    writes = tx.actor.may(Permission.PEOPLE_WRITE)
    found = None
    if sought and writes:
        rows = people.list_persons(tx, name=sought, unit=None, after=None, limit=20)
        found = [
            Choice(str(row["id"]), reader.listed([row["name"], row["unit_name"] or ""]))
            for row in rows
            if row["id"] != person_id
        ]
    return {
        "relatives": [
            {**row, "words": _kinship(reader, row)} for row in walls.relatives(tx, person_id)
        ],
        "writes": writes,
        "sought": sought,
        "candidates": found,
        "kinships": [Choice(key, reader.say(label)) for key, label in KINSHIPS.items()],
        "form": Filled(),
    }


def _kinship(reader: Reader, row: Row) -> str:
    """What the relative is to this person, as it was declared."""
    words = reader.say(KINSHIPS[row["kinship"]])
    if row["reverse"]:
        return reader.say(N_("has this person as {kinship}"), kinship=words)
    return words


@router.post("/people/{person_id}/relatives")
def declare_relative(caller: PeopleWriter, person_id: UUID, form: Form) -> Response:
    kinship = entry.one_of(form, "kinship", KINSHIPS)
    with caller.work("people.declare_relative") as tx:
        walls.declare_relative(
            tx, person_id, relative_id=id_of(form, "relative_id"), kinship=kinship
        )
    return RedirectResponse(f"/people/{person_id}#relatives", status_code=303)


@router.post("/people/{person_id}/relatives/{relative_id}/end")
def end_relative(caller: PeopleWriter, person_id: UUID, relative_id: UUID) -> Response:
    with caller.work("people.end_relative") as tx:
        walls.end_relative(tx, person_id, relative_id)
    return RedirectResponse(f"/people/{person_id}#relatives", status_code=303)
