"""Passkeys: a second factor that can't be read off a screen or typed into another site's page.

Each answer needs a challenge that was kept for its session, is good once and ends after five
minutes: it is taken, and that is committed, before the answer is looked at.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.core.db import Row
from app.domain import errors, factors, passkeys
from app.domain.errors import N_
from app.domain.passkeys import Credential, Place, Purpose, Refused
from app.repositories import accounts
from app.repositories import passkeys as rows
from app.repositories.work import Office, Work

FIELD = "credential"
_NOT_THIS = N_("This passkey isn't right for this, or it took too long. Try it again.")
_DOUBTED = N_(
    "This passkey's counter went back: somebody may have a copy of it. It lets nobody in any more."
    " Use another one or a code, then remove it."
)


@dataclass(frozen=True, slots=True)
class Added:
    """`codes` are the recovery codes, shown once; there are none where there were some before."""

    passkey_id: UUID
    codes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Ways:
    """What a session that waits for its second factor may go on with, beside a recovery code."""

    code: bool = True
    passkey: bool = False


def ways(office: Office, waiting: str | None) -> Ways:
    """Tells nothing to who hasn't given the password."""
    if waiting is None:
        return Ways()
    with office.work(None, use_case="passkeys.ways") as tx:
        found = rows.ways(tx, waiting)
    return Ways() if found is None else Ways(found["code"], found["passkey"])


def mine(tx: Work) -> list[Row]:
    """`name`, `made_at`, `used_at`, `doubted_at`, and whether it `verifies` who holds it."""
    return rows.mine(tx)


def doubted(tx: Work) -> bool:
    """Whether the counter of one of the actor's own went back."""
    return rows.doubted(tx)


# A new one ----------------------------------------------------------------------------------


def begin(tx: Work, place: Place) -> dict[str, Any]:
    """What the browser is to ask of an authenticator. Raises NotFresh."""
    me = tx.actor.account_id
    mine = accounts.account(tx, me)
    if mine is None:
        raise errors.NotFound
    challenge = passkeys.new_challenge()
    known = rows.ask(tx, Purpose.REGISTER, challenge)
    return passkeys.creation(place, challenge, account_id=me, login=mine["login"], known=known)


def take(tx: Work, credential: Credential) -> bytes:
    """The challenge that a new passkey has to have signed: let this commit before `add`.
    Raises Invalid."""
    taken = rows.take(tx, Purpose.REGISTER, _said_id(credential))
    if taken is None:
        raise errors.Invalid.of(FIELD, _NOT_THIS)
    return bytes(taken["challenge"])


def add(tx: Work, place: Place, challenge: bytes, credential: Credential, name: str) -> Added:
    """As the account's first second factor it ends the other sessions, and comes with recovery
    codes. Raises Invalid, NotFresh, Conflict."""
    try:
        made = passkeys.made(place, challenge, credential)
    except Refused:
        raise errors.Invalid.of(FIELD, _NOT_THIS) from None
    codes = factors.new_recovery_codes()
    passkey_id, first = rows.add(tx, name, made, [factors.plain(each) for each in codes])
    return Added(passkey_id, codes if first else ())


def rename(tx: Work, passkey_id: UUID, name: str) -> None:
    """One's own. Raises NotFound."""
    if not rows.rename(tx, passkey_id, name):
        raise errors.NotFound


def drop(tx: Work, passkey_id: UUID) -> None:
    """One's own; ends one's other sessions. Raises NotFound, NotFresh."""
    if not rows.drop(tx, passkey_id):
        raise errors.NotFound


# At the door --------------------------------------------------------------------------------


def ask_waiting(office: Office, waiting: str, place: Place) -> dict[str, Any]:
    """For a session that waits for its second factor. Raises NotFound where none does, or where
    its account has no passkey."""
    challenge = passkeys.new_challenge()
    with office.work(None, use_case="passkeys.ask") as tx:
        known = rows.ask(tx, Purpose.SIGN_IN, challenge, waiting)
        if not known:
            raise errors.NotFound
    return passkeys.asking(place, challenge, known=known, verified=False)


def let_in(
    office: Office, waiting: str, credential: Credential, place: Place, *,
    fresh: timedelta, request_id: str = "",
) -> str:  # fmt: skip
    """The session goes on under a new secret, which is returned. Raises Invalid."""
    credential_id = _said_id(credential)
    with office.work(None, use_case="passkeys.let_in", request_id=request_id) as tx:
        taken = rows.take(tx, Purpose.SIGN_IN, credential_id, waiting)
    passkey_id, count = _checked(taken, credential, place, verified=False)
    following = secrets.token_urlsafe(32)
    with office.work(None, use_case="passkeys.let_in", request_id=request_id) as tx:
        result = rows.let_in(
            tx, waiting, passkey_id=passkey_id, count=count, following=following, fresh=fresh
        )
    _passed(result)
    return following


# Again --------------------------------------------------------------------------------------


def ask_again(tx: Work, place: Place) -> dict[str, Any]:
    """For who acts, before money, names and rights. Raises NotFound where they have none."""
    challenge = passkeys.new_challenge()
    known = rows.ask(tx, Purpose.CONFIRM, challenge)
    if not known:
        raise errors.NotFound
    return passkeys.asking(place, challenge, known=known, verified=True)


def confirm(
    office: Office, session: str, credential: Credential, place: Place, *,
    fresh: timedelta, request_id: str = "",
) -> str:  # fmt: skip
    """In place of the password, where the authenticator itself asked who holds it: a key that
    was left in an open screen's machine isn't enough. Returns the session's new secret. Raises
    Invalid."""
    credential_id = _said_id(credential)
    with office.work(session, use_case="passkeys.confirm", request_id=request_id) as tx:
        taken = rows.take(tx, Purpose.CONFIRM, credential_id)
    passkey_id, count = _checked(taken, credential, place, verified=True)
    following = secrets.token_urlsafe(32)
    with office.work(session, use_case="passkeys.confirm", request_id=request_id) as tx:
        result = rows.confirm(tx, passkey_id=passkey_id, count=count, secret=following, fresh=fresh)
    _passed(result)
    return following


def _checked(
    taken: Row | None, credential: Credential, place: Place, *, verified: bool
) -> tuple[UUID, int]:
    if taken is None or taken["passkey_id"] is None:
        raise errors.Invalid.of(FIELD, _NOT_THIS)
    try:
        count = passkeys.count_of(
            place, bytes(taken["challenge"]), credential,
            public_key=bytes(taken["public_key"]), account_id=taken["account_id"],
            verified=verified,
        )  # fmt: skip
    except Refused:
        raise errors.Invalid.of(FIELD, _NOT_THIS) from None
    return taken["passkey_id"], count


def _passed(result: str) -> None:
    """After the block, so that a doubt stays."""
    if result == "doubted":
        raise errors.Invalid.of(FIELD, _DOUBTED)
    if result != "passed":
        raise errors.Invalid.of(FIELD, _NOT_THIS)


def _said_id(credential: Credential) -> bytes:
    try:
        return passkeys.said_id(credential)
    except Refused:
        raise errors.Invalid.of(FIELD, _NOT_THIS) from None
