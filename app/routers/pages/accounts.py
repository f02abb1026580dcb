"""Administration: accounts, the roles they hold, and one-use links for passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.core.db import Row
from app.domain.errors import N_, Invalid
from app.domain.permissions import ROLE_LABELS, Clearance, Permission, Role
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.frame import frame_for
from app.routers.paging import Paging
from app.routers.parts import Choice, Column, Filled, Link
from app.routers.templating import render
from app.services import accounts, emergencies, factors, units

router = APIRouter(prefix="/admin")

Administrator = Annotated[Caller, Page(Permission.ACCOUNTS_ADMINISTER)]
Form = Annotated[Submitted, Depends(submitted)]

CLEARANCES: dict[Clearance, str] = {
    Clearance.NORMAL: N_("internal"),
    Clearance.RESTRICTED: N_("restricted"),
    Clearance.SEALED: N_("sealed"),
}
CHANGES = {
    "active": N_("Let in again"),
    "person": N_("Tied to another person of the register"),
}
MOST = 5000


@router.get("")
def list_accounts(request: Request, caller: Administrator, paging: Paging) -> Response:
    name = request.query_params.get("name", "").strip()[:40]
    after = paging.after("accounts", lambda login, id_: (login, UUID(id_)))
    with caller.work("accounts.list") as tx:
        frame = frame_for(request, caller, tx, current="admin")
        found = accounts.list_accounts(tx, search=name or None, after=after, limit=paging.wanted)
        waiting = [*accounts.waiting_roles(tx), *accounts.waiting_changes(tx)]
        unreviewed = [
            {**row, "declared_at": tx.moment_of(row["declared_at"])}
            for row in emergencies.for_nobody(tx)
        ]
    rows, following = paging.part("accounts", found, lambda row: (row["login"], row["id"]))
    locale = caller.locale

    def column(key: str, label: str) -> Column:
        return Column(key, i18n.translate(locale, label))

    columns = [
        column("login", N_("User name")),
        column("name", N_("Name")),
        column("roles", N_("Roles")),
        column("unit", N_("Unit")),
        column("state", N_("State")),
    ]
    joint = "、" if locale == i18n.CHINESE else ", "
    cells = [
        {
            "login": Link(row["login"], f"/admin/accounts/{row['id']}"),
            "name": row["name"],
            "roles": joint.join(
                i18n.translate(locale, ROLE_LABELS[Role(held["role"])]) for held in row["roles"]
            ),
            "unit": row["unit_name"] or "",
            "state": i18n.translate(locale, N_("active") if row["active"] else N_("ended")),
        }
        for row in rows
    ]
    return render(
        request, "pages/accounts.html", frame=frame, columns=columns, rows=cells, name=name,
        waiting={row["account_id"]: row["name"] for row in waiting},
        unreviewed=unreviewed,
        following=f"/admin?cursor={following}&name={name}" if following else None,
    )  # fmt: skip


@router.get("/accounts/new")
def new_account(request: Request, caller: Administrator) -> Response:
    return _new(request, caller, Filled({"locale": "zh_CN", "clearance": "0"}), 200)


def _new(request: Request, caller: Caller, form: Filled, status: int) -> Response:
    with caller.work("accounts.new") as tx:
        frame = frame_for(request, caller, tx, current="admin")
        rows = units.list_units(tx, limit=MOST)
    return render(
        request, "pages/account_new.html", frame=frame, form=form, units=_unit_choices(rows),
        clearances=_clearances(caller.locale), status_code=status,
    )  # fmt: skip


def _unit_choices(rows: list[dict[str, object]]) -> list[Choice]:
    return [Choice(str(row["code"]), str(row["name"])) for row in rows]


def _clearances(locale: str) -> list[Choice]:
    return [
        Choice(str(value.value), i18n.translate(locale, label))
        for value, label in CLEARANCES.items()
    ]


@router.post("/accounts/new")
def create_account(request: Request, caller: Administrator, form: Form) -> Response:
    try:
        for name in ("login", "name"):
            if not form.text(name):
                raise Invalid.of(name, N_("Write something."))
        with caller.work("accounts.create") as tx:
            code = form.text("unit")
            unit = units.unit_coded_in(tx, code, field="unit") if code else None
            account_id = accounts.create_account(
                tx,
                login=form.text("login"),
                name=form.text("name"),
                unit_id=unit["id"] if unit else None,
                clearance=_chosen_clearance(form.text("clearance")),
                locale=_chosen_locale(form.text("locale")),
            )
    except Invalid as invalid:
        return _new(request, caller, Filled.refused(form.values, invalid), 422)
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)


def _chosen_clearance(value: str) -> Clearance:
    found = next((each for each in Clearance if str(each.value) == (value or "0")), None)
    if found is None:
        raise Invalid.of("clearance", N_("Choose one."))
    return found


def _chosen_locale(value: str) -> str:
    if value and value not in i18n.LOCALES:
        raise Invalid.of("locale", N_("Choose one."))
    return value or i18n.CHINESE


@router.get("/accounts/{account_id}")
def account(request: Request, caller: Administrator, account_id: UUID) -> Response:
    return _account(request, caller, account_id, Filled(), 200)


def _account(
    request: Request,
    caller: Caller,
    account_id: UUID,
    form: Filled,
    status: int,
    link: str | None = None,
) -> Response:
    with caller.work("accounts.read") as tx:
        frame = frame_for(request, caller, tx, current="admin")
        row = accounts.read_account(tx, account_id)
        factor_since = factors.since(tx, account_id)
        waiting = [each for each in accounts.waiting_roles(tx) if each["account_id"] == account_id]
        changes = [
            each for each in accounts.waiting_changes(tx) if each["account_id"] == account_id
        ]
        me = tx.actor.account_id
        rows = units.list_units(tx, limit=MOST)
    locale = caller.locale
    held = [
        {
            "id": each["id"],
            "role": i18n.translate(locale, ROLE_LABELS[Role(each["role"])]),
            "unit": each["unit_name"] or i18n.translate(locale, N_("the whole installation")),
            "begins_on": each["begins_on"],
            "last_day": each["ends_on"] and each["ends_on"] - timedelta(days=1),
        }
        for each in row["roles"]
    ]
    roles = [Choice(role.value, i18n.translate(locale, ROLE_LABELS[role])) for role in Role]
    return render(
        request, "pages/account.html", frame=frame, account=row, held=held, form=form,
        roles=roles, units=_unit_choices(rows), link=link, factor_since=factor_since,
        waiting=[
            {**each, "role": i18n.translate(locale, ROLE_LABELS[Role(each["role"])]),
             "mine": each["asked_by"] == me}
            for each in waiting
        ],
        changes=[
            {**each, "words": _change(locale, each), "mine": each["asked_by"] == me}
            for each in changes
        ],
        clearance=i18n.translate(locale, CLEARANCES[Clearance(row["clearance"])]),
        clearances=_clearances(locale),
        status_code=status,
    )  # fmt: skip


def _change(locale: str, row: Row) -> str:
    """What waits for a second administrator, in words."""
    if row["what"] == "clearance":
        label = i18n.translate(locale, CLEARANCES[Clearance(int(row["value"]))])
        return i18n.translate(locale, N_("Cleared for {clearance}"), {"clearance": label})
    return i18n.translate(locale, CHANGES[row["what"]])


@router.post("/accounts/{account_id}/clearance")
def change_clearance(caller: Administrator, account_id: UUID, form: Form) -> Response:
    """A lower one at once, a higher one once another administrator confirms it."""
    with caller.work("accounts.change_clearance") as tx:
        version = accounts.read_account(tx, account_id)["version"]
        clearance = _chosen_clearance(form.text("clearance"))
        accounts.change_account(
            tx, account_id, seen_version=version, changes={"clearance": clearance}
        )
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)


@router.post("/change-requests/{change_request_id}")
def decide_change(caller: Administrator, change_request_id: UUID, form: Form) -> Response:
    """Confirm what another administrator asked for, or don't."""
    with caller.work("accounts.decide_change") as tx:
        confirmed = form.text("decision") == "confirm"
        account_id = accounts.decide_change(tx, change_request_id, confirmed=confirmed)
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)


