"""The door: signing in and out, setting a password, and how the pages look to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.domain.errors import N_, Invalid, NotSignedIn, PlumblineError, Throttled
from app.domain.permissions import ROLE_LABELS, Permission
from app.routers import coming as came
from app.routers import cookies
from app.routers.deps import (
    Caller,
    Page,
    PublicPage,
    Submitted,
    cookie_session,
    set_session_cookie,
    signed_out,
    submitted,
)
from app.routers.pages.frame import frame_for
from app.routers.parts import Filled, RoleCard
from app.routers.templating import DENSITIES, THEMES, Frame, chosen_look, render
from app.services import accounts, factors, installation, passkeys
from app.services.demo_door import DemoDoor
from app.services.installation import About

router = APIRouter()

Anybody = Annotated[Caller, PublicPage()]
Mine = Annotated[Caller, Page(Permission.SELF)]
Leaving = Annotated[Caller, Page(Permission.SELF, enrolling=True)]
Form = Annotated[Submitted, Depends(submitted)]

A_YEAR = 365 * 24 * 3600


def safe_back(address: str) -> str:
    """An address of ours to go back to; anything else is the desk."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/desk"
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//"):
        return "/desk"
    # Browsers read a backslash as a slash, and leave out what can't be printed.
    return address if address.isprintable() and "\\" not in address else "/desk"


def outside_frame(request: Request, caller: Caller, about: About | None = None) -> Frame:
    """The frame of a page that nobody is signed in for."""
    about = about or _about(caller)
    chinese = caller.locale == i18n.CHINESE
    return Frame(
        locale=caller.locale,
        csrf=caller.csrf,
        unit_name=(about.body_name if chinese else about.body_name_en) or "",
        demo=bool(about.demo),
        demo_day=about.demo_day,
        zone=caller.settings.zone,
        **chosen_look(request),
    )


def anybody_frame(request: Request, caller: Caller) -> tuple[Frame, About]:
    """The frame of a page that needs no sign-in: one's own where one is signed in already."""
    session = cookie_session(request)
    if session is not None:
        own = replace(caller, session=session)
        try:
            with caller.office.work(session, use_case="frame", request_id=own.request_id) as tx:
                if not tx.bare:
                    return frame_for(request, own, tx), installation.about(tx)
        except NotSignedIn:
            pass  # a session that is over counts as none
    about = _about(caller)
    return outside_frame(request, caller, about), about


def _about(caller: Caller) -> About:
    with caller.work("frame") as tx:
        return installation.about(tx)


@router.get("/")
def front(caller: Anybody) -> Response:  # noqa: ARG001 - declares that everybody may
    return RedirectResponse("/desk", status_code=303)


@router.get("/sign-in")
def sign_in_page(request: Request, caller: Anybody) -> Response:
    return _door(request, caller, Filled(), 200)


def _door(request: Request, caller: Caller, form: Filled, status: int) -> Response:
    about = _about(caller)
    frame = outside_frame(request, caller, about)
    door: DemoDoor | None = request.app.state.demo if frame.demo else None
    cards = [
        RoleCard(
            account=card.login,
            name=card.name,
            role=i18n.translate(caller.locale, ROLE_LABELS[card.role]),
            tries=card.tries.get(caller.locale, ()),
        )
        for card in (door.cards if door else ())
    ]
    back = str(form.value("back") or request.query_params.get("back", ""))
    kept = request.query_params.get("kept") == "1"
    return render(
        request, "pages/sign_in.html", frame=frame, form=form, cards=cards,
        back=safe_back(back) if back else "", empty=about.district_id is None, kept=kept,
        status_code=status,
    )  # fmt: skip


@router.post("/sign-in")
def sign_in(request: Request, caller: Anybody, form: Form) -> Response:
    """By name and password; in a demo also by the card of somebody."""
    login, password = form.text("name"), form.secret("password")
    back = safe_back(form.text("back") or "/desk")
    card = form.text("as")
    if card:
        door: DemoDoor | None = request.app.state.demo
        if door is None or card not in door.passwords:
            raise NotSignedIn
        login, password = card, door.passwords[card]
    coming = came.browser(request, caller)
    try:
        opened = accounts.sign_in(
            caller.office,
            login=login,
            password=password,
            lifetime=timedelta(hours=caller.settings.session_hours),
            coming=coming,
            request_id=caller.request_id,
        )
    except (NotSignedIn, Throttled, Invalid) as refused:
        held = {"name": login, "back": back}
        return _door(request, caller, _refused(held, refused), refused.status)
    if opened.waits:
        back = f"/sign-in/code?{urlencode({'back': back})}"
    response = RedirectResponse(back, status_code=303)
    set_session_cookie(response, caller, opened.session)
    came.remember(response, caller, coming)
    return response


def _refused(held: Mapping[str, object], refused: PlumblineError) -> Filled:
    if isinstance(refused, Invalid) and refused.errors:
        return Filled(held, {"name": refused.errors[0].reason})
    return Filled(held, {"name": refused.reason})


