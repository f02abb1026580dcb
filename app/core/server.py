"""How uvicorn serves: what a connection may cost before there is a request to ask about."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_TIME = 15.0  # seconds in which the head of a request has to be here
HEAD_SIZE = 32 * 1024  # bytes of it, all headers together
MOST_CONNECTIONS = 1000  # a proxy needs a few dozen
PATIENCE = 5  # seconds that answers under way are given when it stops


class Patient(H11Protocol):
    """Waits for a request's head, but not for ever: uvicorn itself limits only the pause between
    two requests, so whoever sends a byte a minute would keep a connection for nothing."""

    head_time = HEAD_TIME
    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._enough()
        elif self._hurry is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._enough()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._hurry = self.loop.call_later(self.head_time, self._too_late)

    def _enough(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None

    def _too_late(self) -> None:
        self._hurry = None
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self.transport.close()


def configured(app: Any, **more: Any) -> uvicorn.Config:
    """Our own log says what there is to say; uvicorn's would name addresses."""
    return uvicorn.Config(
        app,
        http=Patient,
        h11_max_incomplete_event_size=HEAD_SIZE,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=PATIENCE,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        **more,
    )
