"""What only shows on a socket: large bodies, and answers that come before the request ends."""

import socket
from urllib.parse import urlsplit

import pytest

from app.core.settings import MEBIBYTE
from tests.builders import World
from tests.clients import Doors, served

TWO_HUNDRED = 200 * MEBIBYTE


def _exchange(address: str, head: str, body: bytes, *, times: int) -> bytes:
    """Sends the body until the server stops listening, and gives its answer."""
    where = urlsplit(address)
    with socket.create_connection((where.hostname, where.port), timeout=20) as link:
        link.sendall(head.replace("\n", "\r\n").encode())
        try:
            for _ in range(times):
                link.sendall(body)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = b""
        try:
            while chunk := link.recv(65536):
                answer += chunk
                if b"}" in answer or b"</html>" in answer:
                    break
        except ConnectionResetError:
            pass
        return answer


@pytest.mark.parametrize("path", ["/api/v1/people", "/api/v1/imports", "/sign-in"])
def test_two_hundred_megabytes_are_refused_unread(world: World, doors: Doors, path: str) -> None:
    token = doors.token(world.lead_manager)
    with served(doors.app) as address:
        head = (
            f"POST {path} HTTP/1.1\nHost: localhost\nAuthorization: Bearer {token}\n"
            f"Accept-Language: en\nContent-Length: {TWO_HUNDRED}\n\n"
        )
        answer = _exchange(address, head, b"x", times=1)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"What you sent is too large." in answer
    assert b"connection: close" in answer.lower()


def test_an_endless_body_is_cut_off(world: World, doors: Doors) -> None:
    token = doors.token(world.lead_manager)
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    with served(doors.app) as address:
        head = (
            f"POST /api/v1/people HTTP/1.1\nHost: localhost\n"
            f"Authorization: Bearer {token}\n"
            "Content-Type: application/json\nTransfer-Encoding: chunked\n\n"
        )
        # One more than is taken: what was sent beyond would only reset the connection.
        answer = _exchange(address, head, chunk, times=17)
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_length_that_is_no_number_is_refused(doors: Doors) -> None:
    with served(doors.app) as address:
        head = "POST /api/v1/people HTTP/1.1\nHost: localhost\nContent-Length: -5\n\n"
        answer = _exchange(address, head, b"", times=0)
    assert answer.startswith(b"HTTP/1.1 400")
