"""Answers of the API, and giving the same one again to a request that comes twice.

with caller.work("units.create") as tx:
    slot = once.slot(tx, body)
    if slot.fresh:
        ...
        slot.keep(UnitRead.model_validate(row), location=f"/api/v1/units/{unit_id}")
return slot.response()
"""

from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from app.repositories.work import Work
from app.routers.preconditions import etag
from app.services import idempotency
from app.services.idempotency import Answer

# For a route whose answer says where the thing that was made is read again.
LOCATED: dict[int | str, dict[str, Any]] = {
    201: {
        "headers": {
            "Location": {
                "description": "Where it is read",
                "required": True,
                "schema": {"type": "string", "pattern": "^/api/v1/"},
            }
        }
    }
}


def answered(
    content: BaseModel,
    *,
    status: int = 200,
    version: int | None = None,
    location: str | None = None,
) -> Response:
    """JSON, with its ETag and Location where there are any."""
    headers = _headers(version, location)
    return Response(
        content.model_dump_json(),
        status_code=status,
        headers=headers,
        media_type="application/json",
    )


class Repeatable:
    """A request that may come twice. Without a key, each is a new one."""

    def __init__(self, route: str, key: str | None) -> None:
        self._route = route
        self._key = key

    def slot(self, tx: Work, body: BaseModel | None = None) -> "Slot":
        """Raises Invalid where the key came with another body or for another address."""
        if self._key is None:
            return Slot(tx, None, None)
        content = b"" if body is None else body.model_dump_json().encode()
        known = idempotency.taken_up(tx, key=self._key, route=self._route, body=content)
        return Slot(tx, self._key, known)


async def _repeatable(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="Any text of your choice: the same request sent again under the"
            " same key within 24 hours is done once and answered alike",
        ),
    ] = None,
) -> Repeatable:
    return Repeatable(f"{request.method} {request.url.path}", idempotency_key)


Once = Annotated[Repeatable, Depends(_repeatable)]


class Slot:
    """The place of one answer."""

    def __init__(self, tx: Work, key: str | None, known: Answer | None) -> None:
        self._tx = tx
        self._key = key
        self._answer = known

    @property
    def fresh(self) -> bool:
        """Whether the work is still to be done."""
        return self._answer is None

    def keep(
        self,
        content: BaseModel,
        *,
        status: int = 201,
        version: int | None = None,
        location: str | None = None,
    ) -> None:
        """The answer, kept in the same transaction as the work."""
        self._answer = Answer(status, content.model_dump_json(), _headers(version, location))
        if self._key is not None:
            idempotency.keep(self._tx, key=self._key, answer=self._answer)

    def drop(self) -> None:
        """Nothing was done, and that is kept: the same request may come again."""
        if self._key is not None:
            idempotency.drop(self._tx, key=self._key)

    def response(self) -> Response:
        if self._answer is None:
            raise RuntimeError("nothing was kept as the answer")
        return Response(
            self._answer.body,
            status_code=self._answer.status,
            headers=self._answer.headers,
            media_type="application/json",
        )


def _headers(version: int | None, location: str | None) -> dict[str, str]:
    headers = {}
    if version is not None:
        headers["ETag"] = etag(version)
    if location is not None:
        headers["Location"] = location
    return headers
