"""Signing in and out, and one's own account."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.core import tokens
from app.domain.errors import CodeMissing
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers import coming
from app.routers.deps import Api, Caller, PublicApi
from app.routers.once import answered
from app.routers.preconditions import SeenVersion
from app.schemas.accounts import (
    MeRead,
    MyUpdate,
    PasswordChange,
    PasswordConfirm,
    PasswordLinkRedeem,
    RefreshSent,
    SessionOpened,
    SessionRead,
    SignIn,
    Token,
)
from app.schemas.base import Listing
from app.services import accounts, factors, sessions

router = APIRouter(tags=["sessions"])

Mine = Annotated[Caller, Api(Permission.SELF)]


@router.post("/sessions", status_code=201, response_model=SessionOpened)
def sign_in(request: Request, caller: Annotated[Caller, PublicApi()], body: SignIn) -> Response:
    """Opens a session and gives its token. Ten failures for one name close it for 15 minutes.
    An account with a second factor sends its code as well."""
    opened = accounts.sign_in(
        caller.office,
        login=body.login,
        password=body.password,
        lifetime=timedelta(hours=caller.settings.session_hours),
        coming=coming.program(request, caller),
        request_id=caller.request_id,
    )
    session = opened.session
    if opened.waits:
        if body.code is None:
            raise CodeMissing
        session = factors.let_in(
            caller.office,
            session,
            body.code,
            fresh=timedelta(minutes=caller.settings.fresh_minutes),
            request_id=caller.request_id,
        )
    with caller.office.work(session, use_case="sessions.give_refresh") as tx:
        refresh = sessions.give_refresh(tx)
    return answered(_opened(caller, session, opened.ends_at, refresh), status=201)


@router.post("/sessions/refresh", response_model=SessionOpened)
def refresh_session(caller: Annotated[Caller, PublicApi()], body: RefreshSent) -> Response:
    """Goes on with a session after its token has ended. A refresh token is good once: where a
    used one comes, somebody else has it, and the session ends for both."""
    gone_on = sessions.refresh(caller.office, body.refresh_token, request_id=caller.request_id)
    return answered(_opened(caller, gone_on.session, gone_on.ends_at, gone_on.refresh))


@router.get("/sessions", response_model=Listing[SessionRead])
def list_sessions(caller: Mine) -> Response:
    """My own that live, the last used first."""
    with caller.work("sessions.list") as tx:
        found = sessions.list_sessions(tx)
    items = [SessionRead.model_validate(row) for row in found]
    return answered(Listing[SessionRead](items=items))


@router.delete("/sessions", status_code=204)
def end_sessions(caller: Mine) -> Response:
    """Signs me out everywhere, here too."""
    with caller.work("sessions.end_all") as tx:
        sessions.end_sessions(tx)
    return Response(status_code=204)


@router.delete("/sessions/current", status_code=204)
def sign_out(caller: Mine) -> Response:
    """Ends the session: its tokens open nothing from here on."""
    with caller.work("accounts.sign_out") as tx:
        accounts.sign_out(tx)
    return Response(status_code=204)


@router.post("/sessions/current/token", response_model=Token)
def renew_token(caller: Mine) -> Response:
    """Another token for the same session, before this one ends."""
    with caller.work("accounts.renew") as tx:
        session = tx.session
    return answered(_token(caller, session))


@router.post("/sessions/current/confirm", response_model=Token)
def confirm_password(caller: Mine, body: PasswordConfirm) -> Response:
    """For what touches money, names or rights: the password again, and a new token. The old
    one opens nothing any more."""
    with caller.work("sessions.confirm") as tx:
        session = tx.session
    secret = sessions.confirm_password(
        caller.office,
        session,
        body.password,
        fresh=timedelta(minutes=caller.settings.fresh_minutes),
        request_id=caller.request_id,
    )
    return answered(_token(caller, secret))


@router.delete("/sessions/{session_id}", status_code=204)
def end_session(caller: Mine, session_id: UUID) -> Response:
    """One of my own."""
    with caller.work("sessions.end") as tx:
        sessions.end_session(tx, session_id)
    return Response(status_code=204)


@router.get("/me", response_model=MeRead)
def read_me(caller: Mine) -> Response:
    """Who I am, what I hold, and the office's day."""
    with caller.work("accounts.me") as tx:
        mine = _me(tx)
    return answered(mine, version=mine.version)


@router.patch("/me", response_model=MeRead)
def change_me(caller: Mine, seen: SeenVersion, body: MyUpdate) -> Response:
    """The language that the system speaks to me."""
    with caller.work("accounts.choose_language") as tx:
        accounts.choose_language(tx, body.locale, seen_version=seen)
        mine = _me(tx)
    return answered(mine, version=mine.version)


@router.post("/me/password", status_code=204)
def change_password(caller: Mine, body: PasswordChange) -> Response:
    """Ends my other sessions."""
    with caller.work("accounts.change_password") as tx:
        accounts.change_password(tx, old=body.old, new=body.new)
    return Response(status_code=204)


@router.post("/password-links/redeem", status_code=204)
def redeem_password_link(
    caller: Annotated[Caller, PublicApi()], body: PasswordLinkRedeem
) -> Response:
    """Sets the password that a link was made for, once. Ends the account's sessions."""
    with caller.work("accounts.redeem_password_link") as tx:
        accounts.redeem_password_link(tx, token=body.token, password=body.password)
    return Response(status_code=204)


def _me(tx: Work) -> MeRead:
    return MeRead.model_validate(
        {
            **accounts.me(tx),
            "permissions": sorted(tx.actor.permissions),
            "today": tx.today,
            "demo": tx.demo_day is not None,
        }
    )


def _opened(caller: Caller, session: str, ends_at: datetime, refresh: str) -> SessionOpened:
    return SessionOpened(
        **_token(caller, session).model_dump(), session_ends_at=ends_at, refresh_token=refresh
    )


def _token(caller: Caller, session: str) -> Token:
    lifetime = timedelta(minutes=caller.settings.token_minutes)
    return Token(
        token=tokens.issue(caller.office.keys, session=session, lifetime=lifetime),
        expires_at=datetime.now(UTC) + lifetime,
    )
