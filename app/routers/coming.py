"""Where somebody comes from who signs in: the network, and a browser that was here before."""

import ipaddress
import secrets
from datetime import timedelta

from fastapi import Request, Response

from app.routers import cookies
from app.routers.deps import Caller
from app.services.accounts import Coming

_DOOR = "/sign-in"  # without https the one address that gets to see it
_HALF_A_YEAR = 180 * 24 * 3600


def network(request: Request) -> str | None:
    """The address that a request comes from; of IPv6 the network that one subscriber has.

    Behind a proxy on this machine it is what the proxy says.
    """
    if request.client is None:
        return None
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def program(request: Request, caller: Caller) -> Coming:
    return Coming(
        kind="program",
        idle=timedelta(minutes=caller.settings.idle_minutes),
        fresh=timedelta(minutes=caller.settings.fresh_minutes),
        address=network(request),
    )


def browser(request: Request, caller: Caller) -> Coming:
    """With the secret that this browser got at an earlier sign-in, or one that it gets now."""
    known = cookies.given(request, cookies.KNOWN) or ""
    return Coming(
        kind="browser",
        idle=timedelta(minutes=caller.settings.idle_minutes),
        fresh=timedelta(minutes=caller.settings.fresh_minutes),
        address=network(request),
        browser=known if 32 <= len(known) <= 64 else secrets.token_urlsafe(32),
    )


def remember(response: Response, caller: Caller, coming: Coming) -> None:
    """Opens nothing: it only keeps strangers' failures from counting against this browser."""
    cookie = cookies.written(
        caller.settings, cookies.KNOWN, coming.browser or "", seconds=_HALF_A_YEAR, path=_DOOR
    )
    response.headers.append("Set-Cookie", cookie)
