"""A form that somebody sent, as it was: for whoever comes back to its page."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.domain.errors import NotFound
from app.domain.permissions import Permission
from app.routers.deps import Caller, Page
from app.routers.pages.frame import frame_for
from app.routers.sendings import key_of
from app.routers.sent_twice import Was
from app.routers.templating import render
from app.services import idempotency

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.SELF)]


@router.get("/sent/{form_key}")
def sent(request: Request, caller: Mine, form_key: UUID) -> Response:
    """By the key that the form carried; for a day."""
    with caller.work("forms.sent") as tx:
        former = idempotency.sent_form(tx, key=key_of(str(form_key)))
        if former is None:
            raise NotFound
        frame = frame_for(request, caller, tx, current="desk")
    return render(request, "pages/sent.html", frame=frame, was=Was.of(former))
