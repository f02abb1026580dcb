"""Versions: `ETag` tells which one was read, `If-Match` which one the change was meant for."""

import re
from typing import Annotated

from fastapi import Depends, Header

from app.domain.errors import Stale, VersionRequired

_ETAG = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    return f'"{version}"'


async def seen_version(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The ETag of the version that was read",
            examples=['"3"'],
        ),
    ] = None,
) -> int:
    """Raises VersionRequired without If-Match (or with `*`), Stale for what was never an ETag."""
    if if_match is None or if_match.strip() == "*":
        raise VersionRequired
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise Stale
    return int(match[1])


SeenVersion = Annotated[int, Depends(seen_version)]
