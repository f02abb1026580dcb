"""Webhooks: one's own with what was sent for them, and everybody's for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.domain.changes import Change
from app.domain.errors import N_, Invalid
from app.domain.permissions import Permission
from app.domain.webhooks import State
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.frame import frame_for
from app.routers.pages.keys import days_typed, name_typed
from app.routers.paging import Paging
from app.routers.parts import Choice, Filled
from app.routers.templating import render
from app.services import webhooks

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.SELF)]
Administrator = Annotated[Caller, Page(Permission.ACCOUNTS_ADMINISTER)]
Form = Annotated[Submitted, Depends(submitted)]

EVENTS: dict[Change, str] = {
    Change.ACCESS: N_("who works on it or may see it"),
    Change.CHANGED: N_("its own fields"),
    Change.CORRECTED: N_("corrections"),
    Change.DEADLINE: N_("time limits"),
    Change.DECISION: N_("committee decisions"),
    Change.DOUBT: N_("doubts"),
    Change.LOGGED: N_("that it was logged"),
    Change.MONEY: N_("money received, kept or returned"),
    Change.NOTE: N_("notes"),
    Change.OUTCOME: N_("outcomes"),
    Change.PAPER: N_("papers attached"),
    Change.PEOPLE: N_("people it is about"),
    Change.REQUEST: N_("requests for signatures"),
    Change.SIGNATURE: N_("signatures"),
    Change.STATEMENT: N_("statements"),
    Change.STEP: N_("steps"),
    Change.TASK: N_("things owed"),
}
STATES: dict[State, str] = {
    State.WAITING: N_("waits to be sent"),
    State.DELIVERED: N_("accepted by the receiver"),
    State.WITHHELD: N_("not sent: it may not be seen any more"),
}
if EVENTS.keys() != set(Change) or STATES.keys() != set(State):
    raise RuntimeError("every event and every state needs its words")


@router.get("/me/webhooks")
def list_my_webhooks(request: Request, caller: Mine) -> Response:
    return _mine(request, caller, Filled({"days": "90"}), 200)


@router.post("/me/webhooks")
def make_webhook(request: Request, caller: Mine, form: Form) -> Response:
    """The secret stands in the answer itself, this once."""
    try:
        with caller.work("webhooks.make") as tx:
            made = webhooks.subscribe(
                tx,
                name=name_typed(form),
                address=form.text("address"),
                events=_events(form),
                days=days_typed(form.text("days")),
                inside=caller.settings.webhooks_inside,
            )
    except Invalid as invalid:
        return _mine(request, caller, Filled.refused(form.values, invalid), 422)
    return _mine(request, caller, Filled({"days": "90"}), 200, made=made.secret)


def _events(form: Submitted) -> list[Change]:
    given = form.texts("events")
    if not set(given) <= set(Change):
        raise Invalid.of("events", N_("Choose one."))
    return [Change(each) for each in given]


@router.post("/me/webhooks/{webhook_id}/end")
def end_my_webhook(caller: Mine, webhook_id: UUID) -> Response:
    with caller.work("webhooks.end") as tx:
        webhooks.read_mine(tx, webhook_id)
        webhooks.end(tx, webhook_id)
    return RedirectResponse("/me/webhooks", status_code=303)


@router.get("/me/webhooks/{webhook_id}")
def list_deliveries(request: Request, caller: Mine, webhook_id: UUID, paging: Paging) -> Response:
    listing = f"deliveries:{webhook_id}"
    before = paging.after(listing, int)
    with caller.work("webhooks.deliveries") as tx:
        frame = frame_for(request, caller, tx)
        webhook = webhooks.read_mine(tx, webhook_id)
        found = webhooks.deliveries(tx, webhook_id, before=before, limit=paging.wanted)
    rows, following = paging.part(listing, found, lambda row: (row["place"],))
    shown = [
        {
            **row,
            "said": _said(caller.locale, row["events"]),
            "state_label": i18n.translate(caller.locale, STATES[State(row["state"])]),
        }
        for row in rows
    ]
    return render(
        request, "pages/webhook.html", frame=frame, webhook=webhook, rows=shown,
        following=f"/me/webhooks/{webhook_id}?cursor={following}" if following else None,
    )  # fmt: skip


@router.post("/me/webhooks/{webhook_id}/deliveries/{delivery_id}/resend")
def resend_delivery(caller: Mine, webhook_id: UUID, delivery_id: UUID) -> Response:
    with caller.work("webhooks.resend") as tx:
        webhooks.send_again(tx, webhook_id, delivery_id)
    return RedirectResponse(f"/me/webhooks/{webhook_id}", status_code=303)


@router.get("/admin/webhooks")
def list_webhooks(request: Request, caller: Administrator) -> Response:
    with caller.work("webhooks.list") as tx:
        frame = frame_for(request, caller, tx, current="admin")
        found = webhooks.list_all(tx)
    rows = [{**row, "said": _said(caller.locale, row["events"])} for row in found]
    return render(request, "pages/webhooks_all.html", frame=frame, rows=rows)


@router.post("/admin/webhooks/{webhook_id}/confirm")
def confirm_webhook(caller: Administrator, webhook_id: UUID) -> Response:
    with caller.work("webhooks.confirm") as tx:
        webhooks.confirm(tx, webhook_id)
    return RedirectResponse("/admin/webhooks", status_code=303)


@router.post("/admin/webhooks/{webhook_id}/end")
def end_webhook(caller: Administrator, webhook_id: UUID) -> Response:
    with caller.work("webhooks.end") as tx:
        webhooks.end(tx, webhook_id)
    return RedirectResponse("/admin/webhooks", status_code=303)


def _mine(
    request: Request, caller: Caller, form: Filled, status: int, *, made: str | None = None
) -> Response:
    with caller.work("webhooks.mine") as tx:
        frame = frame_for(request, caller, tx)
        found = webhooks.list_mine(tx)
    rows = [{**row, "said": _said(caller.locale, row["events"])} for row in found]
    choices = [
        Choice(each.value, i18n.translate(caller.locale, said)) for each, said in EVENTS.items()
    ]
    return render(
        request, "pages/webhooks.html", frame=frame, rows=rows, form=form, made=made,
        choices=choices, status_code=status,
    )  # fmt: skip


def _said(locale: str, events: Sequence[str]) -> str:
    joint = "、" if locale == i18n.CHINESE else ", "
    return joint.join(i18n.translate(locale, EVENTS[Change(each)]) for each in events)
