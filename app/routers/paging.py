"""Keyset cursors: a list goes on after the last row that was shown, whatever came in between."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, Field

from app.core.keys import Keys
from app.domain.errors import N_, Invalid
from app.routers.asking import Query

_MARK = 8  # bytes

T = TypeVar("T")
R = TypeVar("R")


class Pager:
    """`limit` rows after `cursor`. A repository is asked for `wanted`, which is one row more."""

    def __init__(self, keys: Keys, limit: int, cursor: str | None) -> None:
        self.limit = limit
        self.wanted = limit + 1
        self._cursor = cursor
        self._keys = keys

    def after(self, listing: str, read: Callable[..., T]) -> T | None:
        """The key of the last row shown, through `read`; None at the beginning.

        Raises Invalid for a cursor that isn't of this list, or that somebody changed.
        """
        if self._cursor is None:
            return None
        try:
            content, mark = self._cursor.split(".")
            raw = base64.urlsafe_b64decode(content)
            if not hmac.compare_digest(mark, self._mark(listing, raw)):
                raise ValueError("not ours")
            return read(*json.loads(raw))
        except (ValueError, TypeError):
            raise Invalid.of("cursor", N_("This cursor isn't one of this list.")) from None

    def part(
        self, listing: str, rows: Sequence[R], key: Callable[[R], Sequence[Any]]
    ) -> tuple[list[R], str | None]:
        """(the rows to show, the cursor of what follows)."""
        shown = list(rows[: self.limit])
        if len(rows) <= self.limit:
            return shown, None
        raw = json.dumps([_plain(value) for value in key(shown[-1])]).encode()
        content = base64.urlsafe_b64encode(raw).decode()
        return shown, f"{content}.{self._mark(listing, raw)}"

    def _mark(self, listing: str, raw: bytes) -> str:
        whole = hmac.digest(self._keys.forms, f"cursor:{listing}:".encode() + raw, hashlib.sha256)
        return whole[:_MARK].hex()


class PartAsked(BaseModel):
    limit: int = Field(default=50, ge=1, le=200, description="Rows at most")
    cursor: str | None = Field(
        default=None, max_length=1000, description="`next` of the part before; leave out to begin"
    )


async def _pager(request: Request, asked: Annotated[PartAsked, Query(PartAsked)]) -> Pager:
    return Pager(request.app.state.office.keys, asked.limit, asked.cursor)


Paging = Annotated[Pager, Depends(_pager)]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | date) else value
