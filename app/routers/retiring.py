"""Operations that will end: said a year before, on each of their answers (RFC 9745, RFC 8594).

The policy stands in the guide for whoever writes programs. An operation is announced here by its
name, and marked in the specification; it is taken away in the release after its last day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHORTEST = timedelta(days=365)


@dataclass(frozen=True)
class Retirement:
    """Announced on `since`; does its work to the end of `until`, in UTC. `instead` is the address
    of what takes its place, or of what is written about it."""

    since: date
    until: date
    instead: str

    def __post_init__(self) -> None:
        if self.until - self.since < SHORTEST:
            raise ValueError("an operation is announced a year before it ends")

    @property
    def headers(self) -> dict[str, str]:
        announced = int(datetime.combine(self.since, time(), UTC).timestamp())
        end = datetime.combine(self.until + timedelta(days=1), time(), UTC)
        return {
            "Deprecation": f"@{announced}",
            "Sunset": format_datetime(end, usegmt=True),
            "Link": f'<{self.instead}>; rel="deprecation"',
        }


# By the operation's name. Nothing is going to end yet.
RETIRING: Mapping[str, Retirement] = {}


class Retiring:
    """Says so on the answers of what will end, refusals included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not RETIRING or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return

        async def announced(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = RETIRING.get(getattr(scope.get("endpoint"), "__name__", ""))
                for name, value in named.headers.items() if named else ():
                    message["headers"].append((name.lower().encode(), value.encode()))
            await send(message)

        await self._app(scope, receive, announced)
