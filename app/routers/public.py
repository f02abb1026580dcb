"""What anybody may read: what each kind of refusal means, at the address that names it."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.core import i18n
from app.domain.errors import NotFound, Reason
from app.routers import errors
from app.routers.deps import Caller, PublicPage
from app.routers.problems import KINDS
from app.routers.templating import render

router = APIRouter(include_in_schema=False)


@router.get("/problems/{code}")
def explain(request: Request, caller: Annotated[Caller, PublicPage()], code: str) -> Response:
    """The `type` of a problem is this page's address."""
    kind = KINDS.get(code)
    if kind is None:
        raise NotFound
    errors.recognise(request)
    frame = errors.bare_frame(request, caller.locale)
    return render(
        request,
        "error.html",
        frame=frame,
        heading=i18n.translate(caller.locale, kind.title),
        reason=Reason(kind.meaning),
        missing=(),
        sent=False,
        typed=(),
        todo=kind.todo,
        back=None,
        sign_in=None if frame.actor_name else "/sign-in",
        code=None,
    )
