"""How operations are called, and what comes back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

T = TypeVar("T")

_AGAIN = (429, 503)


@dataclass(frozen=True)
class Answer(Generic[T]):
    """`content` is None where there is none, as after `prefer="return=minimal"`."""

    status: int
    content: T
    etag: str | None
    location: str | None
    request_id: str


class Problem(Exception):
    """A refusal. Choose by `type`, such as `/problems/stale-version`; the rest is for people."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status = status
        self.type: str = said.get("type", "about:blank")
        self.title: str = said.get("title", "")
        self.detail: str = said.get("detail", "")
        self.instance: str = said.get("instance", "")
        self.errors: list[dict[str, str]] = said.get("errors", [])
        self.reasons: list[str] = said.get("reasons", [])
        super().__init__(f"{status} {self.type}: {self.detail}")


class Caller:
    """Sends, and waits where the server asks for it."""

    def __init__(
        self,
        address: str,
        token: str | None = None,
        *,
        language: str = "en",
        patience: int = 3,
        client: httpx.Client | None = None,
    ) -> None:
        """`patience`: how often a request is sent again that was answered by 429 or 503, after
        which nothing was changed."""
        self._http = client or httpx.Client(base_url=address, timeout=60)
        self._language = language
        self._patience = patience
        self.token = token

    @staticmethod
    def part(value: object) -> str:
        """A part of an address."""
        return quote(str(value), safe="")

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        files: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer[Any]:
        """Raises Problem for a refusal, httpx.TransportError where nobody answers."""
        said = {"Accept-Language": self._language}
        if self.token is not None:
            said["Authorization"] = f"Bearer {self.token}"
        said |= {name: value for name, value in (headers or {}).items() if value is not None}
        more: dict[str, Any] = {"headers": said, "params": _asked(query or {})}
        if files is not None:
            more["files"] = {key: each for key, each in files.items() if not isinstance(each, str)}
            more["data"] = {key: each for key, each in files.items() if isinstance(each, str)}
        elif body is not None:
            more["json"] = body
        answer = self._http.request(method, path, **more)
        for _ in range(self._patience):
            if answer.status_code not in _AGAIN:
                break
            time.sleep(float(answer.headers.get("Retry-After", "1")))
            answer = self._http.request(method, path, **more)
        if answer.is_error:
            raise Problem(answer.status_code, _problem(answer))
        return Answer(
            answer.status_code,
            _content(answer),
            answer.headers.get("ETag"),
            answer.headers.get("Location"),
            answer.headers.get("X-Request-Id", ""),
        )


def _asked(query: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in query.items()
        if value is not None
    }


def _content(answer: httpx.Response) -> Any:
    if answer.status_code == 204:
        return None
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        return answer.json()
    return answer.content


def _problem(answer: httpx.Response) -> Mapping[str, Any]:
    if answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        found: Mapping[str, Any] = answer.json()
        return found
    return {}
