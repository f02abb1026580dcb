"""Clients of the application, in this process: a program with a token, and a browser.

They speak HTTP to the whole application, middlewares included, without a socket. Both are
synchronous and may be used from several threads at once. `served` is for what needs a socket.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import uvicorn
from anyio.from_thread import BlockingPortal
from fastapi import FastAPI

from app.core import tokens
from app.core.keys import Keys
from app.core.server import configured
from app.routers.cookies import SESSION
from app.routers.csrf import HEADER, token
from tests.builders import Someone

ADDRESS = "http://localhost:8000"


class Client:
    """Requests to the application; answers are httpx's own."""

    def __init__(
        self,
        portal: BlockingPortal,
        app: FastAPI,
        *,
        headers: Mapping[str, str] | None = None,
        cookies: Mapping[str, str] | None = None,
    ) -> None:
        self._portal = portal
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app),
            base_url=ADDRESS,
            headers=dict(headers or {}),
            cookies=dict(cookies or {}),
        )

    @property
    def cookies(self) -> httpx.Cookies:
        return self._client.cookies

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:
        return self._portal.call(partial(self._client.request, method, url, **more))

    def get(self, url: str, **more: Any) -> httpx.Response:
        return self.request("GET", url, **more)

    def post(self, url: str, **more: Any) -> httpx.Response:
        return self.request("POST", url, **more)

    def patch(self, url: str, **more: Any) -> httpx.Response:
        return self.request("PATCH", url, **more)

    def delete(self, url: str, **more: Any) -> httpx.Response:
        return self.request("DELETE", url, **more)


@contextmanager
def served(app: FastAPI, *, port: int = 0) -> Iterator[str]:
    """The application on a socket of this machine, as uvicorn serves it; gives its address."""
    server = uvicorn.Server(configured(app, host="127.0.0.1", port=port))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the server ended before it began")
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


class Doors:
    """Ways into one application."""

    def __init__(self, portal: BlockingPortal, app: FastAPI, keys: Keys) -> None:
        self.app = app
        self._portal = portal
        self.keys = keys

    def api(self, who: Someone | None = None, *, language: str = "en") -> Client:
        """A program with somebody's token; without anybody, one that isn't signed in."""
        headers = {"Accept-Language": language, "Accept": "application/json"}
        if who is not None:
            headers["Authorization"] = f"Bearer {self.token(who)}"
        return Client(self._portal, self.app, headers=headers)

    def browser(self, who: Someone | None = None, *, language: str = "en") -> Client:
        """A browser with somebody's cookie, that follows nothing by itself."""
        headers = {"Accept-Language": language, "Accept": "text/html"}
        cookies = {} if who is None else {SESSION: self.token(who)}
        return Client(self._portal, self.app, headers=headers, cookies=cookies)

    def token(self, who: Someone, *, lifetime: timedelta = timedelta(minutes=15)) -> str:
        return tokens.issue(self.keys, session=who.session, lifetime=lifetime)

    def form_header(self, who: Someone) -> dict[str, str]:
        """What a script of our own pages sends beside the cookie."""
        return {HEADER: token(self.keys, who.session)}
