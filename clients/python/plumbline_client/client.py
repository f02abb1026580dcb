"""The client: signing in, walking lists, following changes, and knowing a webhook's sender."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from plumbline_client import types as t
from plumbline_client.answers import Answer
from plumbline_client.operations import Operations

OLDEST = 300  # seconds that a webhook's message may have been on its way


class Plumbline(Operations):
    """An installation, with a key for programs or after `sign_in_as`."""

    def sign_in_as(self, login: str, password: str) -> None:
        self.token = self.sign_in({"login": login, "password": password}).content["token"]

    def every(self, list_: Callable[..., Answer[Any]], *where: str, **wanted: Any) -> Iterator[Any]:
        """All items of a list, part after part: `office.every(office.list_matters)`."""
        cursor = None
        while True:
            part = list_(*where, cursor=cursor, **wanted).content
            yield from part["items"]
            cursor = part["next"]
            if cursor is None:
                return

    def changes_after(self, cursor: str) -> tuple[list[t.ChangeRead], str]:
        """(what happened since, where to go on). Raises Problem `/problems/start-anew`."""
        found: list[t.ChangeRead] = []
        while True:
            part = self.list_changes(after=cursor).content
            found += part["items"]
            cursor = part["next"]
            if not part["more"]:
                return found, cursor


def is_genuine(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a webhook's message was sent by whoever has the secret, and lately."""
    said = {name.lower(): value for name, value in headers.items()}
    moment = said.get("webhook-timestamp", "")
    if not moment.isdecimal() or abs(time.time() - int(moment)) > OLDEST:
        return False
    signed = f"{said.get('webhook-id', '')}.{moment}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    given = said.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(each.encode(), expected.encode()) for each in given)
