"""One's own sessions: which there are, ending them, going on with them, proving who sits there."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core.db import Row
from app.domain import errors
from app.domain.errors import N_
from app.repositories import accounts, sessions
from app.repositories.work import Office, Work
from app.services.passwords import proof_of

_NOT_IT = N_("This isn't your present password.")
_REFRESH_GONE = N_("This token opens nothing. Sign in again.")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A session's new secret, and the token that gets the next one."""

    session: str
    ends_at: datetime
    refresh: str


def list_sessions(tx: Work) -> list[Row]:
    """The actor's own that live, the last used first; `current` is the one that asks."""
    return sessions.mine(tx)


def end_session(tx: Work, session_id: UUID) -> None:
    """One of the actor's own, at once. Raises NotFound."""
    if sessions.end(tx, session_id) == 0:
        raise errors.NotFound


def end_sessions(tx: Work) -> int:
    """All of the actor's own, the one that asks included."""
    return sessions.end(tx, None)


def confirm_password(
    office: Office, session: str, password: str, *, fresh: timedelta, request_id: str = ""
) -> str:
    """The session goes on under a new secret, and counts as just signed in for `fresh`.

    Strangers' failures don't count here, only those of this session. Raises Invalid;
    NotSignedIn after the tenth, which ends the session.
    """
    secret = secrets.token_urlsafe(32)
    with office.work(session, use_case="sessions.confirm", request_id=request_id) as tx:
        mine = accounts.account(tx, tx.actor.account_id)
        if mine is None:
            raise errors.NotFound
        salt = accounts.password_salt(tx, mine["login"])
    proof = proof_of(password, salt)
    with office.work(session, use_case="sessions.confirm", request_id=request_id) as tx:
        result = sessions.confirm(tx, proof=proof, secret=secret, fresh=fresh)
    # After the block, so that the refusal stays counted.
    if result == "ended":
        raise errors.NotSignedIn
    if result != "confirmed":
        raise errors.Invalid.of("password", _NOT_IT)
    return secret


def give_refresh(tx: Work) -> str:
    """The first refresh token of a program's session."""
    token = secrets.token_urlsafe(32)
    sessions.give_refresh(tx, token)
    return token


def refresh(office: Office, token: str, *, request_id: str = "") -> Refreshed:
    """Needs no sign-in: the token is one. Raises NotSignedIn; where it was used before, somebody
    else has it, and the session ends for both."""
    following, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with office.work(None, use_case="sessions.refresh", request_id=request_id) as tx:
        ends_at = sessions.refresh(tx, token, following=following, secret=secret)
    if ends_at is None:
        raise errors.NotSignedIn(_REFRESH_GONE)
    return Refreshed(secret, ends_at, following)
