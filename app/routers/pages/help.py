"""The user guide in the application: the same files as `docs/guide`, for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from app.domain.errors import NotFound
from app.routers import guide
from app.routers.deps import Caller, PublicPage
from app.routers.pages.gate import anybody_frame
from app.routers.templating import render

router = APIRouter()

Anybody = Annotated[Caller, PublicPage()]


@router.get("/help")
def begin(request: Request, caller: Anybody) -> Response:
    return _page(request, caller, guide.BEGIN)


@router.get("/help/{topic}")
def read_topic(request: Request, caller: Anybody, topic: str) -> Response:
    return _page(request, caller, topic)


@router.get("/help/files/{name:path}")
def picture(caller: Anybody, name: str) -> Response:  # noqa: ARG001 - declares that everybody may
    """A picture of the guide; looked up by its name, never by a path."""
    path = guide.pictures().get(name)
    if path is None:
        raise NotFound
    return FileResponse(path, media_type=guide.PICTURES[path.suffix])


def _page(request: Request, caller: Caller, topic: str) -> Response:
    if topic not in guide.topics():
        raise NotFound
    frame, _about = anybody_frame(request, caller)
    told = guide.topic(topic, caller.locale)
    return render(
        request, "pages/help.html", frame=frame, told=told, beginning=topic == guide.BEGIN
    )
