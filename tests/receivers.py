"""A program that receives webhooks, on a socket of this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Message:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """`answers` says by which status a message is answered; `seconds` how slowly."""

    port: int = 0
    answers: Callable[[Message], int] = field(default=lambda _: 204)
    seconds: float = 0.0
    trickles: bool = False
    messages: list[Message] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def matters(self) -> list[str]:
        return [each.content["data"]["matter_id"] for each in self.messages]

    @contextmanager
    def listening(self) -> Iterator[None]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                sent = {name.lower(): value for name, value in self.headers.items()}
                message = Message(self.path, sent, self.rfile.read(length))
                receiver.messages.append(message)
                receiver._answer(self, receiver.answers(message))

            def log_message(self, *_: object) -> None:
                """Nothing on the terminal of the tests."""

        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)

    def _answer(self, handler: BaseHTTPRequestHandler, status: int) -> None:
        time.sleep(self.seconds)
        try:
            if self.trickles:
                for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000:
                    handler.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            handler.send_response(status)
            if 300 <= status < 400:
                handler.send_header("Location", f"http://127.0.0.1:{self.port}/elsewhere")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        except OSError:
            return
