"""A second factor beside the password: set up by its holder, asked for at the door, required by
role, and taken away, never read, by an administrator."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.core import crypto
from app.core.db import Row
from app.domain import errors, factors
from app.domain.errors import N_
from app.domain.permissions import Role
from app.repositories import accounts
from app.repositories import factors as rows
from app.repositories.work import Office, Work

_WRONG = N_("This code isn't right, or was used already. Wait for the next one.")
_LATER = N_("Too many wrong codes. Wait a quarter of an hour, then try again.")
_GONE = N_("Too much time has passed. Sign in again.")
_NOT_FOR_JOBS = N_("The operator acts for the machine's own jobs, which have no second factor.")


@dataclass(frozen=True, slots=True)
class Begun:
    """A secret to be put into an authenticator: shown once."""

    secret: str
    address: str


def let_in(
    office: Office,
    session: str,
    code: str,
    *,
    fresh: timedelta | None = None,
    request_id: str = "",
) -> str:
    """A session that waits for its code goes on under a new secret, which is returned.

    `code` is the authenticator's, or a recovery code. Raises Invalid, Throttled, NotSignedIn
    where nothing waits.
    """
    following = secrets.token_urlsafe(32)
    with office.work(None, use_case="factors.let_in", request_id=request_id) as tx:
        waiting = rows.waiting(tx, session)
        if waiting is None:
            raise errors.NotSignedIn(_GONE)
        step = None
        if waiting["sealed"] is not None:  # else there are passkeys and recovery codes only
            secret = _unsealed(tx, waiting["account_id"], waiting["sealed"])
            step = factors.step_of(secret, code, _now())
        result = rows.let_in(
            tx, session, step=step, code=factors.plain(code), following=following,
            fresh=fresh or timedelta(hours=1),
        )  # fmt: skip
    # After the block, so that the refusal stays counted.
    if result == "throttled":
        raise errors.Throttled(_LATER)
    if result != "passed":
        raise errors.Invalid.of("code", _WRONG)
    return following


def mine(tx: Work) -> Row:
    """`confirmed_at`, how many recovery codes are left, whether a role requires it."""
    return rows.mine(tx)


def begin(tx: Work) -> Begun:
    """A new secret, good once a code of it was given. Raises NotFresh, Conflict."""
    secret = factors.new_secret()
    me = tx.actor.account_id
    rows.begin(tx, crypto.seal(tx.keys, secret, bound_to=_bound(me)))
    return _begun(tx, secret)


def begun(tx: Work) -> Begun:
    """The same, while it waits for its first code. Raises NotFound."""
    sealed = rows.begun(tx)
    if sealed is None:
        raise errors.NotFound
    return _begun(tx, _unsealed(tx, tx.actor.account_id, sealed))


def _begun(tx: Work, secret: str) -> Begun:
    mine = accounts.account(tx, tx.actor.account_id)
    if mine is None:
        raise errors.NotFound
    return Begun(secret, factors.address(secret, mine["login"]))


def confirm(tx: Work, code: str) -> list[str]:
    """From now on it is asked for. Returns the recovery codes, shown once; ends the account's
    other sessions. Raises Invalid, NotFound, NotFresh."""
    step = factors.step_of(begun(tx).secret, code, _now())
    if step is None:
        raise errors.Invalid.of("code", _WRONG)
    codes = factors.new_recovery_codes()
    rows.confirm(tx, step=step, codes=[factors.plain(each) for each in codes])
    return codes


def renew_codes(tx: Work) -> list[str]:
    """Recovery codes anew; the old ones end. Raises NotFound, NotFresh."""
    codes = factors.new_recovery_codes()
    rows.renew_codes(tx, [factors.plain(each) for each in codes])
    return codes


def drop(tx: Work) -> None:
    """One's own. Raises NotFound, NotFresh."""
    if not rows.drop(tx, tx.actor.account_id):
        raise errors.NotFound


def since(tx: Work, account_id: UUID) -> datetime | None:
    """When somebody's was set up, as far as the actor administers them."""
    return rows.since(tx, account_id)


def reset(tx: Work, account_id: UUID) -> None:
    """For who lost theirs: it is gone, and their sessions end. Raises NotFound, NotFresh."""
    if account_id == tx.actor.account_id or not rows.drop(tx, account_id):
        raise errors.NotFound


def roles(tx: Work) -> list[Role]:
    """Whose holders must have one."""
    return [Role(each) for each in rows.roles(tx)]


def require(tx: Work, wanted: Sequence[Role]) -> None:
    """Whoever holds one of these and has no second factor holds nothing until they set one up.

    For an administrator of the whole district. Raises Invalid, NotFresh, NotFound.
    """
    if Role.OPERATOR in wanted:
        raise errors.Invalid.of("roles", _NOT_FOR_JOBS)
    rows.require(tx, [role.value for role in wanted])


def _unsealed(tx: Work, account_id: UUID, sealed: bytes) -> str:
    return crypto.unseal(tx.keys, bytes(sealed), bound_to=_bound(account_id))


def _bound(account_id: UUID) -> str:
    return f"second factor:{account_id}"


def _now() -> datetime:
    """The machine's time: a demo's day has no say in a code."""
    return datetime.now(UTC)
