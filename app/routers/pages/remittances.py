"""Money that goes elsewhere than to people on a list: treasury, criminal case, its holder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.domain.errors import N_, Denied, Gathered, PlumblineError, Reason
from app.domain.ledger import EntryKind
from app.domain.permissions import Permission, Role
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages import entry
from app.routers.pages.entry import AGAIN
from app.routers.pages.frame import frame_for
from app.routers.pages.present import matter_href
from app.routers.parts import Choice, Filled, Link
from app.routers.templating import render
from app.services import funds, ledger

router = APIRouter(prefix="/money")

Recorder = Annotated[Caller, Page(Permission.MONEY_RECORD)]
Form = Annotated[Submitted, Depends(submitted)]

DESTINATIONS: Mapping[EntryKind, str] = {
    EntryKind.TREASURY: N_("To the treasury"),
    EntryKind.CRIMINAL_CASE: N_("With the criminal case"),
    EntryKind.RELEASE: N_("Back to its holder: it has nothing to do with the matter"),
}
NOTHING_TO_REMIT = Reason(
    N_("Nothing may go elsewhere now: it is not decided, or has gone there already.")
)


@router.get("/{item_id}/remittance")
def remittance_form(request: Request, caller: Recorder, item_id: UUID) -> Response:
    return _show(request, caller, item_id)


def _show(
    request: Request,
    caller: Caller,
    item_id: UUID,
    form: Filled | None = None,
    *,
    refused: PlumblineError | None = None,
    seen: int | None = None,
) -> Response:
    with caller.work("money.remittance_form") as tx:
        frame = frame_for(request, caller, tx, current="money")
        file = funds.open_item(tx, item_id)
        ledger.may_record(tx, file.item, Role.FINANCE)
        it = entry.opened(caller, tx, item_id)
        open_to = funds.destinations(tx, file.item)
        filled = form or Filled({"happened_on": tx.today.isoformat()})
    reader, number = it.reader, file.item["number"]
    why = entry.refusal(refused or (None if open_to else Denied((NOTHING_TO_REMIT,))), it, seen)
    choices = [
        Choice(
            to.value, reader.say(DESTINATIONS[to]),
            reader.say(N_("at most {amount}"),
                       amount=i18n.written_amount(reader.locale, most.decimal)),
        )
        for to, most in open_to.items()
    ]  # fmt: skip
    return render(
        request, "pages/money_remit.html", frame=frame, head={"number": number},
        crumb=Link(number, f"{matter_href(item_id)}#money"),
        title=reader.say(N_("Record money that went elsewhere")),
        sentence=reader.say(
            N_("{held} is held for {number}. What is recorded can’t be undone, only reversed with a"
               " reason by a colleague."),
            held=i18n.written_amount(reader.locale, file.balance.held.decimal), number=number,
        ),
        button=reader.say(N_("Record it")), action=f"/money/{item_id}/remittance",
        cancel=Link(reader.say(N_("Cancel")), matter_href(item_id)), form=filled,
        version=file.item["version"], refusal=why, choices=choices, status_code=why.status,
        fillable=bool(choices),
    )  # fmt: skip


@router.post("/{item_id}/remittance")
def remit(request: Request, caller: Recorder, item_id: UUID, form: Form) -> Response:
    seen = entry.version_of(form)
    try:
        with caller.work("money.remit") as tx:
            gathered, to, day = Gathered(), None, None
            with gathered.part():
                to = EntryKind(entry.one_of(form, "to", {each.value for each in DESTINATIONS}))
            with gathered.part():
                day = entry.day_of(form, "happened_on")
            with gathered.part():
                funds.remit(
                    tx, item_id, to=to, amount=form.amount("amount"), happened_on=day,
                    note=form.text("note") or None, seen_version=seen,
                )  # fmt: skip
            gathered.refuse()
    except AGAIN as error:
        again = entry.refilled(form, error)
        return _show(request, caller, item_id, again, refused=error, seen=seen)
    return RedirectResponse(f"{matter_href(item_id)}?done=remitted#money", status_code=303)
