"""A second factor: set up by its holder, required by role, and taken away by an administrator."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import segno
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app.core import i18n
from app.core.db import Row
from app.core.settings import Settings
from app.domain.errors import N_, Invalid
from app.domain.passkeys import MOST
from app.domain.permissions import ROLE_LABELS, Permission, Role
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.frame import frame_for
from app.routers.parts import Choice, Filled
from app.routers.templating import Frame, render
from app.services import factors, passkeys
from app.services.factors import Begun

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.SELF, enrolling=True)]
Administrator = Annotated[Caller, Page(Permission.ACCOUNTS_ADMINISTER)]
Form = Annotated[Submitted, Depends(submitted)]


@router.get("/me/second-factor")
def second_factor(request: Request, caller: Mine) -> Response:
    with caller.work("factors.read") as tx:
        frame = frame_for(request, caller, tx)
        held = _held(tx)
    return _page(request, frame, held)


@router.post("/me/second-factor")
def begin(request: Request, caller: Mine) -> Response:
    """The secret is shown once: in the answer itself, at no address."""
    with caller.work("factors.begin") as tx:
        frame = frame_for(request, caller, tx)
        begun = factors.begin(tx)
        held = _held(tx)
    return _page(request, frame, held, begun=begun)


@router.post("/me/second-factor/confirm")
def confirm(request: Request, caller: Mine, form: Form) -> Response:
    try:
        with caller.work("factors.confirm") as tx:
            codes = factors.confirm(tx, form.text("code"))
    except Invalid as invalid:
        with caller.work("factors.read") as tx:
            frame = frame_for(request, caller, tx)
            begun, held = factors.begun(tx), _held(tx)
        mended = Filled.refused({}, invalid)
        return _page(request, frame, held, begun=begun, form=mended, status=422)
    return shown_once(request, caller, codes)


@router.post("/me/second-factor/codes")
def renew_codes(request: Request, caller: Mine) -> Response:
    with caller.work("factors.renew_codes") as tx:
        codes = factors.renew_codes(tx)
    return shown_once(request, caller, codes)


@router.post("/me/second-factor/remove")
def drop(caller: Mine) -> Response:
    with caller.work("factors.drop") as tx:
        factors.drop(tx)
    return RedirectResponse("/me/second-factor", status_code=303)


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody proves themselves by, beside the password."""

    mine: Row
    passkeys: Sequence[Row]


def _held(tx: Work) -> Held:
    return Held(factors.mine(tx), passkeys.mine(tx))


def shown_once(request: Request, caller: Caller, codes: Sequence[str]) -> Response:
    """In a unit of work of its own: the reader holds roles again that they didn't before."""
    with caller.work("factors.read") as tx:
        frame = frame_for(request, caller, tx)
        held = _held(tx)
    return _page(request, frame, held, codes=codes)


def refused(request: Request, caller: Caller, form: Filled) -> Response:
    """The page with what has to be mended on it."""
    with caller.work("factors.read") as tx:
        frame = frame_for(request, caller, tx)
        held = _held(tx)
    return _page(request, frame, held, form=form, status=422)


def _page(
    request: Request,
    frame: Frame,
    held: Held,
    *,
    begun: Begun | None = None,
    codes: Sequence[str] = (),
    form: Filled | None = None,
    status: int = 200,
) -> Response:
    settings: Settings = request.app.state.settings
    return render(
        request, "pages/second_factor.html", frame=frame, mine=held.mine, codes=codes,
        passkeys=held.passkeys, most=MOST, origin=settings.origin if settings.passkeys_for else "",
        drawing=drawn(begun.address) if begun else None,
        key=_in_fours(begun.secret) if begun else "", form=form or Filled(), status_code=status,
    )  # fmt: skip


def drawn(address: str) -> Markup:
    """A square code as a drawing in the page, dark on light in either theme."""
    written = io.BytesIO()
    segno.make(address, error="m").save(
        written, kind="svg", scale=5, border=4, dark="#000", light="#fff",
        xmldecl=False, svgns=False, nl=False, svgclass=None, lineclass=None,
    )  # fmt: skip
    return Markup(written.getvalue().decode())  # noqa: S704 - drawn by the library, no text in it


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


@router.get("/admin/second-factor")
def rules(request: Request, caller: Administrator) -> Response:
    with caller.work("factors.roles") as tx:
        frame = frame_for(request, caller, tx, current="admin")
        held = factors.roles(tx)
    form = Filled({"roles": tuple(role.value for role in held)})
    done = request.query_params.get("done") == "1"
    return _rules(request, caller, frame, form, done=done)


@router.post("/admin/second-factor")
def require(request: Request, caller: Administrator, form: Form) -> Response:
    given = form.texts("roles")
    try:
        with caller.work("factors.require") as tx:
            if not set(given) <= set(Role):
                raise Invalid.of("roles", N_("Choose one."))
            factors.require(tx, [Role(each) for each in given])
    except Invalid as invalid:
        with caller.work("factors.roles") as tx:
            frame = frame_for(request, caller, tx, current="admin")
        return _rules(request, caller, frame, Filled.refused(form.values, invalid), status=422)
    return RedirectResponse("/admin/second-factor?done=1", status_code=303)


def _rules(
    request: Request,
    caller: Caller,
    frame: Frame,
    form: Filled,
    *,
    done: bool = False,
    status: int = 200,
) -> Response:
    choices = [
        Choice(role.value, i18n.translate(caller.locale, ROLE_LABELS[role]))
        for role in Role
        if role is not Role.OPERATOR
    ]
    return render(
        request, "pages/factor_rules.html", frame=frame, form=form, roles=choices, done=done,
        status_code=status,
    )  # fmt: skip


@router.post("/admin/accounts/{account_id}/second-factor")
def reset(caller: Administrator, account_id: UUID) -> Response:
    """For who lost theirs."""
    with caller.work("factors.reset") as tx:
        factors.reset(tx, account_id)
    return RedirectResponse(f"/admin/accounts/{account_id}", status_code=303)
