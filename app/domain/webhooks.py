"""What a subscriber is sent, how it is signed (Standard Webhooks), and when it is tried again."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.domain.changes import Change
from app.domain.kinds import Kind

BEGINS = "whsec_"
MATTER_CHANGED = "matter.changed"
START_ANEW = "start-anew"

_FIRST = timedelta(seconds=10)
_LONGEST = timedelta(hours=6)


class State(StrEnum):
    """Of a delivery."""

    WAITING = "waiting"  # to be sent, or to be sent again
    DELIVERED = "delivered"
    WITHHELD = "withheld"  # the subscriber may not see the matter any more


def changed(
    at: datetime, matter_id: UUID, kind: Kind, number: str, events: Sequence[Change]
) -> bytes:
    """That something happened on a matter; never what."""
    data: dict[str, object] = {
        "matter_id": str(matter_id),
        "kind": kind,
        "number": number,
        "events": list(events),
    }
    return _body(MATTER_CHANGED, at, data)


def start_anew(at: datetime) -> bytes:
    """What lies between can't be told: the subscriber reads everything once."""
    return _body(START_ANEW, at, {})


def _body(type_: str, at: datetime, data: dict[str, object]) -> bytes:
    whole = {"type": type_, "timestamp": at.isoformat(), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def headers(secret: str, delivery: UUID, now: datetime, body: bytes) -> dict[str, str]:
    """By which a receiver knows that it was us, and whether it has had this already."""
    moment = str(int(now.timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Plumbline",
        "webhook-id": str(delivery),
        "webhook-timestamp": moment,
        "webhook-signature": signature(secret, str(delivery), moment, body),
    }


def signature(secret: str, delivery: str, moment: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(BEGINS))
    signed = hmac.digest(key, f"{delivery}.{moment}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(signed).decode()


def accepted(status: int) -> bool:
    return 200 <= status < 300


def pause(attempts: int) -> timedelta:
    """How long until it is tried again, after so many attempts: twice as long each time."""
    return min(_LONGEST, _FIRST * (1 << min(attempts - 1, 20)))
