"""Keys for programs: listed, made and revoked by their owner."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.core import i18n
from app.domain.errors import N_, Invalid
from app.domain.permissions import KEY_PERMISSIONS, Permission
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.frame import frame_for
from app.routers.parts import Choice, Filled
from app.routers.templating import render
from app.services import keys

router = APIRouter(prefix="/me/keys")

Mine = Annotated[Caller, Page(Permission.SELF)]
Form = Annotated[Submitted, Depends(submitted)]

LABELS: dict[Permission, str] = {
    Permission.EXPORT_TOTALS: N_("export figures"),
    Permission.IMPORT_LEDGERS: N_("take ledgers in"),
    Permission.LEADS_LOG: N_("log leads"),
    Permission.MATTERS_READ: N_("read matters"),
    Permission.MONEY_READ: N_("read money"),
    Permission.PEOPLE_READ: N_("read people"),
    Permission.PETITIONS_LOG: N_("log petitions"),
    Permission.TOTALS_READ: N_("read figures"),
    Permission.UNITS_READ: N_("read units"),
}
if LABELS.keys() != KEY_PERMISSIONS:
    raise RuntimeError("every permission of a key needs its words")


@router.get("")
def list_keys(request: Request, caller: Mine) -> Response:
    return _page(request, caller, Filled({"days": "90"}), 200)


@router.post("")
def make_key(request: Request, caller: Mine, form: Form) -> Response:
    """The key stands in the answer itself, this once."""
    try:
        with caller.work("keys.make") as tx:
            made = keys.make_key(
                tx, name=name_typed(form), scope=_scope(form), days=days_typed(form.text("days"))
            )
    except Invalid as invalid:
        return _page(request, caller, Filled.refused(form.values, invalid), 422)
    return _page(request, caller, Filled({"days": "90"}), 200, made=made.secret)


def name_typed(form: Submitted) -> str:
    name = " ".join(form.text("name").split())
    if not 0 < len(name) <= 100:
        raise Invalid.of("name", N_("Write something."))
    return name


def _scope(form: Submitted) -> list[Permission]:
    given = form.texts("scope")
    if not set(given) <= set(Permission):
        raise Invalid.of("scope", N_("Choose one."))
    return [Permission(each) for each in given]


def days_typed(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


@router.post("/{key_id}/revoke")
def revoke_key(caller: Mine, key_id: UUID) -> Response:
    with caller.work("keys.revoke") as tx:
        keys.revoke_key(tx, key_id)
    return RedirectResponse("/me/keys", status_code=303)


def _page(
    request: Request, caller: Caller, form: Filled, status: int, *, made: str | None = None
) -> Response:
    with caller.work("keys.list") as tx:
        frame = frame_for(request, caller, tx)
        found = keys.list_keys(tx)
        able = keys.grantable(tx)

    def said(permission: Permission) -> str:
        return i18n.translate(caller.locale, LABELS[permission])

    joint = "、" if caller.locale == i18n.CHINESE else ", "
    rows = [
        {**row, "may": joint.join(said(Permission(each)) for each in row["scope"])} for row in found
    ]
    return render(
        request, "pages/keys.html", frame=frame, rows=rows, form=form, made=made,
        choices=[Choice(each.value, said(each)) for each in able], status_code=status,
    )  # fmt: skip
