"""Forged requests: a page's form carries a token that belongs to the reader's session.

A cookie travels by itself, so whatever a cookie alone would let through is checked twice: where
the request comes from, and that its form was ours.
"""

from urllib.parse import urlsplit

from fastapi import Request

from app.core import crypto
from app.core.keys import Keys
from app.domain.errors import N_, Forbidden

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Forged(Forbidden):
    """The form isn't ours, or was made for another session."""

    code = "forged"


_REASON = N_("This form has expired or came from elsewhere. Open the page again and resend it.")


def token(keys: Keys, session: str | None) -> str:
    return crypto.form_token(keys, session or "")


def check_origin(request: Request) -> None:
    """Raises Forged where a browser says that another site sent this."""
    origin = request.headers.get("origin")
    if origin is not None:
        if urlsplit(origin).netloc != request.headers.get("host"):
            raise Forged(_REASON)
    elif request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forged(_REASON)


def from_here(request: Request) -> bool:
    """Whether the browser says that a page of ours sent this; one that says nothing doesn't."""
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.headers.get("host")
    return request.headers.get("sec-fetch-site") == "same-origin"


def check_token(keys: Keys, session: str | None, given: object) -> None:
    if not isinstance(given, str) or not crypto.same(given, token(keys, session)):
        raise Forged(_REASON)
