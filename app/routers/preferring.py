"""What a program may leave out: `Prefer: return=minimal` (RFC 7240). Plain ASGI.

A change is then answered by 204 with where it is read again and its version, and without a body.
What can't be read again, such as a secret that is shown once, is answered whole all the same.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MINIMAL = "return=minimal"
_CHANGES = frozenset({"POST", "PATCH", "PUT"})
_READ_AGAIN = frozenset({b"etag", b"location"})
_OF_BODY = frozenset({b"content-length", b"content-type"})


class Preferring:
    """Takes the body out of an answer to a change, where its sender prefers it so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _asked(scope):
            await self._app(scope, receive, send)
            return
        dropping = False

        async def shortened(message: Message) -> None:
            nonlocal dropping
            if message["type"] == "http.response.start":
                dropping = _readable(message)
                if dropping:
                    kept = [each for each in message["headers"] if each[0] not in _OF_BODY]
                    applied = (b"preference-applied", MINIMAL.encode())
                    message = {**message, "status": 204, "headers": [*kept, applied]}
            elif dropping and message["type"] == "http.response.body":
                if message.get("more_body", False):
                    return
                message = {"type": "http.response.body", "body": b""}
            await send(message)

        await self._app(scope, receive, shortened)


def _asked(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in _CHANGES:
        return False
    if not scope["path"].startswith("/api/"):
        return False
    said = b",".join(value for name, value in scope["headers"] if name == b"prefer")
    wanted = (each.partition(";")[0] for each in said.decode("latin-1").split(","))
    return any("".join(each.split()).replace('"', "").lower() == MINIMAL for each in wanted)


def _readable(message: Message) -> bool:
    names = {name.lower() for name, _ in message["headers"]}
    return message["status"] in (200, 201) and not names.isdisjoint(_READ_AGAIN)
