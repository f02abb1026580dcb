"""One list of what a search found, of every kind or one, each with the reason why."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.domain.errors import N_
from app.domain.kinds import Kind
from app.domain.permissions import Permission
from app.domain.search import words
from app.routers.deps import Caller, Page
from app.routers.pages import ledgers
from app.routers.pages.frame import frame_for
from app.routers.pages.present import KIND_NAMES, Reader
from app.routers.paging import Paging
from app.routers.parts import Cell, Column, Link
from app.routers.templating import render
from app.services import emergencies
from app.services import search as searching
from app.services.search import Found, Hit

router = APIRouter()

Reading = Annotated[Caller, Page(Permission.MATTERS_READ)]
_KINDS = {kind.value for kind in Kind}


@router.get("/search")
def search(request: Request, caller: Reading, paging: Paging) -> Response:
    """By number, title, name, unit or note."""
    text = request.query_params.get("q", "").strip()[: searching.LONGEST]
    asked = request.query_params.get("kind", "")
    kind = Kind(asked) if asked in _KINDS else None
    listing = f"search-page:{kind}:{text}"
    after = paging.after(listing, _place)
    with caller.work("search") as tx:
        reader = Reader.of(caller, tx)
        found = searching.search(tx, text, kind=kind, after=after, limit=paging.limit)
        frame = frame_for(request, caller, tx, current="ledgers")
        declares = emergencies.may_declare(tx)
    hits, following = paging.part(listing, found, _key)
    return render(
        request,
        "pages/search.html",
        declares=declares,
        frame=frame,
        text=text,
        tabs=_tabs(reader, text, kind),
        columns=_columns(reader),
        rows=[_cells(reader, hit) for hit in hits],
        following=_href(text, kind, cursor=following) if following else None,
        first=_href(text, kind) if after is not None else None,
    )


def _place(near: bool, opened_on: str, matter_id: str) -> Found:
    return Found(near, date.fromisoformat(opened_on), UUID(matter_id))


def _key(hit: Hit) -> tuple[bool, date, UUID]:
    return hit.place.near, hit.place.opened_on, hit.place.id


def _href(text: str, kind: Kind | None, *, cursor: str | None = None) -> str:
    held = {"q": text, "kind": kind.value if kind else None, "cursor": cursor}
    return f"/search?{urlencode({name: value for name, value in held.items() if value})}"


def _tabs(reader: Reader, text: str, kind: Kind | None) -> list[Link]:
    """One search, narrowed to a kind: no count, which would say what is withheld."""
    every = Link(reader.say(N_("Every kind")), _href(text, None), current=kind is None)
    return [
        every,
        *(
            Link(reader.say(name), _href(text, each), current=each is kind)
            for each, name in KIND_NAMES.items()
            if reader.profile.has(each)
        ),
    ]


def _columns(reader: Reader) -> list[Column]:
    """Those of every list, with the reason in the place of the next step."""
    why = Column("step", reader.say(N_("Why found")), "step")
    return [why if each.key == "step" else each for each in ledgers.columns(reader)]


def _cells(reader: Reader, hit: Hit) -> dict[str, Cell]:
    said = (reader.say(message, **values) for message, values in map(words, hit.why))
    return {**ledgers.cells(reader, hit.row), "step": reader.say(N_("; ")).join(said)}
