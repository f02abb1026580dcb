"""Accounts and the roles they hold, for administrators of their units."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Api, Caller
from app.routers.once import LOCATED, Once, answered
from app.routers.paging import Paging
from app.routers.preconditions import SeenVersion
from app.schemas.accounts import (
    AccountCreate,
    AccountRead,
    AccountUpdate,
    ChangeRequestRead,
    PasswordLink,
    RoleGrantCreate,
    RoleRequestRead,
)
from app.schemas.base import Listing, OneLine
from app.services import accounts

router = APIRouter(prefix="/accounts", tags=["accounts"])

Administrator = Annotated[Caller, Api(Permission.ACCOUNTS_ADMINISTER)]


@router.get("", response_model=Listing[AccountRead])
def list_accounts(
    caller: Administrator,
    paging: Paging,
    search: Annotated[OneLine | None, Query(description="Part of a login or name")] = None,
) -> Response:
    """Those that the caller administers, by login."""
    after = paging.after("accounts", lambda login, id: (str(login), UUID(id)))
    with caller.work("accounts.list") as tx:
        found = accounts.list_accounts(tx, search=search, after=after, limit=paging.wanted)
    rows, following = paging.part("accounts", found, lambda row: (row["login"], row["id"]))
    items = [AccountRead.model_validate(row) for row in rows]
    return answered(Listing[AccountRead](items=items, next=following))


@router.post("", status_code=201, response_model=AccountRead, responses=LOCATED)
def create_account(caller: Administrator, once: Once, body: AccountCreate) -> Response:
    """Without a role or a password: grant a role, and make a password link."""
    with caller.work("accounts.create") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            account_id = accounts.create_account(tx, **body.model_dump())
            made = _read(tx, account_id)
            slot.keep(made, version=made.version, location=_address(account_id))
    return slot.response()


@router.get("/role-requests", response_model=Listing[RoleRequestRead])
def list_role_requests(caller: Administrator) -> Response:
    """Roles that wait for a second administrator, the oldest first."""
    with caller.work("accounts.role_requests") as tx:
        found = accounts.waiting_roles(tx)
    items = [RoleRequestRead.model_validate(row) for row in found]
    return answered(Listing[RoleRequestRead](items=items))


@router.post("/role-requests/{role_request_id}/confirm", response_model=AccountRead)
def confirm_role(caller: Administrator, role_request_id: UUID) -> Response:
    """Gives a role that another administrator asked for. Needs fresh authentication."""
    with caller.work("accounts.confirm_role") as tx:
        found = _read(tx, accounts.decide_role(tx, role_request_id, confirmed=True))
    return answered(found, version=found.version)


@router.post("/role-requests/{role_request_id}/refuse", response_model=AccountRead)
def refuse_role(caller: Administrator, role_request_id: UUID) -> Response:
    """Whoever asked may take it back so."""
    with caller.work("accounts.refuse_role") as tx:
        found = _read(tx, accounts.decide_role(tx, role_request_id, confirmed=False))
    return answered(found, version=found.version)


@router.get("/change-requests", response_model=Listing[ChangeRequestRead])
def list_change_requests(caller: Administrator) -> Response:
    """Changes to accounts that wait for a second administrator, the oldest first."""
    with caller.work("accounts.change_requests") as tx:
        found = accounts.waiting_changes(tx)
    items = [ChangeRequestRead.model_validate(row) for row in found]
    return answered(Listing[ChangeRequestRead](items=items))


@router.post("/change-requests/{change_request_id}/confirm", response_model=AccountRead)
def confirm_change(caller: Administrator, change_request_id: UUID) -> Response:
    """Makes a change that another administrator asked for. Needs fresh authentication."""
    with caller.work("accounts.confirm_change") as tx:
        found = _read(tx, accounts.decide_change(tx, change_request_id, confirmed=True))
    return answered(found, version=found.version)


@router.post("/change-requests/{change_request_id}/refuse", response_model=AccountRead)
def refuse_change(caller: Administrator, change_request_id: UUID) -> Response:
    """Whoever asked may take it back so."""
    with caller.work("accounts.refuse_change") as tx:
        found = _read(tx, accounts.decide_change(tx, change_request_id, confirmed=False))
    return answered(found, version=found.version)


@router.get("/{account_id}", response_model=AccountRead)
def read_account(caller: Administrator, account_id: UUID) -> Response:
    """An account with the roles that it holds."""
    with caller.work("accounts.read") as tx:
        found = _read(tx, account_id)
    return answered(found, version=found.version)


@router.patch("/{account_id}", response_model=AccountRead)
def change_account(
    caller: Administrator, account_id: UUID, seen: SeenVersion, body: AccountUpdate
) -> Response:
    """`"active": false` ends the account's sessions at once. It never disappears. What widens sight
    waits for a second administrator, and is answered as it still is."""
    with caller.work("accounts.change") as tx:
        accounts.change_account(tx, account_id, seen_version=seen, changes=body.changes())
        found = _read(tx, account_id)
    return answered(found, version=found.version)


@router.post("/{account_id}/roles", status_code=201, response_model=AccountRead, responses=LOCATED)
def grant_role(
    caller: Administrator, account_id: UUID, once: Once, body: RoleGrantCreate
) -> Response:
    """Waits for a second administrator under /accounts/role-requests, unless the operator gives it
    at the command line."""
    with caller.work("accounts.grant_role") as tx:
        slot = once.slot(tx, body)
        if slot.fresh:
            accounts.grant_role(tx, account_id=account_id, **body.model_dump())
            found = _read(tx, account_id)
            slot.keep(found, version=found.version, location=_address(account_id))
    return slot.response()


@router.delete("/{account_id}/roles/{role_id}", response_model=AccountRead)
def end_role(caller: Administrator, account_id: UUID, role_id: UUID, seen: SeenVersion) -> Response:
    """From today on. That it was held stays known."""
    with caller.work("accounts.end_role") as tx:
        accounts.end_role(tx, account_id, role_id, seen_version=seen)
        found = _read(tx, account_id)
    return answered(found, version=found.version)


@router.post(
    "/{account_id}/password-link", status_code=201, response_model=PasswordLink,
    responses={409: {}},
)  # fmt: skip
def make_password_link(caller: Administrator, account_id: UUID) -> Response:
    """Shown once, used once; an earlier link ends. Not repeatable: no copy of it is kept."""
    with caller.work("accounts.make_password_link") as tx:
        token = accounts.make_password_link(tx, account_id)
    link = PasswordLink(
        token=token,
        path=f"/password/{token}",
        expires_at=datetime.now(UTC) + accounts.LINK_LIFETIME,
    )
    return answered(link, status=201)


def _read(tx: Work, account_id: UUID) -> AccountRead:
    return AccountRead.model_validate(accounts.read_account(tx, account_id))


def _address(account_id: UUID) -> str:
    return f"/api/v1/accounts/{account_id}"