@router.post("/accounts/{account_id}/roles")
def grant_role(request: Request, caller: Administrator, account_id: UUID, form: Form) -> Response:
    try:
        with caller.work("accounts.grant_role") as tx:
            if form.text("role") not in set(Role):
                raise Invalid.of("role", N_("Choose one."))
            code = form.text("unit")
            unit = units.unit_coded_in(tx, code, field="unit") if code else None
            accounts.grant_role(
                tx,
                account_id=account_id,
                role=Role(form.text("role")),
                unit_id=unit["id"] if unit else None,
            )
    except Invalid as invalid:
        return _account(request, caller, account_id, Filled.refused(form.values, invalid), 422)
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)


@router.post("/role-requests/{role_request_id}")
def decide_role(caller: Administrator, role_request_id: UUID, form: Form) -> Response:
    """Give what another administrator asked for, or don't."""
    with caller.work("accounts.decide_role") as tx:
        confirmed = form.text("decision") == "give"
        account_id = accounts.decide_role(tx, role_request_id, confirmed=confirmed)
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)


@router.post("/accounts/{account_id}/roles/{role_id}/end")
def end_role(caller: Administrator, account_id: UUID, role_id: UUID) -> Response:
    with caller.work("accounts.end_role") as tx:
        version = accounts.read_account(tx, account_id)["version"]
        accounts.end_role(tx, account_id, role_id, seen_version=version)
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)


@router.post("/accounts/{account_id}/link")
def make_link(request: Request, caller: Administrator, account_id: UUID) -> Response:
    """Shown once, to be handed over in person."""
    with caller.work("accounts.make_link") as tx:
        token = accounts.make_password_link(tx, account_id)
    link = str(request.url.replace(path=f"/password/{token}", query="", fragment=""))
    return _account(request, caller, account_id, Filled(), 200, link=link)


@router.post("/accounts/{account_id}/active")
def change_active(caller: Administrator, account_id: UUID, form: Form) -> Response:
    """End an account, or ask that it be let in again; ending it ends its sessions."""
    with caller.work("accounts.change_active") as tx:
        version = accounts.read_account(tx, account_id)["version"]
        active = form.text("active") == "yes"
        accounts.change_account(tx, account_id, seen_version=version, changes={"active": active})
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)
