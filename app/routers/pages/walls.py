"""Deciding who keeps off a matter, and lifting a wall: a page each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.core.db import Row
from app.domain.errors import N_, NotFound
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages.entry import Entry, Open, version_of
from app.routers.pages.present import Reader, matter_href
from app.routers.parts import Choice, Link
from app.services import walls

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

ANSWERS: Mapping[str, str] = {
    "off": N_("They keep off it from now on"),
    "on": N_("They go on with it"),
}
CAUSES: Mapping[str, str] = {
    "declared": N_("{name} declared a conflict on {day}."),
    "decided": N_(
        "{by} carried out on {day} that {name} keeps off, after the request was approved."
    ),
    "linked": N_("{by} decided on {day} that {name} keeps off, for a matter that is linked."),
}


def _decision(account_id: UUID, linked_id: UUID) -> Entry:
    def offers(it: Open) -> Mapping[str, object]:
        row = walls.question(it.tx, it.file.head["id"], account_id, linked_id)
        return {
            "facts": _facts(it.reader, row),
            "linked": Link(row["linked_number"], matter_href(linked_id)),
            "linked_title": row["linked_title"],
            "answers": _answers(it.reader),
        }

    return Entry(
        "pages/link_decide.html", N_("Who goes on with it"),
        N_(
            "A matter that is linked to {number} names somebody who handles it, or a near relative."
            " A link alone keeps nobody off: else a bogus report could take anybody from a case."
        ),
        N_("Decide"), f"/links/{account_id}/{linked_id}", "link_decided", offers,
    )  # fmt: skip


def _facts(reader: Reader, row: Row) -> list[str]:
    return [
        reader.say(
            N_("{name} handles {number}; {linked} names them or a near relative."),
            name=row["name"], number=row["number"], linked=row["linked_number"],
        ),
        reader.say(
            N_("To be decided by {due}, two working days after {since}."),
            due=reader.written(row["due_on"]), since=reader.written(row["since"]),
        ),
        reader.count(
            N_("They opened the matter {count} time since."),
            N_("They opened the matter {count} times since."), row["readings"],
        ),
    ]  # fmt: skip


def _answers(reader: Reader) -> list[Choice]:
    return [Choice(key, reader.say(label)) for key, label in ANSWERS.items()]


def _lifting(account_id: UUID) -> Entry:
    def offers(it: Open) -> Mapping[str, object]:
        rows = walls.to_lift(it.tx, it.file.head["id"])
        found = [row for row in rows if row["account_id"] == account_id]
        if not found:
            raise NotFound
        return {"said": _said(it.reader, found[0]), "why": found[0]["reason"]}

    return Entry(
        "pages/wall_lift.html", N_("Why somebody keeps off, and lifting it"),
        N_(
            "Once it is lifted they see {number} again where their role or the team lets them."
            " Whom it names, and near relatives, stay walled off whatever is decided here."
        ),
        N_("Lift it"), f"/walls/{account_id}", "wall_lifted", offers,
    )  # fmt: skip


def _said(reader: Reader, row: Row) -> str:
    return reader.say(
        CAUSES[row["cause"]],
        name=row["name"], by=row["made_by"], day=reader.written(row["made_on"]),
    )  # fmt: skip


@router.get("/matters/{matter_id}/links/{account_id}/{linked_id}")
def decide_page(
    request: Request, caller: Reading, matter_id: UUID, account_id: UUID, linked_id: UUID
) -> Response:
    return entry.show(request, caller, matter_id, _decision(account_id, linked_id))


@router.post("/matters/{matter_id}/links/{account_id}/{linked_id}")
def decide(
    request: Request, caller: Reading, matter_id: UUID, account_id: UUID, linked_id: UUID,
    form: Form,
) -> Response:  # fmt: skip
    def do(tx: Work) -> None:
        answer = entry.one_of(form, "answer", ANSWERS)
        walls.decide(
            tx, matter_id, account_id=account_id, linked_id=linked_id, keeps_off=answer == "off",
            reason=form.text("reason"), seen_version=version_of(form),
        )  # fmt: skip

    return entry.post(request, caller, matter_id, _decision(account_id, linked_id), form, do)


@router.get("/matters/{matter_id}/walls/{account_id}")
def lift_page(request: Request, caller: Reading, matter_id: UUID, account_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, _lifting(account_id))


@router.post("/matters/{matter_id}/walls/{account_id}")
def lift(
    request: Request, caller: Reading, matter_id: UUID, account_id: UUID, form: Form
) -> Response:
    def do(tx: Work) -> None:
        walls.lift(
            tx, matter_id, account_id, reason=form.text("reason"), seen_version=version_of(form)
        )

    return entry.post(request, caller, matter_id, _lifting(account_id), form, do)
