"""What a request may be, before anything of it is read: for this host, and neither too many
headers, too large a body nor too slow a one. Plain ASGI; nothing buffers."""

import asyncio
import re
from typing import NoReturn

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import tokens
from app.core.settings import MEBIBYTE, Settings
from app.domain import papers
from app.routers import cookies, errors

BODY_LIMIT = MEBIBYTE
# Where ledgers and papers come in; anywhere else a body is a form or JSON.
LEDGERS = ("/api/v1/imports", "/log/import")
PAPERS = re.compile(r"(/api/v1)?/matters/[0-9a-fA-F-]{36}/papers")
# Room for the parts of a form around the file itself.
_ENVELOPE = 64 * 1024
MOST_HEADERS = 100
_KNOWN = 32  # spellings of our name that are remembered
# Seconds in which a body has to be here: a form over a bad line, a ledger over a slow one.
BODY_TIME, UPLOAD_TIME = 30, 600
# Whoever runs it asks these by the machine's address.
_ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics"})


class Addressed:
    """Refuses what was meant for another name than ours, and what comes with a hundred headers.

    Nothing is made of a Host header but this question: links and passkeys know the address from
    the settings. A name that somebody else controls and leads here gets no answer.
    """

    def __init__(self, app: ASGIApp, *, names: frozenset[str]) -> None:
        self._app = app
        self._names = names
        # Nearly every request says the same.
        self._known: set[bytes] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if len(scope["headers"]) > MOST_HEADERS:
                await _refused(scope, receive, send, 431)
                return
            said = [value for name, value in scope["headers"] if name == b"host"]
            ours = len(said) == 1 and (said[0] in self._known or self._ours(said[0]))
            if not ours and scope["path"] not in _ANY_HOST:
                await _refused(scope, receive, send, 421)
                return
        await self._app(scope, receive, send)

    def _ours(self, host: bytes) -> bool:
        text = host.decode("latin-1").lower()
        name, bracket, port = text.rpartition("]")
        if bracket:
            name = name.removeprefix("[")
            port = port.removeprefix(":")
        else:
            name, _, port = text.partition(":")
        if name not in self._names or not (port == "" or (port.isdigit() and len(port) < 6)):
            return False
        if len(self._known) < _KNOWN:
            self._known.add(host)
        return True


class Limited:
    """Refuses a body that is too large, by what it announces and by what it then is, and one that
    takes too long to come.

    A large upload is taken only from somebody with a token; whether their session lives, and
    what they may, is asked later.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings, reader: tokens.Reader) -> None:
        self._app = app
        self._reader = reader
        self._upload_limit = settings.upload_limit + _ENVELOPE
        self._cookie = cookies.named(settings, cookies.SESSION)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        announced = headers.get("content-length", "0")
        if announced == "0" and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        most = self._most(scope["path"])
        uploads = most > BODY_LIMIT and self._signed(scope, headers)
        limit = most if uploads else BODY_LIMIT
        if not announced.isdigit() or int(announced) > limit:
            await _refused(scope, receive, send, 413)
            return
        taken = _Taken(receive, limit, UPLOAD_TIME if uploads else BODY_TIME)
        await self._app(scope, taken.next, send)

    def _most(self, path: str) -> int:
        if path.startswith(LEDGERS):
            return self._upload_limit
        return papers.MOST + _ENVELOPE if PAPERS.fullmatch(path) else BODY_LIMIT

    def _signed(self, scope: Scope, headers: Headers) -> bool:
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            given: str | None = bearer.strip()
        else:
            given = session_token(scope, self._cookie)
        try:
            self._reader.read(given or "")
        except tokens.TokenRefused:
            return False
        return True


class _Taken:
    """A body as it comes: counted, and by the clock until it is whole."""

    def __init__(self, receive: Receive, limit: int, seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._until = asyncio.get_running_loop().time() + seconds
        self._size = 0
        self._whole = False

    async def next(self) -> Message:
        if self._whole:  # from here on it is only heard whether the sender went away
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            _refuse(408)
        self._whole = not message.get("more_body", False)
        self._size += len(message.get("body", b""))
        if self._size > self._limit:
            _refuse(413)
        return message


def _refuse(status: int) -> NoReturn:
    raise HTTPException(status, headers={"Connection": "close"})


async def _refused(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    refusal = await errors.from_framework(Request(scope), HTTPException(status))
    refusal.headers["Connection"] = "close"
    await refusal(scope, receive, send)


def session_token(scope: Scope, name: str) -> str | None:
    """The pages' cookie, read as the requests' own cookies are."""
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(name)
