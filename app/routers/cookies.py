"""Cookies. Under https each has a name that only this very host can set (`__Host-`), so that no
neighbouring name of the same domain plants one; without https, which is this machine alone,
browsers take no such name."""

from collections.abc import Mapping

from fastapi import Request

from app.core.settings import Settings

SESSION = "plumbline_session"
KNOWN = "plumbline_known"
LOCALE = "locale"


def named(settings: Settings, name: str) -> str:
    return f"__Host-{name}" if settings.secure else name


def given(request: Request, name: str) -> str | None:
    settings: Settings = request.app.state.settings
    found: Mapping[str, str] = request.cookies
    return found.get(named(settings, name))


def written(
    settings: Settings,
    name: str,
    value: str,
    *,
    seconds: int | None = None,
    same_site: str = "Strict",
    path: str = "/",
) -> str:
    """A Set-Cookie line. It ends with the browser unless it lasts `seconds`; a name of this host
    alone is sent to every address of it, whatever `path` says."""
    parts = [f"{named(settings, name)}={value}", f"Path={'/' if settings.secure else path}"]
    if seconds is not None:
        parts.append(f"Max-Age={seconds}")
    parts += ["HttpOnly", f"SameSite={same_site}"]
    if settings.secure:
        parts.append("Secure")
    return "; ".join(parts)
