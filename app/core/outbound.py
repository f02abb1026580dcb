"""Calls to addresses that somebody gave us: https, to the outside alone, and no further than asked.

The name is resolved here, every address of it is looked at, and the connection goes to the one
that was looked at: a second answer of its name server leads nowhere. No proxy, no redirect; of the
answer only its status is read.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 10.0  # for all of it
LONGEST = 2000  # characters of an address

_SHARED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class NotAllowed(Exception):
    """The address leads where nothing is sent: `code` says why, in a word for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreached(Exception):
    """Nobody answered, or not in time, or not as HTTP."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """As a Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.secure else 80
        return host if self.port == usual else f"{host}:{self.port}"


def target(address: str, *, inside: bool) -> Target:
    """Raises NotAllowed for what is no address, for http unless `inside`, and for a literal IP
    address that lies inside."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotAllowed("malformed") from None
    odd = not (address.isascii() and address.isprintable()) or any(c in address for c in ' \\"<>')
    odd = odd or "@" in parts.netloc
    if len(address) > LONGEST or odd or not host or parts.scheme not in ("http", "https"):
        raise NotAllowed("malformed")
    secure = parts.scheme == "https"
    if not secure and not inside:
        raise NotAllowed("not-https")
    with suppress(ValueError):
        _check(ipaddress.ip_address(host), inside=inside)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port or (443 if secure else 80), path)


def addresses(host: str, port: int) -> list[str]:
    """What the name stands for now. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def post(
    to: Target, body: bytes, headers: Mapping[str, str], *, inside: bool, seconds: float = SECONDS
) -> int:
    """The answer's status. Raises NotAllowed, Unreached."""
    try:
        found = addresses(to.host, to.port)
    except (OSError, UnicodeError):
        raise Unreached("no such name") from None
    for each in found:
        _check(ipaddress.ip_address(each.partition("%")[0]), inside=inside)
    if not found:
        raise Unreached("no such name")
    connection = _Pinned(to, found[0], seconds)
    # Each read may take its time, but not all of them together.
    timer = threading.Timer(seconds, connection.cut)
    timer.daemon = True
    timer.start()
    try:
        connection.request("POST", to.path, body=body, headers={**headers, "Host": to.named})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreached(type(error).__name__) from None
    finally:
        timer.cancel()
        connection.close()
    if connection.late:  # what was cut off may look like an answer
        raise Unreached("late")
    return status


def _check(address: ipaddress.IPv4Address | ipaddress.IPv6Address, *, inside: bool) -> None:
    """Raises NotAllowed for whatever isn't out in the open: private, loopback, link-local, shared,
    reserved, multicast; also where an IPv6 address hides such a one."""
    if inside and not (address.is_multicast or address.is_unspecified):
        return
    hidden: list[ipaddress.IPv4Address] = []
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _SHARED):
            hidden.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        hidden += [each for each in (address.ipv4_mapped, address.sixtofour) if each is not None]
        if address.teredo is not None:
            hidden.append(address.teredo[1])
    mapped = isinstance(address, ipaddress.IPv6Address) and bool(hidden)
    outside = (mapped or address.is_global) and not address.is_multicast
    if not outside or not all(each.is_global and not each.is_multicast for each in hidden):
        raise NotAllowed("inside")


class _Pinned(http.client.HTTPConnection):
    """Connects to one IP address, and asks the name's certificate of it."""

    def __init__(self, to: Target, address: str, seconds: float) -> None:
        super().__init__(to.host, to.port, timeout=seconds)
        self._to = to
        self._address = address
        self._seconds = seconds
        self.late = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self._to.port), self._seconds)
        if self._to.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._to.host)

    def cut(self) -> None:
        self.late = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
