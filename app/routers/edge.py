"""What surrounds every request, as plain ASGI: an id, headers, a log line, a measure.

Nothing buffers and nothing opens a connection here. The log carries the route's template and
ids; neither an address nor a word of what was sent or answered.
"""

import time
import traceback
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import tokens
from app.core.log import logger
from app.core.metrics import Measures
from app.core.settings import Settings
from app.repositories.work import Office
from app.routers import cookies, deps, errors
from app.routers.limits import session_token
from app.routers.templating import STATIC_ADDRESS

SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
HSTS = "max-age=31536000; includeSubDomains"
# Their addresses change with their content.
_KEPT = {**SECURITY, "Cache-Control": "public, max-age=31536000, immutable"}
_APP = Path(__file__).parents[1]


class Recorded:
    """Gives the request its id, answers for faults, counts and logs."""

    def __init__(self, app: ASGIApp, *, routes: FastAPI, measures: Measures) -> None:
        self._app = app
        self._routes = routes
        self._measures = measures
        self._templates: dict[object, str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        scope["app"] = self._routes
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # whatever nobody foresaw ends here
            logger().error("fault", error=_where(error))
            if status == 0:
                await errors.fault(Request(scope))(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - began
            self._record(scope, status, seconds)
            structlog.contextvars.unbind_contextvars("request_id")

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        route = self._template(scope)
        caller: deps.Caller | None = scope["state"].get("caller")
        actor = None if caller is None else caller.actor
        method = scope["method"] if route != "unmatched" else "any"
        self._measures.answered(method=method, route=route, status=status, seconds=seconds)
        logger().info(
            "request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            account_id=None if actor is None else str(actor.account_id),
        )

    def _template(self, scope: Scope) -> str:
        if self._templates is None:
            self._templates = {
                route.endpoint: route.path
                for route in iter_route_contexts(self._routes.routes)
                if route.endpoint is not None and route.path is not None
            }
        return self._templates.get(scope.get("endpoint"), "unmatched")


class Headed:
    """Outermost. Security headers on every answer, also to a fault; whatever set one itself keeps
    it. And the fields that a layer within has said for this request."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        more = {"Strict-Transport-Security": HSTS} if secure else {}
        self._app = app
        self._every = _raw({**SECURITY, **more})
        self._kept = _raw({**_KEPT, **more})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = message["status"] < 400 and scope["path"].startswith(STATIC_ADDRESS + "/")
                held = list(message["headers"])
                names = {name for name, _ in held}
                wanted = self._kept if kept else self._every
                message["headers"] = held + [each for each in wanted if each[0] not in names]
                message["headers"] += scope.get("state", {}).get("fields", ())
            await send(message)

        await self._app(scope, receive, headed if scope["type"] == "http" else send)


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class Renewed:
    """Gives a browser a new token when half of the old one's life is over.

    Renewing opens nothing: every request asks the database whether the session lives.
    """

    def __init__(
        self, app: ASGIApp, *, office: Office, settings: Settings, reader: tokens.Reader
    ) -> None:
        self._app = app
        self._office = office
        self._settings = settings
        self._reader = reader
        self._name = cookies.named(settings, cookies.SESSION)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookie = self._renewal(scope) if scope["type"] == "http" else None
        if cookie is None:
            await self._app(scope, receive, send)
            return

        async def renewed(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                headers = MutableHeaders(scope=message)
                set_already = headers.getlist("set-cookie")
                if not any(each.startswith(self._name + "=") for each in set_already):
                    headers.append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, renewed)

    def _renewal(self, scope: Scope) -> str | None:
        token = session_token(scope, self._name)
        if token is None:
            return None
        try:
            session, ends_at = self._reader.read(token)
        except tokens.TokenRefused:
            return None
        half = timedelta(minutes=self._settings.token_minutes) / 2
        if ends_at - datetime.now(UTC) > half:
            return None
        return deps.session_cookie(self._office, self._settings, session)


def _where(error: Exception) -> str:
    """The class and the line of ours that it came from; never its message."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename)
        if path.is_relative_to(_APP):
            return f"{type(error).__name__} at {path.relative_to(_APP)}:{frame.lineno}"
    return type(error).__name__
