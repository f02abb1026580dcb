"""How often somebody may ask: by session, or by address for who has none. Plain ASGI.

Counted in this process's memory by GCRA, which lets a burst through and then a steady rate; what a
session may ask grows with the number of processes. The failures of a sign-in are counted elsewhere,
by the database, over all of them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from throttled import MemoryStore, RateLimiterType, Throttled, rate_limiter

from app.core import tokens
from app.core.settings import Settings
from app.domain.errors import Reason
from app.routers import coming, cookies, errors
from app.routers.limits import session_token
from app.routers.problems import KINDS
from app.routers.templating import STATIC_ADDRESS

WINDOW = 60  # seconds
# Everything else is cheap: it is one of a few statements on rows that an index finds.
COSTLY = re.compile(
    r"GET /api/v1/exports/.*|POST /api/v1/(exports|imports|imports/[^/]*/commit)"
    r"|POST /log/import(/[^/]*/commit)?|(GET|POST) .*/(look-alikes|rejects)"
)
# Where a password is derived, which takes 64 MiB and a tenth of a second on purpose.
DOORS = re.compile(
    r"POST /(sign-in|password/[^/]*|me/again|me/password)"
    r"|POST /api/v1/(sessions|sessions/current/confirm|me/password|password-links/redeem)"
)
# Fractions of what is allowed of all requests together: 30 and 120 of 600.
_COSTLY, _DOOR = 20, 5
# Whom to remember at most: the longest ago is forgotten first, which is to be let in again.
_REMEMBERED = 50_000
_FREE = frozenset({"/healthz", "/readyz", "/metrics"})


@dataclass(frozen=True, slots=True)
class Counter:
    """One policy, as the headers of the IETF's draft name it."""

    name: str
    quota: int
    limiter: Throttled

    @classmethod
    def of(cls, name: str, quota: int) -> Counter:
        limiter = Throttled(
            using=RateLimiterType.GCRA.value,
            quota=rate_limiter.per_min(quota),
            store=MemoryStore(options={"MAX_SIZE": _REMEMBERED}),
        )
        return cls(name, quota, limiter)

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.quota};w={WINDOW}'


class Throttle:
    """Counts a request before anything of it is done, and refuses it by 429."""

    def __init__(self, app: ASGIApp, *, settings: Settings, reader: tokens.Reader) -> None:
        self._app = app
        self._reader = reader
        self._cookie = cookies.named(settings, cookies.SESSION)
        most = settings.requests_per_minute
        self._all = Counter.of("requests", most)
        self._costly = Counter.of("costly", most // _COSTLY)
        self._doors = Counter.of("doors", most // _DOOR)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] != "http" or path in _FREE or path.startswith(STATIC_ADDRESS + "/"):
            await self._app(scope, receive, send)
            return
        who = self._who(scope)
        counted = [(self._all, who)]
        asked = f"{scope['method']} {path}"
        if DOORS.fullmatch(asked):
            counted.append((self._doors, _address(scope)))
        elif COSTLY.fullmatch(asked):
            counted.append((self._costly, who))
        said, wait = [], 0.0
        for counter, key in counted:
            result = counter.limiter.limit(key)
            state = result.state
            said.append(f'"{counter.name}";r={state.remaining};t={math.ceil(state.reset_after)}')
            if result.limited:
                wait = max(wait, state.retry_after, 1.0)
        if path.startswith("/api/"):
            # Said by whoever sends the headers, on refusals and faults as well.
            scope["state"]["fields"] = [
                (b"ratelimit-policy", ", ".join(each.policy for each, _ in counted).encode()),
                (b"ratelimit", ", ".join(said).encode()),
            ]
        if wait:
            await _refusal(scope, wait)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _who(self, scope: Scope) -> str:
        """A session by its secret, once its token was read; everybody else by their address:
        whether a program's key is one is known to the database alone."""
        token = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                scheme, _, bearer = value.decode("latin-1").partition(" ")
                token = bearer.strip() if scheme.lower() == "bearer" else None
                break
        else:
            if any(name == b"cookie" for name, _ in scope["headers"]):
                token = session_token(scope, self._cookie)
        if token:
            try:
                return self._reader.read(token)[0]
            except tokens.TokenRefused:
                pass  # counted by its address, like everybody who isn't signed in
        return _address(scope)


def _address(scope: Scope) -> str:
    return coming.network(Request(scope)) or "unknown"


def _refusal(scope: Scope, wait: float) -> Response:
    request = Request(scope)
    seconds = math.ceil(wait)
    reason = Reason(KINDS["too-many-requests"].meaning)
    return errors.answer(
        request, 429, "too-many-requests", reason, headers={"Retry-After": str(seconds)}
    )
