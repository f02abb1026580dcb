"""One's own sessions, and the page that asks again who sits there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.domain.errors import N_, Invalid
from app.domain.permissions import Permission
from app.routers.deps import (
    Caller,
    Page,
    Submitted,
    set_session_cookie,
    signed_out,
    submitted,
)
from app.routers.pages.frame import frame_for
from app.routers.pages.gate import safe_back
from app.routers.parts import Filled
from app.routers.passkeys import FIELD as CREDENTIAL
from app.routers.passkeys import place, sent
from app.routers.templating import render
from app.schemas.passkeys import Credential
from app.services import passkeys, sessions

router = APIRouter(prefix="/me")

Mine = Annotated[Caller, Page(Permission.SELF, enrolling=True)]
Form = Annotated[Submitted, Depends(submitted)]

KINDS = {
    "browser": N_("A browser"),
    "program": N_("A program"),
    "command": N_("The command line"),
}


@router.get("/sessions")
def list_sessions(request: Request, caller: Mine) -> Response:
    with caller.work("sessions.list") as tx:
        frame = frame_for(request, caller, tx)
        found = sessions.list_sessions(tx)
    rows = [{**row, "kind": i18n.translate(caller.locale, KINDS[row["kind"]])} for row in found]
    return render(request, "pages/sessions.html", frame=frame, rows=rows)


@router.post("/sessions/end")
def end_sessions(caller: Mine) -> Response:
    """Everywhere, here too."""
    with caller.work("sessions.end_all") as tx:
        sessions.end_sessions(tx)
    return signed_out(caller)


@router.post("/sessions/{session_id}/end")
def end_session(caller: Mine, session_id: UUID) -> Response:
    with caller.work("sessions.end") as tx:
        sessions.end_session(tx, session_id)
    return RedirectResponse("/me/sessions", status_code=303)


@router.get("/again")
def again(request: Request, caller: Mine) -> Response:
    return _again(request, caller, Kept(back=request.query_params.get("back", "")), Filled(), 200)


@router.post("/again")
def confirm(request: Request, caller: Mine, form: Form) -> Response:
    """The password again, or a passkey; then back to where it was asked for, or on with the form
    that was sent: as a form of this session's new secret, which takes one more press."""
    to = form.text("to")
    kept = Kept(form.text("back"), safe_back(to) if to else "", form.carried if to else [])
    with caller.work("sessions.confirm") as tx:
        session = tx.session
    try:
        secret = _proved(caller, session, form)
    except Invalid as invalid:
        return _again(request, caller, kept, Filled.refused({}, invalid), 422)
    caller.session = secret
    if kept.to:
        response = _again(request, caller, kept, Filled(), 200, confirmed=True)
    else:
        response = RedirectResponse(safe_back(kept.back), status_code=303)
    set_session_cookie(response, caller, secret)
    return response


def _proved(caller: Caller, session: str, form: Submitted) -> str:
    fresh = timedelta(minutes=caller.settings.fresh_minutes)
    given = form.text(CREDENTIAL)
    if given:
        return passkeys.confirm(
            caller.office, session, sent(Credential, given), place(caller),
            fresh=fresh, request_id=caller.request_id,
        )  # fmt: skip
    return sessions.confirm_password(
        caller.office, session, form.secret("password"), fresh=fresh, request_id=caller.request_id
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """Where to go on: a page, or the address of a form with what was typed into it."""

    back: str = ""
    to: str = ""
    fields: Sequence[tuple[str, str]] = ()


def _again(
    request: Request, caller: Caller, kept: Kept, form: Filled, status: int, *,
    confirmed: bool = False,
) -> Response:  # fmt: skip
    with caller.work("sessions.again") as tx:
        frame = frame_for(request, caller, tx)
    return render(
        request, "pages/again_done.html" if confirmed else "pages/again.html", frame=frame,
        form=form, back=safe_back(kept.back) if kept.back else "", to=kept.to, kept=kept.fields,
        origin=caller.settings.origin, status_code=status,
    )  # fmt: skip
