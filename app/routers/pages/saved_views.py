"""Views under a name: kept below a list's filter, one press away, and forgotten with a way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import RedirectResponse

from app.domain.errors import NotFound
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.repositories.work import Work
from app.routers.deps import Caller, Page, Submitted, submitted
from app.routers.pages.asked import Asked
from app.routers.pages.present import ADDRESSES, Reader
from app.routers.pages.watches import view_lines
from app.routers.parts import Link
from app.services import saved_views, watches

router = APIRouter()

Mine = Annotated[Caller, Page(Permission.MATTERS_READ)]
Form = Annotated[Submitted, Depends(submitted)]

FORGOT = "forgot"  # in a list's address: the name that was just forgotten


@dataclass(frozen=True, slots=True)
class Kept:
    """The views beside a list. `current` is the key of the one that is looked at; `query` is what
    may be kept, empty where nothing was asked for; `forgot` was the name of the one that went.
    Where the current one is watched, `watch` is its watch, and `news` what changed in it."""

    kind: Kind
    links: list[Link]
    current: UUID | None
    query: str
    forgot: str
    watch: UUID | None = None
    news: Sequence[str] = ()


def beside(tx: Work, reader: Reader, asked: Asked, forgot: str) -> Kept:
    rows = saved_views.mine(tx, asked.kind)
    query = urlencode(asked.chosen())
    current = next((row["id"] for row in rows if row["query"] == query), None)
    links = [
        Link(row["name"], f"{ADDRESSES[asked.kind]}?{row['query']}", current=row["id"] == current)
        for row in rows
    ]
    kept = Kept(asked.kind, links, current, query, forgot[: saved_views.LONGEST])
    watched = watches.watched_view(tx, current) if current is not None else None
    if watched is None:
        return kept
    return replace(kept, watch=watched.id, news=view_lines(tx, reader, watched))


@router.post("/views")
def keep(caller: Mine, form: Form) -> Response:
    if form.text("kind") not in ADDRESSES:
        raise NotFound
    kind = Kind(form.text("kind"))
    # Through the list's own reading: only what a list understands is kept.
    query = urlencode(Asked.of(kind, dict(parse_qsl(form.text("query")))).chosen())
    with caller.work("saved_views.keep") as tx:
        saved_views.keep(tx, kind, name=form.text("name"), query=query)
    return RedirectResponse(f"{ADDRESSES[kind]}?{query}", status_code=303)


@router.post("/views/{view_id}/forget")
def forget(caller: Mine, view_id: UUID) -> Response:
    """Back to the list as it was, with the way to keep it again."""
    with caller.work("saved_views.forget") as tx:
        gone = saved_views.forget(tx, view_id)
    passing = urlencode({FORGOT: gone["name"]})
    return RedirectResponse(
        f"{ADDRESSES[Kind(gone['kind'])]}?{gone['query']}&{passing}", status_code=303
    )
