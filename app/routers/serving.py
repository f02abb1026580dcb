"""Giving out what somebody brought: as a file to keep, or as a picture in a frame.

Neither can do anything where it is opened: a file is saved under a name of ours and never shown, a
picture was drawn here, and both come without any right of this site's pages.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from urllib.parse import quote

from fastapi import Response

from app.services.papers import Opened

# Even opened by itself it runs nothing, loads nothing and has no origin.
_NOTHING = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'"
_SAVED = {"Content-Security-Policy": f"{_NOTHING}; frame-ancestors 'none'"}
# In a frame of our own pages; what has no origin could fetch nothing, so the picture stands in it.
_FRAMED = {
    "Content-Security-Policy": f"{_NOTHING}; img-src data:; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
# The page that a browser puts around a picture has its style inline.
_ALONE = {
    "Content-Security-Policy": f"{_NOTHING}; img-src 'self'; style-src 'unsafe-inline';"
    " frame-ancestors 'none'"
}
_FRAME = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>
<body><img src="data:image/jpeg;base64,{picture}" alt="{title}" width="100%"></body></html>
"""


def saved(found: Opened) -> Response:
    """The paper as it was brought, to be saved. Its hash stands beside it."""
    ending = found.file_name.rpartition(".")[2]
    plain = f"paper-{found.digest[:12]}.{ending}"
    encoded = quote(found.file_name, safe="")
    return Response(
        found.content,
        media_type=found.media,
        headers={
            **_SAVED,
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}",
            "Repr-Digest": f"sha-256=:{_base64(found.digest)}:",
        },
    )


def framed(picture: bytes, *, lang: str, title: str) -> Response:
    """A picture that was drawn here, as wide as its frame."""
    page = _FRAME.format(lang=lang, title=escape(title), picture=b64encode(picture).decode("ascii"))
    return Response(page, media_type="text/html", headers=_FRAMED)


def alone(picture: bytes) -> Response:
    """The same by itself, for who wants it larger."""
    return Response(picture, media_type="image/jpeg", headers=_ALONE)


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode("ascii")
