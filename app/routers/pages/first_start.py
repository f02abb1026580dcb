"""Where a new installation's first administrator comes in, by the address that the start prints."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.errors import N_, Conflict, Invalid
from app.routers.deps import Caller, PublicPage, Submitted, submitted
from app.routers.pages.gate import outside_frame
from app.routers.parts import Filled
from app.routers.templating import render
from app.services import first_start

router = APIRouter()

Anybody = Annotated[Caller, PublicPage()]
Form = Annotated[Submitted, Depends(submitted)]


@router.get("/first-start/{token}")
def first_page(request: Request, caller: Anybody, token: str) -> Response:
    return _page(request, caller, token, Filled(), 200)


@router.post("/first-start/{token}")
def begin(request: Request, caller: Anybody, token: str, form: Form) -> Response:
    kept = {name: form.text(name) for name in ("login", "name")}
    try:
        if form.secret("password") != form.secret("again"):
            raise Invalid.of("again", N_("The two are not the same."))
        with caller.work("first_start.begin") as tx:
            first_start.begin(
                tx, token=token, password=form.secret("password"), locale=caller.locale, **kept
            )
    except Invalid as invalid:
        return _page(request, caller, token, Filled.refused(kept, invalid), 422)
    except Conflict as conflict:
        refused = Filled(kept, {"login": conflict.reason})
        return _page(request, caller, token, refused, conflict.status)
    return RedirectResponse("/sign-in", status_code=303)


def _page(request: Request, caller: Caller, token: str, form: Filled, status: int) -> Response:
    with caller.work("first_start.page") as tx:
        first_start.check(tx, token)
    return render(
        request, "pages/first_start.html", frame=outside_frame(request, caller), form=form,
        token=token, status_code=status,
    )  # fmt: skip
