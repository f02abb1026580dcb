"""Passkeys: one's own. A browser asks an authenticator; programs have keys instead."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.core import tokens
from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.routers.passkeys import place
from app.schemas.accounts import Token
from app.schemas.base import Listing
from app.schemas.passkeys import (
    PasskeyAdded,
    PasskeyConfirm,
    PasskeyCreate,
    PasskeyOptions,
    PasskeyRead,
    PasskeyRename,
)
from app.services import passkeys

router = APIRouter(tags=["passkeys"])

Mine = Annotated[Caller, Api(Permission.SELF, enrolling=True)]


@router.get("/me/passkeys", response_model=Listing[PasskeyRead])
def list_passkeys(caller: Mine) -> Response:
    """My own, in the order in which they were made."""
    with caller.work("passkeys.list") as tx:
        found = passkeys.mine(tx)
    items = [PasskeyRead.model_validate(row) for row in found]
    return answered(Listing[PasskeyRead](items=items))


@router.post("/me/passkeys/options", response_model=PasskeyOptions)
def begin_passkey(caller: Mine) -> Response:
    """What the browser is to ask of an authenticator. Good for five minutes, once. Needs fresh
    authentication."""
    with caller.work("passkeys.begin") as tx:
        options = passkeys.begin(tx, place(caller))
    return answered(PasskeyOptions(public_key=options))


@router.post("/me/passkeys", status_code=201, response_model=PasskeyAdded)
def add_passkey(caller: Mine, body: PasskeyCreate) -> Response:
    """What the authenticator answered. Not repeatable: its challenge is gone. Needs fresh
    authentication; as the first second factor it ends my other sessions."""
    credential = body.credential.model_dump(exclude_none=True)
    with caller.work("passkeys.take") as tx:
        challenge = passkeys.take(tx, credential)
    with caller.work("passkeys.add") as tx:
        added = passkeys.add(tx, place(caller), challenge, credential, body.name)
    return answered(PasskeyAdded(id=added.passkey_id, codes=list(added.codes)), status=201)


@router.put("/me/passkeys/{passkey_id}/name", status_code=204)
def rename_passkey(caller: Mine, passkey_id: UUID, body: PasskeyRename) -> Response:
    """What I call it."""
    with caller.work("passkeys.rename") as tx:
        passkeys.rename(tx, passkey_id, body.name)
    return Response(status_code=204)


@router.delete("/me/passkeys/{passkey_id}", status_code=204)
def drop_passkey(caller: Mine, passkey_id: UUID) -> Response:
    """My own; ends my other sessions. Needs fresh authentication."""
    with caller.work("passkeys.drop") as tx:
        passkeys.drop(tx, passkey_id)
    return Response(status_code=204)


@router.post("/sessions/current/confirm-passkey/options", response_model=PasskeyOptions)
def ask_passkey(caller: Mine) -> Response:
    """What the browser is to ask, in place of the password. Good for five minutes, once."""
    with caller.work("passkeys.ask") as tx:
        options = passkeys.ask_again(tx, place(caller))
    return answered(PasskeyOptions(public_key=options))


@router.post("/sessions/current/confirm-passkey", response_model=Token)
def confirm_passkey(caller: Mine, body: PasskeyConfirm) -> Response:
    """For what touches money, names or rights: a passkey whose authenticator asked who holds it,
    and a new token. The old one opens nothing any more."""
    with caller.work("passkeys.confirm") as tx:
        session = tx.session
    secret = passkeys.confirm(
        caller.office, session, body.credential.model_dump(exclude_none=True), place(caller),
        fresh=timedelta(minutes=caller.settings.fresh_minutes), request_id=caller.request_id,
    )  # fmt: skip
    lifetime = timedelta(minutes=caller.settings.token_minutes)
    token = tokens.issue(caller.office.keys, session=secret, lifetime=lifetime)
    return answered(Token(token=token, expires_at=datetime.now(UTC) + lifetime))
