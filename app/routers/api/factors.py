"""A second factor: one's own, by role, and taken away by an administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.domain.permissions import Permission
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.schemas.factors import (
    CodeSent,
    FactorBegun,
    FactorRead,
    FactorRoles,
    FactorRolesSent,
    RecoveryCodes,
)
from app.services import factors

router = APIRouter(tags=["second factors"])

Mine = Annotated[Caller, Api(Permission.SELF, enrolling=True)]
Administrator = Annotated[Caller, Api(Permission.ACCOUNTS_ADMINISTER)]


@router.get("/me/second-factor", response_model=FactorRead)
def read_factor(caller: Mine) -> Response:
    """Whether I have one, and whether a role of mine requires it."""
    with caller.work("factors.read") as tx:
        found = FactorRead.model_validate(factors.mine(tx))
    return answered(found)


@router.post("/me/second-factor", response_model=FactorBegun)
def begin_factor(caller: Mine) -> Response:
    """A new secret for an authenticator. Needs fresh authentication."""
    with caller.work("factors.begin") as tx:
        begun = FactorBegun.model_validate(factors.begin(tx))
    return answered(begun)


@router.post("/me/second-factor/confirm", response_model=RecoveryCodes)
def confirm_factor(caller: Mine, body: CodeSent) -> Response:
    """Asked for from now on. Ends my other sessions."""
    with caller.work("factors.confirm") as tx:
        codes = factors.confirm(tx, body.code)
    return answered(RecoveryCodes(codes=codes))


@router.post("/me/second-factor/recovery-codes", response_model=RecoveryCodes)
def renew_recovery_codes(caller: Mine) -> Response:
    """The old ones end. Needs fresh authentication."""
    with caller.work("factors.renew_codes") as tx:
        codes = factors.renew_codes(tx)
    return answered(RecoveryCodes(codes=codes))


@router.delete("/me/second-factor", status_code=204)
def drop_factor(caller: Mine) -> Response:
    """My own. Needs fresh authentication."""
    with caller.work("factors.drop") as tx:
        factors.drop(tx)
    return Response(status_code=204)


@router.delete("/accounts/{account_id}/second-factor", status_code=204, responses={409: {}})
def reset_factor(caller: Administrator, account_id: UUID) -> Response:
    """For who lost theirs: gone, never read. Ends the account's sessions. Needs fresh
    authentication."""
    with caller.work("factors.reset") as tx:
        factors.reset(tx, account_id)
    return Response(status_code=204)


@router.get("/second-factor-roles", response_model=FactorRoles)
def read_factor_roles(caller: Administrator) -> Response:
    """Whose holders must have a second factor."""
    with caller.work("factors.roles") as tx:
        found = FactorRoles(roles=factors.roles(tx))
    return answered(found)


@router.put("/second-factor-roles", response_model=FactorRoles)
def require_factor(caller: Administrator, body: FactorRolesSent) -> Response:
    """Who holds one of these and has none can only set it up. Needs fresh authentication, and an
    administrator of the whole district."""
    with caller.work("factors.require") as tx:
        factors.require(tx, body.roles)
        found = FactorRoles(roles=factors.roles(tx))
    return answered(found)
