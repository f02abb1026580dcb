"""The glossary: the words of the field in both languages. It tells of no matter, and is public."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from app.core import i18n
from app.domain import glossary
from app.routers.deps import Caller, PublicPage
from app.routers.pages.gate import anybody_frame
from app.routers.templating import render

router = APIRouter()


@router.get("/glossary")
def read_glossary(request: Request, caller: Annotated[Caller, PublicPage()]) -> Response:
    frame, about = anybody_frame(request, caller)
    other = i18n.ENGLISH if caller.locale == i18n.CHINESE else i18n.CHINESE
    return render(
        request, "pages/glossary.html", frame=frame, other=other,
        sections=glossary.sections(about.profile_name),
    )  # fmt: skip