@router.get("/sign-in/code")
def code_page(request: Request, caller: Anybody) -> Response:
    """The second step: for whoever has given the password."""
    return _code(request, caller, request.query_params.get("back", ""), Filled(), 200)


@router.post("/sign-in/code")
def sign_in_code(request: Request, caller: Anybody, form: Form) -> Response:
    """The code of an authenticator, or a recovery code."""
    back = safe_back(form.text("back") or "/desk")
    waiting = cookie_session(request)
    if waiting is None:
        return RedirectResponse("/sign-in", status_code=303)
    try:
        session = factors.let_in(
            caller.office,
            waiting,
            form.text("code"),
            fresh=timedelta(minutes=caller.settings.fresh_minutes),
            request_id=caller.request_id,
        )
    except NotSignedIn:
        return RedirectResponse(f"/sign-in?{urlencode({'back': back})}", status_code=303)
    except (Invalid, Throttled) as refused:
        reason = refused.errors[0].reason if isinstance(refused, Invalid) else refused.reason
        return _code(request, caller, back, Filled({}, {"code": reason}), refused.status)
    response = RedirectResponse(back, status_code=303)
    set_session_cookie(response, caller, session)
    return response


def code_page_again(request: Request, caller: Caller, back: str, form: Filled) -> Response:
    """With what was wrong."""
    return _code(request, caller, back, form, 422)


def _code(request: Request, caller: Caller, back: str, form: Filled, status: int) -> Response:
    ways = passkeys.ways(caller.office, cookie_session(request))
    named = caller.settings.passkeys_for is not None
    return render(
        request, "pages/sign_in_code.html", frame=outside_frame(request, caller), form=form,
        back=safe_back(back or "/desk"), code=ways.code, passkey=ways.passkey and named,
        origin=caller.settings.origin, status_code=status,
    )  # fmt: skip


@router.post("/sign-out")
def sign_out(caller: Leaving) -> Response:
    with caller.work("accounts.sign_out") as tx:
        accounts.sign_out(tx)
    return signed_out(caller)


@router.post("/preferences")
def preferences(caller: Anybody, form: Form) -> Response:
    """Language, theme and density, kept in the reader's own browser."""
    response = RedirectResponse(safe_back(form.text("back") or "/desk"), status_code=303)
    known = {"locale": i18n.LOCALES, "theme": THEMES, "density": DENSITIES}
    for name, values in known.items():
        value = form.text(name)
        if value in values:
            cookie = cookies.written(caller.settings, name, value, seconds=A_YEAR, same_site="Lax")
            response.headers.append("Set-Cookie", cookie)
    return response


@router.get("/password/{token}")
def password_page(request: Request, caller: Anybody, token: str) -> Response:
    """Where a one-use link leads."""
    with caller.work("accounts.password_link") as tx:
        login = accounts.password_link_login(tx, token)
    frame = outside_frame(request, caller)
    return render(
        request, "pages/password_link.html", frame=frame, form=Filled(), login=login, token=token
    )


@router.post("/password/{token}")
def set_password(request: Request, caller: Anybody, token: str, form: Form) -> Response:
    try:
        _same_twice(form)
        with caller.work("accounts.redeem_link") as tx:
            accounts.redeem_password_link(tx, token=token, password=form.secret("password"))
    except Invalid as invalid:
        with caller.work("accounts.password_link") as tx:
            login = accounts.password_link_login(tx, token)
        frame = outside_frame(request, caller)
        return render(
            request, "pages/password_link.html", frame=frame, form=Filled.refused({}, invalid),
            login=login, token=token, status_code=422,
        )  # fmt: skip
    return RedirectResponse("/sign-in", status_code=303)


def _same_twice(form: Submitted) -> None:
    if form.secret("password") != form.secret("again"):
        raise Invalid.of("again", N_("The two passwords are not the same."))


@router.get("/me")
def me(request: Request, caller: Mine) -> Response:
    with caller.work("accounts.me") as tx:
        frame = frame_for(request, caller, tx)
        mine = accounts.me(tx)
    done = request.query_params.get("done") == "1"
    return render(request, "pages/me.html", frame=frame, form=Filled(), mine=mine, done=done)


@router.post("/me/password")
def change_password(request: Request, caller: Mine, form: Form) -> Response:
    try:
        _same_twice(form)
        with caller.work("accounts.change_password") as tx:
            accounts.change_password(tx, old=form.secret("old"), new=form.secret("password"))
    except Invalid as invalid:
        with caller.work("accounts.me") as tx:
            frame = frame_for(request, caller, tx)
            mine = accounts.me(tx)
        return render(
            request, "pages/me.html", frame=frame, form=Filled.refused({}, invalid), mine=mine,
            done=False, status_code=422,
        )  # fmt: skip
    return RedirectResponse("/me?done=1", status_code=303)
