"""Search over numbers, titles, names, units and notes of every kind of matter."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from app.core import i18n
from app.domain.permissions import Permission
from app.domain.search import Reason, words
from app.routers.api import reads
from app.routers.asking import Query
from app.routers.deps import Api, Caller
from app.routers.once import answered
from app.routers.paging import Paging
from app.schemas.base import Listing
from app.schemas.search import FoundRow, SearchQuery, WhyRead
from app.services import search
from app.services.search import Found, Hit

router = APIRouter(prefix="/search", tags=["matters"])

Reader = Annotated[Caller, Api(Permission.MATTERS_READ)]


@router.get("", response_model=Listing[FoundRow])
def search_matters(
    caller: Reader, asked: Annotated[SearchQuery, Query(SearchQuery)], paging: Paging
) -> Response:
    """What was asked for, newest first; then what only a name one character off fits.

    Names and notes are searched for whoever reads them. Nothing says how much was found, or that
    there is something that the caller may not see.
    """
    listing = f"search:{asked.kind}:{asked.q}"
    after = paging.after(listing, place)
    with caller.work("search") as tx:
        found = search.search(tx, asked.q, kind=asked.kind, after=after, limit=paging.limit)
    hits, following = paging.part(listing, found, key)
    items = [_found(hit, caller.locale) for hit in hits]
    return answered(Listing[FoundRow](items=items, next=following))


def place(near: bool, opened_on: str, matter_id: str) -> Found:
    return Found(near, date.fromisoformat(opened_on), UUID(matter_id))


def key(hit: Hit) -> tuple[bool, date, UUID]:
    return hit.place.near, hit.place.opened_on, hit.place.id


def _found(hit: Hit, locale: str) -> FoundRow:
    row = reads.matter_row(hit.row)
    return FoundRow(**row.model_dump(), why=[_why(each, locale) for each in hit.why])


def _why(reason: Reason, locale: str) -> WhyRead:
    message, values = words(reason)
    said = i18n.translate(locale, message, values)
    return WhyRead(by=reason.by, name=reason.said, way=reason.way, said=said)
