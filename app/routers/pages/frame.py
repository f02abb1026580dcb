"""The frame around a reader's page, with what they have begun to fill in there."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request

from app.repositories.work import Work
from app.routers import begun
from app.routers.deps import Caller
from app.routers.framed import framed
from app.routers.templating import Frame


def frame_for(request: Request, caller: Caller, tx: Work, *, current: str = "") -> Frame:
    """The frame of a page that `tx.actor` reads."""
    frame = framed(request, tx, locale=caller.locale, csrf=caller.csrf, current=current)
    return replace(frame, begun=begun.of(request, tx))
