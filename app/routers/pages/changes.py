"""What changes a matter without a step: another handler, a summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from app.domain.errors import N_
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry, fields
from app.routers.pages.entry import Entry, Open, id_of, version_of
from app.routers.parts import Filled
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
