"""What changes a matter without a step: another handler, a typing error mended, a summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.domain.errors import N_
from app.domain.permissions import Permission
from app.domain.sources import CHANNELS, SOURCES
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry, fields
from app.routers.pages.entry import Entry, Open, id_of, version_of
from app.routers.pages.history import FIELDS
from app.routers.parts import Choice, Filled
from app.services import matters, petitions, workflow

router = APIRouter()

Working = Annotated[Caller, Page(Permission.MATTERS_READ)]
Intake = Annotated[Caller, Page(Permission.PETITIONS_LOG)]
Form = Annotated[Submitted, Depends(submitted)]


def _handlers(it: Open) -> Mapping[str, object]:
    """Who can take it over: not whoever has it already."""
    around = fields.Around(it.tx, it.reader, workflow.judged(it.tx, it.file.head["id"]))
    present = {str(row["account_id"]) for row in it.file.team if row["part"] == "lead_handler"}
    return {"people": [each for each in fields.handlers(around) if each.value not in present]}


HAND_OVER = Entry(
    "pages/hand_over.html", N_("Hand over to a colleague"),
    N_("Somebody else handles {number} from now on. The limits run on; you may lose sight of it."),
    N_("Hand over {number}"), "/hand-over", "handed_over", _handlers,
)  # fmt: skip


@router.get("/matters/{matter_id}/hand-over")
def hand_over_page(request: Request, caller: Working, matter_id: UUID) -> Response:
    return entry.show(request, caller, matter_id, HAND_OVER)


@router.post("/matters/{matter_id}/hand-over")
def hand_over(request: Request, caller: Working, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        return matters.hand_over(
            tx,
            matter_id,
            to_account=id_of(form, "to_account"),
            reason=form.text("reason"),
            seen_version=version_of(form),
        )

    return entry.post(request, caller, matter_id, HAND_OVER, form, do)


# Corrections --------------------------------------------------------------------------------------


def _correctable(it: Open) -> Mapping[str, object]:
    """Each field that may be mended now, with what it says."""
    head, own = it.file.head, it.file.own
    found = {}
    for field in matters.correctable(head, it.file.signatures):
        value = head[field] if field in matters.MATTER_FIELDS else own.get(field)
        found[field] = (it.reader.say(FIELDS[field]), "" if value is None else str(value))
    codes = {"source": SOURCES, "channel": CHANNELS}
    return {
        "fields": found,
        "choices": {
            field: [Choice(key, it.reader.say(label)) for key, label in labels.items()]
            for field, labels in codes.items()
        },
    }


CORRECTION = Entry(
    "pages/correct.html", N_("Correct a typing error"),
    N_("Mend what was typed wrongly in {number}. Both versions stay visible, with your reason."),
    N_("Correct {number}"), "/corrections/new", "corrected", _correctable,
)  # fmt: skip


@router.get("/matters/{matter_id}/corrections/new")
def new_correction(request: Request, caller: Working, matter_id: UUID) -> Response:
    begun = Filled({"field": request.query_params.get("field", "")})
    return entry.show(request, caller, matter_id, CORRECTION, begun)


@router.post("/matters/{matter_id}/corrections/new")
def correct(request: Request, caller: Working, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        return matters.correct(
            tx,
            matter_id,
            field=form.text("field"),
            value=form.text("value"),
            reason=form.text("reason"),
            seen_version=version_of(form),
        )

    return entry.post(request, caller, matter_id, CORRECTION, form, do)


# A petition’s summary ----------------------------------------------------------------------------

SUMMARY = Entry(
    "pages/petition_summary.html", N_("Write the summary"),
    N_("What the department gets to read of {number}: nothing in it may point to the reporter."),
    N_("Keep the summary"), "/summary", "summary",
    lambda it: {"content": it.file.own.get("content") or ""},
)  # fmt: skip


@router.get("/matters/{matter_id}/summary")
def summary_page(request: Request, caller: Intake, matter_id: UUID) -> Response:
    with caller.work("petitions.summary_form") as tx:
        own = matters.open_matter(tx, matter_id).own
    begun = Filled({"summary": own.get("summary") or ""})
    return entry.show(request, caller, matter_id, SUMMARY, begun)


@router.post("/matters/{matter_id}/summary")
def write_summary(request: Request, caller: Intake, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        return petitions.write_summary(
            tx, matter_id, summary=form.text("summary"), seen_version=version_of(form)
        )

    return entry.post(request, caller, matter_id, SUMMARY, form, do)


CHECK = Entry(
    "pages/petition_summary.html", N_("Check the summary"),
    N_("What the department gets to read of {number}: nothing in it may point to the reporter."),
    N_("Keep the summary"), "/summary", "summary_checked",
    lambda it: {"content": it.file.own.get("content") or ""},
)  # fmt: skip


@router.post("/matters/{matter_id}/summary/check")
def check_summary(request: Request, caller: Intake, matter_id: UUID, form: Form) -> Response:
    def do(tx: Work) -> object:
        return petitions.check_summary(tx, matter_id, seen_version=version_of(form))

    return entry.post(request, caller, matter_id, CHECK, form, do)
