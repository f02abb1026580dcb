"""Signing in and out, and one's own account."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Response

from app.core import tokens
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller, PublicApi
from app.routers.once import answered
from app.routers.preconditions import SeenVersion
from app.schemas.accounts import (
    MeRead,
    MyUpdate,
    PasswordChange,
    PasswordLinkRedeem,
    SessionOpened,
    SignIn,
    Token,
)
from app.services import accounts

router = APIRouter(tags=["sessions"])

Mine = Annotated[Caller, Api(Permission.SELF)]


@router.post("/sessions", status_code=201, response_model=SessionOpened)
def sign_in(caller: Annotated[Caller, PublicApi()], body: SignIn) -> Response:
    """Opens a session and gives its token. Ten failures for one name close it for 15 minutes."""
    opened = accounts.sign_in(
        caller.office,
        login=body.login,
        password=body.password,
        lifetime=timedelta(hours=caller.settings.session_hours),
        request_id=caller.request_id,
    )
    token = _token(caller, opened.session)
    return answered(SessionOpened(**token.model_dump(), session_ends_at=opened.ends_at), status=201)


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


def _token(caller: Caller, session: str) -> Token:
    lifetime = timedelta(minutes=caller.settings.token_minutes)
    return Token(
        token=tokens.issue(caller.office.keys, session=session, lifetime=lifetime),
        expires_at=datetime.now(UTC) + lifetime,
    )
