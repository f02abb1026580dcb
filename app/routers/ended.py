"""A form that arrives when its sign-in has run out: kept, until whoever sent it is back."""

from __future__ import annotations

from fastapi import Request

from app.core import tokens
from app.domain.errors import PlumblineError
from app.repositories.work import Office
from app.routers import begun, cookies, csrf
from app.routers.deps import Submitted
from app.services import drafts


def keep(request: Request, form: Submitted) -> str | None:
    """The address of the form that was kept; None where nothing was.

    Only a form of ours, made for the very session that its cookie was of.
    """
    office: Office = request.app.state.office
    address = begun.address_in(form)
    cookie = cookies.given(request, cookies.SESSION)
    if address is None or cookie is None:
        return None
    try:
        session = tokens.read_ended(office.keys, cookie)
        csrf.check_origin(request)
        csrf.check_token(office.keys, session, form.data.get(csrf.FIELD))
    except (tokens.TokenRefused, PlumblineError):
        return None
    kept = drafts.keep_for_former(
        office,
        session=session,
        address=address,
        values=begun.values_in(form),
        request_id=request.state.request_id,
    )
    return address if kept else None
