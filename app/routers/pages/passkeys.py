"""Passkeys: added and removed by their holder, and the answers of an authenticator at the door.

A script of ours fetches what is to be asked, and fills one field of a form with the answer.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from app.domain.errors import N_, Invalid, NotFound
from app.domain.permissions import Permission
from app.routers.deps import (
    Caller,
    Page,
    PublicPage,
    Submitted,
    cookie_session,
    set_session_cookie,
    submitted,
)
from app.routers.pages import factors as pages
from app.routers.pages.gate import code_page_again, safe_back
from app.routers.parts import Filled
from app.routers.passkeys import FIELD, place, sent
from app.schemas.passkeys import Credential, NewCredential
from app.services import passkeys

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.SELF, enrolling=True)]
Anybody = Annotated[Caller, PublicPage()]
Form = Annotated[Submitted, Depends(submitted)]

LONGEST_NAME = 60
_NAME = N_("Give it a name of at most sixty characters.")


def _options(options: dict[str, Any]) -> Response:
    return JSONResponse({"public_key": options})


@router.post("/me/passkeys/options")
def begin(caller: Mine) -> Response:
    with caller.work("passkeys.begin") as tx:
        return _options(passkeys.begin(tx, place(caller)))


@router.post("/me/passkeys")
def add(request: Request, caller: Mine, form: Form) -> Response:
    try:
        name = _named(form)
        credential = sent(NewCredential, form.text(FIELD))
        with caller.work("passkeys.take") as tx:
            challenge = passkeys.take(tx, credential)
        with caller.work("passkeys.add") as tx:
            added = passkeys.add(tx, place(caller), challenge, credential, name)
    except Invalid as invalid:
        return pages.refused(request, caller, Filled.refused({"name": form.text("name")}, invalid))
    if added.codes:
        return pages.shown_once(request, caller, added.codes)
    return RedirectResponse("/me/second-factor", status_code=303)


@router.post("/me/passkeys/{passkey_id}/name")
def rename(request: Request, caller: Mine, passkey_id: UUID, form: Form) -> Response:
    try:
        name = _named(form)
    except Invalid as invalid:
        return pages.refused(request, caller, Filled.refused({}, invalid))
    with caller.work("passkeys.rename") as tx:
        passkeys.rename(tx, passkey_id, name)
    return RedirectResponse("/me/second-factor", status_code=303)


@router.post("/me/passkeys/{passkey_id}/remove")
def drop(caller: Mine, passkey_id: UUID) -> Response:
    with caller.work("passkeys.drop") as tx:
        passkeys.drop(tx, passkey_id)
    return RedirectResponse("/me/second-factor", status_code=303)


def _named(form: Submitted) -> str:
    name = form.text("name")
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid.of("name", _NAME)
    return name


@router.post("/me/again/options")
def ask_again(caller: Mine) -> Response:
    with caller.work("passkeys.ask") as tx:
        return _options(passkeys.ask_again(tx, place(caller)))


@router.post("/sign-in/passkey/options")
def ask_waiting(request: Request, caller: Anybody) -> Response:
    """For whoever has given the password: before that nobody learns who has a passkey."""
    waiting = cookie_session(request)
    if waiting is None:
        raise NotFound
    return _options(passkeys.ask_waiting(caller.office, waiting, place(caller)))


@router.post("/sign-in/passkey")
def sign_in(request: Request, caller: Anybody, form: Form) -> Response:
    back = safe_back(form.text("back") or "/desk")
    waiting = cookie_session(request)
    if waiting is None:
        return RedirectResponse(f"/sign-in?{urlencode({'back': back})}", status_code=303)
    try:
        session = passkeys.let_in(
            caller.office, waiting, sent(Credential, form.text(FIELD)), place(caller),
            fresh=timedelta(minutes=caller.settings.fresh_minutes), request_id=caller.request_id,
        )  # fmt: skip
    except Invalid as invalid:
        return code_page_again(request, caller, back, Filled.refused({}, invalid))
    response = RedirectResponse(back, status_code=303)
    set_session_cookie(response, caller, session)
    return response
