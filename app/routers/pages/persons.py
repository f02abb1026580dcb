"""Completing what the register knows of a person: the post, and what sanctions hang on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core.db import Row
from app.domain.errors import N_, Conflict, FileClosed, Invalid, PlumblineError, Stale
from app.domain.exports import SEXES
from app.domain.permissions import Permission
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages import person_files as files
from app.routers.pages.frame import frame_for
from app.routers.pages.particulars import ranks
from app.routers.pages.present import Reader
from app.routers.parts import Choice, Filled
from app.routers.templating import render
from app.services import ledger, people

router = APIRouter()

# What only the standard registers ask of a person.
REGISTER: Mapping[str, str] = {
    "ethnicity": N_("Ethnicity"),
    "joined_party": N_("Joined the Party in"),
    "education": N_("Education"),
}

Writer = Annotated[Caller, Page(Permission.PEOPLE_WRITE)]
Form = Annotated[Submitted, Depends(submitted)]


@router.get("/people/{person_id}/change")
def person_form(request: Request, caller: Writer, person_id: UUID) -> Response:
    try:
        return _page(request, caller, person_id)
    except FileClosed:
        return files.ask(request, caller, person_id)


@router.post("/people/{person_id}/change")
def change_person(request: Request, caller: Writer, person_id: UUID, form: Form) -> Response:
    """An identity number is only taken when one is typed: the register shows none in full."""
    seen = entry.version_of(form)
    try:
        changes: dict[str, object] = {
            "position": ledger.text_in(form.text("position"), "position"),
            "member": entry.known(form, "member"),
            "public_employee": entry.known(form, "public_employee"),
            "rank": form.text("rank") or None,
        }
        changes |= {name: ledger.text_in(form.text(name), name) for name in REGISTER}
        if "male" in form.values or "born" in form.values:
            changes |= {
                "male": entry.known(form, "male"),
                "born": ledger.text_in(form.text("born"), "born"),
            }
        if form.text("id_number"):
            changes["id_number"] = form.text("id_number")
        with caller.work("people.change") as tx:
            people.change_person(tx, person_id, seen_version=seen, changes=changes)
    except (Invalid, Conflict, Stale) as refused:
        return _page(request, caller, person_id, form, refused)
    except FileClosed:
        return files.ask(request, caller, person_id)
    return RedirectResponse(f"/people/{person_id}", status_code=303)


def _page(
    request: Request,
    caller: Caller,
    person_id: UUID,
    form: Submitted | None = None,
    refused: PlumblineError | None = None,
) -> Response:
    with caller.work("people.form") as tx:
        frame = frame_for(request, caller, tx, current="people")
        row = people.read_person(tx, person_id)
        reader = Reader.of(caller, tx)
    filled = _filled(row) if form is None or refused is None else entry.refilled(form, refused)
    reasons = () if refused is None or isinstance(refused, Invalid) else (refused.reason,)
    return render(
        request,
        "pages/person_change.html",
        frame=frame,
        person=row,
        form=filled,
        yes_no=entry.yes_no(reader),
        ranks=ranks(reader),
        sexes=sexes(reader),
        refusal=entry.Refusal(reasons=reasons),
        status_code=200 if refused is None else refused.status,
    )


def _filled(row: Row) -> Filled:
    return Filled(
        {name: entry.as_known(row[name]) for name in ("member", "public_employee", "male")}
        | {name: row[name] or "" for name in ("position", "rank", "born", *REGISTER)}
    )


def sexes(reader: Reader) -> tuple[Choice, ...]:
    return (
        Choice("yes", reader.say(SEXES["male"])),
        Choice("no", reader.say(SEXES["female"])),
        Choice("", reader.say(N_("not known"))),
    )


def register_facts(reader: Reader, row: Row) -> list[tuple[str, str]]:
    """What the standard registers ask of a person, as far as it is known. An identity number
    tells sex and month of birth; they aren't taken out of it to be shown here."""
    sex = {True: SEXES["male"], False: SEXES["female"]}.get(row["male"])
    found = [
        (N_("Rank"), reader.rank(row["rank"])),
        (N_("Sex"), reader.say(sex) if sex else ""),
        (N_("Born"), row["born"]),
        *((label, row[name]) for name, label in REGISTER.items()),
    ]
    return [(reader.say(label), value) for label, value in found if value]
