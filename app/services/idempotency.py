"""A request that is sent twice is done once, and both get the same answer.

The answer is kept in the transaction that did the work: either both are there or neither.
"""

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from app.core import crypto
from app.core.db import Row
from app.core.log import logger
from app.domain.errors import N_, Invalid
from app.repositories import idempotency, matters
from app.repositories.work import Work

KEPT = timedelta(hours=24)
REFUSED = 400  # the first status that says so
LONGEST_TOLD = 100_000  # characters of what was filled in; of a longer form nothing is kept
FIELD = "Idempotency-Key"
USED = N_("This key was used for something else already.")

_MATTER = re.compile(r"/(?:matters|money)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: the body as it was sent, to the byte."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def taken_up(tx: Work, *, key: str, route: str, body: bytes) -> Answer | None:
    """The answer that this key got before; None if the work is still to be done, by us.

    Two at the same moment: the second waits for the first to commit. Raises Invalid where the
    key was used for something else.
    """
    digest = _digest(tx, body)
    if _reserved(tx, key, route, digest):
        return None
    found = idempotency.answer(tx, key=key)
    if found is None or found["status"] is None:
        raise RuntimeError("a kept answer is incomplete")
    if found["route"] != route or not hmac.compare_digest(bytes(found["body_hash"]), digest):
        raise Invalid.of(FIELD, USED)
    return Answer(found["status"], found["answer"]["text"], found["headers"])


@dataclass(frozen=True, slots=True)
class Former:
    """What became of a page's form that was sent before. `same`: with the same content, to the same
    address; `settled`: it was answered; `location`: where the answer led, if anywhere, and `number`
    that of the matter there. `told`: what was filled in, as `settle_form` was given it.

    Of a matter that the actor doesn't see any more nothing but that it was sent.
    """

    same: bool
    settled: bool
    at: datetime
    location: str | None = None
    number: str | None = None
    told: str | None = None


def take_up_form(tx: Work, *, key: str, route: str, body: bytes) -> bool:
    """False where the form was taken up already, whatever stood in it.

    Two at the same moment: the second waits for the first to commit. Its answer is kept by
    `settle_form`, once it is known.
    """
    return _reserved(tx, key, route, _digest(tx, body))


def settle_form(tx: Work, *, key: str, status: int, location: str | None, told: str) -> None:
    """How a form that was taken up was answered. Refused, it may be sent again as it is.

    What was filled in is sealed for whoever sent it. It isn't sealed anew when keys are changed:
    it is gone in a day.
    """
    if status >= REFUSED:
        idempotency.drop(tx, key=key)
        return
    headers = {} if location is None else {"Location": location}
    answer = {"text": "", "at": tx.now.isoformat()}
    if len(told) <= LONGEST_TOLD:
        sealed = crypto.seal(tx.keys, told, bound_to=_bound(tx, key))
        answer["told"] = b64encode(sealed).decode()
    idempotency.keep(tx, key=key, status=status, answer=answer, headers=headers)


def former_form(tx: Work, *, key: str, route: str, body: bytes) -> Former | None:
    """None where nothing came of it."""
    found = idempotency.answer(tx, key=key)
    if found is None:
        return None
    alike = hmac.compare_digest(bytes(found["body_hash"]), _digest(tx, body))
    return _former(tx, key, found, same=alike and found["route"] == route)


def sent_form(tx: Work, *, key: str) -> Former | None:
    """One of the actor's that was sent and answered; None for any other, and after a day."""
    found = idempotency.answer(tx, key=key)
    if found is None or found["status"] is None:
        return None
    return _former(tx, key, found, same=True)


def _former(tx: Work, key: str, found: Row, *, same: bool) -> Former:
    answer = found["answer"] or {}
    at = datetime.fromisoformat(answer["at"]) if "at" in answer else found["recorded_at"]
    former = Former(same=same, settled=found["status"] is not None, at=tx.moment_of(at))
    location = (found["headers"] or {}).get("Location")
    named = _MATTER.findall(f"{found['route']} {location or ''}")
    numbers = {each: matters.number(tx, UUID(each)) for each in named}
    if None in numbers.values():
        return former
    led = _MATTER.search(location or "")
    return replace(
        former, location=location, number=numbers[led.group(1)] if led else None,
        told=_unsealed(tx, key, answer),
    )  # fmt: skip


def _unsealed(tx: Work, key: str, answer: Mapping[str, str]) -> str | None:
    """None also where the key file has lost the key since."""
    if "told" not in answer:
        return None
    try:
        return crypto.unseal(tx.keys, b64decode(answer["told"]), bound_to=_bound(tx, key))
    except crypto.SealBroken:
        logger().warning("sent_form_unreadable", account_id=str(tx.actor.account_id))
        return None


def _bound(tx: Work, key: str) -> str:
    return f"form sent: {tx.actor.account_id} {key}"


def _reserved(tx: Work, key: str, route: str, digest: bytes) -> bool:
    idempotency.forget(tx, older_than=KEPT)
    return idempotency.reserve(tx, key=key, route=route, body_hash=digest)


def _digest(tx: Work, body: bytes) -> bytes:
    """Keyed, since a body can hold what a plain hash would let somebody guess."""
    return hmac.digest(tx.keys.index, body, hashlib.sha256)


def drop(tx: Work, *, key: str) -> None:
    """Nothing was done under it: the next request with this key is a new one."""
    idempotency.drop(tx, key=key)


def keep(tx: Work, *, key: str, answer: Answer) -> None:
    idempotency.keep(
        tx,
        key=key,
        status=answer.status,
        answer={"text": answer.body},
        headers=answer.headers,
    )
